//! What became of a message: for each recipient a fate, and each connection that was tried, with its
//! transactions.
//!
//! Nothing is told twice: replies stay in the transactions, and a fate is worked out from the transaction
//! that decided it. There is no English here (that is in `words`), and no exit status (in `report`).

use crate::client::{self, drive::Timing};
use crate::net::tls::TlsInfo;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Need;
use ehlo_smtp::inquiry::Argument;
use ehlo_smtp::path::{ForwardPath, ReversePath};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use ehlo_smtp::transaction::{self, Status, Summary, Transaction};
use std::fmt;
use std::time::Duration;

/// What became of one message and all its recipients.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In the order given.
    pub recipients: Vec<Recipient>,
    /// One connection for most messages, in the order in which they were tried.
    pub attempts: Vec<Attempt>,
    /// The message as every transaction had it.
    pub message: Announced,
    /// It was to go no further than this stage, and nobody was to get it (`--stop-after`).
    pub stopped: Option<Stage>,
    /// It was only asked whether addresses are accepted (`ehlo verify`): that is what [`Status::Accepted`]
    /// means then.
    pub verification: Option<Verification>,
    /// How long all of it took.
    pub total: Duration,
}

/// What the server is told of a message, and who sends it.
#[derive(Debug)]
pub struct Announced {
    /// Where a bounce goes to.
    pub sender: ReversePath,
    /// The Message-ID, with its brackets, if it is known.
    pub id: Option<String>,
    /// Its size in octets, as SIZE counts them.
    pub octets: u64,
}

impl Default for Announced {
    fn default() -> Announced {
        Announced { sender: ReversePath::Null, id: None, octets: 0 }
    }
}

/// How addresses were asked about, and mailboxes that cannot exist with them.
#[derive(Debug)]
pub struct Verification {
    /// By RCPT, VRFY or EXPN.
    pub by: Stage,
    /// The mailboxes that cannot exist, one at each domain.
    pub random: Vec<Recipient>,
}

/// Somebody who was to get the message, or an address that was asked about.
#[derive(Debug)]
pub struct Recipient {
    /// Who.
    pub address: Address,
    /// The transaction that decided their fate; nothing if there was none.
    pub decided: Option<Decided>,
    /// The last attempt was to ask about them, for the first time or again, and failed before it did.
    pub waited: bool,
}

/// By what somebody is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A recipient's forward-path.
    Path(ForwardPath),
    /// What VRFY or EXPN asks about.
    Argument(Argument),
}

impl Address {
    /// Of all to whom a message goes.
    #[must_use]
    pub fn all(envelope: &Envelope) -> Vec<Address> {
        envelope.recipients.iter().map(|recipient| Address::Path(recipient.path.clone())).collect()
    }
}

impl fmt::Display for Address {
    /// Without angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Path(path) => path.fmt(f),
            Address::Argument(argument) => f.write_str(argument.as_str()),
        }
    }
}

/// Where a fate was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The attempt, by its place in [`Outcome::attempts`].
    pub attempt: usize,
    /// The transaction, by its place in [`Attempt::transactions`].
    pub transaction: usize,
    /// The recipient, by their place in that transaction.
    pub place: usize,
}

/// One connection, or a try to make one.
#[derive(Debug, Default)]
pub struct Attempt {
    /// The server; nothing if there was no connection.
    pub server: Option<Server>,
    /// What was said of a message, in order. A session that did not get ready has one in which nothing was.
    pub transactions: Vec<Transaction>,
    /// Why it ended early, in the last of the transactions, if it did.
    pub error: Option<client::Error>,
}

/// The server, as far as it was met.
#[derive(Debug, Clone)]
pub struct Server {
    /// As the user named it.
    pub name: String,
    /// The address that answered, with its port; or the path of the socket, or the program. Through a proxy,
    /// the name and port that it was asked for.
    pub address: String,
    /// The proxy between, as a URL without its user.
    pub proxy: Option<String>,
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// The greeting.
    pub greeting: Option<Reply>,
    /// What it offered last.
    pub extensions: Vec<String>,
    /// What TLS agreed on.
    pub tls: Option<TlsInfo>,
    /// The mechanism of the log-in.
    pub auth: Option<&'static str>,
    /// How long the phases took until the session was ready.
    pub timing: Timing,
}

/// What became of one recipient.
#[derive(Debug, Clone, Copy)]
pub struct Fate<'a> {
    /// What it is.
    pub status: Status,
    /// Where in a session that was decided.
    pub stage: Stage,
    /// Why.
    pub why: Why<'a>,
}

/// Why somebody has their fate.
#[derive(Debug, Clone, Copy)]
pub enum Why<'a> {
    /// The server said so.
    Reply(&'a Reply),
    /// Their address needs this, which the server does not offer: it is we who refuse them.
    Unmet(Need),
    /// This ended the attempt.
    Error(&'a client::Error),
    /// Not everybody was accepted, and so nobody was to get it (`--all-or-none`).
    Withdrawn,
    /// It was to go no further than this stage.
    StoppedAfter(Stage),
    /// The transaction was over before it came to them.
    NotThatFar,
    /// Nobody was connected to.
    NotAsked,
}

impl<'a> Fate<'a> {
    /// The reply that decided it, if it was one.
    #[must_use]
    pub fn reply(&self) -> Option<&'a Reply> {
        match self.why {
            Why::Reply(reply) => Some(reply),
            _ => None,
        }
    }
}

