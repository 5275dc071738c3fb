//! A worker of a queue that many machines share: takes what is due, with a lease, and sends it.
//!
//! ```text
//!   the database -> take_due -> place -> a lane for each destination -> threads: attempt -> settle
//!        ^                        |                                        |
//!        +---- filed, to wait ----+          woken by NOTIFY, or every 5 s +
//! ```
//!
//! One thread, the dispatcher, takes messages, never more than there is room for, and renews what this process has. A
//! message whose destination cannot be used at present is filed under it, and not touched again until it can. What one
//! thread does with a message is in shared/work.rs; which destination can be used, in shared/lane.rs.
#![allow(clippy::disallowed_types, reason = "leases and pauses are timed")]

mod dispatch;
mod lane;
mod work;

use super::run::Settings;
use super::way::Accounts;
use super::witness::Witness;
use crate::net::interrupt;
use crate::spool::postgres::{Alarm, Database, LaneName, POLL, Taken};
use crate::spool::{Id, Spool, SpoolError};
use lane::Lane;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope, scope};
use std::time::{Duration, Instant};

/// How often it is looked whether a signal came.
const GLANCE: Duration = Duration::from_millis(250);
/// How often it is tidied up, and looked whether the database can keep up.
const TIDY: Duration = Duration::from_secs(60);
/// How long is waited before the database is asked again that failed, at first and at last.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// A worker.
pub struct Worker<'a> {
    database: &'a Database,
    accounts: &'a dyn Accounts,
    witness: &'a dyn Witness,
    settings: &'a Settings,
    /// How many messages are sent at once.
    jobs: usize,
    board: Mutex<Board>,
    news: Condvar,
}

/// What its threads share.
#[derive(Default)]
struct Board {
    lanes: HashMap<LaneName, Lane>,
    /// Lanes in which something is due, as far as it is known, and the first one, of messages whose account was not
    /// looked up yet. They take turns.
    ready: VecDeque<LaneName>,
    /// What this process has a lease on.
    held: HashMap<Id, i64>,
    /// Threads that are at work.
    working: usize,
    /// Something happened that the dispatcher is to look at.
    has_news: bool,
    /// A message came, or may have.
    was_woken: bool,
    stops: bool,
    /// It was told that the database is in trouble.
    is_in_trouble: bool,
    /// Nothing is asked before this.
    rests_until: Option<Instant>,
    pause: Duration,
    /// Why nothing more can be done.
    error: Option<SpoolError>,
}

impl Board {
    fn stops(&self) -> bool {
        interrupt::caught().is_some() || self.stops
    }

    /// Nothing is done here with these any more.
    fn let_go(&mut self, taken: &[Taken]) {
        for taken in taken {
            self.held.remove(&taken.held().0);
        }
    }
}

/// When what is done from time to time is done next.
struct Times {
    renewal: Instant,
    poll: Instant,
    tidy: Instant,
    /// From where on lanes are looked at next.
    behind: LaneName,
    is_idle: bool,
    alarms: Vec<Alarm>,
}

