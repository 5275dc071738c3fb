//! A session, the client's side: which command goes out, and what each reply means (RFC 5321, sections 3 and 4.3).
//!
//! It holds two queues, the commands to send and the replies awaited; the front of the second *is* the state. Whoever
//! drives it asks [`Session::advance`] what to do next and tells it what was read. It opens nothing, reads no clock,
//! and never holds the message.
//!
//! A message is queued in session/deliver.rs, VRFY and EXPN in session/ask.rs, what a person says line by line in
//! session/say.rs. What goes out when is in session/send.rs, what a reply means in session/understand.rs, XCLIENT in
//! session/present.rs, logging in in session/log_in.rs; what a session tells of itself, in session/tell.rs; why it ends
//! early, in [`super::failure`].
//!
//! ```text
//!   greeting -> EHLO -+-> STARTTLS -> (TLS) -> EHLO -+-> AUTH -> Ready      XCLIENT -> EHLO, where it is wanted,
//!                     +-> HELO ----------------------+----------^  |        comes between TLS and AUTH
//!                                                                  | deliver
//!    Ready <- message <- content <- DATA <- RCPT ... RCPT <- MAIL <+
//!      |                                                           |
//!      +-> QUIT -> Closed                  RSET (--all-or-none) <--+
//! ```
//!
//! Pipelining (RFC 2920) is a rule of when to stop taking from the first queue, not another path.

mod ask;
mod deliver;
mod log_in;
mod present;
mod say;
mod send;
mod tell;
mod understand;

use super::auth::{Channel, ChannelBinding, Login};
use super::command::{Command, EhloName, Line};
use super::content::Facts;
use super::envelope::Envelope;
use super::expect::{Expect, Stage};
use super::extension::Extensions;
use super::failure::Failure;
use super::inquiry::Inquiry;
use super::reply::{Class, Reply, ReplyReader};
use super::transaction::{Progress, Transaction};
use super::violation::Violation;
use super::xclient::Xclient;
use log_in::LogIn;
use say::Said;
pub use say::{LONGEST_SAID, Turn};
use std::collections::VecDeque;
use zeroize::Zeroizing;

/// The most replies that are awaited at once. A server with small buffers blocks when it cannot send its replies;
/// with so many that cannot last, and the speed is the same.
pub const WINDOW: usize = 256;

/// So much of the replies to recipients is kept as it came, all together, in octets. A server with a long word for each
/// of very many could fill memory.
const KEPT_WHOLE: usize = 1024 * 1024;
/// So much of each of the others.
const KEPT: usize = 512;

/// Which of the two protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// SMTP (RFC 5321).
    Smtp,
    /// LMTP (RFC 2033): LHLO, no HELO, and one reply for each accepted recipient after the message.
    Lmtp,
}

/// What to do about STARTTLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// Never; also where TLS was there from the first octet.
    Never,
    /// If it is offered.
    IfOffered,
    /// It was offered on an earlier connection to the same server: without it nothing is sent.
    AsBefore,
    /// Without it nothing is sent.
    Demanded,
}

/// What a session is to be like.
#[derive(Debug)]
pub struct Settings {
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// What we call ourselves.
    pub ehlo_name: EhloName,
    /// STARTTLS.
    pub start_tls: StartTls,
    /// What protects the connection as it is.
    pub channel: Channel,
    /// What a log-in can be bound to, where TLS was there from the first octet.
    pub binding: Option<ChannelBinding>,
    /// What the server is to believe of its client (XCLIENT), said after TLS has begun and before a log-in.
    pub xclient: Option<Xclient>,
    /// Credentials, if there is to be a log-in.
    pub login: Option<Box<dyn Login>>,
    /// Send groups of commands where the server offers it.
    pub pipelining: bool,
    /// Send the message by BDAT where the server offers it.
    pub chunking: bool,
    /// Begin with HELO: the server hung up on EHLO.
    pub helo: bool,
    /// Send 8-bit content to a server that does not offer 8BITMIME (a departure from RFC 6152 that the user asks for).
    pub force_8bit: bool,
    /// How far to go: behind this stage the session is ready for QUIT, and nothing else is said. What lies after
    /// [`Stage::Ehlo`] and before [`Stage::Message`] is done in full up to it: with [`Stage::Tls`] EHLO inside TLS is
    /// the last, with [`Stage::Rcpt`] MAIL and every RCPT are followed by RSET. After [`Stage::Data`] nothing but the
    /// message could be said, and the session is closed.
    pub until: Stage,
}

