//! Which addresses a stranger may send us to. Whoever owns a domain says what its MX hosts and their addresses are, and
//! could name this host, or one of the network that it is in.
//!
//! What addresses are for is in IANA's two registries of special-purpose addresses (RFC 6890, kept up to date by RFC 8190
//! and others) and in that of IPv6's address space. Whether an address is one of this host's own is for the caller to ask
//! ([`net::connect::is_own`](crate::net::connect::is_own)).

mod network;

pub use network::{Network, NetworkFault};

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A host of the Internet's.
    Public,
    /// This host.
    Loopback,
    /// A host of a network that is not the Internet: RFC 1918, carriers' own (RFC 6598), unique local IPv6 addresses
    /// (RFC 4193), and NAT64 with a local prefix (RFC 8215).
    Private,
    /// No host that takes mail: unspecified, link-local, multicast, broadcast, documentation, benchmarks, protocols, and
    /// whatever nobody was given yet.
    Reserved,
}

/// What an address is for. One of IPv6 that has one of IPv4 in it is judged by that: packets to it may end there.
#[must_use]
pub fn kind(ip: IpAddr) -> Kind {
    match ip {
        IpAddr::V4(ip) => kind_of_v4(ip),
        IpAddr::V6(ip) => match inside(ip) {
            Some(inner) => kind_of_v4(inner),
            None => kind_of_v6(ip),
        },
    }
}

fn kind_of_v4(ip: Ipv4Addr) -> Kind {
    match ip.octets() {
        [127, ..] => Kind::Loopback,
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] | [100, 64..=127, ..] => Kind::Private,
        // This network (RFC 791), link-local (RFC 3927).
        [0, ..] | [169, 254, ..]
        // Protocols (RFC 6890), documentation (RFC 5737), relays of 6to4, which are gone (RFC 7526).
        | [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [192, 88, 99, _]
        // Benchmarks (RFC 2544); multicast, future use and broadcast.
        | [198, 18 | 19, ..] | [224..=255, ..] => Kind::Reserved,
        _ => Kind::Public,
    }
}

fn kind_of_v6(ip: Ipv6Addr) -> Kind {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        // Unique local (RFC 4193); local prefixes of NAT64 (RFC 8215).
        [0xfc00..=0xfdff, ..] | [0x64, 0xff9b, 1, ..] => Kind::Private,
        // Protocols (RFC 2928), Teredo with them; documentation (RFC 3849, RFC 9637).
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Kind::Reserved,
        // All that is global unicast (RFC 4291, section 2.4). The rest is link-local, multicast, or nobody's.
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Reserved,
    }
}

/// The IPv4 address that one of IPv6 has in it: mapped and compatible (RFC 4291, section 2.5.5), translated (RFC 2765),
/// NAT64 (RFC 6052), 6to4 (RFC 3056). `::` and `::1` are no compatible ones.
fn inside(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let (high, low) = match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0, 0, high @ 1..=0xffff, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

/// What is admitted beside public addresses. By default nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allow {
    loopback: bool,
    private: bool,
    networks: Vec<Network>,
}

impl Allow {
    /// Whether it may be connected to. A network that is named admits whatever is in it.
    ///
    /// # Errors
    /// What the address is for, if it may not.
    pub fn admits(&self, ip: IpAddr) -> Result<(), Kind> {
        let kind = kind(ip);
        let is_admitted = match kind {
            Kind::Public => true,
            Kind::Loopback => self.loopback,
            Kind::Private => self.private,
            Kind::Reserved => false,
        };
        let inner = match ip {
            IpAddr::V4(_) => None,
            IpAddr::V6(ip) => inside(ip).map(IpAddr::V4),
        };
        let is_named = self.names(ip) || inner.is_some_and(|ip| self.names(ip));
        if is_admitted || is_named { Ok(()) } else { Err(kind) }
    }

    /// Whether it is named, by a network that it is in.
    #[must_use]
    pub fn names(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(ip))
    }
}

/// One item: `loopback`, `private`, a network, or an address.
impl FromStr for Allow {
    type Err = NetworkFault;

    fn from_str(text: &str) -> Result<Allow, NetworkFault> {
        let none = Allow::default();
        Ok(match text {
            "loopback" => Allow { loopback: true, ..none },
            "private" => Allow { private: true, ..none },
            network => Allow { networks: vec![network.parse()?], ..none },
        })
    }
}

/// All that any of them admits.
impl FromIterator<Allow> for Allow {
    fn from_iter<I: IntoIterator<Item = Allow>>(items: I) -> Allow {
        items.into_iter().fold(Allow::default(), |mut all, item| {
            all.loopback |= item.loopback;
            all.private |= item.private;
            all.networks.extend(item.networks);
            all
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Public => "public",
            Kind::Loopback => "this host's own (loopback)",
            Kind::Private => "of a private network",
            Kind::Reserved => "for no host that takes mail (reserved)",
        })
    }
}

#[cfg(test)]
mod tests;
