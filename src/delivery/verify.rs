//! Is an address accepted? RCPT without a message, or VRFY and EXPN; the answers become a report like any other.
//!
//! Mailboxes that cannot exist are asked about first: a server that accepts those says nothing by accepting others.

#![allow(clippy::disallowed_types)] // The whole is timed here.

use super::{Message, deliver, refused_by_us, server, why_anew};
use crate::client::open::Known;
use crate::client::{self, Connection, Observer, Target};
use crate::report::{ErrorReport, RecipientReport, Report, TransactionReport, Verification};
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::inquiry::{Inquiry, Verb};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::rounds::Rounds;
use ehlo_smtp::transaction::{Fate, Status};
use std::io;
use std::time::Instant;

/// What is asked.
#[derive(Debug)]
pub enum Question {
    /// RCPT for each recipient; the target says that it goes no further (`Conversation::until`).
    Rcpt(Envelope),
    /// VRFY or EXPN.
    Ask(Verb, Vec<Inquiry>),
}

/// Asks, and tells what was said of each. The first `random` of them are mailboxes that cannot exist: they are reported
/// apart.
pub fn verify(target: &Target, question: &Question, random: usize, observer: &mut dyn Observer) -> Report {
    let (mut report, by) = match question {
        Question::Rcpt(envelope) => {
            let message = Message { envelope, content: &Nothing, id: None, all_or_none: false };
            (deliver(target, &message, observer), Stage::Rcpt)
        }
        Question::Ask(verb, inquiries) => (ask(target, inquiries, observer), verb.stage()),
    };
    report.stopped = None;
    for recipient in &mut report.recipients {
        // To be accepted is all that was asked of them.
        if recipient.status == Status::Untried && recipient.reply.as_ref().is_some_and(Reply::is_positive) {
            recipient.status = Status::Accepted;
        }
    }
    let rest = report.recipients.split_off(random.min(report.recipients.len()));
    let random = std::mem::replace(&mut report.recipients, rest);
    report.verification = Some(Verification { by, random });
    report
}

/// What is sent after no DATA.
#[derive(Debug)]
struct Nothing;

impl Content for Nothing {
    fn facts(&self) -> Facts {
        Facts::default()
    }

    fn write_to(&self, _: &mut dyn io::Write) -> io::Result<()> {
        Ok(())
    }
}

/// VRFY or EXPN, over one connection, or over more where the server ends a session that has brought answers.
fn ask(target: &Target, inquiries: &[Inquiry], observer: &mut dyn Observer) -> Report {
    let began = Instant::now();
    let untried = |inquiry: &Inquiry| RecipientReport::untried(inquiry.argument.as_str().to_owned());
    let mut report = Report { recipients: inquiries.iter().map(untried).collect(), ..Report::default() };
    let mut rounds = Rounds::new(inquiries.len(), false);
    let mut known = Known::default();
    while !rounds.is_over() && report.error.is_none() {
        if !report.transactions.is_empty() {
            observer.connects_anew(why_anew(&rounds));
        }
        let connection = match client::open::open(target, known, observer) {
            Ok(mut connection) => {
                rounds.connected();
                let places = rounds.take_all();
                let asked = places.iter().filter_map(|place| inquiries.get(*place).cloned()).collect();
                let error = connection.ask(asked, observer).err();
                let failure = error.as_ref().and_then(client::Error::failure);
                rounds.learn(&places, connection.transaction(), failure);
                record(&mut report, &connection, &places);
                if !rounds.wants_reconnect() {
                    report.error = error.as_ref().map(ErrorReport::of);
                }
                known.had_tls |= connection.stream().tls().is_some();
                Some(connection)
            }
            Err(unready) => {
                report.error = Some(ErrorReport::of(&unready.error));
                unready.connection
            }
        };
        if let Some(connection) = connection {
            report.timing = connection.timing();
            report.transactions.push(asked_by(target, &connection));
            connection.finish(observer);
        }
    }
    let because = report.error.as_ref().map_or("", |error| error.text.as_str());
    for recipient in report.recipients.iter_mut().filter(|r| r.reply.is_none() && r.status != Status::Refused)
    {
        recipient.why = format!("{}: {because}", recipient.status.name());
    }
    report.total = began.elapsed();
    report
}

/// The connection in the report: there is no sender and no message.
fn asked_by(target: &Target, connection: &Connection) -> TransactionReport {
    TransactionReport {
        server: server(target, connection),
        sender: String::new(),
        sender_reply: None,
        message_id: None,
        octets: 0,
        message_reply: None,
        message_why: String::new(),
        had_recipients: false,
    }
}

fn record(report: &mut Report, connection: &Connection, places: &[usize]) {
    let number = report.transactions.len();
    for (index, place) in places.iter().enumerate() {
        let Some(recipient) = report.recipients.get_mut(*place) else { continue };
        let Fate { status, stage, reply } = connection.transaction().fate(index);
        recipient.status = status;
        recipient.stage = stage;
        recipient.transaction = Some(number);
        recipient.reply = reply.cloned();
        if let Some(need) =
            connection.transaction().recipients.get(index).and_then(|addressee| addressee.unmet)
        {
            recipient.why = refused_by_us(need);
        }
    }
}
