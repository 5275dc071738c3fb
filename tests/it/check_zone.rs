//! A resolver for tests of `ehlo check`, over UDP on loopback, which has the records of a zone (RFC 1035, section 4): lines
//! of `name TYPE value`. A text is all that stands behind its type. In place of a value: `!servfail`, `!bogus` (a failure,
//! unless the question says that nothing is to be checked), `!silent`,
//! `!recovers` (a failure, until a question says that nothing is to be checked).

use std::net::UdpSocket;
use std::thread;

/// The types that it knows, and their codes.
const KINDS: [(&str, u16); 8] =
    [("A", 1), ("NS", 2), ("CNAME", 5), ("PTR", 12), ("MX", 15), ("TXT", 16), ("AAAA", 28), ("TLSA", 52)];

/// A record, or what happens instead.
#[derive(Clone)]
struct Record {
    name: String,
    kind: u16,
    value: String,
}

/// A resolver that runs until the tests end.
pub struct Zone {
    /// Where it is asked.
    pub address: String,
}

impl Zone {
    /// One that has validated nothing.
    pub fn new(text: &str) -> Zone {
        Zone::start(text, false)
    }

    /// One that has validated everything.
    pub fn signed(text: &str) -> Zone {
        Zone::start(&format!(". NS a.root\n{text}"), true)
    }

    fn start(text: &str, is_signed: bool) -> Zone {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let records: Vec<Record> = lines.map(record).collect();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        thread::spawn(move || {
            let mut room = [0; 4096];
            let mut records = records;
            while let Ok((count, from)) = socket.recv_from(&mut room) {
                if let Some(answer) = answer(&room[..count], &mut records, is_signed) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Zone { address }
    }
}

fn record(line: &str) -> Record {
    let (name, rest) = line.split_once(' ').unwrap();
    let (kind, value) = rest.trim().split_once(' ').unwrap();
    let (_, code) = KINDS.iter().find(|(known, _)| *known == kind).unwrap();
    let name = if name == "." { "" } else { name };
    Record { name: name.to_lowercase(), kind: *code, value: value.trim().to_owned() }
}

fn answer(question: &[u8], records: &mut Vec<Record>, is_signed: bool) -> Option<Vec<u8>> {
    let (mut name, end) = asked(question);
    let kind = u16::from_be_bytes([question[end], question[end + 1]]);
    let is_unchecked = question[3] & 0x10 != 0;
    if is_unchecked {
        records.retain(|one| (&one.name, one.kind, one.value.as_str()) != (&name, kind, "!recovers"));
    }
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut code = 0;
    for _ in 0..8 {
        let own = |record: &&Record| record.name == name;
        let alias = records.iter().filter(own).find(|record| record.kind == 5 && kind != 5);
        if let Some(alias) = alias {
            found.push(resource(&name, alias));
            name = alias.value.to_lowercase();
            continue;
        }
        let here: Vec<&Record> = records.iter().filter(own).filter(|record| record.kind == kind).collect();
        match here.first().map(|record| record.value.as_str()) {
            Some("!silent") => return None,
            Some("!servfail" | "!recovers") => code = 2,
            Some("!bogus") if !is_unchecked => code = 2,
            Some("!bogus") => {}
            Some(_) => found.extend(here.into_iter().map(|record| resource(&name, record))),
            None => {
                let below = format!(".{name}");
                let exists =
                    records.iter().any(|record| record.name == name || record.name.ends_with(&below));
                code = if exists { 0 } else { 3 };
            }
        }
        break;
    }
    let count = u8::try_from(found.len()).unwrap();
    let flags = 0x80 | if is_signed && code != 2 { 0x20 } else { 0 } | code;
    let head = [&question[..2], &[0x81, flags, 0, 1, 0, count, 0, 0, 0, 0]].concat();
    Some([head, question[12..end + 4].to_vec(), found.concat()].concat())
}

/// The name that is asked for, in small letters, and where it ends.
fn asked(question: &[u8]) -> (String, usize) {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    (labels.join("."), at + 1)
}

fn written(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in name.trim_end_matches('.').split('.').filter(|label| !label.is_empty()) {
        out.push(u8::try_from(label.len()).unwrap());
        out.extend(label.as_bytes());
    }
    out.push(0);
    out
}

fn resource(name: &str, record: &Record) -> Vec<u8> {
    let value = &record.value;
    let data = match record.kind {
        1 => value.parse::<std::net::Ipv4Addr>().unwrap().octets().to_vec(),
        28 => value.parse::<std::net::Ipv6Addr>().unwrap().octets().to_vec(),
        15 => {
            let (preference, host) = value.split_once(' ').unwrap();
            [preference.parse::<u16>().unwrap().to_be_bytes().to_vec(), written(host)].concat()
        }
        16 => value
            .as_bytes()
            .chunks(200)
            .flat_map(|piece| [&[u8::try_from(piece.len()).unwrap()], piece].concat())
            .collect(),
        52 => {
            let parts: Vec<&str> = value.split(' ').collect();
            let hex = parts[3];
            let octets =
                (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
            parts[..3].iter().map(|number| number.parse().unwrap()).chain(octets).collect()
        }
        _ => written(value),
    };
    let head = [&record.kind.to_be_bytes()[..], &[0, 1, 0, 0, 0, 60]].concat();
    [written(name), head, u16::try_from(data.len()).unwrap().to_be_bytes().to_vec(), data].concat()
}
