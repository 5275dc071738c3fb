//! What became of a message and each of its recipients, worked out from its journal.
//!
//! ```text
//!   Queued -> InDoubt -> Accepted
//!     |  ^      |  \---> Refused -> (told)
//!     v  |      v
//!   Deferred  Unknown -> (retry, or somebody decides)
//! ```

use super::entry::Submission;
use super::id::Id;
use super::journal::{Event, NO_SERVER, Places, Record};
use super::moment::Moment;
use super::span::Span;
use std::sync::Arc;

/// How it stands with a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing was said about them yet.
    Queued,
    /// Not now.
    Deferred {
        /// When to try again.
        next: Moment,
    },
    /// The final dot was about to be written, and nothing is known since: it is being sent, or whoever sent it
    /// has vanished.
    InDoubt,
    /// The message was written to its end, and no proper reply came.
    Unknown {
        /// When it is sent again; none where it waits until somebody decides.
        next: Option<Moment>,
    },
    /// The server has taken responsibility, or somebody says that they have it.
    Accepted,
    /// Refused for good.
    Refused,
    /// Given up: too much time has passed.
    GivenUp,
    /// Taken out of the queue.
    Removed,
}

impl State {
    /// Whether nothing is to be sent to them any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, State::Accepted | State::Refused | State::GivenUp | State::Removed)
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Deferred { .. } => "deferred",
            State::InDoubt => "sending",
            State::Unknown { .. } => "unknown",
            State::Accepted => "accepted",
            State::Refused => "refused",
            State::GivenUp => "given up",
            State::Removed => "removed",
        }
    }
}

/// What is known of a recipient. Texts are shared by all of whom they were said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientState {
    /// How it stands with them.
    pub state: State,
    /// What was said last of them.
    pub said: Option<Arc<str>>,
    /// The server that was asked last.
    pub server: Option<Arc<str>>,
    /// When something happened last.
    pub at: Option<Moment>,
    /// The sender was told of their fate, or need not be.
    pub told: bool,
    /// The sender was told that it is late.
    pub told_of_delay: bool,
    /// It was unknown once whether they have it: they may have it twice.
    pub was_unknown: bool,
    /// Attempts that came to something for them.
    pub attempts: u32,
}

/// What is known of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageState {
    /// In the envelope's order.
    pub recipients: Vec<RecipientState>,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the first of them was.
    pub first_attempt: Option<Moment>,
    /// When the last of them was.
    pub last_attempt: Option<Moment>,
    /// Why it is held, and by whom, if it is.
    pub held: Option<Hold>,
    /// The notices that were sent about it.
    pub notices: Vec<Id>,
    /// How many records its journal has.
    pub records: usize,
    /// The number of the last attempt, and its server.
    pub server: Option<(u32, Arc<str>)>,
    /// The time that its records tell of.
    pub span: Span,
    /// It was handed on to another queue, and is nobody's here any more.
    pub handed_on: bool,
}

/// Why a message is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: Option<Moment>,
}

impl RecipientState {
    /// Before anything happened.
    fn new() -> RecipientState {
        RecipientState {
            state: State::Queued,
            said: None,
            server: None,
            at: None,
            told: false,
            told_of_delay: false,
            was_unknown: false,
            attempts: 0,
        }
    }
}

impl MessageState {
    /// Before anything happened.
    #[must_use]
    pub fn of(submission: &Submission) -> MessageState {
        let held = submission.held.clone();
        MessageState {
            recipients: vec![RecipientState::new(); submission.recipients.len()],
            held: held.map(|why| Hold { by: "ehlo".to_owned(), why, since: None }),
            ..MessageState::default()
        }
    }

    /// Takes one more record. What is final does not change again, and a place that nobody has is passed over.
    pub fn take(&mut self, record: &Record) {
        let at = record.at;
        self.records += 1;
        self.span.reach(at);
        match &record.event {
            Event::Attempt { number, server, .. } => {
                self.attempts = self.attempts.max(*number);
                self.first_attempt.get_or_insert(at);
                self.last_attempt = Some(at);
                let met = Some(server.as_str()).filter(|server| *server != NO_SERVER);
                self.server = met.map(|server| (*number, server.into()));
            }
            Event::Dot { number, places } => self.settle(at, places, Some(*number), None, State::InDoubt),
            Event::Accepted { number, places, said } => {
                self.settle(at, places, Some(*number), Some(said), State::Accepted);
            }
            Event::Refused { number, places, said } => {
                self.settle(at, places, Some(*number), Some(said), State::Refused);
            }
            Event::Deferred { number, places, next, said } => {
                self.settle(at, places, Some(*number), Some(said), State::Deferred { next: *next });
            }
            Event::Unknown { number, places, next, said } => {
                self.settle(at, places, Some(*number), Some(said), State::Unknown { next: *next });
            }
            Event::GivenUp { places, said } => self.settle(at, places, None, Some(said), State::GivenUp),
            Event::Confirmed { places, .. } => self.settle(at, places, None, None, State::Accepted),
            Event::Removed { places, tell, .. } => {
                let open: Places = self.open(places).collect();
                self.settle(at, &open, None, None, State::Removed);
                self.each(&open, |recipient| recipient.told = !tell);
            }
            Event::Told { places, notice, what } => {
                let of_delay = what == "delayed";
                self.each(places, |recipient| match of_delay {
                    true => recipient.told_of_delay = true,
                    false => recipient.told |= recipient.state.is_final(),
                });
                self.notices.extend(*notice);
            }
            Event::Held { by, why } => {
                self.held = Some(Hold { by: by.clone(), why: why.clone(), since: Some(at) });
            }
            Event::Released { .. } => {
                self.held = None;
                self.recipients.iter_mut().for_each(|recipient| match recipient.state {
                    State::Deferred { .. } | State::Unknown { next: Some(_) } => {
                        recipient.state = State::Queued
                    }
                    // One that is unknown and waits for somebody's word still does.
                    _ => {}
                });
            }
            Event::HandedOn { .. } => self.handed_on = true,
            Event::Retry { places, .. } => self.each(places, |recipient| match recipient.state {
                State::Deferred { .. } | State::Unknown { .. } => recipient.state = State::Queued,
                // In doubt: it is being sent, or will be unknown first.
                _ => {}
            }),
        }
    }

