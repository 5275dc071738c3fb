//! `ehlo queue run`: the one runner.

use super::super::early_exit::{EarlyExit, Result};
use crate::cli::RunArgs;
use crate::output::Output;
use crate::report::exit::ExitStatus;

/// Sends what is due, or what is named.
pub fn run(_args: &RunArgs, _output: &Output) -> Result<ExitStatus> {
    Err(EarlyExit::of(ExitStatus::TEMPORARY, "not yet"))
}
