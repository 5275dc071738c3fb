//! What is wrong with a private key. What would help is for others to say.

use std::fmt;

/// An RSA key with fewer bits is not signed with (RFC 8301, section 3.2, recommends no fewer).
pub const FEWEST_BITS: u32 = 2048;
/// One with more cannot be.
pub const MOST_BITS: u32 = 4096;

/// Why some octets are no key to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// There is no block of PEM in them, and they are no DER.
    NoKey,
    /// It is encrypted, by PKCS#8 or as OpenSSL did before.
    Encrypted,
    /// It is the public half.
    Public,
    /// It is a certificate.
    Certificate,
    /// It is in OpenSSH's own form.
    OpenSsh,
    /// It is a key of a kind that DKIM does not have.
    Other(OtherKind),
    /// It has fewer than 2048 bits.
    TooShort {
        /// How many.
        bits: u32,
    },
    /// It has more than 4096 bits.
    TooLong {
        /// How many.
        bits: u32,
    },
    /// It is cut off, garbled, or something else in DER.
    Malformed,
    /// It looks like a key, and its numbers make none: the halves do not fit, or the exponent is too small.
    Unfit {
        /// What ring says of it, in one word.
        reason: String,
    },
}

/// Kinds of keys that DKIM does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherKind {
    /// Elliptic curves: ECDSA and ECDH.
    Ec,
    /// DSA.
    Dsa,
    /// RSA that is for PSS alone.
    RsaPss,
    /// Ed448, which RFC 8463 does not have.
    Ed448,
    /// X25519 and X448, which do not sign.
    Exchange,
    /// Something else.
    Unknown,
}

impl fmt::Display for OtherKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OtherKind::Ec => "EC",
            OtherKind::Dsa => "DSA",
            OtherKind::RsaPss => "RSA-PSS",
            OtherKind::Ed448 => "Ed448",
            OtherKind::Exchange => "X25519 or X448",
            OtherKind::Unknown => "unknown",
        })
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyFault::NoKey => f.write_str("no private key"),
            KeyFault::Encrypted => f.write_str("the key is encrypted"),
            KeyFault::Public => f.write_str("a public key"),
            KeyFault::Certificate => f.write_str("a certificate"),
            KeyFault::OpenSsh => f.write_str("a key in OpenSSH's own form"),
            KeyFault::Other(kind) => write!(f, "a key of the kind {kind}"),
            KeyFault::TooShort { bits } => {
                write!(f, "an RSA key of {bits} bits, which is fewer than {FEWEST_BITS}")
            }
            KeyFault::TooLong { bits } => {
                write!(f, "an RSA key of {bits} bits, which is more than {MOST_BITS}")
            }
            KeyFault::Malformed => f.write_str("not a key that can be read"),
            KeyFault::Unfit { reason } => write!(f, "not a key that can be used: {reason}"),
        }
    }
}

impl std::error::Error for KeyFault {}
