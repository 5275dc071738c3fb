//! Tokens in a file of ours that nobody else can read, written whole or not at all, with a lock beside it.
//!
//! Root may do this for a service, in a folder that belongs to the service's user: whoever is that user can put anything
//! there. So the folder is opened once, and everything else happens within it; no link is followed, nothing but an ordinary
//! file is opened, and only what was made here is given away.
#![allow(clippy::disallowed_types, reason = "files with tokens")]

use super::keep::{Keep, KeepError, Lock};
use crate::config::accounts::{Problem, problem};
use crate::net::{Deadline, interrupt};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use rustix::io::Errno;
use std::fs::{DirBuilder, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
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

/// No file that is opened is a link, waited for, or left to programs that we start.
const FLAGS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// Keeps them in a file.
#[derive(Debug, Clone)]
pub struct FileKeep {
    folder: PathBuf,
    name: String,
}

/// The folder, open.
#[derive(Debug)]
struct Folder<'a> {
    keep: &'a FileKeep,
    fd: OwnedFd,
    /// Who has to be able to read what is in it.
    user: u32,
    group: u32,
}

/// The lock, held.
struct Held<'a> {
    folder: Folder<'a>,
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

    fn of_folder(&self, error: impl Into<io::Error>) -> KeepError {
        KeepError::Io(self.folder.clone(), error.into())
    }

    /// Opens the folder, which is for its owner alone; nothing, if it is not there.
    fn open(&self) -> Result<Option<Folder<'_>>, KeepError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = match rustix::fs::open(&self.folder, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP) => return Err(KeepError::Kind(self.folder.clone())),
            Err(error) => return Err(self.of_folder(error)),
        };
        let facts = rustix::fs::fstat(&fd).map_err(|error| self.of_folder(error))?;
        let own = rustix::process::geteuid();
        // To root, a folder may be a service's, and its files are as well.
        let user = if own.is_root() { facts.st_uid } else { own.as_raw() };
        match wrong(&facts, user) {
            Some(problem) => Err(KeepError::Problem(self.folder.clone(), problem)),
            None => Ok(Some(Folder { keep: self, fd, user, group: facts.st_gid })),
        }
    }

    /// Opens the folder, or makes it. In a service's home it is the service's.
    fn make(&self) -> Result<Folder<'_>, KeepError> {
        if let Some(folder) = self.open()? {
            return Ok(folder);
        }
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        made.map_err(|error| self.of_folder(error))?;
        let mut folder = self.open()?.ok_or_else(|| self.of_folder(Errno::NOENT))?;
        let above = self.folder.parent().and_then(|above| std::fs::metadata(above).ok());
        if let Some(above) = above.filter(|above| rustix::process::geteuid().is_root() && above.uid() != 0) {
            (folder.user, folder.group) = (above.uid(), above.gid());
            folder.give_away(&folder.fd).map_err(|error| self.of_folder(error))?;
        }
        Ok(folder)
    }
}

/// What is wrong with the mode or the owner of something that only this user may see.
fn wrong(facts: &Stat, user: u32) -> Option<Problem> {
    problem(facts.st_mode, facts.st_uid, user, true)
}

impl Folder<'_> {
    /// Gives what was made here to the owner of the folder.
    fn give_away(&self, fd: &impl rustix::fd::AsFd) -> rustix::io::Result<()> {
        let own = rustix::process::geteuid();
        if own.as_raw() == self.user {
            return Ok(());
        }
        let (user, group) = (rustix::fs::Uid::from_raw(self.user), rustix::fs::Gid::from_raw(self.group));
        rustix::fs::fchown(fd, Some(user), Some(group))
    }

    /// Opens a file that is there; an ordinary one, with one name, that only its owner can read.
    fn file(&self, name: &str, flags: OFlags) -> Result<Option<File>, KeepError> {
        let path = || self.keep.folder.join(name);
        let failed = |error: Errno| KeepError::Io(path(), error.into());
        let fd = match rustix::fs::openat(&self.fd, name, flags | FLAGS, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP | Errno::NXIO | Errno::ISDIR) => return Err(KeepError::Kind(path())),
            Err(error) => return Err(failed(error)),
        };
        let facts = rustix::fs::fstat(&fd).map_err(failed)?;
        if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile || facts.st_nlink != 1 {
            return Err(KeepError::Kind(path()));
        }
        match wrong(&facts, self.user) {
            Some(problem) => Err(KeepError::Problem(path(), problem)),
            None => Ok(Some(File::from(fd))),
        }
    }

    /// Makes a file that is not there.
    fn make_file(&self, name: &str) -> rustix::io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | FLAGS;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR)?;
        self.give_away(&fd)?;
        Ok(File::from(fd))
    }

    /// The file of the lock, made if it is not there.
    fn lock_file(&self) -> Result<File, KeepError> {
        let name = self.keep.lock_name();
        loop {
            if let Some(file) = self.file(&name, OFlags::RDWR)? {
                return Ok(file);
            }
            match self.make_file(&name) {
                Ok(file) => return Ok(file),
                // Somebody else was faster.
                Err(Errno::EXIST) => {}
                Err(error) => return Err(KeepError::Io(self.keep.folder.join(&name), error.into())),
            }
        }
    }

    /// Whether there was one.
    fn unlink(&self, name: &str) -> rustix::io::Result<bool> {
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Keep for FileKeep {
    fn lock(&self, until: Deadline) -> Result<Box<dyn Lock + '_>, KeepError> {
        let folder = self.make()?;
        let file = folder.lock_file()?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Box::new(Held { folder, file, new: None })),
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
        let Some(folder) = self.open()? else { return Ok(None) };
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
        self.folder.keep.failed(error)
    }
}

impl Lock for Held<'_> {
    fn prepare(&mut self) -> Result<(), KeepError> {
        let name = self.folder.keep.new_name();
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
        let (folder, keep) = (&self.folder, self.folder.keep);
        let mut write = || -> io::Result<()> {
            file.rewind()?;
            file.write_all(text.as_bytes())?;
            file.set_len(text.len() as u64)?;
            file.sync_all()?;
            rustix::fs::renameat(&folder.fd, keep.new_name(), &folder.fd, &keep.name)?;
            Ok(rustix::fs::fsync(&folder.fd)?)
        };
        write().map_err(|error| keep.failed(error))
    }

    fn remove(&mut self) -> Result<bool, KeepError> {
        let (folder, keep) = (&self.folder, self.folder.keep);
        let remove = || -> rustix::io::Result<bool> {
            folder.unlink(&keep.new_name())?;
            let was_there = folder.unlink(&keep.name)?;
            rustix::fs::fsync(&folder.fd)?;
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
            let _ = self.folder.unlink(&self.folder.keep.new_name());
        }
    }
}

#[cfg(test)]
mod tests;
