//! One destination of a message: its hosts in turn.
//!
//! A recipient whom one host defers is asked about at the next, at two hosts in all (RFC 5321, section 5.1). Where nobody
//! knows whether a host has the message, no other host gets it.

use super::MailObject;
use super::destination::{Destination, Policies, Router};
use super::outcome::{Address, Attempt, Outcome, RecipientOutcome};
use crate::client::observer::Anew;
use crate::client::{Error, Observer, Target};
use crate::route::NoRoute;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::transaction::Status;

/// At so many hosts of a domain a session gets ready, at most.
const SESSIONS: usize = 2;

/// Delivers to a server, or to one of the others.
pub(super) type Deliver<'a> =
    dyn FnMut((&Target, &[Target]), &MailObject<'_>, &[usize], &mut dyn Observer) -> Outcome + 'a;

/// One destination: its route, its hosts in turn, and once more those whom one host has deferred or cannot serve.
/// `deliver` does it, to a server or those that can take its place, for those at these places of `message`.
pub(super) fn to_one(
    router: &dyn Router,
    destination: &Destination,
    message: &MailObject<'_>,
    policies: Policies,
    observer: &mut dyn Observer,
    deliver: &mut Deliver<'_>,
) -> Outcome {
    observer.remark(&format!("for the domain {}", destination.domain));
    let targets = match router.route(&destination.domain, policies) {
        Ok(targets) => targets,
        Err(error) => return without_route(message.envelope, error),
    };
    let Some((first, others)) = targets.split_first() else {
        return without_route(message.envelope, NoRoute::NoHosts(destination.domain.clone()));
    };
    let all: Vec<usize> = (0..message.envelope.recipients.len()).collect();
    let mut outcome = deliver((first, others), message, &all, observer);
    let mut at = hosts_used(&outcome, &targets);
    // Nobody of those has it who had to wait for the others.
    let sessions = if message.all_or_none { 1 } else { SESSIONS };
    for _ in 1..sessions {
        let again = for_another_host(&outcome);
        let Some((next, others)) = targets.get(at..).and_then(<[Target]>::split_first) else { break };
        if again.is_empty() || next.patience.whole.is_over() {
            break;
        }
        observer.connects_anew(Anew::NextServer);
        let part = message.envelope.only(&again);
        let more = MailObject { envelope: &part, id: message.id.clone(), ..*message };
        let came = deliver((next, others), &more, &again, observer);
        let used = hosts_used(&came, targets.get(at..).unwrap_or_default());
        // A host that nobody got ready at says nothing that is better than what was said.
        if came.recipients.iter().any(|recipient| recipient.decided.is_some_and(|at| at.is_reached)) {
            add(&mut outcome, came, &again, 0);
        } else {
            outcome.aside.extend(came.attempts);
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
    let at = last.and_then(|last| targets.iter().rposition(|target| target.routed.as_ref() == Some(last)));
    at.map_or(targets.len(), |at| at + 1)
}

/// Nobody was asked.
fn without_route(envelope: &Envelope, error: NoRoute) -> Outcome {
    let mut outcome = Outcome::untried(Address::all(envelope));
    outcome.recipients.iter_mut().for_each(|recipient| recipient.waited = Some(0));
    outcome.attempts.push(Attempt { error: Some(Error::NoRoute(Box::new(error))), ..Attempt::default() });
    outcome
}

/// Adds what came of some, by their places, to what came of all, behind the attempts that there are.
pub(super) fn add(whole: &mut Outcome, part: Outcome, places: &[usize], destination: usize) {
    let before = whole.attempts.len();
    for (place, recipient) in places.iter().zip(part.recipients) {
        let Some(slot) = whole.recipients.get_mut(*place) else { continue };
        if let Some(mut decided) = recipient.decided {
            decided.attempt += before;
            slot.decided = Some(decided);
        }
        slot.waited = recipient.waited.map(|at| at + before);
    }
    whole.attempts.extend(part.attempts.into_iter().map(|attempt| Attempt { destination, ..attempt }));
    whole.aside.extend(part.aside);
}
