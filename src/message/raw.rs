//! A message as it is, `--message` (RFC 5322): octet for octet, but for line ends.
//!
//! Bcc and Resent-Bcc are left out with all their lines, and so are mbox lines and byte order marks in front
//! of the header section, which do not belong to it. Where there is no header section, and a Bcc where one
//! could appear, the message is refused (blind.rs). Header fields can be put on top. What SMTP cannot carry
//! is refused, also in what is left out: NUL and a CR without its LF (RFC 5321, sections 2.3.8 and 4.1.1.4);
//! and a header section that is neither ASCII nor UTF-8 (RFC 6532, section 3.1), unless the user insists.
//! Line ends and dots are for `smtp`, fields for [`header`](super::header).

use std::fmt;
use std::io;

use super::blind::BlindLine;
use super::excerpt;
use super::header::{Header, HeaderError, LONGEST_SECTION};
use super::scan::Scan;
use super::source::Source;
use ehlo_smtp::content::{Content, Facts};
use memchr::memchr;

/// How much of a line is read to show its beginning, in octets.
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
                "nothing is left of the message: it consists of mbox lines, byte order marks or Bcc",
            ),
            RawError::Blind(line) => {
                write!(f, "{line} is outside the header section, where every recipient could read it")
            }
            RawError::NotUtf8(line) => write!(f, "{line} is not UTF-8, which a header must be"),
            RawError::Nul(line) => write!(f, "{line} holds a NUL"),
            RawError::BareCr(line) => write!(f, "{line} holds a CR without an LF"),
        }
    }
}

impl std::error::Error for RawError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RawError::Read(error) => Some(error),
            RawError::Header(error) => Some(error),
            _ => None,
        }
    }
}

/// What is let through at the user's word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// A header section that is neither ASCII nor UTF-8.
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
            octets: scan.size(),
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

    /// The longest line over 998 octets, if there is one: its length in octets without the line end, and
    /// which line it is. Servers may refuse or break it (RFC 5321, section 4.5.3.1.6).
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

/// Whether it is internationalised mail: UTF-8 throughout (RFC 6532, section 3.2), and not all ASCII.
fn is_utf8_header(header: &Header, prefix: &[u8]) -> bool {
    (header.is_eight_bit() || !prefix.is_ascii()) && header.line_not_utf8().is_none()
}

/// What one look at the whole source finds.
struct Looked {
    scan: Scan,
    /// What is sent, in octets.
    kept: Vec<(u64, u64)>,
    /// There is more in it than what a server may take away, such as empty lines.
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
    let mut blind = (!header.has_lasting_fields()).then(BlindLine::default);
    let mut lines = 0;
    for cut in cuts {
        if at < cut.start {
            kept.push((at, cut.start));
            let text = if blind.is_some() { header.end().clamp(at, cut.start) } else { cut.start };
            source.read_pieces(at, text, &mut |piece| {
                scan.take(piece);
                Ok(())
            })?;
            lines = scan.lines();
            source.read_pieces(text, cut.start, &mut |piece| {
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
    // The text is in the last stretch that is kept, behind all that is cut.
    let found = blind.map(BlindLine::finish);
    let has_text = header.has_visible_fields() || found.is_none_or(|found| found.has_text);
    let blind = found.and_then(|found| found.line).map(|line| lines + line);
    Ok(Looked { scan, kept, has_text, blind })
}

/// A header section without an end can be one whose lines end in a bare CR.
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
mod tests;
