//! A message as it is, `--message` (RFC 5322): octet for octet, but for line ends.
//!
//! Bcc and Resent-Bcc are left out with all their lines, and so are a `From ` line of an mbox file and a byte order mark
//! in front of the header section, which are none of it. Header fields can be put on top. What SMTP cannot carry is refused:
//! NUL and a CR without its LF (RFC 5321, sections 2.3.8 and 4.1.1.4). Line ends and dots are `smtp`'s; the
//! fields are [`header`](super::header)'s.

use std::fmt;
use std::io;

use super::header::{Header, HeaderError};
use super::scan::Scan;
use super::source::Source;
use crate::smtp::content::{Content, Facts};

/// Why a message cannot be sent as it is.
#[derive(Debug)]
#[non_exhaustive]
pub enum RawError {
    /// There is nothing in it.
    Empty,
    /// It cannot be read, or changed meanwhile.
    Read(io::Error),
    /// Its header section cannot be used.
    Header(HeaderError),
    /// A NUL in this line, counted from 1.
    Nul {
        /// Which line, from 1.
        line: u64,
    },
    /// A CR without an LF in this line, counted from 1.
    BareCr {
        /// Which line, from 1.
        line: u64,
    },
}

impl fmt::Display for RawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RawError::Empty => f.write_str("the message is empty"),
            RawError::Read(error) => write!(f, "cannot read the message: {error}"),
            RawError::Header(error) => error.fmt(f),
            RawError::Nul { line } => write!(f, "line {line} holds a NUL; encode the message (base64)"),
            RawError::BareCr { line } => {
                write!(f, "line {line} holds a CR without an LF; make all line ends LF or CRLF")
            }
        }
    }
}

impl std::error::Error for RawError {}

/// What is put on top of a message.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whole header lines with their line ends, such as [`missing`](super::compose::missing) makes; if the
    /// message has no header section, an empty line follows them.
    pub extra: Vec<u8>,
}

/// A message that is sent as it is.
#[derive(Debug)]
pub struct Raw {
    source: Source,
    prefix: Vec<u8>,
    /// What of the source is sent, in octets, in order.
    kept: Vec<(u64, u64)>,
    header: Header,
    facts: Facts,
    long_line: Option<(u64, u64)>,
}

impl Raw {
    /// Reads the message once, to the end.
    ///
    /// # Errors
    /// [`RawError`]; the message is then not fit to be sent.
    pub fn new(source: Source, options: Options) -> Result<Raw, RawError> {
        if source.is_empty() {
            return Err(RawError::Empty);
        }
        let header = Header::read(&source).map_err(RawError::Header)?;
        let mut prefix = options.extra;
        let utf8_headers = header.is_eight_bit() || !prefix.is_ascii();
        if !prefix.is_empty() && !header.is_present() {
            prefix.extend_from_slice(b"\r\n");
        }

        let mut scan = Scan::default();
        scan.take(&prefix);
        scan.restart_lines();
        let mut kept = Vec::new();
        let mut at = 0;
        let mut cuts = header.blind_spans();
        cuts.insert(0, 0..header.mbox_line());
        cuts.push(source.len()..source.len());
        for cut in cuts {
            if at < cut.start {
                kept.push((at, cut.start));
                let take = &mut |piece: &[u8]| {
                    scan.take(piece);
                    Ok(())
                };
                source.read_pieces(at, cut.start, take).map_err(RawError::Read)?;
            }
            let skip = &mut |piece: &[u8]| {
                scan.skip(piece);
                Ok(())
            };
            source.read_pieces(cut.start, cut.end, skip).map_err(RawError::Read)?;
            at = cut.end;
        }
        scan.finish();
        if let Some(line) = scan.nul() {
            return Err(RawError::Nul { line });
        }
        if let Some(line) = scan.bare_cr() {
            return Err(RawError::BareCr { line });
        }
        let octets = scan.octets_with_crlf() + if scan.is_open() { 2 } else { 0 };
        if octets == 0 {
            return Err(RawError::Empty);
        }
        let facts = Facts { octets, eight_bit: scan.eight_bit(), utf8_headers };
        Ok(Raw { source, prefix, kept, header, facts, long_line: scan.long_line() })
    }

