//! `ehlo queue daemon --database URL`: a worker of a queue that many machines share. It takes no messages from
//! programs:
//! that is for the machine that they run on.

use super::super::configuration::Configuration;
use super::super::early_exit::{EarlyExit, Result};
use super::super::queue::accounts::OfConfiguration;
use super::super::queue::database::{self, Named};
use super::super::queue::onlooker::Onlooker;
use super::super::queue::run::settings_of_run;
use super::super::queue::settings::{QueueSettings, SendmailSettings, of_queue, of_sendmail};
use super::super::{caller, log};
use super::notify::Notify;
use crate::cli::QueueArgs;
use crate::mailer::Selection;
use crate::mailer::shared::Worker;
use crate::net::error::plain;
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::SpoolError;

/// Works until a signal ends it. SIGHUP has it read the configuration anew.
pub fn run(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let mut hangup = interrupt::install_for_service().map_err(|error| {
        EarlyExit::of(ExitStatus::TEMPORARY, format!("cannot catch signals: {}", plain(&error)))
    })?;
    let mut notify = Notify::of_environment();
    let mut is_first = true;
    while interrupt::caught().is_none() {
        let read = Configuration::read();
        let Some(named) = database::named(Some(args), read.as_ref().ok(), output)? else {
            return Err(EarlyExit::usage("--database needs a URL"));
        };
        let Named { url, .. } = &named;
        let url = printable(url).to_string();
        let queue = named.queue(String::new())?;
        if is_first {
            // One that cannot be reached now can be later; one that does not let us in is told at once.
            match queue.check() {
                Err(SpoolError::Database { fault, .. }) if fault.passes() => {}
                checked => checked.map_err(|error| database::unusable(&error))?,
            }
            output.say(&format!("works on the queue in {url}, {} messages at once", args.jobs));
            notify.say("READY=1\nSTATUS=sends messages");
            is_first = false;
        } else {
            notify.say("READY=1");
        }
        let configuration = read.as_ref().map_err(|exit| exit.report().text);
        let own = configuration.as_ref().map_or(Ok(QueueSettings::default()), |found| of_queue(found))?;
        let sendmail =
            configuration.as_ref().map_or(Ok(SendmailSettings::default()), |found| of_sendmail(found))?;
        let place = match &configuration {
            Ok(configuration) => log::wanted(Some(configuration), output)?,
            Err(why) => {
                output.warn(&format!("{why}: messages wait until that is mended"));
                None
            }
        };
        let domain = caller::domain(&sendmail);
        let mut accounts = OfConfiguration::new(configuration, &own, domain.clone(), output);
        accounts.is_of_database = true;
        let onlooker = Onlooker::new(output, 0, place);
        let settings = settings_of_run(&own, &sendmail, domain, Selection::Due);
        let worker = Worker::new(&queue, &accounts, &onlooker, &settings, args.jobs);
        let mut is_reloading = false;
        worker
            .run(&mut || {
                notify.alive();
                is_reloading |= hangup.was_rung();
                is_reloading
            })
            .map_err(|error| database::unusable(&error))?;
        if is_reloading {
            notify.say("RELOADING=1");
        }
    }
    notify.say("STOPPING=1");
    Ok(ExitStatus::OK)
}
