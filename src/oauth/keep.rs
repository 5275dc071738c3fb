//! Where the tokens of an account are kept: a file of ours that nobody else can read, written whole or not at all, with a
//! lock beside it. Another place, such as a keyring, is for `app` to add.
#![allow(clippy::disallowed_types, reason = "files with tokens")]

use crate::config::accounts::{Problem, problem};
use crate::net::{Deadline, interrupt};
use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, fchown, lchown};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

/// The most octets that are kept.
const LARGEST: u64 = 256 * 1024;
/// How often a lock that another process has is asked for.
const TURN: Duration = Duration::from_millis(20);

/// Keeps the tokens of one account.
pub trait Keep: fmt::Debug + Send + Sync {
    /// Keeps everybody else from renewing them, in this process and in others, until it is dropped.
    ///
    /// # Errors
    /// [`KeepError::Busy`] if the time is over first.
    fn lock(&self, until: Deadline) -> Result<Lock, KeepError>;
    /// What is kept; nothing, if there is nothing.
    ///
    /// # Errors
    /// [`KeepError`].
    fn read(&self) -> Result<Option<Zeroizing<String>>, KeepError>;
    /// Keeps this instead; it is safe when this returns.
    ///
    /// # Errors
    /// [`KeepError`].
    fn write(&self, text: &str) -> Result<(), KeepError>;
    /// Keeps nothing any longer; whether there was something.
    ///
    /// # Errors
    /// [`KeepError`].
    fn remove(&self) -> Result<bool, KeepError>;
    /// The place, in words.
    fn place(&self) -> String;
}

/// A lock that is held.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "it is held, and released when it is closed")] File);

/// Why tokens cannot be kept.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeepError {
    /// A file or a folder cannot be used.
    Io(PathBuf, io::Error),
    /// Others can do something to a file that they should not.
    Problem(PathBuf, Problem),
    /// The file holds no tokens: it is empty, too large, or of a later version.
    Unreadable(String),
    /// Another process has had the lock for too long.
    Busy(PathBuf),
    /// Another place than a file fails, for this reason.
    Elsewhere(String),
}

/// Keeps them in a file.
#[derive(Debug, Clone)]
pub struct FileKeep {
    folder: PathBuf,
    name: String,
}

impl FileKeep {
    /// In this folder, which is made when it is needed; the file has the account's name, which does not begin with a
    /// dot and has no slash in it.
    #[must_use]
    pub fn new(folder: PathBuf, account: &str) -> FileKeep {
        FileKeep { folder, name: account.to_owned() }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    fn failed(&self, error: io::Error) -> KeepError {
        KeepError::Io(self.path(), error)
    }

    /// The folder, for its owner alone.
    fn make_folder(&self) -> Result<(), KeepError> {
        let failed = |error| KeepError::Io(self.folder.clone(), error);
        let is_new = self.folder.symlink_metadata().is_err();
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).map_err(failed)?;
        let above = self.folder.parent().map(std::fs::metadata);
        if let Some(Ok(above)) = above.filter(|_| is_new && rustix::process::geteuid().is_root()) {
            // In a service's home it is the service's. What lies there is the service's to change: no link is followed.
            lchown(&self.folder, Some(above.uid()), Some(above.gid())).map_err(failed)?;
        }
        if !self.folder.symlink_metadata().map_err(failed)?.is_dir() {
            return Err(failed(io::ErrorKind::NotADirectory.into()));
        }
        self.check(&self.folder)
    }

    fn check(&self, path: &Path) -> Result<(), KeepError> {
        let facts = std::fs::metadata(path).map_err(|error| KeepError::Io(path.to_owned(), error))?;
        match self.problem(&facts) {
            Some(problem) => Err(KeepError::Problem(path.to_owned(), problem)),
            None => Ok(()),
        }
    }

