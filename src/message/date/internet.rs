//! Dates as mail has them: `[Sat,] 21 Nov 2026 10:00[:00] +0100` (RFC 5322, section 3.3), and all that older
//! programs wrote (section 4.3): years of two and three digits, names of zones, blanks and comments between
//! any two tokens.

use time::{PrimitiveDateTime, UtcOffset};

use super::DateError;
use super::parts::{Clock, DAYS, MONTHS, day_of, number, time_of};

/// Reads a date, whose comments are blanks by now.
pub(super) fn read(text: &str) -> Result<(PrimitiveDateTime, Clock), DateError> {
    let (weekday, rest) = match text.split_once(',') {
        Some((weekday, rest)) => (Some(weekday.trim()), rest),
        None => (None, text),
    };
    // Blanks around the colons are part of no token.
    let mut clock = String::new();
    let mut words = Vec::new();
    let mut after_colon = false;
    for token in tokens(rest) {
        match (token, words.len()) {
            (":", 3) if !clock.is_empty() && !after_colon => after_colon = true,
            (":", _) => return Err(DateError::Form),
            (part, 3) if clock.is_empty() => clock.push_str(part),
            (part, 3) if after_colon => {
                clock.push(':');
                clock.push_str(part);
                after_colon = false;
            }
            (word, _) => words.push(word),
        }
    }
    let ([day, month, year, zone], false) = (words.as_slice(), after_colon) else {
        return Err(DateError::Form);
    };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month)).ok_or(DateError::Form)?;
    let day = if day.len() <= 2 { number(day)? } else { return Err(DateError::Form) };
    let date = day_of(year_of(year)?, month as u32 + 1, day)?;
    if let Some(weekday) = weekday {
        let known = DAYS.iter().position(|name| name.eq_ignore_ascii_case(weekday)).ok_or(DateError::Form)?;
        if known != usize::from(date.weekday().number_days_from_monday()) {
            return Err(DateError::DayOfWeek);
        }
    }
    Ok((PrimitiveDateTime::new(date, time_of(&clock)?), zone_of(zone)?))
}

/// Words and colons.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t'])
        .flat_map(|word| word.split_inclusive(':'))
        .flat_map(|part| match part.strip_suffix(':') {
            Some(word) => [word, ":"],
            None => [part, ""],
        })
        .filter(|token| !token.is_empty())
}

/// 00 to 49 are of this century, 50 to 99 and three digits count from 1900.
fn year_of(text: &str) -> Result<u32, DateError> {
    let year = number(text)?;
    match text.len() {
        0 | 1 => Err(DateError::Form),
        2 if year < 50 => Ok(2000 + year),
        2 | 3 => Ok(1900 + year),
        _ => Ok(year),
    }
}

/// `+0100`, or an obsolete name. The military's letters were once defined wrongly, and other names have no
/// fixed meaning: both say no more than `-0000` (section 4.3).
pub(super) fn zone_of(text: &str) -> Result<Clock, DateError> {
    let hours = match text.to_ascii_uppercase().as_str() {
        "-0000" => return Ok(Clock::Nowhere),
        "UT" | "UTC" | "GMT" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "J" => return Err(DateError::Form),
        name if !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphabetic()) => {
            return match name.len() {
                1 => Ok(Clock::Nowhere),
                3..=5 => Ok(Clock::Unknown),
                _ => Err(DateError::Form),
            };
        }
        _ => return offset(text),
    };
    UtcOffset::from_hms(hours, 0, 0).map(Clock::Offset).map_err(|_| DateError::Range)
}

/// A sign and four digits.
fn offset(text: &str) -> Result<Clock, DateError> {
    let sign = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(DateError::Form),
    };
    let digits = text.get(1..).filter(|digits| digits.len() == 4).ok_or(DateError::Form)?;
    let value = number(digits)? as i32;
    if value % 100 > 59 || value / 100 > 23 {
        return Err(DateError::Range);
    }
    let seconds = sign * (value / 100 * 3600 + value % 100 * 60);
    UtcOffset::from_whole_seconds(seconds).map(Clock::Offset).map_err(|_| DateError::Range)
}
