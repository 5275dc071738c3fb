//! The two errors of a source that are not the system's. They travel inside an [`io::Error`], as reading and
//! writing do.

use std::fmt;
use std::io;

/// The file is no longer what it was when it was opened.
#[derive(Debug)]
struct Changed {
    name: Option<String>,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "'{}' changed while it was sent", name.escape_debug()),
            None => f.write_str("the file changed while it was sent"),
        }
    }
}

impl std::error::Error for Changed {}

/// Whether this error says that a file changed between two readings.
#[must_use]
pub fn is_changed(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Changed>())
}

/// The file of this name changed.
pub(super) fn changed(name: Option<&str>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Changed { name: name.map(str::to_owned) })
}

/// There is no room for what is to be sent.
#[derive(Debug)]
struct NoRoom(io::Error);

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (folder, reason) = (std::env::temp_dir(), self.0.to_string().to_lowercase());
        let reason = reason.split(" (os error").next().unwrap_or_default();
        write!(f, "it cannot be kept in the temporary folder {}: {reason}", folder.display())
    }
}

impl std::error::Error for NoRoom {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// A stream could not be put into a temporary file.
pub(super) fn spooling(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), NoRoom(error))
}

/// Whether this error says that a stream could not be kept, rather than read.
#[must_use]
pub fn is_no_room(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<NoRoom>())
}
