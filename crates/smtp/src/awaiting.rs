//! What is awaited, and about whom, for whoever says why a session went no further.

use super::expect::Expect;
use super::inquiry::Inquiry;
use super::path::ForwardPath;

/// What a session waits for, with whom or what it is about: all that is needed to say why it went no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaiting {
    /// The greeting, or the reply to a command that has no argument worth telling.
    Reply(Expect),
    /// LMTP: the reply to LHLO, which stands where EHLO does (RFC 2033, section 4.1).
    Lhlo,
    /// The reply to RCPT for this recipient.
    Rcpt(Box<ForwardPath>),
    /// The reply for this recipient to the end of the message: LMTP's, or PRDR's.
    MessageFor(Box<ForwardPath>),
    /// The reply to VRFY or EXPN.
    Inquiry(Box<Inquiry>),
    /// The reply to a line that a person said: its verb, in capitals.
    Said(Box<str>),
    /// No reply yet: the content is being written, and its end is not.
    Content,
    /// The TLS handshake.
    Handshake,
    /// Another token for a log-in.
    Token,
}

impl Awaiting {
    /// Whether it is the greeting.
    #[must_use]
    pub fn is_greeting(&self) -> bool {
        *self == Awaiting::Reply(Expect::Greeting)
    }
}
