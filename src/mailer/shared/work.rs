//! A thread: sends the messages of one lane, one after the other, over a line of its own.
#![allow(clippy::disallowed_types, reason = "messages are paced by the clock")]

use super::super::attempt::{Came, Rules, attempt};
use super::super::over::Over;
use super::super::pauses;
use super::super::settle::{settle, settle_doubt};
use super::super::way::Way;
use super::{GLANCE, Worker};
use crate::client::Observer;
use crate::delivery::Outcome;
use crate::spool::postgres::{LaneName, Taken};
use crate::spool::{Claim, Entry, Moment, Spool, SpoolError};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How long a connection is kept for the next message, while more may come.
const KEPT: Duration = Duration::from_millis(300);
/// How long nothing is tried where others have all connections that there may be.
const FULL: Duration = Duration::from_secs(1);
/// How long a message rests that nothing could be done with, though nothing was said of it.
const REST: Duration = Duration::from_secs(15);

/// The next message, and whether nobody is behind it.
struct Next {
    taken: Taken,
    is_last: bool,
}

/// What came of one message, for the next ones.
enum Then {
    GoOn,
    /// The lane is not used for a while.
    Stop,
}

impl Worker<'_> {
    /// Sends what waits in a lane.
    pub(super) fn work(&self, name: &LaneName, way: &Way) {
        match self.database.slot(name, way.connections.max(1)) {
            Ok(Some(slot)) => {
                let mut over = Over::new(way);
                let mut observer = self.witness.observer();
                while let Some(Next { taken, is_last }) = self.next(name) {
                    let id = taken.held().0;
                    let then = match self.takes_turn(name, way) {
                        true => self.send(taken, name, way, &mut over, is_last, observer.as_mut()),
                        false => self.database.give_back(&[taken], name).map(|()| Then::Stop),
                    };
                    self.board().held.remove(&id);
                    match then {
                        Ok(Then::GoOn) => self.tell(),
                        Ok(Then::Stop) => break,
                        Err(error) => {
                            self.witness.trouble(Some(&id), &error);
                            break;
                        }
                    }
                }
                over.close(observer.as_mut());
                self.database.free(&slot);
            }
            Ok(None) => self.is_full(name),
            // The dispatcher meets the same, and tells. What waits is looked at again.
            Err(_) => self.is_full(name),
        }
        let mut board = self.board();
        board.working -= 1;
        if let Some(lane) = board.lanes.get_mut(name) {
            lane.workers -= 1;
        }
        drop(board);
        self.look_into(name.clone());
        self.tell();
    }

    /// The next message of a lane. While more may come, it is waited for.
    fn next(&self, name: &LaneName) -> Option<Next> {
        let until = Instant::now() + KEPT;
        let mut board = self.board();
        loop {
            if board.stops() {
                return None;
            }
            let is_more = board.ready.iter().any(|ready| ready == name || *ready == LaneName::default());
            let lane = board.lanes.get_mut(name)?;
            if let Some(taken) = lane.waiting.pop_front() {
                let is_last = lane.waiting.is_empty() && !is_more;
                if is_more {
                    board.has_news = true;
                    self.news.notify_all();
                }
                return Some(Next { taken, is_last });
            }
            let left = until.saturating_duration_since(Instant::now());
            if !is_more || left.is_zero() {
                return None;
            }
            board.has_news = true;
            self.news.notify_all();
            board = self.news.wait_timeout(board, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for its turn in the minute, of all workers together. False where the work ends before.
    fn takes_turn(&self, name: &LaneName, way: &Way) -> bool {
        let Some(per_minute) = way.messages_per_minute.filter(|most| *most > 0) else { return true };
        // Without an answer it is sent: the database tells the dispatcher what is wrong.
        let time = self.database.turn(name, per_minute).unwrap_or_default();
        let until = Instant::now() + time;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if self.stops() {
                return false;
            }
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(GLANCE));
        }
    }

    /// Sends one message.
    fn send(
        &self,
        taken: Taken,
        name: &LaneName,
        way: &Way,
        over: &mut Over<'_>,
        is_last: bool,
        observer: &mut dyn Observer,
    ) -> Result<Then, SpoolError> {
        let id = taken.held().0;
        let mut claim = self.database.work_on(taken)?;
        let doubted = settle_doubt(&mut claim, |entry| self.next_unknown(entry, way))?;
        if doubted > 0 {
            self.witness.vanished(claim.entry(), doubted);
        }
        claim.file(name.clone());
        let state = claim.state();
        let before = state.records;
        let may_be_twice = state.recipients.iter().any(|one| one.was_unknown);
        let now = claim.now();
        let places = state.due(|next| self.settings.schedule.is_due(next, &now));
        let mut then = Then::GoOn;
        if !places.is_empty() && !state.is_settled() {
            let rules = Rules { schedule: &self.settings.schedule, witness: self.witness };
            match attempt(&mut claim, &places, way, over, is_last, &rules, observer)? {
                Came::Outcome(outcome) => {
                    let why = self.is_out_of_reach(name, &outcome);
                    self.witness.attempted(claim.entry(), may_be_twice, outcome);
                    match why {
                        Some(why) => {
                            self.is_down(name, way, why, false)?;
                            then = Then::Stop;
                        }
                        None => self.is_up(name, way)?,
                    }
                }
                Came::NotUsable { outcome, why, is_refused, was_ready } => {
                    if was_ready || !outcome.attempts.iter().all(|attempt| attempt.transactions.is_empty()) {
                        self.witness.attempted(claim.entry(), may_be_twice, outcome);
                    }
                    if !was_ready || self.breaks_off(name) {
                        self.is_down(name, way, why, is_refused)?;
                        then = Then::Stop;
                    }
                }
                Came::Unreadable(error) => {
                    self.witness.trouble(Some(&id), &error);
                    drop(claim);
                    self.database.set_aside(&id)?;
                    return Ok(Then::GoOn);
                }
                // Somebody else has it, or the database is away: nothing was sent.
                Came::Ours(Some(error)) => {
                    self.witness.trouble(Some(&id), &error);
                    return Ok(Then::Stop);
                }
                Came::Ours(None) => return Ok(Then::Stop),
                Came::NoDomain | Came::Nobody => {}
            }
        }
        if claim.state().records == before {
            claim.rest(REST);
        }
        settle(
            Box::new(claim),
            self.database,
            self.witness,
            &self.settings.schedule,
            &self.settings.notices,
        )?;
        Ok(then)
    }

    /// When to send a message again of which nobody knows whether it arrived.
    fn next_unknown(&self, entry: &Entry, way: &Way) -> Option<Moment> {
        let policy = entry.submission.on_unknown.unwrap_or(way.on_unknown);
        self.settings.schedule.next_unknown(policy, self.database.now())
    }

    /// Why no server of a domain could be reached, where that is so: others need not be tried now.
    fn is_out_of_reach(&self, name: &LaneName, outcome: &Outcome) -> Option<String> {
        let met = outcome.attempts.iter().any(|attempt| attempt.server.is_some());
        let is_decided = outcome.recipients.iter().all(|one| one.decided.is_some());
        if name.dest.is_empty() || !outcome.routed || met || is_decided {
            return None;
        }
        let error = outcome.error()?;
        Some(self.witness.error_in_words(error, outcome.routed_of(error)))
    }

    /// The destination is in use.
    fn is_up(&self, name: &LaneName, way: &Way) -> Result<(), SpoolError> {
        let ended = self.board().lanes.get_mut(name).and_then(super::Lane::goes_well);
        if ended.is_some() && name.dest.is_empty() {
            self.database.set_pause(&way.account, None)?;
            self.witness.resumed(&way.account);
        }
        Ok(())
    }

    /// A message broke off in the middle. Whether the destination is to blame.
    fn breaks_off(&self, name: &LaneName) -> bool {
        self.board().lanes.get_mut(name).is_some_and(super::Lane::breaks_off)
    }

    /// The destination cannot be used: all its messages wait, untouched.
    fn is_down(&self, name: &LaneName, way: &Way, why: String, is_refused: bool) -> Result<(), SpoolError> {
        let now = self.database.now();
        let mut board = self.board();
        let Some(lane) = board.lanes.get_mut(name) else { return Ok(()) };
        let before = lane.pause.take();
        let pause = pauses::next(before.as_ref(), why, is_refused, way.configuration, &now);
        lane.pause = Some(pause.clone());
        let left = lane.rest(pause.until.since(&now));
        board.let_go(&left);
        drop(board);
        let given = self.database.give_back(&left, name);
        if name.dest.is_empty() {
            self.database.set_pause(&way.account, Some(&pause))?;
            let is_news = before.is_none_or(|before| before.why != pause.why);
            self.witness.paused(&way.account, &pause, is_news);
        }
        given
    }

    /// Others have all connections that there may be to this destination.
    fn is_full(&self, name: &LaneName) {
        let mut board = self.board();
        let Some(lane) = board.lanes.get_mut(name) else { return };
        // Another thread of ours takes what waits.
        if lane.workers > 1 {
            return;
        }
        let left = lane.rest(FULL);
        board.let_go(&left);
        drop(board);
        let _ = self.database.give_back(&left, name);
    }
}
