//! What is wrong with a record.

use std::fmt;

/// Why a record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpfFault {
    /// It is longer than [`LONGEST`](super::record::LONGEST) octets.
    TooLong,
    /// It holds octets that are not printable ASCII.
    Octets,
    /// This term of it cannot be read.
    Term {
        /// As it stands there.
        term: String,
        /// What is wrong with it.
        fault: TermFault,
    },
    /// This modifier is there twice (RFC 7208, section 6).
    Twice(&'static str),
}

/// What is wrong with a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermFault {
    /// No mechanism is called so.
    Mechanism,
    /// It takes no value, or no value of this kind.
    Value,
    /// It needs a value.
    NoValue,
    /// The address is none of this kind.
    Address,
    /// The length of a prefix is none.
    Prefix,
    /// The name can be none, or ends with neither a label nor a macro.
    Name,
    /// A `%` begins no macro.
    Macro,
}

impl fmt::Display for TermFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TermFault::Mechanism => "there is no such mechanism",
            TermFault::Value => "it does not take this",
            TermFault::NoValue => "something is missing behind it",
            TermFault::Address => "the address cannot be read",
            TermFault::Prefix => "the length of the prefix cannot be right",
            TermFault::Name => "this can be no domain name",
            TermFault::Macro => "the macro cannot be read",
        })
    }
}

impl fmt::Display for SpfFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpfFault::TooLong => f.write_str("the record is too long"),
            SpfFault::Octets => f.write_str("the record is not plain ASCII"),
            SpfFault::Term { term, fault } => write!(f, "'{term}': {fault}"),
            SpfFault::Twice(name) => write!(f, "'{name}' is there twice"),
        }
    }
}

impl std::error::Error for TermFault {}

impl std::error::Error for SpfFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SpfFault::Term { fault, .. } => Some(fault),
            _ => None,
        }
    }
}
