//! Questions to the DNS (RFC 1035): names, types, answers; many at once. The messages are read and written by the crate
//! `domain`; the asking is ours: sockets, random numbers, time, and what counts as an answer.
//!
//! `respond` is the other side of it, for the sink.
//!
//! A resolver does the work (RFC 1034, section 5.3); which one, /etc/resolv.conf says, or whoever asks. What the records
//! mean is left to those who ask for them.

mod ask;
mod error;
mod message;
mod record;
mod resolv_conf;
mod resolver;
mod respond;

pub use error::DnsError;
pub use message::read;
pub use record::{Answer, Data, Kind, Question};
pub use resolver::{Resolver, Trust};
pub use respond::{Transport, respond};
