//! A session, the client's side: which command goes out, and what each reply means (RFC 5321, sections 3 and 4.3).
//!
//! It holds two queues, the commands to send and the replies awaited; the front of the second *is* the state.
//! Whoever drives it asks [`Session::advance`] what to do next and tells it what was read. It opens nothing, reads
//! no clock, and never holds the message.
//!
//! ```text
//!   greeting -> EHLO -+-> STARTTLS -> (TLS) -> EHLO -+-> AUTH -> Ready
//!                     +-> HELO ----------------------+----------^  |
//!                                                                  | deliver
//!    Ready <- message <- content <- DATA <- RCPT ... RCPT <- MAIL <+
//!      |                                                           |
//!      +-> QUIT -> Closed                  RSET (--all-or-none) <--+
//! ```
//!
//! Pipelining (RFC 2920) is a rule of when to stop taking from the first queue, not another path.

use super::auth::{Channel, Login, Mechanism, NoMechanism};
use super::command::{Command, EhloName, Line, UnfitLine};
use super::content::Facts;
use super::envelope::Envelope;
use super::expect::{Expect, Stage};
use super::extension::Extensions;
use super::parameter::Parameter;
use super::reply::{Class, Reply, ReplyReader};
use super::transaction::{Progress, Transaction};
use super::violation::Violation;
use std::collections::VecDeque;
use std::fmt;
use zeroize::Zeroizing;

/// The most replies that are awaited at once. A server with small buffers blocks when it cannot send its replies;
/// with so many that cannot last, and the speed is the same.
pub const WINDOW: usize = 256;
/// The most challenges in one AUTH exchange; SCRAM needs three.
const MOST_CHALLENGES: u8 = 10;
/// A command line with its CRLF (RFC 5321, section 4.5.3.1.4): a longer initial response goes on a line of its own
/// (RFC 4954, section 4).
const COMMAND_LINE: usize = 512;

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
    /// Write the content, with its final dot unless [`Session::is_chunked`], then [`Session::content_sent`].
    SendContent,
    /// Nothing is left to do: deliver something, or quit.
    Ready,
    /// The session is over.
    Closed,
}

/// Why a session cannot go on. What was known of the transaction stays known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The server broke the protocol.
    Violation(Violation),
    /// A refusal that ends the session: to the greeting, EHLO, STARTTLS or AUTH, or a 421 wherever it comes.
    Refused {
        /// What the reply answered; nothing if a 421 came unasked.
        awaiting: Option<Expect>,
        /// The reply.
        reply: Reply,
    },
    /// The server closed the connection while this was awaited.
    HungUp {
        /// The reply that was awaited.
        awaiting: Option<Expect>,
    },
    /// TLS is demanded, and STARTTLS is not offered.
    TlsNotOffered,
    /// There is no way to log in.
    NoMechanism(NoMechanism),
    /// The message is larger than the server takes; nothing of it was sent.
    TooLarge {
        /// The message, in octets.
        octets: u64,
        /// The server's limit, in octets.
        limit: u64,
    },
    /// The message or an address needs an extension that is not offered; nothing of it was sent.
    NotOffered(Need),
    /// A command would have held a control character.
    Unfit,
}

/// What a message needs that not every server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// An address that is not ASCII: SMTPUTF8 (RFC 6531).
    Address,
    /// A header that is not ASCII: SMTPUTF8, for what it is worth.
    Header,
    /// Octets over 127: 8BITMIME (RFC 6152).
    EightBit,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Need::Address => {
                "an address is not plain ASCII and the server does not offer SMTPUTF8; nothing was sent"
            }
            Need::Header => {
                "a header is not plain ASCII and the server does not offer SMTPUTF8; encode it, or send it all the \
                 same with --force-8bit"
            }
            Need::EightBit => {
                "the message holds 8-bit octets and the server does not offer 8BITMIME; encode it, or send it all \
                 the same with --force-8bit"
            }
        })
    }
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Failure {
        Failure::Violation(violation)
    }
}