    /// What is wrong with the mode or the owner. To root, a folder may be a service's, and its files are as well.
    fn problem(&self, facts: &std::fs::Metadata) -> Option<Problem> {
        let own = rustix::process::geteuid().as_raw();
        let of_service = std::fs::metadata(&self.folder).map(|folder| folder.uid());
        let user = if own == 0 { of_service.unwrap_or(own) } else { own };
        problem(facts.mode(), facts.uid(), user, true)
    }

    /// Gives a file of root's to the owner of the folder: a service has to read it.
    fn give_away(&self, file: &File) -> io::Result<()> {
        let folder = std::fs::metadata(&self.folder)?;
        match rustix::process::geteuid().is_root() && folder.uid() != 0 {
            true => fchown(file, Some(folder.uid()), Some(folder.gid())),
            false => Ok(()),
        }
    }

    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }
}

impl Keep for FileKeep {
    fn lock(&self, until: Deadline) -> Result<Lock, KeepError> {
        self.make_folder()?;
        // No account's name begins with a dot.
        let path = self.folder.join(format!(".{}.lock", self.name));
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = opened.map_err(|error| KeepError::Io(path.clone(), error))?;
        self.give_away(&file).map_err(|error| KeepError::Io(path.clone(), error))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock(file)),
                Err(TryLockError::WouldBlock) if until.is_over() || interrupt::caught().is_some() => {
                    return Err(KeepError::Busy(path));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(TURN),
                Err(TryLockError::Error(error)) => return Err(KeepError::Io(path, error)),
            }
        }
    }

    fn read(&self) -> Result<Option<Zeroizing<String>>, KeepError> {
        let file = match File::open(self.path()) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        };
        let facts = file.metadata().map_err(|error| self.failed(error))?;
        if let Some(problem) = self.problem(&facts) {
            return Err(KeepError::Problem(self.path(), problem));
        }
        let unreadable = || KeepError::Unreadable(self.place());
        let length = usize::try_from(facts.len().min(LARGEST)).unwrap_or_default();
        // With room enough nothing is copied while it is read.
        let mut text = Zeroizing::new(String::with_capacity(length + 64));
        match file.take(LARGEST + 1).read_to_string(&mut text) {
            Ok(_) if text.len() as u64 > LARGEST || text.is_empty() => Err(unreadable()),
            Ok(_) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(unreadable()),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn write(&self, text: &str) -> Result<(), KeepError> {
        self.make_folder()?;
        let write = || -> io::Result<()> {
            // Mode 0600; it is gone unless it gets its name.
            let mut file = NamedTempFile::with_prefix_in(".new-", &self.folder)?;
            self.give_away(file.as_file())?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(self.path()).map_err(|error| error.error)?;
            self.sync_folder()
        };
        write().map_err(|error| self.failed(error))
    }

    fn remove(&self) -> Result<bool, KeepError> {
        match std::fs::remove_file(self.path()) {
            Ok(()) => self.sync_folder().map(|()| true).map_err(|error| self.failed(error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn place(&self) -> String {
        self.path().display().to_string()
    }
}

impl KeepError {
    /// Whether a later try may go better, with nobody doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            KeepError::Busy(_) | KeepError::Elsewhere(_) => true,
            KeepError::Io(_, error) => error.kind() != io::ErrorKind::PermissionDenied,
            KeepError::Problem(..) | KeepError::Unreadable(_) => false,
        }
    }
}

impl std::error::Error for KeepError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            KeepError::Io(_, error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for KeepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeepError::Io(path, error) => {
                write!(f, "{}: {}", path.display(), crate::net::error::plain(error))
            }
            KeepError::Problem(path, problem) => write!(f, "{}: {problem}", path.display()),
            KeepError::Unreadable(place) => write!(f, "{place} holds no tokens"),
            KeepError::Busy(path) => write!(f, "another process holds {} for too long", path.display()),
            KeepError::Elsewhere(why) => f.write_str(why),
        }
    }
}
