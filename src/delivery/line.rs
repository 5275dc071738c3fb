//! A line to a server that is kept from one message to the next: to log in takes longer than to send, and
//! servers refuse those who do it too often.
//!
//! A connection that was kept may have been closed by the server meanwhile. Nothing of a message was sent over it
//! then, so that message goes over a new one; nobody is asked twice.

use super::driver::{Driver, Task, server};
use super::outcome::{Announced, Outcome, Server};
use super::turns::Turns;
use super::{Ledger, MailObject, Work, run};
use crate::client::observer::Anew;
use crate::client::open::{self, Known};
use crate::client::{Connection, Error, Gate, Handover, Observer, Target};
use crate::route::Routed;
use ehlo_smtp::session::Session;
use std::io;

/// A line to a server, or to another that takes its place.
#[derive(Debug)]
pub struct Line<'a> {
    first: &'a Target,
    others: &'a [Target],
    /// How many messages go over one connection.
    most_messages: u32,
    /// The connection that was kept, and to which of the servers it leads.
    kept: Option<(Connection, usize)>,
    /// How many messages have gone over it.
    messages: u32,
    /// There was TLS: what was said inside is not said in clear later.
    had_tls: bool,
}

impl<'a> Line<'a> {
    /// A line to this server, or to the first of the others that is there.
    #[must_use]
    pub fn new(first: &'a Target, others: &'a [Target], most_messages: u32) -> Line<'a> {
        Line { first, others, most_messages, kept: None, messages: 0, had_tls: false }
    }

    /// Delivers a message, and tells what became of each recipient; `ledger` learns of it step by step. QUIT goes
    /// out with the message where it is the last one.
    pub fn deliver(
        &mut self,
        message: &MailObject<'_>,
        is_last: bool,
        ledger: &mut dyn Ledger,
        observer: &mut dyn Observer,
    ) -> Outcome {
        let MailObject { envelope, content, all_or_none, .. } = *message;
        let facts = content.facts();
        let work = Work::Message { envelope, facts, all_or_none };
        let at = self.kept.as_ref().map_or(0, |(_, at)| *at);
        let from = at.checked_sub(1).and_then(|at| self.others.get(at..)?.split_first());
        let (target, others) = from.unwrap_or((self.first, self.others));
        let turns = Turns::new(target, others);
        let mut over =
            OverLine { line: self, turns, is_last, reused: false, fails: true, message, ledger, observer };
        let mut outcome = run(&mut over, &work);
        let sender = envelope.reverse_path.clone();
        outcome.message = Announced { sender, id: message.id.clone(), octets: facts.octets };
        outcome
    }

    /// Says QUIT, where there is a connection.
    pub fn close(&mut self, observer: &mut dyn Observer) {
        if let Some((connection, _)) = self.kept.take() {
            connection.finish(observer);
        }
    }
}

/// One message over a line.
struct OverLine<'l, 'a, 'm> {
    line: &'l mut Line<'a>,
    /// Which of the servers is asked.
    turns: Turns<'a>,
    is_last: bool,
    /// The connection was kept from the message before.
    reused: bool,
    /// No task was done yet, or the last one failed.
    fails: bool,
    message: &'m MailObject<'m>,
    ledger: &'m mut dyn Ledger,
    observer: &'m mut dyn Observer,
}

impl OverLine<'_, '_, '_> {
    /// The place of the server that is asked, among all.
    fn at(&self) -> usize {
        self.line.others.len() - self.turns.left()
    }

    /// The connection that was kept, if it is still of use.
    fn kept(&mut self) -> Option<Connection> {
        let (mut connection, at) = self.line.kept.take()?;
        // What it has said unasked is that it leaves.
        let is_quiet = connection.look(self.observer).is_ok() && connection.goes_on();
        if is_quiet && at == self.at() {
            return Some(connection);
        }
        connection.finish(self.observer);
        None
    }
}

impl Driver for OverLine<'_, '_, '_> {
    type Connection = Connection;

    fn open(&mut self, known: Known, why: Option<Anew>) -> Result<Connection, (Error, Option<Connection>)> {
        if let Some(why) = why {
            self.observer.connects_anew(self.turns.told(why));
        }
        let kept = if why.is_none() { self.kept() } else { None };
        self.reused = kept.is_some();
        let connection = match kept {
            Some(connection) => connection,
            None => {
                self.line.messages = 0;
                let known = Known { had_tls: known.had_tls || self.line.had_tls, ..known };
                let opened = open::open(self.turns.target(), known, self.observer);
                opened.map_err(|unready| {
                    self.turns.met_in_vain(unready.connection.as_ref());
                    (unready.error, unready.connection)
                })?
            }
        };
        let server = self.server(&connection);
        match self.ledger.connected(&server) {
            Ok(()) => Ok(connection),
            Err(error) => Err((Error::Unrecorded(error), Some(connection))),
        }
    }

    fn drive(&mut self, connection: &mut Connection, places: &[usize], task: Task) -> Result<(), Error> {
        let done = match task {
            Task::Deliver(mut job) => {
                self.line.messages += 1;
                // Another transaction for the same message may follow, over the same connection.
                job.last &= self.is_last || self.line.messages >= self.line.most_messages;
                let mut gate = OfLedger { places, ledger: &mut *self.ledger };
                let handover = Handover { content: self.message.content, gate: Some(&mut gate) };
                connection.deliver(job, handover, self.observer)
            }
            Task::Ask(inquiries) => connection.ask(inquiries, self.observer),
        };
        self.fails = done.is_err();
        self.line.had_tls |= connection.stream().tls().is_some();
        self.ledger.transacted(places, connection.transaction());
        done
    }

    fn session<'s>(&self, connection: &'s mut Connection) -> &'s mut Session {
        connection.session_mut()
    }

    fn goes_on(&self, connection: &Connection) -> bool {
        connection.goes_on()
    }

    fn routed(&self) -> Option<Routed> {
        self.turns.target().routed.clone()
    }

    fn server(&self, connection: &Connection) -> Server {
        server(self.turns.target(), connection)
    }

    fn most_recipients(&self) -> Option<usize> {
        self.turns.target().most_recipients
    }

    fn has_another_server(&self) -> bool {
        self.reused || self.turns.has_another()
    }

    fn turn(&mut self, why: Option<&Error>) -> bool {
        // The server that has closed a connection which was kept is asked again.
        (self.turns.may_turn(why) && std::mem::take(&mut self.reused)) || self.turns.turn(why)
    }

    fn finish(&mut self, connection: Connection) {
        let is_used_up = self.is_last || self.line.messages >= self.line.most_messages;
        if self.fails || is_used_up || !connection.goes_on() {
            connection.finish(self.observer);
            return;
        }
        self.line.kept = Some((connection, self.at()));
    }
}

/// The ledger, for one transaction of those at these places.
struct OfLedger<'p> {
    places: &'p [usize],
    ledger: &'p mut dyn Ledger,
}

impl Gate for OfLedger<'_> {
    fn before_the_end(&mut self, places: &[usize]) -> io::Result<()> {
        let of_message: Vec<usize> =
            places.iter().filter_map(|place| self.places.get(*place).copied()).collect();
        self.ledger.before_the_end(&of_message)
    }
}
