//! The queue as mailq(1) of Postfix shows it: scripts and monitoring read that.
//!
//! ```text
//! -Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------
//! 1NGT5M0QX4K7C*      412 Mon Nov 30 06:00:00  Smith@Alpha.ARPA
//!                                          Jones@Beta.ARPA
//!
//! -- 0 Kbytes in 1 Request.
//! ```
//!
//! `*` stands behind a message that is being sent, `!` behind one that is held. A reason stands in parentheses
//! before the recipients that it is about. Those who have it are left out.

use super::seen::Seen;
use super::times::as_in_mailq;
use crate::report::text::printable;
use crate::spool::Standing;
use std::fmt::Write as _;

/// All that is said of a queue without messages.
pub const EMPTY: &str = "Mail queue is empty\n";
/// The line on top.
pub const HEAD: &str = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n";
/// Where a reason ends, if it is short.
const REASON: usize = 76;

/// A message, with the blank line behind it.
#[must_use]
pub fn message(seen: &Seen<'_>) -> String {
    let (entry, state) = (&seen.listed.entry, &seen.listed.state);
    let mark = match seen.standing() {
        Standing::Sending => "*",
        Standing::Held | Standing::NoDomain => "!",
        _ => "",
    };
    let id = format!("{}{mark}", entry.id);
    let sender = match entry.submission.sender.as_str() {
        "" => "MAILER-DAEMON".to_owned(),
        sender => printable(sender),
    };
    let (octets, time) = (entry.facts.octets, as_in_mailq(&entry.created));
    let mut out = format!("{id:<11} {octets:>8} {time:<20} {sender}\n");
    let of_all = match seen.standing() {
        Standing::Held | Standing::NoDomain | Standing::AccountDown => seen.reason(),
        _ => None,
    };
    let mut last: Option<String> = None;
    for (given, recipient) in entry.submission.recipients.iter().zip(&state.recipients) {
        if recipient.state.is_final() {
            continue;
        }
        let reason = of_all.as_deref().or(recipient.said.as_deref()).map(printable);
        if let Some(reason) = reason.filter(|reason| last.as_ref() != Some(reason)) {
            let blanks = REASON.saturating_sub(reason.len());
            // Writing to a String does not fail.
            let _ = writeln!(out, "{:blanks$}({reason})", "");
            last = Some(reason);
        }
        let _ = writeln!(out, "{:41}{}", "", printable(&given.address));
    }
    out + "\n"
}

/// The last line.
#[must_use]
pub fn foot(octets: u64, messages: u64) -> String {
    let plural = if messages == 1 { "" } else { "s" };
    format!("-- {} Kbytes in {messages} Request{plural}.\n", octets / 1024)
}
