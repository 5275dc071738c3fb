//! The folder of a queue: made where it is missing, and looked at before it is used.
//!
//! ```text
//! VERSION              "ehlo-queue 1": the folders beside it stand, whatever happens
//! lock                 who runs the queue has it locked
//! tmp/ID.PID           a message that is being made; locked by whoever makes it
//! q/ID.msg  q/ID.log   a message that waits, and its journal
//! failed/  corrupt/    what failed with nobody to tell, and what cannot be read
//! accounts/NAME        an account that is not used at present
//! notices              when notices were sent lately
//! origin               what the queue is called in a database that its messages are handed on to
//! ```

use super::disk::{Disk, DiskFile, Folder};
use super::notices;
use super::real::{NoFolder, Real};
use super::runner::LOCK;
use super::store::{Files, Limits};
use crate::spool::error::{SpoolError, Unfit};
use rustix::fs::{self, CWD, IFlags, Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::geteuid;
use std::io;
use std::path::{Path, PathBuf};

/// What VERSION says.
const VERSION: &str = "ehlo-queue 1\n";
/// What this queue is called where its messages are handed on to.
pub const ORIGIN: &str = "origin";
/// Its name, and the one that it is written under.
const NAME: &str = "VERSION";
const FOLDERS: [Folder; 5] = [Folder::Tmp, Folder::Queue, Folder::Failed, Folder::Corrupt, Folder::Accounts];
/// btrfs, as statfs(2) numbers it.
const BTRFS: i64 = 0x9123_683e;

fn io(doing: &'static str, path: &Path) -> impl Fn(Errno) -> SpoolError {
    move |error| SpoolError::Io { doing, path: path.to_owned(), error: error.into() }
}

fn no_folder(doing: &'static str, path: PathBuf) -> impl FnOnce(NoFolder) -> SpoolError {
    move |why| match why {
        NoFolder::Io(error) => io(doing, &path)(error),
        NoFolder::Unfit(why) => SpoolError::NotAQueue { path, why },
    }
}

/// What VERSION says about a folder.
enum Version {
    Ours,
    Missing,
}

impl Files<Real> {
    /// The queue in this folder, which is made if it is missing, with those above it.
    ///
    /// # Errors
    /// It cannot be made; or what is there is no queue, one that others can change, or a newer one.
    pub fn open(folder: &Path, limits: Limits) -> Result<Files<Real>, SpoolError> {
        let real = match Real::open(folder) {
            Err(NoFolder::Io(Errno::NOENT)) => {
                make_with_parents(folder)?;
                Real::open(folder)
            }
            opened => opened,
        };
        let files = Files::on(real.map_err(no_folder("open", folder.to_owned()))?, folder.to_owned(), limits);
        if let Version::Missing = files.version()? {
            files.establish()?;
        }
        match files.check() {
            // Somebody took a folder away: it is made again.
            Err(SpoolError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                files.establish()?;
                files.check()?;
            }
            checked => checked?,
        }
        Ok(files)
    }

    /// The queue in this folder; none where there is nothing. Nothing is made.
    ///
    /// # Errors
    /// What is there is no queue, one that others can change, or a newer one.
    pub fn existing(folder: &Path, limits: Limits) -> Result<Option<Files<Real>>, SpoolError> {
        let real = match Real::open(folder) {
            Err(NoFolder::Io(Errno::NOENT)) => return Ok(None),
            opened => opened.map_err(no_folder("open", folder.to_owned()))?,
        };
        let files = Files::on(real, folder.to_owned(), limits);
        match files.version()? {
            Version::Missing => Ok(None),
            Version::Ours => files.check().map(|()| Some(files)),
        }
    }

    /// The file system writes what changes to another place, and so may fail to write an outcome down when the
    /// disk is full, though there is room reserved for it.
    #[must_use]
    pub fn copies_on_write(&self) -> bool {
        let Ok(queue) = self.disk.folder(Folder::Queue) else { return false };
        let is_btrfs = fs::fstatfs(queue).is_ok_and(|stat| stat.f_type == BTRFS);
        is_btrfs && fs::ioctl_getflags(queue).is_ok_and(|flags| !flags.contains(IFlags::NOCOW))
    }

    /// The folders that each submission needs are there, and nobody else can write to them.
    fn check(&self) -> Result<(), SpoolError> {
        for folder in [Folder::Tmp, Folder::Queue] {
            self.disk.folder(folder).map_err(no_folder("open", self.place(folder, "")))?;
        }
        Ok(())
    }

    fn version(&self) -> Result<Version, SpoolError> {
        let mut octets = [0; 64];
        let read = self.disk.open(Folder::Root, NAME, false).and_then(|file| file.read_at(&mut octets, 0));
        let text = match read {
            Ok(count) => octets.get(..count).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Version::Missing),
            Err(error) => return Err(self.io("read", Folder::Root, NAME)(error)),
        };
        if text == VERSION.as_bytes() {
            return Ok(Version::Ours);
        }
        let version = text.strip_prefix(b"ehlo-queue ").map(|rest| String::from_utf8_lossy(rest));
        let path = self.path.clone();
        match version.as_deref().map(str::trim_end) {
            Some(number) if !number.is_empty() => Err(SpoolError::Newer { path, version: number.to_owned() }),
            _ => Err(SpoolError::NotAQueue { path, why: Unfit::NoVersion }),
        }
    }

    /// Makes what is missing. VERSION comes last, when all the rest stands: whoever finds it need not sync more
    /// than the queue. It may be done twice, or by two at once.
    fn establish(&self) -> Result<(), SpoolError> {
        let mut is_foreign = false;
        let ours = |name: &str| {
            let is_file =
                name.starts_with(NAME) || [LOCK, ORIGIN].contains(&name) || name.starts_with(notices::NAME);
            is_file || FOLDERS.iter().any(|folder| folder.name() == name)
        };
        let mut each = |name: &str, _| is_foreign |= !ours(name);
        self.disk.list(Folder::Root, &mut each).map_err(self.io("list", Folder::Root, ""))?;
        if is_foreign {
            return Err(SpoolError::NotAQueue { path: self.path.clone(), why: Unfit::NoVersion });
        }
        for folder in FOLDERS {
            self.disk.make_folder(folder).map_err(self.io("make", folder, ""))?;
        }
        if let Ok(queue) = self.disk.folder(Folder::Queue)
            && fs::fstatfs(queue).is_ok_and(|stat| stat.f_type == BTRFS)
            && let Ok(flags) = fs::ioctl_getflags(queue)
        {
            // Where it fails, `copies_on_write` says so.
            let _ = fs::ioctl_setflags(queue, flags | IFlags::NOCOW);
        }
        // A disk that is full has no room for it later.
        self.lock_file().map_err(self.io("make", Folder::Root, LOCK))?;
        self.sync_folder(Folder::Root)?;
        sync_parents(&self.path)?;
        let tmp = format!("{NAME}.{}", std::process::id());
        let failed = |error| self.io("write", Folder::Root, &tmp)(error);
        let _ = self.disk.unlink(Folder::Root, &tmp);
        self.disk
            .make(Folder::Root, &tmp, 0o600)
            .and_then(|file| file.write_at(VERSION.as_bytes(), 0).and_then(|()| file.sync()))
            .and_then(|()| self.disk.rename(Folder::Root, &tmp, Folder::Root, NAME))
            .map_err(failed)?;
        self.sync_folder(Folder::Root)
    }
}

