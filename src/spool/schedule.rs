//! When a message is tried again, and when it is given up (RFC 5321, section 4.5.4.1).
//!
//! It reads no clock, and believes none: see [`Span`].

use super::entry::OnUnknown;
use super::moment::Moment;
use super::span::Span;
use super::state::MessageState;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many attempts there must have been before a message is given up, however old it is.
const FEWEST_ATTEMPTS: u32 = 3;
/// From the first of them to the last it must have been so long, and so long it must be since a clock jumped.
const SHORTEST_TRIAL: Duration = HOUR;

/// When a message is tried again, and when it is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// How long to wait after each attempt; the last one repeats.
    pub retry: Vec<Duration>,
    /// At what age it is given up.
    pub give_up: Duration,
    /// At what age the sender is told that it is late; none where only those are told who ask for it.
    pub warn_after: Option<Duration>,
    /// How long to wait before something is sent again of which nobody knows whether it arrived.
    pub unknown_after: Duration,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule {
            retry: [5, 10, 20, 40, 80, 120].map(|minutes| MINUTE * minutes).to_vec(),
            give_up: DAY * 5,
            warn_after: None,
            unknown_after: MINUTE * 15,
        }
    }
}

impl Schedule {
    /// When to try again after the attempt of this number, from 1. By chance, of which all 32 bits count, it is up
    /// to a tenth earlier or later: not everything that failed at once is tried again at once.
    #[must_use]
    pub fn next(&self, attempt: u32, now: Moment, chance: u32) -> Moment {
        let at = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        // A list without any is no reason to try all the time.
        let interval = self.retry.get(at).or(self.retry.last()).copied().unwrap_or(MINUTE * 5);
        let by_chance = (interval / 5).mul_f64(f64::from(chance) / f64::from(u32::MAX));
        now.after((interval - interval / 10).saturating_add(by_chance))
    }

    /// At what age the sender is told that it is late, if at all. One who asked for that (NOTIFY=DELAY, RFC 3461,
    /// section 4.1) is told after four hours where nothing else is set.
    #[must_use]
    pub fn warn_after(&self, asked: bool) -> Option<Duration> {
        self.warn_after.or(asked.then_some(HOUR * 4))
    }

    /// When to send again what nobody knows the fate of; never where somebody has to decide.
    #[must_use]
    pub fn next_unknown(&self, policy: OnUnknown, now: Moment) -> Option<Moment> {
        match policy {
            OnUnknown::Retry => Some(now.after(self.unknown_after)),
            OnUnknown::Hold => None,
        }
    }

    /// Whether a moment has come that [`Schedule::next`] set. One that is further away than any that it sets now
    /// has come as well: the clock has jumped, or the schedule was longer.
    #[must_use]
    pub fn is_due(&self, next: &Moment, now: &Moment) -> bool {
        let left = next.since(now);
        let longest = self.retry.iter().copied().max().unwrap_or(MINUTE * 5).max(self.unknown_after);
        left.is_zero() || left > longest.saturating_add(longest / 10)
    }

    /// How old a message is, as far as its clocks can be believed.
    #[must_use]
    pub fn age(&self, created: Moment, state: &MessageState, now: Moment) -> Duration {
        course(created, state, now).lasted()
    }

    /// Whether a message may be given up. It is old enough; it was tried at least three times, from the first to
    /// the last in at least an hour; and no clock has jumped within the last hour: neither by what the journal
    /// tells nor by what whoever asks has seen (`jumped`).
    ///
    /// So no clock can end a message that was not tried in earnest. Within one start of the machine the wall's
    /// clock has no say at all.
    #[must_use]
    pub fn may_give_up(
        &self,
        created: Moment,
        state: &MessageState,
        now: Moment,
        jumped: Option<Moment>,
    ) -> bool {
        let course = course(created, state, now);
        let was_tried = state.first_attempt.zip(state.last_attempt).is_some_and(|(first, last)| {
            state.attempts >= FEWEST_ATTEMPTS && last.since(&first) >= SHORTEST_TRIAL
        });
        let is_calm = |jumped: Option<Moment>| jumped.is_none_or(|at| now.since(&at) >= SHORTEST_TRIAL);
        course.lasted() >= self.give_up && was_tried && is_calm(course.jumped()) && is_calm(jumped)
    }
}

/// From when a message was handed over until now, by all that was written down of it.
fn course(created: Moment, state: &MessageState, now: Moment) -> Span {
    let mut course = Span::from(created).and(&state.span);
    course.reach(now);
    course
}

#[cfg(test)]
mod tests;
