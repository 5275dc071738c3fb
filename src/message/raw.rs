//! A message as it is, `--message` (RFC 5322): octet for octet, but for line ends.
//!
//! Bcc and Resent-Bcc are left out with all their lines, and so are mbox lines and byte order marks in front
//! of the header section, which are none of it. Where there is no header section, and a Bcc where one could
//! appear, the message is refused (`blind`). Header fields can be put on top. What SMTP cannot carry is
//! refused, also in what is left out: NUL and a CR without its LF (RFC 5321, sections 2.3.8 and 4.1.1.4); and
//! a header section that is neither ASCII nor UTF-8 (RFC 6532, section 3.1), unless it is to go all the same.
//! Line ends and dots are `smtp`'s; the fields are [`header`](super::header)'s.

use std::fmt;
use std::io;

use super::blind::BlindLine;
use super::excerpt;
use super::header::{Header, HeaderError, LONGEST_SECTION};
use super::scan::Scan;
use super::source::Source;
use crate::smtp::content::{Content, Facts};
use memchr::memchr;

/// As much of a line as is more than what is shown of it.
const ENOUGH: usize = 512;

/// Why a message cannot be sent as it is.
#[derive(Debug)]
#[non_exhaustive]
pub enum RawError {
    /// There is nothing in it.
    Empty,
    /// There is nothing in it but what is left out.
    NothingLeft,
    /// It cannot be read, or changed meanwhile.
    Read(io::Error),
    /// Its header section cannot be used.
    Header(HeaderError),
    /// A line of a message without a header section that begins as Bcc does.
    Blind(Line),
    /// A line of the header section that is not UTF-8.
    NotUtf8(Line),
    /// A line with a NUL.
    Nul(Line),
    /// A line with a CR that has no LF.
    BareCr(Line),
}

/// A line of the message as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which one, from 1.
    pub number: u64,
    /// How it begins, printable.
    pub start: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, '{}',", self.number, self.start)
    }
}

impl fmt::Display for RawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RawError::Empty => f.write_str("the message is empty"),
            RawError::Read(error) => write!(f, "cannot read the message: {error}"),
            RawError::Header(error) => error.fmt(f),
            RawError::NothingLeft => f.write_str(
                "nothing is left of the message: all of it is mbox lines, byte order marks or Bcc",
            ),
            RawError::Blind(line) => write!(
                f,
                "{line} is in no header section, so that everybody could read it; begin the message with \
                 its header fields, or take the line out"
            ),
            RawError::NotUtf8(line) => write!(f, "{line} is not UTF-8, as a header must be; encode it"),
            RawError::Nul(line) => write!(f, "{line} holds a NUL; encode the message (base64)"),
            RawError::BareCr(line) => {
                write!(f, "{line} holds a CR without an LF; make all line ends LF or CRLF")
            }
        }
    }
}

impl std::error::Error for RawError {}

/// What may go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// A header section that is neither ASCII nor UTF-8 goes all the same.
    pub any_header: bool,
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
    long_line: Option<(u64, Line)>,
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
        let header = match Header::read(&source) {
            Ok(header) => header,
            Err(error) => return Err(without_end(&source, error)),
        };
        let Looked { scan, kept, has_text, blind } = look(&source, &header).map_err(RawError::Read)?;
        let line = |number| line_of(&source, number).map_err(RawError::Read);
        if let Some(number) = scan.nul() {
            return Err(RawError::Nul(line(number)?));
        }
        if let Some(number) = scan.bare_cr() {
            return Err(RawError::BareCr(line(number)?));
        }
        if let Some(number) = blind {
            return Err(RawError::Blind(line(number)?));
        }
        let is_cut = kept != [(0, source.len())];
        if is_cut && !has_text {
            return Err(RawError::NothingLeft);
        }
        let not_utf8 = header.line_not_utf8().filter(|_| !options.any_header);
        if let Some((number, start)) = not_utf8 {
            return Err(RawError::NotUtf8(Line { number: number as u64, start }));
        }
        let facts = Facts {
            octets: scan.octets_with_crlf() + if scan.is_open() { 2 } else { 0 },
            eight_bit: scan.eight_bit(),
            utf8_headers: is_utf8_header(&header, b""),
        };
        let long_line = match scan.long_line() {
            Some((length, number)) => Some((length, line(number)?)),
            None => None,
        };
        Ok(Raw { source, prefix: Vec::new(), kept, header, facts, long_line })
    }

    /// Puts whole header lines with their line ends on top, such as [`missing`](super::compose::missing)
    /// makes; if the message has no header section, an empty line follows them.
    #[must_use]
    pub fn below(mut self, lines: Vec<u8>) -> Raw {
        self.prefix = lines;
        if !self.prefix.is_empty() && !self.header.is_present() {
            self.prefix.extend_from_slice(b"\r\n");
        }
        let mut scan = Scan::default();
        scan.take(&self.prefix);
        self.facts.octets += scan.octets_with_crlf();
        self.facts.eight_bit |= scan.eight_bit();
        self.facts.utf8_headers = is_utf8_header(&self.header, &self.prefix);
        self
    }

    /// The header section, as it was given.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The Message-ID, as it is written but for the blanks around it; that of the lines on top if the message
    /// has none itself.
    #[must_use]
    pub fn message_id(&self) -> Option<String> {
        self.header.message_id().or_else(|| Header::parse(&self.prefix).ok()?.message_id())
    }

    /// The longest line over 998 octets, if there is one: its length in octets without the line end, and which
    /// line it is. Servers may refuse or break it (RFC 5321, section 4.5.3.1.6).
    #[must_use]
    pub fn long_line(&self) -> Option<(u64, &Line)> {
        self.long_line.as_ref().map(|(length, line)| (*length, line))
    }

    /// The header lines that were put on top.
    #[must_use]
    pub fn added(&self) -> &[u8] {
        self.prefix.trim_ascii_end()
    }
}

