//! A resolver that says what a case wants, over UDP and TCP on one port of 127.0.0.1.
//!
//! A line of the case that fits a question is its answer, the first one if there are several. What no line is about is
//! answered as the zone `test` has it: each of the servers ([`servers`](crate::servers)) has its address, and no other name
//! exists, unless a line is about another type of it.

use crate::answer::{Asked, Built, Framing, build, kind};
use crate::servers;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How often it is looked at whether all is over.
const TICK: Duration = Duration::from_millis(20);
/// Between two octets that drip.
const DRIP: Duration = Duration::from_millis(100);

/// One answer of a case.
#[derive(Clone)]
pub struct Line {
    /// By which of the resolvers, counted from 0.
    pub by: usize,
    /// The name that is asked for, in small letters; `*` is any.
    pub name: String,
    /// The type.
    pub kind: u16,
    /// Over UDP or TCP only, with or without EDNS only.
    pub only: Option<Only>,
    /// What is said.
    pub says: String,
}

/// To which questions a line is an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Udp,
    Tcp,
    Edns,
    Bare,
}

/// What a resolver knows.
#[derive(Clone)]
pub struct Zone {
    pub lines: Vec<Line>,
    /// All that is said is validated, if it does not say otherwise.
    pub is_signed: bool,
    /// It listens on TCP as well.
    pub has_tcp: bool,
}

/// The resolver, until it is dropped.
pub struct Resolver {
    pub address: SocketAddr,
    over: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<(String, u16)>>>,
}

struct Shared {
    zone: Zone,
    number: usize,
    over: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<(String, u16)>>>,
}

impl Resolver {
    /// One that answers with what is said by this number.
    pub fn start(zone: &Zone, number: usize) -> Resolver {
        let (udp, tcp) = pair();
        let address = udp.local_addr().unwrap();
        udp.set_read_timeout(Some(TICK)).unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared =
            Shared { zone: zone.clone(), number, over: Arc::clone(&over), asked: Arc::clone(&asked) };
        let shared = Arc::new(shared);
        if zone.has_tcp {
            let shared = Arc::clone(&shared);
            thread::spawn(move || listen(&tcp, &shared));
        }
        thread::spawn(move || hear(&Arc::new(udp), &shared));
        Resolver { address, over, asked }
    }

    /// How often this was asked for.
    pub fn asked(&self, name: &str, kind: u16) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.0 == name && asked.1 == kind).count()
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// The same port for both.
fn pair() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
    panic!("no port is free for UDP and TCP");
}

fn hear(udp: &Arc<UdpSocket>, shared: &Shared) {
    let mut room = [0; 4096];
    while !shared.over.load(Ordering::SeqCst) {
        let Ok((count, from)) = udp.recv_from(&mut room) else { continue };
        for Built { octets, after, more, is_from_elsewhere, .. } in shared.answers(&room[..count], false) {
            if is_from_elsewhere {
                let _ = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().send_to(&octets, from);
                continue;
            }
            if after.is_zero() {
                (0..=more).for_each(|_| _ = udp.send_to(&octets, from));
                continue;
            }
            let udp = Arc::clone(udp);
            thread::spawn(move || {
                thread::sleep(after);
                let _ = udp.send_to(&octets, from);
            });
        }
    }
}

fn listen(tcp: &TcpListener, shared: &Arc<Shared>) {
    tcp.set_nonblocking(true).unwrap();
    while !shared.over.load(Ordering::SeqCst) {
        match tcp.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false).unwrap();
                let shared = Arc::clone(shared);
                thread::spawn(move || serve(stream, &shared));
            }
            Err(_) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut length = [0; 2];
    stream.read_exact(&mut length).ok()?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question).ok()?;
    for Built { octets, after, framing, .. } in shared.answers(&question, true) {
        thread::sleep(after);
        let length = match framing {
            Framing::Length(length) => length,
            Framing::Close => return None,
            Framing::Hold => {
                while !shared.over.load(Ordering::SeqCst) {
                    thread::sleep(TICK);
                }
                return None;
            }
            _ => u16::try_from(octets.len()).unwrap(),
        };
        let whole = [&length.to_be_bytes()[..], &octets].concat();
        if matches!(framing, Framing::Drip | Framing::Pieces) {
            stream.set_nodelay(true).ok()?;
            for octet in whole {
                if shared.over.load(Ordering::SeqCst) {
                    return None;
                }
                stream.write_all(&[octet]).ok()?;
                thread::sleep(if framing == Framing::Drip { DRIP } else { Duration::ZERO });
            }
        } else {
            stream.write_all(&whole).ok()?;
        }
    }
    Some(())
}

impl Shared {
    fn answers(&self, question: &[u8], by_tcp: bool) -> Vec<Built> {
        let asked = read(question, by_tcp);
        self.asked.lock().unwrap().push((asked.name.clone(), asked.kind));
        build(&self.says(&asked), &asked, self.zone.is_signed)
    }

    fn says(&self, asked: &Asked) -> String {
        let lines = || self.zone.lines.iter().filter(|line| line.by == self.number);
        let is_named = |line: &&Line| line.name == asked.name || line.name == "*";
        if let Some(line) = lines().filter(is_named).find(|line| line.fits(asked)) {
            return line.says.clone();
        }
        match servers::address(&asked.name) {
            Some(ip) if Some(asked.kind) == kind("A") => format!("A {ip}"),
            Some(_) => "NODATA".to_owned(),
            None if lines().any(|line| line.name == asked.name) => "NODATA".to_owned(),
            None => "NXDOMAIN".to_owned(),
        }
    }
}

impl Line {
    fn fits(&self, asked: &Asked) -> bool {
        let is_for = match self.only {
            None => true,
            Some(Only::Udp) => !asked.by_tcp,
            Some(Only::Tcp) => asked.by_tcp,
            Some(Only::Edns) => asked.with_edns,
            Some(Only::Bare) => !asked.with_edns,
        };
        is_for && self.kind == asked.kind
    }
}

/// A question of the program, which is never wrong.
fn read(octets: &[u8], by_tcp: bool) -> Asked {
    let mut labels = Vec::new();
    let mut at = 12;
    while octets[at] != 0 {
        let end = at + 1 + usize::from(octets[at]);
        labels.push(String::from_utf8_lossy(&octets[at + 1..end]).to_lowercase());
        at = end;
    }
    Asked {
        id: [octets[0], octets[1]],
        name: labels.join("."),
        kind: u16::from_be_bytes([octets[at + 1], octets[at + 2]]),
        question: octets[12..at + 5].to_vec(),
        with_edns: octets[11] > 0,
        by_tcp,
    }
}
