//! One row for each reply that can be awaited: at which stage it stands, how long to wait for it (RFC 5321,
//! section 4.5.3.2), and the verb that it answers.
//!
//! The reply that is awaited first *is* the session's state. What it is called in a message for people is
//! theirs to say who print one.

use super::verb::Verb;
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

/// What is known of an awaited reply.
struct Row {
    stage: Stage,
    /// In seconds.
    patience: u64,
    verb: Option<Verb>,
}

impl Expect {
    const fn row(self) -> Row {
        const fn row(stage: Stage, patience: u64, verb: Option<Verb>) -> Row {
            Row { stage, patience, verb }
        }
        match self {
            Expect::Greeting => row(Stage::Connect, 300, None),
            Expect::Ehlo => row(Stage::Ehlo, 300, Some(Verb::Ehlo)),
            Expect::Helo => row(Stage::Ehlo, 300, Some(Verb::Helo)),
            Expect::StartTls => row(Stage::Tls, 300, Some(Verb::StartTls)),
            Expect::Xclient => row(Stage::Ehlo, 300, Some(Verb::Xclient)),
            Expect::Auth => row(Stage::Auth, 300, Some(Verb::Auth)),
            Expect::Mail => row(Stage::Mail, 300, Some(Verb::Mail)),
            Expect::Rcpt(_) => row(Stage::Rcpt, 300, Some(Verb::Rcpt)),
            Expect::Data => row(Stage::Data, 120, Some(Verb::Data)),
            Expect::Message | Expect::MessageFor(_) | Expect::LoneDot => row(Stage::Message, 600, None),
            Expect::Vrfy(_) => row(Stage::Vrfy, 300, Some(Verb::Vrfy)),
            Expect::Expn(_) => row(Stage::Expn, 300, Some(Verb::Expn)),
            Expect::Rset => row(Stage::Mail, 20, Some(Verb::Rset)),
            Expect::Said => row(Stage::Mail, 300, None),
            Expect::SaidMessage => row(Stage::Message, 600, None),
            Expect::Quit => row(Stage::Quit, 5, Some(Verb::Quit)),
        }
    }

    /// How long to wait for the whole reply: the RFC's minimum for a relay, but for QUIT, whose reply decides
    /// nothing.
    #[must_use]
    pub fn patience(self) -> Duration {
        Duration::from_secs(self.row().patience)
    }

    /// Where in a session it stands.
    #[must_use]
    pub fn stage(self) -> Stage {
        self.row().stage
    }

    /// The verb of the command that it answers. The greeting and the replies to the message answer none, and
    /// neither does what a person says. LMTP's LHLO stands where EHLO does.
    #[must_use]
    pub fn verb(self) -> Option<Verb> {
        self.row().verb
    }
}
