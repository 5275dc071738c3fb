//! A session, the server's side: what each line of a client is answered (RFC 5321, section 4.3; LMTP: RFC 2033).
//!
//! The counterpart of [`session`](super::session), made for the sink: it answers properly and delivers nothing.
//! Whoever drives it asks [`Server::advance`] what to do next and tells it what was read. It opens nothing, reads no
//! clock, and never holds a message: content goes out in the pieces it came in.
//!
//! ```text
//!   greeting -> EHLO -+-> STARTTLS -> (TLS) -> EHLO -+-> AUTH -> MAIL -> RCPT ... -+-> DATA ------+
//!                     +------------------------------+----------^ ^                +-> BDAT ... --+-> conclude
//!                                                                 +-------------------------------------+
//! ```
//!
//! Where the messages go, how long a client may be silent and what TLS is are [`crate::sink`]'s to say.

mod login;
mod request;
mod rules;
mod unframe;

#[cfg(test)]
mod tests;

pub use login::Accounts;
pub use rules::{RuleError, Rules};

use super::envelope::{Envelope, Recipient};
use super::parameter::Parameter;
use super::path::{Domain, ForwardPath, ReversePath};
use super::reply::Reply;
use login::{Exchange, Turn};
use request::{Fault, Request};
use std::fmt::Write as _;
use std::ops::Range;
use unframe::{Found, Unframer};

/// The longest command line that is taken, in octets with its line end. RFC 5321, section 4.5.3.1.4, asks for 512.
pub const LONGEST_LINE: usize = 4096;
/// So many commands that are none end a session.
pub const MOST_ERRORS: u32 = 100;

/// What a server is to be like.
#[derive(Debug)]
pub struct ServeSettings {
    /// What it calls itself.
    pub name: Domain,
    /// It speaks LMTP: LHLO, and one reply for each accepted recipient after the message.
    pub lmtp: bool,
    /// There is TLS to be had by STARTTLS.
    pub tls_available: bool,
    /// The connection is a TLS one from its first octet.
    pub tls_active: bool,
    /// Who may log in. AUTH is not offered without, nor in clear where TLS is to be had.
    pub accounts: Option<Box<dyn Accounts>>,
    /// MAIL is answered 530 before a log-in.
    pub require_auth: bool,
    /// The largest message, in octets as SIZE counts them (RFC 1870).
    pub max_size: Option<u64>,
    /// The most recipients of one message; further ones are answered 452. RFC 5321, section 4.5.3.1.8: at least 100.
    pub max_recipients: usize,
    /// Extensions that are not offered, by their keywords, and not spoken then.
    pub withheld: Vec<String>,
    /// Who is refused.
    pub rules: Rules,
}

impl ServeSettings {
    /// An SMTP server that takes everything from everybody, in clear.
    #[must_use]
    pub fn new(name: Domain) -> ServeSettings {
        ServeSettings {
            name,
            lmtp: false,
            tls_available: false,
            tls_active: false,
            accounts: None,
            require_auth: false,
            max_size: None,
            max_recipients: 1000,
            withheld: Vec::new(),
            rules: Rules::default(),
        }
    }
}

