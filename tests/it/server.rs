//! A server that plays one dialogue: says its `S: ` lines, and takes nothing but its `C: ` lines. What it hears is
//! kept, octet by octet; a line that was not in the script is a fault, and so is a line that does not come.
//!
//! Marks besides those of tests/dialogues: `! close` hangs up (if lines follow, the client has to come again),
//! `! reset` breaks the connection, `! any-content` takes a message to its final dot, `! handshake` begins TLS
//! (after the 220 to STARTTLS it begins by itself), `! signal NAME` sends the client a signal, `! sleep MS` waits,
//! `! swallow` takes whatever comes, `! forget` throws away what came so far, `! line-end lf`.

use ehlo::inside::net::tls::Acceptor;
use ehlo::inside::net::{Deadline, Stream};
use ehlo_smtp::dialogue::{self, ClientLine, Entry};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Longer than any client of ours may live.
const LIMIT: Duration = Duration::from_secs(25);

/// A dialogue, and where it will be played.
pub struct Server {
    listener: Listener,
    entries: Vec<Entry>,
    acceptor: Option<Acceptor>,
}

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, PathBuf),
}

/// What the clients said, connection by connection, in the pieces in which it came.
#[derive(Default)]
pub struct Heard {
    pub connections: Vec<Vec<Vec<u8>>>,
    /// What happened, for whoever has to find out what went wrong.
    pub transcript: String,
}

/// A server that plays.
pub struct Running {
    thread: JoinHandle<(Heard, Option<String>)>,
    /// The client has ended: nobody will come any more.
    over: Arc<AtomicBool>,
}

impl Running {
    /// What was heard, and what was wrong with it.
    pub fn end(self) -> (Heard, Option<String>) {
        self.over.store(true, Ordering::SeqCst);
        self.thread.join().unwrap()
    }
}

impl Server {
    /// On 127.0.0.1.
    pub fn tcp(dialogue: &str) -> Server {
        Server::tcp_at("127.0.0.1", dialogue)
    }

    /// On another address of loopback.
    pub fn tcp_at(address: &str, dialogue: &str) -> Server {
        let listener = TcpListener::bind((address, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Server { listener: Listener::Tcp(listener), entries: entries(dialogue), acceptor: None }
    }

    /// On a Unix socket.
    pub fn unix(path: &Path, dialogue: &str) -> Server {
        let listener = UnixListener::bind(path).unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = Listener::Unix(listener, path.to_owned());
        Server { listener, entries: entries(dialogue), acceptor: None }
    }

    /// With this certificate.
    pub fn tls(mut self, acceptor: &Acceptor) -> Server {
        self.acceptor = Some(acceptor.clone());
        self
    }

    /// The port, if it has one.
    pub fn port(&self) -> Option<u16> {
        match &self.listener {
            Listener::Tcp(listener) => Some(listener.local_addr().unwrap().port()),
            Listener::Unix(..) => None,
        }
    }

    /// As the program is told of it.
    pub fn place(&self) -> String {
        match &self.listener {
            Listener::Tcp(_) => "127.0.0.1:PORT".to_owned(),
            Listener::Unix(_, path) => path.display().to_string(),
        }
    }

    /// Plays, for the client with this process id.
    pub fn start(self, client: u32) -> Running {
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let mut heard = Heard::default();
            let fault = self.play(client, &seen, &mut heard).err();
            (heard, fault)
        });
        Running { thread, over }
    }

