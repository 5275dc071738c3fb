//! The runner: sends what is due, by as many connections as each account allows, until nothing more is.
//!
//! ```text
//!   the queue -> consider -> a lane for each account -> workers: claim -> attempt -> settle
//!                   ^                                                        |
//!                   +------------- messages that came meanwhile -------------+
//! ```
//!
//! There is one runner for a queue at a time; each message is claimed all the same, since commands work on
//! messages too. Here the queue is looked at. Whether a message is sent is in run/consider.rs, the workers are in
//! run/work.rs, and whether an account is in use is in run/accounts.rs. What is done to a message is in
//! [`super::attempt`] and [`super::settle`].
#![allow(clippy::disallowed_types, reason = "messages are paced by the clock")]

mod accounts;
mod consider;
mod work;

use super::lane::Lane;
use super::selection::Selection;
use super::settle::Notices;
use super::way::Accounts;
use super::witness::Witness;
use crate::net::interrupt;
use crate::spool::schedule::Schedule;
use crate::spool::{Id, Moment, OnUnknown, Spool, SpoolError};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Scope, scope};
use std::time::{Duration, Instant};

/// How often the queue is looked at for new messages while others are sent.
const GLANCE: Duration = Duration::from_secs(1);
/// How long a run that has nothing else to do waits for messages that others have: whoever hands one over has it
/// until its disk has answered.
const OTHERS: Duration = Duration::from_secs(10);

/// How a run goes.
#[derive(Debug)]
pub struct Settings {
    /// When messages are tried again, and how long.
    pub schedule: Schedule,
    /// What becomes of messages of which nobody knows whether they arrived, where neither they nor their account
    /// say it.
    pub on_unknown: OnUnknown,
    /// How long failed messages are kept.
    pub keep_failed: Duration,
    /// Which messages are sent.
    pub selection: Selection,
    /// Who is told of messages that do not arrive.
    pub notices: Notices,
    /// It is the queue of a machine, whose users share the accounts.
    pub has_several_users: bool,
}

/// A run.
pub struct Runner<'a> {
    spool: &'a dyn Spool,
    accounts: &'a dyn Accounts,
    witness: &'a dyn Witness,
    settings: &'a Settings,
    board: Mutex<Board>,
    news: Condvar,
}

/// What the workers share.
#[derive(Default)]
struct Board {
    lanes: BTreeMap<String, Lane>,
    /// Messages that were considered in this run, and how many records each had behind that.
    seen: HashMap<Id, usize>,
    /// Messages that somebody else had when they were looked at.
    busy: HashSet<Id>,
    /// Accounts of which it was said in this run that they have no way.
    without_way: HashSet<String>,
    /// Workers that are at work.
    working: usize,
    /// The queue is looked at for the first time: more may come.
    looks: bool,
    /// Nothing more can be done.
    stops: bool,
    /// Why, if it is an error.
    error: Option<SpoolError>,
}

impl<'a> Runner<'a> {
    /// For this queue.
    #[must_use]
    pub fn new(
        spool: &'a dyn Spool,
        accounts: &'a dyn Accounts,
        witness: &'a dyn Witness,
        settings: &'a Settings,
    ) -> Runner<'a> {
        Runner { spool, accounts, witness, settings, board: Mutex::default(), news: Condvar::new() }
    }

    /// Sends until nothing more is due, or a signal comes. Whoever calls it is the one runner
    /// ([`Spool::run_alone`]).
    ///
    /// # Errors
    /// The store fails: what was to be written down could not be.
    pub fn run(&self) -> Result<(), SpoolError> {
        let is_first = self.board().seen.is_empty();
        scope(|workers| {
            let begun = match is_first {
                true => self.spool.tidy(self.settings.keep_failed).and_then(|()| self.look_at_all(workers)),
                false => Ok(()),
            };
            let done = begun.and_then(|()| self.go_on(workers));
            if let Err(error) = &done {
                self.witness.trouble(None, error);
                self.stop(None);
            }
            done
        })?;
        match self.board().error.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Whether a message was there before the run ended. One that was not is for another run.
    #[must_use]
    pub fn has_seen(&self, id: &Id) -> bool {
        self.board().seen.contains_key(id)
    }

    /// Looks for messages of this run that somebody made due again, with `ehlo queue retry` or `release`, and forgets
    /// that it has seen them. One that only this run wrote down something of is not looked at again, so this comes to
    /// an end.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn look_again(&self) -> Result<(), SpoolError> {
        let now = Moment::now();
        for id in self.spool.ids()? {
            if self.stops() {
                break;
            }
            let Some(known) = self.board().seen.get(&id).copied() else { continue };
            if self.spool.record_count(&id).is_ok_and(|count| count > known)
                && let Ok(listed) = self.spool.look(&id)
                && !listed.busy
                && self.settings.selection.has(&listed)
                && !listed.state.due(|next| self.settings.schedule.is_due(next, &now)).is_empty()
            {
                self.board().seen.remove(&id);
            }
        }
        Ok(())
    }

    /// Looks at all messages that wait.
    fn look_at_all<'s>(&'s self, workers: &'s Scope<'s, '_>) -> Result<(), SpoolError> {
        let mut considered = Ok(());
        self.board().looks = true;
        let looked = self.spool.visit(&mut |id, listed| {
            self.see(id, listed.as_ref().map_or(0, |listed| listed.state.records));
            considered = self.consider(id, listed);
            self.employ(workers);
            if considered.is_err() || self.stops() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        self.board().looks = false;
        self.news.notify_all();
        looked.and(considered)
    }

    /// Looks for messages that came meanwhile, until all is done.
    fn go_on<'s>(&'s self, workers: &'s Scope<'s, '_>) -> Result<(), SpoolError> {
        let mut idle: Option<Instant> = None;
        loop {
            let has_work = {
                let board = self.board();
                board.working > 0 || board.lanes.values().any(|lane| !lane.is_empty())
            };
            let mut has_news = false;
            let were_busy = std::mem::take(&mut self.board().busy);
            for id in self.spool.ids()? {
                if self.stops() {
                    return Ok(());
                }
                let is_new = !self.has_seen(&id);
                if is_new || were_busy.contains(&id) {
                    has_news |= is_new;
                    let listed = self.spool.look(&id);
                    self.see(&id, listed.as_ref().map_or(0, |listed| listed.state.records));
                    self.consider(&id, listed)?;
                }
            }
            self.employ(workers);
            self.work_without_thread();
            let board = self.board();
            let is_working = board.working > 0;
            if is_working || has_work || has_news {
                idle = None;
            } else if board.busy.is_empty() || idle.get_or_insert_with(Instant::now).elapsed() >= OTHERS {
                return Ok(());
            }
            let wait = match (is_working, idle) {
                (true, _) => GLANCE,
                // Most are handed over in no time.
                (false, Some(_)) => GLANCE / 20,
                (false, None) => Duration::ZERO,
            };
            drop(self.news.wait_timeout(board, wait));
            if self.stops() {
                return Ok(());
            }
        }
    }

    fn see(&self, id: &Id, records: usize) {
        self.board().seen.insert(*id, records);
    }

    fn stop(&self, error: Option<SpoolError>) {
        let mut board = self.board();
        board.stops = true;
        if board.error.is_none() {
            board.error = error;
        }
    }

    fn stops(&self) -> bool {
        interrupt::caught().is_some() || self.board().stops
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
