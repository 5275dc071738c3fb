//! The flags of a session with what an account gives.

use super::super::early_exit::Result;
use super::apply::apply;
use super::choose::{Chosen, Senders, choose};
use super::files::Configuration;
use crate::cli::SessionArgs;
use crate::output::Output;
use std::borrow::Cow;

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

/// Chooses the account for these senders, and fills in the flags from it.
pub fn in_force<'a>(args: &'a SessionArgs, senders: Senders<'_>, output: &Output) -> Result<InForce<'a>> {
    if !args.server.may_use_an_account() {
        return Ok(InForce { session: Cow::Borrowed(args), chosen: None, configuration: None });
    }
    let configuration = Configuration::read()?;
    let chosen = choose(&configuration, &args.server, senders)?;
    let session = match &chosen {
        Some(chosen) => Cow::Owned(apply(chosen, args, output)?),
        None => Cow::Borrowed(args),
    };
    Ok(InForce { session, chosen, configuration: Some(configuration) })
}
