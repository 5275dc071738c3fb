//! Address lists: display names, comments, groups, routes (RFC 5322, sections 3.4 and 4.4; UTF-8: RFC 6532).
//!
//! Lists are read as people and programs write them, wherever only one meaning is possible: a name in front
//! of `<>` may hold whatever separates no addresses, the last group need not be closed, members may be
//! separated by semicolons, and dots in a local part may stand anywhere. An address is never guessed: what is
//! not one is an error with its position. The mailbox itself is [`crate::smtp::path`]'s, encoded words in a
//! name are `word`'s.
//!
//! ```abnf
//! list    = *( [member] ( "," / ";" ) ) [member]
//! member  = mailbox / phrase ":" list ( ";" / end )
//! mailbox = [name] "<" [route] addr-spec ">" / [name] "<" ">" / addr-spec / bare-name
//! name    = phrase, but for any other character than "," ";" ":" "<" ">" in place of an atom
//! ```

use std::fmt;

use super::{excerpt, word};
use crate::smtp::path::{Domain, ForwardPath, Mailbox, PathError, PathFault};

/// A mailbox and the name that is shown for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The display name, unquoted and, where it could be, decoded. It holds no control character.
    pub name: Option<String>,
    /// Where mail for it goes.
    pub path: ForwardPath,
}

impl Address {
    /// An address without a name.
    #[must_use]
    pub fn new(mailbox: Mailbox) -> Address {
        Address { name: None, path: ForwardPath::Mailbox(mailbox) }
    }

    /// The mailbox; none if it is the bare `Postmaster`.
    #[must_use]
    pub fn mailbox(&self) -> Option<&Mailbox> {
        match &self.path {
            ForwardPath::Postmaster => None,
            ForwardPath::Mailbox(mailbox) => Some(mailbox),
        }
    }
}

impl fmt::Display for Address {
    /// `Name <a@b>`, the name quoted where it must be; UTF-8 stays as it is, so this is for people and for
    /// headers of internationalised mail. [`parse_one`] reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else { return self.path.fmt(f) };
        // What looks like an encoded word would be read as one.
        let is_plain = |word: &str| !word.is_empty() && word.chars().all(is_atext) && !word.starts_with("=?");
        if name.split(' ').all(is_plain) {
            write!(f, "{name} <{}>", self.path)
        } else {
            write!(f, "\"{}\" <{}>", name.replace('\\', "\\\\").replace('"', "\\\""), self.path)
        }
    }
}

/// Why a text is not a list of addresses, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressError {
    /// The first character that does not fit, counted from 1 in the text given.
    pub position: usize,
    /// What is wrong there.
    pub fault: AddressFault,
}

/// What is wrong with a list of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressFault {
    /// One address was wanted and there is none.
    Missing,
    /// One address was wanted and there are more.
    TooMany,
    /// A NUL or another control character.
    Control,
    /// A CR or an LF that does not fold the line.
    LineEnd,
    /// A character that may not stand there.
    Unexpected(char),
    /// The text ends in the middle of an address.
    End,
    /// A quoted string that does not end.
    OpenQuote,
    /// A comment that does not end.
    OpenComment,
    /// An address literal that does not end.
    OpenLiteral,
    /// A `<` without its `>`.
    OpenAngle,
    /// `<>`, where somebody was wanted.
    Nobody,
    /// A name without `@` and domain, and no default domain to put behind it.
    Bare(String),
    /// The mailbox itself is wrong.
    Mailbox(PathFault),
}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressFault::Missing => f.write_str("no address"),
            AddressFault::TooMany => f.write_str("more than one address"),
            AddressFault::Control => f.write_str("a control character"),
            AddressFault::LineEnd => f.write_str("a line end inside an address"),
            AddressFault::Unexpected(c) => write!(f, "unexpected '{c}'"),
            AddressFault::End => f.write_str("the address is not complete"),
            AddressFault::OpenQuote => f.write_str("the quotation mark is never closed"),
            AddressFault::OpenComment => f.write_str("the comment is never closed"),
            AddressFault::OpenLiteral => f.write_str("the '[' is never closed"),
            AddressFault::OpenAngle => f.write_str("the '<' is never closed"),
            AddressFault::Nobody => f.write_str("'<>' is nobody's address"),
            AddressFault::Bare(name) => write!(f, "'{name}' has no '@' and domain"),
            AddressFault::Mailbox(fault) => fault.fmt(f),
        }
    }
}

