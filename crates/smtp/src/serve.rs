//! A session, the server's side: what each line of a client is answered (RFC 5321, section 4.3; LMTP: RFC
//! 2033).
//!
//! The counterpart of [`session`](super::session), for tests and for programs that hand over mail of this machine:
//! it answers properly and delivers nothing.
//! Whoever drives it asks [`Server::advance`] what to do next and tells it what was read. It opens nothing,
//! reads no clock, and never holds a message: content goes out in the pieces it came in.
//!
//! ```text
//!   greeting -> EHLO -+-> STARTTLS -> (TLS) -> EHLO -+-> AUTH -> MAIL -> RCPT ... -+-> DATA ----+
//!                     +------------------------------+----------^ ^                +-> BDAT ... +-> conclude
//!                                                                 +-----------------------------------+
//! ```
//!
//! Where messages go, how long a client can be silent, and how TLS is done are for the driver.

mod commands;
mod content;
mod dsn;
mod login;
mod request;
mod rules;
mod settings;
mod unframe;

#[cfg(test)]
mod tests;

pub use login::Accounts;
pub use rules::{RuleError, Rules};
pub use settings::ServeSettings;

use super::envelope::Envelope;
use super::extension::Extension;
use super::reply::Reply;
use super::verb::Verb;
use login::Exchange;
use request::Request;
use std::fmt::Write as _;
use std::ops::Range;
use unframe::Unframer;

/// The longest command line that is taken, in octets with its line end. RFC 5321, section 4.5.3.1.4, asks for
/// 512.
pub const LONGEST_LINE: usize = 4096;
/// After this many lines that are no commands, the session ends.
pub const MOST_ERRORS: u32 = 100;

