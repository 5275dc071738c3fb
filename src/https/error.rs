//! What can go wrong with a request: the connection, the time, or an answer that is not one.

use crate::net::{ConnectError, Error as NetError};
use std::fmt;

/// The most that an answer may hold beside its header, in octets: RFC 8461, section 3.3, suggests so much for a policy,
/// and no token is as long.
pub const LARGEST: u64 = 64 * 1024;

/// Why there is no answer that can be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum HttpsError {
    /// There is no connection.
    Connect(ConnectError),
    /// TLS did not begin, for the reason inside: a certificate, mostly.
    Handshake(NetError),
    /// The connection was lost, or the time is over.
    Network(NetError),
    /// The answer is a redirect, with this status. None is followed.
    Redirected(u16),
    /// The answer is larger than [`LARGEST`] octets, or its header is too large.
    TooLarge,
    /// The answer is compressed, or the like, which was not asked for.
    Encoded,
    /// The connection ended before the answer did.
    BrokenOff,
    /// What came is not HTTP.
    NotHttp,
}

impl HttpsError {
    /// What ureq says, or what we said to it.
    pub(super) fn of(error: ureq::Error) -> HttpsError {
        match error {
            ureq::Error::Other(error) => match error.downcast::<HttpsError>() {
                Ok(own) => *own,
                Err(_) => HttpsError::NotHttp,
            },
            // Our own come back in what a body's reader gives.
            ureq::Error::Io(error) => match error.into_inner().map(|inner| inner.downcast::<HttpsError>()) {
                Some(Ok(own)) => *own,
                Some(Err(_)) | None => HttpsError::BrokenOff,
            },
            ureq::Error::BodyExceedsLimit(_) | ureq::Error::LargeResponseHeader(..) => HttpsError::TooLarge,
            _ => HttpsError::NotHttp,
        }
    }

    /// Whether it is worth another try later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            HttpsError::Connect(_) | HttpsError::Network(_) | HttpsError::BrokenOff => true,
            HttpsError::Handshake(NetError::Tls(error)) => !error.is_trust() && !error.is_local(),
            HttpsError::Handshake(_) => true,
            HttpsError::Redirected(_) | HttpsError::TooLarge | HttpsError::Encoded | HttpsError::NotHttp => {
                false
            }
        }
    }
}

impl std::error::Error for HttpsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            HttpsError::Connect(error) => Some(error),
            HttpsError::Handshake(error) | HttpsError::Network(error) => Some(error),
            HttpsError::Redirected(_)
            | HttpsError::TooLarge
            | HttpsError::Encoded
            | HttpsError::BrokenOff
            | HttpsError::NotHttp => None,
        }
    }
}

impl fmt::Display for HttpsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HttpsError::Connect(error) => error.fmt(f),
            HttpsError::Handshake(error) | HttpsError::Network(error) => error.fmt(f),
            HttpsError::Redirected(status) => write!(f, "the answer is a redirect ({status})"),
            HttpsError::TooLarge => f.write_str("the answer is larger than any should be"),
            HttpsError::Encoded => f.write_str("the answer is encoded, which was not asked for"),
            HttpsError::BrokenOff => f.write_str("connection closed in the middle of the answer"),
            HttpsError::NotHttp => f.write_str("the answer is not HTTP"),
        }
    }
}
