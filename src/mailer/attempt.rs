//! One message of the queue: an attempt to send it, and what is left to do when it is over.

use super::blame::{Blame, blame, blamed, is_about_the_log_in};
use super::bookkeeper::Bookkeeper;
use super::groups::Groups;
use super::over::Over;
use super::way::Way;
use super::witness::Witness;
use crate::client::Observer;
use crate::delivery::fate::Why;
use crate::delivery::outcome::RecipientOutcome;
use crate::delivery::{MailObject, Outcome};
use crate::dkim::{Signed, Unsigned};
use crate::spool::schedule::Schedule;
use crate::spool::{Claim, Entry, Event, NO_SERVER, SpoolError};
use ehlo_smtp::content::Content;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::path::Domain;
use ehlo_smtp::transaction::Status;
use std::borrow::Cow;

/// What came of an attempt.
#[derive(Debug)]
pub enum Came {
    /// Fates, for some at least.
    Outcome(Outcome),
    /// Nothing: the account is to blame, or perhaps so. With the outcome, and why in one line.
    NotUsable {
        /// What there is of an outcome.
        outcome: Outcome,
        /// What is wrong.
        why: String,
        /// Something must be changed first.
        is_refused: bool,
        /// The session was ready: the message has its next attempt later.
        was_ready: bool,
    },
    /// The content cannot be read.
    Unreadable(SpoolError),
    /// Ours: nothing more can be done in this run.
    Ours(Option<SpoolError>),
    /// A name has no domain, and none is known that it could get.
    NoDomain,
    /// Nobody is due.
    Nobody,
}

/// What of an attempt does not change from message to message.
pub struct Rules<'a> {
    /// When to try again.
    pub schedule: &'a Schedule,
    /// Who has the words.
    pub witness: &'a dyn Witness,
}

/// Those of these who can be sent to, and the envelope for them: a name without a domain keeps nobody else waiting.
fn addressed<'p>(
    entry: &Entry,
    places: &'p [usize],
    domain: Option<&Domain>,
) -> Option<(Cow<'p, [usize]>, Envelope)> {
    if let Ok(envelope) = entry.submission.envelope(places, domain) {
        return Some((Cow::Borrowed(places), envelope));
    }
    let has_domain = |place: &usize| entry.submission.envelope(&[*place], domain).is_ok();
    let places: Vec<usize> = places.iter().copied().filter(has_domain).collect();
    let envelope = entry.submission.envelope(&places, domain).ok().filter(|_| !places.is_empty())?;
    Some((Cow::Owned(places), envelope))
}

/// Sends to these, and writes down what comes of it. The caller knows that they are due.
pub fn attempt(
    claim: &mut dyn Claim,
    places: &[usize],
    way: &Way,
    over: &mut Over<'_>,
    is_last: bool,
    rules: &Rules<'_>,
    observer: &mut dyn Observer,
) -> Result<Came, SpoolError> {
    if places.is_empty() {
        return Ok(Came::Nobody);
    }
    let Some((places, envelope)) = addressed(claim.entry(), places, way.domain.as_ref()) else {
        return Ok(Came::NoDomain);
    };
    let policy = claim.entry().submission.on_unknown.unwrap_or(way.on_unknown);
    let next = rules.schedule.next_unknown(policy, claim.now());
    let id = claim.entry().submission.message_id.clone();
    let content = claim.content();
    // Each attempt is signed anew: a signature has its time. What its sender has signed is not signed again.
    let signed = match way.signer.as_ref().filter(|_| !claim.entry().submission.signed) {
        None => None,
        Some(signer) => match Signed::new(signer, content.as_ref(), claim.now().seconds()) {
            Ok(signed) => Some(signed),
            Err(Unsigned::Content(_)) => {
                let damage = crate::spool::error::Damage::ContentSum;
                return Ok(Came::Unreadable(SpoolError::Damaged { id: claim.entry().id, damage }));
            }
            // A message that no signature fits is sent as it is: the domain's policy decides about it.
            Err(Unsigned::Sign(error)) => {
                rules.witness.unsigned(claim.entry(), &error);
                None
            }
        },
    };
    let content: &dyn Content = signed.as_ref().map_or(content.as_ref(), |signed| signed);
    let message = MailObject { envelope: &envelope, content, id, all_or_none: false };
    let mut book = Bookkeeper::new(claim, rules.witness, &places, next);
    let outcome = over.deliver(&message, is_last, &mut book, observer);
    if let Some(error) = book.failed.take() {
        return Ok(Came::Ours(Some(error)));
    }
    let decided = decided(&outcome, &book, rules);
    let (error, blame) = blamed(&outcome);
    let mut why = error.map(|error| rules.witness.error_in_words(error, None)).unwrap_or_default();
    let wants_log_in = book.wants_log_in.take();
    if let Some(reply) = &wants_log_in {
        why = reply.on_one_line();
    }
    let is_configuration = wants_log_in.is_some() || blame == Some(Blame::Configuration);
    let is_account = is_configuration || blame == Some(Blame::Account);
    // What the server said of the end of the message stands, whatever came later.
    let touches_all = !is_account && !matches!(blame, Some(Blame::Ours | Blame::Content));
    let decided = if touches_all { decided } else { book.of_those_in_doubt(decided) };
    if outcome.routed {
        // What is written down now names the server of each.
        book.forget_server();
    }
    if !decided.is_empty() {
        book.record(decided, true)?;
    }
    match blame {
        Some(Blame::Ours) => return Ok(Came::Ours(None)),
        Some(Blame::Content) => {
            let damage = crate::spool::error::Damage::ContentSum;
            return Ok(Came::Unreadable(SpoolError::Damaged { id: claim.entry().id, damage }));
        }
        _ => {}
    }
    if is_account || blame == Some(Blame::Either) {
        let was_ready = !is_account;
        return Ok(Came::NotUsable { outcome, why, is_refused: is_configuration, was_ready });
    }
    Ok(Came::Outcome(outcome))
}