impl<'a> Worker<'a> {
    /// For this queue. So many messages are sent at once.
    #[must_use]
    pub fn new(
        database: &'a Database,
        accounts: &'a dyn Accounts,
        witness: &'a dyn Witness,
        settings: &'a Settings,
        jobs: usize,
    ) -> Worker<'a> {
        let (board, news) = (Mutex::default(), Condvar::new());
        Worker { database, accounts, witness, settings, jobs: jobs.max(1), board, news }
    }

    /// Works until a signal comes, or `ends` says so: it is asked a few times in a second.
    ///
    /// # Errors
    /// The database does not let us in, or has a queue that this program does not know. That it cannot be reached is no
    /// error.
    pub fn run(&self, ends: &mut dyn FnMut() -> bool) -> Result<(), SpoolError> {
        scope(|threads| {
            // Without it, all is found a little later.
            let _ = Builder::new().name("listener".to_owned()).spawn_scoped(threads, || self.listen());
            let now = Instant::now();
            let mut times = Times {
                renewal: now,
                poll: now,
                tidy: now,
                behind: LaneName::default(),
                is_idle: false,
                alarms: Vec::new(),
            };
            while !self.stops() && !ends() {
                let done = self.round(threads, &mut times);
                self.heed(done);
                self.wait(&times);
            }
            self.board().stops = true;
            self.database.leave();
            self.news.notify_all();
            self.give_all_back();
            // Threads finish the message that they have; its lease is renewed meanwhile.
            while self.board().working > 0 {
                let renewed = self.renew(&mut times);
                self.heed(renewed);
                let board = self.board();
                drop(self.news.wait_timeout(board, GLANCE));
            }
            let _ = self.database.is_idle(false);
        });
        match self.board().error.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// What there is to do now.
    fn round<'s>(&'s self, threads: &'s Scope<'s, '_>, times: &mut Times) -> Result<(), SpoolError> {
        if self.board().rests_until.is_some_and(|until| Instant::now() < until) {
            return Ok(());
        }
        self.renew(times)?;
        if Instant::now() >= times.tidy {
            self.database.tidy(self.settings.keep_failed)?;
            let alarms = self.database.alarms()?;
            for alarm in alarms.iter().filter(|alarm| !times.alarms.iter().any(|known| known.is_like(alarm)))
            {
                self.witness.alarm(alarm);
            }
            times.alarms = alarms;
            times.tidy = Instant::now() + TIDY;
        }
        if Instant::now() >= times.poll {
            self.poll(times)?;
        }
        if std::mem::take(&mut self.board().was_woken) {
            self.look_into(LaneName::default());
        }
        self.employ_all(threads);
        self.dispatch(threads)?;
        self.rest_if_idle(threads, times)
    }

    /// Looks for lanes in which something is due, and frees what others lost.
    fn poll(&self, times: &mut Times) -> Result<(), SpoolError> {
        self.database.reap()?;
        let (due, next) = self.database.lanes(&times.behind)?;
        times.behind = next.unwrap_or_default();
        due.into_iter().for_each(|lane| self.look_into(lane));
        self.look_into(LaneName::default());
        if times.is_idle {
            self.database.is_idle(true)?;
        }
        self.board().forget_lanes();
        times.poll = Instant::now() + POLL.min(self.database.timing().lease);
        Ok(())
    }

    /// Renews what this process has.
    fn renew(&self, times: &mut Times) -> Result<(), SpoolError> {
        if Instant::now() < times.renewal {
            return Ok(());
        }
        let (held, has_slots) = {
            let board = self.board();
            (board.held.clone(), board.working > 0)
        };
        if !held.is_empty() || has_slots {
            self.database.renew(held.into_iter(), has_slots)?;
        }
        times.renewal = Instant::now() + self.database.timing().renewal();
        Ok(())
    }

    /// Asks to be woken, where there is room and nothing to take; then looks once more, since something may have come
    /// in between.
    fn rest_if_idle<'s>(&'s self, threads: &'s Scope<'s, '_>, times: &mut Times) -> Result<(), SpoolError> {
        let is_idle = {
            let board = self.board();
            !board.ready.contains(&LaneName::default()) && self.room(&board) > 0
        };
        if is_idle == times.is_idle {
            return Ok(());
        }
        self.database.is_idle(is_idle)?;
        times.is_idle = is_idle;
        if is_idle {
            self.look_into(LaneName::default());
            self.dispatch(threads)?;
        }
        Ok(())
    }

    /// Tells of trouble with the database, once, and that it is over.
    fn heed(&self, done: Result<(), SpoolError>) {
        let mut board = self.board();
        match done {
            Ok(()) if board.rests_until.is_some_and(|until| Instant::now() < until) => {}
            Ok(()) => {
                board.rests_until = None;
                board.pause = FIRST;
                if std::mem::take(&mut board.is_in_trouble) {
                    drop(board);
                    self.witness.mended();
                }
            }
            Err(error) => {
                if !passes(&error) {
                    board.stops = true;
                    board.error.get_or_insert(error);
                    return;
                }
                board.rests_until = Some(Instant::now() + board.pause);
                board.pause = (board.pause * 2).clamp(FIRST, LONGEST);
                let is_news = !std::mem::replace(&mut board.is_in_trouble, true);
                drop(board);
                if is_news {
                    self.witness.trouble(None, &error);
                }
            }
        }
    }

    /// Waits until something happens, or it is time.
    fn wait(&self, times: &Times) {
        let now = Instant::now();
        let board = self.board();
        let next = match board.rests_until {
            Some(until) => until,
            None => times.poll.min(times.renewal),
        };
        let time = next.saturating_duration_since(now).min(GLANCE);
        if board.has_news && board.rests_until.is_none() {
            drop(board);
        } else {
            drop(self.news.wait_timeout(board, time));
        }
        self.board().has_news = false;
    }

    /// Hears when messages come.
    fn listen(&self) {
        let mut listener = None;
        while !self.stops() {
            listener = match listener.take().map_or_else(|| self.database.listener(), Ok) {
                Ok(mut open) => match open.wait(GLANCE) {
                    Ok(came) => {
                        if came {
                            self.board().was_woken = true;
                            self.tell();
                        }
                        Some(open)
                    }
                    Err(_) => None,
                },
                Err(_) => {
                    std::thread::sleep(GLANCE);
                    None
                }
            };
        }
    }

    /// Something is to be looked at.
    fn tell(&self) {
        self.board().has_news = true;
        self.news.notify_all();
    }

    fn stops(&self) -> bool {
        self.board().stops()
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is waited for until this is over.
fn passes(error: &SpoolError) -> bool {
    match error {
        SpoolError::Database { fault, .. } => fault.passes(),
        _ => true,
    }
}