impl From<UnfitLine> for Failure {
    fn from(UnfitLine: UnfitLine) -> Failure {
        Failure::Unfit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Violation(violation) => violation.fmt(f),
            Failure::Refused { awaiting: Some(Expect::Greeting), reply } => {
                write!(f, "the server does not want to talk: {} {}", reply.code(), joined(reply))
            }
            Failure::Refused { reply, .. } if reply.code() == 421 => {
                write!(f, "the server closed the session: 421 {}", joined(reply))
            }
            Failure::Refused { awaiting, reply } => {
                let what = awaiting.map_or("the command", Expect::doing);
                write!(f, "the server refused {what}: {} {}", reply.code(), joined(reply))
            }
            Failure::HungUp { awaiting: Some(expect) } => {
                write!(f, "the server closed the connection before its reply to {}", expect.doing())
            }
            Failure::HungUp { awaiting: None } => f.write_str("the server closed the connection"),
            Failure::TlsNotOffered => f.write_str(
                "the server does not offer STARTTLS, and TLS is demanded; nothing was sent (try --tls implicit on port 465)",
            ),
            Failure::NoMechanism(reason) => reason.fmt(f),
            Failure::TooLarge { octets, limit } => write!(
                f,
                "the message has {octets} octets and the server takes {limit} at most; nothing was sent"
            ),
            Failure::NotOffered(need) => need.fmt(f),
            Failure::Unfit => f.write_str("a command would have held a control character; nothing of it was sent"),
        }
    }
}

/// A reply's lines on one.
fn joined(reply: &Reply) -> String {
    reply.text().collect::<Vec<_>>().join(" / ")
}

/// What is queued to be sent.
#[derive(Debug)]
enum Next {
    Ehlo,
    Helo,
    StartTls,
    Auth(Option<Zeroizing<String>>),
    Response(Zeroizing<String>),
    CancelAuth,
    Mail,
    Rcpt(usize),
    Data,
    Bdat,
    Content,
    LoneDot,
    Rset,
    Quit,
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
    closed: bool,
    hung_up: bool,
    replies: u64,
    channel: Channel,
    greeting: Option<Reply>,
    extensions: Extensions,
    mechanism: Option<Box<dyn Mechanism>>,
    challenges: u8,
    /// The exchange was left with `*`.
    auth_cancelled: bool,
    logged_in: Option<&'static str>,
    job: Option<Job>,
    transaction: Transaction,
}

impl Session {
    /// A session over a connection that was just made.
    #[must_use]
    pub fn new(settings: Settings) -> Session {
        Session {
            channel: settings.channel,
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
            closed: false,
            hung_up: false,
            replies: 0,
            greeting: None,
            extensions: Extensions::default(),
            mechanism: None,
            challenges: 0,
            auth_cancelled: false,
            logged_in: None,
            job: None,
            transaction: Transaction::default(),
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

    /// TLS has begun, with a verified certificate or without. All that was learnt in clear is forgotten (RFC 3207,
    /// section 4.2), and EHLO is said again.
    pub fn tls_started(&mut self, verified: bool) {
        self.start_tls_now = false;
        self.channel = if verified { Channel::Verified } else { Channel::Unverified };
        self.extensions = Extensions::default();
        self.reader = ReplyReader::default();
        self.queue.push_back(Next::Ehlo);
    }

    /// The content and its final dot were handed over for writing.
    pub fn content_sent(&mut self) {
        let Some(job) = &self.job else { return };
        if job.last && self.pipelines() && self.transaction.too_many().is_empty() {
            self.queue.push_back(Next::Quit);
            self.group_open = true;
        }
    }

    /// The final dot was written: from here on the server may have the message.
    pub fn content_written(&mut self) {
        self.transaction.content = Progress::Ended;
    }

    // What the driver and others may ask.

    /// The reply that is awaited first.
    #[must_use]
    pub fn awaiting(&self) -> Option<Expect> {
        self.awaited.front().copied()
    }

    /// What the reply answers that was awaited last, with the recipient's name: `RCPT TO:<green@beta.arpa>`. Also
    /// right after that reply, or its absence, ended the session.
    #[must_use]
    pub fn doing(&self) -> Option<String> {
        let expect = self.at?;
        if expect.stage() == Stage::Message && self.transaction.content == Progress::Begun {
            return Some("the message".to_owned());
        }
        if expect == Expect::Ehlo && self.settings.protocol == Protocol::Lmtp {
            return Some("LHLO".to_owned());
        }
        let (Expect::Rcpt(place) | Expect::MessageFor(place)) = expect else {
            return Some(expect.doing().to_owned());
        };
        let path = self.job.as_ref().and_then(|job| job.envelope.recipients.get(place)).map(|r| &r.path);
        Some(match (expect, path) {
            (Expect::Rcpt(_), Some(path)) => format!("RCPT TO:<{path}>"),
            (_, Some(path)) => format!("the end of the message, for {path}"),
            (_, None) => expect.doing().to_owned(),
        })
    }

    /// Is a whole reply there, or the connection closed? Then there is no use in writing the rest of the content.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.hung_up || self.reader.has_reply()
    }

    /// How many replies were understood so far: when it changes, the wait for the next one begins.
    #[must_use]
    pub fn replies(&self) -> u64 {
        self.replies
    }

    /// Does the content go as it is, in one chunk whose size was announced (RFC 3030), without dots?
    #[must_use]
    pub fn is_chunked(&self) -> bool {
        self.transaction.chunked
    }

    /// How many octets wait that [`Session::advance`] has not looked at.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.reader.unread()
    }

