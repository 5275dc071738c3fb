//! The content: messages composed from flags, and messages given as they are (RFC 5322, RFC 2045 to 2049).
//!
//! [`compose`] builds a message out of a [`Draft`](compose::Draft), [`raw`] takes one as it is; both are a
//! [`Content`](ehlo_smtp::content::Content) that can be written as often as it takes, in constant memory,
//! from a [`Source`](source::Source). [`address`] reads address lists, [`header`] the header section,
//! [`recipients`] a file of recipients.
//!
//! Dots and line ends are for `smtp`; who gets the message is decided by whoever makes the envelope.

pub mod address;
mod attachment;
pub mod blind;
mod calendar;
mod comment;
pub mod compose;
mod content_id;
pub mod date;
mod enclosed;
mod excerpt;
mod fields;
pub mod header;
mod html;
pub mod id;
mod look;
mod media_type;
mod parts;
pub mod phrases;
pub mod raw;
pub mod recipients;
pub mod scan;
pub mod source;
mod spans;
mod structured;
mod text;
mod tokens;
mod word;

pub use attachment::{Attachment, Inline, shown_name};
pub use text::Text;
