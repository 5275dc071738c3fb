//! What is told of the work, and how: as text, as JSON, and by an exit status. The outcome itself is
//! [`crate::delivery`]'s, the sentences are [`crate::words`]'.

pub mod exit;
pub mod explanation;
pub mod json;
pub mod own_status;
pub mod probe;
pub mod text;
pub mod transcript;
mod written;

use crate::client::{self, error::Kind};
use crate::delivery::Outcome;
use crate::delivery::fate::{Fate, Why};
use crate::delivery::outcome::Turn;
use crate::words;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::failure::{Failure, Need};
use exit::ExitStatus;

/// What is told.
#[derive(Debug, Default)]
pub struct Report {
    /// What came of it.
    pub outcome: Outcome,
    /// Why nothing was to be sent, and nothing was.
    pub skipped: Option<Skipped>,
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

/// An error as it is told.
#[derive(Debug, Clone)]
pub struct Complaint {
    /// What kind of trouble it is.
    pub kind: Kind,
    /// One line for people.
    pub text: String,
    /// What they can do about it, where the text does not say it.
    pub hint: Option<String>,
    /// What was awaited.
    pub awaiting: Option<String>,
    /// The exit status, if nobody has the message.
    pub status: ExitStatus,
}

impl Complaint {
    /// Of an error of the client's.
    #[must_use]
    pub fn of(error: &client::Error) -> Complaint {
        Complaint {
            kind: error.kind(),
            text: words::client_error(error),
            hint: words::hint(error),
            awaiting: error.awaiting().map(words::awaiting),
            status: exit::of_error(error),
        }
    }

    /// The text, and the hint behind it.
    #[must_use]
    pub fn line(&self) -> String {
        self.hint.as_ref().map_or_else(|| self.text.clone(), |hint| format!("{}; {hint}", self.text))
    }
}

impl Report {
    /// Of what came of it.
    #[must_use]
    pub fn of(outcome: Outcome) -> Report {
        Report { outcome, ..Report::default() }
    }

    /// Why the work ended early, or was never begun.
    #[must_use]
    pub fn complaint(&self) -> Option<Complaint> {
        self.prevented.clone().or_else(|| self.outcome.error().map(|error| self.told(error)))
    }

    /// An error as it is told here.
    fn told(&self, error: &client::Error) -> Complaint {
        Complaint { text: self.said(error), ..Complaint::of(error) }
    }

    fn said(&self, error: &client::Error) -> String {
        match error.failure() {
            Some(Failure::NotOffered(Need::Extension(Extension::EightBitMime)))
                if !self.eight_bit_files.is_empty() =>
            {
                words::eight_bit_files(&self.eight_bit_files)
            }
            _ => words::client_error(error),
        }
    }

    /// Why a recipient has their fate, where no reply says it.
    #[must_use]
    pub fn why(&self, fate: &Fate<'_>) -> String {
        words::delivery::why(fate.status, fate.why, &|error| self.said(error))
    }

    /// The same on a line of its own, with what can be done about the error that ended it all.
    #[must_use]
    pub fn why_with_hint(&self, fate: &Fate<'_>) -> String {
        let why = self.why(fate);
        let ended = match fate.why {
            Why::Error(error) => self.outcome.error().filter(|last| std::ptr::eq(*last, error)),
            _ => None,
        };
        ended.and_then(words::hint).map_or_else(|| why.clone(), |hint| format!("{why}; {hint}"))
    }

    /// What became of the message, where no reply says it.
    fn message_why(&self, turn: Turn<'_>) -> String {
        words::delivery::message(turn, &|error| self.said(error))
    }
}
