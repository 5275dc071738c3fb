//! One message to all its recipients, with as many transactions as that takes.
//!
//! A server that takes few recipients at once (RFC 5321, section 4.5.3.1.10) gets the others in further transactions
//! of the same session, as long as each accepts somebody. One that tells its limits beforehand (RFC 9422) is not asked
//! for more than that.

#![allow(clippy::disallowed_types)] // The whole is timed here.

mod verify;

pub use verify::{Question, verify};

use crate::client::{self, Connection, Observer, Settings};
use crate::net::Endpoint;
use crate::report::{
    ErrorReport, RecipientReport, Report, ServerReport, TransactionReport, explanation, message_why,
};
use crate::smtp::content::Content;
use crate::smtp::envelope::{Envelope, Recipient};
use crate::smtp::expect::Stage;
use crate::smtp::path::ForwardPath;
use crate::smtp::reply::Reply;
use crate::smtp::transaction::{Fate, Status};
use std::collections::HashSet;
use std::time::Instant;

/// What is to be delivered.
#[derive(Debug)]
pub struct Message<'a, C: Content> {
    /// From and to whom.
    pub envelope: &'a Envelope,
    /// The content.
    pub content: &'a C,
    /// Its Message-ID, for the report.
    pub id: Option<String>,
    /// Everybody accepted, or nobody gets it.
    pub all_or_none: bool,
}

/// Delivers it, and tells what became of each recipient.
pub fn deliver<C: Content>(
    settings: &Settings,
    message: &Message<'_, C>,
    observer: &mut dyn Observer,
) -> Report {
    let began = Instant::now();
    let mut report = Report { recipients: untried(&message.envelope.recipients), ..Report::default() };
    report.stopped = Some(settings.until).filter(|until| *until < Stage::Message);
    let mut waiting: Vec<usize> = (0..message.envelope.recipients.len()).collect();
    // A connection for each MAILMAX transactions; for most servers one.
    while !waiting.is_empty() && report.error.is_none() {
        match client::open::open(settings, observer) {
            Ok(mut connection) => {
                report.timing = connection.timing();
                transact(&mut report, settings, message, &mut connection, &mut waiting, observer);
                connection.finish(observer);
            }
            Err(unready) => {
                report.error = Some(ErrorReport::of(&unready.error));
                report.error_explanation = explanation::of_error(&unready.error);
                if let Some(connection) = unready.connection {
                    report.timing = connection.timing();
                    let error = report.error.clone();
                    record_transaction(&mut report, settings, message, &connection, error.as_ref());
                    connection.finish(observer);
                }
            }
        }
    }
    if let Some(error) = &report.error {
        for recipient in report.recipients.iter_mut().filter(|recipient| recipient.transaction.is_none()) {
            recipient.why = format!("untried: {}", error.text);
        }
    }
    report.total = began.elapsed();
    report
}

/// As many transactions as one connection may have, until nobody is waiting.
fn transact<C: Content>(
    report: &mut Report,
    settings: &Settings,
    message: &Message<'_, C>,
    connection: &mut Connection,
    waiting: &mut Vec<usize>,
    observer: &mut dyn Observer,
) {
    let limits = Limits::of(connection, message.all_or_none);
    let mut transactions = 0;
    while !waiting.is_empty()
        && report.error.is_none()
        && limits.transactions.is_none_or(|most| transactions < most)
    {
        let places = limits.take_from(waiting, message.envelope);
        transactions += 1;
        let last = waiting.is_empty() || limits.transactions == Some(transactions);
        let envelope = message.envelope.only(&places);
        let result = connection.deliver(envelope, message.content, message.all_or_none, last, observer);
        report.error_explanation = result.as_ref().err().and_then(explanation::of_error);
        let error = result.err().map(|error| ErrorReport::of(&error));
        record(report, settings, message, connection, &places, error.as_ref());
        let transaction = connection.transaction();
        // Where there is to be no message, those who were not asked yet are asked all the same.
        let taken =
            settings.until == Stage::Rcpt || transaction.message_reply().is_some_and(Reply::is_positive);
        if taken && error.is_none() && !message.all_or_none {
            let again = transaction.too_many().into_iter().filter_map(|place| places.get(place).copied());
            waiting.splice(0..0, again);
        }
        report.error = error;
    }
}

/// What the server takes at once (RFC 9422), as far as it says so.
struct Limits {
    /// Transactions of one connection.
    transactions: Option<usize>,
    /// Recipients of one transaction.
    recipients: Option<usize>,
    /// Domains among them.
    domains: Option<usize>,
}

