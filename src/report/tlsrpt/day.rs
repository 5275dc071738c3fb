//! A day, from midnight to midnight in UTC: what a report is about (RFC 8460, section 4.1).

use std::fmt;
use time::{Date, Month, OffsetDateTime};

/// How long one is, in seconds.
const LENGTH: u64 = 86_400;

/// A day of the years 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// The day of a moment, in seconds since 1970; the last one there is for what is later.
    #[must_use]
    pub fn of(seconds: u64) -> Day {
        let at = i64::try_from(seconds).ok().and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
        Day(at.map_or(Date::MAX, OffsetDateTime::date))
    }

    /// Reads `2026-11-30`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            part.bytes().all(|octet| octet.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
        (parts.next().is_none() && year >= 1970).then_some(Day(date))
    }

    /// When it begins, in seconds since 1970.
    #[must_use]
    pub fn begin(self) -> u64 {
        self.0.midnight().assume_utc().unix_timestamp().unsigned_abs()
    }

    /// Its last second, in seconds since 1970.
    #[must_use]
    pub fn end(self) -> u64 {
        self.begin() + LENGTH - 1
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_a_beginning_and_an_end() {
        for (text, begin) in [("1970-01-01", 0), ("2026-11-30", 1_795_996_800), ("2024-02-29", 1_709_164_800)]
        {
            let day = Day::parse(text).unwrap();
            assert_eq!((day.to_string().as_str(), day.begin(), day.end()), (text, begin, begin + 86_399));
            assert_eq!((Day::of(day.begin()), Day::of(day.end())), (day, day));
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in
            ["", "2026", "2026-11", "2026-11-31", "2025-02-29", "2026-13-01", "26-11-30", "2026-11-30-1"]
                .into_iter()
                .chain(["2026-11-3", "+026-11-30", "2026-11- 3", "1969-12-31", "2026/11/30", "2026-11-30T"])
        {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
