//! How far a person's talk has come: state for session/say.rs.

use crate::order::Order;
use crate::reply::Reply;

/// The longest line that can be said, in octets without its CRLF.
pub const LONGEST_SAID: usize = 4096;

/// What the server will take the next line for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// A command.
    #[default]
    Command,
    /// A line of content, up to a lone dot: the server answered 354 to DATA.
    Content,
    /// A response to a challenge: the server answered 334 to AUTH.
    Exchange,
}

/// How far a person's talk has come.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The last command's first word, in capitals; known or not.
    pub(super) verb: String,
    pub(super) turn: Turn,
    pub(super) order: Order,
    pub(super) replies: Vec<Reply>,
}

impl Said {
    pub(super) fn verb(&self) -> Option<&str> {
        Some(self.verb.as_str()).filter(|verb| !verb.is_empty())
    }
}
