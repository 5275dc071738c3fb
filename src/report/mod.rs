//! What became of a message: the data that text, JSON and the exit status are made from.

pub mod exit;
pub mod explanation;
mod hint;
pub mod json;
pub mod own_status;
pub mod probe;
pub mod text;
mod tls;
pub mod transcript;
mod written;

use crate::client::{self, drive::Timing};
use crate::meaning::Explanation;
use crate::net::tls::TlsInfo;
use crate::words;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use ehlo_smtp::transaction::{Outcome, Progress, Status, Transaction};
use exit::ExitStatus;
use std::time::Duration;

/// What became of one message and all its recipients.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order given.
    pub recipients: Vec<RecipientReport>,
    /// One for most messages; more where a server takes few recipients at once.
    pub transactions: Vec<TransactionReport>,
    /// Why the work ended early, if it did.
    pub error: Option<ErrorReport>,
    /// What the reply or the TLS alert means that ended it early, if it was one.
    pub error_explanation: Option<Explanation>,
    /// Refusals are to be explained.
    pub explain: bool,
    /// Why nothing was to be sent, and nothing was: `dry-run`, `empty`.
    pub skipped: Option<&'static str>,
    /// It was to go no further than this stage, and nobody was to get it (`--stop-after`).
    pub stopped: Option<Stage>,
    /// It was only asked whether addresses are accepted (`ehlo verify`): that is what [`Status::Accepted`] means then.
    pub verification: Option<Verification>,
    /// How long the phases of the last connection took.
    pub timing: Timing,
    /// How long it all took.
    pub total: Duration,
}

/// How addresses were asked about, and mailboxes that cannot exist with them.
#[derive(Debug)]
pub struct Verification {
    /// By RCPT, VRFY or EXPN.
    pub by: Stage,
    /// The mailboxes that cannot exist, one at each domain.
    pub random: Vec<RecipientReport>,
}

impl Verification {
    /// Those of the mailboxes that cannot exist which the server accepted all the same. By 252 it does not (RFC 5321,
    /// section 3.5.3): it only leaves the question open.
    pub fn accepted(&self) -> impl Iterator<Item = &RecipientReport> {
        let is_open = |recipient: &&RecipientReport| {
            self.by != Stage::Rcpt && recipient.reply.as_ref().is_some_and(|reply| reply.code() == 252)
        };
        let accepted = self.random.iter().filter(|recipient| recipient.status == Status::Accepted);
        accepted.filter(move |recipient| !is_open(recipient))
    }
}

/// What became of one recipient.
#[derive(Debug)]
pub struct RecipientReport {
    /// The address, without angle brackets.
    pub address: String,
    /// What became of them.
    pub status: Status,
    /// Where that was decided.
    pub stage: Stage,
    /// In which transaction, by its place; none if there was none.
    pub transaction: Option<usize>,
    /// The reply that decided it.
    pub reply: Option<Reply>,
    /// Why, where no reply says it.
    pub why: String,
}

impl RecipientReport {
    /// Of somebody whom nobody was asked about yet.
    #[must_use]
    pub fn untried(address: String) -> RecipientReport {
        RecipientReport {
            address,
            status: Status::Untried,
            stage: Stage::Connect,
            transaction: None,
            reply: None,
            why: "untried".to_owned(),
        }
    }
}

/// One transaction.
#[derive(Debug)]
pub struct TransactionReport {
    /// The server.
    pub server: ServerReport,
    /// The reverse-path, without angle brackets.
    pub sender: String,
    /// The reply to MAIL.
    pub sender_reply: Option<Reply>,
    /// The Message-ID, with its brackets, if it is known.
    pub message_id: Option<String>,
    /// The message, in octets as SIZE counts them.
    pub octets: u64,
    /// The reply to the message.
    pub message_reply: Option<Reply>,
    /// What became of the message, where no reply says it.
    pub message_why: String,
    /// There was somebody to send it to, who was not asked again in a further one.
    pub had_recipients: bool,
}

