//! A session against noise: it ends, breaks no rule of the wire, shows no secret, and claims nothing that was not said.
//!
//! The first eight octets say what the session is like, `0` to `o` each; the rest is what the server says.

use super::oracle::Oracle;
use super::{assert_one_line, contains, pieces};
use ehlo::inside::config::secret::Secret;
use ehlo::inside::sasl::{Credentials, Means, Nonce};
use ehlo_smtp::auth::{Channel, ChannelBinding, Login, SecretOctets};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::content::Facts;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::path::{ForwardPath, Mailbox, ReversePath};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::{Job, Protocol, Session, Settings, StartTls, Step};
use ehlo_smtp::transaction::Progress;
use ehlo_smtp::xclient::Xclient;

/// The password, in base64, and as PLAIN says it.
pub const SECRET: &str = "hunter2-pass";
const ENCODED: [&[u8]; 3] = [b"hunter2-pass", b"aHVudGVyMi1wYXNz", b"AHVzZXIAaHVudGVyMi1wYXNz"];
/// So many slices of work, and the clock says that it is enough.
pub const MOST_WORK: usize = 2;

/// What the session is like.
pub struct Flags<'a>(pub &'a [u8; 8]);

impl Flags<'_> {
    fn number(&self, place: usize) -> u8 {
        self.0[place].wrapping_sub(b'0')
    }

    fn has(&self, place: usize, bit: u8) -> bool {
        self.number(place) >> bit & 1 == 1
    }

    pub fn settings(&self) -> Settings {
        let stages =
            [Stage::Connect, Stage::Ehlo, Stage::Tls, Stage::Auth, Stage::Mail, Stage::Rcpt, Stage::Data];
        let channels = [Channel::Clear, Channel::Local, Channel::Unverified, Channel::Verified];
        Settings {
            protocol: if self.has(0, 0) { Protocol::Lmtp } else { Protocol::Smtp },
            ehlo_name: EhloName::parse("alpha.arpa").expect("a name"),
            start_tls: match self.number(1) % 4 {
                1 => StartTls::IfOffered,
                2 => StartTls::Demanded,
                _ => StartTls::Never,
            },
            channel: channels[usize::from(self.number(1) >> 2) % 4],
            binding: self.has(1, 4).then(|| ChannelBinding::EndPoint(vec![1; 32])),
            xclient: self.has(4, 3).then(|| Xclient::parse("NAME=alpha.arpa").expect("attributes")),
            login: self.login(),
            pipelining: !self.has(0, 1),
            chunking: !self.has(0, 2),
            helo: self.has(0, 3),
            force_8bit: self.has(0, 4),
            until: match self.number(4) % 8 {
                0 => Stage::Message,
                stage => stages[usize::from(stage) - 1],
            },
        }
    }

    pub fn login(&self) -> Option<Box<dyn Login>> {
        let secret = || Secret::new(SECRET.to_owned());
        Some(Box::new(Credentials {
            user: "user".to_owned(),
            identity: None,
            means: match self.number(2) % 4 {
                0 => return None,
                1 => Means::Password(secret()),
                2 => Means::Token(secret()),
                _ => Means::Outside,
            },
            mechanisms: if self.has(2, 4) { vec!["EXTERNAL".to_owned()] } else { Vec::new() },
            allow_clear: self.has(2, 2),
            allow_unverified: self.has(2, 3),
            server: ("beta.arpa".to_owned(), 25),
            nonce: Nonce::Fixed("fyko+d2lbbFgONRv9qkxdawL".to_owned()),
        }))
    }

    /// What may not be shown; nothing if nobody is to log in by it.
    pub fn secrets(&self) -> &'static [&'static [u8]] {
        // PLAIN's own form is a secret once it was said; before, a server cannot know it.
        if matches!(self.number(2) % 4, 1 | 2) { &ENCODED[..2] } else { &[] }
    }

    fn job(&self, places: &[usize]) -> Job {
        let path = |place: &usize| Mailbox::parse(&format!("r{place}@beta.arpa")).map(ForwardPath::Mailbox);
        let recipient = |place| Recipient { path: path(place).expect("an address"), parameters: Vec::new() };
        let sizes = [412, 0, 1, 100_000];
        Job {
            envelope: Envelope {
                reverse_path: ReversePath::Null,
                mail_parameters: Vec::new(),
                demands: Vec::new(),
                only_offered: false,
                recipients: places.iter().map(recipient).collect(),
            },
            facts: Facts {
                octets: sizes[usize::from(self.number(5) >> 2) % 4],
                eight_bit: self.has(5, 0),
                utf8_headers: self.has(5, 1),
            },
            all_or_none: self.has(0, 5),
            last: self.has(4, 4),
        }
    }

    fn recipients(&self) -> usize {
        // More than are awaited at once, now and then.
        if self.number(3) % 64 == 63 { 300 } else { 1 + usize::from(self.number(3)) % 5 }
    }

    pub fn cut<'n>(&self, noise: &'n [u8]) -> Vec<&'n [u8]> {
        match self.number(6) % 3 {
            0 => noise.chunks(noise.len().max(1)).collect(),
            1 => noise.chunks(1).collect(),
            _ => pieces(noise).collect(),
        }
    }
}

