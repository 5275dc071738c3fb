//! How long a phase takes.

#![allow(clippy::disallowed_types)] // The one place of the probe that reads a clock.

use std::time::{Duration, Instant};

/// Does the work, and notes how long it took.
pub(super) fn timed<T>(time: &mut Option<Duration>, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    *time = Some(began.elapsed());
    done
}
