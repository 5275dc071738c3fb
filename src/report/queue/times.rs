//! Moments and ages, as people read them.

use crate::spool::Moment;
use std::time::Duration;
use time::{OffsetDateTime, UtcOffset};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// With the local offset, as in RFC 3339: `2026-11-29T23:01:17+01:00`.
#[must_use]
pub fn local(moment: &Moment) -> String {
    let Some(at) = at(moment) else { return format!("@{}", moment.wall) };
    let minutes = at.offset().whole_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    let date = format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day());
    format!("{date}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}", at.hour(), at.minute(), at.second())
}

/// As ctime(3) has it, without the year: `Mon Nov 30 06:00:00`.
pub(super) fn as_in_mailq(moment: &Moment) -> String {
    let Some(at) = at(moment) else { return format!("@{}", moment.wall) };
    let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
    let (hour, minute, second) = at.to_hms();
    format!("{weekday:.3} {month:.3} {:2} {hour:02}:{minute:02}:{second:02}", at.day())
}

fn at(moment: &Moment) -> Option<OffsetDateTime> {
    let utc = OffsetDateTime::from_unix_timestamp(moment.wall).ok()?;
    utc.checked_to_offset(UtcOffset::local_offset_at(utc).unwrap_or(UtcOffset::UTC))
}

/// In one unit: `42s`, `5m`, `3h`, `6d`.
pub(super) fn short(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..MINUTE => format!("{seconds}s"),
        seconds @ MINUTE..HOUR => format!("{}m", seconds / MINUTE),
        // As long as a day more or less matters.
        seconds if seconds < 2 * DAY => format!("{}h", seconds / HOUR),
        seconds => format!("{}d", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_unit() {
        for (seconds, text) in [
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (3599, "59m"),
            (3600, "1h"),
            (172_799, "47h"),
            (172_800, "2d"),
        ] {
            assert_eq!(short(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_moment_that_no_calendar_has_is_still_told() {
        let moment = Moment { wall: i64::MAX, boot: 0, start: 0 };
        assert_eq!(local(&moment), "@9223372036854775807");
        assert_eq!(as_in_mailq(&moment), "@9223372036854775807");
    }
}
