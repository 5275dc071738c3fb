//! Why a header section cannot be used. What would help is said in `words`.

use std::fmt;
use std::io;

use crate::message::address::AddressError;

/// A header section longer than this, in octets, is not read.
pub const LONGEST_SECTION: usize = 1 << 20;

/// Why a header section cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum HeaderError {
    /// The message cannot be read.
    Read(io::Error),
    /// No end within [`LONGEST_SECTION`] octets.
    TooLong,
    /// A line, counted from 1, that is neither a field nor a continuation of one.
    NotAField {
        /// Which line, from 1.
        line: usize,
        /// How it begins, printable.
        start: String,
    },
    /// An address that is not UTF-8.
    NotUtf8 {
        /// The field's name as it is written.
        name: String,
        /// Its first line, from 1.
        line: usize,
        /// The member of the list that is wrong, printable.
        place: String,
    },
    /// A field with addresses that is not a list of addresses.
    Address {
        /// The field's name as it is written.
        name: String,
        /// Its first line, from 1.
        line: usize,
        /// The part of its value that is wrong, printable.
        place: String,
        /// What is wrong with it.
        error: AddressError,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::Read(error) => write!(f, "cannot read the message: {error}"),
            HeaderError::TooLong => write!(
                f,
                "the header section does not end within {LONGEST_SECTION} octets, including mbox lines in \
                 front of it"
            ),
            HeaderError::NotAField { line, start } => {
                write!(f, "line {line}, '{start}', is not a header field")
            }
            HeaderError::NotUtf8 { name, line, place } => {
                write!(f, "{name} in line {line}, '{place}': the address is not UTF-8")
            }
            HeaderError::Address { name, line, place, error } => {
                write!(f, "{name} in line {line}, '{place}': {}", error.fault)
            }
        }
    }
}

impl std::error::Error for HeaderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            HeaderError::Read(error) => Some(error),
            HeaderError::Address { error, .. } => Some(error),
            _ => None,
        }
    }
}
