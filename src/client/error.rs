//! Why a session could not go on, with the reply that was awaited, and whose fault it was.

use super::drop::Point;
use crate::net::error::plain;
use crate::net::{ConnectError, Error as NetError, ProxyFault, TlsError};
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::failure::{EhloNeed, Failure};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::violation::Violation;
use std::fmt;
use std::io;

/// Why a connection was not made, or a session did not come to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no connection.
    Connect(ConnectError),
    /// A Unix socket could not be connected to: its path, and why.
    Socket(String, NetError),
    /// A program could not be run: its name, and why.
    Program(String, io::Error),
    /// A program ended without a greeting: its name, and how it ended if that is known.
    ProgramEnded(String, Option<String>),
    /// The session says so: a refusal, a violation, a hang-up.
    Session {
        /// Why.
        failure: Failure,
        /// The command whose reply was awaited, with its recipient.
        awaiting: Option<String>,
        /// The beginning of what the server said, if it was no reply.
        said: Option<String>,
    },
    /// The connection failed, or took too long.
    Network {
        /// Why.
        error: NetError,
        /// What was being done.
        awaiting: Option<String>,
    },
    /// We have dropped the connection, as we were told to.
    Dropped(Point),
    /// The message could not be read to its end, or changed while it was sent. Its end was not written.
    Source(io::Error),
}

/// What is awaited while TLS begins.
pub const HANDSHAKE: &str = "the TLS handshake";

/// What is awaited while another token is fetched.
pub const TOKEN: &str = "the token command";

/// What kind of trouble it is, as `--json` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The message or an address.
    Data,
    /// The host's name.
    Dns,
    /// No address answered.
    Connect,
    /// Something took too long.
    Timeout,
    /// TLS.
    Tls,
    /// The log-in.
    Auth,
    /// The server broke the protocol, or refused the session.
    Protocol,
    /// The connection was lost, or a signal came.
    Disconnected,
    /// Local files.
    Io,
    /// The server lacks an extension.
    Extension,
}

impl Kind {
    /// The name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Data => "data",
            Kind::Dns => "dns",
            Kind::Connect => "connect",
            Kind::Timeout => "timeout",
            Kind::Tls => "tls",
            Kind::Auth => "auth",
            Kind::Protocol => "protocol",
            Kind::Disconnected => "disconnected",
            Kind::Io => "io",
            Kind::Extension => "extension",
        }
    }
}

