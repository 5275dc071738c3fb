//! An address with its name, and a list of addresses as it was read.

use std::fmt;

use super::marks::is_invisible;
use crate::message::phrases::quoted;
use ehlo_smtp::path::{ForwardPath, Mailbox, is_atext};

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
    /// headers of internationalised mail. [`parse_one`](super::parse_one) reads it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else { return self.path.fmt(f) };
        // What looks like an encoded word would be read as one, and a mark at the start of a text would be
        // dropped.
        let is_plain = |word: &str| {
            let is_read_otherwise = word.starts_with("=?") || word.starts_with(is_invisible);
            !word.is_empty() && word.chars().all(is_atext) && !is_read_otherwise
        };
        if name.split(' ').all(is_plain) {
            write!(f, "{name} <{}>", self.path)
        } else {
            write!(f, "{} <{}>", quoted(name), self.path)
        }
    }
}

/// A list of addresses, read from a text.
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
