//! What became of a message and each of its recipients, worked out from its journal.
//!
//! ```text
//!   Queued -> InDoubt -> Accepted
//!     |  ^      |  \---> Refused -> (told)
//!     v  |      v
//!   Deferred  Unknown -> (retry, or somebody decides)
//! ```

use super::entry::Submission;
use super::id::Id;
use super::journal::{Event, Record};
use super::moment::Moment;

/// How it stands with a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing was said about them yet.
    Queued,
    /// Not now.
    Deferred {
        /// When to try again.
        next: Moment,
    },
    /// The final dot was about to be written, and nothing is known since: it is being sent, or whoever sent it
    /// has vanished.
    InDoubt,
    /// The message was written to its end, and no proper reply came.
    Unknown {
        /// When it is sent again; none where it waits until somebody decides.
        next: Option<Moment>,
    },
    /// The server has taken responsibility, or somebody says that they have it.
    Accepted,
    /// Refused for good.
    Refused,
    /// Given up: too much time has passed.
    GivenUp,
    /// Taken out of the queue.
    Removed,
}

impl State {
    /// Whether nothing is to be sent to them any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, State::Accepted | State::Refused | State::GivenUp | State::Removed)
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Deferred { .. } => "deferred",
            State::InDoubt => "sending",
            State::Unknown { .. } => "unknown",
            State::Accepted => "accepted",
            State::Refused => "refused",
            State::GivenUp => "given up",
            State::Removed => "removed",
        }
    }
}

/// What is known of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientState {
    /// How it stands with them.
    pub state: State,
    /// What was said last of them.
    pub said: Option<String>,
    /// The server that was asked last.
    pub server: Option<String>,
    /// When something happened last.
    pub at: Option<Moment>,
    /// The sender was told of their fate, or need not be.
    pub told: bool,
    /// The sender was told that it is late.
    pub told_of_delay: bool,
    /// It was unknown once whether they have it: they may have it twice.
    pub was_unknown: bool,
    /// Attempts that came to something for them.
    pub attempts: u32,
}

/// What is known of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageState {
    /// In the envelope's order.
    pub recipients: Vec<RecipientState>,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the first of them was.
    pub first_attempt: Option<Moment>,
    /// When the last of them was.
    pub last_attempt: Option<Moment>,
    /// Why it is held, and by whom, if it is.
    pub held: Option<Hold>,
    /// The notices that were sent about it.
    pub notices: Vec<Id>,
    /// How many records its journal has.
    pub records: usize,
}

/// Why a message is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: Option<Moment>,
}

impl MessageState {
    /// Before anything happened.
    #[must_use]
    pub fn of(_submission: &Submission) -> MessageState {
        MessageState::default()
    }

    /// Takes one more record.
    pub fn take(&mut self, _record: &Record) {}

    /// Whether nothing is left to do: everybody's fate is known, and the sender was told of those who do not get
    /// it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        false
    }
}

/// Only so that the compiler sees that they are used.
#[allow(unused)]
fn unused(_: &Event) {}
