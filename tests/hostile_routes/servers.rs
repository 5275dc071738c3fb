//! The mail servers: each at an address of its own on loopback, all at one port, the same for all cases. They count what
//! they take by the reverse-path, whose local part is the case.

use crate::certificates;
use rustls::{ServerConnection, StreamOwned};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

/// No client is waited for any longer.
const LIMIT: Duration = Duration::from_secs(40);

/// What a server does unlike a good one.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Habits {
    /// STARTTLS is offered, with the certificate of this name.
    tls: Option<&'static str>,
    /// The reply to the connection, if it is no greeting.
    greeting: Option<&'static str>,
    /// The reply to STARTTLS, if it is no 220.
    starttls: Option<&'static str>,
    /// REQUIRETLS (RFC 8689) is offered under TLS.
    promises: bool,
    /// The connection is closed when the handshake should begin.
    halts: bool,
    /// The reply to MAIL, if it is no 250.
    mail: Option<&'static str>,
    /// The reply to RCPT, if it is no 250; `-` is none at all, and `!` is the end of the connection.
    rcpt: Option<&'static str>,
    /// Whoever is called `later` or `never` is deferred or refused.
    is_picky: bool,
    /// The reply to the message, if it is no 250.
    message: Option<&'static str>,
    /// The connection is closed instead of a reply to the message.
    vanishes: bool,
}

const GOOD: Habits = Habits {
    tls: None,
    greeting: None,
    starttls: None,
    promises: false,
    halts: false,
    mail: None,
    rcpt: None,
    is_picky: false,
    message: None,
    vanishes: false,
};

const fn tls(certificate: &'static str) -> Habits {
    Habits { tls: Some(certificate), ..GOOD }
}

/// Nobody is at 127.0.0.60 and beyond.
const DEAD: usize = 58;

/// The servers. NAME.test has the address 127.0.0.N, where N is the place in this table and two more. `evil` must never be
/// reached.
const SERVERS: [(&str, Habits); 25] = [
    ("good", GOOD),
    ("evil", GOOD),
    ("other", GOOD),
    ("defers", Habits { rcpt: Some("451 4.7.1 later"), ..GOOD }),
    ("refuses", Habits { rcpt: Some("550 5.1.1 nobody of that name"), ..GOOD }),
    ("vanishes", Habits { vanishes: true, ..GOOD }),
    ("busy", Habits { greeting: Some("421 4.3.2 busy"), ..GOOD }),
    ("closed", Habits { greeting: Some("554 5.3.2 closed"), ..GOOD }),
    ("stalls", Habits { rcpt: Some("-"), ..GOOD }),
    ("tls", tls("tls")),
    ("name", tls("name")),
    ("old", tls("old")),
    ("strange", tls("strange")),
    ("chain", tls("chain")),
    ("self", tls("self")),
    ("self-old", tls("self-old")),
    ("later", Habits { starttls: Some("454 4.7.0 not now"), ..tls("tls") }),
    ("halts", Habits { halts: true, ..tls("tls") }),
    ("mute", Habits { greeting: Some("-"), ..GOOD }),
    ("defers-all", Habits { mail: Some("451 4.3.0 later"), ..GOOD }),
    ("picky", Habits { is_picky: true, ..GOOD }),
    ("onward", Habits { promises: true, ..tls("onward") }),
    ("both", Habits { is_picky: true, vanishes: true, ..GOOD }),
    ("breaks", Habits { rcpt: Some("!"), ..GOOD }),
    ("full", Habits { message: Some("452 4.3.1 full"), ..GOOD }),
];

