//! Where the queue of a user is: below the folder for what a program has to remember (XDG Base Directory
//! Specification).

use super::super::early_exit::{EarlyExit, Result};
use super::super::state;
use crate::report::exit::ExitStatus;
use crate::spool::files::{Files, Real};
use crate::spool::{Limits, SpoolError};
use crate::words;
use std::path::{Path, PathBuf};

/// The queue of a machine, and the folder of the sockets of its daemon.
pub const MACHINES: &str = "/var/spool/ehlo";
pub const SOCKETS: &str = "/run/ehlo";

/// The variable that names another folder for the queue than the user's own: the daemon's, for what it starts.
pub const FOLDER: &str = "EHLO_QUEUE";
/// The variable by which the daemon says whose messages an errand is about, by number; all, where it is not set.
pub const OF: &str = "EHLO_QUEUE_OF";
/// The variable by which the daemon says who is on an errand, by number.
pub const BY: &str = "EHLO_QUEUE_BY";
/// The variable that names another folder for the daemon's sockets.
pub const SOCKETS_VARIABLE: &str = "EHLO_SOCKETS";

/// The number in a variable.
fn number(name: &str) -> Option<u32> {
    std::env::var(name).ok()?.parse().ok()
}

/// Whether this is a queue of a machine, in which messages of several users are.
#[must_use]
pub fn is_machines() -> bool {
    std::env::var_os(FOLDER).is_some()
}

/// Whether this process does an errand for the daemon, with words that somebody else typed.
#[must_use]
pub fn is_errand() -> bool {
    std::env::var_os(BY).is_some()
}

/// The user about whose messages alone an errand is.
#[must_use]
pub fn only_of() -> Option<u32> {
    // What cannot be read is nobody.
    std::env::var_os(OF).map(|_| number(OF).unwrap_or(u32::MAX))
}

/// The user who decides.
#[must_use]
pub fn by() -> u32 {
    number(BY).unwrap_or_else(|| rustix::process::getuid().as_raw())
}

/// Another folder for the daemon's sockets, if one is named.
fn named_sockets() -> Option<PathBuf> {
    std::env::var_os(SOCKETS_VARIABLE).filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Whether its sockets are where they usually are.
#[must_use]
pub fn has_usual_sockets() -> bool {
    named_sockets().is_none()
}

/// Where a socket of the daemon is.
#[must_use]
pub fn socket(name: &str) -> PathBuf {
    named_sockets().unwrap_or_else(|| PathBuf::from(SOCKETS)).join(format!("{name}.sock"))
}

/// The folder of the user's own queue: `$XDG_STATE_HOME/ehlo/queue`, or `~/.local/state/ehlo/queue`.
pub fn folder() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(FOLDER).map(PathBuf::from).filter(|folder| folder.is_absolute()) {
        return Ok(named);
    }
    state::folder().map(|state| state.join("queue")).ok_or_else(|| {
        let text = "there is no place for the queue: neither XDG_STATE_HOME nor a home folder is known";
        EarlyExit::of(ExitStatus::TEMPORARY, text)
    })
}

/// The user's own queue, to put messages into: it is made where there is none.
pub fn open(limits: Limits) -> Result<Files<Real>> {
    open_at(&folder()?, limits)
}

/// The same in this folder.
pub fn open_at(folder: &Path, limits: Limits) -> Result<Files<Real>> {
    Files::open(folder, limits).map_err(|error| unusable(&error))
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