impl AddressError {
    /// The member of the list in which the fault is, printable and in part.
    #[must_use]
    pub fn place(&self, text: &str) -> String {
        excerpt::around(text, self.position)
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.fault, self.position)
    }
}

impl std::error::Error for AddressError {}

/// What a text says as a list of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The addresses, those in groups with them.
    pub addresses: Vec<Address>,
    /// There is a group, be it an empty one.
    pub has_group: bool,
    /// Where nobody is named, by `<>`: the position of the first, counted from 1.
    pub nobody: Option<usize>,
    /// It is written as RFC 5322 has it, and can stand in a header as it is.
    pub is_regular: bool,
}

/// Reads a list of addresses; groups are opened, comments, routes and empty members dropped. An empty list is
/// one. A bare name (`root`) gets `default_domain`; without one it is an error, but for `Postmaster`, which
/// needs none (RFC 5321, section 4.1.1.3).
///
/// # Errors
/// [`AddressError`], with the position in `text`.
pub fn read_list(text: &str, default_domain: Option<&Domain>) -> Result<List, AddressError> {
    let found = List { addresses: Vec::new(), has_group: false, nobody: None, is_regular: true };
    let mut parser = Parser { text: text.chars().collect(), at: 0, default_domain, found };
    parser.list()?;
    Ok(parser.found)
}

/// The addresses that [`read_list`] finds.
///
/// # Errors
/// [`AddressError`]: also for `<>`, which is nobody's.
pub fn parse_list(text: &str, default_domain: Option<&Domain>) -> Result<Vec<Address>, AddressError> {
    let list = read_list(text, default_domain)?;
    match list.nobody {
        Some(position) => Err(AddressError { position, fault: AddressFault::Nobody }),
        None => Ok(list.addresses),
    }
}

/// Reads exactly one address, as [`parse_list`] does.
///
/// # Errors
/// [`AddressError`]: also if there is none or more than one.
pub fn parse_one(text: &str, default_domain: Option<&Domain>) -> Result<Address, AddressError> {
    let mut list = parse_list(text, default_domain)?.into_iter();
    match (list.next(), list.next()) {
        (Some(address), None) => Ok(address),
        (None, _) => Err(AddressError { position: 1, fault: AddressFault::Missing }),
        (Some(_), Some(_)) => Err(AddressError { position: 1, fault: AddressFault::TooMany }),
    }
}

/// RFC 5322's atext, and what RFC 6532 adds to it.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace())
}

/// A piece of a phrase or of a local part.
struct Piece {
    /// An atom, a dot, or the inside of a quoted string.
    text: String,
    kind: Kind,
    /// Was there a blank or a comment in front of it?
    apart: bool,
    /// Its first character, counted from 0.
    at: usize,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Kind {
    Atom,
    Dot,
    Quoted,
    /// What may stand in no phrase, and separates nothing either.
    Other,
}

struct Parser<'a> {
    text: Vec<char>,
    /// The next character, counted from 0.
    at: usize,
    default_domain: Option<&'a Domain>,
    found: List,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn fault<T>(&self, at: usize, fault: AddressFault) -> Result<T, AddressError> {
        Err(AddressError { position: at + 1, fault })
    }

    /// What stands here does not belong here.
    fn unexpected<T>(&self) -> Result<T, AddressError> {
        match self.peek() {
            None => self.fault(self.text.len(), AddressFault::End),
            Some('\r' | '\n') => self.fault(self.at, AddressFault::LineEnd),
            Some(c) if c.is_control() => self.fault(self.at, AddressFault::Control),
            Some(c) => self.fault(self.at, AddressFault::Unexpected(c)),
        }
    }

    fn list(&mut self) -> Result<(), AddressError> {
        loop {
            let was_group = self.member(false)?;
            match self.peek() {
                None => return Ok(()),
                Some(',') => self.at += 1,
                Some(';') => {
                    self.found.is_regular = false;
                    self.at += 1;
                }
                // The semicolon of a group separates it from what follows.
                Some(_) if was_group => self.found.is_regular = false,
                Some(_) => return self.unexpected(),
            }
        }
    }

