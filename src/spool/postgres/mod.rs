//! The queue in PostgreSQL, which many machines share (docs/scale.md).
//!
//! A message is in the spool of a machine first, and from there it comes here ([`submit`]). Workers take it with a
//! lease and a token ([`claim`]), and keep to limits that hold for all of them ([`share`]). The tables are in
//! schema.sql. No transaction is open while a message is sent.
//!
//! All go by the database's clock. How connections are opened, and whom to trust, is for the caller.

mod book;
mod claim;
mod fault;
mod init;
mod listen;
mod read;
mod session;
mod share;
mod stored;
mod submit;

pub use book::Alarm;
pub use claim::{Claimed, LaneName, Taken};
pub use init::ROLES;
pub use session::Open;
pub use submit::HandedOn;

use super::{Apart, Claim, Id, Listed, Moment, Pause, Record, Spool, SpoolError, Submission, Visitor};
use ehlo_smtp::content::Content;
use session::{Kind, Sessions};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often workers look for what is due, though nobody wakes them.
pub const POLL: Duration = Duration::from_secs(5);

/// How long leases last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// On a message.
    pub lease: Duration,
    /// On a message whose end is about to be sent: longer than anybody waits for the reply to it (RFC 5321, section
    /// 4.5.3.2.6).
    pub dot: Duration,
    /// On a connection to a destination.
    pub slot: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            lease: Duration::from_secs(120),
            dot: Duration::from_secs(12 * 60),
            slot: Duration::from_secs(30),
        }
    }
}

impl Timing {
    /// How often they are renewed.
    #[must_use]
    pub fn renewal(&self) -> Duration {
        (self.lease / 4).min(self.slot / 3)
    }
}

/// A queue in a database.
#[derive(Debug)]
pub struct Database {
    sessions: Arc<Sessions>,
    timing: Timing,
    /// This process, among all that work: a number by chance.
    worker: i64,
    /// This machine's name.
    host: String,
    /// The spool of this machine: letters by chance.
    origin: String,
    is_leaving: AtomicBool,
    /// Only what came from the spool of this machine is there.
    is_own: bool,
}

impl Database {
    /// The queue that these connections lead to. Nothing is asked yet.
    #[must_use]
    pub fn new(opener: Box<dyn Open>, timing: Timing, host: String, origin: String) -> Database {
        let worker = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
        Database {
            sessions: Arc::new(Sessions::new(opener)),
            timing,
            worker: (worker >> 1).cast_signed(),
            host,
            origin,
            is_leaving: AtomicBool::new(false),
            is_own: false,
        }
    }

    /// What is shown is what came from the spool of this machine, and nothing else: numbers of users are those of this
    /// machine.
    pub fn only_own(&mut self) {
        self.is_own = true;
    }

    /// Connects once, and looks whether there is a queue that this program knows.
    ///
    /// # Errors
    /// There is none, or it cannot be reached.
    pub fn check(&self) -> Result<(), SpoolError> {
        self.sessions.with(Kind::Swift, |session| session.query("select 1", &[])).map(drop)
    }

    /// How long leases last.
    #[must_use]
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// Nothing is waited for any more beyond what is needed.
    pub fn leave(&self) {
        self.is_leaving.store(true, Ordering::Relaxed);
    }

    fn is_leaving(&self) -> bool {
        self.is_leaving.load(Ordering::Relaxed)
    }
}

impl Spool for Database {
    fn now(&self) -> Moment {
        self.sessions.now()
    }

    fn submit(&self, submission: Submission, content: &dyn Content) -> Result<Id, SpoolError> {
        self.take(submission, content)
    }

    fn ids(&self) -> Result<Vec<Id>, SpoolError> {
        self.names()
    }

    fn visit(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError> {
        self.show_all(visit)
    }

    fn look(&self, id: &Id) -> Result<Listed, SpoolError> {
        self.show(id)
    }

    fn records(&self, id: &Id) -> Result<Vec<Record>, SpoolError> {
        self.records_of(id)
    }

    fn record_count(&self, id: &Id) -> Result<usize, SpoolError> {
        self.count_records(id)
    }

    fn content(&self, id: &Id) -> Result<Box<dyn Content>, SpoolError> {
        self.content_of(id)
    }

    fn claim<'a>(&'a self, id: &Id) -> Result<Box<dyn Claim + 'a>, SpoolError> {
        Ok(Box::new(self.work_on(self.take_one(id)?)?))
    }

    fn set_aside(&self, id: &Id) -> Result<(), SpoolError> {
        self.damage(id)
    }

    fn apart(&self) -> Result<Vec<Apart>, SpoolError> {
        self.kept_apart()
    }

    /// Many work on it at once.
    fn run_alone(&self, _: bool) -> Result<Option<Box<dyn Send>>, SpoolError> {
        Ok(Some(Box::new(())))
    }

    fn tidy(&self, keep_failed: Duration) -> Result<(), SpoolError> {
        self.tidy_up(keep_failed)
    }

    fn may_notify(&self, about: &Id, _: u32, most: usize) -> Result<bool, SpoolError> {
        self.count_notice(about, most)
    }

    fn pause(&self, account: &str) -> Result<Option<Pause>, SpoolError> {
        self.read_pause(account)
    }

    fn pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError> {
        self.read_pauses()
    }

    fn set_pause(&self, account: &str, pause: Option<&Pause>) -> Result<(), SpoolError> {
        self.write_pause(account, pause)
    }
}
