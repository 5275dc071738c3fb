//! `-bv`: are these addresses accepted? By the account's server, without a message.

use super::super::early_exit::{EarlyExit, Result};
use super::super::verify;
use crate::cli::{SendmailArgs, VerifyArgs};
use crate::report::exit::ExitStatus;

/// Asks, and returns the exit status.
pub fn run(args: &SendmailArgs) -> Result<ExitStatus> {
    if args.recipients.is_empty() {
        return Err(EarlyExit::usage("-bv needs an address"));
    }
    let mut asked = VerifyArgs::default();
    asked.session.server.account.clone_from(&args.account);
    asked.asked.addresses.clone_from(&args.recipients);
    Ok(verify::run(&asked))
}
