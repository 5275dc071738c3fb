//! Notices to the sender: that a message does not arrive, or is late (RFC 3464; when: RFC 3461, section 6; how it
//! is put together: RFC 6522).
//!
//! ```text
//! multipart/report     letter: for people         status: for programs         part: what was sent
//! ```
//!
//! A notice for the same recipients has the same identifier, whoever makes it: where a runner vanished between
//! queuing a notice and writing that down, the next one queues no second one. Whether there is somebody to send it,
//! how many there may be in an hour, and where else they may go is for the runner.

mod about;
mod letter;
mod part;
mod status;

pub use about::{About, Kind};

use crate::spool::entry::{Entry, OnUnknown, Recipient, Submission};
use crate::spool::id::Id;
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::parameter::{NOTIFY, RET};
use ehlo_smtp::path::{Domain, Mailbox};
use part::{date, field, line};
use std::io;

/// The largest message that is returned whole, in octets.
const LARGEST: u64 = 100_000;
/// The longest header section that is returned, in octets.
const LONGEST_HEADER: u64 = 64 * 1024;
/// The longest address that To has room for, in octets.
const LONGEST_TO: usize = 900;

/// A message to the sender, ready to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is handed over: from nobody, to the sender, with its identifier.
    pub submission: Submission,
    octets: Vec<u8>,
    facts: Facts,
}

impl Notice {
    /// The message. Its lines end in CRLF.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }
}

impl Content for Notice {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(&self.octets)
    }
}

/// Of these, the ones of whose fate the sender wants to be told: nobody where the sender is nobody, or the message
/// is a notice itself; else whoever NOTIFY does not leave out (RFC 3461, section 4.1). Without NOTIFY the sender is
/// told of failures, and of a delay where the schedule says so.
#[must_use]
pub fn wanted(entry: &Entry, places: &[usize], kind: Kind) -> Vec<usize> {
    if entry.submission.sender.is_empty() || entry.submission.notice_of.is_some() {
        return Vec::new();
    }
    let word = match kind {
        Kind::Failed => "FAILURE",
        Kind::Delayed { .. } => "DELAY",
    };
    let is_wanted = |place: &usize| {
        let recipient = entry.submission.recipients.get(*place);
        recipient.is_some_and(|recipient| notify(recipient).is_none_or(|notify| has(notify, word)))
    };
    places.iter().copied().filter(is_wanted).collect()
}

/// Whether the sender asked to be told when it is late for this recipient.
#[must_use]
pub fn asks_for_delay(entry: &Entry, place: usize) -> bool {
    let recipient = entry.submission.recipients.get(place);
    recipient.and_then(notify).is_some_and(|notify| has(notify, "DELAY"))
}

fn notify(recipient: &Recipient) -> Option<&str> {
    recipient.parameters.iter().find(|parameter| parameter.is(NOTIFY))?.value()
}

fn has(notify: &str, word: &str) -> bool {
    notify.split(',').any(|event| event.eq_ignore_ascii_case(word))
}

/// How much of the message a notice about it needs, in octets from its start: all of it where it is small and the
/// sender wants it back (RET=FULL), else the header section.
#[must_use]
pub fn share(entry: &Entry) -> u64 {
    let ret = entry.submission.mail.iter().find(|parameter| parameter.is(RET));
    let is_full = ret.and_then(|ret| ret.value()).is_some_and(|value| value.eq_ignore_ascii_case("FULL"));
    if is_full && entry.facts.octets <= LARGEST { LARGEST } else { LONGEST_HEADER }
}

/// Writes the notice. Nothing in it comes out as it is but the original message: what servers said and what callers
/// gave is made fit for a line before.
#[must_use]
pub fn compose(about: &About) -> Notice {
    let submission = &about.entry.submission;
    let id = about.id();
    let domain = Domain::parse(about.host).ok().filter(|domain| domain.ascii().len() <= 255);
    let host =
        domain.as_ref().map_or_else(|| "localhost".to_owned(), |domain| part::ascii(&format!("{domain:#}")));
    let message_id = format!("<{id}@{host}>");
    let to = Mailbox::parse(&submission.sender)
        .or_else(|error| match domain {
            Some(domain) => Mailbox::new(&submission.sender, domain),
            None => Err(error),
        })
        .map(|mailbox| format!("{mailbox:#}"))
        .ok()
        .filter(|to| to.len() <= LONGEST_TO);

    let share = share(about.entry);
    let enough = usize::try_from(share).unwrap_or(usize::MAX).min(about.original.len());
    let original = about.original.get(..enough).unwrap_or_default();
    let parts =
        [letter::part(about, &host), status::part(about, &host), part::original(original, share == LARGEST)];
    let boundary = boundary(&id, &parts);

    let mut out = String::new();
    line(&mut out, &format!("From: Mail Delivery System <MAILER-DAEMON@{host}>"));
    match &to {
        Some(to) => line(&mut out, &format!("To: <{to}>")),
        None => line(&mut out, "To: undisclosed-recipients:;"),
    }
    line(&mut out, letter::subject(about.kind));
    line(&mut out, &format!("Date: {}", date(about.now)));
    line(&mut out, &format!("Message-ID: {message_id}"));
    if let Some(original) = &submission.message_id {
        let original = part::ascii(original);
        field(&mut out, "In-Reply-To", &original);
        field(&mut out, "References", &original);
    }
    line(&mut out, "Auto-Submitted: auto-replied");
    line(&mut out, "MIME-Version: 1.0");
    line(&mut out, "Content-Type: multipart/report; report-type=delivery-status;");
    line(&mut out, &format!(" boundary=\"{boundary}\""));
    let utf8_headers = !out.is_ascii();
    let mut octets = out.into_bytes();
    for part in &parts {
        octets.extend_from_slice(format!("\r\n--{boundary}\r\n").as_bytes());
        octets.extend_from_slice(part);
    }
    octets.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());

    let facts = Facts { octets: octets.len() as u64, eight_bit: !octets.is_ascii(), utf8_headers };
    let sender = Recipient { address: submission.sender.clone(), parameters: Vec::new() };
    let submission = Submission {
        tool: "notice".to_owned(),
        account: submission.account.clone(),
        // Twice is better than not at all.
        on_unknown: Some(OnUnknown::Retry),
        recipients: vec![sender],
        message_id: Some(message_id),
        notice_of: Some(about.entry.id),
        id: Some(id),
        ..Submission::default()
    };
    Notice { submission, octets, facts }
}

/// What separates the parts: always the same for the same notice, and in none of them.
fn boundary(id: &Id, parts: &[Vec<u8>]) -> String {
    let is_in =
        |boundary: &str| parts.iter().any(|part| memchr::memmem::find(part, boundary.as_bytes()).is_some());
    let mut number = 0_u64;
    loop {
        // It ends: the parts have an end, and each number is in them or not.
        let boundary = format!("=_{id}_{number}_");
        if !is_in(&boundary) {
            return boundary;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests;
