//! Why a draft cannot become a message. What would help is said in `words`.

use std::fmt;
use std::io;

use crate::message::address::AddressError;
use crate::message::date::DateError;
use crate::message::enclosed::Unfit;
use crate::message::header::FieldFault;
use crate::message::id::IdError;
use crate::message::scan::LONGEST_LINE;

/// Why a draft cannot become a message.
#[derive(Debug)]
#[non_exhaustive]
pub enum DraftError {
    /// Nobody is named in From.
    NoFrom,
    /// A name, a value or a display name that cannot be written.
    Header {
        /// The field.
        name: String,
        /// What is wrong.
        fault: FieldFault,
    },
    /// Bcc or Resent-Bcc as a field: it would tell everybody.
    Blind {
        /// The field as given.
        name: String,
    },
    /// A field that is set by ehlo itself.
    Reserved {
        /// The field as given.
        name: String,
    },
    /// A field that a message has once, given twice.
    Twice {
        /// The field as given.
        name: String,
    },
    /// A field of addresses whose value is no list of addresses.
    Address {
        /// The field.
        name: String,
        /// What is wrong.
        error: AddressError,
    },
    /// A field of identifiers whose value is no list of identifiers.
    Id {
        /// The field.
        name: String,
        /// The part of its value that is wrong, printable; empty if it is all of it.
        place: String,
        /// What is wrong.
        error: IdError,
    },
    /// The date cannot be read.
    Date {
        /// What is wrong.
        error: DateError,
    },
    /// The name of an inline part that the text would refer to.
    ContentId {
        /// What is wrong.
        error: IdError,
    },
    /// Two inline parts with one name.
    SameContentId {
        /// The name.
        id: String,
    },
    /// Inline parts, and no HTML that shows them.
    InlineWithoutHtml,
    /// No media type, or one that cannot be attached.
    MediaType {
        /// As given.
        given: String,
    },
    /// A file name with a control character.
    FileName {
        /// As given.
        given: String,
    },
    /// A charset that is not known.
    UnknownCharset {
        /// As given.
        charset: String,
    },
    /// The text should be UTF-8 and is not.
    NotUtf8 {
        /// The first octet that does not fit, from 1.
        octet: u64,
        /// Its line, from 1.
        line: u64,
        /// How that line begins, printable.
        start: String,
    },
    /// The text does not fit the charset given.
    NotInCharset {
        /// As given.
        charset: String,
    },
    /// A line of the header that cannot be folded to 998 octets.
    LongLine {
        /// How it begins.
        start: String,
    },
    /// A word of a field with a structure that is too long for a line.
    LongWord {
        /// The field.
        name: String,
    },
    /// A text or a file cannot be read, or changed meanwhile.
    Read {
        /// The file's name, or what the octets are.
        what: String,
        /// What the system says, or what [`is_changed`](crate::message::source::is_changed) knows.
        error: io::Error,
    },
    /// A type that was given says a charset that is not the file's.
    Charset {
        /// The file's name.
        name: String,
        /// The charset that the type says.
        charset: String,
    },
    /// A file that cannot be attached as the message that its type, which was given, says.
    Enclosed {
        /// The file's name.
        name: String,
        /// The type.
        media_type: String,
        /// Why not.
        unfit: Unfit,
    },
    /// The system has no random numbers for a Message-ID.
    NoRandom,
    /// The parts do not fit together: a fault of this program.
    Skeleton,
}

impl fmt::Display for DraftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DraftError::NoFrom => f.write_str("no sender: From needs an address"),
            DraftError::Header { name, fault } => write!(f, "{}: {fault}", name.escape_debug()),
            DraftError::Blind { name } => write!(f, "{name} would be seen by every recipient"),
            DraftError::Reserved { name } => write!(f, "{name} is set by ehlo itself"),
            DraftError::Twice { name } => write!(f, "{name} is given twice; a message has only one"),
            DraftError::Address { name, error } => write!(f, "{name}: {error}"),
            DraftError::Id { name, place, error } if place.is_empty() => write!(f, "{name}: {error}"),
            DraftError::Id { name, place, error } => write!(f, "{name}, '{place}': {error}"),
            DraftError::Date { error } => error.fmt(f),
            DraftError::ContentId { error } => write!(f, "the name of an inline part: {error}"),
            DraftError::SameContentId { id } => {
                write!(f, "two inline parts are named '{}'", id.escape_debug())
            }
            DraftError::InlineWithoutHtml => f.write_str("an inline part needs an HTML body that shows it"),
            DraftError::MediaType { given } => write!(
                f,
                "'{}' is not a media type for a file; one is text/plain or application/pdf",
                given.escape_debug()
            ),
            DraftError::FileName { given } => {
                write!(f, "'{}' contains a control character", given.escape_debug())
            }
            DraftError::UnknownCharset { charset } => {
                write!(f, "unknown charset '{}'", charset.escape_debug())
            }
            DraftError::NotUtf8 { octet, line, start } => {
                write!(f, "octet {octet} of the text (line {line}, '{start}') is not UTF-8")
            }
            DraftError::NotInCharset { charset } => write!(f, "the text is not in {charset}"),
            DraftError::LongLine { start } => {
                write!(f, "the header line '{start}...' cannot be folded to {LONGEST_LINE} octets")
            }
            DraftError::LongWord { name } => {
                write!(f, "{}: it contains a word that is too long for a line", name.escape_debug())
            }
            DraftError::Read { what, error } => write!(f, "cannot read {}: {error}", what.escape_debug()),
            DraftError::Charset { name, charset } => {
                let name = name.escape_debug();
                write!(f, "the type given for '{name}' says {charset}, but the file is not {charset}")
            }
            DraftError::Enclosed { name, media_type, unfit } => {
                write!(f, "'{}' cannot be attached as {media_type}: {unfit}", name.escape_debug())
            }
            DraftError::NoRandom => f.write_str("the system provides no random numbers for a Message-ID"),
            DraftError::Skeleton => f.write_str("the parts do not fit together"),
        }
    }
}

impl std::error::Error for DraftError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DraftError::Header { fault, .. } => Some(fault),
            DraftError::Address { error, .. } => Some(error),
            DraftError::Id { error, .. } | DraftError::ContentId { error } => Some(error),
            DraftError::Date { error } => Some(error),
            DraftError::Read { error, .. } => Some(error),
            DraftError::Enclosed { unfit, .. } => Some(unfit),
            _ => None,
        }
    }
}
