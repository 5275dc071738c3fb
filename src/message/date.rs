//! Dates (RFC 5322, sections 3.3 and 4.3; RFC 3339 and `@seconds` are understood too).
//!
//! A date is written with the local offset, as people expect to see it; `-0000` says that it is not known
//! (RFC 5322, section 3.3).

use std::fmt;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateError {
    /// Of none of the forms.
    Form,
    /// A day, an hour or a year that there is not. Years go from 1900 to 9999.
    Range,
    /// The day of the week is another one.
    DayOfWeek,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateError::Form => {
                "not a date such as 'Sat, 21 Nov 2026 10:00:00 +0100', '2026-11-21T10:00:00+01:00' or '@1795251600'"
            }
            DateError::Range => "there is no such day or time",
            DateError::DayOfWeek => "that day of the week is not on that date",
        })
    }
}

impl std::error::Error for DateError {}

/// An offset from UTC; none if it is not known.
type Offset = Option<UtcOffset>;

/// The date and time now, with the local offset, as the header wants it.
///
/// # Errors
/// [`DateError::Range`] if the clock is far out.
pub fn now() -> Result<String, DateError> {
    local(OffsetDateTime::now_utc())
}

/// Reads a date in one of three forms and writes it as the header wants it.
///
/// `[Sat,] 21 Nov 2026 10:00[:00] +0100` (RFC 5322), `2026-11-21[T10:00[:00[.0]]][Z]` (ISO 8601; the local
/// offset if none is given), or `@` and seconds since 1970 UTC.
///
/// # Errors
/// [`DateError`].
pub fn parse(text: &str) -> Result<String, DateError> {
    let text = text.trim_matches([' ', '\t']);
    if let Some(seconds) = text.strip_prefix('@') {
        let seconds = seconds.parse().map_err(|_| DateError::Form)?;
        return local(OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| DateError::Range)?);
    }
    let (date, clock) = if text.as_bytes().get(4) == Some(&b'-') { iso(text)? } else { internet(text)? };
    match clock {
        Clock::Local => local(guess_local(date)),
        Clock::Offset(offset) => write(date, offset),
    }
}

