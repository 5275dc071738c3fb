//! A message as it is looked at now: with its account, and by this clock.

use super::times::short;
use crate::spool::schedule::Schedule;
use crate::spool::{Listed, Moment, Pause, Standing};
use crate::words;
use std::time::Duration;

/// A message, and what has to be known beside it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The message.
    pub listed: &'a Listed,
    /// The account that it goes by, if there is one.
    pub account: Option<&'a str>,
    /// Why that account is not used at present, if so.
    pub pause: Option<&'a Pause>,
    /// A name in it has no domain, and gets none.
    pub has_no_domain: bool,
    /// When it is tried again.
    pub schedule: &'a Schedule,
    /// This moment.
    pub now: Moment,
}

impl Seen<'_> {
    /// How it stands with it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(self.listed, self.pause.is_some(), self.has_no_domain)
    }

    /// How long it has waited.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.schedule.age(self.listed.entry.created, &self.listed.state, self.now)
    }

    /// Why it waits.
    pub(super) fn reason(&self) -> Option<String> {
        words::queue::reason(self.listed, self.standing(), self.pause)
    }

    /// When it is tried next; none where it is due, or waits for something else than a time.
    pub(super) fn next(&self) -> Option<Moment> {
        match self.standing() {
            Standing::AccountDown => self.pause.map(|pause| pause.until),
            Standing::Deferred | Standing::Unknown => self.listed.state.next(),
            _ => None,
        }
    }

    /// The same in a word: `now`, `5m`, or `-` where nobody can tell.
    pub(super) fn next_in_short(&self) -> String {
        match (self.next(), self.standing()) {
            (Some(next), _) => self.until(&next),
            (None, Standing::Queued | Standing::Decided) => "now".to_owned(),
            (None, _) => "-".to_owned(),
        }
    }

    /// How long it is until then.
    pub(super) fn until(&self, next: &Moment) -> String {
        match self.schedule.is_due(next, &self.now) {
            true => "now".to_owned(),
            false => short(next.since(&self.now)),
        }
    }

    /// The sender in angle brackets, or without where that is clear.
    pub(super) fn sender(&self) -> &str {
        match self.listed.entry.submission.sender.as_str() {
            "" => "<>",
            sender => sender,
        }
    }

    /// The first of those who wait, or of all, and how many more there are.
    pub(super) fn recipients(&self) -> (&str, usize) {
        let waiting = self.listed.state.waiting();
        let all = &self.listed.entry.submission.recipients;
        let first = waiting.first().copied().unwrap_or_default();
        let count = if waiting.is_empty() { all.len() } else { waiting.len() };
        (all.get(first).map_or("", |one| one.address.as_str()), count.saturating_sub(1))
    }
}
