//! A message that one process works on. The lock is on its file, and goes with the process: none is ever left
//! behind.

use super::disk::{Disk, DiskFile, Folder};
use super::read::Found;
use super::store::{Files, log, msg};
use super::stored::Stored;
use super::submit::{JOURNAL, room};
use crate::spool::Claim;
use crate::spool::entry::Entry;
use crate::spool::error::{Damage, SpoolError};
use crate::spool::id::Id;
use crate::spool::journal::{self, Event, Record};
use crate::spool::moment::Moment;
use crate::spool::state::MessageState;
use ehlo_smtp::content::Content;
use std::rc::Rc;

/// A message that nobody else works on.
pub struct Claimed<'a, D: Disk> {
    files: &'a Files<D>,
    entry: Entry,
    state: MessageState,
    content: Rc<Stored<D::File>>,
    journal: Option<D::File>,
    /// All that the journal says.
    octets: Vec<u8>,
    /// How far the file goes.
    reserved: u64,
    /// How far something else than zeros was written.
    written: u64,
    /// The system may have lost some of what it was asked to keep: the file is to be made again.
    is_suspect: bool,
}

impl<D: Disk> Files<D> {
    pub(super) fn claim_it(&self, id: &Id) -> Result<Claimed<'_, D>, SpoolError> {
        let opened = self.open_whole(id, true)?;
        // Whoever took it vanished before its names were certain to stand: what is written down of it must not
        // be lost without it.
        if opened.meta.is_some_and(|meta| meta.links > 1) {
            self.sync_folder(Folder::Queue)?;
        }
        let (journal, found) = self.read_journal(id, true)?;
        let state = self.state(&opened.entry, &found);
        let content =
            Rc::new(Stored { file: opened.file, id: *id, facts: opened.entry.facts, layout: opened.layout });
        let mut claimed = Claimed {
            files: self,
            entry: opened.entry,
            state,
            content,
            journal,
            octets: Vec::new(),
            reserved: 0,
            written: 0,
            is_suspect: false,
        };
        match found {
            Found::Missing => {}
            Found::Read { end, mut octets } => {
                claimed.reserved = octets.len() as u64;
                let written = octets.iter().rposition(|octet| *octet != 0).map_or(0, |last| last + 1);
                claimed.written = written as u64;
                octets.truncate(usize::try_from(end).unwrap_or_default());
                claimed.octets = octets;
            }
            Found::Damaged { damage: damage @ Damage::Newer, .. } => {
                return Err(SpoolError::Damaged { id: *id, damage });
            }
            Found::Damaged { .. } => {
                let mut octets = journal::head(id);
                found.records(id).iter().for_each(|record| octets.extend(journal::encode(record)));
                self.disk.make_folder(Folder::Corrupt).map_err(self.io("make", Folder::Corrupt, ""))?;
                self.keep_in(Folder::Corrupt, &log(id))?;
                self.sync_folder(Folder::Corrupt)?;
                claimed.octets = octets;
                claimed.make_again()?;
            }
        }
        Ok(claimed)
    }
}

impl<D: Disk> Claimed<'_, D> {
    /// A journal that was lost with the power: nothing was written there that mattered. It gets its room, and its
    /// name stands, before anything does.
    fn make(&mut self) -> Result<(), SpoolError> {
        let (disk, name) = (&self.files.disk, log(&self.entry.id));
        let failed = |error| self.files.io("make", Folder::Queue, &name)(error);
        let file = disk.make(Folder::Queue, &name, 0o600).map_err(failed)?;
        // Without room it may still be written.
        let room = room(&self.entry);
        let _ = file.reserve(0, room);
        self.files.sync_folder(Folder::Queue)?;
        self.journal = Some(file);
        self.reserved = room;
        Ok(())
    }

    /// Writes all that is known into a new file, which takes the place of the old one in one instant.
    fn make_again(&mut self) -> Result<(), SpoolError> {
        let (files, disk) = (self.files, &self.files.disk);
        let (name, tmp) = (log(&self.entry.id), format!("{}.log.{}", self.entry.id, std::process::id()));
        let failed = |error| files.io("write", Folder::Tmp, &tmp)(error);
        // This name is ours alone while the message is.
        let _ = disk.unlink(Folder::Tmp, &tmp);
        let file = disk.make(Folder::Tmp, &tmp, 0o600).map_err(failed)?;
        let reserved = room(&self.entry).max(self.octets.len() as u64);
        let filled = file
            .try_lock()
            .and_then(|_| file.reserve(0, reserved))
            .and_then(|()| file.write_at(&self.octets, 0))
            .and_then(|()| file.sync())
            .and_then(|()| disk.rename(Folder::Tmp, &tmp, Folder::Queue, &name));
        if let Err(error) = filled {
            let _ = disk.unlink(Folder::Tmp, &tmp);
            return Err(failed(error));
        }
        self.journal = Some(file);
        (self.reserved, self.written) = (reserved, self.octets.len() as u64);
        files.sync_folder(Folder::Queue)?;
        self.is_suspect = false;
        Ok(())
    }
}

