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
use crate::spool::files::Files;
use crate::spool::of_user::OfUser;
use crate::spool::{Limits, Spool};
use machine::Which;

/// Does what was asked for.
pub fn run(args: &QueueArgs) -> ExitStatus {
    let output = Output::new(false, args.json, When::Auto);
    queue(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn queue(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    match machine::which(args)? {
        Which::Own => here(args, output),
        Which::Machines => machine::as_typed(),
        Which::Both => {
            if !output.json {
                output.say("your own queue:");
            }
            let own = here(args, output)?;
            if !output.json {
                output.say("the queue of this machine:");
            }
            let machines = machine::as_typed()?;
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
    let of_user = only_of.zip(files.as_ref()).map(|(uid, files)| OfUser::new(files, uid));
    if of_user.is_none() && files.as_ref().is_some_and(Files::copies_on_write) {
        output.warn(
            "the queue is on btrfs and copies what it writes: with a full disk an outcome may be lost, and a \
             message sent twice; move the queue away, so that it is made again",
        );
    }
    let all = files.as_ref().map(|files| files as &dyn Spool);
    let spool = of_user.as_ref().map(|spool| spool as &dyn Spool).or(all);
    match (args.action, spool, &files) {
        (QueueAction::Check, spool, _) => monitor::check(spool, args, output),
        (QueueAction::Metrics, spool, _) => monitor::metrics(spool, output),
        (QueueAction::List, Some(spool), Some(files)) => list::list(spool, files.path(), args, output),
        (QueueAction::Show, Some(spool), _) => show::show(spool, args, output),
        (_, Some(spool), _) => deeds::all(spool, args, output),
        (_, None, _) => nothing(args, output),
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
