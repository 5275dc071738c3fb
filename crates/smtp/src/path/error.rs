//! Why a text is no mailbox or domain, and where in it.

use super::LONGEST;
use std::fmt;

/// Why a text is not an address, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// The first character that does not fit, counted from 1.
    pub position: usize,
    /// What is wrong there.
    pub fault: PathFault,
}

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFault {
    /// Nothing was given.
    Empty,
    /// A CR, an LF, a NUL or another control character.
    Control,
    /// No `@`.
    NoAt,
    /// No local part in front of the `@`, or an empty atom in it.
    EmptyLocalPart,
    /// No domain behind the `@`, or an empty label in it.
    EmptyDomain,
    /// A character that is not allowed there.
    Unexpected(char),
    /// A quoted string that does not end.
    OpenQuote,
    /// A domain that is not ASCII and has no form that is (IDNA).
    NoAsciiForm,
    /// An address literal that is not `[IPv4]`, `[IPv6:…]` or `[tag:…]`.
    Literal,
    /// Longer than [`LONGEST`] octets.
    TooLong,
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathFault::Empty => f.write_str("it is empty"),
            PathFault::Control => f.write_str("a control character"),
            PathFault::NoAt => f.write_str("no '@' and no domain"),
            PathFault::EmptyLocalPart => f.write_str("a part of the name is missing"),
            PathFault::EmptyDomain => f.write_str("a part of the domain is missing"),
            PathFault::Unexpected(c) => write!(f, "unexpected '{c}'"),
            PathFault::NoAsciiForm => f.write_str("not a name that the DNS can hold"),
            PathFault::OpenQuote => f.write_str("the quotation mark is never closed"),
            PathFault::Literal => {
                f.write_str("not an address literal such as [192.0.2.1] or [IPv6:2001:db8::1]")
            }
            PathFault::TooLong => write!(f, "longer than {LONGEST} octets"),
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.fault, self.position)
    }
}

impl std::error::Error for PathError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.fault)
    }
}

impl std::error::Error for PathFault {}
