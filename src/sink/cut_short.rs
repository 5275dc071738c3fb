//! Why a session was cut short.

use crate::net::Error;
use std::fmt;

/// Why a session was cut short.
#[derive(Debug)]
#[non_exhaustive]
pub enum CutShort {
    /// The client said nothing for too long.
    Silent,
    /// The sink was stopped.
    Stopped,
    /// A line of the client is longer than any of a script.
    LongLine,
    /// The connection failed.
    Net(Error),
}

impl fmt::Display for CutShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CutShort::Silent => f.write_str("the client was silent for too long"),
            CutShort::Stopped => f.write_str("the sink was stopped"),
            CutShort::LongLine => f.write_str("the client sent an endless line"),
            CutShort::Net(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CutShort {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CutShort::Net(error) => Some(error),
            CutShort::Silent | CutShort::Stopped | CutShort::LongLine => None,
        }
    }
}

impl From<Error> for CutShort {
    fn from(error: Error) -> CutShort {
        match error {
            Error::Interrupted => CutShort::Stopped,
            error => CutShort::Net(error),
        }
    }
}
