//! What a run of the queue did: the report of each message that was tried, with its identifier in front, and the
//! exit status of all (docs/exit-status.md).

use super::Report;
use super::exit::ExitStatus;
use super::text::{Look, render};
use crate::report::text::said;
use crate::spool::Id;
use ehlo_smtp::transaction::Status;
use serde::Serialize;

/// How wide an identifier is, with the gap behind it.
const ID: usize = 15;

/// The lines of one message.
#[must_use]
pub fn lines(id: &Id, report: &Report, look: Look) -> String {
    let columns = look.columns.map(|columns| columns.saturating_sub(ID).max(super::width::NARROWEST));
    let gap = if look.columns.is_some() { "  " } else { "\t" };
    let text = render(report, Look { columns, ..look });
    // A line that goes on is indented.
    let line = |line: &str| match line.starts_with(' ') {
        true => format!("{:ID$}{line}\n", ""),
        false => format!("{id}{gap}{line}\n"),
    };
    text.lines().map(line).collect()
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Tally {
    accepted: usize,
    refused: usize,
    deferred: usize,
    unknown: usize,
    messages: Vec<Tried>,
    /// An account could not be used.
    pub is_paused: bool,
}

/// A message that was tried.
#[derive(Debug, Serialize)]
struct Tried {
    id: String,
    recipients: Vec<Recipient>,
}

#[derive(Debug, Serialize)]
struct Recipient {
    address: String,
    status: &'static str,
    said: String,
}

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    exit_status: u8,
    accepted: usize,
    refused: usize,
    deferred: usize,
    unknown: usize,
    messages: &'a [Tried],
    error: Option<String>,
}

impl Tally {
    /// Counts a message that was tried; `in_full` for [`Tally::json`].
    pub fn count(&mut self, id: &Id, report: &Report, in_full: bool) {
        for (_, fate) in report.outcome.fates() {
            match fate.status {
                Status::Accepted => self.accepted += 1,
                Status::Refused => self.refused += 1,
                Status::Deferred | Status::Untried => self.deferred += 1,
                Status::Unknown => self.unknown += 1,
            }
        }
        if in_full {
            let recipients = report.outcome.fates().map(|(recipient, fate)| Recipient {
                address: recipient.address.to_string(),
                status: fate.status.name(),
                said: match fate.reply() {
                    Some(reply) => said(reply),
                    None => report.why(&fate),
                },
            });
            self.messages.push(Tried { id: id.to_string(), recipients: recipients.collect() });
        }
    }

    /// Counts recipients of whom nobody knows whether they have it, since whoever sent to them vanished.
    pub fn count_unknown(&mut self, recipients: usize) {
        self.unknown += recipients;
    }

    /// The exit status: as for one message, over the recipients of all.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        let waits = self.deferred > 0 || self.is_paused;
        match (self.accepted, self.refused, self.unknown) {
            (_, _, 1..) => ExitStatus::UNKNOWN,
            (1.., 0, _) if !waits => ExitStatus::OK,
            (1.., ..) => ExitStatus::PARTIAL,
            (0, ..) if waits => ExitStatus::TEMPORARY,
            (0, 1.., _) => ExitStatus::UNAVAILABLE,
            (0, 0, _) => ExitStatus::OK,
        }
    }

    /// All of it as one object.
    #[must_use]
    pub fn json(&self, status: ExitStatus, error: Option<String>) -> String {
        let root = Root {
            version: 1,
            exit_status: status.0,
            accepted: self.accepted,
            refused: self.refused,
            deferred: self.deferred,
            unknown: self.unknown,
            messages: &self.messages,
            error,
        };
        super::written::written(&root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_that_of_all_recipients() {
        for (accepted, refused, deferred, unknown, is_paused, status) in [
            (0, 0, 0, 0, false, 0),
            (2, 0, 0, 0, false, 0),
            (2, 1, 0, 0, false, 10),
            (2, 0, 1, 0, false, 10),
            (2, 0, 0, 0, true, 10),
            (2, 1, 1, 1, true, 11),
            (0, 0, 0, 1, false, 11),
            (0, 1, 0, 0, false, 69),
            (0, 1, 1, 0, false, 75),
            (0, 0, 0, 0, true, 75),
        ] {
            let tally = Tally { accepted, refused, deferred, unknown, is_paused, messages: Vec::new() };
            assert_eq!(tally.exit_status(), ExitStatus(status), "{tally:?}");
        }
    }
}
