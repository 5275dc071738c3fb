//! `ehlo queue`: messages that wait, and what became of them.

mod accounts;
mod ids;
mod notices;
mod onlooker;
pub mod place;
pub mod run;
pub mod settings;

use super::early_exit::{EarlyExit, Result};
use crate::cli::{QueueAction, QueueArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;

/// Does what was asked for.
pub fn run(args: &QueueArgs) -> ExitStatus {
    let output = Output::new(false, args.json, When::Auto);
    queue(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn queue(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    match args.action {
        QueueAction::Run => run::run(&args.run(), output),
        _ => Err(EarlyExit::of(ExitStatus::TEMPORARY, "not yet")),
    }
}