pub fn holds(octets: &[u8]) {
    let Some((flags, noise)) = octets.split_first_chunk::<8>() else { return };
    Play::new(Flags(flags), noise).run();
}

struct Play<'a> {
    flags: Flags<'a>,
    pieces: std::vec::IntoIter<&'a [u8]>,
    oracle: Oracle,
    channel: Channel,
    /// Who is in the transaction at hand.
    places: Vec<usize>,
    transactions: usize,
    budget: usize,
}

impl<'a> Play<'a> {
    fn new(flags: Flags<'a>, noise: &'a [u8]) -> Play<'a> {
        let settings = flags.settings();
        let recipients = flags.recipients();
        Play {
            pieces: flags.cut(noise).into_iter(),
            oracle: Oracle::new(settings.protocol),
            channel: settings.channel,
            places: (0..recipients).collect(),
            transactions: 0,
            budget: 500 + 4 * noise.len() + 8 * recipients,
            flags,
        }
    }

    fn run(mut self) {
        let mut session = Session::new(self.flags.settings());
        let mut work = 0;
        loop {
            self.budget = self.budget.checked_sub(1).expect("an endless session");
            let step = match session.advance() {
                Ok(step) => step,
                Err(failure) => {
                    self.is_hidden(failure.to_string().as_bytes());
                    if !session.may_quit() {
                        break;
                    }
                    session.quit();
                    continue;
                }
            };
            match step {
                Step::Send(line) => {
                    let octets = line.octets().to_vec();
                    self.is_hidden(line.shown().as_bytes());
                    self.is_allowed(&octets);
                    self.oracle.said(&String::from_utf8_lossy(&octets));
                }
                Step::Received(line) => {
                    self.is_hidden(line);
                    self.oracle.answered(line);
                }
                Step::Receive => self.receive(&mut session),
                Step::Working => {
                    work += 1;
                    if work > MOST_WORK {
                        break;
                    }
                }
                Step::RenewToken => {
                    let token = SecretOctets::new(b"hunter3-pass".to_vec());
                    if session.token_renewed(self.flags.has(2, 5).then_some(&token)).is_err() {
                        session.quit();
                    }
                }
                Step::StartTls => {
                    let verified = self.flags.has(4, 5);
                    self.channel = if verified { Channel::Verified } else { Channel::Unverified };
                    session.tls_started(verified, Some(ChannelBinding::Exporter(vec![2; 32])));
                }
                Step::SendContent => self.send_content(&mut session),
                Step::Ready => {
                    if !self.deliver(&mut session) {
                        session.quit();
                    }
                }
                Step::Closed => break,
            }
            self.oracle.agrees(session.transaction());
        }
        self.oracle.agrees(session.transaction());
        self.is_told(&session);
    }

    fn receive(&mut self, session: &mut Session) {
        match self.pieces.next() {
            Some(piece) => session.receive(piece),
            None => session.hung_up(),
        }
    }

    /// The first transaction, and further ones for those for whom there was no room. No: there is nothing left to do.
    fn deliver(&mut self, session: &mut Session) -> bool {
        if self.transactions > 0 {
            let again = session.transaction().left();
            self.places = again.iter().filter_map(|place| self.places.get(*place).copied()).collect();
        }
        if self.places.is_empty() || self.transactions > 2 {
            return false;
        }
        self.transactions += 1;
        self.oracle.begins(self.places.len());
        let names: Vec<usize> = (0..self.places.len()).collect();
        session.deliver(self.flags.job(&names)).is_ok()
    }

    /// Octets that come while it is written end it, as with the driver.
    fn send_content(&mut self, session: &mut Session) {
        assert!(!self.flags.has(0, 5) || self.oracle.are_all_accepted(), "not for all, and sent");
        assert_eq!(self.flags.settings().until, Stage::Message, "it was to go no further");
        if !session.is_chunked() {
            self.oracle.message_begins();
        }
        if self.flags.has(7, 0) {
            self.receive(session);
        }
        if session.is_interrupted() {
            return;
        }
        session.content_sent();
        // What was handed over need not have been written, when the connection breaks.
        if self.flags.has(7, 1) {
            session.hung_up();
        } else {
            session.content_written();
            self.oracle.message_ends();
        }
        assert_ne!(session.transaction().content, Progress::NotBegun);
    }

    /// May this be said here?
    fn is_allowed(&self, octets: &[u8]) {
        assert_one_line(octets);
        let settings = self.flags.settings();
        let is_clear = matches!(self.channel, Channel::Clear | Channel::Local);
        let may_log_in = match self.channel {
            Channel::Clear => self.flags.has(2, 2),
            Channel::Unverified => self.flags.has(2, 3),
            Channel::Local | Channel::Verified => true,
        };
        if !may_log_in {
            assert!(!octets.starts_with(b"AUTH"), "a log-in that is not allowed");
            assert!(!ENCODED.iter().any(|secret| contains(octets, secret)), "a secret in clear");
        }
        if is_clear && settings.start_tls == StartTls::Demanded {
            let verbs: [&[u8]; 4] = [b"EHLO ", b"LHLO ", b"STARTTLS\r\n", b"QUIT\r\n"];
            // HELO where the user of the session says so, which then ends there.
            let is_helo = settings.helo && octets.starts_with(b"HELO ");
            assert!(is_helo || verbs.iter().any(|verb| octets.starts_with(verb)), "said without TLS");
        }
        if settings.until < Stage::Mail {
            assert!(!octets.starts_with(b"MAIL"), "it was to go no further");
        }
    }

    fn is_hidden(&self, text: &[u8]) {
        is_hidden(text, self.flags.secrets());
    }

    /// What a report takes out of a session shows no secret.
    fn is_told(&self, session: &Session) {
        let shown = |reply: &Reply| reply.lines().iter().for_each(|line| self.is_hidden(line));
        let transaction = session.transaction();
        let recipients = transaction.recipients.iter();
        let own = recipients.flat_map(|recipient| recipient.rcpt.iter().chain(&recipient.message));
        let whole = [&transaction.mail, &transaction.data, &transaction.message];
        own.chain(whole.into_iter().flatten()).chain(session.greeting()).for_each(shown);
        session.offers().iter().for_each(|line| self.is_hidden(line.as_bytes()));
        let _ = (session.doing(), session.verdict(), session.logged_in(), transaction.message_reply());
    }
}

/// None of these is in there.
pub fn is_hidden(text: &[u8], secrets: &[&[u8]]) {
    for secret in secrets {
        assert!(!contains(text, secret), "{:?} shows a secret", String::from_utf8_lossy(text));
    }
}
