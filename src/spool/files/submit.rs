//! A message is taken, in an order that loses nothing wherever it ends: write and sync a file of another name, make
//! its journal, give it its name, sync the folder, answer. Two syncs in all.
//!
//! The file is locked all the while. So nobody sends it before the answer is certain.

use super::disk::{Disk, DiskFile, Folder};
use super::read::Found;
use super::store::{Files, log, msg};
use super::writer::Writer;
use crate::spool::entry::{self, Entry, Submission};
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::moment::Moment;
use ehlo_smtp::content::Content;
use rustix::process::getuid;
use std::io;

/// How much of the disk is left to others at most, where nobody says how much: octets, and files.
const MIN_FREE: u64 = 64 << 20;
const MIN_FILES: u64 = 1000;
/// Room that is reserved for a journal, and for each recipient besides: for one, it is a block of most disks.
pub const JOURNAL: u64 = 4032;
const FOR_EACH: u64 = 64;
/// How often another name is tried.
const TRIES: u32 = 16;

/// The room that a message's journal has, in octets.
pub fn room(entry: &Entry) -> u64 {
    JOURNAL + FOR_EACH * entry.submission.recipients.len() as u64
}

/// What came of one try.
enum Tried {
    Done,
    /// There is a message of this name.
    Taken,
    /// Somebody cleared the file away before it was locked.
    Vanished,
}

impl<D: Disk> Files<D> {
    pub(super) fn take(&self, mut submission: Submission, content: &dyn Content) -> Result<Id, SpoolError> {
        let facts = content.facts();
        let count = submission.recipients.len();
        if count > self.limits.max_recipients {
            return Err(SpoolError::TooManyRecipients { count, limit: self.limits.max_recipients });
        }
        if facts.octets > self.limits.max_size {
            return Err(SpoolError::TooLarge { octets: facts.octets, limit: self.limits.max_size });
        }
        self.has_room_for(facts.octets)?;
        let created = Moment::now();
        let (given, by) = (submission.id, submission.by.take());
        let (uid, pid) = by.unwrap_or_else(|| (getuid().as_raw(), std::process::id()));
        let mut entry = Entry { id: Id::new(created.wall, 0), created, uid, pid, facts, submission };
        for number in 0..TRIES {
            match given {
                Some(id) => {
                    entry.id = id;
                    if self.has_already(&entry)? {
                        return Ok(id);
                    }
                }
                None => {
                    let random = getrandom::u32().map_err(io::Error::other);
                    entry.id =
                        Id::new(created.wall, random.map_err(self.io("name a file in", Folder::Queue, ""))?);
                }
            }
            if let Tried::Done = self.try_to_take(&entry, content, number)? {
                return Ok(entry.id);
            }
        }
        Err(self.io("make", Folder::Queue, &msg(&entry.id))(io::ErrorKind::AlreadyExists.into()))
    }

    /// Whether so much more may be written.
    pub(super) fn has_room_for(&self, octets: u64) -> Result<(), SpoolError> {
        let space = self.disk.space().map_err(self.io("look at", Folder::Root, ""))?;
        let wanted = self.limits.min_free.unwrap_or(MIN_FREE.min(space.total / 20));
        if space.free < wanted.saturating_add(octets) {
            return Err(SpoolError::NoRoom { free: space.free, wanted: wanted.saturating_add(octets) });
        }
        match space.files {
            0 => Ok(()),
            files if space.files_free >= MIN_FILES.min(files / 100) => Ok(()),
            _ => Err(SpoolError::NoFiles { free: space.files_free }),
        }
    }

    /// Whether this very message was taken before, under a name that was given.
    fn has_already(&self, entry: &Entry) -> Result<bool, SpoolError> {
        let id = &entry.id;
        let there = match self.open_message(id, false) {
            Ok(there) => there,
            // It may have been here, and be settled: then its journal is the last that goes.
            Err(SpoolError::Gone(_)) => return self.was_settled(entry),
            Err(error) => return Err(error),
        };
        let (old, new) = (&there.entry.submission, &entry.submission);
        let is_same = old.notice_of == new.notice_of
            && (new.notice_of.is_some() || there.entry.uid == entry.uid)
            && old.sender == new.sender
            && old.recipients == new.recipients
            && there.entry.facts == entry.facts;
        if !is_same {
            return Err(self.io("make", Folder::Queue, &msg(id))(io::ErrorKind::AlreadyExists.into()));
        }
        // Whoever took it may not have come to this.
        self.sync_folder(Folder::Queue)?;
        Ok(true)
    }

