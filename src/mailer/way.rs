//! The way that a message goes: an account's server, and how much of it may be asked for. Who resolves accounts is
//! the program.

use crate::client::Target;
use crate::delivery::Router;
use crate::dkim::Signer;
use crate::spool::{Entry, OnUnknown};
use ehlo_smtp::path::Domain;
use std::sync::Arc;

/// An account, ready to be used.
#[derive(Debug)]
pub struct Way {
    /// Its name; empty where there is no account.
    pub account: String,
    /// Where its mail goes.
    pub servers: Servers,
    /// How many connections there may be at once.
    pub connections: usize,
    /// How many messages go over one of them.
    pub messages_per_connection: u32,
    /// How many messages go out in a minute.
    pub messages_per_minute: Option<u32>,
    /// What becomes of a message of which nobody knows whether it arrived.
    pub on_unknown: OnUnknown,
    /// The domain of names that have none.
    pub domain: Option<Domain>,
    /// Signs its messages, if anybody does.
    pub signer: Option<Signer>,
    /// What the configuration is like: another number, another configuration.
    pub configuration: u64,
}

/// Where the mail of an account goes.
#[derive(Debug)]
pub enum Servers {
    /// To this server, or those that can take its place, in turn.
    Own(Box<Target>, Vec<Target>),
    /// To the servers of each recipient's domain, which this finds.
    OfDomains(Box<dyn Router>),
}

/// Why a message has no way at present. It waits, untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoWay {
    /// The account; empty where none is named or found.
    pub account: String,
    /// What is wrong, in one line.
    pub why: String,
    /// What the configuration is like.
    pub configuration: u64,
}

/// Knows the accounts.
pub trait Accounts: Sync {
    /// The way for this message: by the account that it names, or else by its sender.
    ///
    /// # Errors
    /// There is none at present.
    fn way(&self, entry: &Entry) -> Result<Arc<Way>, NoWay>;
}
