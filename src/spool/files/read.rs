//! Messages and journals are read: without locks to be shown, with one to be worked on.

use super::disk::{Disk, DiskFile, Folder, Meta};
use super::store::{Files, log, msg};
use crate::spool::entry::{self, Entry, Layout};
use crate::spool::error::{Damage, SpoolError};
use crate::spool::id::Id;
use crate::spool::journal::{self, Event, Record};
use crate::spool::moment::Moment;
use crate::spool::state::MessageState;
use crate::spool::{Listed, Visitor};
use std::io;

/// What is read at once: most envelopes, and most journals, are no longer.
const FIRST: usize = 4096;
/// An envelope, or a journal, that is longer than this is none.
const MOST: usize = 256 << 20;

/// A message that is open.
pub struct Opened<F> {
    pub file: F,
    pub meta: Option<Meta>,
    pub entry: Entry,
    pub layout: Layout,
}

/// What there is of a journal.
pub enum Found {
    /// Nothing.
    Missing,
    /// It is as it was written: `octets` is all of the file, and its lines end at `end`. Its records are not kept:
    /// with a million recipients they take far more room than the lines.
    Read { end: u64, octets: Vec<u8> },
    /// It is not.
    Damaged { damage: Damage, octets: Vec<u8> },
}

impl Found {
    /// How many [`records`](Found::records) it has.
    pub fn count(&self, id: &Id) -> usize {
        match self {
            Found::Missing => 0,
            Found::Read { octets, .. } => {
                let mut count = 0;
                let _ = journal::read(octets, id, &mut |_| count += 1);
                count
            }
            Found::Damaged { .. } => self.records(id).len(),
        }
    }

    /// What it says happened, as far as that can be read. Where it is damaged, the message is held.
    pub fn records(&self, id: &Id) -> Vec<Record> {
        match self {
            Found::Missing => Vec::new(),
            Found::Read { octets, .. } => journal::decode(octets, id).map_or(Vec::new(), |it| it.records),
            Found::Damaged { damage, octets } => {
                let mut records = salvage(octets, id, *damage);
                let why = format!("its journal was damaged ({damage}): what happened before may be missing");
                let event = Event::Held { by: "ehlo".to_owned(), why };
                records.push(Record { at: Moment::now(), event });
                records
            }
        }
    }
}

/// The lines that can still be read. Another message's journal says nothing of this one.
fn salvage(octets: &[u8], id: &Id, damage: Damage) -> Vec<Record> {
    if damage == Damage::ForeignJournal {
        return Vec::new();
    }
    let head = journal::head(id);
    let alone =
        |line: &[u8]| journal::decode(&[&head, line].concat(), id).map_or(Vec::new(), |it| it.records);
    octets.split_inclusive(|octet| *octet == b'\n').flat_map(alone).collect()
}

impl<D: Disk> Files<D> {
    /// Opens a message; with `alone` nobody else has it until the file is dropped.
    pub(super) fn open_message(&self, id: &Id, alone: bool) -> Result<Opened<D::File>, SpoolError> {
        let name = msg(id);
        let unreadable = self.unreadable(id, Folder::Queue, &name);
        let file = self.disk.open(Folder::Queue, &name, false).map_err(&unreadable)?;
        if alone {
            if !file.try_lock().map_err(&unreadable)? {
                return Err(SpoolError::Busy(*id));
            }
            if !self.is_same(&file, Folder::Queue, &name).map_err(&unreadable)? {
                return Err(SpoolError::Gone(*id));
            }
        }
        let (entry, layout) = self.read_envelope(&file, id, &mut Vec::new())?;
        Ok(Opened { file, meta: None, entry, layout })
    }

    /// The same, and it is as long as it says.
    pub(super) fn open_whole(&self, id: &Id, alone: bool) -> Result<Opened<D::File>, SpoolError> {
        let mut opened = self.open_message(id, alone)?;
        let meta = opened.file.meta().map_err(self.unreadable(id, Folder::Queue, &msg(id)))?;
        if opened.layout.begins.checked_add(opened.layout.length) != Some(meta.length) {
            return Err(SpoolError::Damaged { id: *id, damage: Damage::Length });
        }
        opened.meta = Some(meta);
        Ok(opened)
    }

