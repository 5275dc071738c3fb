//! `ehlo queue hold`, `release`, `retry`, `remove`, `delivered`: somebody decides about messages.
//!
//! Each message is claimed, so that nobody sends it meanwhile, and each decision is kept before it is told. One
//! that is being sent keeps nobody from deciding about the others.

use super::super::early_exit::{EarlyExit, Result};
use super::chosen::{Chosen, chosen};
use super::filter::Filter;
use super::place;
use super::show::status_of;
use super::view::View;
use crate::cli::{QueueAction, QueueArgs};
use crate::mailer::settle::settle_doubt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::queue::Done;
use crate::report::text::printable;
use crate::spool::journal::Places;
use crate::spool::{Claim, Event, Id, Spool, SpoolError, State};
use crate::words;
use std::io::{self, IsTerminal};

/// Does it to all that are meant, and tells of each.
pub fn all(spool: &dyn Spool, args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let (view, filter) = (View::of(spool)?, Filter::of(args));
    let Chosen { ids, missing } = chosen(spool, &view, &filter, args)?;
    let is_named = !args.ids.is_empty();
    if args.action == QueueAction::Remove && !is_named && ids.len() > 1 && !args.yes {
        confirm(ids.len(), output)?;
    }
    if ids.is_empty() && missing.is_empty() && !output.json {
        output.say(if filter.is_empty() { super::list::EMPTY } else { "no message fits" });
    }
    let mut status = ExitStatus::OK;
    let action = args.action.name();
    for text in missing {
        status = ExitStatus::NO_INPUT;
        match output.json {
            true => tell(&Done::not("", action, text), output)?,
            false => output.say(&text),
        }
    }
    let deeds = Deeds { view: &view, filter: &filter, args, by: place::by().to_string() };
    for id in &ids {
        let done = match deeds.one(spool, id) {
            Ok(Outcome::So(text)) => Done::so(id, action, text),
            // Where none was named, those are meant with which it can be done.
            Ok(Outcome::Not(_)) if !is_named => continue,
            Ok(Outcome::Not(text)) => {
                status = worse(status, ExitStatus::UNAVAILABLE);
                Done::not(id.as_str(), action, text)
            }
            Err(error) => {
                status = worse(status, status_of(&error));
                Done::not(id.as_str(), action, words::queue::error(&error))
            }
        };
        tell(&done, output)?;
    }
    Ok(status)
}

/// What makes sense to try again goes before what does not; else the first counts.
fn worse(one: ExitStatus, other: ExitStatus) -> ExitStatus {
    if one == ExitStatus::OK || other == ExitStatus::TEMPORARY { other } else { one }
}

fn tell(done: &Done, output: &Output) -> Result<()> {
    let text = match (output.json, done.is_so()) {
        (true, _) => done.json(),
        (false, true) => done.line(output.columns),
        (false, false) => {
            output.say(done.why());
            return Ok(());
        }
    };
    output.data(&text).map_err(|error| EarlyExit::io(error, "cannot write".to_owned()))
}

/// Asks whether so many are to be removed.
fn confirm(count: usize, output: &Output) -> Result<()> {
    if !io::stdin().is_terminal() || !output.can_ask() {
        let text = format!("this would remove {count} messages: add --yes if that is what you want");
        return Err(EarlyExit::usage(text));
    }
    output.say(&format!("remove {count} messages? type yes or no"));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    match (read, answer.trim().to_ascii_lowercase().as_str()) {
        (Ok(_), "y" | "yes") => Ok(()),
        _ => Err(EarlyExit::of(ExitStatus::TEMPORARY, "nothing was removed")),
    }
}

/// What came of it.
enum Outcome {
    /// It is so now.
    So(String),
    /// It cannot be done, for this reason.
    Not(String),
}

/// What is to be done.
struct Deeds<'a> {
    view: &'a View,
    filter: &'a Filter,
    args: &'a QueueArgs,
    by: String,
}

