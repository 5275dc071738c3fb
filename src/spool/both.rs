//! Two queues as one: that of a machine, where messages wait until they are handed on, and the one that it hands them
//! on to.
//! It is looked at, and decided about; nobody sends from it.

use super::{Apart, Claim, Id, Listed, Moment, Pause, Record, Spool, SpoolError, Submission, Visitor};
use ehlo_smtp::content::Content;
use std::ops::ControlFlow;
use std::time::Duration;

/// The near one, and the far one behind it.
pub struct Both<'a> {
    near: &'a dyn Spool,
    far: &'a dyn Spool,
}

impl<'a> Both<'a> {
    /// Of these.
    #[must_use]
    pub fn new(near: &'a dyn Spool, far: &'a dyn Spool) -> Both<'a> {
        Both { near, far }
    }

    /// What the near one has of a message; else what the far one has.
    fn first<T>(&self, look: impl Fn(&'a dyn Spool) -> Result<T, SpoolError>) -> Result<T, SpoolError> {
        match look(self.near) {
            Err(SpoolError::Gone(_)) => look(self.far),
            looked => looked,
        }
    }
}

impl Spool for Both<'_> {
    fn now(&self) -> Moment {
        self.far.now()
    }

    fn submit(&self, submission: Submission, content: &dyn Content) -> Result<Id, SpoolError> {
        self.near.submit(submission, content)
    }

    fn ids(&self) -> Result<Vec<Id>, SpoolError> {
        let mut ids = self.near.ids()?;
        ids.extend(self.far.ids()?);
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn visit(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError> {
        let near = self.near.ids()?;
        let mut is_over = false;
        self.near.visit(&mut |id, listed| {
            let flow = visit(id, listed);
            is_over = flow.is_break();
            flow
        })?;
        if is_over {
            return Ok(());
        }
        // One that is being handed on is in both for a moment.
        self.far.visit(&mut |id, listed| match near.binary_search(id) {
            Ok(_) => ControlFlow::Continue(()),
            Err(_) => visit(id, listed),
        })
    }

    fn look(&self, id: &Id) -> Result<Listed, SpoolError> {
        self.first(|spool| spool.look(id))
    }

    fn records(&self, id: &Id) -> Result<Vec<Record>, SpoolError> {
        self.first(|spool| spool.records(id))
    }

    fn record_count(&self, id: &Id) -> Result<usize, SpoolError> {
        match self.near.record_count(id)? {
            0 => self.far.record_count(id),
            count => Ok(count),
        }
    }

    fn content(&self, id: &Id) -> Result<Box<dyn Content>, SpoolError> {
        self.first(|spool| spool.content(id))
    }

    fn claim<'a>(&'a self, id: &Id) -> Result<Box<dyn Claim + 'a>, SpoolError> {
        match self.near.claim(id) {
            Err(SpoolError::Gone(_)) => self.far.claim(id),
            claimed => claimed,
        }
    }

    fn set_aside(&self, id: &Id) -> Result<(), SpoolError> {
        self.first(|spool| spool.set_aside(id))
    }

    fn apart(&self) -> Result<Vec<Apart>, SpoolError> {
        let mut apart = self.near.apart()?;
        apart.extend(self.far.apart()?);
        Ok(apart)
    }

    fn run_alone(&self, wait: bool) -> Result<Option<Box<dyn Send>>, SpoolError> {
        self.near.run_alone(wait)
    }

    fn tidy(&self, keep_failed: Duration) -> Result<(), SpoolError> {
        self.near.tidy(keep_failed)?;
        self.far.tidy(keep_failed)
    }

    fn may_notify(&self, about: &Id, of: u32, most: usize) -> Result<bool, SpoolError> {
        self.near.may_notify(about, of, most)
    }

    fn pause(&self, account: &str) -> Result<Option<Pause>, SpoolError> {
        self.far.pause(account)
    }

    fn pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError> {
        self.far.pauses()
    }

    fn set_pause(&self, account: &str, pause: Option<&Pause>) -> Result<(), SpoolError> {
        self.far.set_pause(account, pause)
    }
}
