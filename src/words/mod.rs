//! What the rooms below know as data, said in English: one sentence for each error, with what to do and the
//! flag that does it. The only room below `app` and `cli` that names flags.
//!
//! An error's own `Display` says what is wrong. What is said here begins with that, and goes on with advice;
//! it is written out in full only where the flag stands in the middle.

pub mod address;
mod awaiting;
#[cfg(feature = "console")]
pub mod by_hand;
pub mod check;
mod client;
pub mod config;
#[cfg(feature = "console")]
pub mod console;
pub mod delivery;
pub mod dkim;
mod failure;
pub mod finding;
mod hint;
mod hint_tls;
pub mod import;
pub mod intake;
pub mod login;
pub mod message;
pub mod mta_sts;
pub mod net;
pub mod oauth;
pub mod probe;
pub mod queue;
pub mod route;
pub mod tlsrpt;

pub use awaiting::{anew, awaiting, drop_point, stage};
pub use client::{client_error, client_error_at};
pub use failure::{eight_bit_files, failure};
pub use hint::{SILENT, hint};