    /// Puts those of these whose state is not final into another one.
    fn settle(
        &mut self,
        at: Moment,
        places: &[usize],
        number: Option<u32>,
        said: Option<&str>,
        state: State,
    ) {
        let said: Option<Arc<str>> = said.map(Arc::from);
        let server =
            self.server.as_ref().filter(|(of, _)| Some(*of) == number).map(|(_, server)| server.clone());
        let counts = number.is_some_and(|number| number > 0) && state != State::InDoubt;
        self.each(places, |recipient| {
            if recipient.state.is_final() {
                return;
            }
            recipient.state = state;
            recipient.at = Some(at);
            if said.is_some() {
                recipient.said.clone_from(&said);
            }
            if server.is_some() {
                recipient.server.clone_from(&server);
            }
            recipient.attempts = recipient.attempts.saturating_add(u32::from(counts));
            recipient.was_unknown |= matches!(state, State::Unknown { .. });
            // That it arrived is no news from us.
            recipient.told |= state == State::Accepted;
        });
    }

    fn each(&mut self, places: &[usize], mut change: impl FnMut(&mut RecipientState)) {
        for place in places {
            if let Some(recipient) = self.recipients.get_mut(*place) {
                change(recipient);
            }
        }
    }

    /// Those of these whose state is not final.
    fn open(&self, places: &[usize]) -> impl Iterator<Item = usize> {
        let is_open = |place: &usize| self.recipients.get(*place).is_some_and(|it| !it.state.is_final());
        places.iter().copied().filter(is_open)
    }

    /// The places of those of whom this is true; nobody is left here where it was handed on.
    fn places(&self, is: impl Fn(&RecipientState) -> bool) -> Places {
        let here = self.recipients.iter().enumerate().filter(|_| !self.handed_on);
        let places = here.filter(|(_, recipient)| is(recipient));
        places.map(|(place, _)| place).collect()
    }

    /// Whether nothing is left to do here: it was handed on, or everybody's fate is known, and the sender was told of
    /// those who do not get it.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_done = |recipient: &RecipientState| recipient.state.is_final() && recipient.told;
        self.handed_on || (!self.recipients.is_empty() && self.recipients.iter().all(is_done))
    }

    /// The places of those whose fate is not final.
    #[must_use]
    pub fn waiting(&self) -> Places {
        self.places(|recipient| !recipient.state.is_final())
    }

    /// The places of those of whom it is not known whether they have it, and nobody has said so yet.
    #[must_use]
    pub fn in_doubt(&self) -> Places {
        self.places(|recipient| recipient.state == State::InDoubt)
    }

    /// The places of those who do not get it, of which the sender was not told: refused, given up, or removed by
    /// somebody who wanted the sender to be told.
    #[must_use]
    pub fn untold(&self) -> Places {
        self.places(|recipient| recipient.state.is_final() && !recipient.told)
    }

    /// The places of those to whom it can be sent now, by what `is_due` says of the moment for which they wait
    /// (the schedule's `is_due`): nobody while it is held.
    pub fn due(&self, is_due: impl Fn(&Moment) -> bool) -> Places {
        self.places(|recipient| {
            self.held.is_none()
                && match recipient.state {
                    State::Queued => true,
                    State::Deferred { next } | State::Unknown { next: Some(next) } => is_due(&next),
                    _ => false,
                }
        })
    }

    /// The earliest moment for which somebody waits. Nobody does while it is held; those who are queued wait for
    /// none.
    #[must_use]
    pub fn next(&self) -> Option<Moment> {
        let next = |recipient: &RecipientState| match recipient.state {
            State::Deferred { next } | State::Unknown { next: Some(next) } => Some(next),
            _ => None,
        };
        let nexts = self.recipients.iter().filter_map(next);
        nexts.min_by_key(|next| (next.wall, next.boot)).filter(|_| self.held.is_none())
    }
}

#[cfg(test)]
mod tests;
