//! One message to many domains: each is a destination of its own, with servers of its own (to_one.rs), and several go on at
//! once. What came of all is one outcome, in the order in which the recipients were given.

#![allow(clippy::disallowed_types, reason = "the whole is timed here")]

use super::destination::{Destination, Policies, Router};
use super::outcome::{Address, Announced, Outcome, Server};
use super::to_one::{add, to_one};
use super::{Ledger, Line, MailObject, deliver};
use crate::client::observer::Nobody;
use crate::client::{Error, Observer, Target};
use crate::net::interrupt;
use ehlo_smtp::content::Content;
use ehlo_smtp::transaction::Transaction;
use std::io;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// Delivers a message with this content to all its destinations, `jobs` of them at once. With an observer they come one after
/// the other: two dialogues at once could not be read.
pub fn deliver_to_all(
    router: &dyn Router,
    message: &MailObject<'_>,
    content: &(dyn Content + Sync),
    policies: Policies,
    jobs: usize,
    observer: Option<&mut dyn Observer>,
) -> Outcome {
    let began = Instant::now();
    let (envelope, id, all_or_none) = (message.envelope, &message.id, message.all_or_none);
    let destinations = router.destinations(envelope);
    let one = |destination: &Destination, observer: &mut dyn Observer| {
        let part = envelope.only(&destination.places);
        let message = MailObject { envelope: &part, content, id: id.clone(), all_or_none };
        to_one(
            router,
            destination,
            &message,
            policies,
            observer,
            &mut |(first, others), message, _, observer| deliver(first, others, message, observer),
        )
    };
    let came: Vec<Option<Outcome>> = match observer {
        Some(observer) => destinations
            .iter()
            .map(|destination| interrupt::caught().is_none().then(|| one(destination, observer)))
            .collect(),
        None => at_once(&destinations, jobs, &one),
    };
    whole(message, &destinations, came, began)
}

/// Delivers a message of the queue to its destinations, one after the other; `ledger` learns of it step by step.
pub fn deliver_in_turn(
    router: &dyn Router,
    message: &MailObject<'_>,
    policies: Policies,
    ledger: &mut dyn Ledger,
    observer: &mut dyn Observer,
) -> Outcome {
    let began = Instant::now();
    let destinations = router.destinations(message.envelope);
    let mut came = Vec::new();
    for destination in &destinations {
        if interrupt::caught().is_some() {
            break;
        }
        let part = message.envelope.only(&destination.places);
        let part = MailObject { envelope: &part, id: message.id.clone(), ..*message };
        let deliver = &mut |(first, others): (&Target, &[Target]),
                            message: &MailObject<'_>,
                            places: &[usize],
                            observer: &mut dyn Observer| {
            let places: Vec<usize> =
                places.iter().filter_map(|place| destination.places.get(*place).copied()).collect();
            let mut ledger = OfPart { places: &places, ledger: &mut *ledger };
            Line::new(first, others, 1).deliver(message, true, &mut ledger, observer)
        };
        let outcome = to_one(router, destination, &part, policies, observer, deliver);
        let is_ours = matches!(outcome.error(), Some(Error::Unrecorded(_) | Error::Source(_)));
        came.push(Some(outcome));
        if is_ours {
            break;
        }
    }
    whole(message, &destinations, came, began)
}

/// The ledger of a message, for those of its recipients who are at these places.
struct OfPart<'a> {
    places: &'a [usize],
    ledger: &'a mut dyn Ledger,
}

impl OfPart<'_> {
    fn of_message(&self, places: &[usize]) -> Vec<usize> {
        places.iter().filter_map(|place| self.places.get(*place).copied()).collect()
    }
}

impl Ledger for OfPart<'_> {
    fn connected(&mut self, server: &Server) -> io::Result<()> {
        self.ledger.connected(server)
    }

    fn before_the_end(&mut self, places: &[usize]) -> io::Result<()> {
        let places = self.of_message(places);
        self.ledger.before_the_end(&places)
    }

    fn transacted(&mut self, places: &[usize], transaction: &Transaction) {
        let places = self.of_message(places);
        self.ledger.transacted(&places, transaction);
    }
}

/// What came of all destinations, as one.
fn whole(
    message: &MailObject<'_>,
    destinations: &[Destination],
    came: Vec<Option<Outcome>>,
    began: Instant,
) -> Outcome {
    let MailObject { envelope, content, .. } = *message;
    let mut whole = Outcome { routed: true, ..Outcome::untried(Address::all(envelope)) };
    for (number, (destination, outcome)) in destinations.iter().zip(came).enumerate() {
        let Some(outcome) = outcome else { continue };
        whole.stopped = whole.stopped.or(outcome.stopped);
        add(&mut whole, outcome, &destination.places, number);
    }
    let sender = envelope.reverse_path.clone();
    whole.message = Announced { sender, id: message.id.clone(), octets: content.facts().octets };
    whole.total = began.elapsed();
    whole
}

/// What came of each destination, in their order; none where a signal came first.
fn at_once(
    destinations: &[Destination],
    jobs: usize,
    one: &(dyn Fn(&Destination, &mut dyn Observer) -> Outcome + Sync),
) -> Vec<Option<Outcome>> {
    let next = AtomicUsize::new(0);
    let came: Mutex<Vec<Option<Outcome>>> = Mutex::new(destinations.iter().map(|_| None).collect());
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(destination) = destinations.get(place) else { break };
            if interrupt::caught().is_some() {
                break;
            }
            let outcome = one(destination, &mut Nobody);
            if let Some(slot) = came.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
                *slot = Some(outcome);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..jobs.min(destinations.len()) {
            // Where there is no thread to be had, this one does it all.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    came.into_inner().unwrap_or_else(PoisonError::into_inner)
}
