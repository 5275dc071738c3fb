//! A message is handed over to the daemon of this machine, through its socket (mailer::handover).
//!
//! The identifier is made here. So a message of which nobody knows whether it was taken, since the daemon ended behind
//! the last octet, is handed over once more, and is queued once.
#![allow(clippy::disallowed_types, reason = "the time in which it must be taken")]

use super::configuration;
use super::early_exit::{EarlyExit, Result};
use super::queue::place;
use super::target::{self, Deviations};
use crate::cli::SessionArgs;
use crate::client::observer::Nobody;
use crate::delivery::{self, MailObject};
use crate::mailer::handover::{Handover, NotFit};
use crate::net::{Deadline, interrupt};
use crate::output::Output;
use crate::report::Report;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::{Id, Moment};
use crate::words;
use ehlo_smtp::content::Content;
use ehlo_smtp::transaction::Status;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// The name of its socket.
const SOCKET: &str = "submit";
/// How long it is tried once the daemon may have the message, how long before, and how long it may be on its way.
const UNTIL_KNOWN: Duration = Duration::from_secs(60);
const UNTIL_TAKEN: Duration = Duration::from_secs(10);
const UNTIL_SENT: Duration = Duration::from_secs(3600);
/// How long to wait before it is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// Whether this machine has a daemon that takes messages.
#[must_use]
pub fn is_possible() -> bool {
    !place::is_machines() && place::socket(SOCKET).exists()
}

/// Whether it is to have one, which need not run now: a user without an account has nothing else that sends mail.
#[must_use]
pub fn is_expected() -> bool {
    is_possible()
        || (!place::is_machines() && place::has_usual_sockets() && Path::new(place::MACHINES).is_dir())
}

/// Hands a message over, and returns its identifier in the daemon's queue.
pub fn hand_over(mut handover: Handover, content: &dyn Content, output: &Output) -> Result<Id> {
    let failed = |text: String| EarlyExit::of(ExitStatus::TEMPORARY, format!("{text}; nothing was queued"));
    let random = getrandom::u32().map_err(|error| failed(format!("there are no random numbers: {error}")))?;
    let id = Id::new(Moment::now().wall, random);
    handover.id = Some(id);
    let socket = place::socket(SOCKET);
    let mut args = SessionArgs::default();
    args.server.server = Some(format!("smtp://{}", socket.display()));
    args.server.named_by = "the socket of the daemon";
    let in_force = configuration::by(None, &args, &[], output)?;
    let mut connect = target::resolve(in_force, &Deviations::default(), output)?;
    connect.target.patience.connect = UNTIL_TAKEN;
    connect.target.patience.each = Some(UNTIL_KNOWN);
    connect.target.patience.message = UNTIL_KNOWN;
    let began = Instant::now();
    // Since when the daemon may have it.
    let mut unknown: Option<Instant> = None;
    loop {
        handover.again = unknown.is_some();
        let envelope = handover.envelope().map_err(|error| {
            let what = match error {
                NotFit::Address(address, error) => format!("'{}': {error}", printable(&address)),
                NotFit::Text(error) => error.to_string(),
            };
            EarlyExit::data(format!("{what}; nothing was queued"))
        })?;
        let message = MailObject { envelope: &envelope, content, id: None, all_or_none: true };
        // A message that is on its way may take its time; it is the answer that is waited for.
        connect.target.patience.whole = match unknown {
            None => Deadline::after(UNTIL_SENT),
            Some(since) => Deadline::after(UNTIL_KNOWN.saturating_sub(since.elapsed())),
        };
        let report = Report::of(delivery::deliver(&connect.target, &[], &message, &mut Nobody));
        let statuses: Vec<Status> =
            report.outcome.recipients.iter().map(|one| report.outcome.fate(one).status).collect();
        if statuses.iter().all(|status| *status == Status::Accepted) {
            return Ok(id);
        }
        if statuses.contains(&Status::Unknown) {
            unknown.get_or_insert_with(Instant::now);
        }
        let is_over = |since: Instant, patience| since.elapsed() + PAUSE >= patience;
        let (refused, is_interrupted) = (refused(&report), interrupt::caught().is_some());
        let socket = socket.display();
        match (unknown, refused) {
            // A refusal may be about something that has changed since.
            (Some(since), refused) if refused.is_some() || is_interrupted || is_over(since, UNTIL_KNOWN) => {
                let text = format!(
                    "the daemon at {socket} did not answer: the message may have been queued as {id}"
                );
                return Err(EarlyExit::of(ExitStatus::TEMPORARY, text));
            }
            (None, Some((status, text))) => {
                return Err(EarlyExit::of(status, format!("{text}; nothing was queued")));
            }
            (None, None) if is_interrupted || is_over(began, UNTIL_TAKEN) => {
                return Err(failed(format!("the daemon at {socket} does not take the message now")));
            }
            _ => thread::sleep(PAUSE),
        }
    }
}

/// Why the daemon does not take it, if it said so; or what this end does not send, such as a message that is larger
/// than the daemon takes.
fn refused(report: &Report) -> Option<(ExitStatus, String)> {
    let mut fates = report.outcome.recipients.iter().map(|one| report.outcome.fate(one));
    let refusal = fates.find_map(|fate| fate.reply().filter(|reply| !reply.is_positive()).cloned());
    if let Some(reply) = refusal.filter(|reply| reply.code() != 421) {
        let said = reply.joined();
        let (code, text) = match reply.enhanced() {
            Some(_) => said.split_once(' ').unwrap_or((&said, "")),
            None => ("", said.as_str()),
        };
        let status = match (reply.code(), code) {
            (_, "5.7.1") => ExitStatus::NO_PERMISSION,
            (500.., _) => ExitStatus::DATA,
            _ => ExitStatus::TEMPORARY,
        };
        let text = text.strip_prefix("the message was not queued: ").unwrap_or(text);
        return Some((status, printable(text)));
    }
    let error = report.outcome.error().filter(|_| report.exit_status() == ExitStatus::DATA)?;
    let text = words::client_error(error);
    Some((ExitStatus::DATA, text.strip_suffix("; nothing was sent").unwrap_or(&text).to_owned()))
}
