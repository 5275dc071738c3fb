//! `ehlo queue show`: all that is known of one message, and all that happened to it.

use super::seen::Seen;
use super::times::{local, short};
use crate::report::text::{labelled, printable};
use crate::report::written::written;
use crate::spool::standing::state_of;
use crate::spool::{Entry, Event, RecipientState, Record, State};
use crate::words;
use serde::Serialize;
use std::fmt::Write as _;

/// The message and each of its recipients.
#[must_use]
pub fn text(seen: &Seen<'_>, columns: Option<usize>) -> String {
    let (entry, state) = (&seen.listed.entry, &seen.listed.state);
    let submission = &entry.submission;
    let mut out = String::new();
    let mut row = |label: &str, value: &str| out += &labelled(label, value, columns);
    row("id", entry.id.as_str());
    row("state", seen.standing().name());
    if let Some(hold) = &state.held {
        row("held", &format!("by {}: {}", words::queue::by(&hold.by), hold.why));
    }
    if let Some(pause) = seen.pause {
        row("paused", &format!("until {}: {}", local(&pause.until), pause.why));
    }
    row("queued", &format!("{}, {} ago", local(&entry.created), short(seen.age())));
    row("by", &format!("{}, user {}, process {}", submission.tool, entry.uid, entry.pid));
    if let Some(id) = &submission.notice_of {
        row("notice of", id.as_str());
    }
    if let Some(account) = seen.account {
        row("account", account);
    }
    let parameters = |parameters: &[ehlo_smtp::parameter::Parameter]| {
        parameters.iter().fold(String::new(), |text, parameter| format!("{text} {}", parameter.as_str()))
    };
    row("sender", &format!("<{}>{}", submission.sender, parameters(&submission.mail)));
    if let Some(id) = &submission.message_id {
        row("message-id", id);
    }
    row("size", &format!("{} octets", entry.facts.octets));
    if let Some(on_unknown) = submission.on_unknown {
        row("on unknown", on_unknown.name());
    }
    if let Some(last) = &state.last_attempt {
        row("attempts", &format!("{}, the last {}", state.attempts, local(last)));
    }
    for notice in &state.notices {
        row("notice", notice.as_str());
    }
    for (given, recipient) in submission.recipients.iter().zip(&state.recipients) {
        let name = state_of(recipient, seen.listed).name();
        row(name, &format!("<{}>{}", given.address, parameters(&given.parameters)));
        if let Some(said) = &recipient.said {
            row("", said);
        }
        if let Some(more) = more(recipient, seen) {
            row("", &more);
        }
    }
    out
}

/// What else is known of a recipient.
fn more(recipient: &RecipientState, seen: &Seen<'_>) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(server) = &recipient.server {
        parts.push(format!("by {server}"));
    }
    match recipient.state {
        State::Deferred { next } | State::Unknown { next: Some(next) } => {
            parts.push(match seen.until(&next).as_str() {
                "now" => "due now".to_owned(),
                time => format!("next try in {time}, {}", local(&next)),
            });
        }
        State::Unknown { next: None } => parts.push("waits for 'ehlo queue retry' or 'delivered'".to_owned()),
        _ => {}
    }
    if recipient.was_unknown {
        parts.push("may get it twice, since it was unknown once whether it arrived".to_owned());
    }
    if recipient.state.is_final() && recipient.state != State::Accepted && !recipient.told {
        parts.push("the sender is still to be told".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// All that happened, a line for each event: when, a TAB, what.
#[must_use]
pub fn log(entry: &Entry, records: &[Record]) -> String {
    let mut out =
        format!("{}\tqueued by {}, user {}\n", local(&entry.created), entry.submission.tool, entry.uid);
    for record in records {
        let what = words::queue::event(&record.event, entry);
        let next = next(&record.event).map_or_else(String::new, |next| format!("; next try {next}"));
        // Writing to a String does not fail.
        let _ = writeln!(out, "{}\t{}{next}", local(&record.at), printable(&what));
    }
    out
}

fn next(event: &Event) -> Option<String> {
    match event {
        Event::Deferred { next, .. } => Some(local(next)),
        Event::Unknown { next, .. } => next.map(|next| local(&next)),
        _ => None,
    }
}

#[derive(Serialize)]
struct Line<'a> {
    version: u8,
    kind: &'static str,
    id: &'a str,
    at: String,
    event: &'static str,
    text: String,
    recipients: Vec<&'a str>,
    next: Option<String>,
}

/// The same as JSON: an object for each event.
#[must_use]
pub fn log_json(entry: &Entry, records: &[Record]) -> String {
    let line = |record: &Record| {
        let (event, places) = name(&record.event);
        let all = &entry.submission.recipients;
        written(&Line {
            version: 1,
            kind: "event",
            id: entry.id.as_str(),
            at: local(&record.at),
            event,
            text: words::queue::event(&record.event, entry),
            recipients: places.iter().filter_map(|place| Some(all.get(*place)?.address.as_str())).collect(),
            next: next(&record.event),
        }) + "\n"
    };
    records.iter().map(line).collect()
}

/// An event in one word, and whom it is about.
fn name(event: &Event) -> (&'static str, &[usize]) {
    match event {
        Event::Attempt { .. } => ("attempt", &[]),
        Event::Dot { places, .. } => ("dot", places),
        Event::Accepted { places, .. } => ("accepted", places),
        Event::Refused { places, .. } => ("refused", places),
        Event::Deferred { places, .. } => ("deferred", places),
        Event::Unknown { places, .. } => ("unknown", places),
        Event::GivenUp { places, .. } => ("given up", places),
        Event::Told { places, .. } => ("told", places),
        Event::Held { .. } => ("held", &[]),
        Event::Released { .. } => ("released", &[]),
        Event::Retry { places, .. } => ("retry", places),
        Event::Removed { places, .. } => ("removed", places),
        Event::HandedOn { .. } => ("handed on", &[]),
        Event::Confirmed { places, .. } => ("delivered", places),
    }
}
