//! Why there was no connection, or no end of a session, in a sentence that says what was awaited and for
//! whom.

use super::awaiting::{awaiting, drop_point, reply_to};
use super::failure::{failure, refused};
use super::{net, route};
use crate::client::Error;
use crate::net::Error as NetError;
use crate::net::error::plain;
use crate::route::Routed;
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::violation::Violation;

/// The sentence.
#[must_use]
pub fn client_error(error: &Error) -> String {
    match error {
        Error::NoRoute(why) => route::no_route(why),
        Error::Connect(error) => net::connecting(error),
        Error::Socket(path, error) => format!("cannot connect to the socket {path}: {error}"),
        Error::Program(name, error) => format!("cannot run the program {name}: {}", plain(error)),
        Error::ProgramEnded(name, how) => {
            let how = how.as_ref().map_or(String::new(), |how| format!(" ({how})"));
            format!("the program {name} ended without a greeting{how}")
        }
        Error::Session { failure, awaiting: Some(awaited), .. } => of_session(failure, awaited),
        Error::Session { failure: ended, awaiting: None, .. } => failure(ended),
        Error::NoToken(ended) => format!("{}; there is no new token at present", failure(ended)),
        Error::Network { error: NetError::Tls(error), .. } => net::tls(error),
        Error::Network { error, awaiting: Some(awaited) } => of_network(error, awaited),
        Error::Network { error, awaiting: None } => error.to_string(),
        Error::Dropped(point) => format!("dropped the connection {}, as asked", drop_point(*point)),
        Error::Source(error) => error.to_string(),
        Error::Unrecorded(error) => format!("cannot write the journal of the queue: {}", plain(error)),
    }
}

/// The same of this host, where the DNS led to it: what one's own server would be told does not help there.
#[must_use]
pub fn client_error_at(host: Option<&Routed>, error: &Error) -> String {
    let said = match (host, error.failure()) {
        (Some(_), Some(Failure::TlsNotOffered)) => {
            "the server does not offer STARTTLS, which its domain's policy demands; nothing was sent there"
                .to_owned()
        }
        _ => client_error(error),
    };
    route::at(host, said)
}

fn of_session(ended: &Failure, awaited: &Awaiting) -> String {
    match (ended, awaited) {
        (Failure::HungUp { .. }, Awaiting::Content) => {
            "the server closed the connection while the message was being sent".to_owned()
        }
        (Failure::HungUp { .. }, awaited) if awaited.is_greeting() => {
            "the server closed the connection without a greeting".to_owned()
        }
        (Failure::HungUp { .. }, awaited) => {
            format!("the server closed the connection before its reply to {}", awaiting(awaited))
        }
        (Failure::Violation(Violation::NotAReply), awaited) if awaited.is_greeting() => {
            "this is not a mail server: what it sent is not an SMTP greeting".to_owned()
        }
        (Failure::Violation(_) | Failure::BadChallenge, awaited) => {
            format!("{} (awaiting {})", failure(ended), reply_to(awaited))
        }
        (Failure::Refused { reply, .. }, awaited) if reply.code() != 421 && !awaited.is_greeting() => {
            refused(&awaiting(awaited), reply)
        }
        (ended, _) => failure(ended),
    }
}

fn of_network(error: &NetError, awaited: &Awaiting) -> String {
    match (error, awaited) {
        (NetError::Timeout, Awaiting::Content) => {
            "timed out: the server stopped reading the message".to_owned()
        }
        (NetError::Timeout, awaited) => format!("timed out waiting for {}", reply_to(awaited)),
        // Its end was not written: no reply was awaited yet.
        (error, Awaiting::Content) => format!("{error} while the message was being sent"),
        (error, awaited) => format!("{error} (awaiting {})", reply_to(awaited)),
    }
}