/// Makes a folder, and those above it as far as they are missing, for us alone.
fn make_with_parents(folder: &Path) -> Result<(), SpoolError> {
    match retry_on_intr(|| fs::mkdirat(CWD, folder, Mode::RWXU)) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(Errno::NOENT) => match folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => {
                make_with_parents(parent)?;
                match retry_on_intr(|| fs::mkdirat(CWD, folder, Mode::RWXU)) {
                    Ok(()) | Err(Errno::EXIST) => Ok(()),
                    Err(error) => Err(io("make", folder)(error)),
                }
            }
            None => Err(io("make", folder)(Errno::NOENT)),
        },
        Err(error) => Err(io("make", folder)(error)),
    }
}

/// Makes the names of the folders above stand, up to one that we cannot have made.
fn sync_parents(folder: &Path) -> Result<(), SpoolError> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    for parent in folder.ancestors().skip(1) {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = match retry_on_intr(|| fs::openat(CWD, parent, flags, Mode::empty())) {
            Ok(open) => open,
            // One that we cannot read is not ours either.
            Err(Errno::ACCESS | Errno::PERM) => break,
            Err(error) => return Err(io("open", parent)(error)),
        };
        retry_on_intr(|| fs::fsync(&open)).map_err(io("sync", parent))?;
        let is_ours = fs::fstat(&open).is_ok_and(|stat| stat.st_uid == geteuid().as_raw());
        if !is_ours {
            break;
        }
    }
    Ok(())
}
