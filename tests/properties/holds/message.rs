//! A message as it is: what SMTP cannot carry is refused with its line, Bcc is gone, and all else is untouched.

use super::content::canonical;
use ehlo::inside::message::compose::missing;
use ehlo::inside::message::header::Header;
use ehlo::inside::message::raw::{Options, Raw, RawError};
use ehlo::inside::message::source::Source;
use ehlo_smtp::content::Content;

pub fn holds(octets: &[u8]) {
    for any_header in [false, true] {
        is_as_it_was(octets, Options { any_header }, b"");
        is_as_it_was(octets, Options { any_header }, b"Date: Sat, 21 Nov 2026 10:00:00 +0100\r\n");
    }
    if let Ok(header) = Header::parse(octets) {
        // Whatever is missing is no more once it was put on top.
        if let Ok(extra) = missing(&header, None, None, None) {
            is_as_it_was(octets, Options::default(), &extra);
        }
    }
}

fn is_as_it_was(octets: &[u8], options: Options, extra: &[u8]) {
    let raw = match Raw::new(Source::bytes(octets.to_vec()), options) {
        Ok(raw) => raw.below(extra.to_vec()),
        Err(error) => return is_refused_rightly(octets, options, &error),
    };
    // What is left out is looked at like the rest.
    assert!(!octets.contains(&0), "a NUL was passed over");
    assert_eq!(bare_return(octets), None, "a bare CR was passed over");
    let mut sent = Vec::new();
    raw.write_to(&mut sent).expect("memory can be read");
    let facts = raw.facts();
    assert_eq!(facts.octets, canonical(&sent).len() as u64, "SIZE");
    assert_eq!(facts.eight_bit, !sent.is_ascii());
    has_no_bcc(&sent);
    // All that was left out is Bcc and what stands in front.
    let header = raw.header();
    let mut kept = extra.to_vec();
    if !extra.is_empty() && !header.is_present() {
        kept.extend_from_slice(b"\r\n");
    }
    let mut at = header.front() as usize;
    for span in header.blind_spans() {
        kept.extend_from_slice(&octets[at..span.start as usize]);
        at = span.end as usize;
    }
    kept.extend_from_slice(&octets[at..]);
    assert_eq!(sent, kept);
    assert!(sent.len() > extra.len(), "nothing of it is left");
    // SMTPUTF8 is claimed of UTF-8 alone, and of all of it.
    let end = sent.len() - (octets.len() - header.end() as usize);
    let section = &sent[..end];
    assert_eq!(facts.utf8_headers, !section.is_ascii() && std::str::from_utf8(section).is_ok());
    assert!(
        options.any_header || std::str::from_utf8(section).is_ok(),
        "an octet that is not UTF-8 goes out"
    );
}

/// Neither as it is, nor when somebody has taken away what stands in front.
fn has_no_bcc(sent: &[u8]) {
    let mut rest = sent;
    loop {
        if let Ok(header) = Header::parse(rest) {
            for name in ["Bcc", "Resent-Bcc"] {
                assert!(!header.has(name), "{name} goes out");
            }
        }
        let line = rest.split_inclusive(|octet| *octet == b'\n').next().unwrap_or_default();
        let unquoted = &line[line.iter().take_while(|octet| **octet == b'>').count()..];
        rest = if let Some(behind) = rest.strip_prefix("\u{feff}".as_bytes()) {
            behind
        } else if !line.is_empty() && (line.trim_ascii().is_empty() || unquoted.starts_with(b"From ")) {
            &rest[line.len()..]
        } else {
            return;
        };
    }
}

fn is_refused_rightly(octets: &[u8], options: Options, error: &RawError) {
    let line = |number: u64| {
        let lines = octets.split_inclusive(|octet| *octet == b'\n');
        lines.into_iter().nth(number as usize - 1).unwrap_or_else(|| panic!("there is no line {number}"))
    };
    match error {
        RawError::Nul(at) => assert!(line(at.number).contains(&0), "no NUL in {at}"),
        RawError::BareCr(at) => assert_ne!(bare_return(line(at.number)), None, "no bare CR in {at}"),
        RawError::NotUtf8(at) => {
            assert!(!options.any_header && std::str::from_utf8(line(at.number)).is_err(), "{at}");
        }
        RawError::Blind(at) => {
            let name = line(at.number).split(|octet| *octet == b':').next().unwrap_or_default();
            // What shows nothing may stand on either side of the name.
            let shown = name.iter().rposition(|octet| octet.is_ascii_graphic()).map_or(0, |last| last + 1);
            assert!(name[..shown].to_ascii_lowercase().ends_with(b"bcc"), "{at}");
        }
        RawError::Empty => assert!(octets.is_empty(), "there was something to send"),
        RawError::NothingLeft => {
            let header = Header::parse(octets).expect("a header section");
            let rest = &octets[header.end() as usize..];
            let mut lines = rest.split(|octet| *octet == b'\n');
            let shows_nothing = |line: &[u8]| {
                let text = String::from_utf8_lossy(line).replace('\u{feff}', "");
                text.bytes().all(|octet| octet == b' ' || octet.is_ascii_control()) || text.contains("From ")
            };
            assert!(!header.has_visible_fields() && lines.all(shows_nothing));
            assert!(header.front() > 0 || !header.blind_spans().is_empty(), "nothing was left out");
        }
        RawError::Header(_) => assert!(Header::parse(octets).is_err()),
        other => panic!("memory can be read: {other}"),
    }
}

fn bare_return(octets: &[u8]) -> Option<usize> {
    (0..octets.len()).find(|at| octets[*at] == b'\r' && octets.get(at + 1) != Some(&b'\n'))
}
