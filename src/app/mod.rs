//! The work, one file for each subcommand: what was typed becomes a plan, the plan is carried out, and what came of
//! it is reported. `anyhow` is used here and nowhere else.

#[cfg(feature = "sink")]
mod demands;
mod demo;
mod explain;
mod host;
mod login;
mod people;
mod plan;
mod progress;
mod send;
#[cfg(feature = "sink")]
mod sink;
mod stop;
mod text;

use crate::cli::Invocation;
use crate::report::exit::ExitStatus;

/// Does what was asked for.
#[must_use]
pub fn run(invocation: Invocation) -> ExitStatus {
    match invocation {
        Invocation::Send(args) => send::run(&args),
        Invocation::Explain(args) => explain::run(&args),
        #[cfg(feature = "sink")]
        Invocation::Sink(args) => sink::run(&args),
        #[cfg(feature = "sink")]
        Invocation::Demo(args) => demo::run(&args),
    }
}
