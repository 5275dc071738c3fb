//! The queue of a machine stands in front of the one that many machines share: what is in it is handed on.
//!
//! Whoever submits a message has its answer when the disk of the machine has it. From there it goes into the database,
//! under its own name; when that has it for good, it leaves the machine. Wherever this ends, it is done again, and the
//! database takes no message twice. A database that is away costs time, and nothing else.
#![allow(clippy::disallowed_types, reason = "a database that is away is asked again")]

use super::witness::Witness;
use crate::net::{self, Deadline, interrupt, wait_readable};
use crate::spool::files::{Files, Real, Watch};
use crate::spool::postgres::{Database, HandedOn};
use crate::spool::{Claim, Event, Id, Spool, SpoolError};
use std::time::{Duration, Instant};

/// How many messages, and octets of them, go into one transaction.
const MESSAGES: usize = 100;
const OCTETS: u64 = 4 << 20;
/// How long one who stays waits for the next message, or for a database that is away.
const STAY: Duration = Duration::from_secs(60);
/// How long is waited before the database is asked again, at first and at last.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);
/// How long is waited for whoever is about to answer that a message was taken, at first and at last.
const GLANCE: Duration = Duration::from_millis(1);
const LONGEST_GLANCE: Duration = Duration::from_millis(64);

/// What the database is called in a journal.
const TO: &str = "the database";

/// Hands messages on.
pub struct Forwarder<'a> {
    local: &'a Files<Real>,
    database: &'a Database,
    witness: &'a dyn Witness,
}

/// What came of a look at all messages.
#[derive(Debug, Default)]
struct Round {
    /// How many were handed on.
    handed_on: usize,
    /// Somebody else had some.
    busy: bool,
}