impl Limits {
    fn of(connection: &Connection, all_or_none: bool) -> Limits {
        let limit = |name| connection.session().extensions().limit(name);
        // What is for all or for none goes in one transaction, or not at all.
        let split = |name| limit(name).filter(|_| !all_or_none);
        Limits {
            transactions: limit("MAILMAX"),
            recipients: split("RCPTMAX"),
            domains: split("RCPTDOMAINMAX"),
        }
    }

    /// Takes the first who fit into one transaction; the others stay, in their order.
    fn take_from(&self, waiting: &mut Vec<usize>, envelope: &Envelope) -> Vec<usize> {
        if self.recipients.is_none() && self.domains.is_none() {
            return std::mem::take(waiting);
        }
        let mut taken = Vec::new();
        let mut domains = HashSet::new();
        waiting.retain(|place| {
            let domain = match envelope.recipients.get(*place).map(|recipient| &recipient.path) {
                Some(ForwardPath::Mailbox(mailbox)) => mailbox.domain().ascii().to_ascii_lowercase(),
                Some(ForwardPath::Postmaster) | None => String::new(),
            };
            let has_room = self.recipients.is_none_or(|most| taken.len() < most)
                && (domains.contains(&domain) || self.domains.is_none_or(|most| domains.len() < most));
            if has_room {
                taken.push(*place);
                domains.insert(domain);
            }
            !has_room
        });
        taken
    }
}

/// What is known of the recipients before anybody is asked.
#[must_use]
pub fn untried(recipients: &[Recipient]) -> Vec<RecipientReport> {
    let untried = |address| RecipientReport {
        address,
        status: Status::Untried,
        stage: Stage::Connect,
        transaction: None,
        reply: None,
        why: "untried".to_owned(),
    };
    recipients.iter().map(|recipient| untried(recipient.path.to_string())).collect()
}

/// Writes down what a transaction made of the recipients at these places.
fn record<C: Content>(
    report: &mut Report,
    settings: &Settings,
    message: &Message<'_, C>,
    connection: &Connection,
    places: &[usize],
    error: Option<&ErrorReport>,
) {
    let transaction = connection.transaction();
    let number = report.transactions.len();
    for (index, place) in places.iter().enumerate() {
        let Some(recipient) = report.recipients.get_mut(*place) else { continue };
        let Fate { status, stage, reply } = transaction.fate(index);
        // What an earlier transaction said of them stands, if this one did not come to them.
        let answered = transaction.recipients.get(index).is_some_and(|addressee| addressee.rcpt.is_some());
        if recipient.transaction.is_some() && !answered && status != Status::Unknown {
            continue;
        }
        recipient.status = status;
        recipient.stage = stage;
        recipient.transaction = Some(number);
        recipient.reply = reply.cloned();
        let because = match (error, transaction.stopped) {
            (Some(error), _) => error.text.clone(),
            (None, _) if transaction.withdrawn => "withdrawn, since not everybody was accepted".to_owned(),
            (None, Some(stage)) => format!("stopped after {}", stage.words()),
            (None, None) => "the transaction did not come that far".to_owned(),
        };
        recipient.why = format!("{}: {because}", status.name());
    }
    record_transaction(report, settings, message, connection, error);
}

fn record_transaction<C: Content>(
    report: &mut Report,
    settings: &Settings,
    message: &Message<'_, C>,
    connection: &Connection,
    error: Option<&ErrorReport>,
) {
    let transaction = connection.transaction();
    report.transactions.push(TransactionReport {
        server: server(settings, connection),
        sender: message.envelope.reverse_path.to_string(),
        sender_reply: transaction.mail.clone(),
        message_id: message.id.clone(),
        octets: message.content.facts().octets,
        message_reply: transaction.message_reply().cloned(),
        message_why: message_why(transaction, error),
        had_recipients: transaction.accepted().next().is_some(),
    });
}

/// The server, as far as it was met.
fn server(settings: &Settings, connection: &Connection) -> ServerReport {
    let session = connection.session();
    ServerReport {
        name: match &settings.endpoint {
            Endpoint::Tcp { host, .. } => host.clone(),
            Endpoint::Unix(path) => path.display().to_string(),
            // Its arguments may hold anything.
            Endpoint::Program(words) => words.first().cloned().unwrap_or_default(),
        },
        address: connection.stream().peer().to_owned(),
        proxy: settings.way.proxy.as_ref().map(ToString::to_string),
        protocol: settings.protocol,
        greeting: session.greeting().cloned(),
        extensions: session.offers(),
        tls: connection.stream().tls().cloned(),
        auth: session.logged_in(),
    }
}