    /// One member, or nothing; stops in front of what it does not know. Was it a group? There is none in a
    /// group.
    fn member(&mut self, in_group: bool) -> Result<bool, AddressError> {
        let start = self.at;
        match self.name(in_group) {
            Ok(name) if self.peek() == Some('<') => {
                self.named(&name)?;
                return self.blanks().map(|_| false);
            }
            // It is no name, and a fault in it is one of what it is.
            Ok(_) | Err(_) => self.at = start,
        }
        let pieces = self.pieces()?;
        match self.peek() {
            Some(':') if !in_group && !pieces.is_empty() => {
                self.group()?;
                return self.blanks().map(|_| true);
            }
            Some('@') if !pieces.is_empty() => {
                let path = self.address(&pieces)?;
                self.found.addresses.push(Address { name: None, path });
            }
            _ if pieces.is_empty() => return Ok(false),
            None | Some(',' | ';') if is_empty_group(&pieces) => {
                (self.found.has_group, self.found.is_regular) = (true, false);
            }
            None | Some(',' | ';') => {
                let path = self.bare(&pieces)?;
                self.found.addresses.push(Address { name: None, path });
            }
            Some(_) => return self.unexpected(),
        }
        self.blanks().map(|_| false)
    }

    /// The `:`, the members and the `;` of a group. At the end of the text it need not be closed.
    fn group(&mut self) -> Result<(), AddressError> {
        self.found.has_group = true;
        let before = self.found.addresses.len();
        self.at += 1;
        loop {
            self.member(true)?;
            match self.peek() {
                None => {
                    self.found.is_regular = false;
                    return Ok(());
                }
                Some(',') => self.at += 1,
                Some(';') => break,
                Some(_) => return self.unexpected(),
            }
        }
        self.at += 1;
        // Programs that put their domain behind every address put it behind an empty group, too.
        if self.peek() == Some('@') && self.found.addresses.len() == before {
            self.found.is_regular = false;
            self.at += 1;
            self.domain()?;
        }
        Ok(())
    }

    /// The `<` comes next; what stands in front of it is a name, whatever it holds.
    fn named(&mut self, name: &[Piece]) -> Result<(), AddressError> {
        let position = self.at + 1;
        match self.angle()? {
            Some(path) => {
                let is_phrase =
                    |piece: &Piece| piece.kind != Kind::Other && !piece.text.contains(is_separator);
                self.found.is_regular &=
                    name.iter().all(|piece| piece.kind == Kind::Quoted || is_phrase(piece));
                self.found.addresses.push(Address { name: phrase(name), path });
            }
            None => {
                self.found.nobody = self.found.nobody.or(Some(position));
                self.found.is_regular = false;
            }
        }
        Ok(())
    }

    /// `<`, perhaps a route, the address, `>`. None if there is nobody in it.
    fn angle(&mut self) -> Result<Option<ForwardPath>, AddressError> {
        let open = self.at;
        self.at += 1;
        self.blanks()?;
        if self.peek() == Some('>') {
            self.at += 1;
            return Ok(None);
        }
        if matches!(self.peek(), Some('@' | ',')) {
            self.route()?;
        }
        let mut pieces = self.pieces()?;
        if self.peek() == Some(':') && is_mailto(&pieces) {
            self.found.is_regular = false;
            self.at += 1;
            pieces = self.pieces()?;
        }
        let path = match self.peek() {
            Some('@') if !pieces.is_empty() => self.address(&pieces)?,
            Some('>') if !pieces.is_empty() => self.bare(&pieces)?,
            Some(':')
                if !pieces.is_empty() && self.text.get(self.at + 1..self.at + 3) == Some(&[';', '>']) =>
            {
                self.at += 3;
                return Ok(None);
            }
            None => return self.fault(open, AddressFault::OpenAngle),
            Some(_) => return self.unexpected(),
        };
        self.blanks()?;
        match self.peek() {
            Some('>') => self.at += 1,
            None => return self.fault(open, AddressFault::OpenAngle),
            Some(_) => return self.unexpected(),
        }
        Ok(Some(path))
    }

