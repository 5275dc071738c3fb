//! Whose fault it is that a message did not go out: its own, its account's, or ours. A fault of the account touches
//! no message: that waits as if nothing had happened.

use crate::client::Error;
use crate::delivery::Outcome;
use crate::dns::DnsError;
use crate::net::{ConnectError, Error as NetError};
use crate::route::{HostFault, NoRoute};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::failure::Failure;
use ehlo_smtp::reply::{Class, Reply};
use ehlo_smtp::transaction::Transaction;
use std::io::ErrorKind;

/// Whose fault an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The message's: no server like this one takes it.
    Message,
    /// The account's, at this time: its server is not there, or not ready.
    Account,
    /// The account's, until somebody changes something: the log-in is refused, the server is not trusted.
    Configuration,
    /// The session was ready and broke off in the middle: perhaps because of the message, perhaps not.
    Either,
    /// The content cannot be read, or is not what was handed over.
    Content,
    /// Ours: a signal, or the disk.
    Ours,
}

/// The error that ended the work on a message, and who is to blame for it. Where each recipient's domain has servers of its own,
/// the account can do nothing about them: an error touches those who wait for that domain, and that is all; but for what is ours.
#[must_use]
pub fn blamed(outcome: &Outcome) -> (Option<&Error>, Option<Blame>) {
    if !outcome.routed {
        let error = outcome.error();
        return (error, error.map(|error| blame(error, outcome)));
    }
    let ours = |error: &&Error| matches!(blame(error, outcome), Blame::Ours | Blame::Content);
    if let Some(error) = outcome.errors().find(ours) {
        return (Some(error), Some(blame(error, outcome)));
    }
    // Nobody could be reached at all.
    let decided = outcome.recipients.iter().any(|recipient| recipient.decided.is_some());
    match outcome.errors().all(is_of_this_host).then(|| outcome.error()).flatten() {
        Some(error) if !decided => (Some(error), Some(Blame::Account)),
        _ => (None, None),
    }
}

/// Whether there is no network here, or nobody who answers questions about domains.
fn is_of_this_host(error: &Error) -> bool {
    let is_down = |error: &NetError| match error {
        NetError::Io(error) => {
            matches!(error.kind(), ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown)
        }
        _ => false,
    };
    let is_refused = |error: &NetError| matches!(error, NetError::Io(error) if error.kind() == ErrorKind::ConnectionRefused);
    match error {
        Error::NoRoute(why) => match why.as_ref() {
            NoRoute::LookUp { error: DnsError::NoResolver, .. } => true,
            NoRoute::LookUp { error: DnsError::Network(_, error), .. } => is_down(error) || is_refused(error),
            _ => false,
        },
        // A host without IPv6 reaches nobody who has nothing else, and that is no reason for others to wait.
        Error::Connect(ConnectError::Failed(tried)) => {
            tried.iter().any(|tried| tried.address.is_ipv4())
                && tried.iter().all(|tried| tried.error.as_ref().is_some_and(is_down))
        }
        _ => false,
    }
}

/// Whether a signal ended the look-ups of a way.
fn is_interrupted(why: &NoRoute) -> bool {
    let is_it = |error: &DnsError| matches!(error, DnsError::Network(_, NetError::Interrupted));
    match why {
        NoRoute::LookUp { error, .. } => is_it(error),
        NoRoute::Hosts { faults, .. } => faults.iter().any(|(_, fault)| match fault {
            HostFault::LookUp(error) | HostFault::Tlsa(error) => is_it(error),
            _ => false,
        }),
        _ => false,
    }
}

/// Who is to blame for the error that ended the work on a message.
#[must_use]
pub fn blame(error: &Error, outcome: &Outcome) -> Blame {
    let was_ready = awaits_a_word_on_the_message(error)
        || outcome.attempts.last().is_some_and(|attempt| {
            attempt.server.is_some() && attempt.transactions.iter().any(was_begun) && !is_of_the_log_in(error)
        });
    match error {
        // The destination is to blame, and no account.
        Error::NoRoute(why) if is_interrupted(why) => Blame::Ours,
        Error::NoRoute(why) if why.is_final() => Blame::Message,
        Error::NoRoute(_) => Blame::Either,
        Error::Connect(ConnectError::Interrupted) | Error::Unrecorded(_) => Blame::Ours,
        Error::Network { error: NetError::Interrupted, .. } => Blame::Ours,
        Error::Source(_) => Blame::Content,
        Error::Session { failure, .. } => match failure {
            Failure::TooLarge { .. } | Failure::NotOffered(_) | Failure::Unfit => Blame::Message,
            Failure::LogIn { reply, .. }
            | Failure::Refused { reply, awaiting: Some(Expect::Auth | Expect::StartTls) } => of_reply(reply),
            Failure::Refused { awaiting: Some(Expect::Greeting | Expect::Ehlo | Expect::Helo), .. } => {
                Blame::Account
            }
            Failure::TlsNotOffered
            | Failure::TlsGone
            | Failure::EhloRefused { .. }
            | Failure::NoMechanism(_)
            | Failure::Denied { .. }
            | Failure::BadChallenge
            | Failure::Unproved(_) => Blame::Configuration,
            Failure::HungUp { .. } | Failure::Violation(_) | Failure::Refused { .. } if was_ready => {
                Blame::Either
            }
            _ => Blame::Account,
        },
        Error::Network { error: NetError::Tls(error), .. } if error.is_trust() || error.is_local() => {
            Blame::Configuration
        }
        Error::Network { .. } | Error::Dropped(_) if was_ready => Blame::Either,
        Error::Connect(_)
        | Error::Socket(..)
        | Error::Program(..)
        | Error::ProgramEnded(..)
        | Error::NoToken(_) => Blame::Account,
        Error::Network { .. } | Error::Dropped(_) => Blame::Account,
    }
}

fn of_reply(reply: &Reply) -> Blame {
    if reply.class() == Class::Permanent { Blame::Configuration } else { Blame::Account }
}

fn is_of_the_log_in(error: &Error) -> bool {
    matches!(error, Error::Session { failure: Failure::LogIn { .. }, .. })
}

/// Whether a command about the message was out when the session ended. One that hangs up on MAIL may do so for its
/// sender's sake.
fn awaits_a_word_on_the_message(error: &Error) -> bool {
    match error.awaiting() {
        Some(Awaiting::Rcpt(_) | Awaiting::MessageFor(_) | Awaiting::Content) => true,
        Some(Awaiting::Reply(awaited)) => matches!(awaited, Expect::Mail | Expect::Data | Expect::Message),
        _ => false,
    }
}

/// Whether a message was begun in this transaction.
fn was_begun(transaction: &Transaction) -> bool {
    transaction.mail.is_some() || transaction.recipients.iter().any(|addressee| addressee.asked)
}

/// Whether a reply to MAIL or RCPT says that the log-in is missing or not enough: that is no verdict on the
/// message (RFC 4954, section 6).
#[must_use]
pub fn is_about_the_log_in(stage: Stage, reply: &Reply) -> bool {
    matches!(stage, Stage::Mail | Stage::Rcpt | Stage::Data) && matches!(reply.code(), 530 | 534 | 535 | 538)
}