impl Settings {
    /// SMTP over a connection in clear that goes all the way: STARTTLS where it is offered, nobody who logs in, and the
    /// fewest round trips that the server allows.
    #[must_use]
    pub fn new(ehlo_name: EhloName) -> Settings {
        Settings {
            protocol: Protocol::Smtp,
            ehlo_name,
            start_tls: StartTls::IfOffered,
            channel: Channel::Clear,
            binding: None,
            xclient: None,
            login: None,
            pipelining: true,
            chunking: true,
            helo: false,
            force_8bit: false,
            until: Stage::Message,
        }
    }
}

/// One message to deliver.
#[derive(Debug, Clone)]
pub struct Job {
    /// From and to whom.
    pub envelope: Envelope,
    /// What is known of the content.
    pub facts: Facts,
    /// Everybody accepted, or nobody gets it.
    pub all_or_none: bool,
    /// QUIT follows, if nothing is left to send: it may ride with the end of the message.
    pub last: bool,
}

/// What the driver is to do next.
#[derive(Debug)]
pub enum Step<'a> {
    /// Write this line, at the latest before the next `Receive`.
    Send(&'a Line),
    /// This line was read; for whoever looks on.
    Received(&'a [u8]),
    /// Read, and pass it to [`Session::receive`], or call [`Session::hung_up`].
    Receive,
    /// Make the connection a TLS one, then [`Session::tls_started`].
    StartTls,
    /// A log-in computes: ask again, if there is still time.
    Working,
    /// Fetch the token once more, then [`Session::token_renewed`].
    RenewToken,
    /// Write the content, with its final dot unless [`Session::is_chunked`], then [`Session::content_sent`].
    SendContent,
    /// Nothing is left to do: deliver something, or quit.
    Ready,
    /// The session is over.
    Closed,
}

/// What is queued to be sent.
enum Next {
    Ehlo,
    Helo,
    StartTls,
    Xclient,
    Auth(Option<Zeroizing<String>>),
    Response(Zeroizing<String>),
    CancelAuth,
    Mail,
    Rcpt(usize),
    Ask(usize),
    Data,
    Bdat,
    Content,
    LoneDot,
    /// The end of a transaction that goes no further.
    Stop,
    Rset,
    Quit,
    Say(Zeroizing<String>),
    SaidContent,
}

impl std::fmt::Debug for Next {
    /// Nothing of what an AUTH exchange says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Next::Auth(_) | Next::Response(_) => f.write_str("AUTH ***"),
            Next::Rcpt(place) => write!(f, "RCPT {place}"),
            Next::Ask(place) => write!(f, "VRFY {place}"),
            Next::Stop => f.write_str("stop"),
            Next::Ehlo | Next::Helo => f.write_str("EHLO"),
            Next::StartTls => f.write_str("STARTTLS"),
            Next::Xclient => f.write_str("XCLIENT"),
            Next::CancelAuth => f.write_str("*"),
            Next::Mail => f.write_str("MAIL"),
            Next::Data => f.write_str("DATA"),
            Next::Bdat => f.write_str("BDAT"),
            Next::Content => f.write_str("content"),
            Next::LoneDot => f.write_str("."),
            Next::Rset => f.write_str("RSET"),
            Next::Quit => f.write_str("QUIT"),
            // It may answer a challenge.
            Next::Say(_) => f.write_str("a line"),
            Next::SaidContent => f.write_str("content"),
        }
    }
}

