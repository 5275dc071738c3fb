//! Why nothing was begun: one line, and the exit status that goes with it.

use crate::client::error::Kind;
use crate::net;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;

/// Nothing is begun, for this reason and with this exit status.
#[derive(Debug)]
pub struct EarlyExit {
    status: ExitStatus,
    kind: Kind,
    error: anyhow::Error,
}

impl EarlyExit {
    /// The command line is not right.
    pub fn usage(text: impl Into<String>) -> EarlyExit {
        EarlyExit { status: ExitStatus::USAGE, kind: Kind::Data, error: anyhow::Error::msg(text.into()) }
    }

    /// The message or an address is not fit to send.
    pub fn data(text: impl Into<String>) -> EarlyExit {
        EarlyExit { status: ExitStatus::DATA, kind: Kind::Data, error: anyhow::Error::msg(text.into()) }
    }

    /// Another status: trust, configuration.
    pub fn of(status: ExitStatus, text: impl Into<String>) -> EarlyExit {
        let kind = if status == ExitStatus::NO_PERMISSION { Kind::Auth } else { Kind::Io };
        EarlyExit { status, kind, error: anyhow::Error::msg(text.into()) }
    }

    /// A file cannot be read.
    pub fn no_input(error: impl Into<anyhow::Error>, what: String) -> EarlyExit {
        EarlyExit { status: ExitStatus::NO_INPUT, kind: Kind::Io, error: error.into().context(what) }
    }

    /// A file cannot be written, or the system fails.
    pub fn io(error: impl Into<anyhow::Error>, what: String) -> EarlyExit {
        EarlyExit { status: ExitStatus::IO, kind: Kind::Io, error: error.into().context(what) }
    }

    /// The time is over, or a signal came: try again later.
    pub fn in_time(error: net::Error, what: String) -> EarlyExit {
        let kind = if matches!(error, net::Error::Timeout) { Kind::Timeout } else { Kind::Disconnected };
        EarlyExit { status: ExitStatus::TEMPORARY, kind, error: anyhow::Error::from(error).context(what) }
    }

    /// A file that cannot be read, or is a pipe that nothing comes from in time.
    pub fn unread(error: net::Error, what: String) -> EarlyExit {
        match error {
            net::Error::Timeout | net::Error::Interrupted => EarlyExit::in_time(error, what),
            net::Error::Io(error) => EarlyExit::no_input(error, what),
            error => EarlyExit::no_input(error, what),
        }
    }

    /// The same with a status that the queue's callers know: whatever is not for good is worth another try.
    #[must_use]
    pub fn of_queue(self) -> EarlyExit {
        let known = [ExitStatus::USAGE, ExitStatus::DATA, ExitStatus::NO_PERMISSION];
        let status = if known.contains(&self.status) { self.status } else { ExitStatus::TEMPORARY };
        EarlyExit { status, ..self }
    }

    /// As it is told.
    #[must_use]
    pub fn report(&self) -> Complaint {
        Complaint {
            kind: self.kind,
            // What it was, and why: an error says itself what it comes from.
            text: self.error.chain().take(2).map(plainly).collect::<Vec<_>>().join(": "),
            hint: None,
            awaiting: None,
            status: self.status,
        }
    }
}

/// The system's errors without their numbers.
fn plainly(error: &(dyn std::error::Error + 'static)) -> String {
    error.downcast_ref().map_or_else(|| error.to_string(), net::error::plain)
}

/// Either the thing, or why not.
pub type Result<T> = std::result::Result<T, EarlyExit>;
