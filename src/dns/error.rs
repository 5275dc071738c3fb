//! Why there are no records.

use crate::net::Error as NetError;
use std::fmt;
use std::net::SocketAddr;

/// Why there are no records.
#[derive(Debug)]
#[non_exhaustive]
pub enum DnsError {
    /// No name in the DNS can be like this.
    Name,
    /// The name does not exist (RFC 1035, section 4.1.1: code 3).
    NoSuchName,
    /// The name exists, and has no record of this type.
    NoRecord,
    /// A resolver answers with another code: 2 is its own failure, 5 is that it does not serve us.
    Code(SocketAddr, u16),
    /// What a resolver sends is not an answer.
    Malformed(SocketAddr),
    /// There is no resolver to ask: /etc/resolv.conf names none that can be used.
    NoResolver,
    /// A resolver cannot be asked: the system says why, or the time is over, or a signal came.
    Network(SocketAddr, NetError),
    /// This system gives no random numbers: an answer could be forged.
    NoRandom,
}

impl DnsError {
    /// Whether it is known that there is no such record. Otherwise nobody knows, and it is worth another try.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        matches!(self, DnsError::Name | DnsError::NoSuchName | DnsError::NoRecord)
    }
}

impl std::error::Error for DnsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DnsError::Network(_, error) => Some(error),
            _ => None,
        }
    }
}

/// What a code means (RFC 1035, section 4.1.1), for those that a resolver sends.
fn meaning(code: u16) -> &'static str {
    match code {
        1 => "it does not understand the question",
        2 => "it failed",
        4 => "it does not know such questions",
        5 => "it refuses",
        _ => "an error",
    }
}

impl fmt::Display for DnsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DnsError::Name => f.write_str("this cannot be a name in the DNS"),
            DnsError::NoSuchName => f.write_str("the name does not exist in the DNS"),
            DnsError::NoRecord => f.write_str("the DNS has no such record"),
            DnsError::Code(resolver, code) => {
                write!(f, "the resolver {resolver} has no answer: {} (code {code})", meaning(*code))
            }
            DnsError::Malformed(resolver) => write!(f, "what the resolver {resolver} sent is not an answer"),
            DnsError::NoResolver => f.write_str("/etc/resolv.conf names no resolver"),
            DnsError::Network(resolver, error) => {
                write!(f, "the resolver {resolver} cannot be asked: {error}")
            }
            DnsError::NoRandom => f.write_str("this system gives no random numbers"),
        }
    }
}