/// The servers that run, until the tests end.
pub struct Running {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

/// What was seen of the clients.
#[derive(Default)]
struct Seen {
    /// How many copies came, by case and server.
    copies: HashMap<(String, &'static str), usize>,
    /// The names that servers were asked for in handshakes, by case.
    names: HashMap<String, Vec<String>>,
    /// Who was asked to take mail, by case and server.
    met: Vec<(String, &'static str)>,
    /// What must not be.
    faults: Vec<String>,
}

/// The address of `NAME.test`.
pub fn address(name: &str) -> Option<Ipv4Addr> {
    let name = name.strip_suffix(".test")?;
    let place = SERVERS.iter().position(|(known, _)| *known == name);
    let place = place.or_else(|| (name == "dead").then_some(DEAD))?;
    Some(Ipv4Addr::new(127, 0, 0, u8::try_from(place).unwrap() + 2))
}

/// The server with this address.
pub fn name_of(address: &str) -> Option<&'static str> {
    let ip = address.parse::<SocketAddr>().ok()?.ip();
    SERVERS
        .iter()
        .map(|(name, _)| *name)
        .find(|name| self::address(&format!("{name}.test")).is_some_and(|one| one == ip))
}

/// All of them.
pub fn all() -> &'static Running {
    static ALL: OnceLock<Running> = OnceLock::new();
    ALL.get_or_init(start)
}

impl Running {
    /// The copies that came of a case, by server.
    pub fn copies(&self, case: &str) -> Vec<(&'static str, usize)> {
        let seen = self.seen.lock().unwrap();
        let mut copies: Vec<(&str, usize)> = seen
            .copies
            .iter()
            .filter(|((of, _), _)| of == case)
            .map(|((_, at), count)| (*at, *count))
            .collect();
        copies.sort_unstable();
        copies
    }

    /// The names that servers were asked for in the handshakes of a case.
    pub fn names(&self, case: &str) -> Vec<String> {
        self.seen.lock().unwrap().names.get(case).cloned().unwrap_or_default()
    }

    /// Whether a case has come as far as RCPT at a server.
    pub fn has_met(&self, case: &str, name: &str) -> bool {
        self.seen.lock().unwrap().met.iter().any(|(of, at)| of == case && *at == name)
    }

    /// What came over the wire and must not.
    pub fn faults(&self) -> Vec<String> {
        self.seen.lock().unwrap().faults.clone()
    }
}

/// One port that is free at all of their addresses.
fn start() -> Running {
    for _ in 0..50 {
        let first = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 1), 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        let bound: Result<Vec<TcpListener>, _> = SERVERS
            .iter()
            .map(|(name, _)| TcpListener::bind((address(&format!("{name}.test")).unwrap(), port)))
            .collect();
        let Ok(bound) = bound else { continue };
        let seen = Arc::new(Mutex::new(Seen::default()));
        for (listener, (name, habits)) in bound.into_iter().zip(SERVERS) {
            let seen = Arc::clone(&seen);
            thread::spawn(move || {
                for socket in listener.incoming().flatten() {
                    let seen = Arc::clone(&seen);
                    thread::spawn(move || {
                        Session { name, habits, seen: &seen, asked_for: None }.begin(socket)
                    });
                }
            });
        }
        return Running { port, seen };
    }
    panic!("no port is free at all addresses");
}

struct Session<'a> {
    name: &'static str,
    habits: Habits,
    seen: &'a Mutex<Seen>,
    /// The name in the handshake.
    asked_for: Option<String>,
}

/// How a dialogue ends.
enum End {
    Over,
    Handshake,
}

