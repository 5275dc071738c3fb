//! Dialogues: parse and print are inverses, and what is printed is fit for a terminal.

use super::assert_printable;
use ehlo::inside::client::Observer as _;
use ehlo::inside::report::transcript::{Detail, Transcript};
use ehlo_smtp::dialogue::{Entry, escape, parse, unescape};

pub fn holds(octets: &[u8]) {
    let escaped = escape(octets);
    assert_printable(&escaped);
    assert_eq!(unescape(&escaped), octets);
    transcript(octets);
    let Ok(text) = std::str::from_utf8(octets) else { return };
    assert_eq!(unescape(text), unescaped(text), "only \\\\ and \\xNN mean something");
    match parse(text) {
        Ok(entries) => {
            let printed: Vec<String> = entries.iter().map(Entry::to_string).collect();
            assert_eq!(parse(&printed.join("\n")).as_ref(), Ok(&entries));
        }
        Err(error) => assert!((1..=text.lines().count()).contains(&error.line)),
    }
}

/// Any octets that a server says are shown in one line each, which can be read again.
fn transcript(octets: &[u8]) {
    let mut out = Vec::new();
    let mut transcript = Transcript::new(&mut out, Detail::Lines);
    for line in octets.split(|octet| *octet == b'\n') {
        transcript.received(line);
        transcript.remark(&String::from_utf8_lossy(line));
    }
    drop(transcript);
    let text = String::from_utf8(out).expect("a transcript is UTF-8");
    text.lines().for_each(assert_printable);
    let said = parse(&text).expect("a transcript is a dialogue");
    let said: Vec<&[u8]> = said
        .iter()
        .filter_map(|entry| match entry {
            Entry::Server(line) => Some(line.as_slice()),
            Entry::Client(_) | Entry::Remark(_) | Entry::Setting { .. } => None,
        })
        .collect();
    assert_eq!(said, octets.split(|octet| *octet == b'\n').collect::<Vec<_>>());
}

/// The same as `unescape`, found another way.
fn unescaped(text: &str) -> Vec<u8> {
    let digit = |octet: Option<&u8>| octet.and_then(|octet| char::from(*octet).to_digit(16));
    let octets = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < octets.len() {
        let (octet, length) = match (octets[at], octets.get(at + 1)) {
            (b'\\', Some(b'\\')) => (b'\\', 2),
            (b'\\', Some(b'x')) => match (digit(octets.get(at + 2)), digit(octets.get(at + 3))) {
                (Some(high), Some(low)) => ((high * 16 + low) as u8, 4),
                _ => (b'\\', 1),
            },
            (octet, _) => (octet, 1),
        };
        out.push(octet);
        at += length;
    }
    out
}