impl TransactionReport {
    /// The reply by which the message is reported. Where the sender was refused, and DATA after it in the same group of
    /// commands, that is what the refusal to DATA only followed from.
    #[must_use]
    pub fn cause(&self) -> Option<&Reply> {
        let refused = |reply: &&Reply| !reply.is_positive();
        let message = self.message_reply.as_ref();
        self.sender_reply
            .as_ref()
            .filter(refused)
            .filter(|_| message.as_ref().is_some_and(refused))
            .or(message)
    }
}

/// The server, as far as it was met.
#[derive(Debug, Clone)]
pub struct ServerReport {
    /// As the user named it.
    pub name: String,
    /// The address that answered, with its port; or the path of the socket, or the program. Through a proxy, the
    /// name and port that it was asked for.
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
}

/// Why the work ended early.
#[derive(Debug, Clone)]
pub struct ErrorReport {
    /// What kind of trouble it is: `timeout`, `tls`.
    pub kind: &'static str,
    /// One line for people.
    pub text: String,
    /// What they can do about it, where the text does not say it.
    pub hint: Option<String>,
    /// The command whose reply was awaited.
    pub awaiting: Option<String>,
    /// The exit status, if nobody has the message.
    pub status: ExitStatus,
}

impl ErrorReport {
    /// Of an error of the client's.
    #[must_use]
    pub fn of(error: &client::Error) -> ErrorReport {
        ErrorReport {
            kind: error.kind().name(),
            text: words::net::client(error),
            hint: hint::hint(error),
            awaiting: error.awaiting().map(str::to_owned),
            status: exit::of_error(error),
        }
    }
}

impl Report {
    /// All, some, none, unknown.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::of(self.recipients.iter().map(|recipient| recipient.status))
    }

    /// Those who did not get it, unknown ones included; but not because that was asked for.
    pub fn failed(&self) -> impl Iterator<Item = &RecipientReport> {
        let failed = |recipient: &&RecipientReport| recipient.status != Status::Accepted;
        self.recipients.iter().filter(failed).filter(|recipient| !self.is_as_asked(recipient))
    }

    /// Nothing was to be sent to them, and all went well as far as it was to go.
    fn is_as_asked(&self, recipient: &RecipientReport) -> bool {
        let accepted = recipient.reply.as_ref().is_some_and(Reply::is_positive);
        self.stopped.is_some()
            && recipient.status == Status::Untried
            && (accepted || self.is_stopped_before_rcpt())
    }

    /// It came to a stage before RCPT and stopped there.
    fn is_stopped_before_rcpt(&self) -> bool {
        self.error.is_none() && self.stopped.is_some_and(|stage| stage < Stage::Rcpt)
    }
}

/// What became of the message of a transaction, in words, where no reply says it.
#[must_use]
pub fn message_why(transaction: &Transaction, error: Option<&ErrorReport>) -> String {
    let because = error.map_or(String::new(), |error| format!(": {}", error.text));
    match transaction.content {
        Progress::Ended => format!("unknown{because}"),
        Progress::Begun => format!("deferred{because}"),
        Progress::NotBegun if transaction.withdrawn => "untried: not everybody was accepted".to_owned(),
        Progress::NotBegun if error.is_some() => format!("untried{because}"),
        Progress::NotBegun if transaction.mail.as_ref().is_some_and(|mail| !mail.is_positive()) => {
            "untried: the sender was not accepted".to_owned()
        }
        Progress::NotBegun
            if transaction.stopped.is_some_and(|stage| stage < Stage::Rcpt)
                || transaction.accepted().next().is_some() =>
        {
            match transaction.stopped {
                Some(Stage::Data) => "untried: closed after the reply to DATA".to_owned(),
                Some(stage) => format!("untried: stopped after {}", stage.words()),
                None => "untried".to_owned(),
            }
        }
        Progress::NotBegun => "untried: nobody was accepted".to_owned(),
    }
}
