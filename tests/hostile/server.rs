//! A server that does what no server should: plays a script, misbehaviour and all, on a port of its own.
//!
//! What the client must say stands in the script, too, line by line; at its end nothing more may come. So each script
//! states exactly which commands go over the wire, and which do not. `***` stands for what differs from run to run.

use crate::scram::{Lie, Scram};
use rustls::{ServerConfig, ServerConnection};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Longer than any client may live.
const LIMIT: Duration = Duration::from_secs(40);
/// Between two octets that drip.
const DRIP: Duration = Duration::from_millis(250);
/// So much a flood sends at most: far more than anybody should keep.
const FLOOD: usize = 48 << 20;

/// So much of what came in clear is kept: all but the larger part of a large message.
const KEPT: usize = 1 << 20;

/// One thing that the server does.
#[derive(Clone)]
enum Act {
    /// Says these octets, in one write.
    Say(Vec<u8>),
    /// Says them one after the other, slowly, and again from the start, until the client has gone.
    Drip(Vec<u8>),
    /// Says them again and again, as fast as the client takes them.
    Flood(Vec<u8>),
    /// This line must come.
    Hear(String),
    /// A message must come, to its final dot.
    Content,
    /// So many octets must come, and whatever is behind them is not looked at.
    Octets(usize),
    /// Whatever comes is taken, until the client closes the connection.
    Swallow,
    /// Nothing is read any more; the connection stays open until the client has gone.
    Deaf,
    /// Makes the connection a TLS one, if the client is willing.
    Tls(Arc<ServerConfig>),
    /// The client's side of a handshake must begin; it is answered by these octets, whatever they are.
    Answer(Vec<u8>),
    /// The same, but what a real server would answer is passed through this first.
    Maim(Arc<ServerConfig>, fn(Vec<u8>) -> Vec<u8>),
    /// A real server's side of a handshake, octet by octet.
    DripTls(Arc<ServerConfig>),
    /// A record of TLS that is none, in the middle of a session.
    Raw(Vec<u8>),
    /// Ends TLS in good order.
    CloseNotify,
    /// Closes the connection; what follows is for the next one.
    Close,
    /// Breaks the connection; what follows is for the next one.
    Reset,
    /// Does nothing for so long.
    Pause(Duration),
    /// Plays the server's side of SCRAM-SHA-256 up to its last word, and says that.
    Scram(Scram),
}

/// What a server does, one thing after the other.
#[derive(Clone, Default)]
pub struct Script {
    acts: Vec<Act>,
    /// It takes as little as it can before it reads.
    narrow: bool,
}

/// A dialogue, to begin with: `S: ` lines are said in one write up to the next `C: ` line, which must come.
pub fn play(dialogue: &str) -> Script {
    Script::default().play(dialogue)
}

impl Script {
    fn with(mut self, act: Act) -> Script {
        self.push(act);
        self
    }

    /// What is said in one go is one write: what stands behind a reply must not come later than the reply by chance.
    fn push(&mut self, act: Act) {
        match (self.acts.last_mut(), act) {
            (Some(Act::Say(said)), Act::Say(more)) => said.extend(more),
            (_, act) => self.acts.push(act),
        }
    }

    /// More of the dialogue. `C: ...` takes a message to its final dot.
    pub fn play(mut self, dialogue: &str) -> Script {
        let mut says = Vec::new();
        for line in dialogue.lines() {
            match (line.strip_prefix("S: "), line.strip_prefix("C: ")) {
                (Some(text), _) => says.extend_from_slice(format!("{text}\r\n").as_bytes()),
                (_, Some(text)) => {
                    self.say_if_any(&mut says);
                    self.acts.push(match text {
                        "..." => Act::Content,
                        text => Act::Hear(text.to_owned()),
                    });
                }
                _ => panic!("'{line}' is no line of a dialogue"),
            }
        }
        self.say_if_any(&mut says);
        self
    }

    fn say_if_any(&mut self, says: &mut Vec<u8>) {
        if !says.is_empty() {
            self.push(Act::Say(std::mem::take(says)));
        }
    }

    /// What another script does.
    pub fn and(mut self, other: Script) -> Script {
        for act in other.acts {
            self.push(act);
        }
        self
    }

