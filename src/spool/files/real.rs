//! The real disk. Every call is relative to a folder that is open already, so that nobody can put another one in
//! its place, and long paths are not searched again and again.

use super::disk::{Disk, DiskFile, Folder, Meta, Space};
use crate::spool::error::Unfit;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{self, AtFlags, FallocateFlags, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::{Errno, pread, pwrite, retry_on_intr};
use rustix::process::geteuid;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

/// A folder on the disk, and those in it as far as they are open.
#[derive(Debug)]
pub struct Real {
    root: OwnedFd,
    tmp: OnceLock<OwnedFd>,
    queue: OnceLock<OwnedFd>,
    failed: OnceLock<OwnedFd>,
    corrupt: OnceLock<OwnedFd>,
    accounts: OnceLock<OwnedFd>,
}

/// A file on it.
#[derive(Debug)]
pub struct RealFile(OwnedFd);

/// Why a folder cannot be opened.
#[derive(Debug)]
pub enum NoFolder {
    /// The system failed.
    Io(Errno),
    /// It is there, and cannot be trusted.
    Unfit(Unfit),
}

impl From<Errno> for NoFolder {
    fn from(error: Errno) -> NoFolder {
        match error {
            Errno::LOOP | Errno::NOTDIR => NoFolder::Unfit(Unfit::NotAFolder),
            other => NoFolder::Io(other),
        }
    }
}

impl From<NoFolder> for io::Error {
    fn from(why: NoFolder) -> io::Error {
        match why {
            NoFolder::Io(error) => error.into(),
            NoFolder::Unfit(why) => io::Error::new(io::ErrorKind::PermissionDenied, why.to_string()),
        }
    }
}

/// Opens a folder that is ours, and that nobody else can write to.
fn open_folder(parent: impl AsFd, name: impl AsRef<Path>) -> Result<OwnedFd, NoFolder> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = retry_on_intr(|| fs::openat(&parent, name.as_ref(), flags, Mode::empty()))?;
    let stat = retry_on_intr(|| fs::fstat(&folder))?;
    match stat {
        _ if stat.st_uid != geteuid().as_raw() => Err(NoFolder::Unfit(Unfit::ForeignOwner)),
        _ if stat.st_mode & 0o022 != 0 => Err(NoFolder::Unfit(Unfit::WritableByOthers)),
        _ => Ok(folder),
    }
}

impl Real {
    /// Opens the queue's folder.
    ///
    /// # Errors
    /// It is not there, or cannot be trusted.
    pub fn open(folder: &Path) -> Result<Real, NoFolder> {
        let (tmp, queue, failed) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let (corrupt, accounts) = (OnceLock::new(), OnceLock::new());
        Ok(Real { root: open_folder(fs::CWD, folder)?, tmp, queue, failed, corrupt, accounts })
    }

    /// A folder of it, opened where that was not done yet.
    ///
    /// # Errors
    /// It is not there, or cannot be trusted.
    pub fn folder(&self, folder: Folder) -> Result<BorrowedFd<'_>, NoFolder> {
        let open = match folder {
            Folder::Root => return Ok(self.root.as_fd()),
            Folder::Tmp => &self.tmp,
            Folder::Queue => &self.queue,
            Folder::Failed => &self.failed,
            Folder::Corrupt => &self.corrupt,
            Folder::Accounts => &self.accounts,
        };
        if let Some(open) = open.get() {
            return Ok(open.as_fd());
        }
        let new = open_folder(&self.root, folder.name())?;
        Ok(open.get_or_init(|| new).as_fd())
    }
}

fn meta(stat: &Stat) -> Meta {
    let length = u64::try_from(stat.st_size).unwrap_or_default();
    #[allow(clippy::useless_conversion, reason = "it is a u32 on some machines")]
    Meta { number: stat.st_ino, length, links: stat.st_nlink.into() }
}

impl Disk for Real {
    type File = RealFile;

    fn make(&self, folder: Folder, name: &str, mode: u32) -> io::Result<RealFile> {
        let folder = self.folder(folder)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(mode);
        Ok(RealFile(retry_on_intr(|| fs::openat(folder, name, flags, mode))?))
    }

    fn open(&self, folder: Folder, name: &str, write: bool) -> io::Result<RealFile> {
        let folder = self.folder(folder)?;
        let access = if write { OFlags::RDWR } else { OFlags::RDONLY };
        let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(RealFile(retry_on_intr(|| fs::openat(folder, name, flags, Mode::empty()))?))
    }

