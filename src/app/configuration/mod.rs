//! The configuration (ehlo-config(5)): which account a command uses, and what that gives in place of flags that
//! were not typed.
//!
//! [`in_force`](fn@in_force) is called by every subcommand that connects, before `target` reads its flags. It
//! reads no configuration where a server is named and no account is; `ehlo send` then reads it for its log
//! (app/log/place.rs).

mod apply;
mod changes;
mod check;
mod choose;
mod files;
mod in_force;
mod oauth;
mod secret;
pub mod sender;

pub use apply::servers;
pub use changes::changes;
pub use choose::{Chosen, Why, check_size, choose, choose_by, own_mailbox};
pub use files::{Configuration, wrong};
pub use in_force::{InForce, by, in_force, with};
#[cfg(feature = "postgres")]
pub use secret::credential;
pub use secret::path;
