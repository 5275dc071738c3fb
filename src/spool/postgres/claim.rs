//! A message that one worker works on, as long as its lease lasts.
//!
//! ```text
//!   claim: token, lease -> dot: token, and the lease is not over -> record, finish: token
//!               ^  |
//!               +--+ renewed by whoever claimed it (share.rs)
//! ```
//!
//! Each claim has a number by chance, its token. Whoever finds the lease over takes the number away, so that a worker
//! that overslept can do nothing more: its last word, the dot, needs the token and a lease that lasts. A claim need
//! not be on the disk: with another number nobody mistakes it for theirs.

use super::Database;
use super::session::{Kind, Session};
use super::stored::{Body, Stored, is_to_be_told, line, standing};
use crate::spool::Claim;
use crate::spool::entry::Entry;
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::journal::{Event, Record};
use crate::spool::moment::Moment;
use crate::spool::state::MessageState;
use ehlo_smtp::content::Content;
use postgres::Row;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How long it is tried to write down what a server said, while the database is away. Before the end of a message is
/// sent, a server waits for us; behind it, nobody does, and all depends on it.
const BEFORE: Duration = Duration::from_secs(20);
const BEHIND: Duration = Duration::from_secs(11 * 60);
/// How long is waited between two tries, at first and at last.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// How long a message rests of which only the sender is still to be told.
const LATER: Duration = Duration::from_secs(60);

/// The end of a message may be sent: the token is ours, and the lease lasts.
const DOT: &str = "with w as (
        update ehlo.work set dot_at = now(), lease = now() + make_interval(secs => $5)
        where id = $1 and token = $2 and state = 'sending' and lease > now() returning id),
    i as (insert into ehlo.event (id, number, line)
        select w.id, $3 + l.number::integer - 1, l.line from w, unnest($4::text[]) with ordinality as l (line, number)
        on conflict do nothing)
    select 1 from w";
const RECORD: &str = "with w as (
        select id from ehlo.work where id = $1 and token = $2 and state = 'sending' for update),
    i as (insert into ehlo.event (id, number, line)
        select w.id, $3 + l.number::integer - 1, l.line from w, unnest($4::text[]) with ordinality as l (line, number)
        on conflict do nothing)
    select 1 from w";
const RELEASE: &str =
    "update ehlo.work set state = $3, due = to_timestamp($4), account = coalesce($5, account),
        dest = coalesce($6, dest), token = 0, lease = null, dot_at = null
    where id = $1 and token = $2 and state = 'sending'";
const FINISH: &str =
    "with w as (delete from ehlo.work where id = $1 and token = $2 and state = 'sending' returning id),
    b as (delete from ehlo.body using w where body.id = w.id),
    e as (delete from ehlo.event using w where event.id = w.id returning event.id, event.number, event.line),
    h as (insert into ehlo.history (id, number, line) select e.id, e.number, e.line from e where $3),
    m as (delete from ehlo.message using w where message.id = w.id
        returning message.id, message.origin, message.inserted, md5(message.head) as head_sum),
    s as (insert into ehlo.settled (id, origin, head_sum, inserted, token)
        select m.id, m.origin, m.head_sum, m.inserted, $2 from m on conflict do nothing)
    select 1 from w";

/// Which lane of the queue a message waits in: an account and, where each domain has servers of its own, a domain.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LaneName {
    /// The account; empty where it was not looked up yet.
    pub account: String,
    /// The domain; empty where there are several, or none matters.
    pub dest: String,
}

/// A message that was claimed, before anybody works on it. It can go from one thread to another.
pub struct Taken {
    id: Id,
    token: i64,
    read: Result<(Stored, MessageState), SpoolError>,
    /// The first part of its content.
    first: Option<Vec<u8>>,
}

impl Taken {
    /// Of a row whose columns are those of [`Stored`], and the first part of the content.
    pub(super) fn of(row: &Row, id: Id, token: i64) -> Taken {
        let read = Stored::of(row).and_then(|stored| Ok((stored.state()?, stored)));
        Taken { id, token, read: read.map(|(state, stored)| (stored, state)), first: row.get(4) }
    }

