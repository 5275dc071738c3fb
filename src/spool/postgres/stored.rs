//! A message as the database has it: its envelope, its journal, and its content in parts.

use super::session::{Kind, Sessions};
use crate::spool::entry::{self, Entry, Layout};
use crate::spool::error::{Damage, SpoolError};
use crate::spool::id::Id;
use crate::spool::journal::{self, Journal, Record};
use crate::spool::moment::Moment;
use crate::spool::proven;
use crate::spool::state::{MessageState, RecipientState, State};
use ehlo_smtp::content::{Content, Facts};
use postgres::Row;
use std::io;
use std::sync::Arc;

/// How long a part of a content is, in octets, but for the last.
pub const PART: usize = 256 << 10;

/// The columns that [`Stored::of`] reads, of a message `m`.
macro_rules! columns {
    () => {
        "m.id, m.head, extract(epoch from m.created)::float8,
        (select array_agg(e.line order by e.number) from ehlo.event e where e.id = m.id)"
    };
}
pub(super) use columns;

/// What stands in front of the content, and what happened.
pub struct Stored {
    pub entry: Entry,
    pub layout: Layout,
    /// The lines of the journal, without line ends.
    pub lines: Vec<String>,
}

impl Stored {
    /// What a row says whose first columns are these: `columns!`.
    pub fn of(row: &Row) -> Result<Stored, SpoolError> {
        let id = id_of(row, 0)?;
        let damaged = |damage| SpoolError::Damaged { id, damage };
        let head: &[u8] = row.get(1);
        let created: f64 = row.get(2);
        let lines: Option<Vec<String>> = row.get(3);
        let (mut entry, layout) =
            entry::decode(head).map_err(damaged)?.ok_or_else(|| damaged(Damage::Envelope))?;
        // The machine that it was handed over at may have named it otherwise, where that name was taken.
        entry.id = id;
        entry.submission.id = Some(id);
        #[allow(clippy::cast_possible_truncation, reason = "seconds since 1970 fit")]
        let created = created as i64;
        entry.created = Moment::of_database(created);
        Ok(Stored { entry, layout, lines: lines.unwrap_or_default() })
    }

    /// What happened to it, in order.
    pub fn journal(&self) -> Result<Journal, SpoolError> {
        let id = self.entry.id;
        let mut octets = journal::head(&id);
        for line in &self.lines {
            octets.extend_from_slice(line.as_bytes());
            octets.push(b'\n');
        }
        let read = journal::decode(&octets, &id).map_err(|damage| SpoolError::Damaged { id, damage })?;
        // A line that was not written to its end would be one in a file; here it has changed.
        if read.end == octets.len() as u64 {
            Ok(read)
        } else {
            Err(SpoolError::Damaged { id, damage: Damage::Journal })
        }
    }

    /// What became of it so far.
    pub fn state(&self) -> Result<MessageState, SpoolError> {
        let mut state = MessageState::of(&self.entry.submission);
        self.journal()?.records.iter().for_each(|record| state.take(record));
        Ok(state)
    }
}

/// How a message waits: the state of its row, and when it is due; never where somebody has to decide first.
pub fn standing(state: &MessageState, now: Moment) -> (&'static str, Option<Moment>) {
    let is_queued = |one: &RecipientState| one.state == State::Queued;
    match state.next() {
        _ if !state.in_doubt().is_empty() || is_to_be_told(state) => ("queued", Some(now)),
        _ if state.held.is_some() => ("held", None),
        _ if state.recipients.iter().any(is_queued) => ("queued", Some(now)),
        Some(next) => ("queued", Some(next)),
        None => ("unknown", None),
    }
}

/// Whether there is something to do but to send it: its sender is still to be told, or it is to leave.
pub fn is_to_be_told(state: &MessageState) -> bool {
    !state.untold().is_empty() || state.is_settled()
}

/// The identifier in a column.
pub fn id_of(row: &Row, column: usize) -> Result<Id, SpoolError> {
    let text: &str = row.get(column);
    text.parse().map_err(|_| SpoolError::Database {
        fault: crate::spool::error::DatabaseFault::Other,
        said: "a message has a name that is none".to_owned(),
    })
}

/// A record as a line without its line end.
pub fn line(record: &Record) -> String {
    let mut line = journal::encode(record);
    line.pop();
    String::from_utf8_lossy(&line).into_owned()
}

/// Content in the database, a part of which may be here.
pub struct Body {
    pub sessions: Arc<Sessions>,
    pub id: Id,
    pub facts: Facts,
    pub layout: Layout,
    /// The first part, if it was read with the message.
    pub first: Option<Vec<u8>>,
}

impl Body {
    fn part(&self, number: i32) -> io::Result<Vec<u8>> {
        let id = self.id.as_str();
        let rows = self.sessions.with(Kind::Swift, |session| {
            session.query("select data from ehlo.body where id = $1 and part = $2", &[&id, &number])
        });
        let rows = rows.map_err(io::Error::other)?;
        Ok(rows.first().map(|row| row.get(0)).unwrap_or_default())
    }
}

impl Content for Body {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let read = |at: u64, piece: &mut [u8]| {
            let number = i32::try_from(at / PART as u64).map_err(io::Error::other)?;
            let read;
            let part = match &self.first {
                Some(first) if number == 0 => first,
                _ => {
                    read = self.part(number)?;
                    &read
                }
            };
            // One that is longer than it must be is as wrong as one that is shorter.
            if part.len() != piece.len() {
                return Ok(0);
            }
            piece.copy_from_slice(part);
            Ok(part.len())
        };
        proven::write(self.id, &self.layout, PART, read, out)
    }
}
