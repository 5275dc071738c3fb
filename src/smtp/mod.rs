//! The protocol: no sockets, clocks, files or printing in here.
//!
//! [`session`] is the heart: what is said when, and what each reply means. Around it stand the values it works with:
//! [`command`], [`reply`], [`path`], [`parameter`], [`extension`], [`envelope`], [`content`], [`inquiry`], and
//! [`transaction`], what became of each recipient. Who is asked when, over how many transactions, is [`rounds`]'s.
//! Whoever has a connection drives it: [`crate::client`].

pub mod auth;
pub mod command;
pub mod content;
pub mod dialogue;
pub mod envelope;
pub mod expect;
pub mod extension;
pub mod failure;
pub mod inquiry;
pub mod meaning;
pub mod order;
pub mod parameter;
pub mod path;
pub mod reply;
pub mod rounds;
pub mod serve;
pub mod session;
pub mod status;
pub mod transaction;
pub mod violation;
pub mod xclient;