/// What is still to be written down: who is deferred, and who is refused for a reason that is not a reply.
fn decided(outcome: &Outcome, book: &Bookkeeper<'_>, rules: &Rules<'_>) -> Vec<Event> {
    let next = rules.schedule.next(book.tries(), book.now(), super::chance());
    let number = book.number();
    let mut groups = Groups::default();
    for (place, (recipient, fate)) in outcome.fates().enumerate() {
        let said = match fate.why {
            Why::Reply(reply) => reply.on_one_line(),
            Why::Error(error) => rules.witness.error_in_words(error, outcome.routed_of(error)),
            Why::Unmet(need) => rules.witness.need_in_words(need),
            Why::Withdrawn | Why::StoppedAfter(_) | Why::NotThatFar | Why::NotAsked => {
                String::from("the server did not come to it")
            }
        };
        let is_refused = match (fate.status, fate.why) {
            (Status::Accepted | Status::Unknown, _) => continue,
            // Somebody may still change what they may do there.
            (Status::Refused, Why::Reply(reply))
                if !outcome.routed && is_about_the_log_in(fate.stage, reply) =>
            {
                false
            }
            // A signal came before it was their turn.
            (_, Why::NotAsked) if outcome.routed => continue,
            // These were written down with their transaction.
            (Status::Refused, Why::Reply(_) | Why::Unmet(_)) => continue,
            (Status::Refused, _) => true,
            (Status::Deferred | Status::Untried, Why::Error(error)) => {
                blame(error, outcome) == Blame::Message
            }
            (Status::Deferred | Status::Untried, _) => false,
        };
        if let Some(of_entry) = book.of_entry(place) {
            groups.add((is_refused, server(outcome, recipient)), said, of_entry);
        }
    }
    let events = groups.into_each(|(is_refused, server), said, places| {
        let event = match is_refused {
            true => Event::Refused { number, places, said },
            false => Event::Deferred { number, places, next, said },
        };
        (server, event)
    });
    let mut all = Vec::new();
    for (server, event) in events {
        // Each destination has servers of its own, or none was met: the journal names the server before what it is about.
        if outcome.routed {
            let (server, tls) = server.unwrap_or_else(|| (NO_SERVER.to_owned(), None));
            all.push(Event::Attempt { number, server, tls });
        }
        all.push(event);
    }
    all
}

/// The server that somebody's fate is from, and its version of TLS, if there was one.
fn server(outcome: &Outcome, recipient: &RecipientOutcome) -> Option<(String, Option<String>)> {
    let at = recipient.decided.map(|decided| decided.attempt).or(recipient.waited)?;
    let server = outcome.attempts.get(at)?.server.as_ref()?;
    Some((server.relay(), server.tls.as_ref().and_then(|tls| tls.version.clone())))
}
