//! Standard input as a message: its lines end in LF, and it ends where its caller says so.
//!
//! Callers write LF, CRLF, or both in one message, and the last line may have no end. Several CRs in front of an LF are
//! one line end. SMTP carries neither a CR alone nor NUL (RFC 5321, section 2.3.8), and the mail of a job must not be
//! lost for them: NUL is left out, and a CR alone, which a progress bar writes, becomes a line end. In a field it
//! becomes a blank: nobody who can put a CR into a field may add one, and with it a recipient. A line that is a dot
//! alone ends the message unless the caller asks otherwise, and what follows is read all the same, so that the caller
//! is not killed while it writes.

use super::field::InField;
use crate::message::blind::{BYTE_ORDER_MARK, is_mbox_line};
use crate::message::source::{Builder, Source};
use memchr::{memchr, memchr3};
use std::io::{self, Read};

/// How much is read at once, in octets.
const PIECE: usize = 16 * 1024;

/// How lines are taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineRules {
    /// A dot alone is a line like any other.
    pub ignore_dots: bool,
    /// Two dots at the start of a line are one.
    pub dot_unstuff: bool,
}

/// Makes lines that end in LF of octets that come in pieces.
#[derive(Debug)]
pub struct Normalizer {
    rules: LineRules,
    /// The start of a line that may be a dot alone, or begin with two: at most two dots.
    dots: usize,
    at_line_start: bool,
    /// There were CRs, which may belong to a line end.
    after_cr: bool,
    field: InField,
    /// A dot alone was read.
    is_over: bool,
}

impl Normalizer {
    /// By these rules.
    #[must_use]
    pub fn new(rules: LineRules) -> Normalizer {
        Normalizer {
            rules,
            dots: 0,
            at_line_start: true,
            after_cr: false,
            field: InField::default(),
            is_over: false,
        }
    }

    /// Takes a piece, and appends what comes of it to `out`.
    pub fn push(&mut self, mut piece: &[u8], out: &mut Vec<u8>) {
        while !self.is_over
            && let Some((first, rest)) = piece.split_first()
        {
            match first {
                0 => piece = rest,
                b'\r' => (self.after_cr, piece) = (true, rest),
                b'\n' => {
                    self.end_line(out);
                    piece = rest;
                }
                _ if self.after_cr => self.end_by_cr(out),
                b'.' if self.at_line_start && self.dots < 2 => {
                    self.dots += 1;
                    piece = rest;
                }
                _ => {
                    let end = memchr3(b'\n', b'\r', 0, piece).unwrap_or(piece.len());
                    let (text, rest) = piece.split_at(end);
                    self.begin_line(out);
                    self.field.take(text);
                    out.extend_from_slice(text);
                    piece = rest;
                }
            }
        }
    }

    /// The last line gets its end.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if !self.is_over && (!self.at_line_start || self.dots > 0 || self.after_cr) {
            self.end_line(out);
        }
        self.is_over = true;
    }

    /// What was held back of a line's start is part of a longer line.
    fn begin_line(&mut self, out: &mut Vec<u8>) {
        if !std::mem::take(&mut self.at_line_start) {
            return;
        }
        let dots = std::mem::take(&mut self.dots);
        let shown = if self.rules.dot_unstuff && dots == 2 { 1 } else { dots };
        if shown > 0 {
            self.field.take(b".");
        }
        out.extend(std::iter::repeat_n(b'.', shown));
    }

    fn end_line(&mut self, out: &mut Vec<u8>) {
        self.after_cr = false;
        if self.at_line_start && self.dots == 1 && !self.rules.ignore_dots {
            self.is_over = true;
            return;
        }
        self.begin_line(out);
        out.push(b'\n');
        self.field.end_line();
        self.at_line_start = true;
    }

    /// The CRs that came end no line. A dot behind them is text: only LF begins a line that can end the message.
    fn end_by_cr(&mut self, out: &mut Vec<u8>) {
        self.after_cr = false;
        self.begin_line(out);
        if self.field.is_field() {
            out.push(b' ');
        } else {
            out.push(b'\n');
            self.field.end_line();
        }
    }
}

/// A message whose lines end in LF, read from somewhere.
#[derive(Debug)]
pub struct Lines<R> {
    from: R,
    normalizer: Normalizer,
    read: Box<[u8]>,
    /// What is ready to be handed out.
    ready: Vec<u8>,
    handed: usize,
    is_read: bool,
}

