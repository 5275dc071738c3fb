//! Small files beside the messages, each replaced as a whole. They are not worth a sync: where the power fails, there
//! may be an old one, an empty one, or none.

use super::disk::{Disk, DiskFile, Folder, fill};
use super::store::Files;
use std::io;

/// How much of one is read, in octets.
const MOST: usize = 16 << 10;

impl<D: Disk> Files<D> {
    /// What such a file holds; nothing where there is none.
    pub(super) fn read_small(&self, folder: Folder, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match self.disk.open(folder, name, false) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut octets = vec![0; MOST];
        let count = fill(&file, &mut octets, 0)?;
        octets.truncate(count);
        Ok(Some(octets))
    }

    /// Writes one, in the place of one that is there.
    pub(super) fn write_small(&self, folder: Folder, name: &str, octets: &[u8]) -> io::Result<()> {
        let tmp = format!("{name}.{}", std::process::id());
        // One that had our number may have left it behind.
        let _ = self.disk.unlink(Folder::Tmp, &tmp);
        let made = self.disk.make(Folder::Tmp, &tmp, 0o600).and_then(|file| file.write_at(octets, 0));
        let written = made.and_then(|()| self.disk.rename(Folder::Tmp, &tmp, folder, name));
        if written.is_err() {
            let _ = self.disk.unlink(Folder::Tmp, &tmp);
        }
        written
    }
}
