//! Where a program keeps what it has to remember (XDG Base Directory Specification).

use std::path::PathBuf;

/// The user's: `$XDG_STATE_HOME/ehlo`, or `~/.local/state/ehlo`.
pub fn folder() -> Option<PathBuf> {
    let set = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    // Where HOME is not set, as in some services, the user's entry in passwd(5) has it.
    let home = || std::env::home_dir().filter(|home| home.is_absolute());
    let state = set.or_else(|| Some(home()?.join(".local/state")));
    state.map(|state| state.join("ehlo"))
}
