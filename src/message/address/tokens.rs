//! The words of a list of addresses: atoms, dots and quoted strings, with the blanks, folds and comments
//! around them (RFC 5322, sections 3.2.1 to 3.2.4).

use super::{AddressError, AddressFault, List};
use crate::message::phrases::quoted;
use ehlo_smtp::path::{Domain, is_atext};

/// A piece of a phrase or of a local part.
pub(super) struct Piece {
    /// An atom, a dot, or the inside of a quoted string.
    pub text: String,
    pub kind: Kind,
    /// Whether there was a blank or a comment in front of it.
    pub apart: bool,
    /// Its first character, counted from 0.
    pub at: usize,
}

impl Piece {
    /// As it is typed.
    pub fn typed(&self) -> String {
        match self.kind {
            Kind::Quoted => quoted(&self.text),
            Kind::Atom | Kind::Dot | Kind::Other => self.text.clone(),
        }
    }
}

#[derive(PartialEq, Eq, Clone, Copy)]
pub(super) enum Kind {
    Atom,
    Dot,
    Quoted,
    /// Something that no phrase can hold, and that does not separate addresses.
    Other,
}

/// How far a list was read.
pub(super) struct Parser<'a> {
    pub text: Vec<char>,
    /// The next character, counted from 0.
    pub at: usize,
    pub default_domain: Option<&'a Domain>,
    pub found: List,
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub(super) fn fault<T>(&self, at: usize, fault: AddressFault) -> Result<T, AddressError> {
        Err(AddressError { position: at + 1, fault })
    }

    /// The error that what is here does not belong here.
    pub(super) fn unexpected<T>(&self) -> Result<T, AddressError> {
        match self.peek() {
            None => self.fault(self.text.len(), AddressFault::End),
            Some('\r' | '\n') => self.fault(self.at, AddressFault::LineEnd),
            Some(c) if c.is_control() => self.fault(self.at, AddressFault::Control),
            Some(c) => self.fault(self.at, AddressFault::Unexpected(c)),
        }
    }

    /// Atoms, dots and quoted strings, with the blanks and comments around them.
    pub(super) fn pieces(&mut self) -> Result<Vec<Piece>, AddressError> {
        let mut pieces = Vec::new();
        while let Some(piece) = self.piece()? {
            pieces.push(piece);
        }
        Ok(pieces)
    }

    pub(super) fn piece(&mut self) -> Result<Option<Piece>, AddressError> {
        let apart = self.blanks()?;
        let at = self.at;
        let (kind, text) = match self.peek() {
            Some('.') => {
                self.at += 1;
                (Kind::Dot, ".".to_owned())
            }
            Some('"') => (Kind::Quoted, self.quoted()?),
            Some(c) if is_atext(c) => {
                let rest = self.text.get(at..).unwrap_or_default();
                let atom: String = rest.iter().take_while(|c| is_atext(**c)).collect();
                self.at += atom.chars().count();
                (Kind::Atom, atom)
            }
            _ => return Ok(None),
        };
        Ok(Some(Piece { text, kind, apart, at }))
    }

    /// Skips blanks, folds and comments, and tells whether there were any.
    pub(super) fn blanks(&mut self) -> Result<bool, AddressError> {
        let start = self.at;
        loop {
            match self.peek() {
                Some(' ' | '\t') => {}
                // Such blanks come from copying.
                Some(c) if is_other_blank(c) => self.found.is_regular = false,
                Some('\r' | '\n') => self.fold()?,
                Some('(') => self.comment()?,
                _ => return Ok(self.at > start),
            }
            self.at += 1;
        }
    }

    /// A quoted string, without its quotes; folded lines in it are unfolded.
    fn quoted(&mut self) -> Result<String, AddressError> {
        let open = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            match self.peek() {
                None => return self.fault(open, AddressFault::OpenQuote),
                Some('"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some('\\') => {
                    self.at += 1;
                    text.push(self.escaped(open, AddressFault::OpenQuote)?);
                }
                Some('\r' | '\n') => self.fold()?,
                Some('\t') => text.push(' '),
                Some(c) if c.is_control() => return self.unexpected(),
                Some(c) => text.push(c),
            }
            self.at += 1;
        }
    }

    /// The character behind a backslash.
    fn escaped(&self, open: usize, fault: AddressFault) -> Result<char, AddressError> {
        match self.peek() {
            None => self.fault(open, fault),
            Some(c) if c.is_control() => self.unexpected(),
            Some(c) => Ok(c),
        }
    }

    /// Reads a line end, which folds the line if a blank follows. The last character of the line end is next
    /// then.
    fn fold(&mut self) -> Result<(), AddressError> {
        let at = self.at;
        if self.peek() == Some('\r') {
            self.at += 1;
        }
        match (self.peek(), self.text.get(self.at + 1)) {
            (Some('\n'), Some(' ' | '\t')) => Ok(()),
            _ => self.fault(at, AddressFault::LineEnd),
        }
    }

    /// A comment, with those inside it; its `)` is next then.
    fn comment(&mut self) -> Result<(), AddressError> {
        let open = self.at;
        let mut depth = 1_usize;
        while depth > 0 {
            self.at += 1;
            match self.peek() {
                None => return self.fault(open, AddressFault::OpenComment),
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                Some('\\') => {
                    self.at += 1;
                    self.escaped(open, AddressFault::OpenComment)?;
                }
                Some('\r' | '\n') => self.fold()?,
                Some('\t') => {}
                Some(c) if c.is_control() => return self.unexpected(),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// A no-break space, or another blank outside ASCII; not what ends a line.
fn is_other_blank(c: char) -> bool {
    !c.is_ascii() && c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// Where the pieces begin, counted from 0.
pub(super) fn start(pieces: &[Piece]) -> usize {
    pieces.first().map_or(0, |piece| piece.at)
}
