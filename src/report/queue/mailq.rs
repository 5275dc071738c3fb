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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spool::schedule::Schedule;
    use crate::spool::{Entry, Event, Listed, MessageState, Moment, Recipient, Record, Submission};
    use ehlo_smtp::content::Facts;

    fn shown(sender: &str, events: &[Event], busy: bool) -> String {
        let recipient = |address: &str| Recipient { address: address.to_owned(), parameters: Vec::new() };
        let submission = Submission {
            sender: sender.to_owned(),
            recipients: ["jones@x.example", "green\x1b@x.example", "brown@x.example"].map(recipient).to_vec(),
            ..Submission::default()
        };
        let mut state = MessageState::of(&submission);
        // In the middle of a year, and of a day: the same in all but the hour wherever it is looked at.
        let created = Moment { wall: 1_796_040_000, boot: 0, start: 0 };
        for event in events {
            state.take(&Record { at: created, event: event.clone() });
        }
        let facts = Facts { octets: 5120, ..Facts::default() };
        let id = "1NGT5M0QX4K7C".parse().unwrap();
        let entry = Entry { id, created, uid: 0, pid: 0, facts, submission };
        let (listed, schedule) = (Listed { entry, state, busy }, Schedule::default());
        message(&Seen {
            listed: &listed,
            account: None,
            pause: None,
            has_no_domain: false,
            schedule: &schedule,
            now: created,
        })
        .replace(&as_in_mailq(&created), "Mon Nov 30 12:00:00")
    }

    const JONES: &str = "                                         jones@x.example\n";
    const GREEN: &str = "                                         green\\x1b@x.example\n";
    const BROWN: &str = "                                         brown@x.example\n";

    #[test]
    fn a_message_has_a_line_and_its_recipients_stand_below() {
        let head = "1NGT5M0QX4K7C     5120 Mon Nov 30 12:00:00  me@x.example\n";
        assert_eq!(shown("me@x.example", &[], false), format!("{head}{JONES}{GREEN}{BROWN}\n"));
        let head = "1NGT5M0QX4K7C*     5120 Mon Nov 30 12:00:00  MAILER-DAEMON\n";
        assert_eq!(shown("", &[], true), format!("{head}{JONES}{GREEN}{BROWN}\n"));
    }

    #[test]
    fn a_reason_stands_before_those_whom_it_is_about() {
        let next = Moment { wall: 1_796_040_300, boot: 0, start: 0 };
        let deferred = |places: &[usize], said: &str| Event::Deferred {
            number: 1,
            places: places.to_vec(),
            next,
            said: said.to_owned(),
        };
        let accepted = Event::Accepted { number: 1, places: vec![1], said: "250 OK".to_owned() };
        let events = [deferred(&[0, 2], "450 busy"), accepted];
        let head = "1NGT5M0QX4K7C     5120 Mon Nov 30 12:00:00  me@x.example\n";
        let reason = format!("{:68}(450 busy)\n", "");
        assert_eq!(shown("me@x.example", &events, false), format!("{head}{reason}{JONES}{BROWN}\n"));
        let held = Event::Held { by: "0".to_owned(), why: "not before Monday".to_owned() };
        let head = "1NGT5M0QX4K7C!     5120 Mon Nov 30 12:00:00  me@x.example\n";
        let reason = format!("{:59}(not before Monday)\n", "");
        assert_eq!(shown("me@x.example", &[held], false), format!("{head}{reason}{JONES}{GREEN}{BROWN}\n"));
    }

    #[test]
    fn the_last_line_has_kbytes_and_requests() {
        assert_eq!(foot(1023, 1), "-- 0 Kbytes in 1 Request.\n");
        assert_eq!(foot(5120, 2), "-- 5 Kbytes in 2 Requests.\n");
    }
}
