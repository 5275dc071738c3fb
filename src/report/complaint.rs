//! An error as it is told: in words, with its kind and its exit status.

use super::exit::{self, ExitStatus};
use crate::client::{self, error::Kind};
use crate::words;

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
