//! What `ehlo queue` says: a list of messages, one of them in full, what was done to them, and numbers for
//! monitoring. The sentences are [`crate::words::queue`]'s.

mod check;
mod deed;
mod json;
mod list;
mod mailq;
mod metrics;
mod seen;
mod show;
mod tally;
mod times;

pub use check::{Limits, findings, render as check};
pub use deed::Done;
pub use json::{apart, damaged, message, paused};
pub use list::line;
pub use mailq::{EMPTY as NO_MAIL, HEAD as MAILQ_HEAD, foot as mailq_foot, message as mailq};
pub use metrics::render as metrics;
pub use seen::Seen;
pub use show::{log, log_json, text as show};
pub use tally::Tally;
pub use times::local;
