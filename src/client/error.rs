//! Why a session could not go on, with what was awaited, and whose fault it was. `Display` is short: the
//! sentence for people, with what they can do about it, is in `words`.

use super::drop_point::Point;
use crate::net::{ConnectError, Error as NetError, ProxyFault, TlsError};
use crate::route::NoRoute;
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::failure::{EhloNeed, Failure};
use ehlo_smtp::reply::{Class, Reply};
use std::fmt;
use std::io;

/// Why a connection was not made, or a session did not come to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no way to a domain: nobody was connected to.
    NoRoute(Box<NoRoute>),
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
        /// What was awaited.
        awaiting: Option<Awaiting>,
        /// The beginning of what the server said, if it was no reply.
        said: Option<String>,
    },
    /// The server refused the token, and there is no other one at present, though there may be one later.
    NoToken(Failure),
    /// The connection failed, or took too long.
    Network {
        /// Why.
        error: NetError,
        /// What was awaited, or being done.
        awaiting: Option<Awaiting>,
    },
    /// We have dropped the connection, as we were told to.
    Dropped(Point),
    /// The message could not be read to its end, or changed while it was sent. Its end was not written.
    Source(io::Error),
    /// It could not be written down that the end of the message was about to be sent, and so it was not sent.
    Unrecorded(io::Error),
}

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
    /// Of what the session refuses to say; nothing was said.
    pub(super) fn unsaid(failure: Failure) -> Error {
        Error::Session { failure, awaiting: None, said: None }
    }

    /// Whether it lies with this server, at this time, so that another one may take its place: it was not
    /// reached, broke off, or said 'not now'. A certificate that is not trusted and credentials that are
    /// refused are a matter of their own, and so is whatever happened at this end.
    #[must_use]
    pub fn is_of_the_server(&self) -> bool {
        match self {
            Error::NoRoute(_) => false,
            Error::Connect(ConnectError::Interrupted | ConnectError::Bind(..)) => false,
            Error::Connect(ConnectError::Proxy(_, fault)) => !matches!(fault, ProxyFault::LogIn(_)),
            Error::Connect(_) | Error::Socket(..) => true,
            Error::Session { failure, .. } => match failure {
                Failure::HungUp { .. } => true,
                Failure::Refused { awaiting: Some(Expect::Greeting), .. } => true,
                Failure::Refused { reply, .. } | Failure::LogIn { reply, .. } => {
                    reply.class() == Class::Transient
                }
                _ => false,
            },
            Error::Network { error: NetError::Interrupted, .. } => false,
            Error::Network { error: NetError::Tls(error), .. } => !error.is_trust() && !error.is_local(),
            Error::Network { .. } => true,
            Error::Program(..)
            | Error::ProgramEnded(..)
            | Error::NoToken(_)
            | Error::Dropped(_)
            | Error::Source(_)
            | Error::Unrecorded(_) => false,
        }
    }

    /// Whether another host of the same domain may do better: whatever is wrong with this one, but for a signal and what is
    /// wrong at this end.
    #[must_use]
    pub fn is_of_the_host(&self) -> bool {
        match self {
            Error::Network { error: NetError::Tls(error), .. } => !error.is_local(),
            Error::Session { failure, .. } => !matches!(failure, Failure::TooLarge { .. } | Failure::Unfit),
            error => error.is_of_the_server(),
        }
    }

    /// What kind of trouble it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Error::NoRoute(_) => Kind::Dns,
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
            Error::NoToken(_) => Kind::Auth,
            Error::Network { error, .. } => match error {
                NetError::Timeout => Kind::Timeout,
                NetError::Tls(_) => Kind::Tls,
                _ => Kind::Disconnected,
            },
            Error::Dropped(_) => Kind::Disconnected,
            Error::Source(_) | Error::Unrecorded(_) => Kind::Io,
        }
    }

    /// What was awaited, if that says more than the error does.
    #[must_use]
    pub fn awaiting(&self) -> Option<&Awaiting> {
        match self {
            Error::Session { awaiting, .. } | Error::Network { awaiting, .. } => awaiting.as_ref(),
            _ => None,
        }
    }

    /// Why the session says that it cannot go on, if it is the session that says so.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Error::Session { failure, .. } | Error::NoToken(failure) => Some(failure),
            _ => None,
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
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoRoute(_) => f.write_str("there is no way to the domain"),
            Error::Connect(_) => f.write_str("there is no connection"),
            Error::Socket(path, _) => write!(f, "cannot connect to the socket {path}"),
            Error::Program(name, _) => write!(f, "cannot run the program {name}"),
            Error::ProgramEnded(name, _) => write!(f, "the program {name} ended without a greeting"),
            Error::Session { .. } => f.write_str("the session cannot go on"),
            Error::NoToken(_) => f.write_str("the token was refused, and there is no other one at present"),
            Error::Network { .. } => f.write_str("the connection failed"),
            Error::Dropped(_) => f.write_str("the connection was dropped, as asked"),
            Error::Source(_) => f.write_str("the message cannot be read"),
            Error::Unrecorded(_) => f.write_str("the end of the message was not sent: it cannot be recorded"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::NoRoute(error) => Some(error.as_ref()),
            Error::Connect(error) => Some(error),
            Error::Socket(_, error) | Error::Network { error, .. } => Some(error),
            Error::Program(_, error) | Error::Source(error) | Error::Unrecorded(error) => Some(error),
            Error::Session { failure, .. } | Error::NoToken(failure) => Some(failure),
            Error::ProgramEnded(..) | Error::Dropped(_) => None,
        }
    }
}
