//! A queue in numbers, for whoever watches it.

use super::seen::Seen;
use crate::spool::standing::{is_unknown, state_of};
use crate::spool::{Apart, Id, Pause, Standing, State};
use std::time::Duration;

/// What was counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// Messages that wait, by their state, in the order of [`Standing::ALL`].
    pub messages: [u64; Standing::ALL.len()],
    /// Recipients that wait: queued, deferred, in doubt, unknown.
    pub recipients: [u64; RECIPIENTS.len()],
    /// Messages of which nobody knows whether they arrived.
    pub unknown: u64,
    /// Recipients of whom that was so once: they may get a message twice.
    pub once_unknown: u64,
    /// The octets of all messages.
    pub octets: u64,
    /// How long the oldest has waited, and which it is.
    pub oldest: Option<(Duration, Id)>,
    /// Messages that cannot be read, and wait to be set aside.
    pub unreadable: u64,
    /// Messages that failed with nobody to tell.
    pub failed: u64,
    /// Files that were set aside because they are damaged.
    pub damaged: u64,
    /// Accounts that are not used at present.
    pub paused: Vec<(String, Pause)>,
}

/// The states in which recipients wait.
pub(super) const RECIPIENTS: [&str; 4] = ["queued", "deferred", "sending", "unknown"];

impl Tally {
    /// What is kept apart, and the accounts that are not used.
    #[must_use]
    pub fn of(apart: &[Apart], paused: Vec<(String, Pause)>) -> Tally {
        let count = |is_damaged| apart.iter().filter(|file| file.is_damaged == is_damaged).count() as u64;
        Tally { failed: count(false), damaged: count(true), paused, ..Tally::default() }
    }

    /// Counts one more message.
    pub fn count(&mut self, seen: &Seen<'_>) {
        let standing = seen.standing();
        for (known, count) in Standing::ALL.iter().zip(&mut self.messages) {
            *count += u64::from(*known == standing);
        }
        for recipient in &seen.listed.state.recipients {
            let state = match state_of(recipient, seen.listed) {
                State::Queued => 0,
                State::Deferred { .. } => 1,
                State::InDoubt => 2,
                State::Unknown { .. } => 3,
                _ => usize::MAX,
            };
            if let Some(count) = self.recipients.get_mut(state) {
                *count += 1;
            }
            self.once_unknown += u64::from(recipient.was_unknown);
        }
        self.unknown += u64::from(is_unknown(seen.listed));
        self.octets += seen.listed.entry.facts.octets;
        let age = seen.age();
        if self.oldest.is_none_or(|(oldest, _)| age > oldest) {
            self.oldest = Some((age, seen.listed.entry.id));
        }
    }

    /// How many messages wait.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.messages.iter().sum::<u64>() + self.unreadable
    }
}
