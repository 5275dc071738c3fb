//! What became of a message: for each recipient a fate, and each connection that was tried, with its
//! transactions.
//!
//! Nothing is told twice: replies stay in the transactions, and fates are worked out from those (fate.rs).
//! There is no English here (that is in `words`), and no exit status (in `report`).

use crate::client::{self, drive::Timing};
use crate::net::tls::TlsInfo;
use crate::route::Routed;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::inquiry::Argument;
use ehlo_smtp::path::{ForwardPath, ReversePath};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use ehlo_smtp::transaction::Transaction;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// What became of one message and all its recipients.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In the order given.
    pub recipients: Vec<RecipientOutcome>,
    /// One connection for most messages, in the order in which they were tried.
    pub attempts: Vec<Attempt>,
    /// Attempts at further hosts of a domain that changed nothing: none of them got ready.
    pub aside: Vec<Attempt>,
    /// The message as every transaction had it.
    pub message: Announced,
    /// It was to go no further than this stage, and nobody was to get it (`--stop-after`).
    pub stopped: Option<Stage>,
    /// It was only asked whether addresses are accepted (`ehlo verify`): that is what `accepted`
    /// means then.
    pub verification: Option<Verification>,
    /// The servers were those of the recipients' domains, as the DNS has them.
    pub routed: bool,
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
    pub random: Vec<RecipientOutcome>,
}

/// Somebody who was to get the message, or an address that was asked about.
#[derive(Debug)]
pub struct RecipientOutcome {
    /// Who.
    pub address: Address,
    /// The transaction that decided their fate; nothing if there was none.
    pub decided: Option<Decided>,
    /// The attempt that was to ask about them, for the first time or again, and failed before it did: its place in
    /// [`Outcome::attempts`].
    pub waited: Option<usize>,
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
    /// Whether the transaction came to them. Where it did not, a later one may still decide.
    pub is_reached: bool,
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
    /// Which server it was to be, where the DNS says so.
    pub routed: Option<Routed>,
    /// Which of the destinations it was for, by number, where the message went to several.
    pub destination: usize,
}

/// The server, as far as it was met.
#[derive(Debug, Clone)]
pub struct Server {
    /// As the user named it.
    pub name: String,
    /// The address that answered, with its port; or the path of the socket, or the program. Through a proxy,
    /// the name and port that it was asked for.
    pub address: String,
    /// Of which domain it is a mail server, where the DNS says so.
    pub routed: Option<Routed>,
    /// Our own end of the connection to such a server.
    pub local: Option<IpAddr>,
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

impl Server {
    /// `name[address]`; of what has no address, the path or the program.
    #[must_use]
    pub fn host(&self) -> String {
        match self.address.parse::<SocketAddr>() {
            Ok(address) => format!("{}[{}]", self.name, address.ip()),
            Err(_) => self.address.clone(),
        }
    }

    /// The same with the port.
    #[must_use]
    pub fn relay(&self) -> String {
        match self.address.parse::<SocketAddr>() {
            Ok(address) => format!("{}:{}", self.host(), address.port()),
            Err(_) => self.host(),
        }
    }
}

/// A transaction, with what stands around it.
#[derive(Debug, Clone, Copy)]
pub struct TransactionView<'a> {
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
        let recipient = |address| RecipientOutcome { address, decided: None, waited: None };
        Outcome { recipients: addresses.into_iter().map(recipient).collect(), ..Outcome::default() }
    }

    /// Why the work ended early, if it did: of several destinations, at the first where it did.
    #[must_use]
    pub fn error(&self) -> Option<&client::Error> {
        self.errors().next()
    }

    /// Why the work ended early, at each destination where it did. An attempt behind which another one went on did not end
    /// it.
    pub fn errors(&self) -> impl Iterator<Item = &client::Error> {
        let attempts = self.attempts.iter().enumerate();
        attempts.filter(|(at, _)| !self.went_on(*at)).filter_map(|(_, attempt)| attempt.error.as_ref())
    }

    /// Whether the message went to several domains, each with servers of its own.
    #[must_use]
    pub fn has_several_destinations(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.destination > 0)
    }

    /// Whether another attempt took up where this one ended.
    fn went_on(&self, at: usize) -> bool {
        let destination = |at: usize| self.attempts.get(at).map(|attempt| attempt.destination);
        destination(at + 1).is_some_and(|next| Some(next) == destination(at))
    }

    /// The servers that were met.
    pub fn servers(&self) -> impl Iterator<Item = &Server> {
        self.attempts.iter().filter_map(|attempt| attempt.server.as_ref())
    }

    /// All transactions, over all attempts.
    pub fn transactions(&self) -> impl Iterator<Item = TransactionView<'_>> {
        self.attempts.iter().enumerate().flat_map(|(number, one)| one.views(self.went_on(number)))
    }

    /// The host at which this happened, where the DNS led to it.
    #[must_use]
    pub fn routed_of(&self, error: &client::Error) -> Option<&Routed> {
        let is_it = |of: &client::Error| std::ptr::eq(of, error);
        let attempt = self.attempts.iter().find(|attempt| attempt.error.as_ref().is_some_and(is_it))?;
        attempt.routed.as_ref()
    }

    /// Tries to make a connection that led to none, where the DNS says who the servers are.
    pub fn never_reached(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| self.routed && attempt.server.is_none())
    }

    /// The number of a transaction, counted over all attempts: its place in [`Outcome::transactions`].
    #[must_use]
    pub fn number(&self, at: Decided) -> usize {
        let before: usize = self.attempts.iter().take(at.attempt).map(|one| one.transactions.len()).sum();
        before + at.transaction
    }
}

impl Attempt {
    /// The error, if this transaction is the one that it ended.
    pub(super) fn error_of(&self, transaction: usize) -> Option<&client::Error> {
        self.error.as_ref().filter(|_| transaction + 1 == self.transactions.len())
    }

    /// Its transactions; `went_on` if another attempt took up where this one ended.
    fn views(&self, went_on: bool) -> impl Iterator<Item = TransactionView<'_>> {
        self.transactions.iter().enumerate().filter_map(move |(number, transaction)| {
            let error = self.error_of(number);
            let again = match error {
                None => transaction.left(),
                Some(_) if went_on => transaction.undecided(),
                Some(_) => Vec::new(),
            };
            let had_recipients = transaction.accepted().any(|place| again.binary_search(&place).is_err());
            Some(TransactionView { server: self.server.as_ref()?, transaction, error, had_recipients })
        })
    }
}
