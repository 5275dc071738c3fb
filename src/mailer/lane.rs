//! The messages that wait for one account in this run, in two rows: those that were never tried, and those that
//! were. They take turns, so that many old ones do not keep a new one waiting.
#![allow(clippy::disallowed_types, reason = "messages are paced by the clock")]

use super::way::Way;
use crate::spool::Id;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The messages for one account.
#[derive(Debug)]
pub struct Lane {
    /// How they go.
    pub way: Arc<Way>,
    fresh: VecDeque<Id>,
    tried: VecDeque<Id>,
    takes_tried: bool,
    /// How many workers serve it.
    pub workers: usize,
    /// A session got ready in this run: there may be more of them.
    pub is_proven: bool,
    /// The account cannot be used: nothing more is taken in this run.
    pub is_stopped: bool,
    /// How many messages in a row broke off in the middle of a session that was ready.
    breaks: u32,
    /// Whose the first of these was, and whether others' did, too.
    breaker: Option<u32>,
    is_of_several: bool,
    /// When the next message may go out.
    next: Option<Instant>,
}

/// So many messages in a row break off before it is the account that is to blame. Fewer may be bad ones, which must
/// not keep others waiting.
const MOST_BREAKS: u32 = 3;

impl Lane {
    /// An empty one.
    #[must_use]
    pub fn new(way: Arc<Way>) -> Lane {
        Lane {
            way,
            fresh: VecDeque::new(),
            tried: VecDeque::new(),
            takes_tried: false,
            workers: 0,
            is_proven: false,
            is_stopped: false,
            breaks: 0,
            breaker: None,
            is_of_several: false,
            next: None,
        }
    }

    /// Adds a message; `was_tried` if this is not the first time.
    pub fn push(&mut self, id: Id, was_tried: bool) {
        let row = if was_tried { &mut self.tried } else { &mut self.fresh };
        row.push_back(id);
    }

    /// The next message, out of the two rows in turn.
    pub fn take(&mut self) -> Option<Id> {
        if self.is_stopped {
            return None;
        }
        self.takes_tried = !self.takes_tried;
        let (first, second) = match self.takes_tried {
            true => (&mut self.fresh, &mut self.tried),
            false => (&mut self.tried, &mut self.fresh),
        };
        first.pop_front().or_else(|| second.pop_front())
    }

    /// Whether nothing more is to be taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.is_stopped || (self.fresh.is_empty() && self.tried.is_empty())
    }

    /// The account cannot be used: what waits goes on waiting, for another run.
    pub fn stop(&mut self) {
        self.is_stopped = true;
        self.fresh.clear();
        self.tried.clear();
    }

    /// A message had an outcome: the account is in use. Whether that is new in this run.
    pub fn goes_well(&mut self) -> bool {
        (self.breaks, self.breaker, self.is_of_several) = (0, None, false);
        !std::mem::replace(&mut self.is_proven, true)
    }

    /// A message of this user broke off in the middle. Whether the account is to blame, after so many. Where several
    /// users share it, the messages of one are not enough: nobody can keep it from the others so.
    pub fn breaks_off(&mut self, user: u32, has_several_users: bool) -> bool {
        self.breaks = self.breaks.saturating_add(1);
        self.is_of_several |= *self.breaker.get_or_insert(user) != user;
        self.breaks >= MOST_BREAKS && (self.is_of_several || !has_several_users)
    }

    /// How many more workers it can use.
    #[must_use]
    pub fn wants(&self) -> usize {
        let most = if self.is_proven { self.way.connections.max(1) } else { 1 };
        most.saturating_sub(self.workers).min(self.fresh.len() + self.tried.len())
    }

    /// How long the message that was just taken has to wait for its turn in the minute.
    pub fn pace(&mut self, now: Instant) -> Duration {
        let Some(per_minute) = self.way.messages_per_minute.filter(|most| *most > 0) else {
            return Duration::ZERO;
        };
        let turn = self.next.map_or(now, |next| next.max(now));
        self.next = turn.checked_add(Duration::from_secs(60) / per_minute);
        turn.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::super::way::Servers;
    use super::*;
    use crate::client::Target;
    use crate::net::Endpoint;
    use crate::spool::OnUnknown;

    fn lane(connections: usize, messages_per_minute: Option<u32>) -> Lane {
        Lane::new(Arc::new(Way {
            account: "a".to_owned(),
            servers: Servers::Own(
                Box::new(Target::new(Endpoint::Tcp { host: "localhost".to_owned(), port: Some(25) })),
                Vec::new(),
            ),
            connections,
            messages_per_connection: 10,
            messages_per_minute,
            on_unknown: OnUnknown::Retry,
            domain: None,
            signer: None,
            configuration: 0,
        }))
    }

    fn id(number: u32) -> Id {
        Id::new(0, number)
    }

    #[test]
    fn new_messages_and_old_ones_take_turns() {
        let mut lane = lane(1, None);
        (1..4).for_each(|number| lane.push(id(number), true));
        lane.push(id(9), false);
        let order: Vec<Id> = std::iter::from_fn(|| lane.take()).collect();
        assert_eq!(order, [9, 1, 2, 3].map(id));
        assert!(lane.is_empty());
    }

    #[test]
    fn there_is_one_worker_until_a_session_got_ready() {
        let mut lane = lane(3, None);
        (0..5).for_each(|number| lane.push(id(number), false));
        assert_eq!(lane.wants(), 1);
        lane.workers = 1;
        assert_eq!(lane.wants(), 0);
        lane.is_proven = true;
        assert_eq!(lane.wants(), 2);
        lane.stop();
        assert_eq!((lane.wants(), lane.take()), (0, None));
    }

    #[test]
    fn only_breaks_in_a_row_are_the_accounts_fault() {
        let mut lane = lane(1, None);
        let breaks = |lane: &mut Lane, users: [u32; 3]| users.map(|user| lane.breaks_off(user, false));
        assert_eq!([lane.breaks_off(7, false), lane.breaks_off(7, false)], [false; 2]);
        assert_eq!([lane.goes_well(), lane.goes_well()], [true, false]);
        assert_eq!(breaks(&mut lane, [7, 7, 7]), [false, false, true]);
    }

    #[test]
    fn one_of_several_users_cannot_make_it_the_accounts_fault() {
        let mut lane = lane(1, None);
        assert!((0..100).all(|_| !lane.breaks_off(7, true)));
        assert!(lane.breaks_off(8, true) && lane.breaks_off(7, true));
        lane.goes_well();
        assert_eq!([7, 8, 7].map(|user| lane.breaks_off(user, true)), [false, false, true]);
    }

    #[test]
    fn messages_are_spread_over_the_minute() {
        let mut lane = lane(1, Some(30));
        let now = Instant::now();
        let waits: Vec<u64> = (0..3).map(|_| lane.pace(now).as_secs()).collect();
        assert_eq!(waits, [0, 2, 4]);
        assert_eq!(lane.pace(now + Duration::from_secs(60)), Duration::ZERO);
    }
}
