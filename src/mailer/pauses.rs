//! How long an account that cannot be used is left alone: 15 seconds at first, twice as long each time, 15 minutes
//! at most. One that refuses the log-in, or is not trusted, for an hour, or until the configuration changes:
//! servers lock out those who go on.

use super::selection::Selection;
use super::way::{NoWay, Way};
use crate::spool::{Moment, Pause};
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_secs(15 * 60);
const REFUSED: Duration = Duration::from_secs(60 * 60);
/// How long an account must have been out of use before a message is held for it.
pub const EARNEST: Duration = Duration::from_secs(60 * 60);

/// Whether a pause keeps an account from being tried now.
#[must_use]
pub fn holds(pause: &Pause, way: &Way, selection: &Selection, now: &Moment) -> bool {
    match selection {
        Selection::Account(_) | Selection::These(_) | Selection::All => false,
        Selection::Now => pause.is_refused && lasts(pause, way.configuration, now),
        Selection::Due => lasts(pause, way.configuration, now),
    }
}

/// Whether a pause has not come to its end, with the configuration as it is.
#[must_use]
pub fn lasts(pause: &Pause, configuration: u64, now: &Moment) -> bool {
    !is_over(&pause.until, now) && pause.configuration == configuration
}

/// Whether this moment has come. One that is further away than any pause is long has come as well: the clock has
/// jumped.
fn is_over(until: &Moment, now: &Moment) -> bool {
    let left = until.since(now);
    left.is_zero() || left > REFUSED
}

/// The pause behind one more failure.
#[must_use]
pub fn next(
    before: Option<&Pause>,
    why: String,
    is_refused: bool,
    configuration: u64,
    now: &Moment,
) -> Pause {
    let failures = before.map_or(0, |before| before.failures);
    let wait = match is_refused {
        true => REFUSED,
        false => FIRST.saturating_mul(1 << failures.min(10)).min(LONGEST),
    };
    Pause {
        since: before.map_or(*now, |before| before.since),
        until: now.after(wait),
        why,
        failures: failures.saturating_add(1),
        is_refused,
        configuration,
    }
}

/// The pause of an account that has no way: it is looked at in each run.
#[must_use]
pub fn of_no_way(no_way: &NoWay, before: Option<&Pause>, now: &Moment) -> Pause {
    Pause {
        since: before.map_or(*now, |before| before.since),
        until: *now,
        why: no_way.why.clone(),
        failures: 0,
        is_refused: false,
        configuration: no_way.configuration,
    }
}
