//! The account that a command uses, from the configuration (ehlo-config(5)) to the flags that were not typed.
//!
//! [`in_force`] is called by every subcommand that connects, before `target` reads its flags. No configuration
//! is read where a server is named and no account is.

mod apply;
mod choose;
mod configuration;
pub mod import;
mod secret;
pub mod sender;

pub use choose::{Chosen, Senders, Why};
pub use configuration::Configuration;

use super::early_exit::Result;
use crate::cli::{ServerArgs, SessionArgs};
use crate::output::Output;
use std::borrow::Cow;

/// The flags of a session with what an account gives, and that account.
#[derive(Debug)]
pub struct InForce<'a> {
    /// The flags.
    pub session: Cow<'a, SessionArgs>,
    /// The account, if one is used.
    pub chosen: Option<Chosen>,
}

/// Whether an account may be used: one is named, or no server is.
#[must_use]
pub fn may_be_used(server: &ServerArgs) -> bool {
    server.account.is_some() || !names_a_server(server)
}

fn names_a_server(server: &ServerArgs) -> bool {
    server.pipe.is_some() || server.server.as_deref().is_some_and(|name| !name.is_empty())
}

/// Chooses the account for these senders, and fills in the flags from it.
pub fn in_force<'a>(args: &'a SessionArgs, senders: Senders<'_>, output: &Output) -> Result<InForce<'a>> {
    let plain = || InForce { session: Cow::Borrowed(args), chosen: None };
    if !may_be_used(&args.server) {
        return Ok(plain());
    }
    let configuration = Configuration::read()?;
    let Some(chosen) = choose::choose(&configuration, &args.server, senders)? else { return Ok(plain()) };
    let session = apply::apply(&chosen, args, output)?;
    Ok(InForce { session: Cow::Owned(session), chosen: Some(chosen) })
}
