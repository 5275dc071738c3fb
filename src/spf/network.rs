//! Addresses with the length of a prefix: `192.0.2.0/24`, and `/24//64` behind a name (RFC 7208, section 5.6).

use super::fault::TermFault;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How many bits of an address count, for either kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefixes {
    /// Of 32.
    pub v4: u8,
    /// Of 128.
    pub v6: u8,
}

impl Prefixes {
    /// The whole address.
    pub const ALL: Prefixes = Prefixes { v4: 32, v6: 128 };

    /// Whether the first bits of both addresses are the same; addresses of two kinds never are.
    #[must_use]
    pub fn match_both(self, one: IpAddr, other: IpAddr) -> bool {
        match (one.to_canonical(), other.to_canonical()) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                let differ = one.to_bits() ^ other.to_bits();
                differ.leading_zeros() >= u32::from(self.v4)
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => {
                let differ = one.to_bits() ^ other.to_bits();
                differ.leading_zeros() >= u32::from(self.v6)
            }
            _ => false,
        }
    }
}

/// Takes the lengths off the end of what follows the name of `a` or `mx`.
pub(super) fn split(text: &str) -> Result<(&str, Prefixes), TermFault> {
    let mut prefixes = Prefixes::ALL;
    let mut rest = text;
    if let Some((before, digits)) = rest.rsplit_once("//")
        && is_digits(digits)
    {
        prefixes.v6 = length(digits, 128)?;
        rest = before;
    }
    if let Some((before, digits)) = rest.rsplit_once('/')
        && is_digits(digits)
    {
        prefixes.v4 = length(digits, 32)?;
        rest = before;
    }
    Ok((rest, prefixes))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit())
}

/// A number without a zero in front, of this at most.
fn length(digits: &str, most: u8) -> Result<u8, TermFault> {
    let is_plain = is_digits(digits) && (digits == "0" || !digits.starts_with('0'));
    let length = digits.parse().ok().filter(|length| is_plain && *length <= most);
    length.ok_or(TermFault::Prefix)
}

/// An IPv4 address with or without a prefix (RFC 7208, section 5.6).
pub(super) fn v4(text: &str) -> Result<(Ipv4Addr, u8), TermFault> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, length(bits, 32)?),
        None => (text, 32),
    };
    Ok((address.parse().map_err(|_| TermFault::Address)?, bits))
}

/// The same for IPv6.
pub(super) fn v6(text: &str) -> Result<(Ipv6Addr, u8), TermFault> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, length(bits, 128)?),
        None => (text, 128),
    };
    Ok((address.parse().map_err(|_| TermFault::Address)?, bits))
}