impl Session<'_> {
    fn begin(mut self, socket: TcpStream) -> Option<()> {
        socket.set_read_timeout(Some(LIMIT)).ok()?;
        let mut socket = BufReader::new(socket);
        match self.talk(&mut socket, self.habits.greeting.or(Some("220 ready")), self.habits.tls.is_some())? {
            End::Over => None,
            End::Handshake if self.habits.halts => None,
            End::Handshake => {
                let config = certificates::all().config(self.habits.tls?);
                let mut tls = StreamOwned::new(ServerConnection::new(config).ok()?, socket.into_inner());
                // The client speaks next, so that the handshake is over when something was read.
                let mut first = [0; 1];
                tls.read_exact(&mut first).ok()?;
                self.asked_for = tls.conn.server_name().map(str::to_owned);
                let mut stream = BufReader::new(Again { first: Some(first[0]), rest: tls });
                self.talk(&mut stream, None, false).map(|_| ())
            }
        }
    }

    fn talk(
        &mut self,
        stream: &mut BufReader<impl Read + Write>,
        greeting: Option<&str>,
        offers_tls: bool,
    ) -> Option<End> {
        match greeting {
            Some("-") => _ = stream.read_line(&mut String::new()),
            Some(greeting) => say(stream, greeting)?,
            None => {}
        }
        let mut case = String::new();
        loop {
            let line = self.line(stream)?;
            let upper = line.to_ascii_uppercase();
            let reply = match upper.split_once([' ', ':']).map_or(upper.as_str(), |(verb, _)| verb) {
                _ if greeting.is_some_and(|greeting| !greeting.starts_with('2')) => "221 bye",
                "EHLO" if offers_tls => "250-test\r\n250 STARTTLS",
                "EHLO" if self.habits.promises => "250-test\r\n250 REQUIRETLS",
                "STARTTLS" => {
                    let reply = self.habits.starttls.unwrap_or("220 go on");
                    say(stream, reply)?;
                    if reply.starts_with('2') {
                        return Some(End::Handshake);
                    }
                    continue;
                }
                "MAIL" => {
                    case = line.split(['<', '@']).nth(1).unwrap_or_default().to_owned();
                    let mut seen = self.seen.lock().unwrap();
                    seen.names.entry(case.clone()).or_default().extend(self.asked_for.clone());
                    self.habits.mail.unwrap_or("250 ok")
                }
                "RCPT" => {
                    self.seen.lock().unwrap().met.push((case.clone(), self.name));
                    match self.habits.rcpt {
                        Some("-") => continue,
                        Some("!") => return Some(End::Over),
                        None if self.habits.is_picky && upper.contains("<LATER@") => "450 4.2.1 later",
                        None if self.habits.is_picky && upper.contains("<NEVER@") => "550 5.1.1 never",
                        reply => reply.unwrap_or("250 ok"),
                    }
                }
                "DATA" => {
                    say(stream, "354 go on")?;
                    while self.line(stream)? != "." {}
                    if let Some(reply) = self.habits.message {
                        say(stream, reply)?;
                        continue;
                    }
                    *self.seen.lock().unwrap().copies.entry((case.clone(), self.name)).or_default() += 1;
                    if self.habits.vanishes {
                        return Some(End::Over);
                    }
                    "250 ok"
                }
                "QUIT" => {
                    say(stream, "221 bye")?;
                    return Some(End::Over);
                }
                _ => "250 ok",
            };
            say(stream, reply)?;
        }
    }

    fn line(&self, stream: &mut impl BufRead) -> Option<String> {
        let mut octets = Vec::new();
        stream.read_until(b'\n', &mut octets).ok().filter(|count| *count > 0)?;
        let line = octets.strip_suffix(b"\r\n").unwrap_or(&octets);
        if !line.iter().all(|octet| (0x20..0x7f).contains(octet)) {
            self.seen.lock().unwrap().faults.push(format!("{} heard {line:?}", self.name));
        }
        Some(String::from_utf8_lossy(line).into_owned())
    }
}

fn say(stream: &mut BufReader<impl Read + Write>, text: &str) -> Option<()> {
    let stream = stream.get_mut();
    stream.write_all(format!("{text}\r\n").as_bytes()).and_then(|()| stream.flush()).ok()
}

/// A stream, and an octet that was read from it before.
struct Again<S> {
    first: Option<u8>,
    rest: S,
}

impl<S: Read> Read for Again<S> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        match (self.first.take(), room.first_mut()) {
            (Some(first), Some(place)) => {
                *place = first;
                Ok(1)
            }
            _ => self.rest.read(room),
        }
    }
}

impl<S: Write> Write for Again<S> {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.rest.write(octets)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.rest.flush()
    }
}
