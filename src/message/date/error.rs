//! Why a text is no date.

use std::fmt;

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateError {
    /// It has none of the forms.
    Form,
    /// A day, an hour or a year that does not exist. Years go from 1900 to 9999.
    Range,
    /// The day of the week does not fit the date.
    DayOfWeek,
    /// A moment is wanted, and the offset is missing or not known.
    Offset,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateError::Form => {
                "not a date such as 'Sat, 21 Nov 2026 10:00:00 +0100', '2026-11-21T10:00:00+01:00' or \
                 '@1795251600'"
            }
            DateError::Range => "there is no such day or time",
            DateError::Offset => "the offset is missing or unknown",
            DateError::DayOfWeek => "that day of the week is not on that date",
        })
    }
}

impl std::error::Error for DateError {}
