//! The content: messages composed from flags, and messages given as they are (RFC 5322, RFC 2045 to 2049).
//!
//! [`compose`] builds a message out of a [`Draft`](compose::Draft), [`raw`] takes one as it is; both are a
//! [`Content`](crate::smtp::content::Content) that can be written as often as it takes, in constant memory, from
//! a [`Source`](source::Source). [`address`] reads address lists, [`header`] the header section, [`recipients`] a file of
//! recipients.
//!
//! Dots and line ends are `smtp`'s; who gets the message is decided by whoever makes the envelope.

pub mod address;
mod attachment;
mod blind;
pub mod compose;
pub mod date;
mod excerpt;
mod fields;
pub mod header;
pub mod id;
mod parts;
pub mod raw;
pub mod recipients;
mod scan;
pub mod source;
mod text;
mod word;

pub use attachment::{Attachment, Inline, media_type_of};
pub use text::Text;
