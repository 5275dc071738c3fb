//! What the rest of the world knows: which messages it was told are taken, which of them arrived, and what the
//! queue must still have therefore.

use crate::spool::Spool;
use crate::spool::entry::{Entry, OnUnknown, Recipient, Submission};
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::journal::Event;
use crate::spool::state::{MessageState, State};
use ehlo_smtp::content::{Content, Facts};
use std::collections::BTreeMap;
use std::io;

/// Content in memory.
pub struct Text(pub String);

impl Content for Text {
    fn facts(&self) -> Facts {
        Facts { octets: self.0.len() as u64, eight_bit: false, utf8_headers: false }
    }

    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.0.as_bytes().chunks(100).try_for_each(|piece| out.write_all(piece))
    }
}

/// The content of a message of this name; each is longer than one piece that is written.
pub fn text(name: &str) -> Text {
    Text(format!("Subject: {name}\n\n{}end\n", format!("{name} says it again and again\n").repeat(30)))
}

pub fn submission(name: &str) -> Submission {
    let recipient = |address: &str| Recipient { address: address.to_owned(), parameters: Vec::new() };
    Submission {
        tool: "sendmail".to_owned(),
        on_unknown: Some(OnUnknown::Hold),
        sender: "smith@alpha.example".to_owned(),
        recipients: vec![recipient("jones@beta.example"), recipient("brown@beta.example")],
        message_id: Some(format!("<{name}@alpha.example>")),
        ..Submission::default()
    }
}

/// What is known of a message.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Somebody was told that it is taken, or that it is not.
    pub told: Option<bool>,
    /// How often it was sent.
    pub sent: u32,
    /// Nobody wants it any more.
    pub is_removed: bool,
    /// It may be kept apart: it has failed, or was set aside.
    pub may_be_apart: bool,
    /// Its name in the queue, where that was told.
    pub id: Option<Id>,
}

/// Messages, by their name.
#[derive(Debug, Clone, Default)]
pub struct World(pub BTreeMap<String, Known>);

/// The name of a message.
pub fn name(entry: &Entry) -> String {
    let id = entry.submission.message_id.as_deref().unwrap();
    id.trim_start_matches('<').split('@').next().unwrap().to_owned()
}

pub const ALL: [usize; 2] = [0, 1];

fn is_waiting(state: &MessageState) -> bool {
    state.recipients.iter().all(|it| matches!(it.state, State::Queued | State::Deferred { .. }))
}

fn all(state: &MessageState, wanted: fn(State) -> bool) -> bool {
    state.recipients.iter().all(|recipient| wanted(recipient.state))
}

impl World {
    pub fn submit(&mut self, spool: &dyn Spool, name: &str) -> Result<Id, SpoolError> {
        self.0.entry(name.to_owned()).or_default();
        let told = spool.submit(submission(name), &text(name));
        // Whoever has died tells nobody.
        if !told.as_ref().is_err_and(is_death) {
            let known = self.0.entry(name.to_owned()).or_default();
            (known.told, known.id) = (Some(told.is_ok()), told.as_ref().ok().copied());
        }
        told
    }

    /// One attempt, as whoever runs the queue makes it.
    pub fn attempt(&mut self, spool: &dyn Spool, id: &Id) -> Result<(), SpoolError> {
        let mut claim = spool.claim(id)?;
        if all(claim.state(), |state| state == State::InDoubt) {
            let places = ALL.to_vec();
            let said = "whoever sent it has vanished".to_owned();
            claim.record(&[Event::Unknown { number: 1, places, next: None, said }], true)?;
        }
        if claim.state().is_settled() {
            return claim.finish();
        }
        if claim.state().held.is_some() || !is_waiting(claim.state()) {
            return Ok(());
        }
        let number = claim.state().attempts + 1;
        let (server, places) = ("192.0.2.1:25".to_owned(), ALL.to_vec());
        claim.record(&[Event::Attempt { number, server, tls: None }], false)?;
        let mut content = Vec::new();
        claim.content().write_to(&mut content).map_err(SpoolError::Source)?;
        let name = name(claim.entry());
        assert!(content == text(&name).0.as_bytes(), "what is sent is not what was handed over");
        claim.record(&[Event::Dot { number, places: places.clone() }], true)?;
        self.0.get_mut(&name).unwrap().sent += 1;
        claim.record(&[Event::Accepted { number, places, said: "250 OK".to_owned() }], true)?;
        claim.finish()
    }

    /// What must hold whenever anybody looks.
    pub fn check(&self, spool: &dyn Spool, how: &str) {
        let mut there = BTreeMap::new();
        let mut look = |id: &Id, listed: Result<crate::spool::Listed, SpoolError>| {
            let listed = listed.unwrap_or_else(|error| panic!("{how}: {error}"));
            let name = name(&listed.entry);
            let mut content = Vec::new();
            spool.content(id).unwrap().write_to(&mut content).unwrap();
            assert!(content == text(&name).0.as_bytes(), "{how}: {name} is not whole");
            let before = there.insert(name.clone(), listed.state);
            assert!(before.is_none(), "{how}: {name} is there twice");
            std::ops::ControlFlow::Continue(())
        };
        spool.visit(&mut look).unwrap();
        let apart = spool.apart().unwrap();
        let is_apart = |id: &Id| apart.iter().any(|it| it.name.ends_with(&format!("/{id}.msg")));
        for (name, known) in &self.0 {
            let state = there.get(name);
            if known.told == Some(false) {
                assert!(state.is_none(), "{how}: {name} is queued, though it was told to have failed");
                assert_eq!(known.sent, 0, "{how}: {name} is sent, though it was told to have failed");
            }
            if known.told == Some(true) && known.sent == 0 && !known.is_removed {
                let is_kept = known.may_be_apart && known.id.as_ref().is_some_and(is_apart);
                assert!(state.is_some() || is_kept, "{how}: {name} is lost");
            }
            if known.sent > 0
                && let Some(state) = state
            {
                let is_known = |it: &crate::spool::state::RecipientState| {
                    it.was_unknown
                        || matches!(it.state, State::InDoubt | State::Unknown { .. } | State::Accepted)
                };
                assert!(
                    state.recipients.iter().all(is_known),
                    "{how}: {name} would be sent twice: {state:?}"
                );
            }
        }
    }

    /// Runs the queue until nothing is left to be done, and checks what became of all of them.
    pub fn run_to_the_end(&mut self, spool: &dyn Spool, how: &str) {
        spool.tidy(std::time::Duration::MAX).unwrap();
        for id in spool.ids().unwrap() {
            self.attempt(spool, &id).unwrap_or_else(|error| panic!("{how}: {error}"));
        }
        self.check(spool, how);
        for (name, known) in &self.0 {
            assert!(known.sent <= 1, "{how}: {name} is sent twice");
        }
    }
}

/// The process died, and nobody heard of the error.
pub fn is_death(error: &SpoolError) -> bool {
    matches!(error, SpoolError::Io { error, .. }
        if rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::CANCELED))
}

/// A claim of this message, for a command.
pub fn record(spool: &dyn Spool, id: &Id, event: Event) -> Result<(), SpoolError> {
    spool.claim(id)?.record(&[event], true)
}
