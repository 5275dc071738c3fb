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

/// Reads the configuration where an account may be used, and fills in the flags from the one that is.
pub fn in_force<'a>(args: &'a SessionArgs, senders: Senders<'_>, output: &Output) -> Result<InForce<'a>> {
    by(Configuration::read_for_an_account(&args.server)?, args, senders, output)
}

/// The flags of a session by an account that was chosen already.
pub fn with<'a>(chosen: Chosen, args: &'a SessionArgs, output: &Output) -> Result<InForce<'a>> {
    let session = Cow::Owned(apply(&chosen, args, output)?);
    Ok(InForce { session, chosen: Some(chosen), configuration: None })
}

/// Chooses the account for these senders, and fills in the flags from it.
pub fn by<'a>(
    configuration: Option<Configuration>,
    args: &'a SessionArgs,
    senders: Senders<'_>,
    output: &Output,
) -> Result<InForce<'a>> {
    let chosen = match &configuration {
        Some(configuration) => choose(configuration, &args.server, senders)?,
        None => None,
    };
    let session = match &chosen {
        Some(chosen) => Cow::Owned(apply(chosen, args, output)?),
        None => Cow::Borrowed(args),
    };
    Ok(InForce { session, chosen, configuration })
}