    /// The header section, as it was given.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The Message-ID, as it is written but for the blanks around it; that of the extra lines if the message
    /// has none itself.
    #[must_use]
    pub fn message_id(&self) -> Option<String> {
        self.header.message_id().or_else(|| Header::parse(&self.prefix).ok()?.message_id())
    }

    /// The longest line over 998 octets, if there is one: its length in octets without the line end, and which
    /// line it is, from 1. Servers may refuse or break it (RFC 5321, section 4.5.3.1.6).
    #[must_use]
    pub fn long_line(&self) -> Option<(u64, u64)> {
        self.long_line
    }
}

impl Content for Raw {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&self.prefix)?;
        for (from, to) in &self.kept {
            self.source.read_pieces(*from, *to, &mut |piece| out.write_all(piece))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(message: &[u8]) -> Result<Raw, RawError> {
        Raw::new(Source::bytes(message.to_vec()), Options::default())
    }

    fn written(raw: &Raw) -> Vec<u8> {
        let mut out = Vec::new();
        raw.write_to(&mut out).unwrap();
        out
    }

    /// What arrives: every line end CRLF, and one at the end.
    fn arrived(octets: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, octet) in octets.iter().enumerate() {
            if *octet == b'\n' && (at == 0 || octets[at - 1] != b'\r') {
                out.push(b'\r');
            }
            out.push(*octet);
        }
        if out.last() != Some(&b'\n') {
            out.extend_from_slice(b"\r\n");
        }
        out
    }

    #[test]
    fn blind_copies_and_the_mbox_line_go_and_nothing_else() {
        for (message, expected) in [
            ("A: 1\n\ntext", "A: 1\n\ntext"),
            ("A: 1\r\n\r\ntext\r\n", "A: 1\r\n\r\ntext\r\n"),
            ("Bcc: a@b\nA: 1\n\ntext\n", "A: 1\n\ntext\n"),
            ("A: 1\nbCC : a@b,\n c@d\n\te@f\nB: 2\n\nBcc: text\n", "A: 1\nB: 2\n\nBcc: text\n"),
            ("A: 1\nResent-Bcc: x@y\nBcc: x\nB: 2\n\n", "A: 1\nB: 2\n\n"),
            ("A: 1\nBcc: x@y", "A: 1\n"),
            ("From me@x Sat\nBcc: a@b\nA: 1\n\nFrom you\n", "A: 1\n\nFrom you\n"),
            ("From me@x Sat\nFrom you@x Sun\nBcc: a@b\nA: 1\n\nb\n", "A: 1\n\nb\n"),
            ("\u{feff}Bcc: a@b\nA: 1\n\n\u{feff}b\n", "A: 1\n\n\u{feff}b\n"),
            ("\u{feff}From me@x Sat\n\u{feff}\u{feff}Bcc: a@b\nA: 1\n\nb\n", "A: 1\n\nb\n"),
            ("\u{feff}no header", "no header"),
            ("no header\nat all", "no header\nat all"),
            ("\nempty header", "\nempty header"),
        ] {
            let raw = raw(message.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(written(&raw)).unwrap(), expected, "{message:?}");
            assert_eq!(raw.facts().octets, arrived(expected.as_bytes()).len() as u64, "{message:?}");
            assert_eq!(written(&raw), written(&raw));
        }
    }

    #[test]
    fn the_octets_counted_are_those_that_arrive() {
        let alphabet = [&b"\n"[..], b"\r\n", b"a", b"b: c\n", b"Bcc: x\n", b"\xc3\xbc", b" d\r\n", b"\n\n"];
        let mut state = 7_u64;
        let mut taken = 0;
        for _ in 0..5000 {
            let mut message = b"A: 1\n".to_vec();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                message.extend_from_slice(alphabet[(state >> 33) as usize % alphabet.len()]);
            }
            let Ok(raw) = raw(&message) else { continue };
            taken += 1;
            let out = written(&raw);
            assert_eq!(raw.facts().octets, arrived(&out).len() as u64, "{message:?}");
            assert_eq!(raw.facts().eight_bit, !out.is_ascii());
        }
        assert!(taken > 1000);
    }

    #[test]
    fn long_messages_are_counted_across_pieces() {
        for line in ["x\n", "xy\r\n", "0123456789\n"] {
            let message = format!("A: 1\nBcc: b@c\n\n{}", line.repeat(200_000));
            let raw = raw(message.as_bytes()).unwrap();
            assert_eq!(raw.facts().octets, arrived(&written(&raw)).len() as u64);
        }
    }

    #[test]
    fn what_smtp_cannot_carry_is_refused_with_its_line() {
        let say = |message: &[u8]| raw(message).unwrap_err().to_string();
        assert_eq!(say(b""), "the message is empty");
        assert_eq!(say(b"Bcc: a@b\n"), "the message is empty");
        assert_eq!(say(b"\xef\xbb\xbf"), "the message is empty");
        assert!(say(b"\xef\xbb\xbfA: 1\nstray\n\na").starts_with("line 2 is no header field"));
        assert!(say(b"A: 1\nBcc: b@c\n\na\0").starts_with("line 4 holds a NUL"));
        assert!(say(b"A: 1\nBcc: b@c,\n d@e\n\na\rb\n").starts_with("line 5 holds a CR"));
        assert!(say(b"A: 1\n\na\r").starts_with("line 3 holds a CR"));
        assert!(say(b"A: 1\nstray\n\na").starts_with("line 2 is no header field"));
    }

    #[test]
    fn eight_bit_is_told_of_body_and_header() {
        let facts = |message: &str| {
            let facts = raw(message.as_bytes()).unwrap().facts();
            (facts.eight_bit, facts.utf8_headers)
        };
        assert_eq!(facts("A: 1\n\nu"), (false, false));
        assert_eq!(facts("A: 1\n\nü"), (true, false));
        assert_eq!(facts("A: ü\n\nu"), (true, true));
        assert_eq!(facts("A: 1\nBcc: ü@x\n\nu"), (false, false));
    }

    #[test]
    fn long_lines_are_noted() {
        let long = |length: usize| {
            raw(format!("A: 1\n\nshort\n{}\r\n", "x".repeat(length)).as_bytes()).unwrap().long_line()
        };
        assert_eq!(long(998), None);
        assert_eq!(long(999), Some((999, 4)));
    }

    #[test]
    fn fields_are_put_on_top() {
        let options = Options { extra: b"Date: now\r\n".to_vec() };
        for (message, expected) in [
            ("A: 1\n\ntext\n", "Date: now\r\nA: 1\n\ntext\n"),
            ("\ntext\n", "Date: now\r\n\ntext\n"),
            ("text\n", "Date: now\r\n\r\ntext\n"),
            ("From me@x Sat\ntext\n", "Date: now\r\n\r\ntext\n"),
        ] {
            let raw = Raw::new(Source::bytes(message.into()), options.clone()).unwrap();
            assert_eq!(String::from_utf8(written(&raw)).unwrap(), expected);
            assert_eq!(raw.facts().octets, arrived(expected.as_bytes()).len() as u64);
        }
        let id = |message: &str| {
            let options = Options { extra: b"Message-ID: <1@x>\r\n".to_vec() };
            Raw::new(Source::bytes(message.into()), options).unwrap().message_id().unwrap()
        };
        assert_eq!((id("text\n"), id("Message-ID: <2@x>\n\n")), ("<1@x>".to_owned(), "<2@x>".to_owned()));
        let nul = Raw::new(Source::bytes(b"A: 1\n\n\0".to_vec()), options).unwrap_err();
        assert!(matches!(nul, RawError::Nul { line: 3 }));
    }
}
