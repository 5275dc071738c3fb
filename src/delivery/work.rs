//! The loop over connections, and over the transactions of each, until nobody waits or an error ends it.

#![allow(clippy::disallowed_types)] // The whole is timed here.

use super::driver::{Driver, Task};
use super::outcome::{Address, Attempt, Decided, Outcome};
use crate::client::Error;
use crate::client::observer::Anew;
use crate::client::open::Known;
use ehlo_smtp::auth::Channel;
use ehlo_smtp::content::Facts;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::inquiry::Inquiry;
use ehlo_smtp::rounds::{Limits, Rounds};
use ehlo_smtp::session::Job;
use ehlo_smtp::transaction::{Status, Transaction};
use std::time::Instant;

/// What is to be done.
#[derive(Debug)]
pub enum Work<'a> {
    /// A message is delivered.
    Message {
        /// From and to whom.
        envelope: &'a Envelope,
        /// What is known of its content.
        facts: Facts,
        /// Everybody accepted, or nobody gets it.
        all_or_none: bool,
    },
    /// VRFY or EXPN.
    Inquiries(&'a [Inquiry]),
}

impl Work<'_> {
    /// Who is asked about.
    pub(super) fn addresses(&self) -> Vec<Address> {
        match self {
            Work::Message { envelope, .. } => Address::all(envelope),
            Work::Inquiries(inquiries) => {
                inquiries.iter().map(|inquiry| Address::Argument(inquiry.argument.clone())).collect()
            }
        }
    }

    /// Who is next, by their places, and what is done about them. It is the `count`th time over this
    /// connection.
    fn next(&self, rounds: &mut Rounds, limits: Limits, count: usize) -> (Vec<usize>, Task) {
        match self {
            Work::Message { envelope, facts, all_or_none } => {
                let places = rounds.take(limits, envelope);
                let last = rounds.is_over() || limits.transactions == Some(count);
                let envelope = envelope.only(&places);
                let job = Job { envelope, facts: *facts, all_or_none: *all_or_none, last };
                (places, Task::Deliver(job))
            }
            Work::Inquiries(inquiries) => {
                let places = rounds.take_all();
                let asked = places.iter().filter_map(|place| inquiries.get(*place).cloned()).collect();
                (places, Task::Ask(asked))
            }
        }
    }
}

/// Does the work, and tells what came of it.
pub fn run<D: Driver>(driver: &mut D, work: &Work<'_>) -> Outcome {
    let began = Instant::now();
    let outcome = Outcome::untried(work.addresses());
    let all_or_none = matches!(work, Work::Message { all_or_none: true, .. });
    let rounds = Rounds::new(outcome.recipients.len(), all_or_none);
    let mut run = Run { driver, work, rounds, known: Known::default(), turned: false, outcome };
    // For most servers one connection.
    while !run.rounds.is_over() && run.attempt() {}
    let mut outcome = run.outcome;
    if outcome.error().is_some() {
        let last = outcome.attempts.len().checked_sub(1);
        for place in run.rounds.waiting() {
            outcome.recipients.get_mut(place).into_iter().for_each(|recipient| recipient.waited = last);
        }
    }
    outcome.total = began.elapsed();
    outcome
}

/// The work, as far as it has come.
struct Run<'a, D> {
    driver: &'a mut D,
    work: &'a Work<'a>,
    /// Who waits.
    rounds: Rounds,
    known: Known,
    /// The next connection is to another server.
    turned: bool,
    outcome: Outcome,
}

impl<D: Driver> Run<'_, D> {
    /// One connection; whether another one may follow.
    fn attempt(&mut self) -> bool {
        self.known.no_bdat = !self.rounds.chunking();
        let anew = match (self.turned, self.rounds.wants_reconnect()) {
            (true, _) => Anew::NextServer,
            (false, true) => Anew::ServerEnded,
            (false, false) => Anew::SessionOver,
        };
        self.turned = false;
        let anew = (!self.outcome.attempts.is_empty()).then_some(anew);
        let mut attempt = Attempt { routed: self.driver.routed(), ..Attempt::default() };
        let goes_on = match self.driver.open(self.known, anew) {
            Ok(mut connection) => {
                self.rounds.connected(self.driver.has_another_server());
                while self.transact(&mut connection, &mut attempt) {}
                self.close(connection, &mut attempt);
                let is_stuck = self.rounds.wants_reconnect() && !self.rounds.has_progress();
                match (is_stuck, attempt.error.is_none()) {
                    (true, _) => self.turn(None),
                    (false, is_well) => is_well || self.rounds.wants_reconnect(),
                }
            }
            Err((error, connection)) => {
                if let Some(mut connection) = connection {
                    attempt.transactions.push(self.driver.session(&mut connection).take_transaction());
                    self.close(connection, &mut attempt);
                }
                let turned = self.turn(Some(&error));
                attempt.error = Some(error);
                turned
            }
        };
        self.outcome.attempts.push(attempt);
        goes_on
    }

    /// Turns to another server, if there is one. What is known of this one does not count there.
    fn turn(&mut self, why: Option<&Error>) -> bool {
        self.turned = self.driver.turn(why);
        if self.turned {
            self.known = Known::default();
        }
        self.turned
    }

    /// One transaction; whether another one may follow over the same connection.
    fn transact(&mut self, connection: &mut D::Connection, attempt: &mut Attempt) -> bool {
        let mut limits = Limits::of(self.driver.session(connection).extensions());
        let most = [limits.recipients, self.driver.most_recipients()];
        limits.recipients = most.into_iter().flatten().min();
        let (places, task) = self.work.next(&mut self.rounds, limits, attempt.transactions.len() + 1);
        attempt.error = self.driver.drive(connection, &places, task).err();
        let session = self.driver.session(connection);
        let failure = attempt.error.as_ref().and_then(Error::failure);
        self.rounds.learn(&places, session.transaction(), failure);
        let transaction = session.take_transaction();
        self.decide(&places, &transaction, attempt.transactions.len());
        attempt.transactions.push(transaction);
        let has_room = limits.transactions.is_none_or(|most| attempt.transactions.len() < most);
        let is_over = self.rounds.is_over() || self.rounds.wants_reconnect() || attempt.error.is_some();
        !is_over && has_room && self.driver.goes_on(connection)
    }

    /// Notes for whom this transaction decides. What the server said of somebody in an earlier one stands, if
    /// this one did not come to them.
    fn decide(&mut self, places: &[usize], transaction: &Transaction, number: usize) {
        let attempt = self.outcome.attempts.len();
        for (place, waiting) in places.iter().enumerate() {
            let Some(recipient) = self.outcome.recipients.get_mut(*waiting) else { continue };
            let fate = transaction.fate(place);
            let is_reached = fate.status != Status::Untried || fate.reply.is_some();
            if is_reached || recipient.decided.is_none_or(|decided| !decided.is_reached) {
                recipient.decided = Some(Decided { attempt, transaction: number, place, is_reached });
            }
        }
    }

    fn close(&mut self, mut connection: D::Connection, attempt: &mut Attempt) {
        let channel = self.driver.session(&mut connection).channel();
        self.known.had_tls |= matches!(channel, Channel::Verified | Channel::Unverified);
        attempt.server = Some(self.driver.server(&connection));
        self.driver.finish(connection);
    }
}
