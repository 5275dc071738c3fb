//! `ehlo dkim`: the record of a key, and the signatures of a message.

pub mod key_file;
mod known;
pub mod lookup;
mod record;
mod verify;

pub use verify::read as read_message;

use super::early_exit::{EarlyExit, Result};
use crate::cli::{DkimAction, DkimArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;

/// Does what was asked for.
pub fn run(args: &DkimArgs) -> ExitStatus {
    let output = Output::new(false, args.json, When::Auto);
    let done = fits(args).and_then(|()| match args.action {
        DkimAction::Record => record::run(args, &output),
        DkimAction::Verify => verify::run(args, &output),
    });
    done.unwrap_or_else(|exit| output.complain(&exit.report()))
}

/// Whether each flag belongs to the action.
fn fits(args: &DkimArgs) -> Result<()> {
    let strays = match args.action {
        DkimAction::Record => [
            (!args.records.is_empty(), "--record"),
            (!args.resolvers.is_empty(), "--resolver"),
            (args.timeout_is_typed, "--timeout"),
            (args.json, "--json"),
        ],
        DkimAction::Verify => [
            (args.selector.is_some(), "--selector"),
            (args.domain.is_some(), "--domain"),
            (false, ""),
            (false, ""),
        ],
    };
    let other = match args.action {
        DkimAction::Record => "verify",
        DkimAction::Verify => "record",
    };
    if let Some((_, flag)) = strays.into_iter().find(|(is_given, _)| *is_given) {
        return Err(EarlyExit::usage(format!("{flag} is for 'ehlo dkim {other}'")));
    }
    if !args.resolvers.is_empty() && !args.records.is_empty() {
        return Err(EarlyExit::usage("--resolver cannot be used with --record, which asks no DNS"));
    }
    Ok(())
}