/// The client's side of one session.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    reader: ReplyReader,
    queue: VecDeque<Next>,
    awaited: VecDeque<Expect>,
    /// The reply that was awaited first when [`Session::advance`] was last asked.
    at: Option<Expect>,
    /// The command that is being sent; kept for its room.
    line: Line,
    /// What the line that was given out last meant.
    arrived: Option<Result<Reply, Violation>>,
    /// More commands may follow the last one before its reply is in.
    group_open: bool,
    /// The window was full, and is not half empty yet.
    window_full: bool,
    start_tls_now: bool,
    /// XCLIENT was taken.
    presented: bool,
    /// BDAT was not known here: what it announced may have been taken for commands.
    misread: bool,
    closed: bool,
    hung_up: bool,
    replies: u64,
    /// How much of the replies to recipients was kept.
    kept: usize,
    channel: Channel,
    binding: Option<ChannelBinding>,
    greeting: Option<Reply>,
    extensions: Extensions,
    log_in: LogIn,
    job: Option<Job>,
    inquiries: Vec<Inquiry>,
    transaction: Transaction,
    said: Said,
}

impl Session {
    /// A session over a connection that was just made.
    #[must_use]
    pub fn new(settings: Settings) -> Session {
        let mut log_in = LogIn::default();
        if let Some(login) = &settings.login {
            log_in.keep_secret(login.secret());
        }
        Session {
            channel: settings.channel,
            binding: settings.binding.clone(),
            settings,
            reader: ReplyReader::default(),
            queue: VecDeque::new(),
            awaited: VecDeque::from([Expect::Greeting]),
            at: Some(Expect::Greeting),
            line: Line::default(),
            arrived: None,
            group_open: false,
            window_full: false,
            start_tls_now: false,
            presented: false,
            misread: false,
            closed: false,
            hung_up: false,
            replies: 0,
            kept: 0,
            greeting: None,
            extensions: Extensions::default(),
            log_in,
            job: None,
            inquiries: Vec::new(),
            transaction: Transaction::default(),
            said: Said::default(),
        }
    }

    // What the driver tells.

    /// Takes octets that were read.
    pub fn receive(&mut self, octets: &[u8]) {
        self.reader.push(octets);
    }

    /// The server has closed the connection. What it said before is read first.
    pub fn hung_up(&mut self) {
        self.hung_up = true;
    }

    /// TLS has begun, with a verified certificate or without, and perhaps with something to bind a log-in to. All that
    /// was learnt in clear is forgotten (RFC 3207, section 4.2), and EHLO is said again.
    pub fn tls_started(&mut self, verified: bool, binding: Option<ChannelBinding>) {
        self.start_tls_now = false;
        self.binding = binding;
        self.channel = if verified { Channel::Verified } else { Channel::Unverified };
        self.extensions = Extensions::default();
        self.reader = ReplyReader::default();
        self.said = Said::default();
        self.queue.push_back(Next::Ehlo);
    }

    /// The content and what ends it were handed over for writing.
    pub fn content_sent(&mut self) {
        let Some(job) = &self.job else { return };
        if job.last && self.pipelines() && self.transaction.left().is_empty() {
            self.queue.push_back(Next::Quit);
            self.group_open = true;
        }
    }

    /// The end of the message was written: from here on the server may have the message.
    pub fn content_written(&mut self) {
        self.transaction.content = Progress::Ended;
    }

    // What the session is to do.

    /// Says QUIT, in place of whatever else was to be said.
    pub fn quit(&mut self) {
        self.queue.clear();
        self.queue.push_back(Next::Quit);
    }

    /// The QUIT of one who does not wait: replies are outstanding that will not come, or not in time. The session is
    /// over.
    pub fn take_leave(&mut self) -> &Line {
        self.queue.clear();
        self.closed = true;
        // A constant line is fit to be written.
        let _ = self.line.write(Command::Quit);
        &self.line
    }

