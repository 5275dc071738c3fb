//! What is left to do with a message besides sending it: it is given up when its time is over, its sender is told of
//! those who do not get it, and it leaves the queue when everybody's fate is known and told.
//!
//! A notice is in the queue before the journal says so. Its identifier follows from what it tells, so that a runner
//! that comes after one that vanished in between makes the same one, which is there already.

use super::aliases::Aliases;
use super::groups::Groups;
use super::intake::people;
use super::notice::{self, About, Kind, Notice};
use super::witness::Witness;
use crate::spool::schedule::Schedule;
use crate::spool::{Claim, Entry, Event, MessageState, Moment, Recipient, Spool, SpoolError, State};
use ehlo_smtp::path::Domain;
use std::io;

/// The most notices of an hour.
pub const MOST_NOTICES: usize = 20;

/// Takes a notice that goes to nobody by mail.
pub type Sink = dyn Fn(&[u8]) -> io::Result<()> + Sync;

/// Who gets the notices.
pub enum Addressee {
    /// The sender of the message.
    Sender,
    /// This address.
    Address(String),
    /// Nobody: this takes them, or drops them.
    Sink(Box<Sink>),
}

impl std::fmt::Debug for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Addressee::Sender => "Sender",
            Addressee::Address(_) => "Address",
            Addressee::Sink(_) => "Sink",
        })
    }
}

/// How senders are told.
#[derive(Debug)]
pub struct Notices {
    /// Who is told.
    pub to: Addressee,
    /// What this host is called in them.
    pub host: String,
    /// Whom names at this host stand for, and their domain.
    pub aliases: Aliases,
    /// The domain of names that have none.
    pub domain: Option<Domain>,
}

impl Notices {
    /// Who gets a notice to this sender: whom they stand for, if it is a name at this host that has an alias.
    fn recipients(&self, sender: &str) -> Vec<Recipient> {
        let named = match &self.to {
            Addressee::Address(address) => address,
            _ => sender,
        };
        let local = match named.rsplit_once('@') {
            Some((local, domain)) => {
                let own = [self.domain.as_ref().map_or("", Domain::as_str), self.host.as_str()];
                Some(local).filter(|_| own.iter().any(|own| own.eq_ignore_ascii_case(domain)))
            }
            None => Some(named),
        };
        let targets = local.and_then(|local| self.aliases.of(local)).unwrap_or_default();
        // A target may have a name, `Smith <smith@example.org>`; what is no address could never be sent to.
        let mut found: Vec<String> = targets.iter().flat_map(|one| people::list(one).addresses).collect();
        if found.is_empty() {
            found.push(named.to_owned());
        }
        found.into_iter().map(|address| Recipient { address, parameters: Vec::new() }).collect()
    }
}

/// Whether the sender is to be told now that a message is late.
#[must_use]
pub fn is_late(entry: &Entry, state: &MessageState, schedule: &Schedule, now: &Moment) -> bool {
    !late(entry, state, schedule, now).is_empty()
}

/// Those of whom the sender is to be told that it is late.
fn late(entry: &Entry, state: &MessageState, schedule: &Schedule, now: &Moment) -> Vec<usize> {
    if has_no_sender(entry) || state.held.is_some() {
        return Vec::new();
    }
    let age = schedule.age(entry.created, state, *now);
    let is_late = |place: &usize| {
        let is_told = state.recipients.get(*place).is_none_or(|one| one.told_of_delay);
        let after = schedule.warn_after(notice::asks_for_delay(entry, *place));
        !is_told && after.is_some_and(|after| age >= after)
    };
    let delayed = Kind::Delayed { until: *now };
    notice::wanted(entry, &state.waiting(), delayed).into_iter().filter(is_late).collect()
}

/// Nobody is told of the fate of a message that came from nobody (RFC 5321, section 6.1).
fn has_no_sender(entry: &Entry) -> bool {
    entry.submission.sender.is_empty() || entry.submission.notice_of.is_some()
}

/// Does all that; true where the message is still in the queue, or was until now.
///
/// # Errors
/// The store fails. What was done stands, and another run does the rest.
pub fn settle(
    mut claim: Box<dyn Claim + '_>,
    spool: &dyn Spool,
    witness: &dyn Witness,
    schedule: &Schedule,
    notices: &Notices,
) -> Result<bool, SpoolError> {
    let now = claim.now();
    give_up(claim.as_mut(), witness, schedule, &now)?;
    let untold = claim.state().untold();
    let mut is_heard = true;
    if !untold.is_empty() {
        is_heard = tell(claim.as_mut(), untold, Kind::Failed, spool, witness, notices)?;
    }
    let late = late(claim.entry(), claim.state(), schedule, &now);
    if !late.is_empty() {
        let until = claim.entry().created.after(schedule.give_up);
        tell(claim.as_mut(), late, Kind::Delayed { until }, spool, witness, notices)?;
    }
    let is_over = claim.state().waiting().is_empty();
    if !claim.state().is_settled() && (is_heard || !is_over) {
        return Ok(true);
    }
    let is_failed = |state| matches!(state, State::Refused | State::GivenUp);
    let has_failed = claim.state().recipients.iter().any(|one| is_failed(one.state));
    if has_failed && (has_no_sender(claim.entry()) || !is_heard) {
        witness.kept_apart(claim.entry());
        claim.fail()?;
    } else {
        claim.finish()?;
    }
    Ok(true)
}

