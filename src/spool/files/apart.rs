//! What is kept apart: messages that cannot be read, and those that failed.

use super::disk::{Disk, DiskFile, Folder};
use super::store::{Files, log, msg};
use crate::spool::Apart;
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use std::io;

impl<D: Disk> Files<D> {
    pub(super) fn set_aside_it(&self, id: &Id) -> Result<(), SpoolError> {
        let name = msg(id);
        // What is no file cannot be locked, and needs not.
        let lock = self.disk.open(Folder::Queue, &name, false);
        match &lock {
            Ok(file) if !file.try_lock().map_err(self.io("lock", Folder::Queue, &name))? => {
                return Err(SpoolError::Busy(*id));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SpoolError::Gone(*id)),
            _ => {}
        }
        match self.move_to(Folder::Corrupt, id, false) {
            // A folder has no second name.
            Err(SpoolError::Io { doing: "keep", error, .. })
                if error.kind() == io::ErrorKind::PermissionDenied =>
            {
                self.rename_aside(id)
            }
            moved => moved,
        }
    }

    fn rename_aside(&self, id: &Id) -> Result<(), SpoolError> {
        for name in [msg(id), log(id)] {
            let new = format!("{name}.{}", std::process::id());
            match self.disk.rename(Folder::Queue, &name, Folder::Corrupt, &new) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(self.io("move", Folder::Queue, &name)(error));
                }
                _ => {}
            }
        }
        self.sync_folder(Folder::Corrupt)?;
        self.sync_folder(Folder::Queue)
    }

    pub(super) fn kept_apart(&self) -> Result<Vec<Apart>, SpoolError> {
        let mut found = Vec::new();
        for (folder, is_damaged) in [(Folder::Failed, false), (Folder::Corrupt, true)] {
            let mut each = |name: &str, _| {
                // In corrupt/, a journal may be all that there is.
                if is_damaged || name.contains(".msg") {
                    found.push(Apart { name: format!("{}/{name}", folder.name()), is_damaged });
                }
            };
            self.list(folder, &mut each)?;
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }
}