    /// What to do next.
    ///
    /// # Errors
    /// [`Failure`]: the session cannot go on.
    pub fn advance(&mut self) -> Result<Step<'_>, Failure> {
        if self.closed {
            return Ok(Step::Closed);
        }
        self.at = self.awaiting();
        self.understand()?;
        if self.closed {
            return Ok(Step::Closed);
        }
        if self.start_tls_now {
            if !self.reader.is_empty() {
                // Whatever waits now was put there by somebody in between.
                self.or_close::<()>(Err(Violation::InjectedBeforeTls.into()))?;
            }
            return Ok(Step::StartTls);
        }
        // Behind a reply that was understood, it is the next one whose absence or form is told of.
        self.at = self.awaiting();
        let read = self.reader.next_line().map_err(Failure::from);
        if let Some(line) = self.or_close(read)? {
            self.arrived = line.transpose();
            self.hide_secrets();
            return Ok(Step::Received(self.reader.line()));
        }
        if self.closed {
            return Ok(Step::Closed);
        }
        if self.hung_up {
            let awaiting = self.awaiting();
            self.or_close::<()>(Err(Failure::HungUp { awaiting }))?;
            return Ok(Step::Closed);
        }
        if self.log_in.wants_token() {
            return Ok(Step::RenewToken);
        }
        if self.work() {
            return Ok(Step::Working);
        }
        while self.may_send() {
            let Some(next) = self.queue.pop_front() else { break };
            let sent = self.send(next);
            if let Some(step) = self.or_close(sent)? {
                if let Sent::Content = step {
                    self.at = self.awaiting();
                    return Ok(Step::SendContent);
                }
                return Ok(Step::Send(&self.line));
            }
        }
        Ok(if self.awaited.is_empty() { Step::Ready } else { Step::Receive })
    }

    /// Takes in the reply that has [arrived](Session::arrived), if one has; [`Session::advance`] begins with it.
    ///
    /// # Errors
    /// As [`Session::advance`].
    pub fn understand(&mut self) -> Result<(), Failure> {
        let Some(arrived) = self.arrived.take() else { return Ok(()) };
        self.at = self.awaiting();
        let result = arrived.map_err(Failure::from).and_then(|reply| self.handle(reply));
        self.or_close(result)
    }

    /// As much of a reply to a recipient as is kept for the report.
    fn kept(&mut self, mut reply: Reply) -> Reply {
        if self.kept.saturating_add(reply.size()) > KEPT_WHOLE {
            reply.shorten(KEPT);
        }
        self.kept = self.kept.saturating_add(reply.size());
        reply
    }

    /// A server that repeats what it was told must not put a password into a transcript or a report. A challenge is in
    /// no report, and must be read as it is; so must what EHLO offers ([`Session::offers`]).
    fn hide_secrets(&mut self) {
        let encoded = self.log_in.encoded_secret(self.reader.line());
        for secret in encoded.iter().chain(&self.log_in.secrets) {
            self.reader.hide(secret);
            let is_offer = self.awaited.front() == Some(&Expect::Ehlo);
            if let Some(Ok(reply)) = &mut self.arrived
                && !(reply.class() == Class::Intermediate || (is_offer && reply.is_positive()))
            {
                reply.hide(secret);
            }
        }
    }

    /// A failure ends the session for good, but for those after which QUIT is in place. Whatever answers QUIT, or
    /// nothing at all, is as good as a 221. What was found of the log-in stands, whatever the server does next.
    fn or_close<T: Default>(&mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        let Err(failure) = result else { return result };
        self.queue.clear();
        match &failure {
            Failure::Violation(_) | Failure::HungUp { .. } if self.at == Some(Expect::Quit) => {
                self.closed = true;
                return Ok(T::default());
            }
            Failure::Violation(_) | Failure::HungUp { .. } | Failure::Denied { .. } | Failure::Unfit => {
                self.closed = true;
            }
            Failure::Refused { reply, .. } if reply.code() == 421 => self.closed = true,
            Failure::Refused { .. }
            | Failure::EhloRefused { .. }
            | Failure::TlsNotOffered
            | Failure::TlsGone
            | Failure::NoMechanism(_)
            | Failure::LogIn { .. }
            | Failure::BadChallenge
            | Failure::Unproved(_)
            | Failure::TooLarge { .. }
            | Failure::NotOffered(_) => {}
        }
        Err(self.verdict().unwrap_or(failure))
    }
}

/// What came of taking a command from the queue.
enum Sent {
    Line,
    Content,
}
