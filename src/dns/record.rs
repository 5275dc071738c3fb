//! What is asked for, and the records that come back.

use domain::base::iana::Rtype;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The types of records that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An IPv4 address (RFC 1035, section 3.4.1).
    A,
    /// An IPv6 address (RFC 3596).
    Aaaa,
    /// What a name is an alias of (RFC 1035, section 3.3.1).
    Cname,
    /// A mail server of a domain (RFC 5321, section 5).
    Mx,
    /// A name server (RFC 1035, section 3.3.11).
    Ns,
    /// The name of an address (RFC 1035, section 3.3.12).
    Ptr,
    /// What a TLS server's certificate must be like (RFC 6698).
    Tlsa,
    /// Text (RFC 1035, section 3.3.14).
    Txt,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] =
        [Kind::A, Kind::Aaaa, Kind::Cname, Kind::Mx, Kind::Ns, Kind::Ptr, Kind::Tlsa, Kind::Txt];

    /// How it is written in a zone.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::A => "A",
            Kind::Aaaa => "AAAA",
            Kind::Cname => "CNAME",
            Kind::Mx => "MX",
            Kind::Ns => "NS",
            Kind::Ptr => "PTR",
            Kind::Tlsa => "TLSA",
            Kind::Txt => "TXT",
        }
    }

    pub(super) fn code(self) -> Rtype {
        match self {
            Kind::A => Rtype::A,
            Kind::Aaaa => Rtype::AAAA,
            Kind::Cname => Rtype::CNAME,
            Kind::Mx => Rtype::MX,
            Kind::Ns => Rtype::NS,
            Kind::Ptr => Rtype::PTR,
            Kind::Tlsa => Rtype::TLSA,
            Kind::Txt => Rtype::TXT,
        }
    }
}

/// One record, without its name.
///
/// A name is as in a zone, without the dot at its end; the root is `.`. Octets that no host name has are escaped with a
/// backslash (RFC 1035, section 5.1): a name with one is of no host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// An address, of either kind.
    Address(IpAddr),
    /// A name: of CNAME, NS and PTR.
    Name(String),
    /// A mail server.
    Mx {
        /// The smallest is the best.
        preference: u16,
        /// Its name.
        host: String,
    },
    /// RFC 6698, section 2.1.
    Tlsa {
        /// Certificate usage.
        usage: u8,
        /// Selector.
        selector: u8,
        /// Matching type.
        matching: u8,
        /// Certificate association data.
        data: Vec<u8>,
    },
    /// A text, its strings joined.
    Txt(Vec<u8>),
}

impl Data {
    pub(super) fn v4(ip: Ipv4Addr) -> Data {
        Data::Address(ip.into())
    }

    pub(super) fn v6(ip: Ipv6Addr) -> Data {
        Data::Address(ip.into())
    }
}

/// What a resolver says of a name that exists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The records, in the order that they came in; none where the name has no such record.
    pub records: Vec<Data>,
    /// What the name is an alias of, and what that is one of, in turn.
    pub aliases: Vec<String>,
    /// A resolver that is trusted has validated it by DNSSEC (RFC 4035, section 3.2.3), aliases and all.
    pub secure: bool,
}

impl Answer {
    /// The addresses among the records.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.records.iter().filter_map(|data| match data {
            Data::Address(ip) => Some(*ip),
            _ => None,
        })
    }

    /// The texts among the records.
    pub fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.records.iter().filter_map(|data| match data {
            Data::Txt(text) => Some(text.as_slice()),
            _ => None,
        })
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The name, in A-labels; a dot at its end does not matter.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// What the resolver could not validate is wanted, too (CD, RFC 4035, section 3.2.2).
    pub unchecked: bool,
}

impl Question {
    /// Asks for these records of a name.
    pub fn new(name: impl Into<String>, kind: Kind) -> Question {
        Question { name: name.into(), kind, unchecked: false }
    }
}