    /// Which one, and what its lease is renewed by.
    #[must_use]
    pub fn held(&self) -> (Id, i64) {
        (self.id, self.token)
    }

    /// What was handed over; nothing where that cannot be read.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.read.as_ref().ok().map(|(stored, _)| &stored.entry)
    }
}

/// A message that nobody else works on.
pub struct Claimed<'a> {
    database: &'a Database,
    entry: Entry,
    state: MessageState,
    content: Rc<Body>,
    token: i64,
    /// The number of the next line.
    next: i32,
    /// Lines that are written with the next that is to be kept.
    unwritten: Vec<String>,
    /// The end of the message may have been sent.
    is_sent: bool,
    /// There is nothing more to do with it here.
    is_over: bool,
    lane: Option<LaneName>,
    /// It is not due before this.
    not_before: Option<Moment>,
}

impl<'a> Claimed<'a> {
    /// Works on what was taken.
    ///
    /// # Errors
    /// [`SpoolError::Damaged`]: it is free again.
    pub(super) fn new(database: &'a Database, taken: Taken) -> Result<Claimed<'a>, SpoolError> {
        let Taken { id, token, read, first } = taken;
        let (stored, state) = match read {
            Ok(read) => read,
            Err(error) => {
                let give_up = "update ehlo.work set state = 'queued', token = 0, lease = null
                    where id = $1 and token = $2 and state = 'sending'";
                let freed = database
                    .sessions
                    .with(Kind::Swift, |session| session.execute(give_up, &[&id.as_str(), &token]));
                return freed.and(Err(error));
            }
        };
        let body = Body {
            sessions: Arc::clone(&database.sessions),
            id,
            facts: stored.entry.facts,
            layout: stored.layout,
            first,
        };
        Ok(Claimed {
            database,
            state,
            content: Rc::new(body),
            token,
            next: i32::try_from(stored.lines.len()).unwrap_or(i32::MAX),
            entry: stored.entry,
            unwritten: Vec::new(),
            is_sent: false,
            is_over: false,
            lane: None,
            not_before: None,
        })
    }

    /// Puts it into this lane when it is let go.
    pub fn file(&mut self, lane: LaneName) {
        self.lane = Some(lane);
    }

    /// It is due so much later at the earliest, when it is let go: nothing could be done with it now.
    pub fn rest(&mut self, time: Duration) {
        self.not_before = Some(self.now().after(time));
    }

    /// Does something with the token until it is done, or the database has been away for too long.
    ///
    /// # Errors
    /// [`SpoolError::Lost`]; those of the database.
    fn insist(
        &self,
        patience: Duration,
        mut work: impl FnMut(&mut Session) -> Result<bool, postgres::Error>,
    ) -> Result<(), SpoolError> {
        let mut pause = FIRST;
        let mut waited = Duration::ZERO;
        loop {
            match self.database.sessions.with(Kind::Sure, &mut work) {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(SpoolError::Lost(self.entry.id)),
                Err(SpoolError::Database { fault, .. })
                    if fault.passes()
                        && waited < patience
                        && !(self.database.is_leaving() && waited > BEFORE) =>
                {
                    std::thread::sleep(pause);
                    waited += pause;
                    pause = (pause * 2).min(LONGEST);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes lines down.
    fn write(&self, lines: &[String], is_dot: bool) -> Result<(), SpoolError> {
        let (id, token, next) = (self.entry.id.as_str(), self.token, self.next);
        let lease = self.database.timing.dot.as_secs_f64();
        let patience = if self.is_sent { BEHIND } else { BEFORE };
        self.insist(patience, |session| {
            let rows = match is_dot {
                true => session.query(DOT, &[&id, &token, &next, &lines, &lease]),
                false => session.query(RECORD, &[&id, &token, &next, &lines]),
            };
            Ok(!rows?.is_empty())
        })
    }

    /// Lets it go, to wait for what is next.
    fn release(&mut self) -> Result<(), SpoolError> {
        if !self.unwritten.is_empty() {
            let lines = std::mem::take(&mut self.unwritten);
            self.write(&lines, false)?;
        }
        self.is_over = true;
        let (state, due) = standing(&self.state, self.now());
        // What could not be told now is told later.
        let is_to_be_told = self.state.in_doubt().is_empty() && is_to_be_told(&self.state);
        let later = is_to_be_told.then(|| self.now().after(LATER));
        let due =
            due.map(|due| [Some(due), later, self.not_before].into_iter().flatten().map(|it| it.wall).max());
        #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
        let due = due.flatten().map(|due| due as f64);
        let (account, dest) = match &self.lane {
            Some(lane) => (Some(lane.account.as_str()), Some(lane.dest.as_str())),
            None => (None, None),
        };
        let (id, token) = (self.entry.id.as_str(), self.token);
        self.database
            .sessions
            .with(Kind::Swift, |session| {
                session.execute(RELEASE, &[&id, &token, &state, &due, &account, &dest])
            })
            .map(drop)
    }
}

impl Claim for Claimed<'_> {
    fn entry(&self) -> &Entry {
        &self.entry
    }

    fn state(&self) -> &MessageState {
        &self.state
    }

    fn now(&self) -> Moment {
        self.database.sessions.now()
    }

    fn content(&self) -> Rc<dyn Content + Sync> {
        Rc::<Body>::clone(&self.content)
    }

    fn record(&mut self, events: &[Event], kept: bool) -> Result<(), SpoolError> {
        let at = self.now();
        let records: Vec<Record> = events.iter().map(|event| Record { at, event: event.clone() }).collect();
        self.unwritten.extend(records.iter().map(line));
        let is_dot = events.iter().any(|event| matches!(event, Event::Dot { .. }));
        if (kept || is_dot) && !self.unwritten.is_empty() {
            let lines = std::mem::take(&mut self.unwritten);
            self.write(&lines, is_dot)?;
            self.next = self.next.saturating_add(i32::try_from(lines.len()).unwrap_or(i32::MAX));
            self.is_sent |= is_dot;
        }
        records.iter().for_each(|record| self.state.take(record));
        Ok(())
    }

    /// What was not written down yet goes with it: nobody reads it any more, but for what may have arrived twice.
    fn finish(mut self: Box<Self>) -> Result<(), SpoolError> {
        self.is_over = true;
        let may_be_twice = self.state.recipients.iter().any(|one| one.was_unknown);
        if may_be_twice && !self.unwritten.is_empty() {
            let lines = std::mem::take(&mut self.unwritten);
            self.write(&lines, false)?;
        }
        let (id, token) = (self.entry.id.as_str(), self.token);
        let patience = if self.is_sent { BEHIND } else { BEFORE };
        self.insist(patience, |session| {
            if !session.query(FINISH, &[&id, &token, &may_be_twice])?.is_empty() {
                return Ok(true);
            }
            // It may have been done, and the answer lost.
            let left = "select 1 from ehlo.settled where id = $1 and token = $2";
            Ok(!session.query(left, &[&id, &token])?.is_empty())
        })
    }

    fn fail(mut self: Box<Self>) -> Result<(), SpoolError> {
        self.is_over = true;
        let lines = std::mem::take(&mut self.unwritten);
        if !lines.is_empty() {
            self.write(&lines, false)?;
        }
        let (id, token) = (self.entry.id.as_str(), self.token);
        self.insist(BEFORE, |session| {
            // The token stays: that it was done is known if it is tried again.
            let fail = "update ehlo.work set state = 'failed', due = now(), lease = null, dot_at = null
                where id = $1 and token = $2 and state in ('sending', 'failed')";
            Ok(session.execute(fail, &[&id, &token])? == 1)
        })
    }
}

impl Drop for Claimed<'_> {
    /// What cannot be let go is free when its lease is over.
    fn drop(&mut self) {
        if !self.is_over {
            let _ = self.release();
        }
    }
}
