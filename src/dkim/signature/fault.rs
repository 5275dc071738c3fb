//! What is wrong with a DKIM-Signature field.

use crate::dkim::names::NameFault;
use crate::dkim::tags::TagFault;
use std::fmt;

/// Why a signature cannot be verified, whatever its key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureFault {
    /// It is longer than [`LONGEST`](super::LONGEST).
    TooLong,
    /// It is no list of tags.
    Tags(TagFault),
    /// This tag is missing.
    Missing(&'static str),
    /// `v=` is not 1.
    Version,
    /// `a=` is rsa-sha1, which proves nothing (RFC 8301, section 3.1).
    Sha1,
    /// `a=` is not known.
    Algorithm(String),
    /// `c=` is not known.
    Canonicalization,
    /// `d=` is no domain.
    Domain(NameFault),
    /// `s=` is no selector, or too long a one.
    Selector(NameFault),
    /// `i=` is no identity.
    Identity,
    /// `i=` is of another domain than `d=`.
    Elsewhere,
    /// `h=` is no list of names.
    Names,
    /// From is not in `h=`.
    FromNotSigned,
    /// `bh=` is not the base64 of a SHA-256.
    BodyHash,
    /// `b=` is empty, or not base64.
    Base64,
    /// `l=` is no number.
    Length,
    /// `t=` is no number.
    Time,
    /// `x=` is no number, or not after `t=`.
    Expiry,
    /// `q=` does not have dns/txt.
    Query,
}

impl fmt::Display for SignatureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SignatureFault::TooLong => "the signature is too long",
            SignatureFault::Tags(_) => "the signature is not a list of tags",
            SignatureFault::Missing(tag) => return write!(f, "the signature has no {tag}="),
            SignatureFault::Version => "the signature is not of version 1",
            SignatureFault::Sha1 => "rsa-sha1 is no longer trusted",
            SignatureFault::Algorithm(_) => "the algorithm is not known",
            SignatureFault::Canonicalization => "the canonicalization is not known",
            SignatureFault::Domain(_) => "d= is not a domain",
            SignatureFault::Selector(_) => "s= is not a selector",
            SignatureFault::Identity => "i= is not an address",
            SignatureFault::Elsewhere => "i= is of another domain than d=",
            SignatureFault::Names => "h= is not a list of field names",
            SignatureFault::FromNotSigned => "From is not signed",
            SignatureFault::BodyHash => "bh= is not a hash",
            SignatureFault::Base64 => "b= is not base64",
            SignatureFault::Length => "l= is not a number",
            SignatureFault::Time => "t= is not a number",
            SignatureFault::Expiry => "x= is not a time after t=",
            SignatureFault::Query => "q= does not allow a look-up in the DNS",
        })
    }
}

impl std::error::Error for SignatureFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SignatureFault::Tags(fault) => Some(fault),
            SignatureFault::Domain(fault) | SignatureFault::Selector(fault) => Some(fault),
            _ => None,
        }
    }
}
