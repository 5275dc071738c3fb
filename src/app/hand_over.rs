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
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::transaction::Status;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// The name of its socket.
const SOCKET: &str = "submit";
/// How long it is tried once the daemon may have the message, and how long before.
const UNTIL_KNOWN: Duration = Duration::from_secs(60);
const UNTIL_TAKEN: Duration = Duration::from_secs(10);
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
pub fn hand_over(
    mut handover: Handover,
    mail: &[Parameter],
    content: &dyn Content,
    output: &Output,
) -> Result<Id> {
    let failed = |text: String| EarlyExit::of(ExitStatus::TEMPORARY, format!("{text}; nothing was queued"));
    let random = getrandom::u32().map_err(|error| failed(format!("there are no random numbers: {error}")))?;
    let id = Id::new(Moment::now().wall, random);
    handover.id = Some(id);
    let envelope = handover.envelope(mail).map_err(|error| {
        let what = match error {
            NotFit::Address(address, error) => format!("'{}': {error}", printable(&address)),
            NotFit::Text(error) => error.to_string(),
        };
        EarlyExit::data(format!("{what}; nothing was queued"))
    })?;
    let socket = place::socket(SOCKET);
    let mut args = SessionArgs::default();
    args.server.server = Some(format!("smtp://{}", socket.display()));
    args.server.named_by = "the socket of the daemon";
    let in_force = configuration::by(None, &args, &[], output)?;
    let mut connect = target::resolve(in_force, &Deviations::default(), output)?;
    let message = MailObject { envelope: &envelope, content, id: None, all_or_none: true };
    let began = Instant::now();
    // Whether the daemon may have it.
    let mut is_unknown = false;
    loop {
        connect.target.patience.whole = Deadline::after(UNTIL_KNOWN.saturating_sub(began.elapsed()));
        let report = Report::of(delivery::deliver(&connect.target, &[], &message, &mut Nobody));
        let fates = || report.outcome.recipients.iter().map(|one| report.outcome.fate(one));
        if fates().all(|fate| fate.status == Status::Accepted) {
            return Ok(id);
        }
        is_unknown |= fates().any(|fate| fate.status == Status::Unknown);
        let refusal = fates().find_map(|fate| fate.reply().filter(|reply| !reply.is_positive()).cloned());
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
            return Err(EarlyExit::of(status, format!("{}; nothing was queued", printable(text))));
        }
        // What this end does not send, such as a message that is larger than the daemon takes.
        if let Some(error) = report.outcome.error()
            && report.exit_status() == ExitStatus::DATA
        {
            let text = words::client_error(error);
            let text = text.strip_suffix("; nothing was sent").unwrap_or(&text);
            return Err(EarlyExit::of(ExitStatus::DATA, format!("{text}; nothing was queued")));
        }
        let patience = if is_unknown { UNTIL_KNOWN } else { UNTIL_TAKEN };
        if began.elapsed() + PAUSE >= patience || interrupt::caught().is_some() {
            let socket = socket.display();
            return Err(match is_unknown {
                true => EarlyExit::of(
                    ExitStatus::TEMPORARY,
                    format!(
                        "the daemon at {socket} did not answer: the message may have been queued as {id}"
                    ),
                ),
                false => failed(format!("the daemon at {socket} does not take the message now")),
            });
        }
        thread::sleep(PAUSE);
    }
}