/// Puts down that nobody knows whether those have the message to whom it was being sent when a runner vanished;
/// `next` says when it is sent again. How many there are.
///
/// # Errors
/// It could not be written down.
pub fn settle_doubt(
    claim: &mut dyn Claim,
    next: impl FnOnce(&Entry) -> Option<Moment>,
) -> Result<usize, SpoolError> {
    let places = claim.state().in_doubt();
    let count = places.len();
    if count == 0 {
        return Ok(0);
    }
    let (number, next) = (claim.state().attempts, next(claim.entry()));
    let said = "whoever sent it vanished before the reply to the end of the message".to_owned();
    claim.record(&[Event::Unknown { number, places, next, said }], true)?;
    Ok(count)
}

/// Gives up those who have waited too long. Whoever waits for somebody's decision goes on waiting.
fn give_up(
    claim: &mut dyn Claim,
    witness: &dyn Witness,
    schedule: &Schedule,
    now: &Moment,
) -> Result<(), SpoolError> {
    let (entry, state) = (claim.entry(), claim.state());
    if state.held.is_some() || !schedule.may_give_up(entry.created, state, *now, None) {
        return Ok(());
    }
    let is_waiting = |place: &usize| {
        let state = state.recipients.get(*place).map(|one| one.state);
        matches!(state, Some(State::Queued | State::Deferred { .. } | State::Unknown { next: Some(_) }))
    };
    let mut groups = Groups::default();
    let given_up: Vec<usize> = state.waiting().into_iter().filter(is_waiting).collect();
    for place in given_up.iter().copied() {
        let said = state.recipients.get(place).and_then(|one| one.said.as_deref()).unwrap_or_default();
        groups.add((), said.to_owned(), place);
    }
    let events = groups.into_each(|(), said, places| Event::GivenUp { places, said });
    if !events.is_empty() {
        claim.record(&events, true)?;
        witness.given_up(claim.entry(), given_up.len());
    }
    Ok(())
}

/// Tells the sender of these, or puts down that nobody is told. False where there were too many notices lately: a
/// message that is over then is kept apart, instead.
fn tell(
    claim: &mut dyn Claim,
    places: Vec<usize>,
    kind: Kind,
    spool: &dyn Spool,
    witness: &dyn Witness,
    notices: &Notices,
) -> Result<bool, SpoolError> {
    let wanted = notice::wanted(claim.entry(), &places, kind);
    let what = kind.name().to_owned();
    let mut notice = None;
    if !wanted.is_empty() {
        let made = make(claim, &wanted, kind, &notices.host);
        match &notices.to {
            Addressee::Sink(take) => {
                if let Err(error) = take(made.octets()) {
                    witness.trouble(Some(&claim.entry().id), &SpoolError::Source(error));
                    return Ok(true);
                }
            }
            Addressee::Sender | Addressee::Address(_) => {
                if !spool.may_notify(&claim.entry().id, claim.entry().uid, MOST_NOTICES)? {
                    return Ok(false);
                }
                let mut submission = made.submission.clone();
                submission.recipients = notices.recipients(&claim.entry().submission.sender);
                match spool.submit(submission, &made) {
                    Ok(id) => notice = Some(id),
                    // The message stays, and the sender is told another time.
                    Err(error) => {
                        witness.trouble(Some(&claim.entry().id), &error);
                        return Ok(true);
                    }
                }
            }
        }
    }
    claim.record(&[Event::Told { places, notice, what }], true)?;
    witness.told(claim.entry(), notice.as_ref());
    Ok(true)
}

/// The notice about these.
fn make(claim: &dyn Claim, places: &[usize], kind: Kind, host: &str) -> Notice {
    let mut start = Start { octets: Vec::new(), most: notice::share(claim.entry()) };
    // It is over when there is enough. What cannot be read of it is left out: the sender is told all the same.
    let _ = claim.content().write_to(&mut start);
    let (entry, state) = (claim.entry(), claim.state());
    notice::compose(&About { entry, state, places, kind, original: &start.octets, host, now: claim.now() })
}

/// Takes the beginning of a content.
struct Start {
    octets: Vec<u8>,
    most: u64,
}

impl io::Write for Start {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let room = self.most.saturating_sub(self.octets.len() as u64);
        let count = piece.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        self.octets.extend_from_slice(piece.get(..count).unwrap_or_default());
        // Nothing taken is an error for whoever writes: that ends it.
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_goes_to_the_addresses_that_a_sender_stands_for() {
        let aliases = "root: Smith <smith@example.org>, \"a, b\"@example.org, b@@y\nonly: a@@b\n";
        let notices = Notices {
            to: Addressee::Sender,
            host: "host.x.org".to_owned(),
            aliases: Aliases::parse(aliases),
            domain: Domain::parse("x.org").ok(),
        };
        for (sender, recipients) in [
            ("root@x.org", &["\"a, b\"@example.org", "smith@example.org"][..]),
            ("root@HOST.x.org", &["\"a, b\"@example.org", "smith@example.org"]),
            ("root", &["\"a, b\"@example.org", "smith@example.org"]),
            ("only@x.org", &["only@x.org"]),
            ("root@y.org", &["root@y.org"]),
        ] {
            let mut found: Vec<String> =
                notices.recipients(sender).into_iter().map(|one| one.address).collect();
            found.sort();
            assert_eq!(found, recipients, "{sender}");
        }
    }
}
