//! Why a message is not signed.

use crate::dkim::header::HeadTooLong;
use crate::dkim::key::CannotSign;
use crate::dkim::names::NameFault;
use std::fmt;

/// Why a message is not signed. What would help is for others to say.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// There is no key.
    NoKeys,
    /// What is to sign is no domain.
    Domain(NameFault),
    /// The selector is none, or too long together with the domain.
    Selector(NameFault),
    /// This name is no name of a field, or of one that changes on its way.
    Name(String),
    /// The header section is too long.
    Head(HeadTooLong),
    /// A line of the header section that is neither a field nor a continuation of one.
    NotAField {
        /// Which line, from 1.
        line: usize,
    },
    /// There is no From, which must be signed (RFC 6376, section 5.4).
    NoFrom,
    /// More fields are to be signed than any verifier would look for.
    TooManyFields,
    /// The key failed.
    Key(CannotSign),
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignError::NoKeys => f.write_str("there is no key to sign with"),
            SignError::Domain(fault) => write!(f, "the signing domain: {fault}"),
            SignError::Selector(fault) => write!(f, "the selector: {fault}"),
            SignError::Name(name) => write!(f, "the field '{name}' cannot be signed"),
            SignError::Head(fault) => fault.fmt(f),
            SignError::NotAField { line } => write!(f, "line {line} is not a header field"),
            SignError::NoFrom => f.write_str("the message has no From"),
            SignError::TooManyFields => f.write_str("the message has too many fields"),
            SignError::Key(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for SignError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SignError::Domain(fault) | SignError::Selector(fault) => Some(fault),
            SignError::Head(fault) => Some(fault),
            SignError::Key(fault) => Some(fault),
            _ => None,
        }
    }
}
