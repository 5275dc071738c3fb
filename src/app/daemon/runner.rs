//! The runner of the daemon: `ehlo queue run`, in a process of its own, started when a message comes, when the queue is
//! looked at from time to time, and when the last one has left while messages came.

use super::children;
use crate::net::program::Own;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often it is looked at whether it has ended.
pub const GLANCE: Duration = Duration::from_millis(200);

/// The runner, one at a time.
#[derive(Debug)]
pub struct Runner {
    folder: PathBuf,
    child: Option<Own>,
    /// Something came while it was at work: it may have looked for the last time.
    is_owed: bool,
    /// Accounts that are not used at present are to be tried at once.
    hurries: bool,
}

impl Runner {
    /// For the queue in this folder.
    #[must_use]
    pub fn new(folder: &Path) -> Runner {
        Runner { folder: folder.to_owned(), child: None, is_owed: false, hurries: false }
    }

    /// Sees to it that what waits is looked at.
    pub fn wake(&mut self) {
        if self.child.is_some() {
            self.is_owed = true;
        } else {
            // What keeps it from being started is over in a minute, perhaps, and then the queue is looked at again.
            self.child = children::run(&self.folder, std::mem::take(&mut self.hurries)).ok();
        }
    }

    /// The same, and accounts that are not used at present are tried again, since the network or the configuration is
    /// another one.
    pub fn hurry(&mut self) {
        self.hurries = true;
        self.wake();
    }

    /// Whether it has ended; another is started if that is owed.
    pub fn look(&mut self) {
        if self.has_ended() && std::mem::take(&mut self.is_owed) {
            self.wake();
        }
    }

    /// Whether none is at work.
    pub fn has_ended(&mut self) -> bool {
        if self.child.as_mut().is_some_and(|child| !matches!(child.ended(), Ok(None))) {
            self.child = None;
        }
        self.child.is_none()
    }

    /// Asks it to end in good order.
    pub fn stop(&mut self) {
        if let Some(child) = &self.child {
            child.terminate();
        }
    }

    /// How long may be waited before it is looked at again.
    pub fn patience(&self) -> Option<Duration> {
        self.child.is_some().then_some(GLANCE)
    }
}