/// Where a time is meant.
enum Clock {
    Local,
    Offset(Offset),
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

fn write(date: PrimitiveDateTime, offset: Offset) -> Result<String, DateError> {
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

/// RFC 5322: `[Sat,] 21 Nov 2026 10:00[:00] +0100`.
fn internet(text: &str) -> Result<(PrimitiveDateTime, Clock), DateError> {
    let (weekday, rest) = match text.split_once(',') {
        Some((weekday, rest)) => (Some(weekday.trim()), rest),
        None => (None, text),
    };
    let words: Vec<&str> = rest.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    let [day, month, year, clock, zone] = words.as_slice() else { return Err(DateError::Form) };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month)).ok_or(DateError::Form)?;
    if year.len() != 4 {
        return Err(DateError::Form);
    }
    let date = day_of(number(year)?, month as u32 + 1, number(day)?)?;
    if let Some(weekday) = weekday {
        let known = DAYS.iter().position(|name| name.eq_ignore_ascii_case(weekday)).ok_or(DateError::Form)?;
        if known != usize::from(date.weekday().number_days_from_monday()) {
            return Err(DateError::DayOfWeek);
        }
    }
    Ok((PrimitiveDateTime::new(date, time_of(clock)?), Clock::Offset(zone_of(zone)?)))
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
        "Z" | "z" => Clock::Offset(Some(UtcOffset::UTC)),
        zone => Clock::Offset(zone_of(&zone.replacen(':', "", 1))?),
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

/// `+0100`, or one of the obsolete names whose meaning is sure (section 4.3).
fn zone_of(text: &str) -> Result<Offset, DateError> {
    let hours = match text.to_ascii_uppercase().as_str() {
        "-0000" => return Ok(None),
        "UT" | "UTC" | "GMT" | "Z" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
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
            return UtcOffset::from_whole_seconds(seconds).map(Some).map_err(|_| DateError::Range);
        }
    };
    UtcOffset::from_hms(hours, 0, 0).map(Some).map_err(|_| DateError::Range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_one_form() {
        for (text, written) in [
            ("Sat, 21 Nov 2026 10:00:00 +0100", "Sat, 21 Nov 2026 10:00:00 +0100"),
            ("sat,21 nov 2026  10:00\t+0100", "Sat, 21 Nov 2026 10:00:00 +0100"),
            ("1 Jan 2026 00:00:60 -0000", "Thu, 1 Jan 2026 00:00:59 -0000"),
            ("1 Jan 2026 00:00:00 GMT", "Thu, 1 Jan 2026 00:00:00 +0000"),
            ("1 Jan 2026 00:00:00 PST", "Thu, 1 Jan 2026 00:00:00 -0800"),
            ("1 Jan 2026 00:00:00 -0330", "Thu, 1 Jan 2026 00:00:00 -0330"),
            ("2026-11-21T10:00:00Z", "Sat, 21 Nov 2026 10:00:00 +0000"),
            ("2026-11-21 10:00:00.25+05:30", "Sat, 21 Nov 2026 10:00:00 +0530"),
            ("2026-11-21T10:00 -0800", "Sat, 21 Nov 2026 10:00:00 -0800"),
            ("2026-11-21T10:00:00-00:30", "Sat, 21 Nov 2026 10:00:00 -0030"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(written), "{text:?}");
            assert_eq!(parse(written).as_deref(), Ok(written));
        }
        for text in ["@0", "@1795251600", "2026-11-21", "2026-11-21T10:00"] {
            let written = parse(text).unwrap();
            assert_eq!(parse(&written), Ok(written));
        }
        let now = now().unwrap();
        assert_eq!(parse(&now), Ok(now.clone()));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for (text, error) in [
            ("", DateError::Form),
            ("now", DateError::Form),
            ("Sun, 21 Nov 2026 10:00:00 +0100", DateError::DayOfWeek),
            ("21 Nov 26 10:00:00 +0100", DateError::Form),
            ("21 Nov 2026 10:00:00", DateError::Form),
            ("21 Nov 2026 10:00:00 CET", DateError::Form),
            ("31 Nov 2026 10:00:00 +0100", DateError::Range),
            ("21 Nov 2026 24:00:00 +0100", DateError::Range),
            ("21 Nov 2026 10:00:00 +0160", DateError::Range),
            ("21 Nov 2026 1:00:00 +0100", DateError::Form),
            ("1 Jan 1800 10:00:00 +0100", DateError::Range),
            ("2026-13-21", DateError::Range),
            ("2026-11-21X10:00", DateError::Form),
            ("2026-11-21T10:00:00.x", DateError::Form),
            ("2026-11-2ü", DateError::Form),
            ("@x", DateError::Form),
            ("@99999999999999", DateError::Range),
            ("21 Nov 2026 10:00:00 +0100\r\nBcc: x@y", DateError::Form),
            ("2026-11-21T10:00:00Z\r\nBcc: x@y", DateError::Form),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    /// The other half of the next test: TZ cannot be set in a process that has threads.
    #[test]
    #[ignore = "started by the_local_offset_follows_tz"]
    fn print_dates() {
        use std::io::Write;
        let mut out = std::io::stdout();
        for text in ["@1795251600", "@1783000000", "2026-07-02 12:00"] {
            writeln!(out, "\ndate={}", parse(text).unwrap()).unwrap();
        }
    }

    #[test]
    fn the_local_offset_follows_tz() {
        let dates = |zone: &str| {
            let output = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "message::date::tests::print_dates", "--ignored", "--nocapture"])
                .env("TZ", zone)
                .output()
                .unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            text.lines().filter_map(|line| line.strip_prefix("date=")).map(str::to_owned).collect::<Vec<_>>()
        };
        // POSIX zones need no files: CET with summer time, India, and UTC.
        assert_eq!(
            dates("CET-1CEST,M3.5.0,M10.5.0/3"),
            [
                "Sat, 21 Nov 2026 10:00:00 +0100",
                "Thu, 2 Jul 2026 15:46:40 +0200",
                "Thu, 2 Jul 2026 12:00:00 +0200"
            ]
        );
        assert_eq!(dates("IST-5:30")[0], "Sat, 21 Nov 2026 14:30:00 +0530");
        assert_eq!(dates("XXX3:30")[0], "Sat, 21 Nov 2026 05:30:00 -0330");
        assert_eq!(dates("UTC0")[0], "Sat, 21 Nov 2026 09:00:00 +0000");
    }
}
