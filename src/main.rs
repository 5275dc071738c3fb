//! `ehlo`: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    match ehlo::parse(std::env::args_os()) {
        Ok(invocation) => ExitCode::from(ehlo::run(invocation).0),
        Err(exit) => ExitCode::from(exit.print()),
    }
}
