//! `ehlo sendmail` (sendmail(8)): programs hand over their messages, and the answer is that they are on the disk.
//!
//! The exit statuses are few on purpose (docs/exit-status.md): 0 is 'queued', and with any other status nothing was
//! queued. Callers read 75 as 'later', and most of the others as 'never'.

mod at_once;
mod deliver;
pub mod desk;
mod hand_over;
pub mod refused;
mod serve;
mod verify;

use super::early_exit::EarlyExit;
use super::queue;
use crate::cli::{SendmailArgs, SendmailMode, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;

/// Does what is asked for, and returns the exit status.
pub fn run(args: &SendmailArgs) -> ExitStatus {
    let output = Output::new(false, false, When::Auto);
    if args.verbose && !args.ignored.is_empty() {
        output.warn(&format!("not known, and passed over: {}", printable(&args.ignored.join(" "))));
    }
    if !args.without_value.is_empty() {
        output.warn(&format!("{}: the value is missing: passed over", args.without_value.join(", ")));
    }
    let done = match args.mode {
        SendmailMode::Deliver => deliver::run(args, &output),
        SendmailMode::Serve => serve::run(args, &output),
        SendmailMode::List => return queue::mailq(&output),
        // There is no database of them.
        SendmailMode::Aliases => Ok(ExitStatus::OK),
        SendmailMode::Verify => verify::run(args),
        SendmailMode::Run => queue::run_all(&output),
    };
    done.unwrap_or_else(|exit: EarlyExit| output.complain(&exit.report()))
}
