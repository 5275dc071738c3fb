//! Connections to the database, and its clock. Each is used by one thread at a time; whoever is done puts it back.
//!
//! There are two kinds. What must stand when the database answers goes by a sure one. A claim or a renewal that is lost
//! with the database costs a lease, and nothing else: it goes by a swift one, for which no disk is waited for.

use super::fault::{fault_of, is_lost};
use crate::spool::error::{DatabaseFault, SpoolError};
use crate::spool::moment::Moment;
use postgres::types::ToSql;
use postgres::{Client, Error, Row, Statement};
use rustix::time::{ClockId, clock_gettime};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The version of the queue that this program makes and knows.
pub const VERSION: i32 = 1;
/// How many connections of a kind are kept that nobody uses.
const KEPT: usize = 64;

/// Opens connections: knows the servers, the role and its password, and whether they are trusted.
pub trait Open: Send + Sync {
    /// A new connection.
    ///
    /// # Errors
    /// There is none.
    fn open(&self) -> Result<Client, Error>;
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What it did stands, even if the power fails now.
    Sure,
    /// It may be lost with the database.
    Swift,
}

/// A connection, with what it has prepared.
pub struct Session {
    pub client: Client,
    prepared: HashMap<&'static str, Statement>,
}

impl Session {
    fn new(client: Client) -> Session {
        Session { client, prepared: HashMap::new() }
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    /// The rows that a statement gives.
    pub fn query(&mut self, sql: &'static str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
        let statement = self.prepare(sql)?;
        self.client.query(&statement, values)
    }

    /// How many rows a statement is about.
    pub fn execute(&mut self, sql: &'static str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        self.client.execute(&statement, values)
    }
}

/// All connections.
pub struct Sessions {
    opener: Box<dyn Open>,
    sure: Mutex<Vec<Session>>,
    swift: Mutex<Vec<Session>>,
    /// How far the database's clock is before the one of this machine that counts since its start, in milliseconds.
    ahead: AtomicI64,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    /// None yet.
    pub fn new(opener: Box<dyn Open>) -> Sessions {
        Sessions { opener, sure: Mutex::default(), swift: Mutex::default(), ahead: AtomicI64::new(0) }
    }

    /// A connection of one's own, to a database that need not have a queue.
    pub fn bare(&self) -> Result<Client, SpoolError> {
        self.opener.open().map_err(|error| fault_of(&error))
    }

    /// A new connection to a queue that this program knows.
    pub fn open(&self, kind: Kind) -> Result<Session, SpoolError> {
        let mut client = self.bare()?;
        let settings = match kind {
            Kind::Sure => "set statement_timeout = '60s'; set lock_timeout = '30s'",
            Kind::Swift => {
                "set statement_timeout = '60s'; set lock_timeout = '30s'; set synchronous_commit = off"
            }
        };
        client.batch_execute(settings).map_err(|error| fault_of(&error))?;
        let began = boot_milliseconds();
        let row = client
            .query_one(
                "select (select number from ehlo.version), extract(epoch from clock_timestamp())::float8",
                &[],
            )
            .map_err(|error| fault_of(&error))?;
        let version: Option<i32> = row.get(0);
        match version {
            Some(VERSION) => {}
            Some(version) if version > VERSION => {
                return Err(SpoolError::Database {
                    fault: DatabaseFault::Newer(version),
                    said: String::new(),
                });
            }
            _ => {
                return Err(SpoolError::Database { fault: DatabaseFault::NoQueue, said: String::new() });
            }
        }
        self.set_clock(row.get(1), began);
        Ok(Session::new(client))
    }

    /// Does something with a connection. Where one that was kept has ended meanwhile, it is done once more with a new
    /// one: whatever is done here may be done twice.
    pub fn with<T>(
        &self,
        kind: Kind,
        mut work: impl FnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, SpoolError> {
        let kept = self.kept(kind).pop();
        let was_kept = kept.is_some();
        let mut session = match kept {
            Some(session) => session,
            None => self.open(kind)?,
        };
        let mut done = work(&mut session);
        if was_kept && done.as_ref().is_err_and(is_lost) {
            // The others of that time have ended, too.
            self.kept(kind).clear();
            session = self.open(kind)?;
            done = work(&mut session);
        }
        if !session.client.is_closed() && !done.as_ref().is_err_and(is_lost) {
            let mut kept = self.kept(kind);
            if kept.len() < KEPT {
                kept.push(session);
            }
        }
        done.map_err(|error| fault_of(&error))
    }

    fn kept(&self, kind: Kind) -> std::sync::MutexGuard<'_, Vec<Session>> {
        let sessions = match kind {
            Kind::Sure => &self.sure,
            Kind::Swift => &self.swift,
        };
        sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the database's clock said, in seconds since 1970, to a question that was asked then. So this clock is
    /// never behind that one by more than it drifts: what the database calls due is due here.
    pub fn set_clock(&self, seconds: f64, asked: i64) {
        #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
        let milliseconds = (seconds * 1000.0) as i64;
        self.ahead.store(milliseconds.saturating_sub(asked), Ordering::Relaxed);
    }

    /// The moment, by the database's clock.
    pub fn now(&self) -> Moment {
        let milliseconds = boot_milliseconds().saturating_add(self.ahead.load(Ordering::Relaxed));
        Moment::of_database(milliseconds.div_euclid(1000))
    }
}

/// Milliseconds since this machine was started.
pub fn boot_milliseconds() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec.saturating_mul(1000).saturating_add(time.tv_nsec / 1_000_000)
}
