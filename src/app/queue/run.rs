//! `ehlo queue run`: sends what waits (the work: [`crate::mailer::run`]).

use super::super::configuration::Configuration;
use super::super::early_exit::{EarlyExit, Result};
use super::super::{caller, host, log};
use super::accounts::OfConfiguration;
use super::onlooker::Onlooker;
use super::settings::{BounceTo, QueueSettings, SendmailSettings, of_queue, of_sendmail};
use super::{notices, place};
use crate::cli::RunArgs;
use crate::mailer::settle::{Addressee, Notices};
use crate::mailer::{Runner, Selection, Settings};
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::run::Tally;
use crate::spool::{Spool, SpoolError};
use crate::words;
use ehlo_smtp::path::Domain;

/// Sends what waits, and returns the exit status.
pub fn run(args: &RunArgs, output: &Output) -> Result<ExitStatus> {
    // Taken apart field by field, so that the compiler names a flag that nobody reads.
    let RunArgs { ids, account, all, no_wait, background, verbose } = args;
    if *background {
        // Whoever started it may leave its session, and nobody there is to be disturbed.
        let _ = rustix::process::setsid();
    }
    // A broken configuration stops the accounts, and no more: whoever waits too long is given up all the same.
    let read = Configuration::read();
    let configuration = read.as_ref().map_err(|exit| exit.report().text);
    let settings = configuration.as_ref().map_or(Ok(QueueSettings::default()), |found| of_queue(found))?;
    let log = match &configuration {
        Ok(configuration) => log::wanted(Some(configuration), output)?,
        Err(_) => None,
    };
    let log = log.or_else(|| if place::is_machines() { log::usual() } else { None });
    let Some(spool) = place::existing(settings.limits)? else {
        return done(output, Tally::default(), None);
    };
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let Some(turn) = turn(&spool, *background, *no_wait, output)? else { return Ok(ExitStatus::OK) };
    #[cfg(feature = "postgres")]
    if let Some(named) = super::database::named(None, read.as_ref().ok(), output)? {
        let onlooker = Onlooker::new(output, *verbose, log);
        let done = super::forward::run(&spool, named, *background, &onlooker, output);
        drop(turn);
        return done;
    }
    #[cfg(not(feature = "postgres"))]
    super::no_database::refuse(None, read.as_ref().ok())?;
    let sendmail =
        configuration.as_ref().map_or(Ok(SendmailSettings::default()), |found| of_sendmail(found))?;
    let domain = caller::domain(&sendmail);
    let mut accounts = OfConfiguration::new(configuration, &settings, domain.clone(), output);
    // Dialogues that go on at once could not be told apart.
    accounts.one_connection = *verbose > 0;
    let onlooker = Onlooker::new(output, *verbose, log);
    let selection = match (account, *all, ids.as_slice()) {
        (Some(account), ..) => Selection::Account(account.clone()),
        (None, true, _) => Selection::All,
        (None, false, []) if *background => Selection::Due,
        (None, false, []) => Selection::Now,
        (None, false, ids) => Selection::These(super::ids::of(&spool, ids)?.into_iter().collect()),
    };
    let settings = settings_of_run(&settings, &sendmail, domain, selection);
    let runner = Runner::new(&spool, &accounts, &onlooker, &settings);
    let ran = run_all(&runner, &spool, turn);
    drop(runner);
    let error = ran.err().map(|error| words::queue::error(&error));
    done(output, onlooker.tally(), error)
}

/// How a run goes, by the configuration.
pub fn settings_of_run(
    settings: &QueueSettings,
    sendmail: &SendmailSettings,
    domain: Option<Domain>,
    selection: Selection,
) -> Settings {
    let host =
        host::full_name().map_or_else(|| String::from("localhost.invalid"), |name| name.as_str().to_owned());
    let (aliases, _) = caller::aliases(&sendmail.aliases);
    let to = addressee(settings.bounce_to, domain.as_ref(), &host);
    let notices = Notices { to, host, aliases, domain };
    Settings {
        schedule: settings.schedule.clone(),
        on_unknown: settings.on_unknown,
        keep_failed: settings.keep_failed,
        selection,
        notices,
        has_several_users: place::is_machines(),
    }
}

/// Runs it until nothing more is due. Whoever submits a message starts a runner only where there is none: what came
/// while this one was leaving is looked at by this one, too, and so is what somebody made due meanwhile.
pub(super) fn run_all(
    runner: &Runner<'_>,
    spool: &impl Spool,
    turn: Box<dyn Send>,
) -> std::result::Result<(), SpoolError> {
    let mut turn = Some(turn);
    while let Some(held) = turn.take() {
        runner.run()?;
        drop(held);
        runner.look_again()?;
        let is_left = interrupt::caught().is_none() && spool.ids()?.iter().any(|id| !runner.has_seen(id));
        if is_left {
            turn = spool.run_alone(false)?;
        }
    }
    Ok(())
}

/// The right to run it; nothing where another process does and is not waited for.
fn turn(
    spool: &impl Spool,
    background: bool,
    no_wait: bool,
    output: &Output,
) -> Result<Option<Box<dyn Send>>> {
    let failed = |error| place::unusable(&error);
    if let Some(turn) = spool.run_alone(false).map_err(failed)? {
        return Ok(Some(turn));
    }
    if background || no_wait {
        if !background && !output.quiet {
            output.say("another run is at work, and sends what is due");
        }
        return Ok(None);
    }
    if !output.quiet {
        output.say("another run is at work: waiting for its end");
    }
    spool.run_alone(true).map_err(failed)
}

/// The report.
fn done(output: &Output, tally: Tally, error: Option<String>) -> Result<ExitStatus> {
    let status = match &error {
        Some(_) => ExitStatus::TEMPORARY,
        None => tally.exit_status(),
    };
    if output.json {
        output
            .data(&(tally.json(status, error) + "\n"))
            .map_err(|error| EarlyExit::io(error, "cannot write the report".to_owned()))?;
    }
    Ok(status)
}

/// Who gets the notices.
fn addressee(to: BounceTo, domain: Option<&Domain>, host: &str) -> Addressee {
    match to {
        BounceTo::Sender => Addressee::Sender,
        BounceTo::Postmaster => {
            let domain = domain.map_or(host, Domain::as_str);
            Addressee::Address(format!("postmaster@{domain}"))
        }
        BounceTo::Mbox => Addressee::Sink(Box::new(notices::append)),
        BounceTo::Log => Addressee::Sink(Box::new(|_| Ok(()))),
    }
}
