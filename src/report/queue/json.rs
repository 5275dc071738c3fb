//! `ehlo queue list` and `show` as JSON, version 1 (docs/json.md): an object on each line. Fields are added, never
//! taken away, while the version stays.

use super::seen::Seen;
use super::times::local;
use crate::report::written::written;
use crate::spool::standing::state_of;
use crate::spool::{Apart, Id, Moment, Pause, SpoolError, State};
use crate::words;
use serde::Serialize;

#[derive(Serialize)]
struct Message<'a> {
    version: u8,
    kind: &'static str,
    id: &'a str,
    state: &'static str,
    created: String,
    age_s: u64,
    octets: u64,
    uid: u32,
    account: Option<&'a str>,
    sender: &'a str,
    first_recipient: &'a str,
    recipient_count: usize,
    waiting: usize,
    attempts: u32,
    next: Option<String>,
    reason: Option<String>,
    message_id: Option<&'a str>,
    /// Only where the message is shown in full.
    #[serde(flatten)]
    full: Option<Full<'a>>,
}

#[derive(Serialize)]
struct Full<'a> {
    tool: &'a str,
    on_unknown: Option<&'static str>,
    held: Option<Held<'a>>,
    notice_of: Option<String>,
    notices: Vec<String>,
    recipients: Vec<Recipient<'a>>,
}

#[derive(Serialize)]
struct Held<'a> {
    by: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct Recipient<'a> {
    address: &'a str,
    state: &'static str,
    said: Option<&'a str>,
    server: Option<&'a str>,
    attempts: u32,
    at: Option<String>,
    next: Option<String>,
    was_unknown: bool,
    told: bool,
}

#[derive(Serialize)]
struct Damaged<'a> {
    version: u8,
    kind: &'static str,
    id: &'a str,
    error: String,
}

#[derive(Serialize)]
struct Kept<'a> {
    version: u8,
    kind: &'static str,
    file: &'a str,
    damaged: bool,
}

#[derive(Serialize)]
struct Account<'a> {
    version: u8,
    kind: &'static str,
    account: &'a str,
    why: &'a str,
    since: String,
    until: String,
    failures: u32,
    refused: bool,
}

/// A message; in full with each recipient.
#[must_use]
pub fn message(seen: &Seen<'_>, in_full: bool) -> String {
    let (entry, state) = (&seen.listed.entry, &seen.listed.state);
    let submission = &entry.submission;
    written(&Message {
        version: 1,
        kind: "message",
        id: entry.id.as_str(),
        state: seen.standing().name(),
        created: local(&entry.created),
        age_s: seen.age().as_secs(),
        octets: entry.facts.octets,
        uid: entry.uid,
        account: seen.account,
        sender: &submission.sender,
        first_recipient: seen.recipients().0,
        recipient_count: submission.recipients.len(),
        waiting: state.waiting().len(),
        attempts: state.attempts,
        next: moment(seen.next()),
        reason: seen.reason(),
        message_id: submission.message_id.as_deref(),
        full: in_full.then(|| full(seen)),
    }) + "\n"
}

fn full<'a>(seen: &'a Seen<'_>) -> Full<'a> {
    let (entry, state) = (&seen.listed.entry, &seen.listed.state);
    let recipients = entry.submission.recipients.iter().zip(&state.recipients);
    Full {
        tool: &entry.submission.tool,
        on_unknown: entry.submission.on_unknown.map(crate::spool::OnUnknown::name),
        held: state.held.as_ref().map(|hold| Held { by: &hold.by, why: &hold.why }),
        notice_of: entry.submission.notice_of.map(|id| id.to_string()),
        notices: state.notices.iter().map(Id::to_string).collect(),
        recipients: recipients
            .map(|(given, state)| Recipient {
                address: &given.address,
                state: state_of(state, seen.listed).name(),
                said: state.said.as_deref(),
                server: state.server.as_deref(),
                attempts: state.attempts,
                at: moment(state.at),
                next: moment(match state.state {
                    State::Deferred { next } => Some(next),
                    State::Unknown { next } => next,
                    _ => None,
                }),
                was_unknown: state.was_unknown,
                told: state.told,
            })
            .collect(),
    }
}

fn moment(moment: Option<Moment>) -> Option<String> {
    moment.map(|moment| local(&moment))
}

/// A message that cannot be read.
#[must_use]
pub fn damaged(id: &Id, error: &SpoolError) -> String {
    let error = words::queue::error(error);
    written(&Damaged { version: 1, kind: "damaged", id: id.as_str(), error }) + "\n"
}

/// A file that is kept apart.
#[must_use]
pub fn apart(apart: &Apart) -> String {
    written(&Kept { version: 1, kind: "apart", file: &apart.name, damaged: apart.is_damaged }) + "\n"
}

/// An account that is not used at present.
#[must_use]
pub fn paused(account: &str, pause: &Pause) -> String {
    written(&Account {
        version: 1,
        kind: "account",
        account,
        why: &pause.why,
        since: local(&pause.since),
        until: local(&pause.until),
        failures: pause.failures,
        refused: pause.is_refused,
    }) + "\n"
}
