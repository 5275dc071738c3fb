//! `ehlo demo`: the real client against the built-in sink, over loopback. The report is on stdout as always, and all the talk
//! about it on stderr.

mod mx;
mod stage;
mod std10;

use crate::cli::{Demo, DemoArgs};
use crate::output::Output;
use crate::report::exit::ExitStatus;

/// Plays it, and returns the exit status: 0 if it went as it should.
pub fn run(args: &DemoArgs) -> ExitStatus {
    let output = Output::new(false, false, args.color);
    match args.demo {
        Demo::Std10 => std10::run(&output),
        Demo::Mx => mx::run(&output),
    }
}
