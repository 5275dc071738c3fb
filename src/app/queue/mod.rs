//! `ehlo queue`: messages that wait, and what became of them.

pub mod accounts;
mod chosen;
#[cfg(feature = "postgres")]
pub mod database;
mod deeds;
mod filter;
#[cfg(feature = "postgres")]
mod forward;
mod ids;
#[cfg(feature = "postgres")]
mod init;
mod list;
pub mod machine;
mod mailq;
mod monitor;
#[cfg(not(feature = "postgres"))]
mod no_database;
mod notices;
pub mod onlooker;
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
#[cfg(not(feature = "postgres"))]
pub use no_database::MISSING;

use super::configuration::Configuration;
use super::early_exit::{EarlyExit, Result};
use crate::cli::{QueueAction, QueueArgs, RunArgs, When};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
#[cfg(feature = "postgres")]
use crate::spool::both::Both;
use crate::spool::files::Files;
#[cfg(feature = "postgres")]
use crate::spool::files::Real;
use crate::spool::of_user::OfUser;
#[cfg(feature = "postgres")]
use crate::spool::postgres::Database;
use crate::spool::{Limits, Spool};
use machine::Which;
use std::path::Path;

/// Does what was asked for.
pub fn run(args: &QueueArgs) -> ExitStatus {
    let output = Output::new(false, args.json, When::Auto);
    queue(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn queue(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    if args.action == QueueAction::Init {
        return make(args, output);
    }
    if args.database.is_some() {
        if place::is_errand() {
            return Err(EarlyExit::usage("--database is not for the queue of this machine"));
        }
        return in_database(args, output);
    }
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
    #[cfg(feature = "postgres")]
    if let Some(far) = database_behind(args, files.as_ref(), output)? {
        let of_user = only_of.map(|uid| OfUser::new(&far, uid));
        let far = of_user.as_ref().map_or(&far as &dyn Spool, |spool| spool);
        let both = spool.map(|near| Both::new(near, far));
        let spool = both.as_ref().map_or(far, |both| both);
        return with(Some(spool), files.as_ref().map(Files::path), args, output);
    }
    #[cfg(not(feature = "postgres"))]
    no_database::refuse(None, Configuration::read().ok().as_ref())?;
    with(spool, files.as_ref().map(Files::path), args, output)
}

/// Does it with this queue, whose files are in this folder, if it has any.
fn with(
    spool: Option<&dyn Spool>,
    folder: Option<&Path>,
    args: &QueueArgs,
    output: &Output,
) -> Result<ExitStatus> {
    match (args.action, spool) {
        (QueueAction::Check, spool) => monitor::check(spool, args, output),
        (QueueAction::Metrics, spool) => monitor::metrics(spool, output),
        (QueueAction::List, Some(spool)) => list::list(spool, folder, args, output),
        (QueueAction::Show, Some(spool)) => show::show(spool, args, output),
        (_, Some(spool)) => deeds::all(spool, args, output),
        (_, None) => nothing(args, output),
    }
}

/// Does it with the database that is named.
#[cfg(feature = "postgres")]
fn in_database(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let configuration = Configuration::read().ok();
    let Some(named) = database::named(Some(args), configuration.as_ref(), output)? else {
        return Err(EarlyExit::usage("no database is named"));
    };
    let database = database::answering(named, String::new())?;
    with(Some(&database), None, args, output)
}

#[cfg(not(feature = "postgres"))]
fn in_database(args: &QueueArgs, _: &Output) -> Result<ExitStatus> {
    no_database::refuse(Some(args), None)?;
    Err(EarlyExit::usage(no_database::MISSING))
}

/// Makes a queue in a database.
#[cfg(feature = "postgres")]
fn make(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    init::init(args, output)
}

#[cfg(not(feature = "postgres"))]
fn make(_: &QueueArgs, _: &Output) -> Result<ExitStatus> {
    Err(EarlyExit::usage(no_database::MISSING))
}

/// The database that what is in these files is handed on to, if the configuration names one. In a queue of a machine,
/// a user sees there what came from this machine.
#[cfg(feature = "postgres")]
fn database_behind(
    args: &QueueArgs,
    files: Option<&Files<Real>>,
    output: &Output,
) -> Result<Option<Database>> {
    let configuration = Configuration::read().ok();
    let Some(named) = database::named(Some(args), configuration.as_ref(), output)? else { return Ok(None) };
    let origin = match files {
        Some(files) => files.origin().map_err(|error| place::unusable(&error))?,
        None => String::new(),
    };
    let mut database = database::answering(named, origin)?;
    if place::only_of().is_some() {
        database.only_own();
    }
    Ok(Some(database))
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