impl<R: Read> Lines<R> {
    /// Those of `from`.
    pub fn new(from: R, rules: LineRules) -> Lines<R> {
        let read = vec![0; PIECE].into_boxed_slice();
        Lines { from, normalizer: Normalizer::new(rules), read, ready: Vec::new(), handed: 0, is_read: false }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed == self.ready.len() && !self.is_read {
            self.ready.clear();
            self.handed = 0;
            match self.from.read(&mut self.read)? {
                0 => {
                    self.is_read = true;
                    self.normalizer.finish(&mut self.ready);
                }
                count => self.normalizer.push(self.read.get(..count).unwrap_or_default(), &mut self.ready),
            }
        }
        let ready = self.ready.get(self.handed..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.handed += count;
        Ok(count)
    }
}

/// A message that came in pieces already, with lines that end in LF.
///
/// # Errors
/// What reading or keeping it says.
pub fn of(source: &Source) -> io::Result<Source> {
    let mut normalizer = Normalizer::new(LineRules { ignore_dots: true, dot_unstuff: false });
    let (mut builder, mut ready) = (Builder::default(), Vec::new());
    source.read_pieces(0, u64::MAX, &mut |piece| {
        ready.clear();
        normalizer.push(piece, &mut ready);
        builder.push(&ready)
    })?;
    ready.clear();
    normalizer.finish(&mut ready);
    builder.push(&ready)?;
    builder.finish()
}

/// What of a message's start is no part of it, in octets: lines that an mbox file has in front (RFC 4155), and byte
/// order marks.
#[must_use]
pub fn front(start: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = start.get(at..).unwrap_or_default();
        if rest.starts_with(BYTE_ORDER_MARK) {
            at += BYTE_ORDER_MARK.len();
            continue;
        }
        match memchr(b'\n', rest).filter(|_| is_mbox_line(rest)) {
            Some(end) => at += end + 1,
            None => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out pieces that end where it is told.
    struct Pieces<'a>(Vec<&'a [u8]>);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            while self.0.first().is_some_and(|piece| piece.is_empty()) {
                self.0.remove(0);
            }
            let Some(piece) = self.0.first_mut() else { return Ok(0) };
            let count = piece.len().min(buffer.len());
            buffer[..count].copy_from_slice(&piece[..count]);
            *piece = &piece[count..];
            Ok(count)
        }
    }

    fn taken(pieces: Vec<&[u8]>, ignore_dots: bool, dot_unstuff: bool) -> String {
        let mut lines = Lines::new(Pieces(pieces), LineRules { ignore_dots, dot_unstuff });
        let mut octets = Vec::new();
        lines.read_to_end(&mut octets).unwrap();
        assert!(lines.from.0.iter().all(|piece| piece.is_empty()), "all of it is read");
        String::from_utf8(octets).unwrap()
    }

    #[test]
    fn lines_end_in_lf_and_a_dot_alone_ends_it_at_every_split() {
        for (given, ends, goes_on) in [
            ("", "", ""),
            ("a", "a\n", "a\n"),
            ("a\nb\n", "a\nb\n", "a\nb\n"),
            ("a\r\nb\r\n\r\n", "a\nb\n\n", "a\nb\n\n"),
            ("A: b\r\n\r\na\nb\r\n", "A: b\n\na\nb\n", "A: b\n\na\nb\n"),
            ("10%\r20%\rdone\n", "10%\n20%\ndone\n", "10%\n20%\ndone\n"),
            ("a\r\r\nb", "a\nb\n", "a\nb\n"),
            ("A: b\r\r\nC: d\r\r\n\r\r\ne\r\r\n", "A: b\nC: d\n\ne\n", "A: b\nC: d\n\ne\n"),
            ("a\r", "a\n", "a\n"),
            ("\r", "\n", "\n"),
            ("\ra\n", "\na\n", "\na\n"),
            ("A: b\rBcc: c\n\nd\re\n", "A: b Bcc: c\n\nd\ne\n", "A: b Bcc: c\n\nd\ne\n"),
            ("A: b\n c\rD: e\n", "A: b\n c D: e\n", "A: b\n c D: e\n"),
            ("From x\nA : b\rC: d\n", "From x\nA : b C: d\n", "From x\nA : b C: d\n"),
            ("\u{feff}A: b\rC: d\n", "\u{feff}A: b C: d\n", "\u{feff}A: b C: d\n"),
            ("A: b\nno field\rC: d\n", "A: b\nno field\nC: d\n", "A: b\nno field\nC: d\n"),
            ("x\n1%\r.\n2%\n", "x\n1%\n.\n2%\n", "x\n1%\n.\n2%\n"),
            (".\r1%\n", ".\n1%\n", ".\n1%\n"),
            ("a\u{0}b\u{0}\n", "ab\n", "ab\n"),
            ("a\n.\nb\n", "a\n", "a\n.\nb\n"),
            ("a\r\n.\r\nb\r\n", "a\n", "a\n.\nb\n"),
            ("a\n.", "a\n", "a\n.\n"),
            (".\na", "", ".\na\n"),
            ("a\n..\n.b\n...\n", "a\n..\n.b\n...\n", "a\n..\n.b\n...\n"),
            ("a.\n", "a.\n", "a.\n"),
            (".\u{0}\nb\n", "", ".\nb\n"),
        ] {
            for at in 0..=given.len() {
                for then in at..=given.len() {
                    let given = given.as_bytes();
                    let pieces = vec![&given[..at], &given[at..then], &given[then..]];
                    assert_eq!(
                        taken(pieces.clone(), false, false),
                        ends,
                        "{given:?} split at {at} and {then}"
                    );
                    assert_eq!(taken(pieces, true, false), goes_on, "{given:?} split at {at} and {then}");
                }
            }
        }
    }

    #[test]
    fn two_dots_are_one_where_the_caller_doubles_them() {
        for at in 0..12 {
            let given = b"..\n.b\n...\n.\nc";
            assert_eq!(taken(vec![&given[..at], &given[at..]], false, true), ".\n.b\n..\n", "split at {at}");
        }
    }

    #[test]
    fn mbox_lines_and_marks_in_front_are_no_part_of_it() {
        for (start, front_of_it) in [
            ("Subject: x\n", 0),
            ("From root Mon Nov 30\nSubject: x\n", 21),
            (">From a\n>>From b\nTo: x\n", 17),
            ("\u{feff}To: x\n", 3),
            ("From: x\n", 0),
            ("From x", 0),
        ] {
            assert_eq!(front(start.as_bytes()), front_of_it, "{start:?}");
        }
    }
}
