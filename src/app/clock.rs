//! The time that it is, where that is written down or judged by: when a token is over, when a message was signed.
#![allow(clippy::disallowed_types, reason = "the clock that can be set")]

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
