//! What is shown of the dialogue: a transcript, painted for a person, or the replies alone. What a server
//! says was made printable by the transcript.

use crate::net::error::plain;
use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;

/// A line in small print.
pub const DIM: &str = "\x1b[2m";
/// The end of it.
pub const PLAIN: &str = "\x1b[0m";

/// Where all that is shown goes, what is kept of it, and who has a hand in it.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// For `save`.
    pub record: Record,
    /// Standard output.
    pub paper: Paper,
    /// While it paints.
    pub switch: Switch,
}

/// How the lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// For a person: what was typed stands there already, what was said for them does not.
    Screen {
        /// With colours.
        color: bool,
    },
    /// The replies alone.
    Replies,
}

/// What others may switch while it paints.
#[derive(Debug, Clone, Default)]
pub struct Switch {
    /// The next line to be said was typed.
    pub typed: Rc<Cell<bool>>,
    /// Nothing is shown yet.
    pub muted: Rc<Cell<bool>>,
}

/// Takes the lines of a transcript, and writes them as they are to look.
pub struct Painter<W> {
    out: W,
    look: Look,
    switch: Switch,
    line: Vec<u8>,
}

impl<W: Write> Painter<W> {
    /// Paints on `out`.
    pub fn new(out: W, look: Look, switch: Switch) -> Painter<W> {
        Painter { out, look, switch, line: Vec::new() }
    }

    fn paint(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let (mark, text) = line.split_at_checked(3).unwrap_or((&line, ""));
        let is_reply = mark == "S: ";
        if self.switch.muted.get() {
            return Ok(());
        }
        match self.look {
            Look::Replies if is_reply => writeln!(self.out, "{text}"),
            Look::Replies => Ok(()),
            Look::Screen { .. } if mark == "C: " && self.switch.typed.take() => Ok(()),
            Look::Screen { color } if is_reply => {
                let text = &with_blanks(text);
                let (code, rest) = text.split_at_checked(3).unwrap_or((text, ""));
                match hue(code).filter(|_| color) {
                    Some(hue) => writeln!(self.out, "{hue}{code}{PLAIN}{rest}"),
                    None => writeln!(self.out, "{text}"),
                }
            }
            Look::Screen { color } => {
                let line =
                    line.strip_prefix("C: ").map_or_else(|| line.to_string(), |said| format!("> {said}"));
                if color { writeln!(self.out, "{DIM}{line}{PLAIN}") } else { writeln!(self.out, "{line}") }
            }
        }
    }
}

/// A line of a transcript, each TAB of it as blanks up to the next eighth column.
fn with_blanks(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        // A backslash of the server's is two: what follows them is as it was said.
        let (escape, blanks) = if tail.starts_with("\\x09") { ("\\x09", true) } else { ("\\\\", false) };
        let (escape, tail) = tail.split_at_checked(escape.len()).unwrap_or((tail, ""));
        match blanks {
            true => out.extend(std::iter::repeat_n(' ', 8 - out.chars().count() % 8)),
            false => out.push_str(escape),
        }
        rest = tail;
    }
    out + rest
}

/// Green, cyan, yellow, red, by the first digit.
fn hue(code: &str) -> Option<&'static str> {
    match code.as_bytes().first() {
        Some(b'2') => Some("\x1b[32m"),
        Some(b'3') => Some("\x1b[36m"),
        Some(b'4') => Some("\x1b[33m"),
        Some(b'5') => Some("\x1b[31m"),
        _ => None,
    }
}

impl<W: Write> Write for Painter<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        for part in piece.split_inclusive(|octet| *octet == b'\n') {
            match part.strip_suffix(b"\n") {
                Some(rest) => {
                    self.line.extend_from_slice(rest);
                    self.paint()?;
                }
                None => self.line.extend_from_slice(part),
            }
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Standard output, which remembers what went wrong first. Where nobody reads it any more, nothing did.
#[derive(Debug, Clone, Default)]
pub struct Paper(Rc<RefCell<Option<String>>>);

impl Paper {
    /// Why not all that was written is there.
    pub fn fault(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    fn noting<T>(&self, done: io::Result<T>) -> io::Result<T> {
        done.inspect_err(|error| {
            if !matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::Interrupted) {
                self.0.borrow_mut().get_or_insert_with(|| plain(error));
            }
        })
    }
}

impl Write for Paper {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.noting(io::stdout().write(piece))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.noting(io::stdout().flush())
    }
}

/// The dialogue so far, for `save`.
#[derive(Debug, Clone, Default)]
pub struct Record(Rc<RefCell<Vec<u8>>>);

impl Record {
    /// All of it.
    pub fn octets(&self) -> Vec<u8> {
        self.0.borrow().clone()
    }
}

impl Write for Record {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(look: Look, typed: bool, pieces: &[&str]) -> String {
        let switch = Switch::default();
        switch.typed.set(typed);
        let mut painter = Painter::new(Vec::new(), look, switch);
        pieces.iter().for_each(|piece| painter.write_all(piece.as_bytes()).unwrap());
        String::from_utf8(painter.out).unwrap()
    }

    #[test]
    fn a_tab_is_blanks_and_a_backslash_is_no_tab() {
        for (line, shown) in [
            ("250 a\\x09b", "250 a   b"),
            ("\\x09\\x09b", "                b"),
            ("250 a\\\\x09b\\x1b", "250 a\\\\x09b\\x1b"),
            ("250 \\\\\\x09b", "250 \\\\  b"),
            ("250 \u{e9}\\", "250 \u{e9}\\"),
            ("250 \\\u{e9}", "250 \\\u{e9}"),
        ] {
            assert_eq!(with_blanks(line), shown);
        }
        let plain = Look::Screen { color: false };
        assert_eq!(painted(plain, false, &["S: 250 a\\x09b\n"]), "250 a   b\n");
        assert_eq!(painted(Look::Replies, false, &["S: 250 a\\x09b\n"]), "250 a\\x09b\n");
    }

    const LINES: &str = "# hello\nC: NOOP\nS: 250-a\nS: 250 b\nC: RSET\n";

    #[test]
    fn lines_are_painted_however_they_are_cut() {
        let plain = Look::Screen { color: false };
        for at in 0..=LINES.len() {
            let (one, other) = LINES.split_at(at);
            assert_eq!(painted(plain, true, &[one, other]), "# hello\n250-a\n250 b\n> RSET\n");
            assert_eq!(painted(Look::Replies, false, &[one, other]), "250-a\n250 b\n");
        }
        let colored = painted(Look::Screen { color: true }, false, &["C: NOOP\nS: 550 no\n"]);
        assert_eq!(colored, "\x1b[2m> NOOP\x1b[0m\n\x1b[31m550\x1b[0m no\n");
    }
}
