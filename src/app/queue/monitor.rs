//! `ehlo queue check` and `ehlo queue metrics`: the queue in numbers.

use super::super::early_exit::{EarlyExit, Result};
use super::place;
use super::view::View;
use crate::cli::QueueArgs;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::queue::{self, Limits, Tally};
use crate::spool::Spool;
use std::ops::ControlFlow;

/// Whether anything is over a limit.
pub fn check(spool: Option<&dyn Spool>, args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let limits = Limits {
        age: args.max_age,
        unknown: args.max_unknown,
        waiting: args.max_waiting,
        failed: args.max_failed,
    };
    let tally = tally(spool)?;
    let (text, status) = queue::check(&tally, &queue::findings(&tally, &limits), output.json);
    output.data(&text).map_err(|error| EarlyExit::io(error, "cannot write".to_owned()))?;
    Ok(status)
}

/// The numbers.
pub fn metrics(spool: Option<&dyn Spool>, output: &Output) -> Result<ExitStatus> {
    let text = queue::metrics(&tally(spool)?);
    output.data(&text).map_err(|error| EarlyExit::io(error, "cannot write the metrics".to_owned()))?;
    Ok(ExitStatus::OK)
}

fn tally(spool: Option<&dyn Spool>) -> Result<Tally> {
    let Some(spool) = spool else { return Ok(Tally::default()) };
    let view = View::of(spool)?;
    let apart = spool.apart().map_err(|error| place::unusable(&error))?;
    let mut tally = Tally::of(&apart, view.pauses().to_vec());
    let mut each = |_: &_, listed| {
        match listed {
            Ok(listed) => tally.count(&view.seen(&view.known(listed))),
            Err(_) => tally.unreadable += 1,
        }
        ControlFlow::Continue(())
    };
    spool.visit(&mut each).map_err(|error| place::unusable(&error))?;
    Ok(tally)
}
