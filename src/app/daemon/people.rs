//! Who is connected, and how much of the queue is whose: so that nobody keeps others from being served.

#![allow(clippy::disallowed_types, reason = "the queue is not counted all the time")]

use crate::spool::{Spool, SpoolError};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many connections a user has at most.
const OF_USER: usize = 20;
/// How many there are all together. Beyond that, up to twice as many, a user who has none still gets one.
const OF_ALL: usize = 1000;
/// The descriptors of one: its socket twice, what comes before it is kept, the queue's folders and files.
const DESCRIPTORS: u64 = 8;
/// The queue is counted again at most once in as many times the time that it took.
const PAUSE: u32 = 20;

/// What a user may have in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Messages.
    pub messages: u64,
    /// Octets of all of them.
    pub octets: u64,
}

/// Why somebody is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// So many messages of this user wait.
    Messages(u64),
    /// So many octets of this user wait.
    Octets(u64),
}

/// Who is connected, and what is whose.
#[derive(Debug)]
pub struct People {
    /// How many connections there are all together.
    most: usize,
    connections: Mutex<HashMap<u32, usize>>,
    shares: Mutex<Shares>,
}

#[derive(Debug, Default)]
struct Shares {
    of: HashMap<u32, (u64, u64)>,
    /// Not counted again before this.
    next: Option<Instant>,
}

/// A connection of a user, while it lasts.
#[derive(Debug)]
pub struct Connected<'a> {
    people: &'a People,
    uid: u32,
}

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        let mut connections = locked(&self.people.connections);
        if let Some(count) = connections.get_mut(&self.uid) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&self.uid);
            }
        }
    }
}

impl People {
    /// As many as descriptors, of which this process may have so many, are enough for.
    #[must_use]
    pub fn new(descriptors: u64) -> People {
        let most = usize::try_from(descriptors / DESCRIPTORS / 2).unwrap_or(OF_ALL).clamp(1, OF_ALL);
        People { most, connections: Mutex::default(), shares: Mutex::default() }
    }

    /// One more connection of this user; nothing where there are too many.
    pub fn connect(&self, uid: u32) -> Option<Connected<'_>> {
        let mut connections = locked(&self.connections);
        let all: usize = connections.values().sum();
        let own = connections.entry(uid).or_default();
        let most = if *own == 0 { 2 * self.most } else { self.most };
        if *own >= OF_USER || all >= most {
            if *own == 0 {
                connections.remove(&uid);
            }
            return None;
        }
        *own += 1;
        Some(Connected { people: self, uid })
    }

    /// How many connections there are.
    pub fn connected(&self) -> usize {
        locked(&self.connections).values().sum()
    }

    /// Whether this user may have one more message in the queue, which then counts. Others take messages out of it:
    /// where there is no room left, it is counted anew, unless that was done a moment ago.
    ///
    /// # Errors
    /// There is no room, or the queue cannot be counted.
    pub fn admit(
        &self,
        uid: u32,
        octets: u64,
        most: Share,
        spool: &dyn Spool,
    ) -> Result<Option<Full>, SpoolError> {
        let mut shares = locked(&self.shares);
        let is_over = |shares: &Shares| {
            let (messages, held) = shares.of.get(&uid).copied().unwrap_or_default();
            match () {
                () if messages >= most.messages => Some(Full::Messages(messages)),
                () if held.saturating_add(octets) > most.octets => Some(Full::Octets(held)),
                () => None,
            }
        };
        if is_over(&shares).is_some() {
            shares.count(spool)?;
        }
        let full = is_over(&shares);
        if full.is_none() {
            let own = shares.of.entry(uid).or_default();
            *own = (own.0 + 1, own.1.saturating_add(octets));
        }
        Ok(full)
    }

    /// A message that was admitted did not get into the queue.
    pub fn give_back(&self, uid: u32, octets: u64) {
        if let Some((messages, held)) = locked(&self.shares).of.get_mut(&uid) {
            *messages = messages.saturating_sub(1);
            *held = held.saturating_sub(octets);
        }
    }

    /// Counts the queue.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn count(&self, spool: &dyn Spool) -> Result<(), SpoolError> {
        locked(&self.shares).count(spool)
    }
}

impl Shares {
    fn count(&mut self, spool: &dyn Spool) -> Result<(), SpoolError> {
        let began = Instant::now();
        if self.next.is_some_and(|next| began < next) {
            return Ok(());
        }
        let mut of: HashMap<u32, (u64, u64)> = HashMap::new();
        spool.visit(&mut |_, listed| {
            if let Ok(listed) = listed {
                let own = of.entry(listed.entry.uid).or_default();
                *own = (own.0 + 1, own.1.saturating_add(listed.entry.facts.octets));
            }
            ControlFlow::Continue(())
        })?;
        self.of = of;
        let took = began.elapsed().max(Duration::from_millis(10));
        self.next = Some(began + took * PAUSE);
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_the_last_place_of_another() {
        assert_eq!((People::new(1024).most, People::new(0).most), (64, 1));
        let people = People::new(u64::MAX);
        let mut held: Vec<_> = (0..OF_USER).map(|_| people.connect(1).unwrap()).collect();
        assert!(people.connect(1).is_none());
        for uid in 2..=50 {
            held.extend((0..OF_USER).filter_map(|_| people.connect(uid)));
        }
        assert_eq!(people.connected(), OF_ALL);
        // Everybody has as many as there may be; somebody new is let in all the same.
        assert!(people.connect(50).is_none());
        held.push(people.connect(51).unwrap());
        assert!(people.connect(51).is_none());
        held.truncate(1);
        assert_eq!(people.connected(), 1);
        assert!(people.connect(1).is_some());
    }
}
