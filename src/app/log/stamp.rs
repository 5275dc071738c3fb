//! What stands in front of a line: when, and from which process. The journal notes both by itself.

use time::{Month, OffsetDateTime, UtcOffset};

/// The program, as it is named in a log.
pub(super) const NAME: &str = "ehlo";

/// The time of a line, with the local offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp(OffsetDateTime);

impl Stamp {
    /// Now.
    pub(super) fn now() -> Stamp {
        let utc = OffsetDateTime::now_utc();
        let offset = UtcOffset::local_offset_at(utc).unwrap_or(UtcOffset::UTC);
        Stamp(utc.checked_to_offset(offset).unwrap_or(utc))
    }

    /// As in RFC 3339: `2026-11-29T23:01:17+01:00`.
    pub(super) fn with_offset(self) -> String {
        let Stamp(at) = self;
        let minutes = at.offset().whole_minutes();
        let sign = if minutes < 0 { '-' } else { '+' };
        let offset = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
        let date = format!("{:04}-{:02}-{:02}", at.year(), u8::from(at.month()), at.day());
        format!("{date}T{:02}:{:02}:{:02}{offset}", at.hour(), at.minute(), at.second())
    }

    /// As in RFC 3164, section 4.1.2: `Nov  9 23:01:17`.
    pub(super) fn as_in_syslog(self) -> String {
        let Stamp(at) = self;
        let month = month(at.month());
        format!("{month} {:2} {:02}:{:02}:{:02}", at.day(), at.hour(), at.minute(), at.second())
    }
}

fn month(month: Month) -> &'static str {
    match month {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

/// `ehlo[PID]`.
pub(super) fn tag() -> String {
    format!("{NAME}[{}]", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_both_forms() {
        let at = OffsetDateTime::from_unix_timestamp(1_793_920_877).unwrap();
        let west = UtcOffset::from_hms(-3, -30, 0).unwrap();
        for (offset, rfc3339, rfc3164) in [
            (UtcOffset::UTC, "2026-11-05T23:21:17+00:00", "Nov  5 23:21:17"),
            (west, "2026-11-05T19:51:17-03:30", "Nov  5 19:51:17"),
        ] {
            let stamp = Stamp(at.to_offset(offset));
            assert_eq!((stamp.with_offset().as_str(), stamp.as_in_syslog().as_str()), (rfc3339, rfc3164));
        }
    }
}
