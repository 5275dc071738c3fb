//! `ehlo`: an SMTP client that says what became of each recipient.
//!
//! The map. [`ehlo_smtp`], a crate of its own, is the protocol: it opens nothing, reads no clock, prints
//! nothing. [`sasl`], [`message`] and [`net`] stand beside it: log-in mechanisms, the content, and the
//! connection; [`dkim`] signs and verifies; [`meaning`] knows what codes mean. [`client`] drives one session
//! over one connection; [`route`] finds the way to a domain that nobody configured; [`probe`] looks at a
//! server without sending anything; [`delivery`] gets one message to all its recipients with as many
//! transactions as that takes. [`words`] says in English what these know
//! as data, and [`report`] makes text, JSON and an exit status of what came of it. [`sink`] is the other
//! side, a small server. [`cli`] is what can be typed, [`app`] what is done then, and [`output`] is the one
//! place that prints.
//!
//! Who may use whom is checked by `tests/layers.rs`; docs/architecture.md tells why.

mod app;
mod check;
mod cli;
mod client;
mod config;
mod delivery;
mod dkim;
mod dmarc;
mod dns;
mod https;
mod import;
#[doc(hidden)]
pub mod inside;
mod mailer;
mod meaning;
mod message;
mod net;
mod oauth;
mod output;
mod probe;
mod report;
mod route;
mod sasl;
#[cfg(feature = "sink")]
mod sink;
mod spf;
mod spool;
mod words;

pub use app::{parse, run};
