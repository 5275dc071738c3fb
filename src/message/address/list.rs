//! The members of a list, and groups of them (RFC 5322, sections 3.4 and 4.4).

use super::name::{is_separator, lost_address, phrase};
use super::tokens::{Kind, Parser, Piece};
use super::{Address, AddressError, AddressFault};
use ehlo_smtp::path::ForwardPath;

/// What is between two commas.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Missing,
    Mailbox,
    Group,
}

impl Parser<'_> {
    pub(super) fn list(&mut self) -> Result<(), AddressError> {
        loop {
            let member = self.member(false)?;
            match self.peek() {
                None if member == Member::Missing => {
                    // After a comma, or the whole text.
                    self.found.is_regular = false;
                    return Ok(());
                }
                None => return Ok(()),
                Some(',') if member == Member::Missing => {
                    self.found.is_regular = false;
                    self.at += 1;
                }
                Some(',') => self.at += 1,
                Some(';') => {
                    self.found.is_regular = false;
                    self.at += 1;
                }
                // The semicolon of a group separates it from what follows.
                Some(_) if member == Member::Group => self.found.is_regular = false,
                Some(_) => return self.unexpected(),
            }
        }
    }

    /// One member, or nothing; stops in front of what it does not know. There is no group in a group.
    fn member(&mut self, in_group: bool) -> Result<Member, AddressError> {
        let start = self.at;
        match self.name(in_group) {
            Ok(name) if self.peek() == Some('<') => {
                self.named(&name)?;
                return self.blanks().map(|_| Member::Mailbox);
            }
            // It is not a name, so it is read again, and what is wrong is said of it alone.
            Ok(_) | Err(_) => self.at = start,
        }
        let pieces = self.pieces()?;
        match self.peek() {
            Some(':') if !in_group && !pieces.is_empty() => {
                self.group()?;
                return self.blanks().map(|_| Member::Group);
            }
            Some('@') if !pieces.is_empty() => {
                let path = self.address(&pieces)?;
                self.found.addresses.push(Address { name: None, path });
            }
            _ if pieces.is_empty() => return Ok(Member::Missing),
            None | Some(',' | ';') if is_empty_group(&pieces) => {
                (self.found.has_group, self.found.is_regular) = (true, false);
            }
            None | Some(',' | ';') => {
                let path = self.bare(&pieces)?;
                self.found.addresses.push(Address { name: None, path });
            }
            Some(_) => return self.unexpected(),
        }
        self.blanks().map(|_| Member::Mailbox)
    }

    /// The `:`, the members and the `;` of a group. At the end of the text it need not be closed.
    fn group(&mut self) -> Result<(), AddressError> {
        self.found.has_group = true;
        let before = self.found.addresses.len();
        self.at += 1;
        let mut has_comma = false;
        loop {
            let member = self.member(true)?;
            match self.peek() {
                None => {
                    self.found.is_regular = false;
                    return Ok(());
                }
                Some(',') => {
                    self.found.is_regular &= member != Member::Missing;
                    has_comma = true;
                    self.at += 1;
                }
                Some(';') => {
                    self.found.is_regular &= member != Member::Missing || !has_comma;
                    break;
                }
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

    /// The `<` comes next; what is in front of it is a name, whatever it holds.
    fn named(&mut self, name: &[Piece]) -> Result<(), AddressError> {
        let position = self.at + 1;
        match self.angle()? {
            Some(path) => {
                if let Some((at, fault)) = lost_address(name, &path) {
                    return self.fault(at, fault);
                }
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
        self.found.is_regular = false;
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
}

/// The scheme of a link to an address, as programs copy it (RFC 6068).
fn is_mailto(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece { kind: Kind::Atom, text, .. }] if text.eq_ignore_ascii_case("mailto"))
}

/// `"undisclosed-recipients:;"`: an empty group that somebody put in quotation marks.
fn is_empty_group(pieces: &[Piece]) -> bool {
    matches!(pieces, [Piece { kind: Kind::Quoted, text, .. }] if text.trim_end().ends_with(":;"))
}