/// Is this one of internationalised mail? Then it is UTF-8 throughout (RFC 6532, section 3.2), and not all
/// ASCII.
fn is_utf8_header(header: &Header, prefix: &[u8]) -> bool {
    (header.is_eight_bit() || !prefix.is_ascii()) && header.line_not_utf8().is_none()
}

/// What one look at the whole source finds.
struct Looked {
    scan: Scan,
    /// What is sent, in octets.
    kept: Vec<(u64, u64)>,
    /// There is more in it than what somebody may take away, such as empty lines.
    has_text: bool,
    /// The line of a Bcc that is in no header section.
    blind: Option<u64>,
}

/// Reads all of it, and decides what is sent.
fn look(source: &Source, header: &Header) -> io::Result<Looked> {
    let mut scan = Scan::default();
    let mut kept = Vec::new();
    let mut at = 0;
    let mut cuts = header.blind_spans();
    cuts.insert(0, 0..header.front());
    cuts.push(source.len()..source.len());
    // Where no field is left, what follows would be the first thing that is seen.
    let mut blind = (!header.has_visible_fields()).then(BlindLine::default);
    let mut lines = 0;
    for cut in cuts {
        if at < cut.start {
            kept.push((at, cut.start));
            lines = scan.lines();
            source.read_pieces(at, cut.start, &mut |piece| {
                scan.take(piece);
                if let Some(blind) = blind.as_mut().filter(|blind| !blind.is_over()) {
                    blind.take(piece);
                }
                Ok(())
            })?;
        }
        source.read_pieces(cut.start, cut.end, &mut |piece| {
            scan.skip(piece);
            Ok(())
        })?;
        at = cut.end;
    }
    scan.finish();
    // Without visible fields there is one stretch that is kept, behind all that is cut.
    let found = blind.map(BlindLine::finish);
    let has_text = found.is_none_or(|found| found.has_text);
    let blind = found.and_then(|found| found.line).map(|line| lines + line);
    Ok(Looked { scan, kept, has_text, blind })
}

/// A header section without an end may be one whose line ends are none.
fn without_end(source: &Source, error: HeaderError) -> RawError {
    if !matches!(error, HeaderError::TooLong) {
        return RawError::Header(error);
    }
    let mut scan = Scan::default();
    let taken = source.read_pieces(0, LONGEST_SECTION as u64, &mut |piece| {
        scan.take(piece);
        Ok(())
    });
    let fault: fn(Line) -> RawError = if scan.nul().is_some() { RawError::Nul } else { RawError::BareCr };
    match (taken, scan.nul().or(scan.bare_cr())) {
        (Ok(()), Some(number)) => line_of(source, number).map_or_else(RawError::Read, fault),
        (Ok(()), None) => RawError::Header(error),
        (Err(error), _) => RawError::Read(error),
    }
}

