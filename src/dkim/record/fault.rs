//! What is wrong with a key record.

use crate::dkim::public::{FEWEST_BITS, MOST_BITS};
use crate::dkim::tags::TagFault;
use std::fmt;

/// Why a record gives no key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordFault {
    /// It is longer than [`LONGEST`](super::LONGEST).
    TooLong,
    /// It is no list of tags.
    Tags(TagFault),
    /// `v=` is not the first tag, or not `DKIM1`.
    Version,
    /// There is no `p=`.
    NoKey,
    /// `p=` is empty: the key was withdrawn.
    Revoked,
    /// `p=` is not base64.
    Base64,
    /// A kind of key that is not known, `k=`.
    Kind(String),
    /// `p=` is not a key of its kind.
    Key,
    /// An RSA key of fewer than 1024 bits (RFC 8301, section 3.2).
    TooWeak {
        /// How many.
        bits: u32,
    },
    /// An RSA key of more than 8192 bits.
    TooLarge {
        /// How many.
        bits: u32,
    },
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordFault::TooLong => f.write_str("the record is too long"),
            RecordFault::Tags(_) => f.write_str("the record is not a list of tags"),
            RecordFault::Version => f.write_str("the record does not begin with v=DKIM1"),
            RecordFault::NoKey => f.write_str("the record has no key"),
            RecordFault::Revoked => f.write_str("the key was revoked"),
            RecordFault::Base64 => f.write_str("the key in the record is not base64"),
            RecordFault::Kind(_) => f.write_str("the record has a key of an unknown kind"),
            RecordFault::Key => f.write_str("the key in the record cannot be read"),
            RecordFault::TooWeak { bits } => {
                write!(f, "the key has {bits} bits, which is fewer than {FEWEST_BITS}")
            }
            RecordFault::TooLarge { bits } => {
                write!(f, "the key has {bits} bits, which is more than {MOST_BITS}")
            }
        }
    }
}

impl std::error::Error for RecordFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RecordFault::Tags(fault) => Some(fault),
            _ => None,
        }
    }
}
