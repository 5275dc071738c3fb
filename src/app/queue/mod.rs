//! `ehlo queue`: messages that wait, and what became of them.

pub mod accounts;
mod chosen;
mod deeds;
mod filter;
mod ids;
mod list;
pub mod machine;
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
use crate::cli::{QueueAction, QueueArgs, RunArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::of_user::OfUser;
use crate::spool::{Limits, Spool};
use machine::Which;

/// Does what was asked for.
pub fn run(args: &QueueArgs) -> ExitStatus {
    let output = Output::new(false, args.json, When::Auto);
    queue(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn queue(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let of_machine = || machine::as_typed();
    match machine::which(args)? {
        Which::Own => here(args, output),
        Which::Machines => of_machine(),
        Which::Both => {
            if !output.json {
                output.say("your own queue:");
            }
            let own = here(args, output)?;
            if !output.json {
                output.say("the queue of this machine:");
            }
            let machines = of_machine()?;
            Ok(if own == ExitStatus::OK { machines } else { own })
        }
    }
}

/// Sends what waits in the user's own queue, and in that of this machine.
pub fn run_all(output: &Output) -> Result<ExitStatus> {
    let own = run::run(&RunArgs::default(), output)?;
    if !machine::is_there() {
        return Ok(own);
    }
    let machines = machine::errand(vec![QueueAction::Run.name().to_owned()])?;
    Ok(if own == ExitStatus::OK { machines } else { own })
}

/// Does it with the queue that is at hand.
fn here(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let only_of = place::only_of();
    if args.action == QueueAction::Run {
        match only_of {
            None => return run::run(&args.run(), output),
            // The runner is the machine's: what is asked for is due, and it is woken when this has ended.
            Some(_) if args.ids.is_empty() && !args.all && args.account.is_none() => {
                output.say("the daemon sends what is due");
                return Ok(ExitStatus::OK);
            }
            Some(_) => {
                let mut retry = args.clone();
                retry.action = QueueAction::Retry;
                return here(&retry, output);
            }
        }
    }
    let files = place::existing(Limits::default())?;
    if let (Some(uid), Some(files)) = (only_of, &files) {
        let spool = OfUser::new(files, uid);
        return match args.action {
            QueueAction::Check => monitor::check(Some(&spool), args, output),
            QueueAction::Metrics => monitor::metrics(Some(&spool), output),
            QueueAction::List => list::list(&spool, files.path(), args, output),
            QueueAction::Show => show::show(&spool, args, output),
            _ => deeds::all(&spool, args, output),
        };
    }
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
