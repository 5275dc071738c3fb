//! One row for each reply that can be awaited: how long to wait (RFC 5321, section 4.5.3.2), and at which
//! stage.
//!
//! The reply that is awaited first *is* the session's state. What it is called in a message for people is
//! theirs to say who print one.

use super::inquiry::Inquiry;
use super::path::ForwardPath;
use std::time::Duration;

/// A reply that the session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// The server speaks first.
    Greeting,
    /// EHLO or LHLO.
    Ehlo,
    /// HELO.
    Helo,
    /// STARTTLS.
    StartTls,
    /// XCLIENT: a greeting in place of the first one, or a refusal.
    Xclient,
    /// AUTH, or a response within its exchange.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT for the recipient at this place of the envelope.
    Rcpt(usize),
    /// DATA.
    Data,
    /// The reply to the end of the message.
    Message,
    /// LMTP: the reply to the end of the message for the recipient at this place (RFC 2033, section 4.2).
    MessageFor(usize),
    /// The reply to a message without content, sent to nobody.
    LoneDot,
    /// VRFY, for the inquiry at this place.
    Vrfy(usize),
    /// EXPN, for the inquiry at this place.
    Expn(usize),
    /// RSET.
    Rset,
    /// Any line that a person said.
    Said,
    /// The reply to the end of a message that a person sent line by line.
    SaidMessage,
    /// QUIT.
    Quit,
}

/// What a session has come to, and what decided a recipient's fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Up to the greeting.
    Connect,
    /// EHLO, LHLO, HELO, and XCLIENT behind it.
    Ehlo,
    /// STARTTLS and the handshake.
    Tls,
    /// AUTH.
    Auth,
    /// VRFY.
    Vrfy,
    /// EXPN.
    Expn,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA.
    Data,
    /// The message itself.
    Message,
    /// QUIT.
    Quit,
}

impl Stage {
    /// The name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Connect => "connect",
            Stage::Ehlo => "ehlo",
            Stage::Tls => "tls",
            Stage::Auth => "auth",
            Stage::Vrfy => "vrfy",
            Stage::Expn => "expn",
            Stage::Mail => "mail",
            Stage::Rcpt => "rcpt",
            Stage::Data => "data",
            Stage::Message => "message",
            Stage::Quit => "quit",
        }
    }
}

impl Expect {
    /// How long to wait for the whole reply: the RFC's minimum for a relay, but for QUIT, whose reply decides
    /// nothing.
    #[must_use]
    pub fn patience(self) -> Duration {
        Duration::from_secs(match self {
            Expect::Greeting | Expect::Ehlo | Expect::Helo | Expect::StartTls => 300,
            Expect::Xclient | Expect::Auth => 300,
            Expect::Mail | Expect::Rcpt(_) | Expect::Vrfy(_) | Expect::Expn(_) | Expect::Said => 300,
            Expect::Data => 120,
            Expect::Message | Expect::MessageFor(_) | Expect::LoneDot | Expect::SaidMessage => 600,
            Expect::Rset => 20,
            Expect::Quit => 5,
        })
    }

    /// Where in a session it stands.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Expect::Greeting => Stage::Connect,
            Expect::Ehlo | Expect::Helo | Expect::Xclient => Stage::Ehlo,
            Expect::StartTls => Stage::Tls,
            Expect::Auth => Stage::Auth,
            Expect::Vrfy(_) => Stage::Vrfy,
            Expect::Expn(_) => Stage::Expn,
            Expect::Mail => Stage::Mail,
            Expect::Rcpt(_) => Stage::Rcpt,
            Expect::Data => Stage::Data,
            Expect::Message | Expect::MessageFor(_) | Expect::LoneDot | Expect::SaidMessage => Stage::Message,
            Expect::Rset | Expect::Said => Stage::Mail,
            Expect::Quit => Stage::Quit,
        }
    }
}

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
