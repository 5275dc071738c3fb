//! A queue in files: where its folder is, on what disk, and how much it takes. What is done with it is in the
//! files beside this one, a task in each.

use super::disk::{Disk, DiskFile, Folder};
use crate::spool::error::{Damage, SpoolError};
use crate::spool::id::Id;
use rustix::io::Errno;
use std::io;
use std::path::{Path, PathBuf};

/// What the queue takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets that stay free on the disk. Without them, the smaller of 64 MiB and a twentieth of it.
    pub min_free: Option<u64>,
    /// The largest message, in octets as SIZE counts them.
    pub max_size: u64,
    /// The most recipients that a message has.
    pub max_recipients: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { min_free: None, max_size: u64::MAX, max_recipients: 100_000 }
    }
}

/// A queue in files.
#[derive(Debug)]
pub struct Files<D> {
    pub(super) disk: D,
    pub(super) path: PathBuf,
    pub(super) limits: Limits,
}

/// The name of a message's file.
pub fn msg(id: &Id) -> String {
    format!("{id}.msg")
}

/// The name of its journal.
pub fn log(id: &Id) -> String {
    format!("{id}.log")
}

impl<D: Disk> Files<D> {
    /// The queue on a disk whose folders are there. `path` is for messages only.
    pub fn on(disk: D, path: PathBuf, limits: Limits) -> Files<D> {
        Files { disk, path, limits }
    }

    /// Where the queue is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a file is, to be named in an error.
    pub(super) fn place(&self, folder: Folder, name: &str) -> PathBuf {
        let mut path = self.path.clone();
        path.extend([folder.name(), name].into_iter().filter(|part| !part.is_empty()));
        path
    }

    /// What could not be done to which file.
    pub(super) fn io<'a>(
        &'a self,
        doing: &'static str,
        folder: Folder,
        name: &'a str,
    ) -> impl FnOnce(io::Error) -> SpoolError + 'a {
        move |error| SpoolError::Io { doing, path: self.place(folder, name), error }
    }

    /// Why a message cannot be opened or read.
    pub(super) fn unreadable<'a>(
        &'a self,
        id: &Id,
        folder: Folder,
        name: &'a str,
    ) -> impl Fn(io::Error) -> SpoolError + 'a {
        let id = *id;
        move |error| match Errno::from_io_error(&error) {
            Some(Errno::NOENT) => SpoolError::Gone(id),
            Some(Errno::LOOP | Errno::ISDIR | Errno::NXIO | Errno::SPIPE) => {
                SpoolError::Damaged { id, damage: Damage::NotAFile }
            }
            _ => SpoolError::Io { doing: "read", path: self.place(folder, name), error },
        }
    }

    /// Makes all names in a folder stand.
    pub(super) fn sync_folder(&self, folder: Folder) -> Result<(), SpoolError> {
        self.disk.sync_folder(folder).map_err(self.io("sync", folder, ""))
    }

    /// All names in a folder, each with its inode; none where it is not there.
    pub(super) fn list(&self, folder: Folder, each: &mut dyn FnMut(&str, u64)) -> Result<(), SpoolError> {
        match self.disk.list(folder, each) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            listed => listed.map_err(self.io("list", folder, "")),
        }
    }

    /// Whether this name still stands for the open file.
    pub(super) fn is_same(&self, file: &D::File, folder: Folder, name: &str) -> io::Result<bool> {
        match self.disk.meta(folder, name) {
            Ok(there) => Ok(there.number == file.meta()?.number),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives a file one more name in another folder: its own, or where that is taken one with a number behind it.
    pub(super) fn keep_in(&self, folder: Folder, name: &str) -> Result<String, SpoolError> {
        let mut new = name.to_owned();
        for number in 1.. {
            match self.disk.link(Folder::Queue, name, folder, &new) {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => {
                    let there = self.disk.meta(folder, &new).map(|meta| meta.number).ok();
                    let own = self.disk.meta(Folder::Queue, name).map(|meta| meta.number).ok();
                    if there.is_some() && there == own {
                        break;
                    }
                    new = format!("{name}.{number}");
                }
                Err(error) => return Err(self.io("keep", folder, name)(error)),
            }
        }
        Ok(new)
    }
}
