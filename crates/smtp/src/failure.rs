//! Why a session cannot go on.
//!
//! A refusal of a recipient or of the message is none of these: it is data, in [`super::transaction`].
//! `Display` is short; what to do about it depends on the program, which knows its own flags.

use super::auth::{NoMechanism, Unproved};
use super::command::UnfitLine;
use super::expect::Expect;
use super::extension::Extension;
use super::reply::{Reply, ReplyReader, characters, in_brief};
use super::violation::Violation;
use std::fmt;

/// Why a session cannot go on. What was known of the transaction stays known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server broke the protocol.
    Violation(Violation),
    /// A refusal that ends the session: to the greeting, EHLO, STARTTLS or AUTH, or a 421 wherever it comes.
    Refused {
        /// What the reply answered; nothing if a 421 came unasked.
        awaiting: Option<Expect>,
        /// The reply.
        reply: Reply,
    },
    /// The server closed the connection while this was awaited.
    HungUp {
        /// The reply that was awaited.
        awaiting: Option<Expect>,
    },
    /// EHLO was refused, and behind HELO there is not what is demanded.
    EhloRefused {
        /// The reply.
        reply: Reply,
        /// What is demanded.
        lack: EhloNeed,
    },
    /// TLS is demanded, and STARTTLS is not offered.
    TlsNotOffered,
    /// STARTTLS was offered on an earlier connection to the same server, and is not any more.
    TlsGone,
    /// There is no way to log in.
    NoMechanism(NoMechanism),
    /// The log-in was refused.
    LogIn {
        /// The reply.
        reply: Reply,
        /// What the server said about it within the exchange, decoded.
        reason: Option<Box<str>>,
        /// The mechanisms, besides those that were tried, that it offers and the credentials could be used
        /// with.
        others: Box<[&'static str]>,
    },
    /// The server sent a challenge that cannot be answered, and ended the exchange in good order when it was
    /// left.
    BadChallenge,
    /// The server said within the exchange why it refuses the log-in, and gave no proper reply after that.
    Denied {
        /// What it said, decoded.
        reason: String,
    },
    /// The server failed the test of a mechanism that tests servers, too.
    Unproved(Unproved),
    /// The message is larger than the server takes; nothing of it was sent.
    TooLarge {
        /// The message, in octets.
        octets: u64,
        /// The server's limit, in octets.
        limit: u64,
    },
    /// The message or an address needs an extension that is not offered; nothing of it was sent.
    NotOffered(Need),
    /// A command would have held a control character.
    Unfit,
}

/// What is offered in the reply to EHLO only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EhloNeed {
    /// TLS by STARTTLS.
    StartTls,
    /// A log-in.
    LogIn,
}

/// What a message needs that not every server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// An extension: the content needs it, or it was asked for.
    Extension(Extension),
    /// The same, asked for by nothing but a list of recipients.
    Listed(Extension),
    /// An address that is not ASCII: SMTPUTF8 (RFC 6531).
    Address,
    /// A header that is not ASCII: SMTPUTF8, for what it is worth.
    Header,
    /// XCLIENT is offered, but not this attribute.
    XclientAttribute(&'static str),
}

