//! Messages are taken from the lanes in turn, and placed: with a thread that sends them, or back under the name of
//! their destination, where that cannot be used now.
#![allow(clippy::disallowed_types, reason = "pauses are timed")]

use super::super::pauses;
use super::super::way::{NoWay, Servers, Way};
use super::{Board, Worker};
use crate::spool::postgres::{LaneName, Taken};
use crate::spool::{Entry, Spool, SpoolError};
use ehlo_smtp::path::Mailbox;
use std::sync::Arc;
use std::thread::{Builder, Scope};
use std::time::{Duration, Instant};

/// How long an account that has no way is left alone before it is looked at again.
const NO_WAY: Duration = Duration::from_secs(60);
/// How many lanes are remembered that nothing has to be known of.
const KNOWN: usize = 1000;

impl Board {
    /// Forgets lanes that are of no use any more.
    pub(super) fn forget_lanes(&mut self) {
        let now = Instant::now();
        if self.lanes.len() > KNOWN {
            self.lanes.retain(|_, lane| !lane.is_of_no_use(now));
        }
    }
}

impl Worker<'_> {
    /// How many messages more may be taken: each thread has one, and one that waits behind it.
    pub(super) fn room(&self, board: &Board) -> usize {
        (2 * self.jobs).saturating_sub(board.held.len())
    }

    /// Something may be due in this lane.
    pub(super) fn look_into(&self, name: LaneName) {
        let mut board = self.board();
        if !board.ready.contains(&name) {
            board.ready.push_back(name);
        }
    }

    /// Takes messages from one lane after the other, until there is no room or nothing is due.
    pub(super) fn dispatch<'s>(&'s self, threads: &'s Scope<'s, '_>) -> Result<(), SpoolError> {
        let mut full = Vec::new();
        let done = self.dispatch_all(threads, &mut full);
        full.into_iter().for_each(|name| self.look_into(name));
        done
    }

    fn dispatch_all<'s>(
        &'s self,
        threads: &'s Scope<'s, '_>,
        full: &mut Vec<LaneName>,
    ) -> Result<(), SpoolError> {
        while !self.stops() {
            let (name, most) = {
                let mut board = self.board();
                let room = self.room(&board);
                if room == 0 {
                    return Ok(());
                }
                let Some(name) = board.ready.pop_front() else { return Ok(()) };
                let now = Instant::now();
                match board.lanes.get(&name) {
                    _ if name == LaneName::default() => (name, room),
                    // It is looked into when that is over.
                    Some(lane) if lane.rests(now) => continue,
                    Some(lane) if lane.room(now) == 0 => {
                        full.push(name);
                        continue;
                    }
                    Some(lane) => {
                        let of_lane = lane.room(now);
                        (name, room.min(of_lane))
                    }
                    None => (name, 1),
                }
            };
            let taken = self.database.take_due(&name, most).inspect_err(|_| self.look_into(name.clone()))?;
            if taken.len() >= most {
                self.look_into(name);
            }
            self.place(taken, threads)?;
        }
        Ok(())
    }

    /// Finds a thread for each, or files it.
    fn place<'s>(&'s self, taken: Vec<Taken>, threads: &'s Scope<'s, '_>) -> Result<(), SpoolError> {
        let mut filed: Vec<(LaneName, Vec<Taken>)> = Vec::new();
        let mut file = |name: LaneName, taken: Taken| match filed.iter_mut().find(|(of, _)| *of == name) {
            Some((_, all)) => all.push(taken),
            None => filed.push((name, vec![taken])),
        };
        for taken in taken {
            let Some(entry) = taken.entry() else {
                let id = taken.held().0;
                if let Err(error) = self.database.work_on(taken) {
                    self.witness.trouble(Some(&id), &error);
                }
                self.database.set_aside(&id)?;
                continue;
            };
            let way = match self.accounts.way(entry) {
                Ok(way) => way,
                Err(no_way) => {
                    file(self.has_no_way(&no_way)?, taken);
                    continue;
                }
            };
            let name = lane_of(&way, entry);
            let mut board = self.board();
            let lane = board.lanes.entry(name.clone()).or_default();
            // A configuration that was read anew has another way.
            lane.way = Some(Arc::clone(&way));
            if lane.room(Instant::now()) == 0 {
                file(name, taken);
                continue;
            }
            let (id, token) = taken.held();
            lane.waiting.push_back(taken);
            board.held.insert(id, token);
            drop(board);
            self.employ(&name, &way, threads);
        }
        for (name, taken) in filed {
            self.database.give_back(&taken, &name)?;
        }
        self.news.notify_all();
        Ok(())
    }

    /// Starts a thread for a lane, if that is of use.
    fn employ<'s>(&'s self, name: &LaneName, way: &Arc<Way>, threads: &'s Scope<'s, '_>) {
        let mut board = self.board();
        if board.working >= self.jobs {
            return;
        }
        let Some(lane) = board.lanes.get_mut(name).filter(|lane| lane.wants_one()) else { return };
        lane.workers += 1;
        board.working += 1;
        drop(board);
        let (of, by) = (name.clone(), Arc::clone(way));
        let work = move || self.work(&of, &by);
        if Builder::new().name("worker".to_owned()).spawn_scoped(threads, work).is_err() {
            let mut board = self.board();
            board.working -= 1;
            if let Some(lane) = board.lanes.get_mut(name) {
                lane.workers -= 1;
            }
        }
    }

    /// Starts threads for lanes that have messages and lack one: there was none to be had before.
    pub(super) fn employ_all<'s>(&'s self, threads: &'s Scope<'s, '_>) {
        let wanting: Vec<(LaneName, Arc<Way>)> = {
            let board = self.board();
            if board.working >= self.jobs {
                return;
            }
            let wanting = board.lanes.iter().filter(|(_, lane)| lane.wants_one());
            wanting.filter_map(|(name, lane)| Some((name.clone(), Arc::clone(lane.way.as_ref()?)))).collect()
        };
        wanting.iter().for_each(|(name, way)| self.employ(name, way, threads));
    }

    /// An account has no way: its messages wait under its name.
    fn has_no_way(&self, no_way: &NoWay) -> Result<LaneName, SpoolError> {
        let name = LaneName { account: no_way.account.clone(), dest: String::new() };
        let now = self.database.now();
        let mut board = self.board();
        let lane = board.lanes.entry(name.clone()).or_default();
        let mut pause = pauses::of_no_way(no_way, lane.pause.as_ref(), &now);
        pause.until = now.after(NO_WAY);
        let is_news = lane.pause.as_ref().is_none_or(|before| before.why != pause.why);
        lane.pause = Some(pause.clone());
        let left = lane.rest(NO_WAY);
        board.let_go(&left);
        drop(board);
        self.database.set_pause(&no_way.account, Some(&pause))?;
        if is_news {
            self.witness.paused(&no_way.account, &pause, true);
        }
        self.database.give_back(&left, &name)?;
        Ok(name)
    }

    /// What waits here for a thread goes back.
    pub(super) fn give_all_back(&self) {
        let left: Vec<(LaneName, Vec<Taken>)> = {
            let mut board = self.board();
            let all: Vec<_> = board
                .lanes
                .iter_mut()
                .map(|(name, lane)| (name.clone(), lane.waiting.drain(..).collect::<Vec<_>>()))
                .collect();
            for (_, taken) in &all {
                board.let_go(taken);
            }
            all
        };
        for (name, taken) in left.into_iter().filter(|(_, taken)| !taken.is_empty()) {
            // Else they are free when their lease is over.
            let _ = self.database.give_back(&taken, &name);
        }
    }
}

/// The lane of a message: its account, and the domain of all its recipients where each domain has servers of its own.
fn lane_of(way: &Way, entry: &Entry) -> LaneName {
    let dest = match way.servers {
        Servers::Own(..) => None,
        Servers::OfDomains(_) => common_domain(entry),
    };
    LaneName { account: way.account.clone(), dest: dest.unwrap_or_default() }
}

/// The domain that all recipients have, if it is one.
fn common_domain(entry: &Entry) -> Option<String> {
    let mut common = None;
    for recipient in &entry.submission.recipients {
        let domain = Mailbox::parse(&recipient.address).ok()?.domain().to_string().to_ascii_lowercase();
        match &common {
            None => common = Some(domain),
            Some(known) if *known == domain => {}
            Some(_) => return None,
        }
    }
    common
}
