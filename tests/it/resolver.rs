//! A resolver for tests, on UDP and TCP of one port of 127.0.0.1, which says what a table has for each name (RFC 1035,
//! section 4). It reads no more of a question than the name.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is said of a name.
#[derive(Debug, Clone)]
pub enum Says {
    /// These records, one text each.
    Texts(Vec<String>),
    /// This record, over TCP only: over UDP that the answer was cut.
    Cut(String),
    /// First an answer with another id and this text, then the right one.
    Forged(&'static str, String),
    /// The name exists, and has no such record.
    Nothing,
    /// An error.
    Code(u8),
    /// Nothing at all.
    Silence,
}

/// The resolver, which runs until the tests end.
pub struct Resolver {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Resolver {
    /// One that knows these names; of others it says that they do not exist.
    pub fn new(table: impl IntoIterator<Item = (&'static str, Says)>) -> Resolver {
        let table: Vec<(&str, Says)> = table.into_iter().collect();
        let (udp, tcp) = pair();
        let port = udp.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (for_udp, for_tcp) = ((table.clone(), Arc::clone(&asked)), (table, Arc::clone(&asked)));
        thread::spawn(move || {
            let mut room = [0; 4096];
            while let Ok((count, from)) = udp.recv_from(&mut room) {
                for answer in answers(&room[..count], "udp", &for_udp.0, &for_udp.1) {
                    let _ = udp.send_to(&answer, from);
                }
            }
        });
        thread::spawn(move || {
            for stream in tcp.incoming() {
                let mut stream = stream.unwrap();
                let mut length = [0; 2];
                if stream.read_exact(&mut length).is_err() {
                    continue;
                }
                let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                stream.read_exact(&mut question).unwrap();
                for answer in answers(&question, "tcp", &for_tcp.0, &for_tcp.1) {
                    let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                    // In two pieces.
                    let _ = stream.write_all(&length[..1]);
                    let _ = stream.write_all(&[&length[1..], &answer].concat());
                }
            }
        });
        Resolver { port, asked }
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What was asked, in turn: `udp NAME`.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The same port for both.
fn pair() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
    panic!("no port is free for UDP and TCP");
}

fn answers(question: &[u8], way: &str, table: &[(&str, Says)], asked: &Mutex<Vec<String>>) -> Vec<Vec<u8>> {
    let (name, end) = name(question);
    asked.lock().unwrap().push(format!("{way} {name}"));
    let says = table.iter().find(|(known, _)| *known == name).map_or(Says::Code(3), |(_, says)| says.clone());
    // The name, the type and the class.
    let asked = &question[..end + 4];
    match says {
        Says::Silence => Vec::new(),
        Says::Nothing => vec![answer(asked, 0, &[])],
        Says::Code(code) => vec![answer(asked, code, &[])],
        Says::Texts(texts) => vec![answer(asked, 0, &texts)],
        Says::Cut(text) if way == "tcp" => vec![answer(asked, 0, &[text])],
        Says::Cut(_) => {
            let mut cut = answer(asked, 0, &[]);
            cut[2] |= 2;
            vec![cut]
        }
        Says::Forged(forged, text) => {
            let mut first = answer(asked, 0, &[forged.to_owned()]);
            first[0] ^= 0xff;
            vec![first, answer(asked, 0, &[text])]
        }
    }
}

/// The name that is asked for, in small letters, and where it ends.
fn name(question: &[u8]) -> (String, usize) {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    (labels.join("."), at + 1)
}

/// An answer to a question: TXT records, in strings of 200 octets.
fn answer(asked: &[u8], code: u8, texts: &[String]) -> Vec<u8> {
    let count = u8::try_from(texts.len()).unwrap();
    // An answer, by a resolver that recurses.
    let mut out = [&asked[..2], &[0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0], &asked[12..]].concat();
    for text in texts {
        let pieces =
            text.as_bytes().chunks(200).map(|piece| [&[u8::try_from(piece.len()).unwrap()], piece].concat());
        let data = pieces.collect::<Vec<_>>().concat();
        // The name of the question, TXT, IN, and a minute.
        out.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    out
}
