//! Tokens in a file of ours that nobody else can read, written whole or not at all, with a lock beside it. How a folder
//! and its files are opened, which may be a service's, is in [`Folder`].
#![allow(clippy::disallowed_types, reason = "files with tokens")]

use super::keep::{Keep, KeepError, Lock};
use crate::config::folder::Folder;
use crate::net::{Deadline, interrupt};
use rustix::fs::{OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::Errno;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// The most octets that are kept.
const LARGEST: u64 = 256 * 1024;
/// How much room is made sure of before a provider is asked, in octets: two tokens as large as one may be, and more.
const ROOM: usize = 48 * 1024;
/// The most octets of a note.
const LARGEST_NOTE: u64 = 4096;
/// How often a lock that another process has is asked for.
const TURN: Duration = Duration::from_millis(20);

/// Keeps them in a file.
#[derive(Debug, Clone)]
pub struct FileKeep {
    folder: PathBuf,
    name: String,
}

/// The lock, held.
struct Held<'a> {
    keep: &'a FileKeep,
    folder: Folder,
    file: File,
    /// The file that gets the name in the end.
    new: Option<File>,
}

impl FileKeep {
    /// In this folder, which is made when it is needed; the file has the account's name, which does not begin with a
    /// dot and has no slash in it.
    #[must_use]
    pub fn new(folder: PathBuf, account: &str) -> FileKeep {
        FileKeep { folder, name: account.to_owned() }
    }

    /// The file whose time says when somebody signed in last.
    #[must_use]
    pub fn marked(&self) -> PathBuf {
        self.folder.join(self.lock_name())
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// No account's name begins with a dot.
    fn lock_name(&self) -> String {
        format!(".{}.lock", self.name)
    }

    fn new_name(&self) -> String {
        format!(".{}.new", self.name)
    }

    fn failed(&self, error: impl Into<io::Error>) -> KeepError {
        KeepError::Io(self.path(), error.into())
    }

    /// The file of the lock, made if it is not there.
    fn lock_file(&self, folder: &Folder) -> Result<File, KeepError> {
        let name = self.lock_name();
        loop {
            if let Some(file) = folder.file(&name, OFlags::RDWR)? {
                return Ok(file);
            }
            match folder.make_file(&name) {
                Ok(file) => return Ok(file),
                // Somebody else was faster.
                Err(Errno::EXIST) => {}
                Err(error) => return Err(KeepError::Io(self.marked(), error.into())),
            }
        }
    }
}

impl Keep for FileKeep {
    fn lock(&self, until: Deadline) -> Result<Box<dyn Lock + '_>, KeepError> {
        let folder = Folder::make(&self.folder)?;
        let file = self.lock_file(&folder)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Box::new(Held { keep: self, folder, file, new: None })),
                Err(TryLockError::WouldBlock) if interrupt::caught().is_some() => {
                    return Err(KeepError::Interrupted);
                }
                Err(TryLockError::WouldBlock) if until.is_over() => {
                    return Err(KeepError::Busy(self.marked()));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(TURN),
                Err(TryLockError::Error(error)) => return Err(KeepError::Io(self.marked(), error)),
            }
        }
    }

    fn read(&self) -> Result<Option<Zeroizing<String>>, KeepError> {
        let Some(folder) = Folder::open(&self.folder)? else { return Ok(None) };
        let Some(file) = folder.file(&self.name, OFlags::RDONLY)? else { return Ok(None) };
        let length = file.metadata().map_err(|error| self.failed(error))?.len().min(LARGEST);
        let unreadable = || KeepError::Unreadable(self.place());
        // With room enough nothing is copied while it is read.
        let room = usize::try_from(length).unwrap_or_default() + 64;
        let mut text = Zeroizing::new(String::with_capacity(room));
        match file.take(LARGEST + 1).read_to_string(&mut text) {
            Ok(_) if text.len() as u64 > LARGEST || text.is_empty() => Err(unreadable()),
            Ok(_) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(unreadable()),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn place(&self) -> String {
        self.path().display().to_string()
    }
}

impl Held<'_> {
    fn failed(&self, error: impl Into<io::Error>) -> KeepError {
        self.keep.failed(error)
    }
}

impl Lock for Held<'_> {
    fn prepare(&mut self) -> Result<(), KeepError> {
        let name = self.keep.new_name();
        let make = || -> io::Result<File> {
            // Whoever was killed while writing has left one.
            self.folder.unlink(&name)?;
            let mut file = self.folder.make_file(&name)?;
            file.write_all(&[b' '; ROOM])?;
            file.sync_all()?;
            Ok(file)
        };
        match make() {
            Ok(file) => self.new = Some(file),
            Err(error) => {
                let _ = self.folder.unlink(&name);
                return Err(self.failed(error));
            }
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), KeepError> {
        if self.new.is_none() {
            self.prepare()?;
        }
        let Some(mut file) = self.new.take() else { return Err(self.failed(Errno::NOENT)) };
        let (folder, keep) = (&self.folder, self.keep);
        let mut write = || -> io::Result<()> {
            file.rewind()?;
            file.write_all(text.as_bytes())?;
            file.set_len(text.len() as u64)?;
            file.sync_all()?;
            folder.rename(&keep.new_name(), &keep.name)?;
            Ok(folder.sync()?)
        };
        write().map_err(|error| keep.failed(error))
    }

    fn remove(&mut self) -> Result<bool, KeepError> {
        let (folder, keep) = (&self.folder, self.keep);
        let remove = || -> rustix::io::Result<bool> {
            folder.unlink(&keep.new_name())?;
            let was_there = folder.unlink(&keep.name)?;
            folder.sync()?;
            Ok(was_there)
        };
        remove().map_err(|error| keep.failed(error))
    }

    fn note(&mut self) -> String {
        let mut text = String::new();
        let read =
            self.file.rewind().and_then(|()| (&self.file).take(LARGEST_NOTE).read_to_string(&mut text));
        if read.is_ok() { text } else { String::new() }
    }

    fn set_note(&mut self, text: &str) {
        let before = self.file.metadata().and_then(|facts| facts.modified());
        let _ = self.file.set_len(0).and_then(|()| self.file.rewind());
        let _ = self.file.write_all(text.as_bytes());
        // The time is for `mark` to change.
        let _ = before.and_then(|time| self.file.set_modified(time));
    }

    fn mark(&mut self) {
        let at = |tv_nsec| Timespec { tv_sec: 0, tv_nsec };
        let times = Timestamps { last_access: at(UTIME_OMIT), last_modification: at(UTIME_NOW) };
        let _ = rustix::fs::futimens(&self.file, &times);
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if self.new.take().is_some() {
            let _ = self.folder.unlink(&self.keep.new_name());
        }
    }
}

#[cfg(test)]
mod tests;
