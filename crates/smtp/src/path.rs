//! Mailboxes, reverse-paths and forward-paths (RFC 5321, section 4.1.2; UTF-8: RFC 6531, section 3.3).
//!
//! A value that exists is right: none of these can hold a CR, an LF, a NUL or another control character, and
//! a local part is quoted wherever the grammar wants it. Lists, display names, comments and groups are RFC
//! 5322's, and not read here.

mod domain;
mod error;
mod mailbox;

pub use domain::Domain;
pub use error::{PathError, PathFault};
pub use mailbox::{Mailbox, is_atext};
use std::fmt;

/// The longest address that is taken at all, in octets. RFC 5321, section 4.5.3.1.3, asks for 256 only.
pub const LONGEST: usize = 4096;

/// Where a bounce goes: the argument of MAIL FROM (RFC 5321, section 4.1.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReversePath {
    /// `<>`: nowhere. Bounces and reports are sent with it (RFC 5321, section 4.5.5).
    Null,
    /// A mailbox.
    Mailbox(Mailbox),
}

impl ReversePath {
    /// Whether it goes without SMTPUTF8 (RFC 6531).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        match self {
            ReversePath::Null => true,
            ReversePath::Mailbox(mailbox) => mailbox.is_ascii(),
        }
    }
}

impl fmt::Display for ReversePath {
    /// As [`Mailbox`], without the angle brackets; null is the empty text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReversePath::Null => Ok(()),
            ReversePath::Mailbox(mailbox) => mailbox.fmt(f),
        }
    }
}

/// Where the message goes: the argument of RCPT TO (RFC 5321, section 4.1.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForwardPath {
    /// `<Postmaster>`, the one name that needs no domain (RFC 5321, section 4.1.1.3).
    Postmaster,
    /// A mailbox.
    Mailbox(Mailbox),
}

impl ForwardPath {
    /// Whether it goes without SMTPUTF8 (RFC 6531).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        match self {
            ForwardPath::Postmaster => true,
            ForwardPath::Mailbox(mailbox) => mailbox.is_ascii(),
        }
    }

    /// Whether it is the same recipient, as [`Mailbox::same_as`] has it.
    #[must_use]
    pub fn same_as(&self, other: &ForwardPath) -> bool {
        match (self, other) {
            (ForwardPath::Postmaster, ForwardPath::Postmaster) => true,
            (ForwardPath::Mailbox(one), ForwardPath::Mailbox(two)) => one.same_as(two),
            (ForwardPath::Postmaster, ForwardPath::Mailbox(_))
            | (ForwardPath::Mailbox(_), ForwardPath::Postmaster) => false,
        }
    }
}

impl fmt::Display for ForwardPath {
    /// As [`Mailbox`], without the angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForwardPath::Postmaster => f.write_str("Postmaster"),
            ForwardPath::Mailbox(mailbox) => mailbox.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
