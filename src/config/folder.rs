//! A folder of ours, for its owner alone, and the files in it.
//!
//! Root may use one for a service, where it belongs to the service's user: whoever is that user can put anything there. So
//! the folder is opened once, and everything else happens within it; no link is followed, nothing but an ordinary file is
//! opened, and only what was made here is given away.
#![allow(clippy::disallowed_types, reason = "files that nobody else can read")]

use super::accounts::{Problem, problem};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::fmt;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// No file that is opened is a link, waited for, or left to programs that we start.
const FLAGS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// The folder, open.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    fd: OwnedFd,
    /// Who has to be able to read what is in it.
    user: u32,
    group: u32,
}

/// Why a folder, or a file in it, cannot be used.
#[derive(Debug)]
pub enum FolderError {
    /// The system says no.
    Io(PathBuf, io::Error),
    /// Others can do something to it that they should not.
    Problem(PathBuf, Problem),
    /// It is no file, or no folder: a link, a pipe.
    Kind(PathBuf),
}

impl Folder {
    /// Opens it; nothing, if it is not there.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open(path: &Path) -> Result<Option<Folder>, FolderError> {
        let failed = |error: Errno| FolderError::Io(path.to_owned(), error.into());
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::NOTDIR | Errno::LOOP) => return Err(FolderError::Kind(path.to_owned())),
            Err(error) => return Err(failed(error)),
        };
        let facts = rustix::fs::fstat(&fd).map_err(failed)?;
        let own = rustix::process::geteuid();
        // To root, a folder may be a service's, and its files are as well.
        let user = if own.is_root() { facts.st_uid } else { own.as_raw() };
        match wrong(&facts, user) {
            Some(problem) => Err(FolderError::Problem(path.to_owned(), problem)),
            None => Ok(Some(Folder { path: path.to_owned(), fd, user, group: facts.st_gid })),
        }
    }

    /// Opens it, or makes it. In a service's home it is the service's.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn make(path: &Path) -> Result<Folder, FolderError> {
        if let Some(folder) = Folder::open(path)? {
            return Ok(folder);
        }
        let failed = |error: io::Error| FolderError::Io(path.to_owned(), error);
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let mut folder = Folder::open(path)?.ok_or_else(|| failed(Errno::NOENT.into()))?;
        let above = path.parent().and_then(|above| std::fs::metadata(above).ok());
        if let Some(above) = above.filter(|above| rustix::process::geteuid().is_root() && above.uid() != 0) {
            (folder.user, folder.group) = (above.uid(), above.gid());
            folder.give_away(&folder.fd).map_err(|error| failed(error.into()))?;
        }
        Ok(folder)
    }

    /// Opens a file that is there; an ordinary one, with one name, that only its owner can read.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn file(&self, name: &str, flags: OFlags) -> Result<Option<File>, FolderError> {
        let path = || self.path.join(name);
        let failed = |error: Errno| FolderError::Io(path(), error.into());
        let fd = match rustix::fs::openat(&self.fd, name, flags | FLAGS, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP | Errno::NXIO | Errno::ISDIR) => return Err(FolderError::Kind(path())),
            Err(error) => return Err(failed(error)),
        };
        let facts = rustix::fs::fstat(&fd).map_err(failed)?;
        if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile || facts.st_nlink != 1 {
            return Err(FolderError::Kind(path()));
        }
        match wrong(&facts, self.user) {
            Some(problem) => Err(FolderError::Problem(path(), problem)),
            None => Ok(Some(File::from(fd))),
        }
    }

    /// Makes a file that is not there.
    ///
    /// # Errors
    /// The system's, [`Errno::EXIST`] if it is there.
    pub fn make_file(&self, name: &str) -> rustix::io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | FLAGS;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::RUSR | Mode::WUSR)?;
        self.give_away(&fd)?;
        Ok(File::from(fd))
    }

    /// Gives a file another name, that of another file if there is one.
    ///
    /// # Errors
    /// The system's.
    pub fn rename(&self, from: &str, to: &str) -> rustix::io::Result<()> {
        rustix::fs::renameat(&self.fd, from, &self.fd, to)
    }

    /// Takes a name away; whether there was one.
    ///
    /// # Errors
    /// The system's.
    pub fn unlink(&self, name: &str) -> rustix::io::Result<bool> {
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Waits until the names in it are on the disk.
    ///
    /// # Errors
    /// The system's.
    pub fn sync(&self) -> rustix::io::Result<()> {
        rustix::fs::fsync(&self.fd)
    }

    /// Gives what was made here to the owner of the folder.
    fn give_away(&self, fd: &impl rustix::fd::AsFd) -> rustix::io::Result<()> {
        let own = rustix::process::geteuid();
        if own.as_raw() == self.user {
            return Ok(());
        }
        let (user, group) = (rustix::fs::Uid::from_raw(self.user), rustix::fs::Gid::from_raw(self.group));
        rustix::fs::fchown(fd, Some(user), Some(group))
    }
}

/// What is wrong with the mode or the owner of something that only this user may see.
fn wrong(facts: &Stat, user: u32) -> Option<Problem> {
    problem(facts.st_mode, facts.st_uid, user, true)
}

impl std::error::Error for FolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FolderError::Io(_, error) => Some(error),
            FolderError::Problem(..) | FolderError::Kind(_) => None,
        }
    }
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FolderError::Io(path, error) => write!(f, "{}: {error}", path.display()),
            FolderError::Problem(path, problem) => write!(f, "{}: {problem}", path.display()),
            FolderError::Kind(path) => write!(f, "{} is a link, or no ordinary file", path.display()),
        }
    }
}
