//! Why a message is not taken, as the client is told (RFC 5321, section 4.2; RFC 3463).

use crate::spool::SpoolError;
use ehlo_smtp::reply::Reply;
use std::error::Error;
use std::io::{self, ErrorKind};

/// Why a message is not taken, with a text in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not now: the same message may be taken later.
    NotNow(String),
    /// There is no room for it now.
    NoRoom(String),
    /// It is larger than what is ever taken.
    TooLarge(String),
    /// It has more recipients than what is ever taken.
    TooManyRecipients(String),
    /// No server would take it as it is.
    NotFit(String),
    /// Whoever hands it over may not do so.
    Forbidden(String),
}

impl Refusal {
    /// The content could not be kept until it was whole.
    #[must_use]
    pub fn of_content(error: &io::Error) -> Refusal {
        let text = format!("the message was not queued: {error}");
        if is_no_room(error) { Refusal::NoRoom(text) } else { Refusal::NotNow(text) }
    }

    /// The queue did not take it.
    #[must_use]
    pub fn of_spool(error: &SpoolError) -> Refusal {
        let mut text = format!("the message was not queued: {error}");
        if let Some(why) = error.source() {
            text += &format!(": {why}");
        }
        match error {
            SpoolError::NoRoom { .. } | SpoolError::NoFiles { .. } => Refusal::NoRoom(text),
            SpoolError::TooLarge { .. } => Refusal::TooLarge(text),
            SpoolError::TooManyRecipients { .. } => Refusal::TooManyRecipients(text),
            SpoolError::Io { error, .. } | SpoolError::Source(error) if is_no_room(error) => {
                Refusal::NoRoom(text)
            }
            _ => Refusal::NotNow(text),
        }
    }

    pub(super) fn reply(&self) -> Reply {
        let (code, more, text) = match self {
            Refusal::NotNow(text) => (451, "4.3.0", text),
            Refusal::NoRoom(text) => (452, "4.3.1", text),
            Refusal::TooLarge(text) => (552, "5.3.4", text),
            Refusal::TooManyRecipients(text) => (552, "5.5.3", text),
            Refusal::NotFit(text) => (554, "5.6.0", text),
            Refusal::Forbidden(text) => (550, "5.7.1", text),
        };
        // A path, or a line of the message, may hold anything.
        let text = text.replace(|c: char| c.is_control() || !c.is_ascii(), "?");
        Reply::new(code, &format!("{more} {text}"))
    }
}

fn is_no_room(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}
