//! What dates of all forms are made of: numbers, days, times, and the clock that is meant.

use super::DateError;
use time::{Date, Month, Time, UtcOffset};

pub(super) const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Which clock a time is read from.
pub(super) enum Clock {
    /// The local clock: no offset was given.
    Local,
    /// UTC, and no place was given: `@seconds`.
    Utc,
    /// A clock at this offset.
    Offset(UtcOffset),
    /// UTC, somewhere whose offset is not known: `-0000`.
    Nowhere,
    /// A zone whose name is not known: it is written as `-0000`, but no moment can be made of it.
    Unknown,
}

/// Digits only, up to nine of them.
pub(super) fn number(text: &str) -> Result<u32, DateError> {
    let good = (1..=9).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_digit());
    if good { text.parse().map_err(|_| DateError::Form) } else { Err(DateError::Form) }
}

pub(super) fn day_of(year: u32, month: u32, day: u32) -> Result<Date, DateError> {
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    let (Ok(year), Some(month), Ok(day)) = (i32::try_from(year), month, u8::try_from(day)) else {
        return Err(DateError::Range);
    };
    Date::from_calendar_date(year, month, day).map_err(|_| DateError::Range)
}

/// `10:00` or `10:00:00`. A leap second is the second before it.
pub(super) fn time_of(text: &str) -> Result<Time, DateError> {
    let mut parts =
        text.split(':').map(|part| if part.len() == 2 { number(part) } else { Err(DateError::Form) });
    let (Some(hour), Some(minute), second, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateError::Form);
    };
    let (hour, minute, second) = (hour?, minute?, second.unwrap_or(Ok(0))?);
    if hour > 23 || minute > 59 || second > 60 {
        return Err(DateError::Range);
    }
    Time::from_hms(hour as u8, minute as u8, second.min(59) as u8).map_err(|_| DateError::Range)
}
