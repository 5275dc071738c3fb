//! Why there is no sink, or why it cannot go on.

use crate::net::TlsError;
use crate::net::error::plain;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why there is no sink, or why it cannot go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum SinkError {
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The folder or file for the messages cannot be made or written.
    Store {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// There is no certificate to be made.
    Certificate(TlsError),
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SinkError::Listen { address, error } => write!(f, "cannot listen on {address}: {}", plain(error)),
            SinkError::Store { path, error } => {
                write!(f, "cannot keep messages in {}: {}", path.display(), plain(error))
            }
            SinkError::Certificate(error) => write!(f, "cannot make a certificate: {error}"),
        }
    }
}

impl std::error::Error for SinkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SinkError::Listen { error, .. } | SinkError::Store { error, .. } => Some(error),
            SinkError::Certificate(error) => Some(error),
        }
    }
}
