//! Where entries are kept: a folder with a file for each domain, named by the domain's A-labels, for its owner alone.
//!
//! A cache that cannot be used must not stop mail: its faults are only told. Nothing waits for the
//! disk: a file that was not written whole has no last line, and counts as none.

use super::entry::Entry;
use crate::config::folder::{Folder, FolderError};
use crate::net::error::plain;
use rustix::fs::OFlags;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// The most octets of a file: a policy of 64 KiB, and what stands around it.
const LARGEST: u64 = 65 * 1024;

/// Keeps what is known of domains, which are named in A-labels and small letters.
pub trait Cache {
    /// What is kept of a domain; nothing, if there is nothing.
    ///
    /// # Errors
    /// [`CacheError`]: then it counts as nothing.
    fn read(&self, domain: &str) -> Result<Option<Entry>, CacheError>;

    /// Keeps this instead.
    ///
    /// # Errors
    /// [`CacheError`]: then nobody will remember.
    fn write(&self, domain: &str, entry: &Entry) -> Result<(), CacheError>;
}

/// Keeps nothing.
pub struct NoCache;

impl Cache for NoCache {
    fn read(&self, _: &str) -> Result<Option<Entry>, CacheError> {
        Ok(None)
    }

    fn write(&self, _: &str, _: &Entry) -> Result<(), CacheError> {
        Ok(())
    }
}

/// Keeps it in a folder.
#[derive(Debug, Clone)]
pub struct FileCache {
    folder: PathBuf,
}

/// Why an entry cannot be read, or kept.
#[derive(Debug)]
#[non_exhaustive]
pub enum CacheError {
    /// The folder or the file cannot be used.
    Folder(FolderError),
    /// No file is named after a domain like this, since it has other characters than letters, digits, dots and hyphens.
    Name,
    /// The file holds no entry: it is cut off, or of a later version.
    Malformed(PathBuf),
}

impl FileCache {
    /// In this folder, which is made when there is something to keep.
    #[must_use]
    pub fn new(folder: PathBuf) -> FileCache {
        FileCache { folder }
    }
}

/// The name of a domain's file. It begins with no dot, holds no slash, and is short enough for any disk.
fn file_name(domain: &str) -> Result<&str, CacheError> {
    let is_label = |label: &str| {
        let fits = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(fits)
    };
    let is_fit = domain.len() <= 253 && domain.split('.').all(is_label);
    if is_fit { Ok(domain) } else { Err(CacheError::Name) }
}

impl Cache for FileCache {
    fn read(&self, domain: &str) -> Result<Option<Entry>, CacheError> {
        let name = file_name(domain)?;
        let path = || self.folder.join(name);
        let Some(folder) = Folder::open(&self.folder)? else { return Ok(None) };
        let Some(file) = folder.file(name, OFlags::RDONLY)? else { return Ok(None) };
        let mut octets = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut octets)
            .map_err(|error| CacheError::Folder(FolderError::Io(path(), error)))?;
        Entry::decode(&octets).map(Some).ok_or_else(|| CacheError::Malformed(path()))
    }

    fn write(&self, domain: &str, entry: &Entry) -> Result<(), CacheError> {
        let name = file_name(domain)?;
        let folder = Folder::make(&self.folder)?;
        let failed = |error: io::Error| CacheError::Folder(FolderError::Io(self.folder.join(name), error));
        // Two that write at once do not share a file.
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|_| failed(io::ErrorKind::Unsupported.into()))?;
        let new = format!(".new-{:016x}", u64::from_be_bytes(random));
        let write = || -> io::Result<()> {
            folder.make_file(&new)?.write_all(&entry.encode())?;
            Ok(folder.rename(&new, name)?)
        };
        write().map_err(|error| {
            let _ = folder.unlink(&new);
            failed(error)
        })
    }
}

impl From<FolderError> for CacheError {
    fn from(error: FolderError) -> CacheError {
        CacheError::Folder(error)
    }
}

impl std::error::Error for CacheError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CacheError::Folder(error) => Some(error),
            CacheError::Name | CacheError::Malformed(_) => None,
        }
    }
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CacheError::Folder(FolderError::Io(path, error)) => {
                write!(f, "{}: {}", path.display(), plain(error))
            }
            CacheError::Folder(error) => error.fmt(f),
            CacheError::Name => f.write_str("no file is named after such a domain"),
            CacheError::Malformed(path) => write!(f, "{} is no entry of this cache", path.display()),
        }
    }
}

#[cfg(test)]
mod tests;