    /// Says these octets, as they are.
    pub fn say(self, octets: impl AsRef<[u8]>) -> Script {
        self.with(Act::Say(octets.as_ref().to_vec()))
    }

    /// An octet of these every quarter of a second, for ever.
    pub fn drip(self, octets: impl AsRef<[u8]>) -> Script {
        self.with(Act::Drip(octets.as_ref().to_vec()))
    }

    /// These, again and again, as fast as it goes.
    pub fn flood(self, octets: impl AsRef<[u8]>) -> Script {
        self.with(Act::Flood(octets.as_ref().to_vec()))
    }

    /// Reads so many octets of a message.
    pub fn octets(self, octets: usize) -> Script {
        self.with(Act::Octets(octets))
    }

    /// Reads whatever comes until the client goes.
    pub fn swallow(self) -> Script {
        self.with(Act::Swallow)
    }

    /// Stops reading, for good.
    pub fn deaf(self) -> Script {
        self.with(Act::Deaf)
    }

    /// Takes in as little as it can before it is read.
    pub fn narrow(mut self) -> Script {
        self.narrow = true;
        self
    }

    /// TLS, done right.
    pub fn tls(self, config: &Arc<ServerConfig>) -> Script {
        self.with(Act::Tls(Arc::clone(config)))
    }

    /// In place of a handshake.
    pub fn answer(self, octets: impl AsRef<[u8]>) -> Script {
        self.with(Act::Answer(octets.as_ref().to_vec()))
    }

    /// A handshake whose server's first flight is changed.
    pub fn maim(self, config: &Arc<ServerConfig>, change: fn(Vec<u8>) -> Vec<u8>) -> Script {
        self.with(Act::Maim(Arc::clone(config), change))
    }

    /// A handshake that drips.
    pub fn drip_tls(self, config: &Arc<ServerConfig>) -> Script {
        self.with(Act::DripTls(Arc::clone(config)))
    }

    /// Octets below TLS.
    pub fn raw(self, octets: impl AsRef<[u8]>) -> Script {
        self.with(Act::Raw(octets.as_ref().to_vec()))
    }

    /// Ends TLS as one should.
    pub fn close_notify(self) -> Script {
        self.with(Act::CloseNotify)
    }

    /// Hangs up.
    pub fn close(self) -> Script {
        self.with(Act::Close)
    }

    /// Breaks the connection.
    pub fn reset(self) -> Script {
        self.with(Act::Reset)
    }

    /// Waits.
    pub fn pause(self, milliseconds: u64) -> Script {
        self.with(Act::Pause(Duration::from_millis(milliseconds)))
    }

    /// SCRAM-SHA-256.
    pub fn scram(self, iterations: &str, lie: Lie) -> Script {
        self.with(Act::Scram(Scram { iterations: iterations.to_owned(), lie }))
    }

    /// Begins to play.
    pub fn start(self) -> Running {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        if self.narrow {
            rustix::net::sockopt::set_socket_recv_buffer_size(&listener, 4096).unwrap();
        }
        let port = listener.local_addr().unwrap().port();
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let mut heard = Heard::default();
            heard.fault = perform(&self.acts, &listener, &seen, &mut heard).err();
            heard
        });
        Running { port, thread, over }
    }
}

/// What came of it.
#[derive(Default)]
pub struct Heard {
    /// All octets that came in clear, of all connections.
    pub clear: Vec<u8>,
    /// What was not as it stands in the script.
    pub fault: Option<String>,
    /// What was said and heard, for whoever has to find out.
    pub talk: String,
}

/// A server that plays.
pub struct Running {
    /// Where.
    pub port: u16,
    thread: JoinHandle<Heard>,
    over: Arc<AtomicBool>,
}