    /// Whether a journal without a message says that all is done. Any other is a rest, and goes.
    fn was_settled(&self, entry: &Entry) -> Result<bool, SpoolError> {
        let found = self.read_journal(&entry.id, false)?.1;
        let Found::Read { .. } = found else { return Ok(false) };
        let state = self.state(entry, &found);
        if entry.submission.remembered && state.records > 0 {
            return Ok(true);
        }
        if state.records > 0 && !state.is_settled() {
            let name = log(&entry.id);
            self.disk.unlink(Folder::Queue, &name).map_err(self.io("remove", Folder::Queue, &name))?;
        }
        Ok(state.records > 0 && state.is_settled())
    }

    fn try_to_take(&self, entry: &Entry, content: &dyn Content, number: u32) -> Result<Tried, SpoolError> {
        let tmp = match number {
            0 => format!("{}.{}", entry.id, entry.pid),
            _ => format!("{}.{}.{number}", entry.id, entry.pid),
        };
        let file = match self.disk.make(Folder::Tmp, &tmp, 0o400) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Tried::Taken),
            Err(error) => return Err(self.io("make", Folder::Tmp, &tmp)(error)),
        };
        let mut has_journal = false;
        let tried = self.fill_and_name(entry, content, &file, &tmp, &mut has_journal);
        if has_journal && !matches!(tried, Ok(Tried::Done)) {
            // Not that of another, who gave a message this name in the meantime.
            let there = self.disk.meta(Folder::Queue, &msg(&entry.id));
            if there.is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                let _ = self.disk.unlink(Folder::Queue, &log(&entry.id));
            }
        }
        // Where this fails, the next runner clears it away.
        let _ = self.disk.unlink(Folder::Tmp, &tmp);
        tried
    }

    /// All but the rests. `has_journal` says whether the journal that is there is this message's.
    fn fill_and_name(
        &self,
        entry: &Entry,
        content: &dyn Content,
        file: &D::File,
        tmp: &str,
        has_journal: &mut bool,
    ) -> Result<Tried, SpoolError> {
        let lock = file.try_lock().map_err(self.io("lock", Folder::Tmp, tmp))?;
        if !lock {
            return Ok(Tried::Vanished);
        }
        self.write(entry, content, file, tmp)?;
        file.sync().map_err(self.io("sync", Folder::Tmp, tmp))?;
        match self.make_journal(entry) {
            Ok(()) => *has_journal = true,
            // One of a message with this name, or the rest of one that never was: nothing happened yet in it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(self.io("make", Folder::Queue, &log(&entry.id))(error)),
        }
        let name = msg(&entry.id);
        match self.disk.link(Folder::Tmp, tmp, Folder::Queue, &name) {
            Ok(()) => {}
            Err(error) => {
                // It may have been done all the same.
                let is_ours = self.is_same(file, Folder::Queue, &name).unwrap_or(false);
                match error.kind() {
                    io::ErrorKind::AlreadyExists if is_ours => {}
                    io::ErrorKind::AlreadyExists => return Ok(Tried::Taken),
                    io::ErrorKind::NotFound => return Ok(Tried::Vanished),
                    _ => {
                        if is_ours {
                            self.take_back(&name);
                        }
                        return Err(self.io("make", Folder::Queue, &name)(error));
                    }
                }
            }
        }
        self.disk.sync_folder(Folder::Queue).map_err(|error| {
            self.take_back(&name);
            self.io("sync", Folder::Queue, "")(error)
        })?;
        Ok(Tried::Done)
    }

    /// What is told to have failed must not be sent.
    fn take_back(&self, name: &str) {
        let _ = self.disk.unlink(Folder::Queue, name);
        let _ = self.disk.sync_folder(Folder::Queue);
    }

    fn write(
        &self,
        entry: &Entry,
        content: &dyn Content,
        file: &D::File,
        tmp: &str,
    ) -> Result<(), SpoolError> {
        let mut writer = Writer::new(file, &entry::encode(entry, 0, 0), || self.has_room_for(0));
        let written = content.write_to(&mut writer);
        if let Some(refused) = writer.refused() {
            return Err(refused);
        }
        let failed = |error| self.io("write", Folder::Tmp, tmp)(error);
        match written {
            Ok(()) => {}
            Err(error) if writer.has_failed() => return Err(failed(error)),
            Err(error) => return Err(SpoolError::Source(error)),
        }
        let (length, sum) = writer.seen();
        writer.finish(&entry::encode(entry, length, sum)).map_err(failed)
    }

    /// The journal, with room for what will happen: so a full disk stops no outcome from being written down. Nothing is
    /// in it before something happens.
    fn make_journal(&self, entry: &Entry) -> io::Result<()> {
        let file = self.disk.make(Folder::Queue, &log(&entry.id), 0o600)?;
        let filled = file.reserve(0, room(entry));
        if filled.is_err() {
            let _ = self.disk.unlink(Folder::Queue, &log(&entry.id));
        }
        filled
    }
}
