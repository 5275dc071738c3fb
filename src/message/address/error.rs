//! Why a text is not a list of addresses, and where. What would help is said in `words`.

use std::fmt;

use crate::message::excerpt;
use ehlo_smtp::dialogue::is_unsafe;
use ehlo_smtp::path::PathFault;

/// Why a text is not a list of addresses, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressError {
    /// The first character that does not fit, counted from 1 in the text given.
    pub position: usize,
    /// What is wrong there.
    pub fault: AddressFault,
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
            AddressFault::LineEnd => f.write_str("a line break inside an address"),
            AddressFault::Unexpected(c) if is_unsafe(*c) => write!(f, "unexpected {}", c.escape_unicode()),
            AddressFault::Unexpected(c) => write!(f, "unexpected '{c}'"),
            AddressFault::End => f.write_str("the address is incomplete"),
            AddressFault::OpenQuote => f.write_str("the quotation mark is never closed"),
            AddressFault::OpenComment => f.write_str("the comment is never closed"),
            AddressFault::OpenLiteral => f.write_str("the '[' is never closed"),
            AddressFault::OpenAngle => f.write_str("the '<' is never closed"),
            AddressFault::Nobody => f.write_str("'<>' is not the address of a recipient"),
            AddressFault::Bare(name) => write!(f, "'{name}' has no '@' and no domain"),
            AddressFault::Mark(c) if is_unsafe(*c) => {
                write!(f, "{}, which is invisible, in the address", c.escape_unicode())
            }
            AddressFault::Mark(c) => write!(f, "a typographic {c} in the address"),
            AddressFault::Encoded => f.write_str("an encoded word in the address itself"),
            AddressFault::Lost(address) => {
                write!(f, "'{address}' is part of another address's name and would get nothing")
            }
            AddressFault::Mailbox(fault) => fault.fmt(f),
        }
    }
}
