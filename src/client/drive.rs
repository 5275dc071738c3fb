//! The driver: does what the session asks for, over one stream.
//!
//! What is to be written is gathered until the session wants to read, so that a group of commands, or the end
//! of the message with QUIT behind it, is one write. While writing, what comes in is read: a peer that sends
//! before it reads cannot block both, and a reply in the middle of the content is kept.
//!
//! The stream's side of it is in drive/wire.rs, TLS in drive/tls.rs, the content in drive/content.rs, and
//! what a person says line by line in drive/talk.rs.

#![allow(clippy::disallowed_types)] // Phases are timed here.

mod content;
mod pending;
mod talk;
mod tls;
mod wire;

pub(super) use tls::channel_binding;

use super::drop_point::{DropPoint, Point};
use super::error::Error;
use super::gate::Handover;
use super::observer::Observer;
use super::patience::Patience;
use super::token::{NoToken, TokenSource};
use crate::net::{self, Deadline, Error as NetError, Stream, interrupt};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::failure::Failure;
use ehlo_smtp::inquiry::Inquiry;
use ehlo_smtp::session::{Job, Session, Step};
use ehlo_smtp::transaction::Transaction;
use pending::Pending;
use std::fmt;
use std::time::{Duration, Instant};

/// How many octets are read at once.
const READ: usize = 4 * 1024;

/// How long a QUIT may take, with all that is still awaited before it.
const GOODBYE: Duration = Duration::from_secs(5);

/// How long the phases took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timing {
    /// To connect.
    pub connect: Option<Duration>,
    /// The handshake.
    pub tls: Option<Duration>,
    /// The log-in.
    pub auth: Option<Duration>,
}

/// One connection and its session.
pub struct Connection {
    session: Session,
    stream: Stream,
    patience: Patience,
    tls: Option<(net::tls::Client, String)>,
    tokens: Option<TokenSource>,
    /// What is to be written.
    pending: Pending,
    /// What is read comes in here, one piece at a time.
    room: Box<[u8]>,
    /// Nothing can be written any more. What the server said before is still to be read.
    broken: bool,
    /// Where to drop the connection.
    drop: Option<DropPoint>,
    dropped: bool,
    /// How many octets will have been written when the end of the message is.
    end_of_content: Option<u64>,
    auth_began: Option<Instant>,
    timing: Timing,
}

impl fmt::Debug for Connection {
    /// Without what is to be written: it may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("stream", &self.stream).finish_non_exhaustive()
    }
}

impl Connection {
    /// A session over a stream that was just made.
    #[must_use]
    pub fn new(session: Session, stream: Stream, patience: Patience, timing: Timing) -> Connection {
        Connection {
            session,
            stream,
            patience,
            tls: None,
            tokens: None,
            pending: Pending::default(),
            room: vec![0; READ].into_boxed_slice(),
            broken: false,
            drop: None,
            dropped: false,
            end_of_content: None,
            auth_began: None,
            timing,
        }
    }

    /// How TLS begins, when the session asks for it, and which name the certificate is to bear.
    pub fn set_tls(&mut self, client: net::tls::Client, name: String) {
        self.tls = Some((client, name));
    }

    /// Where another token comes from, when the session asks for it.
    pub fn set_tokens(&mut self, tokens: Option<TokenSource>) {
        self.tokens = tokens;
    }

    /// Where the connection is to be dropped.
    pub fn set_drop(&mut self, drop: Option<DropPoint>) {
        self.drop = drop;
    }

    /// The session: what was greeted, offered, answered.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to take what is known out of it.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The stream.
    #[must_use]
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Waits a moment for the program at the other end to exit, and says how it did.
    pub(super) fn program_ended(&mut self) -> Option<String> {
        self.stream.program_ended()
    }

    /// How long the phases took.
    #[must_use]
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// Delivers one message to the recipients of one transaction. What is known of each is in the
    /// transaction, also after an error.
    ///
    /// # Errors
    /// [`Error`]: the session cannot go on.
    pub fn deliver(
        &mut self,
        mut job: Job,
        mut handover: Handover<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        // Nothing rides behind the place where it is dropped.
        job.last &= self.drop.is_none();
        self.session.deliver(job).map_err(Error::unsaid)?;
        self.drive(Some(&mut handover), observer)
    }

    /// Asks, one inquiry after the other. The replies are in the transaction, also after an error.
    ///
    /// # Errors
    /// [`Error`]: the session cannot go on.
    pub fn ask(&mut self, inquiries: Vec<Inquiry>, observer: &mut dyn Observer) -> Result<(), Error> {
        self.session.ask(inquiries);
        self.drive(None, observer)
    }

