//! A header section as signatures see it: fields octet for octet (RFC 6376, sections 3.4.1, 3.4.2 and 5.4.2).
//!
//! This is not the parser of [`message`](crate::message): nothing is understood or mended here, since a
//! signature is over what stands there. Addresses, dates and the like are for others.

mod choice;
mod field;
mod head;

pub(super) use choice::Choice;
pub(super) use field::{Field, fields, write};
pub use head::{Head, HeadTooLong, LONGEST};

#[cfg(test)]
mod tests;
