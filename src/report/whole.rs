//! What is told of a delivery, whole: text, JSON and the exit status are made from it.

use super::complaint::Complaint;
use super::exit::{self, ExitStatus};
use crate::client;
use crate::delivery::Outcome;
use crate::delivery::fate::{FinalFate, Why};
use crate::delivery::outcome::TransactionView;
use crate::spool::Id;
use crate::words;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::failure::{Failure, Need};

/// What is told.
#[derive(Debug, Default)]
pub struct Report {
    /// What came of it.
    pub outcome: Outcome,
    /// Why nothing was to be sent, and nothing was.
    pub skipped: Option<Skipped>,
    /// The queue has it, by this identifier.
    pub queued: Option<Id>,
    /// Why nothing was begun.
    pub prevented: Option<Complaint>,
    /// Refusals are to be explained.
    pub explain: bool,
    /// The attached messages that hold 8-bit octets, by name: they are why a server without 8BITMIME cannot
    /// have it.
    pub eight_bit_files: Vec<String>,
}

/// Why nothing was to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// `--dry-run`.
    DryRun,
    /// The text is empty, and nobody gets an empty one (`--skip-empty`).
    Empty,
}

impl Report {
    /// Of what came of it.
    #[must_use]
    pub fn of(outcome: Outcome) -> Report {
        Report { outcome, ..Report::default() }
    }

    /// The exit status.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        match (&self.prevented, self.skipped, self.queued) {
            (Some(complaint), ..) => complaint.status,
            (None, Some(_), _) | (None, None, Some(_)) => ExitStatus::OK,
            (None, None, None) => exit::of_outcome(&self.outcome),
        }
    }

    /// Why the work ended early, or was never begun.
    #[must_use]
    pub fn complaint(&self) -> Option<Complaint> {
        // Of several destinations, each recipient's own line tells it.
        let ended = || self.outcome.error().filter(|_| !self.outcome.has_several_destinations());
        self.prevented.clone().or_else(|| ended().map(|error| self.told(error)))
    }

    /// An error as it is told here.
    pub(super) fn told(&self, error: &client::Error) -> Complaint {
        Complaint { text: self.said(error), hint: self.hint(error), ..Complaint::of(error) }
    }

    /// What can be done about an error. Of a host that the DNS leads to, nobody here knows better than its own operator.
    fn hint(&self, error: &client::Error) -> Option<String> {
        words::hint(error).filter(|_| !self.outcome.routed || matches!(error, client::Error::Connect(_)))
    }

    fn said(&self, error: &client::Error) -> String {
        // Of several hosts it is told which one it was.
        let host = self.outcome.routed_of(error);
        match error.failure() {
            Some(Failure::NotOffered(Need::Extension(Extension::EightBitMime)))
                if !self.eight_bit_files.is_empty() =>
            {
                words::route::at(host, words::eight_bit_files(&self.eight_bit_files))
            }
            _ => words::client_error_at(host, error),
        }
    }

    /// Why a recipient has their fate, where no reply says it.
    #[must_use]
    pub fn why(&self, fate: &FinalFate<'_>) -> String {
        words::delivery::why(fate.status, fate.why, &|error| self.said(error))
    }

    /// The same without the name of the fate; nothing where a reply says it.
    #[must_use]
    pub fn because(&self, fate: &FinalFate<'_>) -> Option<String> {
        words::delivery::because(fate.why, &|error| self.said(error))
    }

    /// The same as [`Report::why`] on a line of its own, with what can be done about the error that ended it all.
    #[must_use]
    pub fn why_with_hint(&self, fate: &FinalFate<'_>) -> String {
        let why = self.why(fate);
        let ended = match fate.why {
            Why::Error(error) => self.outcome.error().filter(|last| std::ptr::eq(*last, error)),
            _ => None,
        };
        ended.and_then(|error| self.hint(error)).map_or_else(|| why.clone(), |hint| format!("{why}; {hint}"))
    }

    /// What became of the message, where no reply says it.
    pub(super) fn message_why(&self, view: TransactionView<'_>) -> String {
        words::delivery::message(view, &|error| self.said(error))
    }
}
