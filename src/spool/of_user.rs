//! A queue of a machine as one user sees it: with that user's messages alone.

use super::{Apart, Claim, Id, Listed, Moment, Pause, Record, Spool, SpoolError, Submission, Visitor};
use ehlo_smtp::content::Content;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::Duration;

/// The messages of one user. Those of others are not there, and nothing of the queue as a whole can be done.
pub struct OfUser<'a> {
    spool: &'a dyn Spool,
    uid: u32,
}

impl<'a> OfUser<'a> {
    /// Of the user with this number.
    #[must_use]
    pub fn new(spool: &'a dyn Spool, uid: u32) -> OfUser<'a> {
        OfUser { spool, uid }
    }

    /// The message, if it is this user's. What cannot be read is nobody's.
    fn own(&self, id: &Id) -> Result<Listed, SpoolError> {
        match self.spool.look(id) {
            Ok(listed) if listed.entry.uid == self.uid => Ok(listed),
            Ok(_) | Err(SpoolError::Damaged { .. }) => Err(SpoolError::Gone(*id)),
            Err(error) => Err(error),
        }
    }

    fn refused<T>(&self) -> Result<T, SpoolError> {
        Err(SpoolError::Source(std::io::ErrorKind::PermissionDenied.into()))
    }
}

impl Spool for OfUser<'_> {
    fn now(&self) -> Moment {
        self.spool.now()
    }

    fn submit(&self, _: Submission, _: &dyn Content) -> Result<Id, SpoolError> {
        self.refused()
    }

    fn ids(&self) -> Result<Vec<Id>, SpoolError> {
        let mut ids = Vec::new();
        self.visit(&mut |id, _| {
            ids.push(*id);
            ControlFlow::Continue(())
        })?;
        Ok(ids)
    }

    fn visit(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError> {
        self.spool.visit(&mut |id, listed| match listed {
            Ok(listed) if listed.entry.uid == self.uid => visit(id, Ok(listed)),
            _ => ControlFlow::Continue(()),
        })
    }

    fn look(&self, id: &Id) -> Result<Listed, SpoolError> {
        self.own(id)
    }

    fn records(&self, id: &Id) -> Result<Vec<Record>, SpoolError> {
        self.own(id)?;
        self.spool.records(id)
    }

    fn record_count(&self, id: &Id) -> Result<usize, SpoolError> {
        self.own(id)?;
        self.spool.record_count(id)
    }

    fn content(&self, id: &Id) -> Result<Box<dyn Content>, SpoolError> {
        self.own(id)?;
        self.spool.content(id)
    }

    fn claim<'a>(&'a self, id: &Id) -> Result<Box<dyn Claim + 'a>, SpoolError> {
        self.own(id)?;
        self.spool.claim(id)
    }

    fn set_aside(&self, _: &Id) -> Result<(), SpoolError> {
        self.refused()
    }

    fn apart(&self) -> Result<Vec<Apart>, SpoolError> {
        Ok(Vec::new())
    }

    fn run_alone(&self, _: bool) -> Result<Option<Box<dyn Send>>, SpoolError> {
        self.refused()
    }

    fn tidy(&self, _: Duration) -> Result<(), SpoolError> {
        self.refused()
    }

    fn may_notify(&self, _: &Id, _: u32, _: usize) -> Result<bool, SpoolError> {
        self.refused()
    }

    fn pause(&self, account: &str) -> Result<Option<Pause>, SpoolError> {
        self.spool.pause(account)
    }

    /// Why accounts are not used for which messages of this user wait.
    fn pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError> {
        let mut pauses = self.spool.pauses()?;
        if !pauses.is_empty() {
            let mut own = HashSet::new();
            self.visit(&mut |_, listed| {
                own.extend(listed.ok().and_then(|listed| listed.entry.submission.account));
                ControlFlow::Continue(())
            })?;
            pauses.retain(|(account, _)| own.contains(account));
        }
        Ok(pauses)
    }

    fn set_pause(&self, _: &str, _: Option<&Pause>) -> Result<(), SpoolError> {
        self.refused()
    }
}
