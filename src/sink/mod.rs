//! A small server that catches mail: for demonstrations, for tests, and for checking scripts (`ehlo sink`).
//!
//! ```text
//!   Settings -> Sink::bind -> run: accept -> a thread each -+-> session: serve x Connection -> store
//!                                                           +-> play: a dialogue x Connection -> mismatches
//!                               `--dns`: two threads more: name_server x zone, policies x zone
//! ```
//!
//! It delivers nothing and prints nothing. Each wait has an end ([`Patience`]), and what goes wrong on one
//! connection ends that connection only. What happens is told to an [`Observer`]. The protocol is
//! [`ehlo_smtp::serve`]'s; flags and output are [`crate::app`]'s.

mod accept;
mod connection;
mod cut_short;
mod domains;
mod error;
mod event;
mod listen;
mod name_server;
mod play;
mod policies;
mod session;
mod settings;
mod store;
mod zone;

pub use error::SinkError;
pub use event::{Event, Observer};
pub use listen::Sink;
pub use settings::{Account, Domains, Patience, Settings, Tls};
pub use store::Store;
