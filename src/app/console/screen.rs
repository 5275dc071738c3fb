//! What is shown of the dialogue: a transcript, painted for a person, or the replies alone. What a server
//! says is made printable here, as in a transcript.

use crate::net::error::plain;
use crate::report::transcript::Page;
use ehlo_smtp::dialogue::{Entry, escape};
use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::iter;
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
pub enum Style {
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

/// A page of a transcript, for a person or for a program that reads the replies.
pub struct Painter<W> {
    out: W,
    style: Style,
    switch: Switch,
}

impl<W: Write> Painter<W> {
    /// Paints on `out`.
    pub fn new(out: W, style: Style, switch: Switch) -> Painter<W> {
        Painter { out, style, switch }
    }

    fn paint(&mut self, entry: &Entry) -> io::Result<()> {
        match (self.style, entry) {
            (Style::Replies, Entry::Server(line)) => writeln!(self.out, "{}", escape(line))?,
            (Style::Replies, _) => {}
            (Style::Screen { .. }, Entry::Client(_)) if self.switch.typed.take() => {}
            (Style::Screen { color }, Entry::Server(line)) => {
                let text = with_blanks(line);
                let (code, rest) = text.split_at_checked(3).unwrap_or((&text, ""));
                match hue(code).filter(|_| color) {
                    Some(hue) => writeln!(self.out, "{hue}{code}{PLAIN}{rest}")?,
                    None => writeln!(self.out, "{text}")?,
                }
            }
            (Style::Screen { color }, entry) => {
                let mark = if matches!(entry, Entry::Client(_)) { "> " } else { "" };
                let line = entry.to_string();
                let line = line.strip_prefix("C: ").unwrap_or(&line);
                let (dim, plain) = if color { (DIM, PLAIN) } else { ("", "") };
                writeln!(self.out, "{dim}{mark}{line}{plain}")?;
            }
        }
        self.out.flush()
    }
}

/// Where it cannot be written, [`Paper`] knows.
impl<W: Write> Page for Painter<W> {
    fn put(&mut self, entry: &Entry) {
        if !self.switch.muted.get() {
            let _ = self.paint(entry);
        }
    }
}

/// A line of the server's, each TAB of it as blanks up to the next eighth column.
fn with_blanks(line: &[u8]) -> String {
    let mut pieces = line.split(|octet| *octet == b'\t').map(escape);
    let mut out = pieces.next().unwrap_or_default();
    for piece in pieces {
        out.extend(iter::repeat_n(' ', 8 - out.chars().count() % 8));
        out.push_str(&piece);
    }
    out
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

    fn painted(style: Style, typed: bool, lines: &str) -> String {
        let switch = Switch::default();
        switch.typed.set(typed);
        let mut painter = Painter::new(Vec::new(), style, switch);
        for entry in ehlo_smtp::dialogue::parse(lines).unwrap() {
            painter.put(&entry);
        }
        String::from_utf8(painter.out).unwrap()
    }

    #[test]
    fn a_tab_is_blanks_and_a_backslash_is_no_tab() {
        for (line, shown) in [
            ("250 a\tb", "250 a   b"),
            ("\t\tb", "                b"),
            ("250 a\\x09b\x1b", "250 a\\\\x09b\\x1b"),
            ("250 \\\tb", "250 \\\\  b"),
            ("250 \u{e9}\\", "250 \u{e9}\\\\"),
            ("250 \\\u{e9}", "250 \\\\\u{e9}"),
        ] {
            assert_eq!(with_blanks(line.as_bytes()), shown);
        }
        let plain = Style::Screen { color: false };
        assert_eq!(painted(plain, false, "S: 250 a\\x09b\n"), "250 a   b\n");
        assert_eq!(painted(Style::Replies, false, "S: 250 a\\x09b\n"), "250 a\\x09b\n");
    }

    #[test]
    fn what_was_typed_is_not_painted_again_and_replies_can_stand_alone() {
        const LINES: &str = "# hello\nC: NOOP\nS: 250-a\nS: 250 b\nC: RSET\n";
        let plain = Style::Screen { color: false };
        assert_eq!(painted(plain, true, LINES), "# hello\n250-a\n250 b\n> RSET\n");
        assert_eq!(painted(Style::Replies, false, LINES), "250-a\n250 b\n");
        let colored = painted(Style::Screen { color: true }, false, "C: NOOP\nS: 550 no\n");
        assert_eq!(colored, "\x1b[2m> NOOP\x1b[0m\n\x1b[31m550\x1b[0m no\n");
    }
}
