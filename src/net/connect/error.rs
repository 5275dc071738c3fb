//! Why there is no connection. What would help is said in `words`.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::net::system::plain;
use crate::net::{Error, Family, ProxyFault, own_end};

/// Why there is no connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name does not exist, or has no address.
    NoSuchHost(String),
    /// The name has addresses, but none of the family asked for.
    NoneOfFamily(String, Family),
    /// The resolver could not tell: the name, and the resolver's reason.
    Resolver(String, String),
    /// The deadline passed before the resolver answered.
    ResolverTimeout(String),
    /// Every address was tried in vain: never empty.
    Failed(Vec<Tried>),
    /// Our own end cannot have the address that was asked for.
    Bind(SocketAddr, io::Error),
    /// There is no connection to the proxy, for the reason inside.
    ToProxy(Box<ConnectError>),
    /// The proxy, as `host:port`, does not connect us, or is no proxy.
    Proxy(String, ProxyFault),
    /// A signal came.
    Interrupted,
}

/// An address that was tried in vain.
#[derive(Debug)]
pub struct Tried {
    /// The address.
    pub address: SocketAddr,
    /// Refused, timed out, unreachable; nothing if it was still silent when another one answered.
    pub error: Option<Error>,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            Some(error) => write!(f, "{}: {error}", self.address),
            None => write!(f, "{}: no answer so far", self.address),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ConnectError::Bind(_, error) => Some(error),
            ConnectError::ToProxy(error) => Some(error),
            ConnectError::Proxy(_, fault) => Some(fault),
            _ => None,
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::NoSuchHost(host) => write!(f, "no such host: {host}"),
            ConnectError::NoneOfFamily(host, family) => {
                let version = if *family == Family::V6 { 6 } else { 4 };
                write!(f, "{host} has no IPv{version} address")
            }
            ConnectError::Resolver(host, reason) => write!(f, "cannot look up {host} now: {reason}"),
            ConnectError::ResolverTimeout(host) => write!(f, "cannot look up {host} now: timed out"),
            ConnectError::Failed(tried) => {
                f.write_str("cannot connect to ")?;
                for (index, one) in tried.iter().enumerate() {
                    write!(f, "{}{one}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            ConnectError::Bind(address, error) => {
                write!(f, "cannot use the address {}: {}", own_end(*address), plain(error))
            }
            ConnectError::ToProxy(error) => write!(f, "the proxy: {error}"),
            ConnectError::Proxy(place, fault) => write!(f, "the proxy {place} {fault}"),
            ConnectError::Interrupted => f.write_str("interrupted by a signal"),
        }
    }
}