/// What the driver is to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum ServeStep<'a> {
    /// A line was read; for whoever looks on. Without its line end, and `***` where a secret stood.
    Received(&'a [u8]),
    /// Write this, one reply with its line ends, at the latest before the next `Receive`, `StartTls` or `Closed`.
    Send(&'a [u8]),
    /// Read, and pass it to [`Server::receive`], or call [`Server::hung_up`].
    Receive,
    /// Make the connection a TLS one, then [`Server::tls_started`].
    StartTls,
    /// The content of a message for these recipients begins.
    Begin(&'a Envelope),
    /// A piece of it, without the doubling of dots, its lines ended as they came.
    Content(&'a [u8]),
    /// That was all of it: keep it, then [`Server::conclude`].
    End(&'a Envelope),
    /// No, it is to be forgotten: the rest will not come, or is too much.
    Abandon,
    /// The session is over.
    Closed,
}

/// A step, without what it shows: that is looked up when nothing changes any more.
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
    /// A line that is too long; its end is looked for.
    LongLine,
    Exchange(Exchange),
    Data(Unframer),
    Chunk {
        left: u64,
        octets: u64,
        last: bool,
        refusal: Option<(u16, &'static str)>,
    },
    /// A message is whole, and what became of it has not been said.
    Concluding,
}

/// One message, from MAIL on.
#[derive(Debug)]
struct Transaction {
    envelope: Envelope,
    /// SMTPUTF8 was given.
    utf8: bool,
    /// The content so far.
    octets: u64,
    /// `Begin` was given out.
    begun: bool,
    /// A BDAT was accepted: the content has begun.
    chunked: bool,
    /// The content is not wanted any more: too large, or a BDAT failed.
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
            start_tls: false,
            closing: false,
            abandon: false,
            greeted: false,
            logged_in: false,
            transaction: None,
            errors: 0,
        };
        server.say(220, &format!("{} Service ready", server.settings.name));
        server
    }

    // What the driver tells.

    /// Takes octets that were read.
    pub fn receive(&mut self, octets: &[u8]) {
        self.input.drain(..self.taken);
        self.taken = 0;
        self.input.extend_from_slice(octets);
    }

    /// The client has closed the connection. What it said before is read first; a message that was not ended is
    /// abandoned.
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

    /// What became of the message, after [`ServeStep::End`]. With LMTP one reply for each recipient, in their order;
    /// else one reply for all: the first of these that is no 2yz, if there is one.
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

    /// Ends the session with 421 and the server's name, for a reason that the client did not give: time is up, or
    /// the sink is being stopped.
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
            Next::End => envelope.map_or(nobody, ServeStep::End),
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
            if matches!(self.state, State::Data(_) | State::Chunk { .. }) && self.is_to_begin() {
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

    /// Reads a line, if it is all there. LF alone ends it, too: what people type into a terminal does.
    fn read_line(&mut self) -> Option<Next> {
        let unread = self.unread();
        let end = memchr::memchr(b'\n', unread);
        if end.unwrap_or(unread.len()) >= LONGEST_LINE {
            self.state = State::LongLine;
            return None;
        }
        let Some(end) = end else { return Some(Next::Receive) };
        let line = unread.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        self.taken += end + 1;
        self.shown_waits = true;
        match std::mem::replace(&mut self.state, State::Commands) {
            State::Exchange(exchange) => {
                self.shown = if line == b"*" { line.clone() } else { b"***".to_vec() };
                self.turn(exchange.go_on(&line));
            }
            _ => {
                self.shown = shown(&line);
                match Request::parse(&line) {
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

    // Commands.

    fn handle(&mut self, request: Request<'_>) {
        match request {
            Request::Ehlo | Request::Helo if self.settings.lmtp => self.explain(Fault::Unknown),
            Request::Lhlo if !self.settings.lmtp => self.explain(Fault::Unknown),
            Request::Ehlo | Request::Lhlo => {
                self.drop_transaction();
                self.greeted = true;
                self.say_extensions();
            }
            Request::Helo => {
                self.drop_transaction();
                self.greeted = true;
                self.say(250, &self.settings.name.to_string());
            }
            Request::StartTls => self.start_tls(),
            Request::Auth { mechanism, initial } => self.auth(mechanism, initial),
            Request::Mail(path, parameters) => self.mail(path, &parameters),
            Request::Rcpt(path, parameters) => self.rcpt(path, &parameters),
            Request::Data => self.data(),
            Request::Bdat { octets, last } => self.bdat(octets, last),
            Request::Rset => {
                self.drop_transaction();
                self.say(250, "OK");
            }
            Request::Noop => self.say(250, "OK"),
            Request::Vrfy => self.say(252, "Cannot VRFY user, but will accept message and attempt delivery"),
            Request::Help => {
                let hello = if self.settings.lmtp { "LHLO" } else { "EHLO HELO" };
                self.say(214, &format!("{hello} STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT"));
            }
            Request::Quit => {
                self.drop_transaction();
                self.say(221, &format!("{} Service closing transmission channel", self.settings.name));
                self.closing = true;
            }
        }
    }

    fn explain(&mut self, fault: Fault) {
        match fault {
            Fault::Unknown => self.error(500, "Syntax error, command unrecognized"),
            Fault::NotImplemented => self.error(502, "Command not implemented"),
            Fault::Argument => self.error(501, "Syntax error: nothing may follow this command"),
            Fault::Name => self.error(501, "Syntax error: a domain or an address literal must follow"),
            Fault::From => self.error(501, "Syntax error: MAIL FROM:<reverse-path> [parameters]"),
            Fault::To => self.error(501, "Syntax error: RCPT TO:<forward-path> [parameters]"),
            Fault::Mechanism => self.error(501, "Syntax error: AUTH mechanism [initial-response]"),
            Fault::Whom => self.error(501, "Syntax error: a name must follow"),
            Fault::Chunk => {
                self.error(501, "Syntax error: BDAT octets [LAST]");
                // Where the chunk ends is not known, and content must not be taken for commands.
                self.drop_transaction();
                self.closing = true;
            }
        }
    }

    fn offers(&self, keyword: &str) -> bool {
        let withheld = self.settings.withheld.iter().any(|word| word.eq_ignore_ascii_case(keyword));
        !withheld
            && match keyword {
                "STARTTLS" => self.settings.tls_available && !self.settings.tls_active,
                "AUTH" => self.settings.accounts.is_some() && !self.offers("STARTTLS"),
                _ => true,
            }
    }

    fn say_extensions(&mut self) {
        let size = self.settings.max_size.map_or("SIZE".to_owned(), |limit| format!("SIZE {limit}"));
        let mut lines = self.settings.name.to_string();
        for keyword in ["PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "CHUNKING", "STARTTLS", "AUTH"] {
            if self.offers(keyword) {
                let line = match keyword {
                    "SIZE" => &size,
                    "AUTH" => "AUTH PLAIN LOGIN",
                    keyword => keyword,
                };
                let _ = write!(lines, "\n{line}");
            }
        }
        self.say_reply(&Reply::new(250, &lines));
    }

    fn start_tls(&mut self) {
        if !self.offers("STARTTLS") {
            return self.error(502, "Command not implemented");
        }
        if !self.unread().is_empty() {
            // Somebody in between may have put it there (RFC 3207, section 6; CVE-2011-0411).
            self.say(501, "Nothing may follow STARTTLS in clear");
            self.drop_transaction();
            self.closing = true;
            return;
        }
        self.drop_transaction();
        self.say(220, "Ready to start TLS");
        self.start_tls = true;
    }

    fn auth(&mut self, mechanism: &str, initial: Option<&str>) {
        if self.settings.accounts.is_some() && self.offers("STARTTLS") {
            return self.error(538, "Encryption required for requested authentication mechanism");
        }
        if !self.offers("AUTH") {
            return self.error(502, "Command not implemented");
        }
        if !self.greeted || self.logged_in || self.transaction.is_some() {
            return self.error(503, "Bad sequence of commands: AUTH comes once, after EHLO and before MAIL");
        }
        self.turn(login::begin(mechanism, initial));
    }

    /// One step of an AUTH exchange.
    fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Unknown => self.error(504, "Unrecognized authentication mechanism"),
            Turn::Cancelled => self.error(501, "Authentication cancelled"),
            Turn::Malformed => self.error(501, "Cannot make anything of that response"),
            Turn::Ask(exchange, question) => {
                self.say(334, question);
                self.state = State::Exchange(exchange);
            }
            Turn::Claim(claim) => {
                let accounts = self.settings.accounts.as_deref_mut();
                if accounts.is_some_and(|accounts| claim.holds(accounts)) {
                    self.logged_in = true;
                    self.say(235, "Authentication succeeded");
                } else {
                    self.error(535, "Authentication credentials invalid");
                }
            }
        }
    }

    fn mail(&mut self, reverse_path: ReversePath, parameters: &[Parameter]) {
        if !self.greeted {
            return self.error(503, "Bad sequence of commands: EHLO comes first");
        }
        if self.transaction.is_some() {
            return self.error(503, "Bad sequence of commands: MAIL was given, RSET takes it back");
        }
        if self.settings.require_auth && !self.logged_in {
            return self.error(530, "Authentication required");
        }
        let mut utf8 = false;
        for parameter in parameters {
            let keyword = parameter.keyword().to_ascii_uppercase();
            let value = parameter.as_str().split_once('=').map(|(_, value)| value);
            match (keyword.as_str(), value) {
                ("SIZE", Some(value)) if self.offers("SIZE") => match value.parse::<u64>() {
                    Ok(size) if self.is_too_large(size) => return self.say_too_large(1),
                    Ok(_) => {}
                    Err(_) => return self.error(501, "Syntax error: SIZE is a number of octets"),
                },
                ("BODY", Some(value)) if self.offers("8BITMIME") => {
                    if !["7BIT", "8BITMIME"].iter().any(|known| known.eq_ignore_ascii_case(value)) {
                        return self.error(501, "Syntax error: BODY is 7BIT or 8BITMIME");
                    }
                }
                ("SMTPUTF8", None) if self.offers("SMTPUTF8") => utf8 = true,
                // Who wrote the message, in the client's opinion (RFC 4954, section 5).
                ("AUTH", Some(_)) if self.offers("AUTH") => {}
                _ => return self.error(555, &format!("MAIL parameter not recognized: {keyword}")),
            }
        }
        if !utf8 && !reverse_path.is_ascii() {
            return self.error(553, "Mailbox name not allowed without SMTPUTF8");
        }
        let envelope =
            Envelope { reverse_path, mail_parameters: parameters.to_vec(), recipients: Vec::new() };
        self.transaction =
            Some(Transaction { envelope, utf8, octets: 0, begun: false, chunked: false, failed: false });
        self.say(250, "OK");
    }

    fn rcpt(&mut self, path: ForwardPath, parameters: &[Parameter]) {
        let Some(transaction) = self.transaction.as_mut().filter(|t| !t.chunked && !t.failed) else {
            return self.error(503, "Bad sequence of commands: RCPT comes after MAIL, before the content");
        };
        if let Some(parameter) = parameters.first() {
            let keyword = parameter.keyword().to_ascii_uppercase();
            return self.error(555, &format!("RCPT parameter not recognized: {keyword}"));
        }
        if !transaction.utf8 && !path.is_ascii() {
            return self.error(553, "Mailbox name not allowed without SMTPUTF8");
        }
        if let Some(reply) = self.settings.rules.reply_to(&path) {
            let reply = reply.clone();
            if reply.code() == 421 {
                self.drop_transaction();
                self.closing = true;
            }
            return self.say_reply(&reply);
        }
        if transaction.envelope.recipients.len() >= self.settings.max_recipients {
            return self.say(452, "Too many recipients");
        }
        transaction.envelope.recipients.push(Recipient { path, parameters: Vec::new() });
        self.say(250, "OK");
    }

    // Content.

    fn data(&mut self) {
        match &self.transaction {
            Some(transaction) if transaction.chunked || transaction.failed => {
                self.error(503, "Bad sequence of commands: the content came by BDAT");
            }
            Some(transaction) if !transaction.envelope.recipients.is_empty() => {
                self.say(354, "Start mail input; end with <CRLF>.<CRLF>");
                self.state = State::Data(Unframer::default());
            }
            Some(_) => self.error(503, "Bad sequence of commands: nobody to send to"),
            None => self.error(503, "Bad sequence of commands: MAIL comes first"),
        }
    }

    /// Takes the chunk in any case: its octets are on their way, and are no commands (RFC 3030, section 2).
    fn bdat(&mut self, octets: u64, last: bool) {
        let refusal = match &self.transaction {
            _ if !self.offers("CHUNKING") => Some((502, "Command not implemented")),
            None => Some((503, "Bad sequence of commands: MAIL comes first")),
            Some(t) if t.failed => {
                Some((503, "Bad sequence of commands: RSET comes after a BDAT that failed"))
            }
            Some(t) if t.envelope.recipients.is_empty() => {
                Some((503, "Bad sequence of commands: nobody to send to"))
            }
            Some(t) if self.is_too_large(t.octets.saturating_add(octets)) => Some((552, "Message too large")),
            Some(_) => None,
        };
        if let Some(transaction) = &mut self.transaction {
            transaction.chunked = true;
            if refusal.is_some() {
                self.abandon = transaction.begun && !transaction.failed;
                transaction.failed = true;
            }
        }
        self.state = State::Chunk { left: octets, octets, last, refusal };
    }

    fn is_to_begin(&mut self) -> bool {
        let transaction = self.transaction.as_mut().filter(|transaction| !transaction.failed);
        transaction.is_some_and(|transaction| !std::mem::replace(&mut transaction.begun, true))
    }

    fn read_data(&mut self) -> Option<Next> {
        let unread = self.input.get(self.taken..).unwrap_or_default();
        let State::Data(unframer) = &mut self.state else { return None };
        match unframer.look(unread) {
            Found::Incomplete => Some(Next::Receive),
            Found::Dot => {
                self.taken += 1;
                None
            }
            Found::Content(count) => self.take_content(count),
            Found::End => {
                self.taken += b".\r\n".len();
                self.shown = b".".to_vec();
                self.shown_waits = true;
                if self.transaction.as_ref().is_some_and(|transaction| transaction.failed) {
                    self.state = State::Commands;
                    let transaction = self.transaction.take();
                    self.say_too_large(transaction.map_or(1, |t| self.final_replies(&t)));
                } else {
                    self.state = State::Concluding;
                }
                None
            }
        }
    }

    fn read_chunk(&mut self) -> Option<Next> {
        let State::Chunk { left, octets, last, refusal } = self.state else { return None };
        if left > 0 {
            let unread = self.unread().len();
            if unread == 0 {
                return Some(Next::Receive);
            }
            // What is left may be more than there is memory.
            let count = usize::try_from(left).map_or(unread, |left| left.min(unread));
            self.state = State::Chunk { left: left - count as u64, octets, last, refusal };
            return self.take_content(count);
        }
        self.state = State::Commands;
        match refusal {
            Some((552, _)) => {
                let replies = self.transaction.as_ref().filter(|_| last).map_or(1, |t| self.final_replies(t));
                self.say_too_large(replies);
            }
            Some((code, text)) => self.error(code, text),
            None if last => self.state = State::Concluding,
            None => self.say(250, &format!("{octets} octets received")),
        }
        None
    }

    /// Hands out a piece of content, or drops it where it is not wanted.
    fn take_content(&mut self, count: usize) -> Option<Next> {
        let range = self.taken..self.taken + count;
        self.taken = range.end;
        let octets = self.transaction.as_ref().map_or(0, |transaction| transaction.octets);
        let octets = octets.saturating_add(count as u64);
        let is_too_large = self.is_too_large(octets);
        let transaction = self.transaction.as_mut()?;
        transaction.octets = octets;
        if transaction.failed {
            return None;
        }
        if is_too_large {
            transaction.failed = true;
            return Some(Next::Abandon);
        }
        Some(Next::Content(range))
    }

    fn is_too_large(&self, octets: u64) -> bool {
        self.settings.max_size.is_some_and(|limit| octets > limit)
    }

    /// How many replies a whole message gets.
    fn final_replies(&self, transaction: &Transaction) -> usize {
        if self.settings.lmtp { transaction.envelope.recipients.len() } else { 1 }
    }

    fn drop_transaction(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            self.abandon = transaction.begun && !transaction.failed;
        }
    }

    // Replies.

    fn say_too_large(&mut self, times: usize) {
        let limit = self.settings.max_size.unwrap_or_default();
        for _ in 0..times {
            self.say(552, &format!("Message too large: {limit} octets at most"));
        }
    }

    /// A 5yz that says that the client did something wrong; too many of them end the session.
    fn error(&mut self, code: u16, text: &str) {
        self.errors += 1;
        if self.errors >= MOST_ERRORS {
            self.drop_transaction();
            return self.go_away("Too many errors, closing transmission channel");
        }
        self.say(code, text);
    }

    fn go_away(&mut self, why: &str) {
        self.say(421, &format!("{} {why}", self.settings.name));
        self.closing = true;
    }

    fn say_reply(&mut self, reply: &Reply) {
        let mut lines = reply.text().peekable();
        while let Some(line) = lines.next() {
            self.say_line(reply.code(), if lines.peek().is_some() { '-' } else { ' ' }, &line);
        }
    }

    fn say(&mut self, code: u16, text: &str) {
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

/// What may be seen of a command line: an initial response is a secret.
fn shown(line: &[u8]) -> Vec<u8> {
    let mut words = line.splitn(3, |octet| *octet == b' ');
    match (words.next(), words.next(), words.next()) {
        (Some(verb), Some(mechanism), Some(_)) if verb.eq_ignore_ascii_case(b"AUTH") => {
            [b"AUTH ", mechanism, b" ***"].concat()
        }
        _ => line.to_vec(),
    }
}
