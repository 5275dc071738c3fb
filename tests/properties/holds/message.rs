//! A message as it is: what SMTP cannot carry is refused with its line, Bcc is gone, and all else is untouched.

use super::content::canonical;
use ehlo::message::compose::missing;
use ehlo::message::header::Header;
use ehlo::message::raw::{Options, Raw, RawError};
use ehlo::message::source::Source;
use ehlo::smtp::content::Content;

pub fn holds(octets: &[u8]) {
    is_as_it_was(octets, b"");
    is_as_it_was(octets, b"Date: Sat, 21 Nov 2026 10:00:00 +0100\r\n");
    if let Ok(header) = Header::parse(octets) {
        // Whatever is missing is no more once it was put on top.
        if let Ok(extra) = missing(&header, None, None, None) {
            is_as_it_was(octets, &extra);
        }
    }
}

fn is_as_it_was(octets: &[u8], extra: &[u8]) {
    let options = Options { extra: extra.to_vec() };
    let raw = match Raw::new(Source::bytes(octets.to_vec()), options) {
        Ok(raw) => raw,
        Err(error) => return is_refused_rightly(octets, extra, &error),
    };
    let mut sent = Vec::new();
    raw.write_to(&mut sent).expect("memory can be read");
    assert!(!sent.contains(&0), "a NUL goes out");
    assert_eq!(bare_return(&sent), None, "a bare CR goes out");
    let facts = raw.facts();
    assert_eq!(facts.octets, canonical(&sent).len() as u64, "SIZE");
    assert_eq!(facts.eight_bit, !sent.is_ascii());
    let after = Header::parse(&sent).expect("a header section still");
    for name in ["Bcc", "Resent-Bcc"] {
        assert!(!after.has(name), "{name} goes out");
    }
    // All that was left out is Bcc and the line of an mbox file.
    let header = raw.header();
    let mut kept = extra.to_vec();
    if !extra.is_empty() && !header.is_present() {
        kept.extend_from_slice(b"\r\n");
    }
    let mut at = header.mbox_line() as usize;
    for span in header.blind_spans() {
        kept.extend_from_slice(&octets[at..span.start as usize]);
        at = span.end as usize;
    }
    kept.extend_from_slice(&octets[at..]);
    assert_eq!(sent, kept);
}

fn is_refused_rightly(octets: &[u8], extra: &[u8], error: &RawError) {
    let line = |number: u64| {
        let lines = octets.split_inclusive(|octet| *octet == b'\n');
        lines.into_iter().nth(number as usize - 1).unwrap_or_else(|| panic!("there is no line {number}"))
    };
    match error {
        RawError::Nul { line: number } => assert!(line(*number).contains(&0), "no NUL in line {number}"),
        RawError::BareCr { line: number } => {
            assert_ne!(bare_return(line(*number)), None, "no bare CR in line {number}");
        }
        RawError::Empty => assert!(octets.is_empty() || extra.is_empty(), "there was something to send"),
        RawError::Header(_) => assert!(Header::parse(octets).is_err()),
        other => panic!("memory can be read: {other}"),
    }
}

fn bare_return(octets: &[u8]) -> Option<usize> {
    (0..octets.len()).find(|at| octets[*at] == b'\r' && octets.get(at + 1) != Some(&b'\n'))
}
