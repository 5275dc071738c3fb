//! One message to many domains: each is a destination of its own, with servers of its own, and several go on at once. What
//! came of all is one outcome, in the order in which the recipients were given.
//!
//! Hosts of a domain are tried in turn. A recipient whom one host defers is asked about at the next, at two hosts in all (RFC
//! 5321, section 5.1). Where nobody knows whether a host has the message, no other host gets it.

#![allow(clippy::disallowed_types, reason = "the whole is timed here")]

use super::outcome::{Address, Announced, Attempt, Outcome, RecipientOutcome};
use super::{MailObject, deliver};
use crate::client::observer::Nobody;
use crate::client::{Error, Observer, Target};
use crate::net::interrupt;
use crate::route::NoRoute;
use ehlo_smtp::content::Content;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::path::ForwardPath;
use ehlo_smtp::transaction::Status;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

/// At so many hosts of a domain a session gets ready, at most.
const SESSIONS: usize = 2;

/// Recipients of one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The domain, in A-labels and small letters, without a dot at its end.
    pub domain: String,
    /// The recipients, by their places in the envelope.
    pub places: Vec<usize>,
}

/// Finds the servers of a domain.
pub trait Router: Sync {
    /// The servers, each of which takes the place of the one before; never none.
    ///
    /// # Errors
    /// [`NoRoute`].
    fn route(&self, domain: &str) -> Result<Vec<Target>, NoRoute>;
}

/// The recipients of an envelope by their domains, in the order in which these are named first. `postmaster` without a
/// domain is of `local`.
#[must_use]
pub fn destinations(envelope: &Envelope, local: &str) -> Vec<Destination> {
    let mut all: Vec<Destination> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (place, recipient) in envelope.recipients.iter().enumerate() {
        let domain = match &recipient.path {
            ForwardPath::Mailbox(mailbox) => mailbox.domain().ascii().to_ascii_lowercase(),
            ForwardPath::Postmaster => local.to_owned(),
        };
        let domain = domain.strip_suffix('.').unwrap_or(&domain).to_owned();
        let at = *known.entry(domain.clone()).or_insert_with(|| {
            all.push(Destination { domain, places: Vec::new() });
            all.len() - 1
        });
        if let Some(destination) = all.get_mut(at) {
            destination.places.push(place);
        }
    }
    all
}

/// Delivers a message with this content to all destinations, `jobs` of them at once. With an observer they come one after the other: two
/// dialogues at once could not be read.
pub fn deliver_to_all(
    router: &dyn Router,
    destinations: &[Destination],
    message: &MailObject<'_>,
    content: &(dyn Content + Sync),
    jobs: usize,
    observer: Option<&mut dyn Observer>,
) -> Outcome {
    let began = Instant::now();
    let (envelope, id) = (message.envelope, &message.id);
    let one = |destination: &Destination, observer: &mut dyn Observer| {
        let part = envelope.only(&destination.places);
        let message = MailObject { envelope: &part, content, id: id.clone(), all_or_none: false };
        to_one(router, destination, &message, observer)
    };
    let came: Vec<Option<Outcome>> = match observer {
        Some(observer) => destinations
            .iter()
            .map(|destination| interrupt::caught().is_none().then(|| one(destination, observer)))
            .collect(),
        None => at_once(destinations, jobs, &one),
    };
    let mut whole = Outcome { routed: true, ..Outcome::untried(Address::all(envelope)) };
    for (number, (destination, outcome)) in destinations.iter().zip(came).enumerate() {
        let Some(outcome) = outcome else { continue };
        whole.stopped = whole.stopped.or(outcome.stopped);
        let before = whole.attempts.len();
        add(&mut whole, outcome, &destination.places, before, number);
    }
    let sender = envelope.reverse_path.clone();
    whole.message = Announced { sender, id: id.clone(), octets: content.facts().octets };
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

/// One destination: its route, its hosts in turn, and once more those whom one host has deferred or cannot serve.
fn to_one(
    router: &dyn Router,
    destination: &Destination,
    message: &MailObject<'_>,
    observer: &mut dyn Observer,
) -> Outcome {
    observer.remark(&format!("for the domain {}", destination.domain));
    let targets = match router.route(&destination.domain) {
        Ok(targets) => targets,
        Err(error) => return without_route(message.envelope, error),
    };
    let Some((first, others)) = targets.split_first() else {
        return without_route(message.envelope, NoRoute::NoHosts(destination.domain.clone()));
    };
    let mut outcome = deliver(first, others, message, observer);
    let mut at = hosts_used(&outcome, &targets);
    for _ in 1..SESSIONS {
        let again = for_another_host(&outcome);
        let Some((next, others)) = targets.get(at..).and_then(<[Target]>::split_first) else { break };
        if again.is_empty() || next.patience.whole.is_over() {
            break;
        }
        observer.connects_anew(crate::client::observer::Anew::NextServer);
        let part = message.envelope.only(&again);
        let more = MailObject { envelope: &part, id: message.id.clone(), ..*message };
        let came = deliver(next, others, &more, observer);
        let used = hosts_used(&came, targets.get(at..).unwrap_or_default());
        // A host that nobody got ready at says nothing that is better than what was said.
        let before = outcome.attempts.len();
        if came.recipients.iter().any(|recipient| recipient.decided.is_some_and(|at| at.is_reached)) {
            add(&mut outcome, came, &again, before, 0);
        }
        at += used;
    }
    outcome
}

/// Those whom another host may take: a reply to MAIL or RCPT has deferred them, or the host does not offer what is demanded
/// and was asked about nobody.
fn for_another_host(outcome: &Outcome) -> Vec<usize> {
    let lacks = matches!(outcome.error().and_then(Error::failure), Some(Failure::NotOffered(_)));
    let is_it = |recipient: &RecipientOutcome| {
        let fate = outcome.fate(recipient);
        match fate.status {
            Status::Deferred => matches!(fate.stage, Stage::Mail | Stage::Rcpt) && fate.reply().is_some(),
            Status::Untried => lacks,
            _ => false,
        }
    };
    let places = outcome.recipients.iter().enumerate().filter(|(_, recipient)| is_it(recipient));
    places.map(|(place, _)| place).collect()
}

/// How many of the servers were turned to: up to the one that was met last.
fn hosts_used(outcome: &Outcome, targets: &[Target]) -> usize {
    let last = outcome.attempts.iter().rev().find_map(|attempt| attempt.server.as_ref()?.routed.as_ref());
    let at = last.and_then(|last| targets.iter().position(|target| target.routed.as_ref() == Some(last)));
    at.map_or(targets.len(), |at| at + 1)
}

/// Nobody was asked.
fn without_route(envelope: &Envelope, error: NoRoute) -> Outcome {
    let mut outcome = Outcome::untried(Address::all(envelope));
    outcome.recipients.iter_mut().for_each(|recipient| recipient.waited = Some(0));
    outcome.attempts.push(Attempt { error: Some(Error::NoRoute(Box::new(error))), ..Attempt::default() });
    outcome
}

/// Adds what came of some, by their places, to what came of all, behind so many attempts.
fn add(whole: &mut Outcome, part: Outcome, places: &[usize], before: usize, destination: usize) {
    for (place, recipient) in places.iter().zip(part.recipients) {
        let Some(slot) = whole.recipients.get_mut(*place) else { continue };
        if let Some(mut decided) = recipient.decided {
            decided.attempt += before;
            slot.decided = Some(decided);
        }
        slot.waited = recipient.waited.map(|at| at + before);
    }
    whole.attempts.extend(part.attempts.into_iter().map(|attempt| Attempt { destination, ..attempt }));
}
