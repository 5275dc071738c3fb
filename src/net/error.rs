//! What can go wrong on a connection: the network, the clock, a signal, or TLS ([`TlsError`]).

use std::fmt;
use std::io;

use super::system::is_closed;
pub use super::system::{again, plain};
use super::tls::TlsError;

/// Why a connection could not be read from, written to or made secure.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The system's own error: connection reset, broken pipe.
    Io(io::Error),
    /// The deadline passed first.
    Timeout,
    /// A signal came (see [`interrupt`](super::interrupt)).
    Interrupted,
    /// The connection ended inside TLS without `close_notify`: what was read may not be all (RFC 8446,
    /// section 6.1).
    Truncated,
    /// TLS itself.
    Tls(TlsError),
}

impl Error {
    /// Whether the peer has ended the connection, in whatever way.
    pub fn is_closed(&self) -> bool {
        match self {
            Error::Truncated => true,
            Error::Tls(error) => matches!(error, TlsError::BrokenOff),
            Error::Io(error) => is_closed(error.kind()),
            Error::Timeout | Error::Interrupted => false,
        }
    }

    /// The same, of a handshake that STARTTLS began: a server that agreed to it does not begin in clear.
    #[must_use]
    pub fn behind_220(self) -> Error {
        match self {
            Error::Tls(TlsError::NotTls) => Error::Tls(TlsError::NotTlsBehind220),
            error => error,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Error {
        Error::Tls(error)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(error) => Some(error),
            Error::Tls(error) => Some(error),
            Error::Timeout | Error::Interrupted | Error::Truncated => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(error) => f.write_str(&plain(error)),
            Error::Timeout => f.write_str("timed out"),
            Error::Interrupted => f.write_str("interrupted by a signal"),
            Error::Truncated => f.write_str("connection closed without TLS's close_notify"),
            Error::Tls(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_short_and_plain() {
        let refused = Error::Io(io::Error::from_raw_os_error(111));
        #[cfg(target_os = "linux")]
        assert_eq!(refused.to_string(), "connection refused");
        assert!(!refused.is_closed());
    }
}