    /// The transaction of the last delivery.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        self.session.transaction()
    }

    /// Does what the session asks for, until it is ready for something new or closed.
    ///
    /// # Errors
    /// [`Error`]: the session cannot go on.
    pub fn drive(
        &mut self,
        mut handover: Option<&mut Handover<'_>>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let mut deadline: Option<(u64, Deadline)> = None;
        loop {
            if let Some(drop) = self.drop {
                self.drop_behind_reply(drop)?;
                // Nothing more of its group is written until the reply is there.
                if drop.waits(self.session.asked_last(), &self.session) && !self.session.is_interrupted() {
                    self.await_reply(&mut deadline, observer)?;
                    continue;
                }
            }
            match self.session.advance() {
                Ok(Step::Send(line)) => {
                    observer.sent(&line.shown(), line.secret().is_some());
                    if !self.broken {
                        self.pending.line(line);
                    }
                    if let Some(drop) = self.drop
                        && drop.is_behind_command(self.session.asked_last(), &self.session)
                    {
                        self.flush(observer)?;
                        return Err(self.drop_now(drop));
                    }
                }
                Ok(Step::Received(line)) => observer.received(line),
                Ok(Step::Receive) => self.await_reply(&mut deadline, observer)?,
                Ok(Step::Working) => self.may_go_on(&mut deadline)?,
                Ok(Step::RenewToken) => {
                    let until = self.patience.whole;
                    let fetched = self.tokens.as_ref().map(|tokens| tokens.fetch(until));
                    let is_later = matches!(fetched, Some(Err(NoToken::Now)));
                    let token = fetched.and_then(Result::ok);
                    let over = until.is_over().then_some(NetError::Timeout);
                    if let Some(error) = interrupt::caught().map(|_| NetError::Interrupted).or(over) {
                        // The refusal stands, and QUIT can follow.
                        let _ = self.session.token_renewed(None);
                        return Err(Error::Network { error, awaiting: Some(Awaiting::Token) });
                    }
                    match self.session.token_renewed(token.as_ref()) {
                        Err(failure) if is_later => return Err(Error::NoToken(failure)),
                        Err(failure) => return Err(self.ended(failure)),
                        Ok(()) => {}
                    }
                }
                Ok(Step::StartTls) => self.start_tls(observer)?,
                Ok(Step::SendContent) => match &mut handover {
                    Some(handover) => self.send_content(handover, observer)?,
                    None => return Ok(()),
                },
                Ok(Step::Ready | Step::Closed) => {
                    self.flush(observer)?;
                    if self.session.logged_in().is_some() && self.timing.auth.is_none() {
                        self.timing.auth = self.auth_began.map(|began| began.elapsed());
                    }
                    return Ok(());
                }
                Err(failure) => {
                    return Err(self.ended(failure));
                }
            }
        }
    }

    /// Writes what is pending, and reads once.
    fn await_reply(
        &mut self,
        deadline: &mut Option<(u64, Deadline)>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        self.flush(observer)?;
        match self.session.awaiting() {
            Some(Expect::Auth) => _ = self.auth_began.get_or_insert_with(Instant::now),
            // While the server answers, what is needed for TLS is read.
            Some(Expect::StartTls) => self.tls.iter().for_each(|(client, _)| client.prepare()),
            _ => {}
        }
        let until = self.until(self.session.awaiting(), deadline);
        self.read(until)
    }

    /// Drops the connection if this is the place. A reply that has arrived is understood first, for it
    /// counts.
    fn drop_behind_reply(&mut self, drop: DropPoint) -> Result<(), Error> {
        if drop.point == Point::After(Stage::Tls) && self.stream.tls().is_some() {
            return Err(self.drop_now(drop));
        }
        let Some(expect) = self.session.arrived() else { return Ok(()) };
        if let Err(failure) = self.session.understand() {
            return Err(self.ended(failure));
        }
        if drop.is_behind_reply(expect, &self.session) { Err(self.drop_now(drop)) } else { Ok(()) }
    }

    /// From here on nothing is written any more; [`Connection::finish`] closes.
    fn drop_now(&mut self, drop: DropPoint) -> Error {
        self.dropped = true;
        Error::Dropped(drop.point)
    }

    /// One deadline for a whole reply: it begins when the reply before it was understood.
    fn until(&self, expect: Option<Expect>, deadline: &mut Option<(u64, Deadline)>) -> Deadline {
        let replies = self.session.replies();
        let until = match *deadline {
            Some((count, until)) if count == replies => until,
            _ => self.patience.for_reply(expect),
        };
        *deadline = Some((replies, until));
        until
    }

    /// What a log-in computes takes of the time for the server's next reply.
    fn may_go_on(&self, deadline: &mut Option<(u64, Deadline)>) -> Result<(), Error> {
        let error = match interrupt::caught() {
            Some(_) => NetError::Interrupted,
            None if self.until(Some(Expect::Auth), deadline).is_over() => NetError::Timeout,
            None => return Ok(()),
        };
        Err(Error::Network { error, awaiting: Some(Awaiting::Reply(Expect::Auth)) })
    }

    /// Says QUIT where it is still in place, and closes. Whatever comes of it changes nothing.
    pub fn finish(mut self, observer: &mut dyn Observer) {
        if self.dropped {
            match self.drop {
                Some(DropPoint { reset: true, .. }) => self.stream.reset(),
                _ => self.stream.close(),
            }
            return;
        }
        if self.session.may_quit() && !self.broken {
            self.stream.ignore_interrupts();
            self.patience.whole = Deadline::after(GOODBYE).min(self.patience.whole);
            self.pending.wipe();
            if self.session.awaiting().is_none() {
                self.session.quit();
                let _ = self.drive(None, observer);
            } else {
                // Replies are outstanding, and were waited for long enough: say it, and go.
                let line = self.session.take_leave();
                observer.sent(&line.shown(), line.secret().is_some());
                self.pending.line(line);
                let _ = self.flush(observer);
            }
        }
        self.stream.close();
    }

    /// The session says that it cannot go on.
    fn ended(&self, failure: Failure) -> Error {
        let said = self.session.first_words(&failure);
        Error::Session { failure, awaiting: self.session.doing(), said }
    }

    fn network(&self, error: NetError) -> Error {
        if let Some(failure) = self.session.verdict() {
            return self.ended(failure);
        }
        Error::Network { error, awaiting: self.session.doing() }
    }
}
