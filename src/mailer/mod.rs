//! What makes a queue into a mailer: messages as programs hand them over, the runner that sends them, and
//! notices to the senders of those that do not arrive (RFC 3464).

pub mod aliases;
pub mod attempt;
pub mod blame;
pub mod bookkeeper;
#[cfg(feature = "postgres")]
pub mod forward;
pub mod groups;
pub mod handover;
pub mod header_of;
pub mod intake;
pub mod lane;
pub mod notice;
mod over;
pub mod pauses;
pub mod run;
pub mod selection;
pub mod serve;
pub mod settle;
#[cfg(feature = "postgres")]
pub mod shared;
pub mod way;
pub mod witness;

pub use run::{Runner, Settings};
pub use selection::Selection;
pub use way::{Accounts, NoWay, Servers, Way};
pub use witness::Witness;

/// A number by chance, for what is not to happen all at once.
fn chance() -> u32 {
    getrandom::u32().unwrap_or_else(|_| std::process::id())
}
