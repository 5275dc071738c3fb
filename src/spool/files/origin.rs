//! What this queue is called where its messages are handed on to: letters by chance, in a small file, which never
//! change.

use super::disk::{Disk, DiskFile, Folder};
use super::layout::ORIGIN as NAME;
use super::store::Files;
use crate::spool::error::SpoolError;
use std::fmt::Write;
use std::io;

/// How many letters there are.
const LETTERS: usize = 16;

impl<D: Disk> Files<D> {
    /// The name of this queue. It is made where there is none, and stands before it is used for the first time: by it a
    /// message is known that was handed on already.
    ///
    /// # Errors
    /// It can be neither read nor made.
    pub fn origin(&self) -> Result<String, SpoolError> {
        let failed = |error: io::Error| self.io("make", Folder::Root, NAME)(error);
        if let Some(name) = self.read_origin()? {
            return Ok(name);
        }
        let random = getrandom::u64().map_err(|error| failed(io::Error::other(error)))?;
        let mut name = String::new();
        // Writing to a String does not fail.
        let _ = write!(name, "{random:016x}");
        let tmp = format!("{NAME}.{}", std::process::id());
        let _ = self.disk.unlink(Folder::Tmp, &tmp);
        self.disk
            .make(Folder::Tmp, &tmp, 0o600)
            .and_then(|file| file.write_at(name.as_bytes(), 0).and_then(|()| file.sync()))
            .map_err(failed)?;
        // Where another process was faster, its name counts.
        let linked = self.disk.link(Folder::Tmp, &tmp, Folder::Root, NAME);
        let _ = self.disk.unlink(Folder::Tmp, &tmp);
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(error)),
            _ => {
                self.sync_folder(Folder::Root)?;
                self.read_origin()?.ok_or_else(|| failed(io::ErrorKind::InvalidData.into()))
            }
        }
    }

    fn read_origin(&self) -> Result<Option<String>, SpoolError> {
        let read = self.read_small(Folder::Root, NAME).map_err(self.io("read", Folder::Root, NAME))?;
        let is_name =
            |name: &String| name.len() == LETTERS && name.bytes().all(|octet| octet.is_ascii_hexdigit());
        Ok(read.and_then(|octets| String::from_utf8(octets).ok()).filter(is_name))
    }
}