    fn play(&self, client: u32, over: &AtomicBool, heard: &mut Heard) -> Result<(), String> {
        let begun = Instant::now();
        for part in parts(&self.entries) {
            let stream = loop {
                let is_over = over.load(Ordering::SeqCst);
                if let Some(stream) = self.accept() {
                    break stream;
                }
                if is_over || begun.elapsed() > LIMIT {
                    return Err("the client did not come".to_owned());
                }
                thread::sleep(Duration::from_millis(1));
            };
            heard.connections.push(Vec::new());
            let mut line = Line { stream, buffer: Vec::new(), at_end: false, heard };
            self.converse(part, client, &mut line)?;
        }
        loop {
            let is_over = over.load(Ordering::SeqCst);
            match self.accept() {
                Some(_) => return Err("the client came once too often".to_owned()),
                None if is_over || begun.elapsed() > LIMIT => return Ok(()),
                None => thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn accept(&self) -> Option<Stream> {
        match &self.listener {
            Listener::Tcp(listener) => Some(Stream::tcp(listener.accept().ok()?.0).unwrap()),
            Listener::Unix(listener, path) => Some(Stream::unix(listener.accept().ok()?.0, path).unwrap()),
        }
    }

    /// One connection.
    fn converse(&self, entries: &[Entry], client: u32, line: &mut Line<'_>) -> Result<(), String> {
        let (mut says, mut line_end, mut start_tls, mut chunk_follows) =
            (Vec::new(), &b"\r\n"[..], false, false);
        for (at, entry) in entries.iter().enumerate() {
            if let Entry::Server(text) = entry {
                says.extend_from_slice(text);
                says.extend_from_slice(line_end);
                if matches!(entries.get(at + 1), Some(Entry::Server(_))) {
                    continue;
                }
                line.say(&says);
                // What is said in one breath with the 220 is an injection: no handshake will follow.
                let closes =
                    matches!(entries.get(at + 1), Some(Entry::Setting { name, .. }) if name == "close");
                if start_tls
                    && !closes
                    && says.starts_with(b"220")
                    && says.iter().filter(|o| **o == b'\n').count() == 1
                {
                    self.handshake(line);
                }
                says.clear();
            }
            start_tls = matches!(entry, Entry::Client(ClientLine::Text(text)) if text == b"STARTTLS");
            let is_chunk = chunk_follows;
            chunk_follows =
                matches!(entry, Entry::Client(ClientLine::Text(text)) if text.starts_with(b"BDAT "));
            match entry {
                Entry::Remark(_) | Entry::Server(_) => {}
                Entry::Client(ClientLine::Content { octets }) => {
                    let counted = if is_chunk { line.octets(*octets)? } else { line.content()? };
                    if counted != *octets {
                        return Err(format!("{counted} octets of content in place of {octets}"));
                    }
                }
                Entry::Client(wanted) => {
                    let was = line.hear()?;
                    if !wanted.matches(&was) {
                        return Err(format!("wanted '{entry}', was 'C: {}'", dialogue::escape(&was)));
                    }
                }
                Entry::Setting { name, value } => match (name.as_str(), value.as_str()) {
                    ("close", "") => {
                        line.note("# closed");
                        return Ok(());
                    }
                    ("reset", "") => {
                        line.note("# reset");
                        let stream = std::mem::replace(&mut line.stream, gone());
                        stream.reset();
                        return Ok(());
                    }
                    ("any-content", "") => {
                        line.content()?;
                        line.hear()?;
                    }
                    ("handshake", "") => self.handshake(line),
                    ("signal", name) => {
                        let sent =
                            Command::new("kill").arg(format!("-{name}")).arg(client.to_string()).status();
                        assert!(sent.unwrap().success());
                    }
                    ("swallow", "") => {
                        while line.fill() {}
                        line.buffer.clear();
                    }
                    // What came in clear behind the last line is not looked at.
                    ("forget", "") => line.buffer.clear(),
                    ("sleep", time) => thread::sleep(Duration::from_millis(time.parse().unwrap())),
                    ("line-end", "lf") => line_end = b"\n",
                    // What tests/dialogues says of the client and of the outcome.
                    (_, value) if !value.is_empty() => {}
                    _ => panic!("unknown mark '{entry}'"),
                },
            }
        }
        line.rest()
    }

    fn handshake(&self, line: &mut Line<'_>) {
        let acceptor = self.acceptor.as_ref().expect("the script wants TLS and there is no certificate");
        // A client that does not trust us breaks off here.
        let result = line.stream.accept_tls(acceptor, Deadline::after(LIMIT));
        line.note(&format!("# handshake: {result:?}"));
    }
}

/// A connection, and what came over it.
struct Line<'a> {
    stream: Stream,
    buffer: Vec<u8>,
    at_end: bool,
    heard: &'a mut Heard,
}

impl Line<'_> {
    fn note(&mut self, text: &str) {
        self.heard.transcript.push_str(text);
        self.heard.transcript.push('\n');
    }

    /// A client that has gone hears nothing: what it does not say then is the fault.
    fn say(&mut self, octets: &[u8]) {
        self.note(&format!("S: {}", dialogue::escape(octets)));
        let buffer = &mut self.buffer;
        let pieces = self.heard.connections.last_mut().unwrap();
        let mut incoming = |octets: &[u8]| {
            buffer.extend_from_slice(octets);
            pieces.push(octets.to_vec());
            ControlFlow::Continue(())
        };
        let _ = self.stream.write_all(octets, Deadline::after(LIMIT), &mut incoming);
    }

    /// The next line, without its CRLF.
    fn hear(&mut self) -> Result<Vec<u8>, String> {
        self.fill_line()?;
        let end = self.buffer.windows(2).position(|two| two == b"\r\n").unwrap();
        let line: Vec<u8> = self.buffer.drain(..end + 2).take(end).collect();
        self.note(&format!("C: {}", dialogue::escape(&line)));
        if line.contains(&b'\n') || line.contains(&b'\r') {
            return Err(format!("a bare CR or LF in '{}'", dialogue::escape(&line)));
        }
        Ok(line)
    }

    fn fill_line(&mut self) -> Result<(), String> {
        while !self.buffer.windows(2).any(|two| two == b"\r\n") {
            if !self.fill() {
                return Err(format!("the client has gone, after '{}'", dialogue::escape(&self.buffer)));
            }
        }
        Ok(())
    }

    /// All lines before the final dot: how many octets they have, the doubled dots not counted.
    fn content(&mut self) -> Result<u64, String> {
        let mut octets = 0;
        loop {
            self.fill_line()?;
            if self.buffer.starts_with(b".\r\n") {
                return Ok(octets);
            }
            let line = self.hear()?;
            octets += line.len() as u64 + 2 - u64::from(line.starts_with(b"."));
        }
    }

    /// A chunk of so many octets.
    fn octets(&mut self, octets: u64) -> Result<u64, String> {
        let wanted = usize::try_from(octets).unwrap();
        while self.buffer.len() < wanted {
            if !self.fill() {
                return Err(format!("the client has gone, {} octets into a chunk", self.buffer.len()));
            }
        }
        self.buffer.drain(..wanted);
        self.note(&format!("C: … {octets} octets"));
        Ok(octets)
    }

    /// Nothing more may come.
    fn rest(&mut self) -> Result<(), String> {
        while self.fill() {}
        match self.buffer.as_slice() {
            [] => Ok(()),
            rest => Err(format!("the client also said '{}'", dialogue::escape(rest))),
        }
    }

    /// Reads once more; false at the end.
    fn fill(&mut self) -> bool {
        let mut piece = [0; 65536];
        while !self.at_end {
            match self.stream.read(&mut piece, Deadline::after(LIMIT)) {
                Ok(count) if count > 0 => {
                    self.buffer.extend_from_slice(&piece[..count]);
                    self.heard.connections.last_mut().unwrap().push(piece[..count].to_vec());
                    return true;
                }
                Ok(_) | Err(_) => self.at_end = true,
            }
        }
        false
    }
}

/// A connection in place of one that is no more.
fn gone() -> Stream {
    let (one, _) = std::os::unix::net::UnixStream::pair().unwrap();
    Stream::unix(one, Path::new("gone")).unwrap()
}

/// The dialogue, and nothing that is not one.
fn entries(dialogue: &str) -> Vec<Entry> {
    let text = if dialogue.is_empty() || dialogue.contains([':', '\n']) {
        dialogue.lines().map(|line| format!("{}\n", line.trim_start())).collect()
    } else {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/dialogues/{dialogue}.smtp"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let entries = dialogue::parse(&text).unwrap();
    entries.into_iter().filter(|entry| !matches!(entry, Entry::Remark(_))).collect()
}

/// One part for each connection.
fn parts(entries: &[Entry]) -> Vec<&[Entry]> {
    let ends = |entry: &Entry| matches!(entry, Entry::Setting { name, value } if value.is_empty() && (name == "close" || name == "reset"));
    entries.split_inclusive(ends).filter(|part| !part.is_empty()).collect()
}
