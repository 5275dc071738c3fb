//! One connection, blocking: a session over a stream.
//!
//! A [`Target`] says where to and how; [`open`] connects and gets the session ready (TLS, log-in); [`drive`]
//! does what the session asks for; [`error`] says why it could not. What to send to whom, and over how many
//! transactions, is [`crate::delivery`]'s.

pub mod drive;
pub mod drop_point;
pub mod error;
pub mod gate;
pub mod observer;
pub mod open;
pub mod patience;
pub mod reach;
pub mod target;
pub mod token;

pub use drive::Connection;
pub use error::Error;
pub use gate::{Gate, Handover};
pub use observer::Observer;
pub use patience::Patience;
pub use target::{Conversation, LoginPolicy, Target, TlsPolicy, Way};
pub use token::{Fetched, NoToken, TokenSource};
