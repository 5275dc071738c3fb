//! A network, written as an address and the length of its prefix (RFC 4632, section 3.1; RFC 4291, section 2.3).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network: all addresses whose first bits are these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// With no bit set behind the prefix.
    address: IpAddr,
    /// In bits: 0 to 32, or 0 to 128.
    length: u8,
}

/// Why a text is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFault {
    /// There is no IP address before the slash.
    Address,
    /// What stands behind the slash is no number, or more bits than the address has.
    Length,
    /// The address has bits behind the prefix: it is a host in this network.
    Host(Network),
}

impl Network {
    /// Whether an address is in it. One of IPv4 counts in the form of IPv6 as well (RFC 4291, section 2.5.5.2).
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        masked(ip.to_canonical(), self.length) == Some(self.address)
    }
}

/// The address without what stands behind the first so many bits; nothing if it has not so many.
fn masked(ip: IpAddr, length: u8) -> Option<IpAddr> {
    // No shift can be by as many bits as there are.
    Some(match ip {
        IpAddr::V4(ip) => {
            let behind = u32::MAX.checked_shr(length.into()).unwrap_or_default();
            (length <= 32).then_some(Ipv4Addr::from_bits(ip.to_bits() & !behind))?.into()
        }
        IpAddr::V6(ip) => {
            let behind = u128::MAX.checked_shr(length.into()).unwrap_or_default();
            (length <= 128).then_some(Ipv6Addr::from_bits(ip.to_bits() & !behind))?.into()
        }
    })
}

/// `192.0.2.0/24`; an address alone is a network of one.
impl FromStr for Network {
    type Err = NetworkFault;

    fn from_str(text: &str) -> Result<Network, NetworkFault> {
        let (address, length) = text.split_once('/').map_or((text, None), |(a, l)| (a, Some(l)));
        let ip: IpAddr = address.parse().map_err(|_| NetworkFault::Address)?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        let length = match length {
            None => most,
            Some(digits) if !digits.bytes().all(|octet| octet.is_ascii_digit()) => {
                return Err(NetworkFault::Length);
            }
            Some(digits) => digits.parse().map_err(|_| NetworkFault::Length)?,
        };
        // A mapped network is one of IPv4, as its addresses are.
        let (ip, length) = match (ip, ip.to_canonical()) {
            (IpAddr::V6(_), inner @ IpAddr::V4(_)) if length >= 96 => (inner, length - 96),
            _ => (ip, length),
        };
        let address = masked(ip, length).ok_or(NetworkFault::Length)?;
        let network = Network { address, length };
        if address == ip { Ok(network) } else { Err(NetworkFault::Host(network)) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl fmt::Display for NetworkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NetworkFault::Address => f.write_str("not an IP address, or a network such as 192.0.2.0/24"),
            NetworkFault::Length => {
                f.write_str("the length of its prefix is not one of this kind of address")
            }
            NetworkFault::Host(network) => {
                write!(f, "an address within the network {network}, and not the network")
            }
        }
    }
}

impl std::error::Error for NetworkFault {}
