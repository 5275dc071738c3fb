//! The work, one file for each subcommand: what was typed becomes a plan, the plan is carried out, and what
//! came of it is reported. `anyhow` is used here and nowhere else.

mod account;
mod caller;
mod check;
mod clock;
mod completions;
mod configuration;
#[cfg(feature = "console")]
mod console;
mod daemon;
mod demands;
#[cfg(feature = "sink")]
mod demo;
mod dkim;
mod early_exit;
#[cfg(feature = "sink")]
mod every_domain;
mod explain;
mod hand_over;
mod host;
mod lists;
mod log;
mod login;
mod message_out;
mod misplaced;
mod oauth;
mod pace;
mod peer;
mod people;
mod plan;
mod probe;
mod progress;
mod queue;
mod resolver;
mod secret_file;
mod secrets;
mod send;
mod sendmail;
mod signing;
#[cfg(feature = "sink")]
mod sink;
mod standard_input;
mod state;
mod stop_after;
mod target;
mod test_message;
mod text;
mod tlsrpt;
mod to_queue;
mod transcript_file;
mod verify;

use crate::cli::{self, Exit, Invocation};
use crate::net::interrupt;
use crate::output;
use crate::report::exit::ExitStatus;
use std::ffi::OsString;

/// Reads the command line.
///
/// # Errors
/// [`Exit`]: there is nothing to run; it fits the terminal that it is for.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Invocation, Exit> {
    cli::parse(args).map_err(output::fitted)
}

/// Does what was asked for.
#[must_use]
pub fn run(invocation: Invocation) -> ExitStatus {
    // Without it a limit on the size of files can end a run halfway. That is no reason not to begin.
    let _ = interrupt::outlive_full_files();
    match invocation {
        Invocation::Send(args) => send::run(&args),
        Invocation::Explain(args) => explain::run(&args),
        Invocation::Account(args) => account::run(&args),
        Invocation::Dkim(args) => dkim::run(&args),
        Invocation::Tlsrpt(args) => tlsrpt::run(&args),
        Invocation::Queue(args) if args.action == cli::QueueAction::Daemon => daemon::run(&args),
        Invocation::Queue(args) => queue::run(&args),
        Invocation::Sendmail(args) => sendmail::run(&args),
        Invocation::Verify(args) => verify::run(&args),
        Invocation::Probe(args) => probe::run(&args),
        Invocation::Check(args) => check::run(&args),
        #[cfg(feature = "console")]
        Invocation::Console(args) => console::run(&args),
        #[cfg(feature = "sink")]
        Invocation::Sink(args) => sink::run(&args),
        #[cfg(feature = "sink")]
        Invocation::Demo(args) => demo::run(&args),
        Invocation::Completions(args) => completions::run(&args),
    }
}