impl<D: Disk> Claim for Claimed<'_, D> {
    fn entry(&self) -> &Entry {
        &self.entry
    }

    fn state(&self) -> &MessageState {
        &self.state
    }

    fn content(&self) -> Rc<dyn Content + Sync> {
        Rc::<Stored<D::File>>::clone(&self.content)
    }

    fn record(&mut self, events: &[Event], kept: bool) -> Result<(), SpoolError> {
        let at = Moment::now();
        let records: Vec<Record> = events.iter().map(|event| Record { at, event: event.clone() }).collect();
        if self.journal.is_none() {
            self.make()?;
        }
        if self.is_suspect {
            self.make_again()?;
        }
        let begins = self.octets.len() as u64;
        let mut lines = if begins == 0 { journal::head(&self.entry.id) } else { Vec::new() };
        records.iter().for_each(|record| lines.extend(journal::encode(record)));
        let length = lines.len();
        let ends = begins + length as u64;
        // What was half written before must not show behind it.
        lines.resize(length + usize::try_from(self.written.saturating_sub(ends)).unwrap_or_default(), 0);
        let name = log(&self.entry.id);
        let Some(file) = &self.journal else { return Err(SpoolError::Gone(self.entry.id)) };
        if ends > self.reserved {
            let more = JOURNAL.max(length as u64);
            if file.reserve(self.reserved, more).is_ok() {
                self.reserved += more;
            }
        }
        self.written = self.written.max(ends);
        file.write_at(&lines, begins).map_err(self.files.io("write", Folder::Queue, &name))?;
        if kept && let Err(error) = file.sync_data() {
            self.is_suspect = true;
            return Err(self.files.io("sync", Folder::Queue, &name)(error));
        }
        lines.truncate(length);
        self.octets.append(&mut lines);
        records.iter().for_each(|record| self.state.take(record));
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), SpoolError> {
        self.files.drop_from_queue(&self.entry.id, self.entry.submission.remembered)
    }

    /// First it is there as well, and then it is no longer here: it is never nowhere.
    fn fail(self: Box<Self>) -> Result<(), SpoolError> {
        self.files.move_to(Folder::Failed, &self.entry.id, self.entry.submission.remembered)
    }
}

impl<D: Disk> Files<D> {
    /// The message goes first, for good; then the journal that says why. One that is to be remembered keeps that for
    /// a while: it is cleared away later.
    fn drop_from_queue(&self, id: &Id, is_remembered: bool) -> Result<(), SpoolError> {
        self.disk.unlink(Folder::Queue, &msg(id)).map_err(self.io("remove", Folder::Queue, &msg(id)))?;
        self.sync_folder(Folder::Queue)?;
        if is_remembered {
            return Ok(());
        }
        // One that stays behind is cleared away later.
        let _ = self.disk.unlink(Folder::Queue, &log(id));
        Ok(())
    }

    pub(super) fn move_to(&self, folder: Folder, id: &Id, is_remembered: bool) -> Result<(), SpoolError> {
        self.disk.make_folder(folder).map_err(self.io("make", folder, ""))?;
        self.keep_in(folder, &msg(id))?;
        match self.keep_in(folder, &log(id)) {
            Err(SpoolError::Io { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {}
            kept => drop(kept?),
        }
        self.sync_folder(folder)?;
        self.drop_from_queue(id, is_remembered)
    }
}
