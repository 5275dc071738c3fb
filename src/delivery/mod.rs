//! One message to all its recipients, over as many transactions and connections as that takes (who is asked when:
//! [`ehlo_smtp::rounds`]), and the report of it.

#![allow(clippy::disallowed_types)] // The whole is timed here.

mod verify;

pub use verify::{Question, verify};

use crate::client::open::Known;
use crate::client::{self, Connection, Observer, Target};
use crate::net::Endpoint;
use crate::report::{
    ErrorReport, RecipientReport, Report, ServerReport, TransactionReport, explanation, message_why,
};
use ehlo_smtp::content::Content;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Need;
use ehlo_smtp::rounds::{Limits, Rounds};
use ehlo_smtp::transaction::{Fate, Status};
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
pub fn deliver<C: Content>(target: &Target, message: &Message<'_, C>, observer: &mut dyn Observer) -> Report {
    let began = Instant::now();
    let recipients = &message.envelope.recipients;
    let mut report = Report { recipients: untried(recipients), ..Report::default() };
    report.stopped = Some(target.session.until).filter(|until| *until < Stage::Message);
    let mut rounds = Rounds::new(recipients.len(), message.all_or_none);
    let mut known = Known::default();
    // For most servers one connection.
    while !rounds.is_over() && report.error.is_none() {
        if !report.transactions.is_empty() {
            observer.connects_anew(why_anew(&rounds));
        }
        known.no_bdat = !rounds.chunking();
        match client::open::open(target, known, observer) {
            Ok(mut connection) => {
                report.timing = connection.timing();
                transact(&mut report, target, message, &mut connection, &mut rounds, observer);
                known.had_tls |= connection.stream().tls().is_some();
                connection.finish(observer);
            }
            Err(unready) => {
                report.error = Some(ErrorReport::of(&unready.error));
                report.error_explanation = explanation::of_error(&unready.error);
                if let Some(connection) = unready.connection {
                    report.timing = connection.timing();
                    let error = report.error.clone();
                    record_transaction(&mut report, target, message, &connection, error.as_ref());
                    connection.finish(observer);
                }
            }
        }
    }
    say_why_they_wait(&mut report, &rounds);
    report.total = began.elapsed();
    report
}

/// What the transcript says between two connections.
fn why_anew(rounds: &Rounds) -> &'static str {
    if rounds.wants_reconnect() {
        "the server ended the session: those without an answer are asked over a new connection"
    } else {
        "the session is over: the others are served over a new connection"
    }
}

/// Those who were to be asked over a connection that did not come about, or not in time.
fn say_why_they_wait(report: &mut Report, rounds: &Rounds) {
    let Some(error) = &report.error else { return };
    for place in rounds.waiting() {
        if let Some(recipient) =
            report.recipients.get_mut(place).filter(|recipient| recipient.reply.is_none())
        {
            recipient.why = format!("{}: {}", recipient.status.name(), error.text);
        }
    }
}

/// As many transactions as one connection may have, until nobody is waiting.
fn transact<C: Content>(
    report: &mut Report,
    target: &Target,
    message: &Message<'_, C>,
    connection: &mut Connection,
    rounds: &mut Rounds,
    observer: &mut dyn Observer,
) {
    rounds.connected();
    let limits = Limits::of(connection.session().extensions());
    let mut transactions = 0;
    loop {
        let places = rounds.take(limits, message.envelope);
        transactions += 1;
        let last = rounds.is_over() || limits.transactions == Some(transactions);
        let envelope = message.envelope.only(&places);
        let result = connection.deliver(envelope, message.content, message.all_or_none, last, observer);
        let failure = result.as_ref().err().and_then(client::Error::failure);
        let again = rounds.learn(&places, connection.transaction(), failure);
        let error = result.as_ref().err().map(ErrorReport::of);
        record(report, target, message, connection, &places, error.as_ref());
        if let Some(transaction) = report.transactions.last_mut() {
            let again: HashSet<usize> = again.into_iter().collect();
            let is_asked_again = |index: usize| places.get(index).is_some_and(|place| again.contains(place));
            transaction.had_recipients =
                connection.transaction().accepted().any(|index| !is_asked_again(index));
        }
        if rounds.wants_reconnect() {
            return;
        }
        report.error_explanation = result.as_ref().err().and_then(explanation::of_error);
        report.error = error;
        let has_room = limits.transactions.is_none_or(|most| transactions < most);
        if rounds.is_over() || report.error.is_some() || !connection.goes_on() || !has_room {
            return;
        }
    }
}

/// What is known of the recipients before anybody is asked.
#[must_use]
pub fn untried(recipients: &[Recipient]) -> Vec<RecipientReport> {
    recipients.iter().map(|recipient| RecipientReport::untried(recipient.path.to_string())).collect()
}

/// Writes down what a transaction made of the recipients at these places.
fn record<C: Content>(
    report: &mut Report,
    target: &Target,
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
        if recipient.transaction.is_some() && status == Status::Untried && reply.is_none() {
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
        recipient.why = match transaction.recipients.get(index).and_then(|addressee| addressee.unmet) {
            Some(need) => refused_by_us(need),
            None => format!("{}: {because}", status.name()),
        };
    }
    record_transaction(report, target, message, connection, error);
}

/// Why a recipient was not asked about, where it is not the server that refused them.
fn refused_by_us(need: Need) -> String {
    format!("refused: the address needs {}, which the server does not offer", need.keyword())
}

fn record_transaction<C: Content>(
    report: &mut Report,
    target: &Target,
    message: &Message<'_, C>,
    connection: &Connection,
    error: Option<&ErrorReport>,
) {
    let transaction = connection.transaction();
    report.transactions.push(TransactionReport {
        server: server(target, connection),
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
fn server(target: &Target, connection: &Connection) -> ServerReport {
    let session = connection.session();
    ServerReport {
        name: match &target.endpoint {
            Endpoint::Tcp { host, .. } => host.clone(),
            Endpoint::Unix(path) => path.display().to_string(),
            // Its arguments may hold anything.
            Endpoint::Program(words) => words.first().cloned().unwrap_or_default(),
        },
        address: connection.stream().peer().to_owned(),
        proxy: target.way.proxy.as_ref().map(ToString::to_string),
        protocol: target.session.protocol,
        greeting: session.greeting().cloned(),
        extensions: session.offers(),
        tls: connection.stream().tls().cloned(),
        auth: session.logged_in(),
    }
}