impl Running {
    /// The client has ended.
    pub fn end(self) -> Heard {
        self.over.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

fn perform(acts: &[Act], listener: &TcpListener, over: &AtomicBool, heard: &mut Heard) -> Result<(), String> {
    let mut parts = acts.split_inclusive(|act| matches!(act, Act::Close | Act::Reset)).peekable();
    while let Some(part) = parts.next() {
        let socket = accept(listener, over).ok_or("the client did not come")?;
        let mut line = Line { socket: Some(socket), tls: None, unread: Vec::new(), mock: false, heard, over };
        for act in part {
            line.act(act)?;
        }
        if parts.peek().is_none() {
            line.rest()?;
        }
    }
    match accept(listener, over) {
        Some(_) => Err("the client came once too often".to_owned()),
        None => Ok(()),
    }
}

fn accept(listener: &TcpListener, over: &AtomicBool) -> Option<TcpStream> {
    let begun = Instant::now();
    loop {
        let is_over = over.load(Ordering::SeqCst);
        if let Ok((socket, _)) = listener.accept() {
            socket.set_nonblocking(false).unwrap();
            socket.set_nodelay(true).unwrap();
            socket.set_read_timeout(Some(LIMIT)).unwrap();
            socket.set_write_timeout(Some(LIMIT)).unwrap();
            return Some(socket);
        }
        if is_over || begun.elapsed() > LIMIT {
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// One connection.
struct Line<'a> {
    /// `None` once it is closed.
    socket: Option<TcpStream>,
    tls: Option<ServerConnection>,
    /// What came and was not looked at, out of TLS.
    unread: Vec<u8>,
    /// The client speaks TLS and the server does not: whole records of it may come.
    mock: bool,
    heard: &'a mut Heard,
    over: &'a AtomicBool,
}

impl Line<'_> {
    fn act(&mut self, act: &Act) -> Result<(), String> {
        match act {
            Act::Say(octets) => {
                self.note("S", octets);
                self.say(octets);
            }
            Act::Drip(octets) => {
                self.note("S, dripping", octets);
                let begun = Instant::now();
                for octet in octets.iter().cycle() {
                    if !self.say(&[*octet]) || begun.elapsed() > LIMIT || self.is_over() {
                        break;
                    }
                    thread::sleep(DRIP);
                }
            }
            Act::Flood(octets) => {
                self.note("S, flooding", octets);
                let block = octets.repeat(65536_usize.div_ceil(octets.len()));
                let mut said = 0;
                while said < FLOOD && self.say(&block) {
                    said += block.len();
                }
            }
            Act::Hear(wanted) => self.hear(wanted)?,
            Act::Content => while self.line()? != b"." {},
            Act::Octets(wanted) => {
                while self.unread.len() < *wanted {
                    if !self.fill() {
                        return Err(format!("the client has gone after {} octets", self.unread.len()));
                    }
                }
                self.unread.clear();
            }
            Act::Swallow => {
                while self.fill() {
                    self.unread.clear();
                }
                self.unread.clear();
            }
            Act::Deaf => {
                let begun = Instant::now();
                while !self.is_over() && begun.elapsed() < LIMIT {
                    thread::sleep(Duration::from_millis(5));
                }
                self.socket = None;
            }
            Act::Tls(config) => {
                self.heard.talk.push_str("# TLS\n");
                let mut tls = ServerConnection::new(Arc::clone(config)).unwrap();
                if let Some(socket) = &mut self.socket {
                    while tls.is_handshaking() && tls.complete_io(socket).is_ok_and(|(read, _)| read > 0) {}
                }
                self.tls = Some(tls);
            }
            Act::Answer(octets) => {
                self.client_hello();
                self.say(octets);
            }
            Act::Maim(config, change) => {
                let flight = self.flight(config);
                self.say(&change(flight));
            }
            Act::DripTls(config) => {
                for octet in self.flight(config) {
                    if !self.say(&[octet]) || self.is_over() {
                        break;
                    }
                    thread::sleep(DRIP);
                }
            }
            Act::Raw(octets) => {
                if let Some(socket) = &mut self.socket {
                    let _ = socket.write_all(octets);
                }
            }
            Act::CloseNotify => {
                if let (Some(tls), Some(socket)) = (&mut self.tls, &mut self.socket) {
                    tls.send_close_notify();
                    let _ = tls.write_tls(socket);
                }
            }
            Act::Close => self.socket = None,
            Act::Reset => {
                if let Some(socket) = self.socket.take() {
                    rustix::net::sockopt::set_socket_linger(&socket, Some(Duration::ZERO)).unwrap();
                }
            }
            Act::Pause(time) => thread::sleep(*time),
            Act::Scram(scram) => {
                let first = self.line()?;
                let (said, wanted) = scram.first(&first)?;
                self.say(&said);
                if wanted {
                    let answer = self.line()?;
                    let last = scram.last(&answer)?;
                    self.say(&last);
                }
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    fn note(&mut self, who: &str, octets: &[u8]) {
        let shown = ehlo_smtp::dialogue::escape(&octets[..octets.len().min(300)]);
        self.heard.talk.push_str(&format!("{who}: {shown}\n"));
    }

    /// Whether the client still takes it.
    fn say(&mut self, octets: &[u8]) -> bool {
        let Some(socket) = &mut self.socket else { return false };
        match &mut self.tls {
            None => socket.write_all(octets).is_ok(),
            Some(tls) => octets.chunks(16 * 1024).all(|piece| {
                tls.writer().write_all(piece).is_ok()
                    && (|| -> io::Result<()> {
                        while tls.wants_write() {
                            tls.write_tls(socket)?;
                        }
                        Ok(())
                    })()
                    .is_ok()
            }),
        }
    }

    /// Reads once; false at the end.
    fn fill(&mut self) -> bool {
        let Some(socket) = &mut self.socket else { return false };
        let mut piece = [0; 65536];
        let Some(tls) = &mut self.tls else {
            let count = socket.read(&mut piece).unwrap_or(0);
            self.unread.extend_from_slice(&piece[..count]);
            if self.heard.clear.len() < KEPT {
                self.heard.clear.extend_from_slice(&piece[..count]);
            }
            return count > 0;
        };
        loop {
            match tls.reader().read(&mut piece) {
                Ok(count) => {
                    self.unread.extend_from_slice(&piece[..count]);
                    return count > 0;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return false,
            }
            if !tls.read_tls(socket).is_ok_and(|count| count > 0) || tls.process_new_packets().is_err() {
                return false;
            }
        }
    }

    /// The next line, without its CRLF.
    fn line(&mut self) -> Result<Vec<u8>, String> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\r\n") {
                let line: Vec<u8> = self.unread.drain(..end + 2).take(end).collect();
                self.note("C", &line);
                return Ok(line);
            }
            if !self.fill() {
                let rest = ehlo_smtp::dialogue::escape(&self.unread);
                return Err(format!("the client has gone; the last of it was '{rest}'"));
            }
        }
    }

    fn hear(&mut self, wanted: &str) -> Result<(), String> {
        let was = self.line().map_err(|error| format!("wanted '{wanted}', but {error}"))?;
        let was = String::from_utf8_lossy(&was).into_owned();
        let as_wanted = match wanted.split_once("***") {
            Some((begin, end)) => was.starts_with(begin) && was.ends_with(end),
            None => was == wanted,
        };
        if as_wanted { Ok(()) } else { Err(format!("wanted '{wanted}', was '{was}'")) }
    }

    /// Nothing more may come.
    fn rest(&mut self) -> Result<(), String> {
        while self.fill() {}
        while self.mock
            && let [20..=23, 3, _, high, low, rest @ ..] = self.unread.as_slice()
            && let Some(rest) = rest.get(usize::from(u16::from_be_bytes([*high, *low]))..)
        {
            self.unread = rest.to_vec();
        }
        match self.unread.as_slice() {
            [] => Ok(()),
            rest => Err(format!(
                "the client also said '{}'",
                ehlo_smtp::dialogue::escape(&rest[..rest.len().min(300)])
            )),
        }
    }

    /// The first record of a handshake is taken, and is not looked at.
    fn client_hello(&mut self) -> Vec<u8> {
        self.mock = true;
        loop {
            if let [_, _, _, high, low, rest @ ..] = self.unread.as_slice()
                && rest.len() >= usize::from(u16::from_be_bytes([*high, *low]))
            {
                return std::mem::take(&mut self.unread);
            }
            if !self.fill() {
                return Vec::new();
            }
        }
    }

    /// What a real server answers first.
    fn flight(&mut self, config: &Arc<ServerConfig>) -> Vec<u8> {
        let hello = self.client_hello();
        let mut tls = ServerConnection::new(Arc::clone(config)).unwrap();
        let mut flight = Vec::new();
        if tls.read_tls(&mut hello.as_slice()).is_ok() && tls.process_new_packets().is_ok() {
            while tls.wants_write() {
                tls.write_tls(&mut flight).unwrap();
            }
        }
        flight
    }
}