impl<'a> Forwarder<'a> {
    /// From this queue into that one.
    #[must_use]
    pub fn new(local: &'a Files<Real>, database: &'a Database, witness: &'a dyn Witness) -> Forwarder<'a> {
        Forwarder { local, database, witness }
    }

    /// Hands on what is there; one who stays goes on with what comes, until nothing has come for a minute. How many
    /// messages there were.
    ///
    /// # Errors
    /// The database: what was not handed on stays where it is.
    pub fn run(&self, stays: bool) -> Result<usize, SpoolError> {
        // Without it, what comes later is for the next one.
        let watch = if stays { self.local.watch().ok() } else { None };
        let mut all = 0;
        let mut pause = FIRST;
        let mut glance = GLANCE;
        let mut until = Instant::now() + STAY;
        let mut is_in_trouble = false;
        loop {
            match self.round() {
                Ok(round) => {
                    if std::mem::take(&mut is_in_trouble) {
                        self.witness.mended();
                    }
                    pause = FIRST;
                    all += round.handed_on;
                    if round.handed_on > 0 {
                        until = Instant::now() + STAY;
                        glance = GLANCE;
                    }
                    let patience = match round.busy {
                        true => glance,
                        false => until.saturating_duration_since(Instant::now()),
                    };
                    glance = (glance * 2).min(LONGEST_GLANCE);
                    let Some(watch) = &watch else {
                        if round.busy
                            && Instant::now() < until
                            && net::pause(Deadline::after(patience)).is_ok()
                        {
                            continue;
                        }
                        return Ok(all);
                    };
                    // There was nothing to do at all.
                    if all == 0 && !round.busy {
                        return Ok(0);
                    }
                    if self.is_over(watch, patience, until) {
                        return Ok(all);
                    }
                }
                Err(error @ SpoolError::Database { fault, .. }) if stays && fault.passes() => {
                    if !std::mem::replace(&mut is_in_trouble, true) {
                        self.witness.trouble(None, &error);
                    }
                    if Instant::now() >= until || net::pause(Deadline::after(pause)).is_err() {
                        return Err(error);
                    }
                    pause = (pause * 2).min(LONGEST);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits for the next message. Whether it is time to leave.
    fn is_over(&self, watch: &Watch, patience: Duration, until: Instant) -> bool {
        let came = wait_readable(watch, Deadline::after(patience)).is_ok();
        watch.forget();
        interrupt::caught().is_some() || (!came && Instant::now() >= until)
    }

    /// Hands on all that is there now.
    fn round(&self) -> Result<Round, SpoolError> {
        let ids = self.local.ids()?;
        let mut round = Round::default();
        if ids.is_empty() {
            return Ok(round);
        }
        let began = self.database.ask_clock()?;
        let mut is_clean = true;
        let mut batch: Vec<Box<dyn Claim + '_>> = Vec::new();
        let mut octets = 0;
        for id in &ids {
            if interrupt::caught().is_some() {
                return Ok(round);
            }
            match self.local.claim(id) {
                Ok(claim) => {
                    octets += claim.entry().facts.octets;
                    batch.push(claim);
                }
                Err(SpoolError::Gone(_)) => {}
                Err(SpoolError::Busy(_)) => {
                    (is_clean, round.busy) = (false, true);
                }
                Err(error @ SpoolError::Damaged { .. }) => {
                    self.witness.trouble(Some(id), &error);
                    self.local.set_aside(id)?;
                }
                Err(error) => return Err(error),
            }
            if batch.len() >= MESSAGES || octets >= OCTETS {
                round.handed_on += self.hand_on(std::mem::take(&mut batch), &mut is_clean)?;
                octets = 0;
            }
        }
        round.handed_on += self.hand_on(batch, &mut is_clean)?;
        if is_clean {
            // All that was inserted before has left this machine.
            self.database.confirm(began)?;
        }
        Ok(round)
    }

    /// Hands these on in one transaction. How many there were.
    fn hand_on(&self, batch: Vec<Box<dyn Claim + '_>>, is_clean: &mut bool) -> Result<usize, SpoolError> {
        if batch.is_empty() {
            return Ok(0);
        }
        // What was handed on already, or is settled, only leaves.
        let (done, mut open): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|claim| claim.state().is_settled());
        for claim in done {
            claim.finish()?;
        }
        match self.insert(&open) {
            Ok(()) => {}
            // One of them cannot be read: each goes alone, and that one stays.
            Err(SpoolError::Source(_)) => {
                let mut readable = Vec::new();
                for claim in open {
                    let id = claim.entry().id;
                    match self.insert(std::slice::from_ref(&claim)) {
                        Ok(()) => readable.push(claim),
                        Err(SpoolError::Source(error)) => {
                            *is_clean = false;
                            self.unreadable(&id, claim, error)?;
                        }
                        Err(error) => return Err(error),
                    }
                }
                open = readable;
            }
            Err(error) => return Err(error),
        }
        let count = open.len();
        for mut claim in open {
            // Whoever handed it over may ask for it once more.
            claim.record(&[Event::HandedOn { to: TO.to_owned() }], false)?;
            claim.finish()?;
        }
        Ok(count)
    }

    fn insert(&self, claims: &[Box<dyn Claim + '_>]) -> Result<(), SpoolError> {
        if claims.is_empty() {
            return Ok(());
        }
        let contents: Vec<_> = claims.iter().map(|claim| claim.content()).collect();
        let mut messages = Vec::with_capacity(claims.len());
        for (claim, content) in claims.iter().zip(&contents) {
            let records = match claim.state().records {
                0 => Vec::new(),
                _ => self.local.records(&claim.entry().id)?,
            };
            messages.push(HandedOn { entry: claim.entry(), records, content: content.as_ref() });
        }
        self.database.hand_on(&messages)
    }

    /// The content of a message is not what was handed over: it is set aside.
    fn unreadable(
        &self,
        id: &Id,
        claim: Box<dyn Claim + '_>,
        error: std::io::Error,
    ) -> Result<(), SpoolError> {
        let is_damage = error.get_ref().is_some_and(|error| error.is::<SpoolError>());
        self.witness.trouble(Some(id), &SpoolError::Source(error));
        drop(claim);
        if is_damage { self.local.set_aside(id) } else { Ok(()) }
    }
}
