//! What the user should know about a message that can be sent.

use std::fmt;

use crate::message::enclosed::Unfit;

/// What the user should know about a message that was composed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// The name of the zone in a date is not known, so that it counts as UTC (RFC 5322, section 4.3).
    Zone {
        /// The date as it was given.
        date: String,
    },
    /// The HTML names an inline part where it does not show one.
    Reference {
        /// What stands behind `cid:`.
        name: String,
    },
    /// A file whose name is that of a message goes along as octets.
    NoMessage {
        /// The file's name.
        name: String,
        /// Why it cannot go as a message.
        unfit: Unfit,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::Zone { date } => {
                let date = date.escape_debug();
                write!(f, "the zone of the date '{date}' is unknown and is read as UTC (-0000)")
            }
            Remark::Reference { name } => write!(
                f,
                "the HTML says 'cid:{}' in its text, a comment, a script or within another URL: there it \
                 is left unchanged",
                name.escape_debug()
            ),
            Remark::NoMessage { name, unfit } => write!(
                f,
                "'{}' is attached as application/octet-stream, not as a message: {unfit}",
                name.escape_debug()
            ),
        }
    }
}
