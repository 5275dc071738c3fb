//! Our own end of a connection: which family of addresses is spoken, and which address is ours.

use std::net::SocketAddr;

/// Which addresses of a name count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// All of them, in the resolver's order.
    #[default]
    Any,
    /// Only IPv4.
    V4,
    /// Only IPv6.
    V6,
}

impl Family {
    /// Whether this address counts.
    pub(super) fn has(self, address: &SocketAddr) -> bool {
        match self {
            Family::Any => true,
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
        }
    }
}

/// From which address, and over which family, a server is reached.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalEnd {
    /// Which addresses count.
    pub family: Family,
    /// The address of our own end, with port 0 for any; of the family that counts, if one does.
    pub bind: Option<SocketAddr>,
}

/// The address of our own end, with its port if that was named.
#[must_use]
pub fn own_end(address: SocketAddr) -> String {
    if address.port() == 0 { address.ip().to_string() } else { address.to_string() }
}
