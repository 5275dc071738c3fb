//! How fast the content goes out, and how that is told. There is no clock in here: times are given.

use std::collections::VecDeque;
use std::time::Duration;

/// The rate is that of so long a time, up to now: what was before tells nothing of what is left.
const WINDOW: Duration = Duration::from_secs(4);
/// What is written in so short a time counts as written at once.
const STEP: Duration = Duration::from_millis(100);
/// Nothing is said of the rate before this.
const TOO_EARLY: Duration = Duration::from_millis(500);

/// How many octets were written by when.
#[derive(Debug, Default)]
pub struct Pace {
    steps: VecDeque<(Duration, u64)>,
}

impl Pace {
    /// So many octets in all are written at this time, counted from the beginning.
    pub fn note(&mut self, at: Duration, written: u64) {
        match self.steps.back_mut() {
            Some((last, octets)) if at.saturating_sub(*last) < STEP => *octets = written,
            _ => self.steps.push_back((at, written)),
        }
        // One that is older than the window says how much was written when it began.
        while self.steps.get(1).is_some_and(|(next, _)| *next + WINDOW <= at) {
            self.steps.pop_front();
        }
    }

    /// Octets a second, now.
    #[allow(clippy::cast_precision_loss)] // It is rounded to two digits anyway.
    pub fn rate(&self, now: Duration) -> Option<f64> {
        let by =
            |time: Duration| self.steps.iter().rev().find(|(at, _)| *at <= time).map_or(0, |step| step.1);
        let before = now.checked_sub(WINDOW).map_or(0, by);
        let seconds = now.min(WINDOW).as_secs_f64();
        (now >= TOO_EARLY).then(|| by(now).saturating_sub(before) as f64 / seconds)
    }
}

/// How far it has come, in at most so many columns; 40 are enough.
#[allow(clippy::cast_precision_loss)]
pub fn told(written: u64, total: u64, rate: Option<f64>, columns: usize) -> String {
    if written >= total {
        return "sent, waiting for the reply".to_owned();
    }
    let pace = match rate {
        None => String::new(),
        Some(rate) if rate < 1.0 => ", stalled".to_owned(),
        Some(rate) => format!(", {}/s, {} left", size(rate), time((total - written) as f64 / rate)),
    };
    let whole = size(total as f64);
    let long = format!("{} of {whole}{pace}", size(written as f64));
    if long.len() < columns { long } else { format!("{}% of {whole}{pace}", written * 100 / total.max(1)) }
}

/// In the largest unit that leaves a digit before the point: `9.9 MiB`, `10 MiB`.
fn size(octets: f64) -> String {
    let mut units = ["B", "KiB", "MiB", "GiB", "TiB"].into_iter();
    let (mut size, mut unit) = (octets, units.next().unwrap_or_default());
    for next in units {
        if size < 999.5 {
            break;
        }
        (size, unit) = (size / 1024.0, next);
    }
    if unit != "B" && size < 9.95 { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

/// A time that is left: never none.
fn time(seconds: f64) -> String {
    let minutes = seconds / 60.0;
    match () {
        () if seconds < 90.0 => format!("{:.0} s", seconds.ceil().max(1.0)),
        () if minutes < 90.0 => format!("{minutes:.0} min"),
        () if minutes < 60.0 * 99.0 => format!("{:.0} h", minutes / 60.0),
        () => "days".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;

    fn second(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// What is told each second of 2 MiB of which so much is written by then, in steps of a tenth.
    fn each_second(total: u64, written_by: impl Fn(f64) -> u64, seconds: u32) -> Vec<String> {
        let mut pace = Pace::default();
        let tenth = |tenth: u32| f64::from(tenth) / 10.0;
        let mut said = Vec::new();
        for at in (0..=seconds * 10).map(tenth) {
            pace.note(second(at), written_by(at));
            if at.fract() == 0.0 {
                said.push(told(written_by(at), total, pace.rate(second(at)), 80));
            }
        }
        said
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        // 100 KiB a second, and after 5 seconds 10.
        let slower = |at: f64| ((at.min(5.0) * 100.0 + (at - 5.0).max(0.0) * 10.0) * 1024.0) as u64;
        let said = each_second(1000 * KIB, slower, 9);
        assert_eq!(said[0], "0 B of 1.0 MiB");
        assert_eq!(said[1], "100 KiB of 1.0 MiB, 100 KiB/s, 9 s left");
        assert_eq!(said[5], "500 KiB of 1.0 MiB, 100 KiB/s, 5 s left");
        assert_eq!(said[7], "520 KiB of 1.0 MiB, 55 KiB/s, 9 s left");
        assert_eq!(said[9], "540 KiB of 1.0 MiB, 10 KiB/s, 46 s left");
        // And the reverse: what was slow is forgotten as fast.
        let faster = |at: f64| ((at.min(5.0) * 10.0 + (at - 5.0).max(0.0) * 100.0) * 1024.0) as u64;
        assert_eq!(each_second(1000 * KIB, faster, 9)[9], "450 KiB of 1.0 MiB, 100 KiB/s, 6 s left");
    }

    #[test]
    fn nothing_written_for_some_seconds_is_a_stall() {
        let mut pace = Pace::default();
        pace.note(second(0.2), 300 * KIB);
        assert_eq!(pace.rate(second(0.3)), None);
        assert_eq!(pace.rate(second(1.0)), Some(300.0 * 1024.0));
        assert_eq!(pace.rate(second(4.0)), Some(75.0 * 1024.0));
        assert_eq!(pace.rate(second(4.3)), Some(0.0));
        assert_eq!(told(300 * KIB, 400 * KIB, pace.rate(second(60.0)), 80), "300 KiB of 400 KiB, stalled");
        // It goes on.
        pace.note(second(60.0), 340 * KIB);
        assert_eq!(pace.rate(second(60.0)), Some(10.0 * 1024.0));
    }

    #[test]
    fn there_is_room_for_it_in_40_columns_and_no_time_that_is_left_is_none() {
        let most = told(998, 999, Some(1.0), 40).len();
        assert!(most < 40);
        for (written, total, rate) in
            [(999 << 20, 999 << 30, 999.0), (998 << 10, 999 << 10, 999e6), (9 << 40, 999 << 40, 1e9)]
        {
            let text = told(written, total, Some(rate), 40);
            assert!(text.len() < 40 && !text.contains(" 0 s"), "{text}");
        }
        assert_eq!(told(99 << 20, 999 << 20, Some(1e6), 40), "9% of 999 MiB, 977 KiB/s, 16 min left");
        assert_eq!(told(5, 5, Some(0.0), 40), "sent, waiting for the reply");
        assert_eq!(told(0, 0, None, 40), "sent, waiting for the reply");
    }
}
