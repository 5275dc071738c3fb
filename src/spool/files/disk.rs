//! All that the queue does with a disk, as two small traits. In the tests a model in memory stands behind them,
//! which dies, fails or loses its power at any one of these operations.
//!
//! Names are relative to one of the queue's folders. An operation that a signal interrupts begins again.

use std::io;

/// A folder of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    /// The queue itself.
    Root,
    /// What is being made.
    Tmp,
    /// What waits.
    Queue,
    /// What failed, with nobody to tell.
    Failed,
    /// What cannot be read.
    Corrupt,
    /// Accounts that are not used at present.
    Accounts,
}

impl Folder {
    /// Its name below the queue; empty for the queue itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Folder::Root => "",
            Folder::Tmp => "tmp",
            Folder::Queue => "q",
            Folder::Failed => "failed",
            Folder::Corrupt => "corrupt",
            Folder::Accounts => "accounts",
        }
    }
}

/// What is left on the disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Space {
    /// Octets that can be written.
    pub free: u64,
    /// Octets in all.
    pub total: u64,
    /// How many more files there can be.
    pub files_free: u64,
    /// How many files there can be in all; 0 where nobody counts them.
    pub files: u64,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// Its inode: whatever name it has, it is the same file.
    pub number: u64,
    /// Its octets.
    pub length: u64,
    /// How many names it has.
    pub links: u64,
}

/// The folders of a queue.
///
/// # Errors
/// Those of the system; none of them is ever [`io::ErrorKind::Interrupted`].
pub trait Disk: Send + Sync {
    /// An open file. Its lock goes when it is dropped.
    type File: DiskFile + 'static;

    /// Makes a file that was not there, and opens it for reading and writing.
    fn make(&self, folder: Folder, name: &str, mode: u32) -> io::Result<Self::File>;

    /// Opens a file; a link is not followed, and a pipe is not waited for.
    fn open(&self, folder: Folder, name: &str, write: bool) -> io::Result<Self::File>;

    /// What this name stands for.
    fn meta(&self, folder: Folder, name: &str) -> io::Result<Meta>;

    /// Gives a file one more name, which was not there.
    fn link(&self, from: Folder, name: &str, to: Folder, new: &str) -> io::Result<()>;

    /// Takes a name away.
    fn unlink(&self, folder: Folder, name: &str) -> io::Result<()>;

    /// Gives a file, or a folder, another name. A file that has it is replaced in the same instant.
    fn rename(&self, from: Folder, name: &str, to: Folder, new: &str) -> io::Result<()>;

    /// Whatever was done to the names in a folder stands when this returns, even if the power fails now.
    fn sync_folder(&self, folder: Folder) -> io::Result<()>;

    /// All names in a folder, in no order, each with its inode.
    fn list(&self, folder: Folder, each: &mut dyn FnMut(&str, u64)) -> io::Result<()>;

    /// Makes a folder, if it is not there.
    fn make_folder(&self, folder: Folder) -> io::Result<()>;

    /// What is left on the disk.
    fn space(&self) -> io::Result<Space>;

    /// The inodes of all files that somebody holds locked: a guess, which is good enough to be shown.
    fn locked(&self) -> Vec<u64>;
}

/// An open file.
///
/// # Errors
/// Those of the system; none of them is ever [`io::ErrorKind::Interrupted`].
pub trait DiskFile: Send + Sync {
    /// Reads some octets; none at the end.
    fn read_at(&self, octets: &mut [u8], at: u64) -> io::Result<usize>;

    /// Writes all of these. What is written where it fails is unknown.
    fn write_at(&self, octets: &[u8], at: u64) -> io::Result<()>;

    /// The file stands when this returns, even if the power fails now. After an error it is not asked again: the
    /// system may have forgotten what it did not write.
    fn sync(&self) -> io::Result<()>;

    /// The same for its octets alone, and for as much else as is needed to read them.
    fn sync_data(&self) -> io::Result<()>;

    /// Reserves room, which reads as zeros: to write there needs no more.
    fn reserve(&self, from: u64, octets: u64) -> io::Result<()>;

    /// Takes the file for oneself, unless somebody else has it.
    fn try_lock(&self) -> io::Result<bool>;

    /// What it is.
    fn meta(&self) -> io::Result<Meta>;
}

/// Reads as much as there is, but no more than `octets` has room for.
pub fn fill(file: &impl DiskFile, octets: &mut [u8], at: u64) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = octets.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at + done as u64)? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}
