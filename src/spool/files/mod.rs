//! The queue in files: two for each message, one that never changes and one that only grows (docs/queue.md).
//!
//! What must be true after a crash is told where it is done: [`submit`] how a message is taken, [`claim`] how an
//! outcome is written down, [`layout`] what is in the folder. What the octets of a file mean is for
//! [`super::entry`] and [`super::journal`].

mod apart;
mod claim;
mod disk;
mod layout;
mod notices;
#[cfg(feature = "postgres")]
mod origin;
mod pauses;
mod read;
mod real;
mod runner;
mod small;
mod store;
mod stored;
mod submit;
#[cfg(test)]
mod tests;
mod tidy;
#[cfg(feature = "postgres")]
mod watch;
mod writer;

pub use real::Real;
pub use store::{Files, Limits};
#[cfg(feature = "postgres")]
pub use watch::Watch;

use super::{Apart, Claim, Id, Listed, Pause, Record, Spool, SpoolError, Submission, Visitor};
use disk::Disk;
use ehlo_smtp::content::Content;
use std::time::Duration;
use stored::Stored;

impl<D: Disk> Spool for Files<D> {
    fn submit(&self, submission: Submission, content: &dyn Content) -> Result<Id, SpoolError> {
        self.take(submission, content)
    }

    fn ids(&self) -> Result<Vec<Id>, SpoolError> {
        Ok(self.names()?.into_iter().map(|(id, _)| id).collect())
    }

    fn visit(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError> {
        self.show_all(visit)
    }

    fn look(&self, id: &Id) -> Result<Listed, SpoolError> {
        self.show(id)
    }

    fn records(&self, id: &Id) -> Result<Vec<Record>, SpoolError> {
        self.open_message(id, false)?;
        Ok(self.read_journal(id, false)?.1.records(id))
    }

    fn record_count(&self, id: &Id) -> Result<usize, SpoolError> {
        Ok(self.read_journal(id, false)?.1.count(id))
    }

    fn content(&self, id: &Id) -> Result<Box<dyn Content>, SpoolError> {
        let opened = self.open_whole(id, false)?;
        let (facts, layout) = (opened.entry.facts, opened.layout);
        Ok(Box::new(Stored { file: opened.file, id: *id, facts, layout }))
    }

    fn claim<'a>(&'a self, id: &Id) -> Result<Box<dyn Claim + 'a>, SpoolError> {
        Ok(Box::new(self.claim_it(id)?))
    }

    fn set_aside(&self, id: &Id) -> Result<(), SpoolError> {
        self.set_aside_it(id)
    }

    fn apart(&self) -> Result<Vec<Apart>, SpoolError> {
        self.kept_apart()
    }

    fn run_alone(&self, wait: bool) -> Result<Option<Box<dyn Send>>, SpoolError> {
        self.be_the_runner(wait)
    }

    fn tidy(&self, keep_failed: Duration) -> Result<(), SpoolError> {
        self.tidy_up(keep_failed)
    }

    fn may_notify(&self, _: &Id, of: u32, most: usize) -> Result<bool, SpoolError> {
        self.count_notice(of, most)
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
