//! `ehlo queue metrics`: OpenMetrics 1.0 text, for node_exporter's textfile collector and its like. All are gauges:
//! they say what the files of the queue hold now.

use super::tally::{RECIPIENTS, Tally};
use crate::spool::Standing;
use std::fmt::Write as _;

/// All of it, with the end that the format demands.
#[must_use]
pub fn render(tally: &Tally) -> String {
    let mut out = String::new();
    let messages = Standing::ALL.iter().zip(tally.messages);
    let messages = messages.map(|(standing, count)| (label("state", standing.name()), count));
    family(&mut out, "messages", "", "Messages that wait, by state.", messages);
    let recipients = RECIPIENTS.iter().zip(tally.recipients);
    let recipients = recipients.map(|(state, count)| (label("state", state), count));
    family(&mut out, "recipients", "", "Recipients that wait, by state.", recipients);
    let one = |count| [(String::new(), count)].into_iter();
    let oldest = tally.oldest.map_or(0, |(age, _)| age.as_secs());
    family(&mut out, "oldest_seconds", "seconds", "Age of the oldest message.", one(oldest));
    family(&mut out, "size_bytes", "bytes", "Size of all messages.", one(tally.octets));
    let help = "Messages of which nobody knows whether they arrived.";
    family(&mut out, "unknown", "", help, one(tally.unknown));
    let help = "Recipients of waiting messages who may get theirs twice.";
    family(&mut out, "once_unknown", "", help, one(tally.once_unknown));
    family(&mut out, "failed", "", "Messages that failed with nobody to tell.", one(tally.failed));
    let damaged = tally.damaged + tally.unreadable;
    family(&mut out, "damaged", "", "Files that are damaged.", one(damaged));
    let paused = tally.paused.iter().map(|(account, pause)| {
        let refused = if pause.is_refused { "refused" } else { "trouble" };
        (format!("{{account=\"{}\",why=\"{refused}\"}}", escaped(account)), 1)
    });
    family(&mut out, "account_paused", "", "Accounts that are not used at present.", paused);
    out + "# EOF\n"
}

fn family(
    out: &mut String,
    name: &str,
    unit: &str,
    help: &str,
    samples: impl Iterator<Item = (String, u64)>,
) {
    // Writing to a String does not fail.
    let _ = writeln!(out, "# TYPE ehlo_queue_{name} gauge");
    if !unit.is_empty() {
        let _ = writeln!(out, "# UNIT ehlo_queue_{name} {unit}");
    }
    let _ = writeln!(out, "# HELP ehlo_queue_{name} {help}");
    for (labels, value) in samples {
        let _ = writeln!(out, "ehlo_queue_{name}{labels} {value}");
    }
}

fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{}\"}}", escaped(value))
}

/// The value of a label, as the format has it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