impl Error {
    /// What kind of trouble it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Error::Connect(error) => match error {
                ConnectError::NoSuchHost(_)
                | ConnectError::NoneOfFamily(..)
                | ConnectError::Resolver(..)
                | ConnectError::ResolverTimeout(_) => Kind::Dns,
                ConnectError::Interrupted => Kind::Disconnected,
                ConnectError::Bind(..) => Kind::Io,
                ConnectError::Proxy(_, ProxyFault::LogIn(_)) => Kind::Auth,
                ConnectError::Proxy(_, ProxyFault::Protocol(_)) => Kind::Protocol,
                _ => Kind::Connect,
            },
            Error::Socket(..) => Kind::Connect,
            Error::Program(..) => Kind::Io,
            Error::ProgramEnded(..) => Kind::Disconnected,
            Error::Session { failure, .. } => match failure {
                Failure::Violation(_) | Failure::BadChallenge => Kind::Protocol,
                Failure::HungUp { .. } => Kind::Disconnected,
                Failure::TlsNotOffered
                | Failure::TlsGone
                | Failure::EhloRefused { lack: EhloNeed::StartTls, .. } => Kind::Tls,
                Failure::EhloRefused { lack: EhloNeed::LogIn, .. }
                | Failure::NoMechanism(_)
                | Failure::LogIn { .. }
                | Failure::Denied { .. }
                | Failure::Unproved(_) => Kind::Auth,
                Failure::TooLarge { .. } | Failure::Unfit => Kind::Data,
                Failure::NotOffered(_) => Kind::Extension,
                Failure::Refused { reply, .. } if reply.code() == 421 => Kind::Disconnected,
                Failure::Refused { awaiting, .. } => match awaiting.map(Expect::stage) {
                    Some(Stage::Tls) => Kind::Tls,
                    Some(Stage::Auth) => Kind::Auth,
                    _ => Kind::Protocol,
                },
            },
            Error::Network { error, .. } => match error {
                NetError::Timeout => Kind::Timeout,
                NetError::Tls(_) => Kind::Tls,
                _ => Kind::Disconnected,
            },
            Error::Dropped(_) => Kind::Disconnected,
            Error::Source(_) => Kind::Io,
        }
    }

    /// The command whose reply was awaited, with its recipient.
    #[must_use]
    pub fn awaiting(&self) -> Option<&str> {
        match self {
            Error::Session { awaiting, .. } | Error::Network { awaiting, .. } => awaiting.as_deref(),
            Error::Connect(_)
            | Error::Socket(..)
            | Error::Program(..)
            | Error::ProgramEnded(..)
            | Error::Dropped(_)
            | Error::Source(_) => None,
        }
    }

    /// Why the session says that it cannot go on, if it is the session that says so.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Error::Session { failure, .. } => Some(failure),
            Error::Network { .. }
            | Error::Connect(_)
            | Error::Socket(..)
            | Error::Program(..)
            | Error::ProgramEnded(..)
            | Error::Dropped(_)
            | Error::Source(_) => None,
        }
    }

    /// The reply that ended the session, if it was one.
    #[must_use]
    pub fn reply(&self) -> Option<&Reply> {
        match self.failure()? {
            Failure::Refused { reply, .. }
            | Failure::LogIn { reply, .. }
            | Failure::EhloRefused { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// The trouble with TLS, if it is that.
    #[must_use]
    pub fn tls(&self) -> Option<&TlsError> {
        match self {
            Error::Network { error: NetError::Tls(error), .. } => Some(error),
            Error::Network { .. }
            | Error::Session { .. }
            | Error::Connect(_)
            | Error::Socket(..)
            | Error::Program(..)
            | Error::ProgramEnded(..)
            | Error::Dropped(_)
            | Error::Source(_) => None,
        }
    }
}

/// What [`Expect::Greeting`] is called.
const GREETING: &str = "the greeting";

/// "the reply to EHLO"; but the greeting answers nothing, and the handshake has no reply.
fn reply_to(awaiting: &str) -> String {
    match awaiting {
        GREETING | HANDSHAKE | TOKEN => awaiting.to_owned(),
        awaiting => format!("the reply to {awaiting}"),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Connect(error) => error.fmt(f),
            Error::Socket(path, error) => write!(f, "cannot connect to the socket {path}: {error}"),
            Error::Program(name, error) => write!(f, "cannot run the program {name}: {}", plain(error)),
            Error::ProgramEnded(name, how) => {
                write!(f, "the program {name} ended without a greeting")?;
                how.as_ref().map_or(Ok(()), |how| write!(f, " ({how})"))
            }
            Error::Session { failure: Failure::HungUp { .. }, awaiting: Some(awaiting), .. }
                if awaiting == "the message" =>
            {
                f.write_str("the server closed the connection while the message was being sent")
            }
            Error::Session { failure: Failure::HungUp { .. }, awaiting: Some(awaiting), .. }
                if awaiting == GREETING =>
            {
                f.write_str("the server closed the connection instead of a greeting")
            }
            Error::Session { failure: Failure::HungUp { .. }, awaiting: Some(awaiting), .. } => {
                write!(f, "the server closed the connection before its reply to {awaiting}")
            }
            Error::Session {
                failure: Failure::Violation(Violation::NotAReply),
                awaiting: Some(awaiting),
                ..
            } if awaiting == GREETING => {
                f.write_str("this is no mail server: it sent something else than an SMTP greeting")
            }
            Error::Session {
                failure: failure @ (Failure::Violation(_) | Failure::BadChallenge),
                awaiting: Some(awaiting),
                ..
            } => {
                write!(f, "{failure} (awaiting {})", reply_to(awaiting))
            }
            Error::Session { failure: Failure::Refused { reply, .. }, awaiting: Some(awaiting), .. }
                if reply.code() != 421 && awaiting != GREETING =>
            {
                let text = reply.text().collect::<Vec<_>>().join(" / ");
                write!(f, "the server refused {awaiting}: {} {text}", reply.code())
            }
            Error::Session { failure, .. } => failure.fmt(f),
            Error::Network { error: NetError::Timeout, awaiting: Some(awaiting) }
                if awaiting == "the message" =>
            {
                f.write_str("timed out: the server stopped taking the message")
            }
            Error::Network { error: NetError::Timeout, awaiting: Some(awaiting) } => {
                write!(f, "timed out waiting for {}", reply_to(awaiting))
            }
            Error::Network { error: NetError::Tls(error), .. } => error.fmt(f),
            // Its end was not written: no reply was awaited yet.
            Error::Network { error, awaiting: Some(awaiting) } if awaiting == "the message" => {
                write!(f, "{error} while the message was being sent")
            }
            Error::Network { error, awaiting: Some(awaiting) } => {
                write!(f, "{error} (awaiting {})", reply_to(awaiting))
            }
            Error::Network { error, awaiting: None } => error.fmt(f),
            Error::Dropped(point) => write!(f, "dropped the connection {point}, as asked"),
            Error::Source(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
