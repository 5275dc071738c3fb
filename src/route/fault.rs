//! Why there is no way to a domain, and why a host cannot be used.

use super::guard::Kind;
use crate::dns::DnsError;
use crate::net::Family;
use std::fmt;
use std::net::IpAddr;

/// Why there is no way to a domain.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoRoute {
    /// It does not exist.
    NoSuchDomain(String),
    /// It takes no mail, and says so (RFC 7505).
    NullMx(String),
    /// None of its MX records names a host.
    NoHosts(String),
    /// Whether it exists, and what its hosts are, is not known.
    LookUp {
        /// The domain.
        domain: String,
        /// Why.
        error: DnsError,
    },
    /// None of its hosts can be used.
    Hosts {
        /// The domain.
        domain: String,
        /// Each host, and why.
        faults: Vec<(String, HostFault)>,
    },
}

/// Why a host cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum HostFault {
    /// It has no address.
    NoAddress,
    /// It has no address of the family that is asked for.
    NoneOfFamily(Family),
    /// Whether it has one is not known.
    LookUp(DnsError),
    /// None of its addresses may be connected to: each, with what it is for; none if it is our own.
    NotAdmitted(Vec<(IpAddr, Option<Kind>)>),
    /// Enough better hosts are known, whether they can be used or not.
    TooMany,
    /// What DANE demands of it is not known (RFC 7672, section 2.1.2).
    Tlsa(DnsError),
    /// The domain's policy does not name it (RFC 8461, section 4.1).
    NotInPolicy {
        /// Until when that policy holds, in seconds since 1970, if it is one that was kept.
        kept: Option<u64>,
    },
    /// Nothing proves that it is the domain's, and that is demanded.
    NoPolicy,
}

impl NoRoute {
    /// The domain.
    #[must_use]
    pub fn domain(&self) -> &str {
        match self {
            NoRoute::NoSuchDomain(domain) | NoRoute::NullMx(domain) | NoRoute::NoHosts(domain) => domain,
            NoRoute::LookUp { domain, .. } | NoRoute::Hosts { domain, .. } => domain,
        }
    }

    /// Whether another try would change nothing: the domain itself says so.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            NoRoute::NoSuchDomain(_) | NoRoute::NullMx(_) | NoRoute::NoHosts(_) => true,
            NoRoute::LookUp { error, .. } => error.is_certain(),
            NoRoute::Hosts { faults, .. } => faults.iter().all(|(_, fault)| fault.is_final()),
        }
    }
}

impl HostFault {
    fn is_final(&self) -> bool {
        matches!(self, HostFault::NoAddress | HostFault::NotAdmitted(_))
    }
}

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let domain = self.domain();
        match self {
            NoRoute::NoSuchDomain(_) => write!(f, "the domain {domain} does not exist"),
            NoRoute::NullMx(_) => write!(f, "the domain {domain} takes no mail"),
            NoRoute::NoHosts(_) => write!(f, "the MX records of {domain} name no host"),
            NoRoute::LookUp { .. } => write!(f, "the MX records of {domain} are not known"),
            NoRoute::Hosts { .. } => write!(f, "no host of {domain} can be used"),
        }
    }
}

impl std::error::Error for NoRoute {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NoRoute::LookUp { error, .. } => Some(error),
            NoRoute::Hosts { faults, .. } => match faults.first() {
                Some((_, fault)) => Some(fault),
                None => None,
            },
            _ => None,
        }
    }
}

impl fmt::Display for HostFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HostFault::NoAddress => "it has no address",
            HostFault::NoneOfFamily(Family::V6) => "it has no IPv6 address, and no other may be used",
            HostFault::NoneOfFamily(_) => "it has no IPv4 address, and no other may be used",
            HostFault::LookUp(_) => "its addresses are not known",
            HostFault::NotAdmitted(_) => "none of its addresses may be connected to",
            HostFault::TooMany => "other hosts are tried before it",
            HostFault::Tlsa(_) => "its TLSA records are not known",
            HostFault::NotInPolicy { .. } => "the domain's MTA-STS policy does not name it",
            HostFault::NoPolicy => "no policy proves that it is the domain's",
        })
    }
}

impl std::error::Error for HostFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            HostFault::LookUp(error) | HostFault::Tlsa(error) => Some(error),
            _ => None,
        }
    }
}
