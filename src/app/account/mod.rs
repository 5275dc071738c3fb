//! The account that a command uses, from the configuration (ehlo-config(5)) to the flags that were not typed.
//!
//! [`in_force`] is called by every subcommand that connects, before `target` reads its flags. It reads no
//! configuration where a server is named and no account is; `ehlo send` then reads it for its log
//! (app/log/place.rs).

mod apply;
mod choose;
mod configuration;
mod secret;
pub mod sender;
mod show;
mod test;

pub use apply::wrong;
pub use choose::{Chosen, Senders, Why};
pub use configuration::Configuration;
pub use secret::path;

use super::early_exit::{EarlyExit, Result};
use crate::cli::{AccountAction, AccountArgs, ServerArgs, SessionArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use std::borrow::Cow;

/// `ehlo account`.
pub fn run(args: &AccountArgs) -> ExitStatus {
    let output = Output::new(false, false, When::Auto);
    let done = match &args.action {
        AccountAction::List => show::list(&output),
        AccountAction::Show { name } => show::show(name.as_deref(), &output),
        AccountAction::Test { name } => test::test(name.as_deref(), &output),
        AccountAction::Import { .. } => Err(EarlyExit::usage("not there yet")),
    };
    done.unwrap_or_else(|exit| output.complain(&exit.report()))
}

/// An error, if the account takes no message of so many octets.
pub fn check_size(chosen: Option<&Chosen>, octets: u64) -> Result<()> {
    let Some(chosen) = chosen else { return Ok(()) };
    match chosen.account.number("limits.size").filter(|most| octets > *most) {
        Some(most) => Err(EarlyExit::data(format!(
            "the message has {octets} octets, but account '{}' allows at most {most}; nothing was sent",
            chosen.account.name
        ))),
        None => Ok(()),
    }
}

/// The flags of a session with what an account gives, and that account.
#[derive(Debug)]
pub struct InForce<'a> {
    /// The flags.
    pub session: Cow<'a, SessionArgs>,
    /// The account, if one is used.
    pub chosen: Option<Chosen>,
    /// The configuration, if it had to be read.
    pub configuration: Option<Configuration>,
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
    if !may_be_used(&args.server) {
        return Ok(InForce { session: Cow::Borrowed(args), chosen: None, configuration: None });
    }
    let configuration = Configuration::read()?;
    let chosen = choose::choose(&configuration, &args.server, senders)?;
    let session = match &chosen {
        Some(chosen) => Cow::Owned(apply::apply(chosen, args, output)?),
        None => Cow::Borrowed(args),
    };
    Ok(InForce { session, chosen, configuration: Some(configuration) })
}