    /// The transaction of the last job.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// What the server offers now.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The greeting.
    #[must_use]
    pub fn greeting(&self) -> Option<&Reply> {
        self.greeting.as_ref()
    }

    /// The mechanism that the log-in went through with.
    #[must_use]
    pub fn logged_in(&self) -> Option<&'static str> {
        self.logged_in
    }

    /// What protects the connection now.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The server hung up on EHLO: is another try with HELO right? Never where TLS or AUTH is demanded.
    #[must_use]
    pub fn may_say_helo(&self) -> bool {
        self.settings.protocol == Protocol::Smtp
            && self.settings.start_tls != StartTls::Demanded
            && self.settings.login.is_none()
    }

    /// Is QUIT still in place? Not after a violation, a hang-up or a 421, nor where it would be taken for a part of
    /// the message.
    #[must_use]
    pub fn may_quit(&self) -> bool {
        let data = self.awaited.contains(&Expect::Data) || self.transaction.content == Progress::Begun;
        !self.closed && !self.hung_up && !self.start_tls_now && !data
    }

    // What the session is to do.

    /// Queues one message. Nothing of it is sent if it cannot be.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] and [`Failure::NotOffered`], before MAIL.
    pub fn deliver(&mut self, job: Job) -> Result<(), Failure> {
        let is_open = self.transaction.is_open();
        self.transaction =
            Transaction::new(job.envelope.recipients.len(), self.settings.protocol == Protocol::Lmtp);
        if let Some(limit) = self.extensions.size_limit().filter(|limit| job.facts.octets > *limit) {
            return Err(Failure::TooLarge { octets: job.facts.octets, limit });
        }
        if let Some(need) = self.unmet_need(&job) {
            return Err(Failure::NotOffered(need));
        }
        if job.envelope.recipients.is_empty() {
            return Ok(());
        }
        if is_open {
            self.queue.push_back(Next::Rset);
        }
        self.queue.push_back(Next::Mail);
        self.queue.extend((0..job.envelope.recipients.len()).map(Next::Rcpt));
        self.transaction.chunked = self.settings.chunking && self.extensions.offers("CHUNKING");
        self.queue.push_back(if self.transaction.chunked { Next::Bdat } else { Next::Data });
        self.job = Some(job);
        Ok(())
    }

    /// What the message or an address needs and the server does not offer.
    fn unmet_need(&self, job: &Job) -> Option<Need> {
        let utf8 = self.extensions.offers("SMTPUTF8");
        let eight_bit = self.extensions.offers("8BITMIME");
        // What is in the content can be forced through; an address cannot.
        let forced = self.settings.force_8bit;
        match job.facts {
            _ if !job.envelope.is_ascii() && !utf8 => Some(Need::Address),
            Facts { utf8_headers: true, .. } if !utf8 && !forced => Some(Need::Header),
            Facts { eight_bit: true, .. } if !eight_bit && !utf8 && !forced => Some(Need::EightBit),
            Facts { .. } => None,
        }
    }

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
        if let Some(arrived) = self.arrived.take() {
            let result = arrived.map_err(Failure::from).and_then(|reply| self.handle(reply));
            self.or_close(result)?;
            if self.closed {
                return Ok(Step::Closed);
            }
        }
        if self.start_tls_now {
            if !self.reader.is_empty() {
                // Whatever waits now was put there by somebody in between.
                self.or_close::<()>(Err(Violation::InjectedBeforeTls.into()))?;
            }
            return Ok(Step::StartTls);
        }
        let read = self.reader.next_line().map_err(Failure::from);
        if let Some(line) = self.or_close(read)? {
            self.arrived = line.transpose();
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
        while self.may_send() {
            let Some(next) = self.queue.pop_front() else { break };
            let sent = self.send(next);
            if let Some(step) = self.or_close(sent)? {
                return Ok(match step {
                    Sent::Line => Step::Send(&self.line),
                    Sent::Content => Step::SendContent,
                });
            }
        }
        Ok(if self.awaited.is_empty() { Step::Ready } else { Step::Receive })
    }

    /// A failure ends the session for good, but for those after which QUIT is in place. Whatever answers QUIT, or
    /// nothing at all, is as good as a 221.
    fn or_close<T: Default>(&mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        let Err(failure) = result else { return result };
        self.queue.clear();
        match &failure {
            Failure::Violation(_) | Failure::HungUp { .. } if self.at == Some(Expect::Quit) => {
                self.closed = true;
                return Ok(T::default());
            }
            Failure::Violation(_) | Failure::HungUp { .. } | Failure::Unfit => self.closed = true,
            Failure::Refused { reply, .. } if reply.code() == 421 => self.closed = true,
            Failure::Refused { .. }
            | Failure::TlsNotOffered
            | Failure::NoMechanism(_)
            | Failure::TooLarge { .. }
            | Failure::NotOffered(_) => {}
        }
        Err(failure)
    }

    // Sending.

    /// May the next command go out, or does it have to wait for replies?
    fn may_send(&mut self) -> bool {
        if self.awaited.is_empty() || matches!(self.queue.front(), Some(Next::Content)) {
            self.window_full = false;
            return true;
        }
        if self.awaited.len() >= WINDOW {
            self.window_full = true;
        } else if self.awaited.len() <= WINDOW / 2 {
            self.window_full = false;
        }
        let waits_for_all = match self.queue.front() {
            Some(Next::Data) => self.job.as_ref().is_some_and(|job| job.all_or_none),
            // The octets behind it cannot be taken back (RFC 3030, section 2).
            Some(Next::Bdat) => true,
            _ => false,
        };
        self.group_open && !self.window_full && !waits_for_all
    }

    fn pipelines(&self) -> bool {
        self.settings.pipelining && self.extensions.offers("PIPELINING")
    }

    /// Writes one command, or finds that there is nothing to write.
    fn send(&mut self, next: Next) -> Result<Option<Sent>, Failure> {
        let mut ends_group = true;
        let (command, expect) = match &next {
            Next::Ehlo if self.settings.protocol == Protocol::Lmtp => {
                (Command::Lhlo(&self.settings.ehlo_name), Expect::Ehlo)
            }
            Next::Ehlo => (Command::Ehlo(&self.settings.ehlo_name), Expect::Ehlo),
            Next::Helo => (Command::Helo(&self.settings.ehlo_name), Expect::Helo),
            Next::StartTls => (Command::StartTls, Expect::StartTls),
            Next::Auth(initial) => {
                let Some(mechanism) = &self.mechanism else { return Ok(None) };
                let initial = initial.as_ref().map(|text| text.as_str());
                (Command::Auth { mechanism: mechanism.name(), initial }, Expect::Auth)
            }
            Next::Response(response) => (Command::Response(response), Expect::Auth),
            Next::CancelAuth => (Command::CancelAuth, Expect::Auth),
            Next::Mail | Next::Rcpt(_) => return self.send_envelope(&next),
            Next::Data | Next::Bdat if self.awaited.is_empty() && !self.has_recipients() => return Ok(None),
            Next::Data | Next::Bdat if self.is_to_withdraw() => {
                self.transaction.withdrawn = true;
                ends_group = false;
                if self.job.as_ref().is_some_and(|job| job.last) {
                    self.queue.push_back(Next::Quit);
                }
                (Command::Rset, Expect::Rset)
            }
            Next::Data => (Command::Data, Expect::Data),
            Next::Bdat => {
                let octets = self.job.as_ref().map_or(0, |job| job.facts.octets);
                self.line.write(Command::Bdat(octets))?;
                self.await_message();
                self.queue.push_front(Next::Content);
                return Ok(Some(Sent::Line));
            }
            Next::Content => {
                self.transaction.content = Progress::Begun;
                self.group_open = false;
                return Ok(Some(Sent::Content));
            }
            Next::LoneDot => (Command::LoneDot, Expect::LoneDot),
            Next::Rset => {
                ends_group = false;
                (Command::Rset, Expect::Rset)
            }
            Next::Quit => (Command::Quit, Expect::Quit),
        };
        self.line.write(command)?;
        self.awaited.push_back(expect);
        self.group_open = self.pipelines() && !ends_group;
        Ok(Some(Sent::Line))
    }

    fn send_envelope(&mut self, next: &Next) -> Result<Option<Sent>, Failure> {
        let Some(job) = &self.job else { return Ok(None) };
        let expect = if let Next::Rcpt(place) = next {
            let Some(recipient) = job.envelope.recipients.get(*place) else { return Ok(None) };
            self.line.write(Command::Rcpt(&recipient.path, &recipient.parameters))?;
            if let Some(addressee) = self.transaction.recipients.get_mut(*place) {
                addressee.asked = true;
            }
            Expect::Rcpt(*place)
        } else {
            let parameters = mail_parameters(job, &self.extensions);
            self.line.write(Command::Mail(&job.envelope.reverse_path, &parameters))?;
            Expect::Mail
        };
        self.awaited.push_back(expect);
        self.group_open = self.pipelines();
        Ok(Some(Sent::Line))
    }

    /// Is there anybody to send the message to?
    fn has_recipients(&self) -> bool {
        let begun = self.transaction.mail.as_ref().is_some_and(Reply::is_positive);
        begun && self.transaction.accepted().next().is_some()
    }

    /// From now on the reply to the message is awaited: a server may refuse it before it has seen any of it.
    fn await_message(&mut self) {
        match self.settings.protocol {
            Protocol::Lmtp => self.awaited.extend(self.transaction.accepted().map(Expect::MessageFor)),
            Protocol::Smtp => self.awaited.push_back(Expect::Message),
        }
    }

    /// `--all-or-none`, and not everybody was accepted.
    fn is_to_withdraw(&self) -> bool {
        let all = self.transaction.accepted().count() == self.transaction.recipients.len();
        self.job.as_ref().is_some_and(|job| job.all_or_none) && !all
    }

    // Understanding.

    /// What a reply means where it stands. Every arm goes on or ends.
    fn handle(&mut self, reply: Reply) -> Result<(), Failure> {
        use Class::{Completed, Intermediate, Permanent, Transient};
        self.replies += 1;
        let Some(expect) = self.awaited.pop_front() else {
            if reply.code() == 421 {
                return Err(Failure::Refused { awaiting: None, reply });
            }
            return Err(Violation::Unasked.into());
        };
        let goes_away = reply.code() == 421 && expect != Expect::Quit;
        let refused = |reply| Failure::Refused { awaiting: Some(expect), reply };
        let wrong = |reply: &Reply| Failure::from(Violation::WrongClass { code: reply.code() });
        match (expect, reply.class()) {
            // The reply to a QUIT that rides behind the message must not be taken for the message's.
            (expect, Completed) if reply.code() == 221 && expect != Expect::Quit => {
                return Err(wrong(&reply));
            }
            (Expect::Greeting, Completed) => {
                let helo = self.settings.helo && self.settings.protocol == Protocol::Smtp;
                self.queue.push_back(if helo { Next::Helo } else { Next::Ehlo });
                self.greeting = Some(reply);
                return Ok(());
            }
            (Expect::Greeting, Transient | Permanent) => {
                self.greeting = Some(reply.clone());
                return Err(refused(reply));
            }
            (Expect::Ehlo, Completed) => {
                self.extensions = Extensions::from_reply(&reply);
                return self.after_ehlo();
            }
            (Expect::Ehlo, Permanent)
                if self.may_say_helo() && matches!(reply.code(), 500 | 501 | 502 | 504 | 550) =>
            {
                self.queue.push_back(Next::Helo);
                return Ok(());
            }
            (Expect::Helo, Completed) => return self.after_ehlo(),
            (Expect::StartTls, Completed) => {
                self.start_tls_now = true;
                return Ok(());
            }
            (Expect::Ehlo | Expect::Helo | Expect::StartTls, Transient | Permanent) => {
                return Err(refused(reply));
            }
            (Expect::Auth, Completed) if self.auth_cancelled => return Err(Violation::UnprovedAuth.into()),
            (Expect::Auth, _) if self.auth_cancelled => return Err(Violation::BadChallenge.into()),
            (Expect::Auth, Intermediate) => return self.challenged(&reply),
            (Expect::Auth, Completed) => return self.authenticated(),
            (Expect::Auth, Transient | Permanent) => return Err(refused(reply)),
            (Expect::Mail, Completed) => self.transaction.mail = Some(reply),
            (Expect::Mail, Transient | Permanent) => {
                // What is not written yet need not be.
                self.queue.retain(|next| matches!(next, Next::Quit));
                self.transaction.mail = Some(reply.clone());
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Rcpt(place), Completed | Transient | Permanent) => {
                if let Some(addressee) = self.transaction.recipients.get_mut(place) {
                    addressee.rcpt = Some(reply.clone());
                }
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Data, Intermediate) => {
                let anybody = self.has_recipients();
                if anybody {
                    self.await_message();
                } else if self.settings.protocol == Protocol::Lmtp {
                    // RFC 2033, section 4.2: such a DATA must fail, since no reply would end it.
                    return Err(wrong(&reply));
                }
                self.queue.push_front(if anybody { Next::Content } else { Next::LoneDot });
            }
            (Expect::Data, Transient | Permanent) => {
                self.transaction.data = Some(reply.clone());
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Message | Expect::MessageFor(_), Completed | Transient | Permanent) => {
                return self.message_answered(expect, reply);
            }
            (Expect::LoneDot | Expect::Rset, Completed | Transient | Permanent) => {
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Quit, _) => self.closed = true,
            (
                Expect::Greeting
                | Expect::Ehlo
                | Expect::Helo
                | Expect::StartTls
                | Expect::Mail
                | Expect::Rcpt(_)
                | Expect::Message
                | Expect::MessageFor(_)
                | Expect::LoneDot
                | Expect::Rset,
                Intermediate,
            )
            | (Expect::Data, Completed) => return Err(wrong(&reply)),
        }
        Ok(())
    }

    /// EHLO or HELO went through: TLS, log-in, or ready.
    fn after_ehlo(&mut self) -> Result<(), Failure> {
        let encrypted = matches!(self.channel, Channel::Unverified | Channel::Verified);
        if !encrypted && self.settings.start_tls != StartTls::Never {
            if self.extensions.offers("STARTTLS") {
                self.queue.push_back(Next::StartTls);
                return Ok(());
            }
            if self.settings.start_tls == StartTls::Demanded {
                return Err(Failure::TlsNotOffered);
            }
        }
        if let Some(login) = &mut self.settings.login {
            let mut mechanism =
                login.choose(&self.extensions.mechanisms(), self.channel).map_err(Failure::NoMechanism)?;
            let room = COMMAND_LINE - "AUTH  \r\n".len() - mechanism.name().len();
            let initial = mechanism.initial().map(|initial| base64(&initial));
            match initial {
                Some(initial) if initial.len() > room => {
                    self.queue.push_back(Next::Auth(None));
                    self.queue.push_back(Next::Response(initial));
                }
                // An empty one is '=' (RFC 4954, section 4).
                Some(initial) if initial.is_empty() => {
                    self.queue.push_back(Next::Auth(Some(Zeroizing::new("=".to_owned()))));
                }
                initial => self.queue.push_back(Next::Auth(initial)),
            }
            self.mechanism = Some(mechanism);
        }
        Ok(())
    }

    /// A 334. The response that is already queued answers an empty one (RFC 4954, section 4).
    fn challenged(&mut self, reply: &Reply) -> Result<(), Failure> {
        self.challenges += 1;
        if self.challenges > MOST_CHALLENGES {
            return Err(Violation::BadChallenge.into());
        }
        if matches!(self.queue.front(), Some(Next::Response(_))) {
            return Ok(());
        }
        let text = reply.lines().first().map(Vec::as_slice).unwrap_or_default();
        let challenge = encodify::base64::STANDARD.decode(text.trim_ascii()).ok();
        let mechanism = self.mechanism.as_mut();
        let response =
            mechanism.zip(challenge).and_then(|(mechanism, challenge)| mechanism.respond(&challenge).ok());
        self.queue.push_back(match response {
            Some(response) => Next::Response(base64(&response)),
            None => {
                self.auth_cancelled = true;
                Next::CancelAuth
            }
        });
        Ok(())
    }

    fn authenticated(&mut self) -> Result<(), Failure> {
        let done =
            self.queue.is_empty() && self.mechanism.as_ref().is_some_and(|mechanism| mechanism.is_complete());
        if !done {
            return Err(Violation::UnprovedAuth.into());
        }
        self.logged_in = self.mechanism.as_ref().map(|mechanism| mechanism.name());
        Ok(())
    }

    /// The reply to the end of the message; or to a part of it, when the server does not want the rest.
    fn message_answered(&mut self, expect: Expect, reply: Reply) -> Result<(), Failure> {
        if self.transaction.content != Progress::Ended {
            if reply.is_positive() {
                return Err(Violation::AcceptedTooEarly.into());
            }
            // Within the content there is no way to say QUIT. LMTP may have something to say to the others.
            self.queue.clear();
            self.closed = !matches!(self.awaited.front(), Some(Expect::MessageFor(_)));
        }
        if let Expect::MessageFor(place) = expect
            && let Some(addressee) = self.transaction.recipients.get_mut(place)
        {
            addressee.message = Some(reply.clone());
        }
        self.transaction.message = Some(reply.clone());
        if reply.code() == 421 {
            return Err(Failure::Refused { awaiting: Some(expect), reply });
        }
        Ok(())
    }
}

/// What came of taking a command from the queue.
enum Sent {
    Line,
    Content,
}

fn base64(octets: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(encodify::base64::STANDARD.encode(octets))
}

fn needs_utf8(job: &Job) -> bool {
    job.facts.utf8_headers || !job.envelope.is_ascii()
}

/// What MAIL carries: what the message needs and the server offers, and what the user added.
fn mail_parameters(job: &Job, extensions: &Extensions) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    if extensions.offers("SIZE") {
        parameters.push(Parameter::size(job.facts.octets));
    }
    if job.facts.eight_bit && extensions.offers("8BITMIME") {
        parameters.push(Parameter::eight_bit_mime());
    }
    if needs_utf8(job) && extensions.offers("SMTPUTF8") {
        parameters.push(Parameter::smtputf8());
    }
    let given = &job.envelope.mail_parameters;
    parameters.retain(|own| !given.iter().any(|p| p.keyword().eq_ignore_ascii_case(own.keyword())));
    parameters.extend(given.iter().cloned());
    parameters
}
