//! A mailbox as a list has it: words and domain, with blanks and comments between them (RFC 5322,
//! sections 3.4.1 and 4.4).

use super::marks::is_mark;
use super::tokens::{Kind, Parser, Piece, start};
use super::{AddressError, AddressFault};
use crate::message::word;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, PathError, is_atext};

impl Parser<'_> {
    /// The local part is in `pieces`; the `@` comes next.
    pub(super) fn address(&mut self, pieces: &[Piece]) -> Result<ForwardPath, AddressError> {
        self.check_marks(start(pieces))?;
        // Blanks within it, and words in quotation marks beside others, are obsolete (RFC 5322, section 4.4).
        let is_blank = |at: usize| self.text.get(at).is_some_and(|c| c.is_whitespace());
        let is_whole = pieces.len() == 1 || pieces.iter().all(|piece| piece.kind != Kind::Quoted);
        self.found.is_regular &= is_whole
            && pieces.iter().skip(1).all(|piece| !piece.apart)
            && !is_blank(self.at.saturating_sub(1))
            && !is_blank(self.at + 1);
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
    pub(super) fn bare(&mut self, pieces: &[Piece]) -> Result<ForwardPath, AddressError> {
        self.check_marks(start(pieces))?;
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
            // Encoded words are for names and texts only (RFC 2047, section 5).
            Ok(mailbox) if word::decode(mailbox.local()).is_some() => {
                self.fault(start(pieces), AddressFault::Encoded)
            }
            Ok(mailbox) => Ok(ForwardPath::Mailbox(mailbox)),
            Err(error) => self.fault(start(pieces), AddressFault::Mailbox(error.fault)),
        }
    }

    /// Refuses a mark that cannot be seen, or that a text sets around an address: the mail would get lost.
    fn check_marks(&self, start: usize) -> Result<(), AddressError> {
        let rest = self.text.get(start..).unwrap_or_default();
        let behind = self.at.saturating_sub(start);
        let ends = |(at, c): &(usize, &char)| {
            *at > behind && (c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '('))
        };
        let mut address = rest.iter().enumerate().take_while(|found| !ends(found));
        match address.find(|(_, c)| is_mark(**c)) {
            Some((at, c)) => self.fault(start + at, AddressFault::Mark(*c)),
            None => Ok(()),
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
    pub(super) fn domain(&mut self) -> Result<Domain, AddressError> {
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
        let mut is_apart = false;
        loop {
            match self.peek() {
                Some('.') => {
                    self.found.is_regular &= !is_apart;
                    wants_label = true;
                    places.push(self.at);
                    name.push('.');
                    self.at += 1;
                }
                Some(c) if is_atext(c) && wants_label => {
                    self.found.is_regular &= !is_apart;
                    wants_label = false;
                    while let Some(c) = self.peek().filter(|c| is_atext(*c)) {
                        places.push(self.at);
                        name.push(c);
                        self.at += 1;
                    }
                }
                _ => break,
            }
            is_apart = self.blanks()?;
        }
        if name.is_empty() {
            return self.unexpected();
        }
        Domain::parse(&name).or_else(|error| {
            let place = places.get(error.position - 1).copied().unwrap_or(start);
            self.fault(place, AddressFault::Mailbox(error.fault))
        })
    }
}
