//! How it stands with a whole message, in a word: what a list shows, and what one looks for.

use super::Listed;
use super::state::{RecipientState, State};

/// How it stands with a message. Where several are true of it, it is the first in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody works on it now.
    Sending,
    /// It waits until somebody releases it.
    Held,
    /// It waits for the domain of a name that has none.
    NoDomain,
    /// Nobody knows whether some recipients have it.
    Unknown,
    /// Its account cannot be used at present.
    AccountDown,
    /// It is due.
    Queued,
    /// It waits for its next try.
    Deferred,
    /// Nobody waits for it any more, but the sender is still to be told.
    Decided,
}

impl Standing {
    /// All of them, as they are listed.
    pub const ALL: [Standing; 8] = [
        Standing::Queued,
        Standing::Sending,
        Standing::Deferred,
        Standing::Unknown,
        Standing::Held,
        Standing::NoDomain,
        Standing::AccountDown,
        Standing::Decided,
    ];

    /// Of a message, whose account may be out of use, and whose names may lack a domain.
    #[must_use]
    pub fn of(listed: &Listed, is_account_down: bool, has_no_domain: bool) -> Standing {
        let state = &listed.state;
        let any = |is: fn(State) -> bool| state.recipients.iter().any(|recipient| is(recipient.state));
        match &state.held {
            _ if listed.busy => Standing::Sending,
            Some(_) => Standing::Held,
            None if has_no_domain => Standing::NoDomain,
            None if is_unknown(listed) => Standing::Unknown,
            None if is_account_down && any(|state| !state.is_final()) => Standing::AccountDown,
            None if any(|state| state == State::Queued) => Standing::Queued,
            None if any(|state| !state.is_final()) => Standing::Deferred,
            None => Standing::Decided,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Standing::Queued => "queued",
            Standing::Sending => "sending",
            Standing::Deferred => "deferred",
            Standing::Unknown => "unknown",
            Standing::Held => "held",
            Standing::NoDomain => "no-domain",
            Standing::AccountDown => "account-down",
            Standing::Decided => "decided",
        }
    }
}

/// How it stands with a recipient of this message. Whoever is in doubt is being sent to while somebody works on it;
/// else nobody knows whether they have it.
#[must_use]
pub fn state_of(recipient: &RecipientState, listed: &Listed) -> State {
    match recipient.state {
        State::InDoubt if !listed.busy => State::Unknown { next: None },
        state => state,
    }
}

/// Whether nobody knows if some recipients have it.
#[must_use]
pub fn is_unknown(listed: &Listed) -> bool {
    let is_unknown = |recipient| matches!(state_of(recipient, listed), State::Unknown { .. });
    listed.state.recipients.iter().any(is_unknown)
}
