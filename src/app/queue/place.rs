//! Where the queue of a user is: below the folder for what a program has to remember (XDG Base Directory
//! Specification).

use super::super::early_exit::{EarlyExit, Result};
use crate::report::exit::ExitStatus;
use crate::spool::files::{Files, Real};
use crate::spool::{Limits, SpoolError};
use crate::words;
use std::path::PathBuf;

/// The folder of the user's own queue: `$XDG_STATE_HOME/ehlo/queue`, or `~/.local/state/ehlo/queue`.
pub fn folder() -> Result<PathBuf> {
    let set = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    // Where HOME is not set, as in some services, the user's entry in passwd(5) has it.
    let home = || std::env::home_dir().filter(|home| home.is_absolute());
    let state = set.or_else(|| Some(home()?.join(".local/state")));
    state.map(|state| state.join("ehlo/queue")).ok_or_else(|| {
        let text = "there is no place for the queue: neither XDG_STATE_HOME nor a home folder is known";
        EarlyExit::of(ExitStatus::TEMPORARY, text)
    })
}

/// The user's own queue, to put messages into: it is made where there is none.
pub fn open(limits: Limits) -> Result<Files<Real>> {
    Files::open(&folder()?, limits).map_err(|error| unusable(&error))
}

/// The user's own queue, if there is one, for all who put nothing into it but notices.
pub fn existing(limits: Limits) -> Result<Option<Files<Real>>> {
    Files::existing(&folder()?, limits).map_err(|error| unusable(&error))
}

/// A queue that cannot be used, as it is told.
pub fn unusable(error: &SpoolError) -> EarlyExit {
    let status = match error {
        SpoolError::Newer { .. } | SpoolError::NotAQueue { .. } => ExitStatus::CONFIG,
        SpoolError::TooLarge { .. } | SpoolError::TooManyRecipients { .. } => ExitStatus::DATA,
        _ => ExitStatus::TEMPORARY,
    };
    EarlyExit::of(status, words::queue::error(error))
}
