//! Messages go into the database: from the spool of a machine, where they wait until this is done; or notices, from
//! whoever works. What the database knows already is not taken a second time.

use super::Database;
use super::fault::TAKEN;
use super::session::{Kind, Session};
use super::stored::{PART, line, standing};
use crate::spool::crc::{Crc32c, crc32c};
use crate::spool::entry::{self, Entry, Submission};
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::journal::{Event, Record};
use crate::spool::moment::Moment;
use crate::spool::state::MessageState;
use ehlo_smtp::content::Content;
use postgres::Error;
use std::io::{self, Write};
use std::time::Duration;

const SUBMIT: &str = "select ehlo.submit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
/// How often another name is tried for a message whose own is taken.
const TRIES: u32 = 8;

/// A message that is handed on.
pub struct HandedOn<'a> {
    /// What was handed over.
    pub entry: &'a Entry,
    /// What happened to it so far.
    pub records: Vec<Record>,
    /// Its content.
    pub content: &'a dyn Content,
}

/// A message as the database takes it.
struct Row<'a> {
    id: String,
    origin: String,
    uid: i64,
    age: f64,
    size: i64,
    head: Vec<u8>,
    lines: Vec<String>,
    state: &'static str,
    due_in: f64,
    /// The first part of the content.
    first: Vec<u8>,
    /// The whole content, where there are more.
    rest: Option<&'a dyn Content>,
}

impl Database {
    /// Takes messages, all or none, in one transaction. When this returns, each is in the database, or has been.
    ///
    /// # Errors
    /// Those of the database; [`SpoolError::Source`] where a content cannot be read.
    pub fn hand_on(&self, messages: &[HandedOn<'_>]) -> Result<(), SpoolError> {
        let mut rows = Vec::with_capacity(messages.len());
        for message in messages {
            rows.push(self.row(message, &self.origin)?);
        }
        self.insert(rows)
    }

    /// Takes a notice, or another message that is made here.
    pub(super) fn take(&self, submission: Submission, content: &dyn Content) -> Result<Id, SpoolError> {
        let created = self.sessions.now();
        let random = getrandom::u32().map_err(|error| SpoolError::Source(io::Error::other(error)))?;
        let id = submission.id.unwrap_or_else(|| Id::new(created.wall, random));
        let (uid, pid) = submission.by.unwrap_or((0, std::process::id()));
        let entry = Entry { id, created, uid, pid, facts: content.facts(), submission };
        let row = self.row(&HandedOn { entry: &entry, records: Vec::new(), content }, "")?;
        self.insert(vec![row])?;
        Ok(id)
    }

    fn insert(&self, mut rows: Vec<Row<'_>>) -> Result<(), SpoolError> {
        let mut tries = 0;
        loop {
            let mut taken = None;
            let done = self.sessions.with(Kind::Sure, |session| {
                taken = None;
                match insert(session, &self.host, &rows) {
                    Ok(()) => Ok(Ok(())),
                    Err((_, Failure::Source(error))) => Ok(Err(error)),
                    Err((at, Failure::Database(error))) => {
                        let is_taken = error.code().is_some_and(|code| code.code() == TAKEN);
                        taken = Some(at).filter(|_| is_taken);
                        Err(error)
                    }
                }
            });
            let done = done.and_then(|read| read.map_err(SpoolError::Source));
            match (done, taken.and_then(|at| rows.get_mut(at))) {
                (Err(_), Some(row)) if tries < TRIES => {
                    // Another machine gave its message this name. The next one follows from this, so that whoever comes
                    // here again finds what was taken.
                    let number = crc32c(format!("{} {}", row.id, row.origin).as_bytes());
                    let seconds = row.id.parse::<Id>().map_or(0, |id| id.seconds());
                    row.id = Id::new(seconds, number).to_string();
                    tries += 1;
                }
                (done, _) => return done,
            }
        }
    }

    fn row<'a>(&self, message: &HandedOn<'a>, origin: &str) -> Result<Row<'a>, SpoolError> {
        let entry = message.entry;
        let mut looked = Look { first: Vec::new(), crc: Crc32c::default(), length: 0 };
        message.content.write_to(&mut looked).map_err(SpoolError::Source)?;
        let now = self.sessions.now();
        let here = Moment::now();
        let age = |at: &Moment| if at.start == now.start { now.since(at) } else { here.since(at) };
        // What happened on another machine's clock happened so long ago on this one.
        let moved = |at: Moment| -> Moment {
            if at.start == now.start {
                return at;
            }
            let ahead = at.since(&here);
            match ahead.is_zero() {
                true => earlier(now, here.since(&at)),
                false => now.after(ahead),
            }
        };
        let mut state = MessageState::of(&entry.submission);
        let records: Vec<Record> = message
            .records
            .iter()
            .map(|record| Record { at: moved(record.at), event: moved_event(&record.event, &moved) })
            .collect();
        records.iter().for_each(|record| state.take(record));
        let (name, due) = standing(&state, now);
        Ok(Row {
            id: entry.id.to_string(),
            origin: origin.to_owned(),
            uid: i64::from(entry.uid),
            age: age(&entry.created).as_secs_f64(),
            size: i64::try_from(entry.facts.octets).unwrap_or(i64::MAX),
            head: entry::encode(entry, looked.length, looked.crc.sum()),
            lines: records.iter().map(line).collect(),
            state: name,
            due_in: due.unwrap_or(now).since(&now).as_secs_f64(),
            rest: Some(message.content).filter(|_| looked.length > PART as u64),
            first: looked.first,
        })
    }

    /// The spool of this machine has nothing any more that was taken before this moment, by the database's clock:
    /// what is remembered of messages that have left can be forgotten.
    ///
    /// # Errors
    /// Those of the database.
    pub fn confirm(&self, before: f64) -> Result<(), SpoolError> {
        let (origin, host) = (self.origin.as_str(), self.host.as_str());
        self.sessions
            .with(Kind::Swift, |session| {
                session.query("select ehlo.confirm($1, $2, $3)", &[&origin, &host, &before])
            })
            .map(drop)
    }

    /// The moment by the database's clock, in seconds since 1970, with their fractions.
    ///
    /// # Errors
    /// Those of the database.
    pub fn ask_clock(&self) -> Result<f64, SpoolError> {
        self.sessions.with(Kind::Swift, |session| {
            let rows = session.query("select extract(epoch from clock_timestamp())::float8", &[])?;
            Ok(rows.first().map_or(0.0, |row| row.get(0)))
        })
    }
}

