//! A session, the client's side: which command goes out, and what each reply means (RFC 5321, sections 3 and
//! 4.3).
//!
//! It holds two queues, the commands to send and the replies awaited; the front of the second *is* the state.
//! Whoever drives it asks [`Session::advance`] what to do next and tells it what was read. It opens nothing,
//! reads no clock, and never holds the message.
//!
//! A message is queued in session/deliver.rs, VRFY and EXPN in session/ask.rs, what a person says line by
//! line in session/say.rs. What goes out when is in session/send.rs, what a reply means in
//! session/understand.rs, XCLIENT in session/xclient.rs, logging in in session/log_in.rs; what a session
//! tells of itself, in session/tell.rs; why it ends early, in [`super::failure`].
//!
//! ```text
//!   greeting -> EHLO -+-> STARTTLS -> (TLS) -> EHLO -+-> AUTH -> Ready      XCLIENT -> EHLO, if wanted,
//!                     +-> HELO ----------------------+----------^  |        is between TLS and AUTH
//!                                                                  | deliver
//!    Ready <- message <- content <- DATA <- RCPT ... RCPT <- MAIL <+
//!      |                                                           |
//!      +-> QUIT -> Closed                  RSET (--all-or-none) <--+
//! ```
//!
//! Pipelining (RFC 2920) is a rule of when to stop taking from the first queue, not another path.

mod ask;
mod deliver;
mod exchange;
mod log_in;
mod next;
mod said;
mod say;
mod send;
mod settings;
mod tell;
mod understand;
mod xclient;

use super::auth::{Channel, ChannelBinding};
use super::command::{Command, Line};
use super::content::Facts;
use super::envelope::Envelope;
use super::expect::Expect;
use super::extension::Extensions;
use super::failure::Failure;
use super::inquiry::Inquiry;
use super::reply::{Class, Reply, ReplyLine, ReplyReader};
use super::transaction::{Progress, Transaction};
use super::violation::Violation;
use exchange::LogIn;
use next::Next;
use said::Said;
pub use said::{LONGEST_SAID, Turn};
pub use settings::{Protocol, Settings, StartTls};
use std::collections::VecDeque;

/// The most replies that are awaited at once. A server with small buffers blocks while it cannot send its
/// replies, and would stop reading; so few always fit, and more would be no faster.
pub const WINDOW: usize = 256;

/// How much of the replies to recipients is kept as it came, all together, in octets: a server with a long
/// reply to each of very many recipients could fill memory.
const KEPT_WHOLE: usize = 1024 * 1024;
/// How much is kept of each reply beyond that, in octets.
const KEPT: usize = 512;

/// One message to deliver.
#[derive(Debug, Clone)]
pub struct Job {
    /// From whom, and to whom.
    pub envelope: Envelope,
    /// What is known of the content.
    pub facts: Facts,
    /// Whether nobody gets it unless all recipients are accepted.
    pub all_or_none: bool,
    /// Whether QUIT follows if nothing is left to send: it can go out together with the end of the message.
    pub last: bool,
}

/// What the driver is to do next.
#[derive(Debug)]
pub enum Step<'a> {
    /// Write this line, at the latest before the next `Receive`.
    Send(&'a Line),
    /// Show this line, which was read, to whoever observes the session.
    Received(&'a [u8]),
    /// Read, and pass it to [`Session::receive`], or call [`Session::hung_up`].
    Receive,
    /// Make the connection a TLS one, then [`Session::tls_started`].
    StartTls,
    /// Ask again, if there is still time: a log-in is computing.
    Working,
    /// Fetch the token once more, then [`Session::token_renewed`].
    RenewToken,
    /// Write the content, with its final dot unless [`Session::is_chunked`], then [`Session::content_sent`].
    SendContent,
    /// Deliver something, or quit: nothing is left to do.
    Ready,
    /// Close the connection: the session is over.
    Closed,
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
    /// As many replies are awaited as can be, and not half of them have come yet.
    window_full: bool,
    start_tls_now: bool,
    /// The server has accepted XCLIENT.
    xclient_done: bool,
    /// The server does not know BDAT: it may have taken what BDAT announced for commands.
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
            xclient_done: false,
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

    /// TLS has begun; whether the certificate was verified, and what a log-in can be bound to. All that was
    /// learnt in clear is forgotten (RFC 3207, section 4.2), and EHLO is said again.
    pub fn tls_started(&mut self, verified: bool, binding: Option<ChannelBinding>) {
        self.start_tls_now = false;
        self.binding = binding;
        self.channel = if verified { Channel::Verified } else { Channel::Unverified };
        self.extensions = Extensions::default();
        self.reader = ReplyReader::default();
        self.said = Said::default();
        self.queue.push_back(Next::Ehlo);
    }

    /// The content and its end were handed over for writing.
    pub fn content_sent(&mut self) {
        let Some(job) = &self.job else { return };
        if job.last && self.pipelines() && self.transaction.left().is_empty() {
            self.queue.push_back(Next::Quit);
            self.group_open = true;
        }
    }

    /// The end of the message was written: from here on it is possible that the server has the message.
    pub fn content_written(&mut self) {
        self.transaction.content = Progress::Ended;
    }

    // What the session is to do.

    /// Says QUIT, in place of whatever else was to be said.
    pub fn quit(&mut self) {
        self.queue.clear();
        self.queue.push_back(Next::Quit);
    }

    /// A QUIT whose reply is not awaited: replies are outstanding that will not come, or not in time. The
    /// session is over.
    pub fn take_leave(&mut self) -> &Line {
        self.queue.clear();
        self.closed = true;
        // A constant line is always fit.
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
                // Octets that wait here were put there by somebody in between.
                self.or_close::<()>(Err(Violation::InjectedBeforeTls.into()))?;
            }
            return Ok(Step::StartTls);
        }
        // What is wrong from here on is wrong with the next reply.
        self.at = self.awaiting();
        let read = self.reader.next_line().map_err(Failure::from);
        if let Some(line) = self.or_close(read)? {
            self.arrived = match line {
                ReplyLine::Part => None,
                ReplyLine::Last(reply) => Some(Ok(reply)),
                ReplyLine::Broken(violation) => Some(Err(violation)),
            };
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

    /// Takes in the reply that has [arrived](Session::arrived), if one has; [`Session::advance`] begins with
    /// it.
    ///
    /// # Errors
    /// As [`Session::advance`].
    pub fn understand(&mut self) -> Result<(), Failure> {
        let Some(arrived) = self.arrived.take() else { return Ok(()) };
        self.at = self.awaiting();
        let result = arrived.map_err(Failure::from).and_then(|reply| self.handle(reply));
        self.or_close(result)
    }

    /// A reply to a recipient, cut to what is kept of it for the report.
    fn kept(&mut self, mut reply: Reply) -> Reply {
        if self.kept.saturating_add(reply.size()) > KEPT_WHOLE {
            reply.shorten(KEPT);
        }
        self.kept = self.kept.saturating_add(reply.size());
        reply
    }

    /// Stars out what the server repeats of a secret, in the line for observers and in the reply for the
    /// report. A challenge is in no report, and is needed as it is; so is what EHLO offers
    /// ([`Session::offers`]).
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

    /// A failure ends the session for good, except where QUIT can still be said. Whatever answers QUIT, or
    /// nothing at all, is as good as a 221. What the log-in has shown stands, whatever the server does next.
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

/// What was taken from the queue.
enum Sent {
    Line,
    Content,
}