    /// A source route, `@r1,@r2:`, is read and dropped (RFC 5321, section 4.1.1.3).
    fn route(&mut self) -> Result<(), AddressError> {
        loop {
            self.blanks()?;
            match self.peek() {
                Some(',') => self.at += 1,
                Some('@') => {
                    self.at += 1;
                    self.domain()?;
                }
                Some(':') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return self.unexpected(),
            }
        }
    }

    /// The local part is in `pieces`; the `@` comes next.
    fn address(&mut self, pieces: &[Piece]) -> Result<ForwardPath, AddressError> {
        let (local, is_typed) = match self.local(pieces) {
            Ok(local) => (local, false),
            Err(error) => (self.typed(pieces).ok_or(error)?, true),
        };
        self.found.is_regular &= !is_typed;
        self.at += 1;
        let domain = self.domain()?;
        let mailbox = if is_typed { Mailbox::unquoted } else { Mailbox::new }(&local, domain);
        self.mailbox(mailbox, pieces)
    }

    /// A local part as it is typed, if it is all atoms and dots, in whatever order.
    fn typed(&self, pieces: &[Piece]) -> Option<String> {
        let typed = self.text.get(start(pieces)..self.at)?;
        let is_dotted = typed.iter().all(|c| *c == '.' || is_atext(*c)) && typed.iter().any(|c| *c != '.');
        is_dotted.then(|| typed.iter().collect())
    }

    /// A name without a domain.
    fn bare(&mut self, pieces: &[Piece]) -> Result<ForwardPath, AddressError> {
        let local = self.local(pieces)?;
        match self.default_domain {
            Some(domain) => self.mailbox(Mailbox::new(&local, domain.clone()), pieces),
            None if local.eq_ignore_ascii_case("postmaster") => Ok(ForwardPath::Postmaster),
            None => self.fault(start(pieces), AddressFault::Bare(local)),
        }
    }

    fn mailbox(
        &self,
        mailbox: Result<Mailbox, PathError>,
        pieces: &[Piece],
    ) -> Result<ForwardPath, AddressError> {
        match mailbox {
            Ok(mailbox) => Ok(ForwardPath::Mailbox(mailbox)),
            Err(error) => self.fault(start(pieces), AddressFault::Mailbox(error.fault)),
        }
    }

    /// Words with single dots between them, without their quotes.
    fn local(&self, pieces: &[Piece]) -> Result<String, AddressError> {
        let mut local = String::new();
        let mut wants_word = true;
        for piece in pieces {
            if (piece.kind == Kind::Dot) == wants_word {
                let c = self.text.get(piece.at).copied().unwrap_or(' ');
                return self.fault(piece.at, AddressFault::Unexpected(c));
            }
            local.push_str(&piece.text);
            wants_word = !wants_word;
        }
        if wants_word { self.unexpected() } else { Ok(local) }
    }

    /// The domain behind an `@`; comments and blanks around its labels are dropped.
    fn domain(&mut self) -> Result<Domain, AddressError> {
        self.blanks()?;
        let start = self.at;
        if self.peek() == Some('[') {
            let rest = self.text.get(start..).unwrap_or_default();
            let Some(length) = rest.iter().position(|c| *c == ']') else {
                return self.fault(start, AddressFault::OpenLiteral);
            };
            let literal: String = rest.iter().take(length + 1).collect();
            self.at += length + 1;
            return Domain::parse(&literal)
                .or_else(|error| self.fault(start + error.position - 1, AddressFault::Mailbox(error.fault)));
        }
        let mut name = String::new();
        let mut places = Vec::new();
        // A label must follow a dot and a dot a label: two words side by side are no domain.
        let mut wants_label = true;
        loop {
            match self.peek() {
                Some('.') => {
                    wants_label = true;
                    places.push(self.at);
                    name.push('.');
                    self.at += 1;
                }
                Some(c) if is_atext(c) && wants_label => {
                    wants_label = false;
                    while let Some(c) = self.peek().filter(|c| is_atext(*c)) {
                        places.push(self.at);
                        name.push(c);
                        self.at += 1;
                    }
                }
                _ => break,
            }
            self.blanks()?;
        }
        if name.is_empty() {
            return self.unexpected();
        }
        Domain::parse(&name).or_else(|error| {
            let place = places.get(error.position - 1).copied().unwrap_or(start);
            self.fault(place, AddressFault::Mailbox(error.fault))
        })
    }

