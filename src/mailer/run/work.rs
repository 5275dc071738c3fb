//! The workers: each takes the messages of one lane, one after the other, and sends them over a line of its own.
#![allow(clippy::disallowed_types, reason = "messages are paced by the clock")]

use super::{GLANCE, Runner};
use crate::client::Observer;
use crate::mailer::attempt::{Came, Rules, attempt};
use crate::mailer::over::Over;
use crate::mailer::settle::{settle, settle_doubt};
use crate::mailer::way::Way;
use crate::net::interrupt;
use crate::spool::{Claim, Entry, Id, Moment, SpoolError};
use std::sync::{Arc, PoisonError};
use std::thread::{Builder, Scope};
use std::time::{Duration, Instant};

impl Runner<'_> {
    /// Starts as many workers as there is work for, as far as the system has threads for them.
    pub(super) fn employ<'s>(&'s self, workers: &'s Scope<'s, '_>) {
        let mut board = self.board();
        let mut begun = 0;
        for (account, lane) in &mut board.lanes {
            for _ in 0..lane.wants() {
                let account = account.clone();
                let work = move || self.work(&account);
                if Builder::new().name("worker".to_owned()).spawn_scoped(workers, work).is_err() {
                    break;
                }
                lane.workers += 1;
                begun += 1;
            }
        }
        board.working += begun;
    }

    /// Does the work of a lane here, if no thread could be had for any.
    pub(super) fn work_without_thread(&self) {
        let mut board = self.board();
        if board.working > 0 {
            return;
        }
        let Some((account, lane)) = board.lanes.iter_mut().find(|(_, lane)| lane.wants() > 0) else { return };
        lane.workers += 1;
        let account = account.clone();
        board.working += 1;
        drop(board);
        self.work(&account);
    }

    /// A worker: sends the messages of a lane, one after the other, over what is its own.
    fn work(&self, account: &str) {
        let way = self.board().lanes.get(account).map(|lane| Arc::clone(&lane.way));
        if let Some(way) = way {
            let mut over = Over::new(&way);
            let mut observer = self.witness.observer();
            while let Some((id, wait, is_last)) = self.next(account) {
                if !self.waits(wait) {
                    break;
                }
                if let Err(error) = self.send(&id, &way, &mut over, is_last, observer.as_mut()) {
                    self.witness.trouble(Some(&id), &error);
                    self.stop(Some(error));
                    break;
                }
            }
            over.close(observer.as_mut());
        }
        let mut board = self.board();
        board.working -= 1;
        if let Some(lane) = board.lanes.get_mut(account) {
            lane.workers -= 1;
        }
        drop(board);
        self.news.notify_all();
    }

    /// The next message of a lane, how long it has to wait, and whether nobody is behind it. While the queue is
    /// still looked at, more may come.
    fn next(&self, account: &str) -> Option<(Id, Duration, bool)> {
        let mut board = self.board();
        loop {
            if board.stops || interrupt::caught().is_some() {
                return None;
            }
            let looks = board.looks;
            let lane = board.lanes.get_mut(account)?;
            if let Some(id) = lane.take() {
                return Some((id, lane.pace(Instant::now()), lane.is_empty() && !looks));
            }
            if !looks || lane.is_stopped {
                return None;
            }
            board = self.news.wait_timeout(board, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits, unless a signal comes.
    fn waits(&self, time: Duration) -> bool {
        let until = Instant::now().checked_add(time);
        while let Some(left) = until.map(|until| until.saturating_duration_since(Instant::now())) {
            if left.is_zero() {
                break;
            }
            if self.stops() {
                return false;
            }
            std::thread::sleep(left.min(Duration::from_millis(100)));
        }
        !self.stops()
    }

    /// Sends one message.
    fn send(
        &self,
        id: &Id,
        way: &Way,
        over: &mut Over<'_>,
        is_last: bool,
        observer: &mut dyn Observer,
    ) -> Result<(), SpoolError> {
        self.claimed(id, |claim| {
            let state = claim.state();
            if state.held.is_some() {
                return Ok(());
            }
            let may_be_twice = state.recipients.iter().any(|one| one.was_unknown);
            let places = self.due(state, &Moment::now());
            let rules = Rules { schedule: &self.settings.schedule, witness: self.witness };
            match attempt(claim, &places, way, over, is_last, &rules, observer)? {
                Came::Outcome(outcome) => {
                    self.is_up(way)?;
                    self.witness.attempted(claim.entry(), may_be_twice, outcome);
                }
                Came::NotUsable { outcome, why, is_refused, was_ready } => {
                    if was_ready || !outcome.attempts.iter().all(|attempt| attempt.transactions.is_empty()) {
                        self.witness.attempted(claim.entry(), may_be_twice, outcome);
                    }
                    if !was_ready || self.breaks_off(way, claim.entry().uid) {
                        self.is_down(way, why, is_refused)?;
                    }
                }
                Came::Unreadable(error) => self.damaged(id, &error)?,
                Came::Ours(Some(error)) => return Err(error),
                Came::Ours(None) => self.stop(None),
                Came::NoDomain | Came::Nobody => {}
            }
            Ok(())
        })
        .map(drop)
    }

    /// Does something to a message that nobody else works on, and what is to be done with it anyway: puts down
    /// what is in doubt, gives up whoever waited too long, tells the sender, and takes it out of the queue where
    /// it is settled. False where it is not there any more.
    pub(super) fn claimed(
        &self,
        id: &Id,
        work: impl FnOnce(&mut dyn Claim) -> Result<(), SpoolError>,
    ) -> Result<bool, SpoolError> {
        let mut claim = match self.spool.claim(id) {
            Ok(claim) => claim,
            Err(SpoolError::Gone(_)) => return Ok(false),
            Err(SpoolError::Busy(_)) => {
                self.board().busy.insert(*id);
                return Ok(false);
            }
            Err(error @ SpoolError::Damaged { .. }) => return self.damaged(id, &error).map(|()| false),
            Err(error) => return Err(error),
        };
        let in_doubt = settle_doubt(claim.as_mut(), |entry| self.next_unknown(entry))?;
        if in_doubt > 0 {
            self.witness.vanished(claim.entry(), in_doubt);
        }
        if !claim.state().is_settled() {
            work(claim.as_mut())?;
        }
        // What follows makes nothing due.
        self.see(id, claim.state().records);
        settle(claim, self.spool, self.witness, &self.settings.schedule, &self.settings.notices)
    }

    /// When to send a message again of which nobody knows whether it arrived.
    fn next_unknown(&self, entry: &Entry) -> Option<Moment> {
        let of_account = || self.accounts.way(entry).ok().map(|way| way.on_unknown);
        let policy = entry.submission.on_unknown.or_else(of_account).unwrap_or(self.settings.on_unknown);
        self.settings.schedule.next_unknown(policy, Moment::now())
    }
}
