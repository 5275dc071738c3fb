//! Address lists: display names, comments, groups, routes (RFC 5322, sections 3.4 and 4.4; UTF-8: RFC 6532).
//!
//! Lists are read as people and programs write them, wherever only one meaning is possible: a name in front
//! of `<>` can hold whatever separates no addresses, the last group can stay open, members can be separated
//! by semicolons, and a local part can have its dots anywhere. An address is never guessed: what is not one
//! is an error with its position. The mailbox itself is checked by [`ehlo_smtp::path`]; encoded words in a
//! name are read in word.rs.
//!
//! ```abnf
//! list    = *( [member] ( "," / ";" ) ) [member]
//! member  = mailbox / phrase ":" list ( ";" / end )
//! mailbox = [name] "<" [route] addr-spec ">" / [name] "<" ">" / addr-spec / bare-name
//! name    = phrase, but for any other character than "," ";" ":" "<" ">" in place of an atom
//! ```

use std::fmt;

mod list;
mod mailbox;
mod name;
mod tokens;

use super::phrases::quoted;
use super::{excerpt, word};
use ehlo_smtp::dialogue::is_unsafe;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, PathFault, is_atext};
use tokens::Parser;

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
        // What looks like an encoded word would be read as one, and a mark at the start of a text would be
        // dropped.
        let is_plain = |word: &str| {
            let is_read_otherwise = word.starts_with("=?") || word.starts_with(mailbox::is_invisible);
            !word.is_empty() && word.chars().all(is_atext) && !is_read_otherwise
        };
        if name.split(' ').all(is_plain) {
            write!(f, "{name} <{}>", self.path)
        } else {
            write!(f, "{} <{}>", quoted(name), self.path)
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
    /// One address was wanted, and there is nothing.
    Missing,
    /// One address was wanted and there are more.
    TooMany,
    /// A NUL or another control character.
    Control,
    /// A CR or an LF that does not fold the line.
    LineEnd,
    /// A character that does not belong there.
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
    /// A character that hides, or a typographic quotation mark, in an address.
    Mark(char),
    /// An encoded word in an address.
    Encoded,
    /// An address in the name of another one.
    Lost(String),
    /// The mailbox itself is wrong.
    Mailbox(PathFault),
}

impl std::error::Error for AddressFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            AddressFault::Mailbox(fault) => Some(fault),
            _ => None,
        }
    }
}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressFault::Missing => f.write_str("no address"),
            AddressFault::TooMany => f.write_str("more than one address"),
            AddressFault::Control => f.write_str("a control character"),
            AddressFault::LineEnd => f.write_str("a line end inside an address"),
            AddressFault::Unexpected(c) if is_unsafe(*c) => write!(f, "unexpected {}", c.escape_unicode()),
            AddressFault::Unexpected(c) => write!(f, "unexpected '{c}'"),
            AddressFault::End => f.write_str("the address is not complete"),
            AddressFault::OpenQuote => f.write_str("the quotation mark is never closed"),
            AddressFault::OpenComment => f.write_str("the comment is never closed"),
            AddressFault::OpenLiteral => f.write_str("the '[' is never closed"),
            AddressFault::OpenAngle => f.write_str("the '<' is never closed"),
            AddressFault::Nobody => f.write_str("'<>' is nobody's address"),
            AddressFault::Bare(name) => write!(f, "'{name}' has no '@' and domain"),
            AddressFault::Mark(c) if is_unsafe(*c) => {
                write!(f, "{}, which nobody sees, in the address", c.escape_unicode())
            }
            AddressFault::Mark(c) => write!(f, "a typographic {c} in the address"),
            AddressFault::Encoded => f.write_str("an encoded word in the address itself"),
            AddressFault::Lost(address) => {
                write!(f, "'{address}' stands in the name of another address, and would get nothing")
            }
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

impl std::error::Error for AddressError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.fault)
    }
}

/// What a text says as a list of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The addresses, those in groups with them.
    pub addresses: Vec<Address>,
    /// There is a group, perhaps an empty one.
    pub has_group: bool,
    /// The position of the first `<>`, which names nobody, counted from 1.
    pub nobody: Option<usize>,
    /// It is written by the grammar of RFC 5322, and can go into a header as it is.
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
    // An editor's mark at the start of a text is no part of it.
    while parser.peek().is_some_and(mailbox::is_invisible) {
        (parser.found.is_regular, parser.at) = (false, parser.at + 1);
    }
    parser.list()?;
    Ok(parser.found)
}

/// The addresses that [`read_list`] finds.
///
/// # Errors
/// [`AddressError`]: also for `<>`, which is no address.
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
/// [`AddressError`]: also if there is no address, or more than one.
pub fn parse_one(text: &str, default_domain: Option<&Domain>) -> Result<Address, AddressError> {
    let mut list = parse_list(text, default_domain)?.into_iter();
    match (list.next(), list.next()) {
        (Some(address), None) => Ok(address),
        (None, _) => Err(AddressError { position: 1, fault: AddressFault::Missing }),
        (Some(_), Some(_)) => Err(AddressError { position: 1, fault: AddressFault::TooMany }),
    }
}

#[cfg(test)]
mod tests;
