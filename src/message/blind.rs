//! Bcc where there is no header section: a text that begins with no field, and would begin with fields if
//! somebody further on took away what stands in front of them (RFC 5322, section 3.6.3).
//!
//! Empty lines, byte order marks and mbox lines are such things. The paragraph that comes behind them is
//! looked at, line by line; octets come in any pieces.

use memchr::memchr;

/// As much of a line as says what it is: a name, a blank and a colon, or what an mbox line begins with.
const ENOUGH: usize = 16;
/// U+FEFF, which editors of other systems put in front of a text.
pub const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Whether this is a line that an mbox file has in front of a message (RFC 4155), however often it was
/// quoted.
#[must_use]
pub fn is_mbox_line(line: &[u8]) -> bool {
    let quoted = line.iter().take_while(|octet| **octet == b'>').count();
    line.get(quoted..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// Whether this is the name of a field that only the sender sees.
#[must_use]
pub fn is_blind(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"Bcc") || name.eq_ignore_ascii_case(b"Resent-Bcc")
}

/// A blank, a form feed, or whatever else shows nothing.
fn is_blank(octet: u8) -> bool {
    octet == b' ' || octet.is_ascii_control()
}

/// What was found of a text that begins with no field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The line that begins as Bcc does, counted from 1.
    pub line: Option<u64>,
    /// There is a line that no program takes away.
    pub has_text: bool,
}

/// Looks for a line that begins with `Bcc:` or `Resent-Bcc:` in the first paragraph.
#[derive(Debug, Default)]
pub(super) struct BlindLine {
    /// How the line begins: without blanks and marks in front of it, every further run of blanks or of `>` as
    /// its first octet.
    start: Vec<u8>,
    /// A blank is in front of it.
    is_indented: bool,
    /// Enough of the line was seen.
    is_decided: bool,
    /// The line has an octet that is not its end.
    has_octets: bool,
    /// A line was seen that no program takes away.
    has_begun: bool,
    /// Complete lines.
    lines: u64,
    is_over: bool,
    found: Option<u64>,
}

impl BlindLine {
    /// Takes the next octets.
    pub fn take(&mut self, mut piece: &[u8]) {
        while !self.is_over {
            if self.is_decided {
                let end = memchr(b'\n', piece).unwrap_or(piece.len());
                piece = piece.get(end..).unwrap_or_default();
            }
            let Some((octet, rest)) = piece.split_first() else { return };
            piece = rest;
            match octet {
                b'\n' => self.end_line(),
                b'\r' => {}
                octet => {
                    self.has_octets = true;
                    self.push(*octet);
                }
            }
        }
    }

    /// There is nothing more to look at.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// No more octets come.
    pub fn finish(mut self) -> Found {
        self.decide();
        Found { line: self.found, has_text: self.has_begun }
    }

    fn push(&mut self, octet: u8) {
        let repeats = match self.start.last() {
            Some(last) if is_blank(octet) => is_blank(*last),
            Some(last) => octet == b'>' && *last == b'>',
            None => is_blank(octet),
        };
        if repeats {
            self.is_indented |= self.start.is_empty();
            return;
        }
        self.start.push(octet);
        if self.start == BYTE_ORDER_MARK {
            self.start.clear();
        }
        if self.start.len() == ENOUGH {
            self.decide();
        }
    }

    /// What kind of line it is.
    fn decide(&mut self) {
        if self.is_decided {
            return;
        }
        self.is_decided = true;
        let name = memchr(b':', &self.start).and_then(|colon| self.start.get(..colon));
        let is_bcc = |name: &[u8]| match name.split_last() {
            Some((last, before)) if is_blank(*last) => is_blind(before),
            _ => is_blind(name),
        };
        if name.is_some_and(is_bcc) {
            self.found = Some(self.lines + 1);
            self.is_over = true;
        }
        self.has_begun |= !self.start.is_empty() && (self.is_indented || !is_mbox_line(&self.start));
    }

    fn end_line(&mut self) {
        self.decide();
        self.is_over |= self.has_begun && !self.has_octets;
        self.lines += 1;
        self.start.clear();
        self.is_indented = false;
        self.is_decided = false;
        self.has_octets = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pieces: &[&[u8]]) -> Option<u64> {
        let mut blind = BlindLine::default();
        pieces.iter().for_each(|piece| blind.take(piece));
        blind.finish().line
    }

    #[test]
    fn a_blind_line_is_found_in_the_first_paragraph_at_every_split() {
        for (text, line) in [
            ("", None),
            ("Bcc:", Some(1)),
            ("hello\nBcc: a@x\n", Some(2)),
            ("hello\r\nTo: x\r\nresent-BCC \t : a@x\r\n\r\nbody", Some(3)),
            ("hello\n  Bcc: a@x\n", Some(2)),
            ("hello\n\u{feff}\u{feff} bcc: a@x\n", Some(2)),
            ("hello\n\nBcc: a@x\n", None),
            ("hello\n \nBcc: a@x\n", Some(3)),
            ("\n\r\n \nTo: x\nBcc: a@x\n", Some(5)),
            ("\n>From a Sat\n\nFrom b Sun\n\u{feff}\n\nTo: x\nBcc: a@x\n\n", Some(8)),
            ("\n>>> From a Sat\n\nBcc: a@x\n", None),
            ("\u{c}\n\nTo: x\n\u{1b} Bcc: a@x\n", Some(4)),
            ("\nFrom: a\n\nBcc: a@x\n", None),
            ("Bccs: x\nBc: x\nXBcc: x\n>Bcc: x\nBcc\n: x\nResent-Bccx: y\nBcc x: y\n", None),
            ("hello Bcc: a@x\nBcc, please: x", None),
            ("hello\nBcc                                        : a@x", Some(2)),
            ("0123456789012345678901234567890123456789\n\nBcc: x", None),
        ] {
            let text = text.as_bytes();
            for one in 0..=text.len() {
                for two in one..=text.len() {
                    let pieces = [&text[..one], &text[one..two], &text[two..]];
                    let shown = String::from_utf8_lossy(text);
                    assert_eq!(found(&pieces), line, "{shown:?} split at {one} and {two}");
                }
            }
            let octets: Vec<&[u8]> = text.chunks(1).collect();
            assert_eq!(found(&octets), line);
        }
    }

    #[test]
    fn text_is_what_nobody_takes_away() {
        let has_text = |text: &str| {
            let mut blind = BlindLine::default();
            text.as_bytes().chunks(1).for_each(|octet| blind.take(octet));
            blind.finish().has_text
        };
        for text in ["", "\n", "\r\n \t\n\u{feff}\u{c}", "\n>From a\n\nFrom b"] {
            assert!(!has_text(text), "{text:?}");
        }
        for text in ["a", "\n\n.", "\n>From\n", "\nFrom\ta\n", "\n From a", "Bcc: a\n", "\u{feff}\u{a0}"] {
            assert!(has_text(text), "{text:?}");
        }
    }

    #[test]
    fn mbox_lines_are_known() {
        for (line, is_one) in [
            ("From ", true),
            ("From jones Mon", true),
            (">From jones", true),
            (">>>From jones", true),
            ("From: jones", false),
            ("From\tjones", false),
            (" From jones", false),
            ("> From jones", false),
            ("from jones", false),
            (">", false),
            ("", false),
        ] {
            assert_eq!(is_mbox_line(line.as_bytes()), is_one, "{line:?}");
        }
    }
}
