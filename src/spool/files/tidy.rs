//! What others left behind when they vanished. Names are listed and nothing is read, whatever the queue's length.
//! Messages that are settled and still there are found, and finished, by whoever reads their journals.

use super::disk::{Disk, DiskFile, Folder, fill};
use super::store::{Files, log, msg};
use crate::spool::entry::REMEMBERED;
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::journal;
use crate::spool::moment::Moment;
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

/// Behind the start of a machine its clock may be wrong by years: nothing is too old before this.
const SETTLED_CLOCK: u64 = 3600;

/// The message that a name belongs to.
fn id_of(name: &str) -> Option<Id> {
    name.split('.').next()?.parse().ok()
}

impl<D: Disk> Files<D> {
    pub(super) fn tidy_up(&self, keep_failed: Duration) -> Result<(), SpoolError> {
        // The queue is listed before tmp: whoever makes a message has a file there until it has its name.
        let (mut messages, mut journals) = (BTreeSet::new(), Vec::new());
        let mut each = |name: &str, _| match (id_of(name), name.rsplit('.').next()) {
            (Some(id), Some("msg")) => drop(messages.insert(id)),
            (Some(id), Some("log")) => journals.push(id),
            _ => {}
        };
        self.disk.list(Folder::Queue, &mut each).map_err(self.io("list", Folder::Queue, ""))?;
        let in_the_making = self.clear_tmp()?;
        let now = Moment::now().wall;
        let lately = REMEMBERED.as_secs().cast_signed();
        for id in journals {
            let is_new = (id.seconds() - now).abs() <= lately;
            let is_alone = !messages.contains(&id) && !in_the_making.contains(&id);
            let is_gone = || {
                let there = self.disk.meta(Folder::Queue, &msg(&id));
                there.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
            };
            if is_alone && !is_new && is_gone() {
                let _ = self.disk.unlink(Folder::Queue, &log(&id));
            }
        }
        self.forget_failed(keep_failed)
    }

    /// Takes away what nobody has locked. The messages that others are making.
    fn clear_tmp(&self) -> Result<BTreeSet<Id>, SpoolError> {
        let mut names = Vec::new();
        let mut each = |name: &str, _| names.push(name.to_owned());
        self.disk.list(Folder::Tmp, &mut each).map_err(self.io("list", Folder::Tmp, ""))?;
        let mut in_the_making = BTreeSet::new();
        for name in names {
            let file = match self.disk.open(Folder::Tmp, &name, false) {
                Ok(file) => file,
                Err(_) => continue,
            };
            if !file.try_lock().unwrap_or(false) {
                in_the_making.extend(id_of(&name));
                continue;
            }
            // It has its name in the queue already: that has to stand before this says no longer that it may not.
            if file.meta().map_or(true, |meta| meta.links > 1) {
                self.sync_folder(Folder::Queue)?;
            }
            let _ = self.disk.unlink(Folder::Tmp, &name);
        }
        Ok(in_the_making)
    }

    /// Removes what failed so long ago. When that was is in the journal: what a file's own time says depends on
    /// who copied it.
    fn forget_failed(&self, keep: Duration) -> Result<(), SpoolError> {
        let now = Moment::now();
        if now.boot < SETTLED_CLOCK {
            return Ok(());
        }
        let mut names = Vec::new();
        let mut each = |name: &str, _| names.extend(name.strip_suffix(".msg").and_then(id_of));
        self.list(Folder::Failed, &mut each)?;
        // A message that is younger than that cannot have failed before it: its name is enough.
        let oldest = Id::new(now.wall.saturating_sub_unsigned(keep.as_secs()), 0);
        for id in names.into_iter().filter(|id| *id < oldest) {
            if self.last_event(&id).is_some_and(|last| now.since(&last) > keep) {
                let _ = self.disk.unlink(Folder::Failed, &msg(&id));
                let _ = self.disk.unlink(Folder::Failed, &log(&id));
            }
        }
        Ok(())
    }

    /// When something happened last to a message that failed.
    fn last_event(&self, id: &Id) -> Option<Moment> {
        let file = self.disk.open(Folder::Failed, &log(id), false).ok()?;
        let mut octets = vec![0; usize::try_from(file.meta().ok()?.length).ok()?];
        fill(&file, &mut octets, 0).ok()?;
        journal::decode(&octets, id).ok()?.records.last().map(|record| record.at)
    }
}
