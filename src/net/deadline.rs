//! The moment at which a wait ends, if it ends at all.
//!
//! One deadline covers a whole reply, a whole write or a whole handshake, however many pieces it comes in: a
//! limit for each read would let a peer that sends an octet a second hold us for ever.

#![allow(clippy::disallowed_types)] // The clock of every wait in `net` is this one.

use std::time::{Duration, Instant};

/// The moment at which a wait ends, if it ends at all.
///
/// ```
/// use std::time::Duration;
/// use ehlo::inside::net::Deadline;
///
/// let reply = Deadline::after(Duration::from_secs(300));
/// let run = Deadline::never();
/// assert!(reply.min(run).remaining().is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// No limit.
    pub fn never() -> Deadline {
        Deadline(None)
    }

    /// The moment `wait` from now; a wait that is longer than the clock can count has no end.
    pub fn after(wait: Duration) -> Deadline {
        Deadline(Instant::now().checked_add(wait))
    }

    /// The earlier of two.
    #[must_use]
    pub fn min(self, other: Deadline) -> Deadline {
        match (self.0, other.0) {
            (Some(one), Some(two)) => Deadline(Some(one.min(two))),
            (one, two) => Deadline(one.or(two)),
        }
    }

    /// What is left: `None` without a limit, zero once the moment is past.
    pub fn remaining(self) -> Option<Duration> {
        self.0.map(|moment| moment.saturating_duration_since(Instant::now()))
    }

    /// Whether the moment is past.
    pub fn is_over(self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_of_two_counts_and_none_is_the_latest_of_all() {
        let soon = Deadline::after(Duration::from_secs(1));
        let late = Deadline::after(Duration::from_secs(9));
        assert_eq!(soon.min(late), soon);
        assert_eq!(late.min(soon), soon);
        assert_eq!(Deadline::never().min(late), late);
        assert_eq!(late.min(Deadline::never()), late);
        assert_eq!(Deadline::never().min(Deadline::never()), Deadline::never());
    }

    #[test]
    fn a_past_moment_leaves_nothing_and_a_boundless_one_is_no_limit() {
        let past = Deadline::after(Duration::ZERO);
        assert_eq!(past.remaining(), Some(Duration::ZERO));
        assert!(past.is_over());
        assert_eq!(Deadline::after(Duration::MAX), Deadline::never());
        assert!(!Deadline::never().is_over());
    }
}