impl Deeds<'_> {
    fn one(&self, spool: &dyn Spool, id: &Id) -> std::result::Result<Outcome, SpoolError> {
        let mut claim = spool.claim(id)?;
        // Whoever had it vanished while it was sent: that comes first.
        settle_doubt(claim.as_mut(), |entry| self.view.next_unknown(entry))?;
        let event = match self.event(claim.as_ref()) {
            Ok(Some(event)) => event,
            Ok(None) => return Ok(Outcome::So(self.is_so_already(claim.as_ref()))),
            Err(why) => return Ok(Outcome::Not(format!("message {id} {why}"))),
        };
        let text = self.text(&event, claim.as_ref());
        claim.record(&[event], true)?;
        if claim.state().is_settled() {
            claim.finish()?;
        }
        Ok(Outcome::So(text))
    }

    /// What to write down; nothing where it is so already. Else why it cannot be.
    fn event(&self, claim: &dyn Claim) -> std::result::Result<Option<Event>, String> {
        let state = claim.state();
        let by = self.by.clone();
        match self.args.action {
            QueueAction::Hold if state.held.is_some() => Ok(None),
            QueueAction::Hold => Ok(Some(Event::Held { by, why: "by hand".to_owned() })),
            QueueAction::Release if state.held.is_none() => {
                Err("is not held: 'ehlo queue retry' makes it due".to_owned())
            }
            QueueAction::Release => Ok(Some(Event::Released { by })),
            QueueAction::Retry if state.held.is_some() => {
                Err("is held: 'ehlo queue release' makes it due".to_owned())
            }
            QueueAction::Retry => {
                let places = self
                    .places(claim, |state| matches!(state, State::Deferred { .. } | State::Unknown { .. }));
                let is_due = state.recipients.iter().any(|one| one.state == State::Queued);
                match (places.is_empty(), is_due) {
                    (false, _) => Ok(Some(Event::Retry { places, by })),
                    (true, true) => Ok(None),
                    (true, false) => Err("has nobody who waits for it".to_owned()),
                }
            }
            QueueAction::Remove => {
                let places = self.places(claim, |state| !state.is_final());
                let tell = self.args.notify && !claim.entry().submission.sender.is_empty();
                match places.is_empty() {
                    false => Ok(Some(Event::Removed { places, by, tell })),
                    true => Err("has nobody who waits for it: the next run tells its sender".to_owned()),
                }
            }
            _ => {
                let places = self.places(claim, |state| matches!(state, State::Unknown { .. }));
                match places.is_empty() {
                    false => Ok(Some(Event::Confirmed { places, by })),
                    true => Err("is not unknown: the server said what became of it".to_owned()),
                }
            }
        }
    }

    /// The places of those in such a state who are meant.
    fn places(&self, claim: &dyn Claim, is: fn(State) -> bool) -> Places {
        let states = claim.state().recipients.iter().enumerate();
        let wanted = states.filter(|(_, recipient)| is(recipient.state)).map(|(place, _)| place);
        wanted.filter(|place| self.filter.is_meant(claim.entry(), *place)).collect()
    }

    fn is_so_already(&self, claim: &dyn Claim) -> String {
        match &claim.state().held {
            Some(hold) => format!("held already, by {}: {}", words::queue::by(&hold.by), hold.why),
            None => "due already".to_owned(),
        }
    }

    /// What is told of it.
    fn text(&self, event: &Event, claim: &dyn Claim) -> String {
        let entry = claim.entry();
        let of = |places: &Places| match (places.as_slice(), claim.state().waiting().len()) {
            (places, waiting) if places.len() == waiting => String::new(),
            ([place], _) => {
                let one = entry.submission.recipients.get(*place).map_or("", |one| one.address.as_str());
                format!(" for {one}")
            }
            (places, waiting) => format!(" for {} of {waiting} recipients", places.len()),
        };
        match event {
            Event::Held { .. } => "held".to_owned(),
            Event::Released { .. } => "released: the next run sends it".to_owned(),
            Event::Retry { places, .. } => format!("due now{}", of(places)),
            Event::Removed { places, tell: true, .. } => {
                let sender = printable(&entry.submission.sender);
                format!("removed{}; the next run tells {sender}", of(places))
            }
            Event::Removed { places, .. } => format!("removed{}", of(places)),
            Event::Confirmed { places, .. } => format!("taken as delivered{}", of(places)),
            _ => String::new(),
        }
    }
}