/// A line of the source, found once more.
fn line_of(source: &Source, number: u64) -> io::Result<Line> {
    let mut start = Vec::new();
    let mut ends = 0;
    source.read_pieces(0, u64::MAX, &mut |mut piece| {
        while ends + 1 < number
            && let Some(end) = memchr(b'\n', piece)
        {
            piece = piece.get(end + 1..).unwrap_or_default();
            ends += 1;
        }
        if ends + 1 == number && start.len() < ENOUGH {
            let end = memchr(b'\n', piece);
            start.extend_from_slice(piece.get(..end.unwrap_or(piece.len()).min(ENOUGH)).unwrap_or_default());
            ends += u64::from(end.is_some());
        }
        Ok(())
    })?;
    Ok(Line { number, start: excerpt::beginning(&start) })
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
    fn blind_copies_and_what_stands_in_front_go_and_nothing_else() {
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
            (">From me@x Sat\nBcc: a@b\nA: 1\n\nb\n", "A: 1\n\nb\n"),
            ("From me@x Sat\n>>From you\r\n>From she\nA: 1\nBcc: a@b\n\nb\n", "A: 1\n\nb\n"),
            (
                "\u{feff}\u{feff}>From me@x Sat\n\u{feff}From you\n\u{feff}A: 1\nBcc: a@b\n\n>From b\n",
                "A: 1\n\n>From b\n",
            ),
            (">From : me@x\nFrom : me@x\nBcc: a@b\n\nb\n", "From : me@x\n\nb\n"),
            ("\u{feff}no header", "no header"),
            (">From me@x Sat\nno header\n\nBcc: text\n", "no header\n\nBcc: text\n"),
            ("Bcc: a@b\n\nno header\n\nBcc: text\n", "\nno header\n\nBcc: text\n"),
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
        assert!(raw(b"\n").is_ok() && raw(b"\r\n \n").is_ok());
        for message in [&b"From me\n\n"[..], b"Bcc: a@b\n\n\xef\xbb\xbf\r\n", b"\xef\xbb\xbf\n"] {
            assert!(say(message).starts_with("nothing is left of the message"));
        }
        for message in [&b"Bcc: a@b\n"[..], b"\xef\xbb\xbf", b"From me@x\n>From you\n", b"From me\nBcc: a@b"]
        {
            assert!(say(message).starts_with("nothing is left of the message"));
        }
        assert!(say(b"\xef\xbb\xbfA: 1\nstray\n\na").starts_with("line 2, 'stray', is no header field"));
        assert!(say(b"A: 1\nBcc: b@c\n\na\0").starts_with("line 4, 'a\\x00', holds a NUL"));
        assert!(say(b"A: 1\nBcc: b@c,\n d@e\n\na\rb\n").starts_with("line 5, 'a\\x0db', holds a CR"));
        assert!(say(b"A: 1\n\na\r").starts_with("line 3, 'a', holds a CR"));
        assert!(say(b"A: 1\nstray\n\na").starts_with("line 2, 'stray', is no header field"));
    }

    #[test]
    fn what_is_left_out_is_looked_at_too() {
        let say = |message: &[u8]| raw(message).unwrap_err().to_string();
        for (message, start) in [
            (
                &b"From me\rSubject: x\r\rtext\r"[..],
                "line 1, 'From me\\x0dSubject: x\\x0d\\x0dtext', holds a CR",
            ),
            (b"From me\n>From y\0u\nA: 1\n\nb\n", "line 2, '>From y\\x00u', holds a NUL"),
            (b"A: 1\nBcc: a@b\rc@d\nB: 2\n\nb\n", "line 2, 'Bcc: a@b\\x0dc@d', holds a CR"),
            (b"A: 1\nBcc: a@b,\n c\0@d\nB: 2\n\nb\n", "line 3, 'c\\x00@d', holds a NUL"),
            (b"A: 1\nBcc: a@b\r", "line 2, 'Bcc: a@b', holds a CR"),
        ] {
            assert!(say(message).starts_with(start), "{}", say(message));
        }
        // A file with the line ends of an old Mac is one line, and no header section without an end.
        let old = [&b"From: a@b\r"[..], &b"text\r".repeat(1 << 18)].concat();
        assert!(say(&old).starts_with("line 1, 'From: a@b\\x0dtext\\x0d"), "{}", say(&old));
        assert!(say(&old).contains("holds a CR"));
        let endless = [&b"Subject: "[..], &[b'x'; 3 << 20]].concat();
        assert!(say(&endless).starts_with("the header section is longer"));
        assert_eq!(raw(&vec![b'x'; 3 << 20]).unwrap().facts().octets, (3 << 20) + 2);
    }

    #[test]
    fn a_bcc_that_could_come_to_be_in_a_header_section_is_refused() {
        let fields = "From: me@x\nTo: you@x\nBcc: a@b\nSubject: x\n\nbody\n";
        for front in
            ["hello\n", "\n", "\r\n", " \n", "\n\n>From me\n\n", " folded\n", "From me\n\n", "Bcc: c@d\n\n"]
        {
            let message = format!("{front}{fields}");
            let number = front.matches('\n').count() + 3;
            for message in [message.clone(), message.replace('\n', "\r\n").replace("\r\r", "\r")] {
                let error = raw(message.as_bytes()).unwrap_err();
                let RawError::Blind(line) = error else { panic!("{message:?}: {error}") };
                assert_eq!(line, Line { number: number as u64, start: "Bcc: a@b".to_owned() }, "{message:?}");
            }
        }
        let far = format!("hello\n{}bcc : a@b\n", "a line of text\n".repeat(100_000));
        assert!(matches!(raw(far.as_bytes()), Err(RawError::Blind(Line { number: 100_002, .. }))));
    }

    #[test]
    fn a_header_section_is_utf_8_or_goes_by_an_option_alone() {
        let facts = |message: &[u8], any_header| {
            let raw = Raw::new(Source::bytes(message.to_vec()), Options { any_header });
            raw.map(|raw| (raw.facts().eight_bit, raw.facts().utf8_headers))
                .map_err(|error| error.to_string())
        };
        for (message, line) in [
            (&b"Subject: Gr\xf6\xdfe\n\nx\n"[..], "line 1, 'Subject: Gr\\xf6\\xdfe', is not UTF-8"),
            (b"A: \xc3\xbc\nX-Y: \xc3\n\nx\n", "line 2, 'X-Y: \\xc3', is not UTF-8"),
            (b"From x\xfc\nA: 1\n b\n c\xff\n\n", "line 4, 'c\\xff', is not UTF-8"),
            (b"A: \xed\xa0\x80\n\n", "line 1, 'A: \\xed\\xa0\\x80', is not UTF-8"),
        ] {
            assert!(facts(message, false).unwrap_err().starts_with(line), "{:?}", facts(message, false));
            assert_eq!(facts(message, true), Ok((true, false)));
        }
        for (message, wanted) in [
            (&b"Subject: \xc3\xbc\n\n\xff\n"[..], (true, true)),
            (b"Subject: u\n\n\xff\n", (true, false)),
            (b"From \xff\nSubject: u\nBcc: \xff\n\nx\n", (false, false)),
            (b"\xff\nSubject: u\n\nx\n", (true, false)),
        ] {
            assert_eq!(facts(message, false), Ok(wanted));
            assert_eq!(facts(message, true), Ok(wanted));
        }
        let forced = Raw::new(Source::bytes(b"A: \xff\n\n".to_vec()), Options { any_header: true }).unwrap();
        assert!(!forced.below("From: <\u{fc}@x>\r\n".into()).facts().utf8_headers);
        let plain = raw(b"A: 1\n\n").unwrap().below("From: <\u{fc}@x>\r\n".into()).facts();
        assert!(plain.utf8_headers && plain.eight_bit);
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
            let raw = raw(format!("A: 1\n\nshort\n{}\r\n", "x".repeat(length)).as_bytes()).unwrap();
            raw.long_line().map(|(length, line)| (length, line.to_string()))
        };
        assert_eq!(long(998), None);
        assert_eq!(long(999), Some((999, format!("line 4, '{}...',", "x".repeat(40)))));
    }

    #[test]
    fn fields_are_put_on_top() {
        for (message, expected) in [
            ("A: 1\n\ntext\n", "Date: now\r\nA: 1\n\ntext\n"),
            ("\ntext\n", "Date: now\r\n\ntext\n"),
            ("text\n", "Date: now\r\n\r\ntext\n"),
            ("From me@x Sat\ntext\n", "Date: now\r\n\r\ntext\n"),
        ] {
            let raw = raw(message.as_bytes()).unwrap().below(b"Date: now\r\n".to_vec());
            assert_eq!(raw.added(), b"Date: now");
            assert_eq!(String::from_utf8(written(&raw)).unwrap(), expected);
            assert_eq!(raw.facts().octets, arrived(expected.as_bytes()).len() as u64);
        }
        let id = |message: &str| {
            let raw = raw(message.as_bytes()).unwrap().below(b"Message-ID: <1@x>\r\n".to_vec());
            raw.message_id().unwrap()
        };
        assert_eq!((id("text\n"), id("Message-ID: <2@x>\n\n")), ("<1@x>".to_owned(), "<2@x>".to_owned()));
    }
}