    fn read_envelope(
        &self,
        file: &D::File,
        id: &Id,
        buffer: &mut Vec<u8>,
    ) -> Result<(Entry, Layout), SpoolError> {
        let damaged = |damage| SpoolError::Damaged { id: *id, damage };
        buffer.clear();
        loop {
            let (have, room) = (buffer.len(), buffer.len().max(FIRST));
            let is_whole =
                self.read_more(file, buffer, room).map_err(self.unreadable(id, Folder::Queue, &msg(id)))?;
            if buffer.is_empty() {
                return Err(damaged(Damage::Empty));
            }
            match entry::decode(buffer).map_err(damaged)? {
                Some((entry, _)) if entry.id != *id => return Err(damaged(Damage::Foreign)),
                Some(read) => return Ok(read),
                None if is_whole || have > MOST => return Err(damaged(Damage::Envelope)),
                None => {}
            }
        }
    }

    /// Appends up to `room` octets of a file to those that were read before. Whether its end was met: then there were
    /// fewer.
    fn read_more(&self, file: &D::File, buffer: &mut Vec<u8>, room: usize) -> io::Result<bool> {
        let have = buffer.len();
        buffer.resize(have + room, 0);
        let count = file.read_at(buffer.get_mut(have..).unwrap_or_default(), have as u64)?;
        buffer.truncate(have + count);
        Ok(count < room)
    }

    /// Opens a journal, and reads it.
    pub(super) fn read_journal(&self, id: &Id, write: bool) -> Result<(Option<D::File>, Found), SpoolError> {
        let name = log(id);
        let unreadable = self.unreadable(id, Folder::Queue, &name);
        let file = match self.disk.open(Folder::Queue, &name, write) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((None, Found::Missing)),
            Err(error) => return Err(unreadable(error)),
        };
        let mut octets = Vec::new();
        // Room for a line more than what is reserved for one recipient.
        loop {
            let room = octets.len().max(2 * FIRST);
            if self.read_more(&file, &mut octets, room).map_err(&unreadable)? {
                break;
            }
            if octets.len() > MOST {
                return Ok((Some(file), Found::Damaged { damage: Damage::Journal, octets: Vec::new() }));
            }
        }
        let found = match journal::read(&octets, id, &mut drop) {
            Ok(end) => Found::Read { end, octets },
            Err(damage) => Found::Damaged { damage, octets },
        };
        Ok((Some(file), found))
    }

    /// How it stands with a message.
    pub(super) fn state(&self, entry: &Entry, found: &Found) -> MessageState {
        let mut state = MessageState::of(&entry.submission);
        match found {
            // It was read once already.
            Found::Read { octets, .. } => {
                let _ = journal::read(octets, &entry.id, &mut |record| state.take(&record));
            }
            found => found.records(&entry.id).iter().for_each(|record| state.take(record)),
        }
        state
    }

    pub(super) fn list_one(&self, id: &Id, busy: &dyn Fn(&D::File) -> bool) -> Result<Listed, SpoolError> {
        let opened = self.open_message(id, false)?;
        let found = self.read_journal(id, false)?.1;
        // A message that is settled loses its file, and then its journal.
        if matches!(found, Found::Missing) {
            self.disk.meta(Folder::Queue, &msg(id)).map_err(self.unreadable(id, Folder::Queue, &msg(id)))?;
        }
        // A newer program wrote it, and can read it.
        if let Found::Damaged { damage: damage @ Damage::Newer, .. } = found {
            return Err(SpoolError::Damaged { id: *id, damage });
        }
        let state = self.state(&opened.entry, &found);
        Ok(Listed { busy: busy(&opened.file), entry: opened.entry, state })
    }

    /// All that wait, oldest first, each with its inode.
    pub(super) fn names(&self) -> Result<Vec<(Id, u64)>, SpoolError> {
        let mut found = Vec::new();
        let mut each = |name: &str, number| {
            let id = name.strip_suffix(".msg").and_then(|id| id.parse::<Id>().ok());
            // Only as we write it: small letters would be another file's.
            found.extend(id.filter(|id| name.starts_with(id.as_str())).map(|id| (id, number)));
        };
        self.disk.list(Folder::Queue, &mut each).map_err(self.io("list", Folder::Queue, ""))?;
        found.sort_unstable();
        Ok(found)
    }

    pub(super) fn show_all(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError> {
        let mut locked = self.disk.locked();
        locked.sort_unstable();
        for (id, number) in self.names()? {
            let listed = self.list_one(&id, &|_| locked.binary_search(&number).is_ok());
            if matches!(listed, Err(SpoolError::Gone(_))) {
                continue;
            }
            if visit(&id, listed).is_break() {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn show(&self, id: &Id) -> Result<Listed, SpoolError> {
        let is_locked = |file: &D::File| {
            let number = file.meta().map(|meta| meta.number);
            number.is_ok_and(|number| self.disk.locked().contains(&number))
        };
        self.list_one(id, &is_locked)
    }
}
