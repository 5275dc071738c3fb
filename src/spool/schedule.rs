//! When a message is tried again, and when it is given up (RFC 5321, section 4.5.4.1).

use std::time::Duration;

/// When messages are tried again, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// How long after each attempt, the last of them again and again.
    pub retry: Vec<Duration>,
    /// How long a message is tried.
    pub give_up: Duration,
    /// After how long the sender is told that it is late; never where there is none.
    pub warn_after: Option<Duration>,
    /// How long after an attempt of which nobody knows whether it succeeded.
    pub unknown_after: Duration,
}

impl Default for Schedule {
    fn default() -> Schedule {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Schedule {
            retry: [5, 10, 20, 40, 80, 120].map(minutes).to_vec(),
            give_up: minutes(5 * 24 * 60),
            warn_after: None,
            unknown_after: minutes(15),
        }
    }
}
