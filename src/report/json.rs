//! The report as JSON, version 1 (docs/json.md). Fields are added, never taken away, while the version stays.

use super::explanation::{self, Json as Explanation};
use super::written::written;
use super::{ErrorReport, Report, ServerReport};
use crate::net;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use ehlo_smtp::transaction::Status;
use serde::Serialize;
use std::time::Duration;

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    outcome: &'static str,
    exit_status: u8,
    skipped: Option<String>,
    recipients: Vec<Recipient<'a>>,
    transactions: Vec<Transaction<'a>>,
    /// Only where it was asked, by `ehlo verify`.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification<'a>>,
    timing_ms: Timing,
    error: Option<Error<'a>>,
}

#[derive(Serialize)]
struct Verification<'a> {
    by: &'static str,
    random: Vec<Recipient<'a>>,
    accepts_any: bool,
}

#[derive(Serialize)]
struct Recipient<'a> {
    address: &'a str,
    status: &'static str,
    stage: &'static str,
    transaction: Option<usize>,
    reply: Option<ReplyJson>,
    /// Why we refused them ourselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    explanation: Option<Explanation>,
}

#[derive(Serialize)]
pub(super) struct ReplyJson {
    code: u16,
    enhanced: Option<String>,
    text: Vec<String>,
}

#[derive(Serialize)]
struct Transaction<'a> {
    server: Server<'a>,
    sender: Sender<'a>,
    message: Message<'a>,
}

#[derive(Serialize)]
struct Server<'a> {
    name: &'a str,
    address: &'a str,
    /// Only where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<&'a str>,
    protocol: &'static str,
    greeting: Option<ReplyJson>,
    extensions: &'a [String],
    tls: Option<Tls<'a>>,
    auth: Option<Auth>,
}

#[derive(Serialize)]
struct Tls<'a> {
    version: Option<&'a str>,
    cipher: Option<&'a str>,
    verified: bool,
    fault: Option<String>,
    certificate: Option<Certificate>,
}

#[derive(Serialize)]
pub(super) struct Certificate {
    sha256: String,
    #[serde(flatten)]
    contents: Option<Contents>,
}

#[derive(Serialize)]
struct Contents {
    subject: String,
    issuer: String,
    names: Vec<String>,
    not_before: String,
    not_after: String,
    key: String,
    key_sha256: String,
}

#[derive(Serialize)]
struct Auth {
    mechanism: &'static str,
}

#[derive(Serialize)]
struct Sender<'a> {
    address: &'a str,
    reply: Option<ReplyJson>,
}

#[derive(Serialize)]
struct Message<'a> {
    id: Option<&'a str>,
    octets: u64,
    reply: Option<ReplyJson>,
}

#[derive(Serialize)]
struct Timing {
    connect: Option<f64>,
    tls: Option<f64>,
    auth: Option<f64>,
    total: f64,
}

#[derive(Serialize)]
pub(super) struct Error<'a> {
    kind: &'static str,
    text: &'a str,
    awaiting: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    explanation: Option<Explanation>,
}

/// The whole report on one line, without a line end.
#[must_use]
pub fn render(report: &Report) -> String {
    let root = Root {
        version: 1,
        outcome: report.outcome().name(),
        exit_status: report.exit_status().0,
        skipped: report
            .skipped
            .map(str::to_owned)
            .or_else(|| report.stopped.map(|stage| format!("stop-after {}", stage.name()))),
        recipients: report.recipients.iter().map(|one| recipient(one, report.explain)).collect(),
        transactions: report.transactions.iter().map(transaction).collect(),
        verification: report.verification.as_ref().map(|verification| Verification {
            by: verification.by.name(),
            random: verification.random.iter().map(|one| recipient(one, report.explain)).collect(),
            accepts_any: verification.accepted().next().is_some(),
        }),
        timing_ms: Timing {
            connect: report.timing.connect.map(milliseconds),
            tls: report.timing.tls.map(milliseconds),
            auth: report.timing.auth.map(milliseconds),
            total: milliseconds(report.total),
        },
        error: report
            .error
            .as_ref()
            .map(|one| error(one, report.error_explanation.as_ref().filter(|_| report.explain))),
    };
    written(&root)
}

fn recipient(recipient: &super::RecipientReport, explain: bool) -> Recipient<'_> {
    let explained = if explain { explanation::of_recipient(recipient) } else { None };
    let refused_by_us = recipient.status == Status::Refused && recipient.reply.is_none();
    Recipient {
        address: &recipient.address,
        status: recipient.status.name(),
        stage: recipient.stage.name(),
        transaction: recipient.transaction,
        reply: reply(recipient.reply.as_ref()),
        why: refused_by_us.then_some(recipient.why.as_str()),
        explanation: explained.as_ref().map(Explanation::of),
    }
}

fn transaction(transaction: &super::TransactionReport) -> Transaction<'_> {
    Transaction {
        server: server(&transaction.server),
        sender: Sender { address: &transaction.sender, reply: reply(transaction.sender_reply.as_ref()) },
        message: Message {
            id: transaction.message_id.as_deref(),
            octets: transaction.octets,
            reply: reply(transaction.cause()),
        },
    }
}

fn server(server: &ServerReport) -> Server<'_> {
    Server {
        name: &server.name,
        address: &server.address,
        proxy: server.proxy.as_deref(),
        protocol: protocol(server.protocol),
        greeting: reply(server.greeting.as_ref()),
        extensions: &server.extensions,
        tls: server.tls.as_ref().map(|tls| Tls {
            version: tls.version.as_deref(),
            cipher: tls.cipher.as_deref(),
            verified: tls.verified,
            fault: tls.fault.as_ref().map(ToString::to_string),
            certificate: tls.certificate().map(certificate),
        }),
        auth: server.auth.map(|mechanism| Auth { mechanism }),
    }
}

pub(super) fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Smtp => "smtp",
        Protocol::Lmtp => "lmtp",
    }
}

pub(super) fn reply(reply: Option<&Reply>) -> Option<ReplyJson> {
    reply.map(|reply| ReplyJson {
        code: reply.code(),
        enhanced: reply.enhanced().map(|status| status.to_string()),
        text: reply.text().map(std::borrow::Cow::into_owned).collect(),
    })
}

pub(super) fn certificate(certificate: net::tls::Certificate) -> Certificate {
    Certificate {
        sha256: certificate.sha256.to_string(),
        contents: certificate.contents.map(|contents| Contents {
            subject: contents.subject,
            issuer: contents.issuer,
            names: contents.names,
            not_before: contents.not_before.to_string(),
            not_after: contents.not_after.to_string(),
            key: contents.key.to_string(),
            key_sha256: contents.key.sha256.to_string(),
        }),
    }
}

pub(super) fn error<'a>(
    error: &'a ErrorReport,
    explained: Option<&crate::meaning::Explanation>,
) -> Error<'a> {
    Error {
        kind: error.kind,
        text: &error.text,
        awaiting: error.awaiting.as_deref(),
        hint: error.hint.as_deref(),
        explanation: explained.map(Explanation::of),
    }
}

/// With one digit behind the point.
pub(super) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}
