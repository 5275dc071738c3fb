//! The question whether a server relays for strangers (RFC 5321, section 7.9), and what came of it.
//!
//! RCPT is all that is needed to know: RSET follows it, and DATA never. Who asks is probe/relay_talk.rs.

use ehlo_smtp::path::{ForwardPath, ReversePath};
use ehlo_smtp::reply::Reply;

/// From whom and to whom it is asked to take mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayQuestion {
    /// The argument of MAIL.
    pub from: ReversePath,
    /// The argument of RCPT.
    pub to: ForwardPath,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Relay {
    /// What was asked.
    pub question: RelayQuestion,
    /// The reply that decided it: of RCPT, or of a command before it. Nothing if none came.
    pub reply: Option<Reply>,
    /// What that means.
    pub outcome: RelayOutcome,
}

/// What the server does with such mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayOutcome {
    /// RCPT was accepted.
    Accepted,
    /// RCPT was refused for good, or something before it was.
    Refused,
    /// It was put off, or there was no proper reply.
    NotKnown,
}

impl Relay {
    /// Of the reply to RCPT, or to the first command that was not accepted.
    #[must_use]
    pub fn of(question: &RelayQuestion, reply: Option<Reply>) -> Relay {
        let outcome = match reply.as_ref().map(|reply| reply.code() / 100) {
            Some(2) => RelayOutcome::Accepted,
            Some(5) => RelayOutcome::Refused,
            _ => RelayOutcome::NotKnown,
        };
        Relay { question: question.clone(), reply, outcome }
    }
}
