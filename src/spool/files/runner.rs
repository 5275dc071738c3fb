//! One process runs the queue at a time: who has the file `lock` locked.

use super::disk::{Disk, DiskFile, Folder};
use super::store::Files;
use crate::spool::error::SpoolError;
use rustix::event::{Timespec, poll};
use std::io;

/// Its name.
pub const LOCK: &str = "lock";
/// How often it is tried, in nanoseconds.
const PAUSE: i64 = 100_000_000;

impl<D: Disk> Files<D> {
    pub(super) fn be_the_runner(&self, wait: bool) -> Result<Option<Box<dyn Send>>, SpoolError> {
        let failed = |error| self.io("lock", Folder::Root, LOCK)(error);
        let file = self.lock_file().map_err(failed)?;
        while !file.try_lock().map_err(failed)? {
            if !wait {
                return Ok(None);
            }
            // A signal that somebody listens to ends it.
            let pause = Timespec { tv_sec: 0, tv_nsec: PAUSE };
            poll(&mut [], Some(&pause)).map_err(|error| failed(error.into()))?;
        }
        Ok(Some(Box::new(file)))
    }

    /// It is never removed: two could have two of them.
    pub(super) fn lock_file(&self) -> io::Result<D::File> {
        match self.disk.open(Folder::Root, LOCK, true) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        match self.disk.make(Folder::Root, LOCK, 0o600) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.disk.open(Folder::Root, LOCK, true)
            }
            made => made,
        }
    }
}
