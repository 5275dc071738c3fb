//! Where the tokens of an account are kept, as a [`Keep`]. That in files is file_keep.rs; another place, such as a keyring,
//! is for `app` to add.

use crate::config::accounts::Problem;
use crate::config::folder::FolderError;
use crate::net::Deadline;
use std::fmt;
use std::io;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Keeps the tokens of one account.
pub trait Keep: fmt::Debug + Send + Sync {
    /// Keeps everybody else from renewing them, in this process and in others, until it is dropped.
    ///
    /// # Errors
    /// [`KeepError::Busy`] if the time is over first, [`KeepError::Interrupted`].
    fn lock(&self, until: Deadline) -> Result<Box<dyn Lock + '_>, KeepError>;
    /// What is kept; nothing, if there is nothing.
    ///
    /// # Errors
    /// [`KeepError`].
    fn read(&self) -> Result<Option<Zeroizing<String>>, KeepError>;
    /// The place, in words.
    fn place(&self) -> String;
}

/// A lock that is held: what only its holder may do.
pub trait Lock {
    /// Makes sure that tokens can be kept, before a provider is asked for them: it may give them once.
    ///
    /// # Errors
    /// [`KeepError`].
    fn prepare(&mut self) -> Result<(), KeepError>;
    /// Keeps this instead; it is safe when this returns.
    ///
    /// # Errors
    /// [`KeepError`].
    fn write(&mut self, text: &str) -> Result<(), KeepError>;
    /// Keeps nothing any longer; whether there was something.
    ///
    /// # Errors
    /// [`KeepError`].
    fn remove(&mut self) -> Result<bool, KeepError>;
    /// A note beside the tokens, which holds no secret; empty if there is none.
    fn note(&mut self) -> String;
    /// Leaves a note. One that cannot be written is not missed.
    fn set_note(&mut self, text: &str);
    /// Somebody has signed in: what failed before is worth another try.
    fn mark(&mut self);
}

/// Why tokens cannot be kept.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeepError {
    /// A file or a folder cannot be used.
    Io(PathBuf, io::Error),
    /// Others can do something to a file that they should not.
    Problem(PathBuf, Problem),
    /// It is no file, or no folder: a link, a pipe.
    Kind(PathBuf),
    /// The file holds no tokens: it is empty, too large, or of a later version.
    Unreadable(String),
    /// Another process has had the lock for too long.
    Busy(PathBuf),
    /// A signal came.
    Interrupted,
    /// Another place than a file fails, for this reason.
    Elsewhere(String),
}

impl KeepError {
    /// Whether a later try may go better, with nobody doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            KeepError::Busy(_) | KeepError::Elsewhere(_) | KeepError::Interrupted => true,
            KeepError::Io(_, error) => error.kind() != io::ErrorKind::PermissionDenied,
            KeepError::Problem(..) | KeepError::Kind(_) | KeepError::Unreadable(_) => false,
        }
    }
}

impl From<FolderError> for KeepError {
    fn from(error: FolderError) -> KeepError {
        match error {
            FolderError::Io(path, error) => KeepError::Io(path, error),
            FolderError::Problem(path, problem) => KeepError::Problem(path, problem),
            FolderError::Kind(path) => KeepError::Kind(path),
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
            KeepError::Kind(path) => write!(f, "{} is a link, or no ordinary file", path.display()),
            KeepError::Unreadable(place) => write!(f, "{place} holds no tokens"),
            KeepError::Busy(path) => write!(f, "another process holds {} for too long", path.display()),
            KeepError::Interrupted => f.write_str("interrupted by a signal"),
            KeepError::Elsewhere(why) => f.write_str(why),
        }
    }
}