impl Need {
    /// The extension that it comes with.
    #[must_use]
    pub fn extension(self) -> Extension {
        match self {
            Need::Extension(extension) | Need::Listed(extension) => extension,
            Need::Address | Need::Header => Extension::Smtputf8,
            Need::XclientAttribute(_) => Extension::Xclient,
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server does not offer {}", self.extension().keyword())
    }
}

impl std::error::Error for Need {}

impl Failure {
    /// What the server said in place of the reply that was awaited, as far as it tells what speaks there: the
    /// beginning of its last line. Nothing where that is not the trouble. A line without end is told only in
    /// place of a greeting: later it may be a part of a secret that the server repeats.
    #[must_use]
    pub fn first_words(&self, awaiting: Option<Expect>, said: &ReplyReader) -> Option<String> {
        let line = match (self, awaiting) {
            (Failure::Violation(Violation::NotAReply | Violation::TwoCodes), _)
            | (
                Failure::Violation(Violation::LineTooLong | Violation::ReplyTooLong),
                Some(Expect::Greeting),
            ) => said.line(),
            (Failure::HungUp { .. }, Some(Expect::Greeting)) => said.begun(),
            _ => return None,
        };
        let words = in_brief(characters(line).trim());
        (!words.is_empty()).then_some(words)
    }
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Failure {
        Failure::Violation(violation)
    }
}

impl From<UnfitLine> for Failure {
    fn from(UnfitLine: UnfitLine) -> Failure {
        Failure::Unfit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Violation(_) => f.write_str("the server broke the protocol"),
            Failure::Refused { reply, .. } => {
                write!(f, "the server refused: {} {}", reply.code(), reply.joined())
            }
            Failure::HungUp { .. } => f.write_str("the server closed the connection"),
            Failure::EhloRefused { reply, .. } => {
                write!(f, "the server refused EHLO: {} {}", reply.code(), reply.joined())
            }
            Failure::TlsNotOffered => f.write_str("the server does not offer STARTTLS"),
            Failure::TlsGone => f.write_str("the server no longer offers STARTTLS"),
            Failure::NoMechanism(_) => f.write_str("there is no way to log in"),
            Failure::LogIn { reply, .. } => {
                write!(f, "the server refused the log-in: {} {}", reply.code(), reply.joined())
            }
            Failure::BadChallenge => f.write_str("the server sent a challenge that cannot be answered"),
            Failure::Denied { reason } => write!(f, "the server refused the log-in: {reason}"),
            Failure::Unproved(_) => f.write_str("the server did not prove that it is the right one"),
            Failure::TooLarge { octets, limit } => {
                write!(f, "the message has {octets} octets, but the server takes at most {limit}")
            }
            Failure::NotOffered(need) => need.fmt(f),
            Failure::Unfit => f.write_str("a command would have contained a control character"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Failure::Violation(violation) => Some(violation),
            Failure::NoMechanism(reason) => Some(reason),
            Failure::Unproved(unproved) => Some(unproved),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::ReplyLine;

    /// What is told of octets in place of a reply that was awaited, cut at `at`.
    fn told(octets: &[u8], at: usize, awaiting: Expect) -> Option<String> {
        let mut reader = ReplyReader::default();
        let (head, tail) = octets.split_at(at);
        for piece in [head, tail] {
            reader.push(piece);
            while let Some(read) = reader.next_line().transpose() {
                if let Ok(ReplyLine::Broken(violation)) | Err(violation) = read {
                    return Failure::from(violation).first_words(Some(awaiting), &reader);
                }
            }
        }
        Failure::HungUp { awaiting: Some(awaiting) }.first_words(Some(awaiting), &reader)
    }

    #[test]
    fn what_is_no_reply_is_told_by_its_first_words_however_it_is_cut() {
        let long = "x".repeat(5000);
        let reason = format!("{} listed at bl.example.org", "for this: ".repeat(10));
        for (octets, greeting, later) in [
            ("SSH-2.0-x\r\n", Some("SSH-2.0-x"), Some("SSH-2.0-x")),
            ("220-beta\r\n554 no\r\n", Some("554 no"), Some("554 no")),
            ("\r\n", None, None),
            ("220-beta\r\nopen ses", Some("open ses"), None),
            (&format!("{reason}\r\n"), Some(&reason), Some(&reason)),
            (
                &format!("220-beta\r\n521 {reason}\r\n"),
                Some(&format!("521 {reason}")),
                Some(&format!("521 {reason}")),
            ),
            (&long, Some(&format!("{}...", &long[..200])), None),
        ] {
            for at in 0..=octets.len() {
                let told = |awaiting| told(octets.as_bytes(), at, awaiting);
                assert_eq!(told(Expect::Greeting).as_deref(), greeting, "{octets:.20} at {at}");
                assert_eq!(told(Expect::Mail).as_deref(), later, "{octets:.20} at {at}");
            }
        }
    }
}
