//! One message to all its recipients, with as many transactions as that takes.
//!
//! A server that takes few recipients at once (RFC 5321, section 4.5.3.1.10) gets the others in further transactions
//! of the same session, as long as each accepts somebody.

#![allow(clippy::disallowed_types)] // The whole is timed here.

use crate::client::{self, Connection, Observer, Settings};
use crate::net::Endpoint;
use crate::report::{ErrorReport, RecipientReport, Report, ServerReport, TransactionReport, message_why};
use crate::smtp::content::Content;
use crate::smtp::envelope::Envelope;
use crate::smtp::expect::Stage;
use crate::smtp::reply::Reply;
use crate::smtp::transaction::{Fate, Status};
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

/// Delivers it over one connection, and tells what became of each recipient.
pub fn deliver<C: Content>(
    settings: &Settings,
    message: &Message<'_, C>,
    observer: &mut dyn Observer,
) -> Report {
    let began = Instant::now();
    let mut report = Report { recipients: untried(message.envelope), ..Report::default() };
    match client::open::open(settings, observer) {
        Ok(mut connection) => {
            report.timing = connection.timing();
            let mut places: Vec<usize> = (0..message.envelope.recipients.len()).collect();
            while !places.is_empty() {
                let envelope = message.envelope.only(&places);
                let result =
                    connection.deliver(envelope, message.content, message.all_or_none, true, observer);
                let error = result.err().map(|error| ErrorReport::of(&error));
                record(&mut report, settings, message, &connection, &places, error.as_ref());
                let transaction = connection.transaction();
                let taken = transaction.message_reply().is_some_and(Reply::is_positive);
                let again = if taken && error.is_none() && !message.all_or_none {
                    transaction
                        .too_many()
                        .into_iter()
                        .filter_map(|place| places.get(place).copied())
                        .collect()
                } else {
                    Vec::new()
                };
                report.error = error;
                places = again;
            }
            connection.finish(observer);
        }
        Err(unready) => {
            let error = ErrorReport::of(&unready.error);
            for recipient in &mut report.recipients {
                recipient.why = format!("untried: {}", error.text);
            }
            report.error = Some(error);
            if let Some(connection) = unready.connection {
                report.timing = connection.timing();
                let error = report.error.clone();
                record_transaction(&mut report, settings, message, &connection, error.as_ref());
                connection.finish(observer);
            }
        }
    }
    report.total = began.elapsed();
    report
}

/// What is known of the recipients before anybody is asked.
#[must_use]
pub fn untried(envelope: &Envelope) -> Vec<RecipientReport> {
    let untried = |address| RecipientReport {
        address,
        status: Status::Untried,
        stage: Stage::Connect,
        transaction: None,
        reply: None,
        why: "untried".to_owned(),
    };
    envelope.recipients.iter().map(|recipient| untried(recipient.path.to_string())).collect()
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
        let because = match error {
            Some(error) => error.text.as_str(),
            None if transaction.withdrawn => "withdrawn, since not everybody was accepted",
            None => "the transaction did not come that far",
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
    let session = connection.session();
    report.transactions.push(TransactionReport {
        server: ServerReport {
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
            extensions: session.extensions().lines().to_vec(),
            tls: connection.stream().tls().cloned(),
            auth: session.logged_in(),
        },
        sender: message.envelope.reverse_path.to_string(),
        sender_reply: transaction.mail.clone(),
        message_id: message.id.clone(),
        octets: message.content.facts().octets,
        message_reply: transaction.message_reply().cloned(),
        message_why: message_why(transaction, error),
        had_recipients: transaction.accepted().next().is_some(),
    });
}