/// What the driver is to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum ServeStep<'a> {
    /// Show this line, which was read, to whoever observes the session: without its line end, and with `***`
    /// in place of a secret.
    Received(&'a [u8]),
    /// Write this, one reply with its line ends, at the latest before the next `Receive`, `StartTls` or
    /// `Closed`.
    Send(&'a [u8]),
    /// Read, and pass it to [`Server::receive`], or call [`Server::hung_up`].
    Receive,
    /// Make the connection a TLS one, then [`Server::tls_started`].
    StartTls,
    /// The content of a message for these recipients begins.
    Begin(&'a Envelope),
    /// A piece of it, without the doubling of dots, its lines ended as they came.
    Content(&'a [u8]),
    /// The message is whole: keep it, then [`Server::conclude`].
    End(&'a Envelope, &'a BareNames),
    /// Forget the message: the rest will not come, or is too much.
    Abandon,
    /// The session is over.
    Closed,
}

/// Which addresses came without a domain. In the envelope they have the server's name in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BareNames {
    /// The reverse-path.
    pub sender: bool,
    /// These recipients, by their places in the envelope, in order.
    pub recipients: Vec<usize>,
}

/// A step, without what it shows.
enum Next {
    Received,
    Send,
    Receive,
    StartTls,
    Begin,
    Content(Range<usize>),
    End,
    Abandon,
    Closed,
}

/// What the next octets are.
#[derive(Debug)]
enum State {
    Commands,
    /// The rest of a line that is too long.
    LongLine,
    Exchange(Exchange),
    Data(Unframer),
    Chunk {
        left: u64,
        octets: u64,
        last: bool,
        refusal: Option<(u16, &'static str)>,
    },
    /// A message is whole, and [`Server::conclude`] was not called yet.
    Concluding,
}

/// One message, from MAIL on.
#[derive(Debug)]
struct Transaction {
    envelope: Envelope,
    bare: BareNames,
    /// SMTPUTF8 was given.
    utf8: bool,
    /// The content so far.
    octets: u64,
    /// `Begin` was given out.
    begun: bool,
    /// A BDAT was accepted: the content has begun.
    chunked: bool,
    /// The content is dropped: it is too large, or a BDAT failed.
    failed: bool,
}

/// The server's side of one session.
#[derive(Debug)]
pub struct Server {
    settings: ServeSettings,
    /// What was read; `taken` octets of it are done with.
    input: Vec<u8>,
    taken: usize,
    hung_up: bool,
    state: State,
    /// The replies that `Send` shows.
    reply: String,
    reply_waits: bool,
    /// The line that `Received` shows.
    shown: Vec<u8>,
    shown_waits: bool,
    /// The last line ended in LF alone.
    by_lf: bool,
    start_tls: bool,
    closing: bool,
    abandon: bool,
    /// EHLO, HELO or LHLO was said.
    greeted: bool,
    logged_in: bool,
    transaction: Option<Transaction>,
    errors: u32,
}

impl Server {
    /// A server over a connection that was just made. It speaks first.
    #[must_use]
    pub fn new(settings: ServeSettings) -> Server {
        let mut server = Server {
            settings,
            input: Vec::new(),
            taken: 0,
            hung_up: false,
            state: State::Commands,
            reply: String::new(),
            reply_waits: false,
            shown: Vec::new(),
            shown_waits: false,
            by_lf: false,
            start_tls: false,
            closing: false,
            abandon: false,
            greeted: false,
            logged_in: false,
            transaction: None,
            errors: 0,
        };
        server.say_plain(220, &format!("{:#} Service ready", server.settings.name));
        server
    }

    // What the driver tells.

    /// Takes octets that were read.
    pub fn receive(&mut self, octets: &[u8]) {
        self.input.drain(..self.taken);
        self.taken = 0;
        self.input.extend_from_slice(octets);
    }

    /// The client has closed the connection. What it said before is read first; a message that was not ended
    /// is abandoned.
    pub fn hung_up(&mut self) {
        self.hung_up = true;
    }

    /// TLS has begun. All that was said in clear is forgotten (RFC 3207, section 4.2).
    pub fn tls_started(&mut self) {
        self.start_tls = false;
        self.settings.tls_active = true;
        self.input.clear();
        self.taken = 0;
        self.greeted = false;
        self.logged_in = false;
        self.transaction = None;
    }

    /// Says what became of the message, after [`ServeStep::End`]: one reply for each recipient, in their
    /// order. SMTP has one reply for all: the first of these that is no 2yz, if there is one.
    pub fn conclude(&mut self, replies: &[Reply]) {
        if !matches!(self.state, State::Concluding) {
            return;
        }
        self.state = State::Commands;
        let recipients =
            self.transaction.take().map_or(0, |transaction| transaction.envelope.recipients.len());
        let missing = Reply::new(451, "Local error in processing");
        if self.settings.lmtp {
            for place in 0..recipients {
                self.say_reply(replies.get(place).unwrap_or(&missing));
            }
        } else {
            let refusal = replies.iter().find(|reply| !reply.is_positive());
            self.say_reply(refusal.or(replies.first()).unwrap_or(&missing));
        }
    }

    /// Ends the session with 421, the server's name and a reason: time is up, or the server is being stopped.
    pub fn dismiss(&mut self, why: &str) {
        self.drop_transaction();
        self.go_away(why);
    }

    // What the driver is to do.

    /// The next thing to do.
    pub fn advance(&mut self) -> ServeStep<'_> {
        let next = self.next();
        let nobody = ServeStep::Abandon;
        let envelope = self.transaction.as_ref().map(|transaction| &transaction.envelope);
        match next {
            Next::Received => ServeStep::Received(&self.shown),
            Next::Send => ServeStep::Send(self.reply.as_bytes()),
            Next::Receive => ServeStep::Receive,
            Next::StartTls => ServeStep::StartTls,
            Next::Begin => envelope.map_or(nobody, ServeStep::Begin),
            Next::Content(range) => ServeStep::Content(self.input.get(range).unwrap_or_default()),
            Next::End => match &self.transaction {
                Some(transaction) => ServeStep::End(&transaction.envelope, &transaction.bare),
                None => nobody,
            },
            Next::Abandon => ServeStep::Abandon,
            Next::Closed => ServeStep::Closed,
        }
    }

    fn next(&mut self) -> Next {
        loop {
            if std::mem::take(&mut self.shown_waits) {
                return Next::Received;
            }
            if std::mem::take(&mut self.abandon) {
                return Next::Abandon;
            }
            if std::mem::take(&mut self.reply_waits) {
                return Next::Send;
            }
            if self.closing {
                return Next::Closed;
            }
            if self.start_tls {
                return Next::StartTls;
            }
            if matches!(self.state, State::Data(_) | State::Chunk { .. }) && self.begins_content() {
                return Next::Begin;
            }
            let step = match &self.state {
                State::Commands | State::Exchange(_) => self.read_line(),
                State::LongLine => self.skip_line(),
                State::Data(_) => self.read_data(),
                State::Chunk { .. } => self.read_chunk(),
                State::Concluding => Some(Next::End),
            };
            match step {
                Some(Next::Receive) if self.hung_up => {
                    self.drop_transaction();
                    self.closing = true;
                }
                Some(next) => return next,
                None => {}
            }
        }
    }

    fn unread(&self) -> &[u8] {
        self.input.get(self.taken..).unwrap_or_default()
    }

    // Lines.

    /// Reads a line, if all of it is there. LF alone ends it too, as it does in what people type into a
    /// terminal.
    fn read_line(&mut self) -> Option<Next> {
        let unread = self.unread();
        let end = memchr::memchr(b'\n', unread);
        if end.unwrap_or(unread.len()) >= LONGEST_LINE {
            self.state = State::LongLine;
            return None;
        }
        let Some(end) = end else { return Some(Next::Receive) };
        let line = unread.get(..end).unwrap_or_default();
        let without = line.strip_suffix(b"\r");
        let (by_lf, line) = (without.is_none(), without.unwrap_or(line).to_vec());
        self.by_lf = by_lf;
        self.taken += end + 1;
        self.shown_waits = true;
        match std::mem::replace(&mut self.state, State::Commands) {
            State::Exchange(exchange) => {
                self.shown = if line == b"*" { line.clone() } else { b"***".to_vec() };
                self.turn(exchange.go_on(&line));
            }
            _ => {
                self.shown = shown(&line);
                let lenience = self.settings.submission.then_some(&self.settings.name);
                match Request::parse(&line, lenience) {
                    Ok(request) => self.handle(request),
                    Err(fault) => self.explain(fault),
                }
            }
        }
        None
    }

    fn skip_line(&mut self) -> Option<Next> {
        let Some(end) = memchr::memchr(b'\n', self.unread()) else {
            self.taken = self.input.len();
            return Some(Next::Receive);
        };
        self.taken += end + 1;
        self.state = State::Commands;
        self.error(500, "Line too long");
        None
    }

    // Replies.

    fn say_too_large(&mut self, times: usize) {
        let limit = self.settings.max_size.unwrap_or_default();
        for _ in 0..times {
            self.say(552, &format!("Message too large: {limit} octets at most"));
        }
    }

    /// A 5yz for something that the client did wrong; too many of them end the session.
    fn error(&mut self, code: u16, text: &str) {
        self.errors += u32::from(!self.settings.submission);
        if self.errors >= MOST_ERRORS {
            self.drop_transaction();
            return self.go_away("Too many errors, closing transmission channel");
        }
        self.say(code, text);
    }

    fn go_away(&mut self, why: &str) {
        self.say(421, &format!("{:#} {why}", self.settings.name));
        self.closing = true;
    }

    fn say_reply(&mut self, reply: &Reply) {
        let mut lines = reply.text().peekable();
        while let Some(line) = lines.next() {
            self.say_line(reply.code(), if lines.peek().is_some() { '-' } else { ' ' }, &line);
        }
    }

    fn say(&mut self, code: u16, text: &str) {
        match enhanced(code) {
            Some(more) => self.say_as(more, code, text),
            None => self.say_plain(code, text),
        }
    }

    /// With an enhanced code, where these are offered (RFC 2034).
    fn say_as(&mut self, more: &str, code: u16, text: &str) {
        match self.offers(Extension::EnhancedStatusCodes) {
            true => self.say_line(code, ' ', &format!("{more} {text}")),
            false => self.say_plain(code, text),
        }
    }

    fn say_plain(&mut self, code: u16, text: &str) {
        self.say_line(code, ' ', text);
    }

    fn say_line(&mut self, code: u16, separator: char, text: &str) {
        if !self.reply_waits {
            self.reply.clear();
            self.reply_waits = true;
        }
        let _ = write!(self.reply, "{code}{separator}{text}\r\n");
    }
}

/// What a code means more exactly, where it has one meaning here (RFC 3463; the registry of enhanced codes).
/// Replies that the client goes on after have none.
fn enhanced(code: u16) -> Option<&'static str> {
    Some(match code {
        235 => "2.7.0",
        200..=219 | 221..=299 => "2.0.0",
        421 => "4.3.2",
        452 => "4.5.3",
        400..=499 => "4.3.0",
        500 => "5.5.2",
        502 | 503 => "5.5.1",
        530 => "5.7.0",
        535 => "5.7.8",
        552 => "5.3.4",
        553 => "5.1.3",
        501..=599 => "5.5.4",
        _ => return None,
    })
}

/// What can be shown of a command line: an initial response is a secret.
#[must_use]
pub fn shown(line: &[u8]) -> Vec<u8> {
    let auth = Verb::Auth.name().as_bytes();
    let mut words = line.splitn(3, |octet| *octet == b' ');
    match (words.next(), words.next(), words.next()) {
        (Some(verb), Some(mechanism), Some(_)) if verb.eq_ignore_ascii_case(auth) => {
            [auth, b" ", mechanism, b" ***"].concat()
        }
        _ => line.to_vec(),
    }
}
