//! Writes into a message's journal what happens to it while it is delivered: who may have it, before its end is
//! sent, and whose fate is decided, as soon as a transaction is over.
//!
//! What is not decided for good is written down by [`super::attempt`], when the attempt is over: another
//! transaction, or another connection, may still decide it.

use super::blame::is_about_the_log_in;
use super::groups::Groups;
use super::witness::Witness;
use crate::delivery::Ledger;
use crate::delivery::outcome::Server;
use crate::spool::{Claim, Event, Moment, SpoolError};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::transaction::{Status, Transaction};
use std::io;

/// Keeps account of one attempt.
pub struct Bookkeeper<'a> {
    claim: &'a mut dyn Claim,
    witness: &'a dyn Witness,
    /// The places in the entry of those who are in the envelope, in its order.
    places: &'a [usize],
    /// The number of the attempt.
    number: u32,
    /// How often it was tried to send to these, with this attempt.
    tries: u32,
    /// The server is one of those of the recipients' domains.
    is_routed: bool,
    /// When an unknown one is sent again; none where somebody has to decide.
    unknown_next: Option<Moment>,
    /// Written with the next event: that an attempt was made matters only if something came of it.
    begun: Option<Event>,
    /// The log-in went through, or there is none.
    is_logged_in: bool,
    /// The log-in is missing or not enough, the server says: no verdict on the message.
    pub wants_log_in: Option<Reply>,
    /// What could not be written down.
    pub failed: Option<SpoolError>,
}

impl<'a> Bookkeeper<'a> {
    /// For an attempt to send to these.
    pub fn new(
        claim: &'a mut dyn Claim,
        witness: &'a dyn Witness,
        places: &'a [usize],
        unknown_next: Option<Moment>,
    ) -> Bookkeeper<'a> {
        let number = claim.state().attempts.saturating_add(1);
        let recipients = &claim.state().recipients;
        let tries = places.iter().filter_map(|place| Some(recipients.get(*place)?.attempts)).max();
        let tries = tries.unwrap_or_default().saturating_add(1);
        Bookkeeper {
            claim,
            witness,
            places,
            number,
            tries,
            is_routed: false,
            unknown_next,
            begun: None,
            is_logged_in: false,
            wants_log_in: None,
            failed: None,
        }
    }

    /// The moment, by the clock of the queue.
    pub fn now(&self) -> Moment {
        self.claim.now()
    }

    /// The number of the attempt.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Forgets the server that was met last, if nothing came of it that had to be written down at once.
    pub fn forget_server(&mut self) {
        self.begun = None;
    }

    /// How often it was tried to send to these, with this attempt.
    pub fn tries(&self) -> u32 {
        self.tries
    }

    /// Writes down events, behind the attempt that they belong to.
    pub fn record(&mut self, events: Vec<Event>, kept: bool) -> Result<(), SpoolError> {
        let mut all: Vec<Event> = self.begun.take().into_iter().collect();
        all.extend(events);
        self.claim.record(&all, kept)
    }

    /// Of these events, what is about those whose fate nobody knows unless it is written down now: the end of the
    /// message was written for them.
    pub fn of_those_in_doubt(&self, mut events: Vec<Event>) -> Vec<Event> {
        let in_doubt = self.claim.state().in_doubt();
        events.retain_mut(|event| match event {
            Event::Refused { places, .. } | Event::Deferred { places, .. } => {
                places.retain(|place| in_doubt.binary_search(place).is_ok());
                !places.is_empty()
            }
            _ => false,
        });
        events
    }

    /// The place in the entry of somebody who has this one in the envelope.
    pub fn of_entry(&self, place: usize) -> Option<usize> {
        self.places.get(place).copied()
    }
}

impl Ledger for Bookkeeper<'_> {
    fn connected(&mut self, server: &Server) -> io::Result<()> {
        self.is_routed = server.routed.is_some();
        // At the servers of other domains nobody logs in, whatever they say.
        self.is_logged_in = server.auth.is_some() || self.is_routed;
        self.begun = Some(Event::Attempt {
            number: self.number,
            server: server.relay(),
            tls: server.tls.as_ref().and_then(|tls| tls.version.clone()),
        });
        Ok(())
    }

    fn before_the_end(&mut self, places: &[usize]) -> io::Result<()> {
        let places = places.iter().filter_map(|place| self.of_entry(*place)).collect();
        let number = self.number;
        self.record(vec![Event::Dot { number, places }], true).map_err(|error| {
            let said = io::Error::other(error.to_string());
            self.failed = Some(error);
            said
        })
    }

    fn transacted(&mut self, places: &[usize], transaction: &Transaction) {
        let mut groups = Groups::default();
        for (place, of_envelope) in places.iter().enumerate() {
            let fate = transaction.fate(place);
            let reply = fate.reply.filter(|reply| !self.is_routed && is_about_the_log_in(fate.stage, reply));
            if let Some(reply) = reply {
                // Where there is a log-in, or others are accepted without one, it is about this message only.
                let serves_others = self.is_logged_in || transaction.accepted().next().is_some();
                if !serves_others {
                    self.wants_log_in = Some(reply.clone());
                }
                continue;
            }
            let unmet = transaction.recipients.get(place).and_then(|addressee| addressee.unmet);
            let said = match (fate.status, fate.reply, unmet) {
                // What the server said of the message itself often holds its own identifier.
                (Status::Accepted, reply, _) => {
                    let own =
                        transaction.recipients.get(place).and_then(|addressee| addressee.message.as_ref());
                    let of_message = own.filter(|_| transaction.lmtp).or(transaction.message.as_ref());
                    of_message.or(reply).map(Reply::on_one_line).unwrap_or_default()
                }
                (Status::Refused, Some(reply), _) => reply.on_one_line(),
                (Status::Refused, None, Some(need)) => self.witness.need_in_words(need),
                (Status::Unknown, ..) => String::from("no reply to the end of the message"),
                _ => continue,
            };
            let Some(of_entry) = self.of_entry(*of_envelope) else { continue };
            groups.add(fate.status, said, of_entry);
        }
        let number = self.number;
        let events = groups.into_each(|status, said, places| match status {
            Status::Accepted => Event::Accepted { number, places, said },
            Status::Unknown => Event::Unknown { number, places, next: self.unknown_next, said },
            _ => Event::Refused { number, places, said },
        });
        if events.is_empty() {
            return;
        }
        let has_unknown = events.iter().any(|event| matches!(event, Event::Unknown { .. }));
        // What is settled by this goes out of the queue at once, and that is kept. Anything else is kept here.
        let done = self.record(events, false).and_then(|()| {
            let is_settled = !has_unknown && self.claim.state().is_settled();
            if is_settled { Ok(()) } else { self.claim.record(&[], true) }
        });
        if let Err(error) = done {
            self.failed = Some(error);
        }
    }
}
