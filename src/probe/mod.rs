//! What a server offers and how well it is set up, found out by asking it; no mail is sent.
//!
//! ```text
//! each address   connect; the first that answers is the one that is asked, the others are closed at once
//! connection 1   greeting, EHLO, STARTTLS, EHLO again, RSET and NOOP in one write, QUIT
//! connection 2   the same as far as the handshake, with TLS 1.2 alone
//! connection 3   STARTTLS and NOOP in one write: does TLS begin with an answer to the NOOP?
//! connection 4   as far as a ClientHello of TLS 1.1; a fifth asks for 1.0 if that is accepted
//! the last one   MAIL, RCPT, RSET, if it is to be known whether the server relays
//! ```
//!
//! [`run`](fn@run) gathers [`Facts`], [`judge`](fn@judge) makes [`Finding`]s of them; `words` says in English
//! what they are, and `report` prints both. The conversation is not the delivering session's: that one ends
//! where something is wrong, and the probe wants to see what else is.

mod clock;
pub mod facts;
pub mod finding;
mod judge;
mod main_talk;
mod names;
mod old_hello;
mod place;
pub mod relay;
mod relay_talk;
mod run;
mod talk;
mod trials;

pub use facts::{
    Address, Broken, Facts, Hello, Injection, NotInside, Pipelining, StartTlsOutcome, Timing, Trial,
};
pub use finding::{Finding, Weight};
pub use judge::{Context, days_left, judge};
pub use relay::{Relay, RelayOutcome, RelayQuestion};
pub use run::{Probe, run};
