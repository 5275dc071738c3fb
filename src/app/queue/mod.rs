//! `ehlo queue`: messages that wait, and what became of them.

pub mod accounts;
mod chosen;
mod deeds;
mod filter;
mod ids;
mod list;
mod mailq;
mod monitor;
mod notices;
mod onlooker;
mod paper;
pub mod place;
pub mod run;
pub mod settings;
mod show;
#[cfg(all(test, feature = "sink"))]
mod tests;
mod view;
pub mod wake;

pub use mailq::mailq;

use super::early_exit::{EarlyExit, Result};
use crate::cli::{QueueAction, QueueArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::{Limits, Spool};

/// Does what was asked for.
pub fn run(args: &QueueArgs) -> ExitStatus {
    let output = Output::new(false, args.json, When::Auto);
    queue(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn queue(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    if args.action == QueueAction::Run {
        return run::run(&args.run(), output);
    }
    let files = place::existing(Limits::default())?;
    if files.as_ref().is_some_and(|files| files.copies_on_write()) {
        output.warn(
            "the queue is on btrfs and copies what it writes: with a full disk an outcome may be lost, and a \
             message sent twice; move the queue away, so that it is made again",
        );
    }
    match (args.action, &files) {
        (QueueAction::Check, files) => {
            monitor::check(files.as_ref().map(|files| files as &dyn Spool), args, output)
        }
        (QueueAction::Metrics, files) => {
            monitor::metrics(files.as_ref().map(|files| files as &dyn Spool), output)
        }
        (QueueAction::List, Some(files)) => list::list(files, files.path(), args, output),
        (QueueAction::Show, Some(files)) => show::show(files, args, output),
        (_, Some(files)) => deeds::all(files, args, output),
        (_, None) => nothing(args, output),
    }
}

/// Where there is no queue yet, it is empty.
fn nothing(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    if args.action != QueueAction::List {
        chosen::check(&filter::Filter::of(args), args)?;
    }
    if let Some(id) = args.ids.first() {
        let text = format!("there is no message '{}' in the queue", printable(id));
        return Err(EarlyExit::of(ExitStatus::NO_INPUT, text));
    }
    if !output.json {
        output.say(list::EMPTY);
    }
    Ok(ExitStatus::OK)
}
