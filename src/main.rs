//! `ehlo`: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    match ehlo::cli::parse(std::env::args_os()) {
        Ok(_invocation) => ExitCode::SUCCESS,
        Err(exit) => ExitCode::from(exit.print()),
    }
}
