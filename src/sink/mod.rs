//! A small server that catches mail: for demonstrations, for tests, and for checking scripts (`ehlo sink`).
//!
//! ```text
//!   Settings -> Sink::bind -> run: accept -> a thread each -+-> session: serve x Connection -> store
//!                                                           +-> play: a dialogue x Connection -> mismatches
//! ```
//!
//! It delivers nothing and prints nothing. Each wait has an end ([`Patience`]), and what goes wrong on one
//! connection ends that connection only. What happens is told to an [`Observer`]. The protocol is
//! [`ehlo_smtp::serve`]'s; flags and output are [`crate::app`]'s.

mod connection;
mod cut_short;
mod error;
mod event;
mod listen;
mod play;
mod session;
mod settings;
mod store;

pub use error::SinkError;
pub use event::{Event, Observer};
pub use listen::Sink;
pub use settings::{Account, Patience, Settings, Tls};
pub use store::Store;
