//! `ehlo queue check`: what is over a limit, for Nagios and its like.

use super::tally::Tally;
use super::times::short;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::report::written::written;
use serde::Serialize;
use std::time::Duration;

/// What may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a message may wait.
    pub age: Duration,
    /// How many messages may be unknown.
    pub unknown: u64,
    /// How many may wait; none for any number.
    pub waiting: Option<u64>,
    /// How many may have failed with nobody to tell.
    pub failed: u64,
}

/// Something that is over a limit, or wrong.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    kind: &'static str,
    text: String,
}

/// What is over a limit.
#[must_use]
pub fn findings(tally: &Tally, limits: &Limits) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut find = |kind, text| found.push(Finding { kind, text });
    if let Some((age, id)) = tally.oldest.filter(|(age, _)| *age > limits.age) {
        let (age, most) = (short(age), short(limits.age));
        find("age", format!("message {id} has waited for {age}, longer than {most}"));
    }
    if tally.unknown > limits.unknown {
        let (are, most) = (are(tally.unknown, "message"), limits.unknown);
        find("unknown", format!("{are} of which nobody knows whether they arrived, more than {most}"));
    }
    if let Some(most) = limits.waiting.filter(|most| tally.waiting() > *most) {
        let (waiting, verb) =
            (tally.waiting(), if tally.waiting() == 1 { "message waits" } else { "messages wait" });
        find("waiting", format!("{waiting} {verb}, more than {most}"));
    }
    if tally.failed > limits.failed {
        let (are, most) = (are(tally.failed, "message"), limits.failed);
        find("failed", format!("{are} in failed/, more than {}", most));
    }
    if tally.damaged + tally.unreadable > 0 {
        find("damaged", format!("{} damaged", are(tally.damaged + tally.unreadable, "file")));
    }
    for (account, pause) in tally.paused.iter().filter(|(_, pause)| pause.is_refused) {
        find("account", format!("account '{account}' cannot be used: {}", pause.why));
    }
    found
}

fn are(count: u64, what: &str) -> String {
    if count == 1 { format!("there is 1 {what}") } else { format!("there are {count} {what}s") }
}

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    exit_status: u8,
    findings: &'a [Finding],
    waiting: u64,
    oldest_s: Option<u64>,
    unknown: u64,
    failed: u64,
    damaged: u64,
}

/// A line for each finding, or one that says that there is none; and the exit status.
#[must_use]
pub fn render(tally: &Tally, findings: &[Finding], json: bool) -> (String, ExitStatus) {
    let status = if findings.is_empty() { ExitStatus::OK } else { ExitStatus::FINDING };
    let oldest = tally.oldest.map(|(age, _)| age);
    if json {
        let root = Root {
            version: 1,
            exit_status: status.0,
            findings,
            waiting: tally.waiting(),
            oldest_s: oldest.map(|age| age.as_secs()),
            unknown: tally.unknown,
            failed: tally.failed,
            damaged: tally.damaged + tally.unreadable,
        };
        return (written(&root) + "\n", status);
    }
    let text = match (findings, oldest) {
        ([], None) => "OK - the queue is empty\n".to_owned(),
        ([], Some(oldest)) => match tally.waiting() {
            1 => format!("OK - 1 message waits, for {}\n", short(oldest)),
            count => format!("OK - {count} messages wait, the oldest for {}\n", short(oldest)),
        },
        (findings, _) => findings.iter().map(|one| format!("WARNING - {}\n", printable(&one.text))).collect(),
    };
    (text, status)
}