/// A moment so much before.
fn earlier(moment: Moment, time: Duration) -> Moment {
    Moment::of_database(moment.wall.saturating_sub(i64::try_from(time.as_secs()).unwrap_or(i64::MAX)))
}

/// An event whose moments are moved to the database's clock.
fn moved_event(event: &Event, moved: &impl Fn(Moment) -> Moment) -> Event {
    let mut event = event.clone();
    match &mut event {
        Event::Deferred { next, .. } => *next = moved(*next),
        Event::Unknown { next: Some(next), .. } => *next = moved(*next),
        _ => {}
    }
    event
}

/// Why messages were not inserted.
enum Failure {
    Database(Error),
    /// A content cannot be read.
    Source(io::Error),
}

/// Inserts all of these in one transaction; where one is the fault, it is named by its place.
fn insert(session: &mut Session, host: &str, rows: &[Row<'_>]) -> Result<(), (usize, Failure)> {
    let of_all = |error| (0, Failure::Database(error));
    if let [row] = rows
        && row.rest.is_none()
    {
        return submit(session, host, row).map(drop).map_err(of_all);
    }
    session.client.batch_execute("begin").map_err(of_all)?;
    let done = rows.iter().enumerate().try_for_each(|(at, row)| {
        let is_new = submit(session, host, row).map_err(|error| (at, Failure::Database(error)))?;
        match row.rest.filter(|_| is_new) {
            Some(content) => add_rest(session, &row.id, content).map_err(|failure| (at, failure)),
            None => Ok(()),
        }
    });
    let end = if done.is_ok() { "commit" } else { "rollback" };
    let ended = session.client.batch_execute(end).map_err(of_all);
    done.and(ended)
}

/// Inserts all parts of a content but the first, each as it is read.
fn add_rest(session: &mut Session, id: &str, content: &dyn Content) -> Result<(), Failure> {
    let mut rest = Rest { session, id, number: 0, part: Vec::new(), failed: None };
    let read = content.write_to(&mut rest).and_then(|()| rest.add());
    match (rest.failed, read) {
        (Some(error), _) => Err(Failure::Database(error)),
        (None, Err(error)) => Err(Failure::Source(error)),
        (None, Ok(())) => Ok(()),
    }
}

/// Whether it is new.
fn submit(session: &mut Session, host: &str, row: &Row<'_>) -> Result<bool, Error> {
    let rows = session.query(
        SUBMIT,
        &[
            &row.id,
            &row.origin,
            &host,
            &row.uid,
            &row.age,
            &row.size,
            &row.head,
            &row.lines,
            &row.state,
            &row.due_in,
            &row.first,
        ],
    )?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// Looks at a content: its first part, its length and its sum.
struct Look {
    first: Vec<u8>,
    crc: Crc32c,
    length: u64,
}

impl Write for Look {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let room = PART - self.first.len();
        self.first.extend_from_slice(octets.get(..room).unwrap_or(octets));
        self.crc.push(octets);
        self.length += octets.len() as u64;
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Inserts the parts of a content behind the first.
struct Rest<'a> {
    session: &'a mut Session,
    id: &'a str,
    number: i32,
    part: Vec<u8>,
    failed: Option<Error>,
}

impl Rest<'_> {
    /// Inserts the part that was gathered.
    fn add(&mut self) -> io::Result<()> {
        if self.number > 0 && !self.part.is_empty() {
            let add = "select ehlo.add_part($1, $2, $3)";
            if let Err(error) = self.session.query(add, &[&self.id, &self.number, &self.part]) {
                self.failed = Some(error);
                return Err(io::ErrorKind::Other.into());
            }
        }
        self.number = self.number.saturating_add(1);
        self.part.clear();
        Ok(())
    }
}

impl Write for Rest<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let (now, _) = octets.split_at(octets.len().min(PART - self.part.len()));
        self.part.extend_from_slice(now);
        if self.part.len() == PART {
            self.add()?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
