//! Dates (RFC 5322, section 3.3; those of mail are read by `internet`; RFC 3339 and `@seconds` are understood
//! too).
//!
//! A date is written with the local offset, as people expect to see it; `-0000` says that it is not known
//! (RFC 5322, section 3.3).

use std::fmt;

use super::comment;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

mod internet;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateError {
    /// It has none of the forms.
    Form,
    /// A day, an hour or a year that there is not. Years go from 1900 to 9999.
    Range,
    /// The day of the week is another one.
    DayOfWeek,
    /// A moment is wanted, and the offset is missing or not known.
    Offset,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateError::Form => {
                "not a date such as 'Sat, 21 Nov 2026 10:00:00 +0100', '2026-11-21T10:00:00+01:00' or '@1795251600'"
            }
            DateError::Range => "there is no such day or time",
            DateError::Offset => "the offset is missing, or not known",
            DateError::DayOfWeek => "that day of the week is not on that date",
        })
    }
}

impl std::error::Error for DateError {}

/// The date and time now, with the local offset, as the header wants it.
///
/// # Errors
/// [`DateError::Range`] if the clock is far out.
pub fn now() -> Result<String, DateError> {
    local(OffsetDateTime::now_utc())
}

/// Reads a date in one of three forms and writes it as the header wants it.
///
/// `[Sat,] 21 Nov 2026 10:00[:00] +0100`, with comments and the obsolete forms (RFC 5322),
/// `2026-11-21[T10:00[:00[.0]]][Z]` (ISO 8601; the local offset if none is given), or `@` and seconds since
/// 1970 UTC.
///
/// # Errors
/// [`DateError`].
pub fn parse(text: &str) -> Result<String, DateError> {
    let (date, clock) = read(text)?;
    match clock {
        Clock::Local => local(guess_local(date)),
        Clock::Utc => local(date.assume_utc()),
        Clock::Offset(offset) => write(date, Some(offset)),
        Clock::Nowhere | Clock::Unknown => write(date, None),
    }
}

/// Reads a moment in one of the same forms: it must say its offset.
///
/// # Errors
/// [`DateError`]; [`DateError::Offset`] where it says no offset, or one whose meaning is not known.
pub fn moment(text: &str) -> Result<OffsetDateTime, DateError> {
    let (date, clock) = read(text)?;
    match clock {
        Clock::Offset(offset) => Ok(date.assume_offset(offset)),
        Clock::Utc | Clock::Nowhere => Ok(date.assume_utc()),
        Clock::Local | Clock::Unknown => Err(DateError::Offset),
    }
}

/// Whether its zone has a name that is not known, so that it counts as UTC.
#[must_use]
pub fn is_of_unknown_zone(text: &str) -> bool {
    matches!(read(text), Ok((_, Clock::Unknown)))
}

fn read(text: &str) -> Result<(PrimitiveDateTime, Clock), DateError> {
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(DateError::Form);
    }
    let text = comment::without(text).ok_or(DateError::Form)?;
    let text = text.trim_matches([' ', '\t']);
    if let Some(seconds) = text.strip_prefix('@') {
        let seconds = seconds.parse().map_err(|_| DateError::Form)?;
        let utc = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| DateError::Range)?;
        return Ok((PrimitiveDateTime::new(utc.date(), utc.time()), Clock::Utc));
    }
    if text.as_bytes().get(4) == Some(&b'-') { iso(text) } else { internet::read(text) }
}

/// Where a time is meant.
enum Clock {
    /// Here, and the offset is not said.
    Local,
    /// UTC, and where is not said: `@seconds`.
    Utc,
    /// At this offset.
    Offset(UtcOffset),
    /// UTC, somewhere whose offset is not known: `-0000`.
    Nowhere,
    /// A zone whose name is not known: it is written as `-0000`, but no moment can be made of it.
    Unknown,
}

/// The same time with the local offset.
fn local(utc: OffsetDateTime) -> Result<String, DateError> {
    let offset = UtcOffset::local_offset_at(utc).ok();
    let shown = utc.checked_to_offset(offset.unwrap_or(UtcOffset::UTC)).ok_or(DateError::Range)?;
    write(PrimitiveDateTime::new(shown.date(), shown.time()), offset)
}

/// The time that a local clock shows as `date`: the offset of then, not of now.
fn guess_local(date: PrimitiveDateTime) -> OffsetDateTime {
    let offset_at = |at| UtcOffset::local_offset_at(at).unwrap_or(UtcOffset::UTC);
    let first = date.assume_offset(offset_at(date.assume_utc()));
    date.assume_offset(offset_at(first))
}

fn write(date: PrimitiveDateTime, offset: Option<UtcOffset>) -> Result<String, DateError> {
    let name = |names: &[&'static str], at: u8| names.get(usize::from(at)).copied().unwrap_or_default();
    if !(1900..=9999).contains(&date.year()) {
        return Err(DateError::Range);
    }
    let zone = match offset {
        None => "-0000".to_owned(),
        Some(offset) => {
            let minutes = offset.whole_minutes();
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
        }
    };
    Ok(format!(
        "{}, {} {} {} {:02}:{:02}:{:02} {zone}",
        name(&DAYS, date.weekday().number_days_from_monday()),
        date.day(),
        name(&MONTHS, u8::from(date.month()) - 1),
        date.year(),
        date.hour(),
        date.minute(),
        date.second(),
    ))
}

/// ISO 8601: `2026-11-21`, perhaps `T` or a blank and a time, perhaps an offset.
fn iso(text: &str) -> Result<(PrimitiveDateTime, Clock), DateError> {
    let (day, rest) = text.split_at_checked(10).ok_or(DateError::Form)?;
    let mut parts = day.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateError::Form);
    };
    let date = day_of(number(year)?, number(month)?, number(day)?)?;
    if rest.is_empty() {
        return Ok((PrimitiveDateTime::new(date, Time::MIDNIGHT), Clock::Local));
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(DateError::Form)?;
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let clock = match clock.split_once(['.', ',']) {
        Some((clock, part)) if number(part).is_ok() => clock,
        Some(_) => return Err(DateError::Form),
        None => clock,
    };
    let zone = match zone.trim() {
        "" => Clock::Local,
        "Z" | "z" => Clock::Offset(UtcOffset::UTC),
        zone => match internet::zone_of(&zone.replacen(':', "", 1))? {
            Clock::Unknown => return Err(DateError::Form),
            Clock::Nowhere if zone.len() == 1 => return Err(DateError::Form),
            known => known,
        },
    };
    Ok((PrimitiveDateTime::new(date, time_of(clock)?), zone))
}

/// Digits only, up to nine of them.
fn number(text: &str) -> Result<u32, DateError> {
    let good = (1..=9).contains(&text.len()) && text.bytes().all(|octet| octet.is_ascii_digit());
    if good { text.parse().map_err(|_| DateError::Form) } else { Err(DateError::Form) }
}

fn day_of(year: u32, month: u32, day: u32) -> Result<Date, DateError> {
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    let (Ok(year), Some(month), Ok(day)) = (i32::try_from(year), month, u8::try_from(day)) else {
        return Err(DateError::Range);
    };
    Date::from_calendar_date(year, month, day).map_err(|_| DateError::Range)
}

/// `10:00` or `10:00:00`. A leap second is the second before it.
fn time_of(text: &str) -> Result<Time, DateError> {
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

#[cfg(test)]
mod tests;