/// A transaction, with what stands around it.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The server.
    pub server: &'a Server,
    /// What was said.
    pub transaction: &'a Transaction,
    /// Why it was the last one of its attempt, if an error ended that.
    pub error: Option<&'a client::Error>,
    /// It had somebody to send the message to, who was not asked again in a further one.
    pub had_recipients: bool,
}

impl Outcome {
    /// Before anybody was asked about these.
    #[must_use]
    pub fn untried(addresses: impl IntoIterator<Item = Address>) -> Outcome {
        let recipient = |address| Recipient { address, decided: None, waited: false };
        Outcome { recipients: addresses.into_iter().map(recipient).collect(), ..Outcome::default() }
    }

    /// Why the work ended early, if it did. An attempt behind which another one went on did not end it.
    #[must_use]
    pub fn error(&self) -> Option<&client::Error> {
        self.attempts.last()?.error.as_ref()
    }

    /// What became of one of the recipients.
    #[must_use]
    pub fn fate(&self, recipient: &Recipient) -> Fate<'_> {
        let error = self.error().filter(|_| recipient.waited);
        let decided = recipient.decided.and_then(|at| {
            let attempt = self.attempts.get(at.attempt)?;
            Some((attempt, attempt.transactions.get(at.transaction)?, at))
        });
        let Some((attempt, transaction, at)) = decided else {
            let why = error.map_or(Why::NotAsked, Why::Error);
            return Fate { status: Status::Untried, stage: Stage::Connect, why };
        };
        let transaction::Fate { status, stage, reply } = transaction.fate(at.place);
        // To be accepted is all that an address is asked about.
        let is_accepted = self.verification.is_some() && reply.is_some_and(Reply::is_positive);
        let status = if is_accepted && status == Status::Untried { Status::Accepted } else { status };
        let unmet = transaction.recipients.get(at.place).and_then(|addressee| addressee.unmet);
        let why = match (reply, unmet, error.or(attempt.error_of(at.transaction))) {
            (Some(reply), ..) => Why::Reply(reply),
            (_, Some(need), _) => Why::Unmet(need),
            (_, _, Some(error)) => Why::Error(error),
            _ if transaction.withdrawn => Why::Withdrawn,
            _ => transaction.stopped.map_or(Why::NotThatFar, Why::StoppedAfter),
        };
        Fate { status, stage, why }
    }

    /// Everybody with their fate.
    pub fn fates(&self) -> impl Iterator<Item = (&Recipient, Fate<'_>)> {
        self.recipients.iter().map(|recipient| (recipient, self.fate(recipient)))
    }

    /// All, some, none, unknown.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of(self.fates().map(|(_, fate)| fate.status))
    }

    /// Whether nothing was to be sent to somebody with this fate, and all went well as far as it was to go.
    #[must_use]
    pub fn is_as_asked(&self, fate: &Fate<'_>) -> bool {
        let Some(stage) = self.stopped.filter(|_| fate.status == Status::Untried) else { return false };
        let before_rcpt = stage < Stage::Rcpt && self.error().is_none();
        before_rcpt || fate.reply().is_some_and(Reply::is_positive)
    }

    /// Those who did not get it, unknown ones included; but not where that was asked for.
    pub fn failed(&self) -> impl Iterator<Item = (&Recipient, Fate<'_>)> {
        self.fates().filter(|(_, fate)| fate.status != Status::Accepted && !self.is_as_asked(fate))
    }

    /// Those of the mailboxes that cannot exist which the server accepted all the same. By 252 it does not
    /// (RFC 5321, section 3.5.3): it only leaves the question open.
    pub fn accepted_at_random(&self) -> impl Iterator<Item = &Recipient> {
        let asked = self.verification.iter().flat_map(|asked| asked.random.iter().map(|one| (asked.by, one)));
        let accepted = |(by, recipient): (Stage, &Recipient)| {
            let fate = self.fate(recipient);
            let is_open = by != Stage::Rcpt && fate.reply().is_some_and(|reply| reply.code() == 252);
            fate.status == Status::Accepted && !is_open
        };
        asked.filter(move |one| accepted(*one)).map(|(_, recipient)| recipient)
    }

    /// The servers that were met.
    pub fn servers(&self) -> impl Iterator<Item = &Server> {
        self.attempts.iter().filter_map(|attempt| attempt.server.as_ref())
    }

    /// All transactions, over all attempts.
    pub fn turns(&self) -> impl Iterator<Item = Turn<'_>> {
        let last = self.attempts.len().saturating_sub(1);
        self.attempts.iter().enumerate().flat_map(move |(number, one)| one.turns(number < last))
    }

    /// The number of a transaction, counted over all attempts: its place in [`Outcome::turns`].
    #[must_use]
    pub fn number(&self, at: Decided) -> usize {
        let before: usize = self.attempts.iter().take(at.attempt).map(|one| one.transactions.len()).sum();
        before + at.transaction
    }
}

impl Attempt {
    /// The error, if this transaction is the one that it ended.
    fn error_of(&self, transaction: usize) -> Option<&client::Error> {
        self.error.as_ref().filter(|_| transaction + 1 == self.transactions.len())
    }

    /// Its transactions; `went_on` if another attempt took up where this one ended.
    fn turns(&self, went_on: bool) -> impl Iterator<Item = Turn<'_>> {
        self.transactions.iter().enumerate().filter_map(move |(number, transaction)| {
            let error = self.error_of(number);
            let again = match error {
                None => transaction.left(),
                Some(_) if went_on => transaction.undecided(),
                Some(_) => Vec::new(),
            };
            let had_recipients = transaction.accepted().any(|place| again.binary_search(&place).is_err());
            Some(Turn { server: self.server.as_ref()?, transaction, error, had_recipients })
        })
    }
}
