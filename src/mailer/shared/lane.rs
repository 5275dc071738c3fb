//! The messages for one destination that this process has, and whether the destination can be used: an account's
//! server, or the servers of one domain.
#![allow(clippy::disallowed_types, reason = "pauses are timed")]

use super::super::way::Way;
use crate::spool::Pause;
use crate::spool::postgres::Taken;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So many messages in a row break off in the middle before it is the destination that is to blame.
const MOST_BREAKS: u32 = 3;

/// One destination.
#[derive(Default)]
pub struct Lane {
    /// How its messages go; none where there is no way at present.
    pub way: Option<Arc<Way>>,
    /// Those that wait here for a thread.
    pub waiting: VecDeque<Taken>,
    /// Threads that serve it.
    pub workers: usize,
    /// A session got ready: there may be more of them.
    is_proven: bool,
    /// Why it is not used at present, and until when.
    pub pause: Option<Pause>,
    until: Option<Instant>,
    breaks: u32,
}

impl Lane {
    /// How many connections there may be from here.
    fn most(&self) -> usize {
        let connections = self.way.as_ref().map_or(1, |way| way.connections.max(1));
        if self.is_proven { connections } else { 1 }
    }

    /// How many messages more may be taken for it: one for each connection, and one that waits behind it.
    pub fn room(&self, now: Instant) -> usize {
        if self.rests(now) {
            return 0;
        }
        (2 * self.most()).saturating_sub(self.workers + self.waiting.len())
    }

    /// Whether one more thread is of use.
    pub fn wants_one(&self) -> bool {
        self.workers < self.most() && !self.waiting.is_empty()
    }

    /// Whether it is not used now.
    pub fn rests(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// It is not used for so long. What waits is returned.
    pub fn rest(&mut self, time: Duration) -> Vec<Taken> {
        self.until = Instant::now().checked_add(time);
        self.is_proven = false;
        self.waiting.drain(..).collect()
    }

    /// A message had an outcome. The pause that this ends, if there was any.
    pub fn goes_well(&mut self) -> Option<Pause> {
        self.is_proven = true;
        self.until = None;
        self.breaks = 0;
        self.pause.take()
    }

    /// A message broke off in the middle. Whether that is the destination's fault.
    pub fn breaks_off(&mut self) -> bool {
        self.breaks = self.breaks.saturating_add(1);
        self.breaks >= MOST_BREAKS
    }

    /// Whether nothing needs to be remembered of it.
    pub fn is_of_no_use(&self, now: Instant) -> bool {
        self.workers == 0 && self.waiting.is_empty() && self.pause.is_none() && !self.rests(now)
    }
}
