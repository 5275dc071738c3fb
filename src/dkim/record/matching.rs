//! Whether a published record is that of a private key: asked before anything is signed with it.

use super::{Record, RecordFault};
use crate::dkim::algorithm::Algorithm;
use crate::dkim::key::Key;

/// What a record is to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Match {
    /// Whoever verifies has the right key.
    Same {
        /// `t=y`: signatures count as none.
        is_test: bool,
    },
    /// Another key of the same kind.
    AnotherKey,
    /// A key of another kind.
    OtherKind(Algorithm),
    /// The key was withdrawn, whichever it was.
    Revoked,
    /// The right key, and SHA-256 may not be used with it.
    HashNotAllowed,
    /// The right key, and it is not for mail.
    NotForEmail,
    /// Nobody can read it.
    Unreadable(RecordFault),
}

/// Compares a published record with the private key that signs.
#[must_use]
pub fn matches(record: &[u8], key: &Key) -> Match {
    match Record::parse(record) {
        Err(RecordFault::Revoked) => Match::Revoked,
        Err(fault) => Match::Unreadable(fault),
        Ok(record) if record.algorithm() != key.algorithm() => Match::OtherKind(record.algorithm()),
        Ok(record) if record.key != *key.public() => Match::AnotherKey,
        Ok(record) if !record.allows_hash() => Match::HashNotAllowed,
        Ok(record) if !record.allows_email() => Match::NotForEmail,
        Ok(record) => Match::Same { is_test: record.is_test },
    }
}