    fn meta(&self, folder: Folder, name: &str) -> io::Result<Meta> {
        let folder = self.folder(folder)?;
        Ok(meta(&retry_on_intr(|| fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW))?))
    }

    fn link(&self, from: Folder, name: &str, to: Folder, new: &str) -> io::Result<()> {
        let (from, to) = (self.folder(from)?, self.folder(to)?);
        Ok(retry_on_intr(|| fs::linkat(from, name, to, new, AtFlags::empty()))?)
    }

    fn unlink(&self, folder: Folder, name: &str) -> io::Result<()> {
        let folder = self.folder(folder)?;
        Ok(retry_on_intr(|| fs::unlinkat(folder, name, AtFlags::empty()))?)
    }

    fn rename(&self, from: Folder, name: &str, to: Folder, new: &str) -> io::Result<()> {
        let (from, to) = (self.folder(from)?, self.folder(to)?);
        Ok(retry_on_intr(|| fs::renameat(from, name, to, new))?)
    }

    fn sync_folder(&self, folder: Folder) -> io::Result<()> {
        let folder = self.folder(folder)?;
        Ok(retry_on_intr(|| fs::fsync(folder))?)
    }

    fn list(&self, folder: Folder, each: &mut dyn FnMut(&str, u64)) -> io::Result<()> {
        let folder = self.folder(folder)?;
        let mut entries = retry_on_intr(|| fs::Dir::read_from(folder))?;
        while let Some(entry) = entries.read() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            // Names of ours are ASCII.
            if let Ok(name) = entry.file_name().to_str()
                && name != "."
                && name != ".."
            {
                each(name, entry.ino());
            }
        }
        Ok(())
    }

    fn make_folder(&self, folder: Folder) -> io::Result<()> {
        match retry_on_intr(|| fs::mkdirat(&self.root, folder.name(), Mode::RWXU)) {
            Ok(()) | Err(Errno::EXIST) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn space(&self) -> io::Result<Space> {
        let space = retry_on_intr(|| fs::fstatvfs(&self.root))?;
        Ok(Space {
            free: space.f_bavail.saturating_mul(space.f_frsize),
            total: space.f_blocks.saturating_mul(space.f_frsize),
            files_free: space.f_favail,
            files: space.f_files,
        })
    }

    /// `1: FLOCK  ADVISORY  WRITE 4711 fd:00:131077 0 EOF`, as proc(5) has it. The device is passed over: some
    /// file systems have another one here than a file's own. So a foreign lock on an inode of the same number
    /// counts as well.
    fn locked(&self) -> Vec<u64> {
        let text = std::fs::read_to_string("/proc/locks").unwrap_or_default();
        let number = |line: &str| {
            let mut words = line.split_ascii_whitespace().skip(1);
            let is_flock = words.next() == Some("FLOCK");
            let place = words.nth(3).filter(|_| is_flock)?;
            place.rsplit(':').next()?.parse().ok()
        };
        text.lines().filter_map(number).collect()
    }
}

impl DiskFile for RealFile {
    fn read_at(&self, octets: &mut [u8], at: u64) -> io::Result<usize> {
        Ok(retry_on_intr(|| pread(&self.0, &mut *octets, at))?)
    }

    fn write_at(&self, octets: &[u8], at: u64) -> io::Result<()> {
        let mut done = 0;
        while let Some(rest) = octets.get(done..).filter(|rest| !rest.is_empty()) {
            match retry_on_intr(|| pwrite(&self.0, rest, at + done as u64))? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => done += count,
            }
        }
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(retry_on_intr(|| fs::fsync(&self.0))?)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(retry_on_intr(|| fs::fdatasync(&self.0))?)
    }

    /// A file system that cannot reserve room is lived with.
    fn reserve(&self, from: u64, octets: u64) -> io::Result<()> {
        match retry_on_intr(|| fs::fallocate(&self.0, FallocateFlags::empty(), from, octets)) {
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn try_lock(&self) -> io::Result<bool> {
        match retry_on_intr(|| fs::flock(&self.0, FlockOperation::NonBlockingLockExclusive)) {
            Ok(()) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn meta(&self) -> io::Result<Meta> {
        let stat = retry_on_intr(|| fs::fstat(&self.0))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(meta(&stat)),
            _ => Err(Errno::ISDIR.into()),
        }
    }
}
