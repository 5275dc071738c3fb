//! Dates as ISO 8601 and RFC 3339 have them: `2026-11-21[T10:00[:00[.0]]][Z]`.

use super::DateError;
use super::internet::zone_of;
use super::parts::{Clock, day_of, number, time_of};
use time::{PrimitiveDateTime, Time, UtcOffset};

/// ISO 8601: `2026-11-21`, perhaps `T` or a blank and a time, perhaps an offset.
pub(super) fn read(text: &str) -> Result<(PrimitiveDateTime, Clock), DateError> {
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
        zone => match zone_of(&zone.replacen(':', "", 1))? {
            Clock::Unknown => return Err(DateError::Form),
            Clock::Nowhere if zone.len() == 1 => return Err(DateError::Form),
            known => known,
        },
    };
    Ok((PrimitiveDateTime::new(date, time_of(clock)?), zone))
}
