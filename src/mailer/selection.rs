//! Which messages a run sends.

use crate::spool::{Id, Listed};
use std::collections::HashSet;

/// Which messages are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Those that are due, by accounts that are not paused.
    Due,
    /// Those that are due; accounts that are paused are tried again, but for those that refused a log-in.
    Now,
    /// Those of an account, whether due or not.
    Account(String),
    /// These, whether due or not.
    These(HashSet<Id>),
    /// All, whether due or not.
    All,
}

impl Selection {
    /// Whether it holds this message.
    #[must_use]
    pub fn has(&self, listed: &Listed) -> bool {
        match self {
            Selection::Due | Selection::Now | Selection::All => true,
            // One that names no account goes by that of its sender, or by the default: its way tells.
            Selection::Account(name) => {
                listed.entry.submission.account.as_ref().is_none_or(|account| account == name)
            }
            Selection::These(ids) => ids.contains(&listed.entry.id),
        }
    }

    /// Whether it holds a message that goes by this account.
    #[must_use]
    pub fn has_account(&self, account: &str) -> bool {
        !matches!(self, Selection::Account(name) if name != account)
    }

    /// Whether a message is sent before it is due.
    #[must_use]
    pub fn hurries(&self) -> bool {
        matches!(self, Selection::Account(_) | Selection::These(_) | Selection::All)
    }
}
