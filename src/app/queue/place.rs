//! Where the queue of a user is: below the folder for what a program has to remember (XDG Base Directory
//! Specification).

use super::super::early_exit::{EarlyExit, Result};
use crate::report::exit::ExitStatus;
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
