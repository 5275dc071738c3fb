//! Dates (RFC 5322, section 3.3): date/internet.rs reads those of mail, date/iso.rs those of RFC 3339, and
//! `@seconds` is understood too.
//!
//! A date is written with the local offset, as people expect to see it; `-0000` says that it is not known
//! (RFC 5322, section 3.3).

mod error;
mod internet;
mod iso;
mod parts;

use super::comment;
pub use error::DateError;
use parts::{Clock, DAYS, MONTHS};
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

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
    if text.as_bytes().get(4) == Some(&b'-') { iso::read(text) } else { internet::read(text) }
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

#[cfg(test)]
mod tests;
