//! A queue in files is watched for messages that come (inotify(7)).

use super::disk::Folder;
use super::real::Real;
use super::store::Files;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Becomes readable when a message comes.
#[derive(Debug)]
pub struct Watch(OwnedFd);

impl Files<Real> {
    /// Watches from now on.
    ///
    /// # Errors
    /// The system watches no more folders.
    pub fn watch(&self) -> io::Result<Watch> {
        let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let path = self.place(Folder::Queue, "");
        inotify::add_watch(&watch, path, WatchFlags::CREATE | WatchFlags::MOVED_TO)?;
        Ok(Watch(watch))
    }
}

impl Watch {
    /// Forgets what was seen so far.
    pub fn forget(&self) {
        let mut room = [0_u8; 4096];
        while rustix::io::read(&self.0, &mut room).is_ok_and(|count| count > 0) {}
    }
}

impl AsFd for Watch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