    /// Atoms, dots and quoted strings, with the blanks and comments around them.
    fn pieces(&mut self) -> Result<Vec<Piece>, AddressError> {
        let mut pieces = Vec::new();
        while let Some(piece) = self.piece()? {
            pieces.push(piece);
        }
        Ok(pieces)
    }

    /// The same, and whatever else may stand in front of a `<`.
    fn name(&mut self, in_group: bool) -> Result<Vec<Piece>, AddressError> {
        let mut pieces = Vec::new();
        loop {
            let before = self.at;
            self.blanks()?;
            let (at, apart) = (self.at, self.at > before);
            if let Some(word) = self.encoded_word() {
                self.at += word.chars().count();
                pieces.push(Piece { text: word, kind: Kind::Atom, apart, at });
                continue;
            }
            // The blanks belong to the piece.
            self.at = before;
            if let Some(piece) = self.piece()? {
                pieces.push(piece);
                continue;
            }
            match self.peek() {
                None => return Ok(pieces),
                // There is no group in a group: a colon says nothing there.
                Some(c) if is_separator(c) && !(in_group && c == ':') => return Ok(pieces),
                // Line ends of Unicode's are none of RFC 5322, and no part of a name either.
                Some(c) if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                    return self.unexpected();
                }
                Some(c) => {
                    self.at += 1;
                    pieces.push(Piece { text: c.to_string(), kind: Kind::Other, apart, at });
                }
            }
        }
    }

    /// An encoded word that stands here, though there be separators in it (RFC 2047, section 5 (3), has none
    /// in a phrase).
    fn encoded_word(&self) -> Option<String> {
        let rest = self.text.get(self.at..).filter(|rest| rest.starts_with(&['=', '?']))?;
        let word: String =
            rest.iter().take_while(|c| !c.is_whitespace() && !matches!(c, '<' | '>')).collect();
        let text = word.match_indices('?').nth(2)?.0 + 1;
        let end = text + word.get(text..)?.find("?=")? + 2;
        word.get(..end).filter(|word| word::decode(word).is_some()).map(str::to_owned)
    }

    fn piece(&mut self) -> Result<Option<Piece>, AddressError> {
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

    /// Stands on a line end. It folds if a blank follows; then the last character of the line end is next.
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

    /// Skips blanks, folds and comments; were there any?
    fn blanks(&mut self) -> Result<bool, AddressError> {
        let start = self.at;
        loop {
            match self.peek() {
                Some(' ' | '\t') => {}
                Some('\r' | '\n') => self.fold()?,
                Some('(') => self.comment()?,
                _ => return Ok(self.at > start),
            }
            self.at += 1;
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

/// What ends a name in front of `<`.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '<' | '>')
}

/// The scheme of a link to an address, as programs copy it (RFC 6068).
fn is_mailto(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece { kind: Kind::Atom, text, .. }] if text.eq_ignore_ascii_case("mailto"))
}

/// `"undisclosed-recipients:;"`: an empty group that somebody put in quotation marks.
fn is_empty_group(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece { kind: Kind::Quoted, text, .. }] if text.trim_end().ends_with(":;"))
}

fn start(pieces: &[Piece]) -> usize {
    pieces.first().map_or(0, |piece| piece.at)
}

/// A display name out of its pieces: blanks become one, encoded words are decoded and, side by side, joined
/// (RFC 2047, section 6.2). In quotes there are none (section 5).
fn phrase(pieces: &[Piece]) -> Option<String> {
    let mut name = String::new();
    let mut after_encoded = false;
    for piece in pieces {
        let decoded = if piece.kind == Kind::Atom { word::decode(&piece.text) } else { None };
        let joined = after_encoded && decoded.is_some();
        if piece.apart && !name.is_empty() && !joined {
            name.push(' ');
        }
        after_encoded = decoded.is_some();
        name.push_str(&decoded.unwrap_or_else(|| piece.text.clone()));
    }
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests;
