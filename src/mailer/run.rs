//! The runner: sends what is due, by as many connections as each account allows, until nothing more is.
//!
//! ```text
//!   the queue -> consider -> a lane for each account -> workers: claim -> attempt -> settle
//!                   ^                                                        |
//!                   +------------- messages that came meanwhile -------------+
//! ```
//!
//! There is one runner for a queue at a time; each message is claimed all the same, since commands work on
//! messages too. What it does to a message is in [`super::attempt`] and [`super::settle`].
#![allow(clippy::disallowed_types, reason = "messages are paced by the clock")]

use super::attempt::{Came, Rules, attempt, unknown_next};
use super::lane::Lane;
use super::pauses;
use super::selection::Selection;
use super::settle::{Notices, settle};
use super::way::{Accounts, NoWay, Way};
use super::witness::Witness;
use crate::client::observer::Nobody;
use crate::delivery::Line;
use crate::net::interrupt;
use crate::spool::error::Damage;
use crate::spool::schedule::Schedule;
use crate::spool::{Claim, Event, Id, Listed, Moment, OnUnknown, Pause, Spool, SpoolError, State};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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
        self.spool.visit(&mut |id, listed| {
            let Ok(listed) = listed else { return ControlFlow::Continue(()) };
            let is_due = !listed.state.due(|next| self.settings.schedule.is_due(next, &now)).is_empty();
            if is_due && !listed.busy && self.settings.selection.has(&listed) {
                let mut board = self.board();
                if board.seen.get(id).is_some_and(|known| *known < listed.state.records) {
                    board.seen.remove(id);
                }
            }
            if self.stops() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
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

    /// Whether a message has to wait, and if not, for what.
    fn consider(&self, id: &Id, listed: Result<Listed, SpoolError>) -> Result<(), SpoolError> {
        let listed = match listed {
            Ok(listed) => listed,
            // Somebody else was faster.
            Err(SpoolError::Gone(_)) => return Ok(()),
            Err(error @ SpoolError::Damaged { .. }) => return self.damaged(id, &error),
            Err(error) => return Err(error),
        };
        if !self.settings.selection.has(&listed) {
            return Ok(());
        }
        if listed.busy {
            self.board().busy.insert(*id);
            return Ok(());
        }
        let now = Moment::now();
        let state = &listed.state;
        let schedule = &self.settings.schedule;
        let has_duties = state.is_settled()
            || !state.untold().is_empty()
            || !state.in_doubt().is_empty()
            || super::settle::is_late(&listed.entry, state, schedule, &now)
            || (state.held.is_none() && schedule.may_give_up(listed.entry.created, state, now, None));
        if has_duties && !self.claimed(id, |_| Ok(()))? {
            return Ok(());
        }
        if state.held.is_some() || self.due(state, &now).is_empty() {
            return Ok(());
        }
        match self.accounts.way(&listed.entry) {
            Ok(way) if !self.settings.selection.has_account(&way.account) => Ok(()),
            Err(no_way) if !self.settings.selection.has_account(&no_way.account) => Ok(()),
            Ok(way) => match self.line_up(id, state.attempts > 0, Arc::clone(&way), &now)? {
                true => Ok(()),
                false => self.held_where_too_old(id, &way.account, &listed, &now),
            },
            Err(no_way) => {
                self.has_no_way(&no_way, &now)?;
                self.held_where_too_old(id, &no_way.account, &listed, &now)
            }
        }
    }

    /// A message whose account could not be used until its time was over was never tried in earnest: it is not given
    /// up, but held, with one warning.
    fn held_where_too_old(
        &self,
        id: &Id,
        account: &str,
        listed: &Listed,
        now: &Moment,
    ) -> Result<(), SpoolError> {
        let schedule = &self.settings.schedule;
        let is_old = schedule.age(listed.entry.created, &listed.state, *now) >= schedule.give_up;
        if !is_old || listed.state.held.is_some() {
            return Ok(());
        }
        // A machine that was off for so long has its network a moment later.
        let pause = self.spool.pause(account)?;
        if pause.is_none_or(|pause| now.since(&pause.since) < pauses::EARNEST) {
            return Ok(());
        }
        let hold = |claim: &mut dyn Claim| {
            let (by, why) =
                (String::from("ehlo"), String::from("its account could not be used until its time was over"));
            claim.record(&[Event::Held { by, why }], true)?;
            self.witness.changed(claim.entry(), claim.state());
            Ok(())
        };
        self.claimed(id, hold).map(drop)
    }

    /// A message that cannot be read is set aside, unless a newer program can read it.
    fn damaged(&self, id: &Id, error: &SpoolError) -> Result<(), SpoolError> {
        self.witness.trouble(Some(id), error);
        match error {
            SpoolError::Damaged { damage: Damage::Newer, .. } => Ok(()),
            _ => self.spool.set_aside(id),
        }
    }

    /// Who is sent to now.
    fn due(&self, state: &crate::spool::MessageState, now: &Moment) -> Vec<usize> {
        let mut due = state.due(|next| self.settings.schedule.is_due(next, now));
        if self.settings.selection.hurries() {
            let deferred = state.recipients.iter().enumerate();
            let deferred = deferred.filter(|(_, one)| matches!(one.state, State::Deferred { .. }));
            due.extend(deferred.map(|(place, _)| place));
            due.sort_unstable();
            due.dedup();
        }
        due
    }

    /// Puts a message into its account's lane; false where that is paused.
    fn line_up(&self, id: &Id, was_tried: bool, way: Arc<Way>, now: &Moment) -> Result<bool, SpoolError> {
        let mut board = self.board();
        if !board.lanes.contains_key(&way.account) {
            let pause = self.spool.pause(&way.account)?;
            let mut lane = Lane::new(Arc::clone(&way));
            let selection = &self.settings.selection;
            if let Some(pause) = pause.filter(|pause| pauses::holds(pause, &way, selection, now)) {
                lane.is_stopped = true;
                // Whoever asks for a run is told why it does nothing.
                if !matches!(selection, Selection::Due) {
                    self.witness.paused(&way.account, &pause, false);
                }
            }
            board.lanes.insert(way.account.clone(), lane);
        }
        let lane = board.lanes.get_mut(&way.account).filter(|lane| !lane.is_stopped);
        let has_room = lane.map(|lane| lane.push(*id, was_tried)).is_some();
        drop(board);
        self.news.notify_all();
        Ok(has_room)
    }

    /// Puts down, once, that an account has no way.
    fn has_no_way(&self, no_way: &NoWay, now: &Moment) -> Result<(), SpoolError> {
        if !self.board().without_way.insert(no_way.account.clone()) {
            return Ok(());
        }
        let before = self.spool.pause(&no_way.account)?;
        let pause = pauses::of_no_way(no_way, before.as_ref(), now);
        let is_news = before.is_none_or(|before| before.why != pause.why);
        self.put_down(&no_way.account, Some(&pause));
        self.witness.paused(&no_way.account, &pause, is_news);
        Ok(())
    }

    /// Starts as many workers as there is work for.
    fn employ<'s>(&'s self, workers: &'s Scope<'s, '_>) {
        let mut board = self.board();
        let mut begun = 0;
        for (account, lane) in &mut board.lanes {
            for _ in 0..lane.wants() {
                lane.workers += 1;
                begun += 1;
                let account = account.clone();
                workers.spawn(move || self.work(&account));
            }
        }
        board.working += begun;
    }

    /// A worker: sends the messages of a lane, one after the other, over a line of its own.
    fn work(&self, account: &str) {
        let way = self.board().lanes.get(account).map(|lane| Arc::clone(&lane.way));
        if let Some(way) = way {
            let mut line = Line::new(&way.first, &way.others, way.messages_per_connection);
            while let Some((id, wait, is_last)) = self.next(account) {
                if !self.waits(wait) {
                    break;
                }
                if let Err(error) = self.send(&id, &way, &mut line, is_last) {
                    self.witness.trouble(Some(&id), &error);
                    self.stop(Some(error));
                    break;
                }
            }
            line.close(&mut Nobody);
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
    fn send(&self, id: &Id, way: &Way, line: &mut Line<'_>, is_last: bool) -> Result<(), SpoolError> {
        self.claimed(id, |claim| {
            let state = claim.state();
            if state.held.is_some() {
                return Ok(());
            }
            let may_be_twice = state.recipients.iter().any(|one| one.was_unknown);
            let places = self.due(state, &Moment::now());
            let rules = Rules { schedule: &self.settings.schedule, witness: self.witness };
            match attempt(claim, &places, way, line, is_last, &rules)? {
                Came::Outcome(outcome) => {
                    self.is_up(way)?;
                    self.witness.attempted(claim.entry(), may_be_twice, outcome);
                }
                Came::NotUsable { outcome, why, is_refused, was_ready } => {
                    if was_ready || !outcome.attempts.iter().all(|attempt| attempt.transactions.is_empty()) {
                        self.witness.attempted(claim.entry(), may_be_twice, outcome);
                    }
                    if !was_ready || self.breaks_off(way) {
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
    fn claimed(
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
        let in_doubt = claim.state().in_doubt();
        if !in_doubt.is_empty() {
            let way = self.accounts.way(claim.entry()).ok();
            let (usual, schedule) = (self.settings.on_unknown, &self.settings.schedule);
            let now = Moment::now();
            let next = unknown_next(claim.as_ref(), way.as_deref(), usual, schedule, &now);
            let said = String::from("whoever sent it vanished before the reply to the end of the message");
            let number = claim.state().attempts;
            claim.record(&[Event::Unknown { number, places: in_doubt, next, said }], true)?;
            self.witness.changed(claim.entry(), claim.state());
        }
        if !claim.state().is_settled() {
            work(claim.as_mut())?;
        }
        // What follows makes nothing due.
        self.see(id, claim.state().records);
        settle(claim, self.spool, self.witness, &self.settings.schedule, &self.settings.notices)
    }

    /// The account is in use.
    fn is_up(&self, way: &Way) -> Result<(), SpoolError> {
        let mut board = self.board();
        let Some(lane) = board.lanes.get_mut(&way.account) else { return Ok(()) };
        if !lane.goes_well() {
            return Ok(());
        }
        drop(board);
        self.news.notify_all();
        if self.spool.pause(&way.account)?.is_some() {
            self.put_down(&way.account, None);
            self.witness.resumed(&way.account);
        }
        Ok(())
    }

    /// A message broke off in the middle. Whether its account is to blame.
    fn breaks_off(&self, way: &Way) -> bool {
        self.board().lanes.get_mut(&way.account).is_some_and(Lane::breaks_off)
    }

    /// The account cannot be used: all its messages wait.
    fn is_down(&self, way: &Way, why: String, is_refused: bool) -> Result<(), SpoolError> {
        if let Some(lane) = self.board().lanes.get_mut(&way.account) {
            lane.stop();
        }
        let before = self.spool.pause(&way.account)?;
        let pause = pauses::next(before.as_ref(), why, is_refused, way.configuration, &Moment::now());
        self.put_down(&way.account, Some(&pause));
        self.witness.paused(&way.account, &pause, before.is_none_or(|before| before.why != pause.why));
        Ok(())
    }

    /// Puts down whether an account is used. Where that cannot be kept, it is tried sooner than it should be: no reason
    /// to send nothing by the others.
    fn put_down(&self, account: &str, pause: Option<&Pause>) {
        if let Err(error) = self.spool.set_pause(account, pause) {
            self.witness.trouble(None, &error);
        }
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
