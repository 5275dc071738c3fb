//! What can go wrong when a proxy is named, and when it is asked. What would help is said in `words`.

use std::fmt;

use crate::net::{Error, ServerError};

/// Why a text names no proxy. None of these holds the text, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyError {
    /// Neither `socks5` nor `http`.
    Scheme,
    /// There is a password in it.
    Password,
    /// The user is empty, or not percent-encoded as it must be.
    User,
    /// The host and its port are not right.
    Place(ServerError),
}

/// Why a proxy does not connect us.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProxyFault {
    /// It will not.
    Refused(Refusal),
    /// It cannot at the moment.
    Failed(Refusal),
    /// It requires a log-in, or another one.
    LogIn(LogInFault),
    /// It does not speak its protocol.
    Protocol(ProxyBreach),
    /// It closed the connection before its last reply.
    Closed,
    /// The connection to it failed, or took too long.
    Network(Error),
}

/// What a proxy says in place of connecting us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// By HTTP: its status line.
    Http(StatusLine),
    /// By SOCKS: its reply (RFC 1928, section 6).
    Socks(u8),
    /// Nothing: it was not asked, for SOCKS has no room for a name as long as the server's.
    NameTooLong,
}

/// The code and the reason of an HTTP status line, without what is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusLine {
    /// Three digits.
    pub code: u16,
    /// The text behind them.
    pub reason: String,
}

/// What is wrong with the log-in at a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogInFault {
    /// It wants one, and there is no user: its status line, if it speaks HTTP.
    Wanted(Option<StatusLine>),
    /// By HTTP: it refuses the user or the password.
    Refused(StatusLine),
    /// By SOCKS: it refuses this user, or the password.
    RefusedUser(String),
    /// It takes no passwords.
    NoPasswords,
    /// The user or the password is empty, or longer than the 255 octets that SOCKS has room for (RFC 1929,
    /// section 2).
    Length,
}

/// How a proxy breaks its protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyBreach {
    /// This is not HTTP.
    NotHttp,
    /// This is not SOCKS version 5.
    NotSocks,
    /// Its reply has no end.
    LongReply,
    /// It chose a way to log in that it was not offered.
    WayNotOffered,
    /// An address in its reply is of an unknown type.
    AddressType,
}

impl std::error::Error for ProxyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProxyError::Place(error) => Some(error),
            ProxyError::Scheme | ProxyError::Password | ProxyError::User => None,
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProxyError::Scheme => f.write_str("name a proxy as socks5://host:port or http://host:port"),
            ProxyError::Password => {
                f.write_str("a password does not belong in a URL, where others can see it")
            }
            ProxyError::User => f.write_str(
                "write the user as in socks5://user@host, with '@' written as \
                                             %40",
            ),
            ProxyError::Place(error) => error.fmt(f),
        }
    }
}

impl From<Error> for ProxyFault {
    fn from(error: Error) -> ProxyFault {
        if error.is_closed() { ProxyFault::Closed } else { ProxyFault::Network(error) }
    }
}

impl std::error::Error for ProxyFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProxyFault::Network(error) => Some(error),
            _ => None,
        }
    }
}

/// What follows 'the proxy HOST:PORT'.
impl fmt::Display for ProxyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProxyFault::Refused(refusal) => write!(f, "refused: {refusal}"),
            ProxyFault::Failed(refusal) => write!(f, "could not connect: {refusal}"),
            ProxyFault::LogIn(fault) => fault.fmt(f),
            ProxyFault::Protocol(breach) => write!(f, "broke the protocol: {breach}"),
            ProxyFault::Closed => f.write_str("closed the connection instead of replying"),
            ProxyFault::Network(Error::Timeout) => f.write_str("did not answer in time"),
            ProxyFault::Network(error) => write!(f, "did not answer: {error}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Http(status) => return status.fmt(f),
            Refusal::NameTooLong => "the name is too long",
            Refusal::Socks(1) => "general failure",
            Refusal::Socks(2) => "its rules do not allow this connection",
            Refusal::Socks(3) => "network unreachable",
            Refusal::Socks(4) => "host unreachable",
            Refusal::Socks(5) => "connection refused",
            Refusal::Socks(6) => "timed out on the way",
            Refusal::Socks(7) => "it makes no connections (CONNECT)",
            Refusal::Socks(8) => "it does not support this type of address",
            Refusal::Socks(code) => return write!(f, "for an unknown reason (code {code})"),
        })
    }
}

impl fmt::Display for StatusLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.reason)
    }
}

impl fmt::Display for LogInFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogInFault::Wanted(None) => f.write_str("requires a log-in"),
            LogInFault::Wanted(Some(status)) => write!(f, "requires a log-in: {status}"),
            LogInFault::Refused(status) => write!(f, "refused the log-in: {status}"),
            LogInFault::RefusedUser(user) => write!(f, "refused the log-in of {user}"),
            LogInFault::NoPasswords => f.write_str("does not accept a log-in by password"),
            LogInFault::Length => f.write_str("accepts a user and a password of at most 255 octets"),
        }
    }
}

impl fmt::Display for ProxyBreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProxyBreach::NotHttp => "this is not HTTP",
            ProxyBreach::NotSocks => "this is not SOCKS5",
            ProxyBreach::LongReply => "its reply is too long",
            ProxyBreach::WayNotOffered => "it chose a log-in that was not offered",
            ProxyBreach::AddressType => "an address of an unknown type",
        })
    }
}
