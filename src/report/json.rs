//! The report as JSON, version 1 (docs/json.md). Fields are added, never taken away, while the version stays.

use super::explanation::{self, Json as Explanation};
use super::written::written;
use super::{Complaint, Report, Skipped};
use crate::client;
use crate::delivery::Outcome;
use crate::delivery::fate::Why;
use crate::delivery::outcome::{self, TransactionView};
use crate::net;
use crate::net::tls::TlsInfo;
use crate::route::{self, Routed};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use serde::Serialize;
use std::time::Duration;

/// The outcome, and the status of each recipient, of a message that the queue has.
const QUEUED: &str = "queued";

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    outcome: &'static str,
    exit_status: u8,
    skipped: Option<String>,
    /// Only where the queue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_id: Option<String>,
    recipients: Vec<Recipient>,
    transactions: Vec<Transaction<'a>>,
    /// Only where it was asked, by `ehlo verify`.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
    timing_ms: Timing,
    error: Option<Error>,
}

#[derive(Serialize)]
struct Verification {
    by: &'static str,
    random: Vec<Recipient>,
    accepts_any: bool,
}

#[derive(Serialize)]
struct Recipient {
    address: String,
    status: &'static str,
    stage: &'static str,
    transaction: Option<usize>,
    reply: Option<ReplyJson>,
    /// Why we refused them ourselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
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
    /// None where there was no connection.
    server: Option<Server<'a>>,
    /// Only where the DNS says who the server is.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<Route<'a>>,
    sender: Sender,
    message: Message<'a>,
    error: Option<Error>,
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

/// The way to a domain.
#[derive(Serialize)]
struct Route<'a> {
    domain: &'a str,
    mx: Option<&'a str>,
    secure: Option<bool>,
    policy: Option<Policy<'a>>,
}

#[derive(Serialize)]
struct Policy<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Which record the certificate matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    matched: Option<String>,
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
struct Sender {
    address: String,
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
pub(super) struct Error {
    kind: &'static str,
    text: String,
    awaiting: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    explanation: Option<Explanation>,
}

/// The whole report on one line, without a line end.
#[must_use]
pub fn render(report: &Report) -> String {
    let outcome = &report.outcome;
    let recipients =
        |all: &[outcome::RecipientOutcome]| all.iter().map(|one| recipient(report, one)).collect();
    let verification = outcome.verification.as_ref();
    let timing = outcome.servers().last().map(|server| server.timing).unwrap_or_default();
    let root = Root {
        version: 1,
        outcome: if report.queued.is_some() { QUEUED } else { outcome.summary().name() },
        exit_status: report.exit_status().0,
        skipped: skipped(report),
        queue_id: report.queued.map(|id| id.to_string()),
        recipients: recipients(&outcome.recipients),
        // Those behind the others are no transactions: their numbers are nobody's.
        transactions: outcome
            .transactions()
            .map(|view| transaction(report, view))
            .chain(outcome.never_reached().filter_map(|attempt| not_reached(report, attempt)))
            .collect(),
        verification: verification.map(|verification| Verification {
            by: verification.by.name(),
            random: recipients(&verification.random),
            accepts_any: outcome.accepted_at_random().next().is_some(),
        }),
        timing_ms: Timing {
            connect: timing.connect.map(milliseconds),
            tls: timing.tls.map(milliseconds),
            auth: timing.auth.map(milliseconds),
            total: milliseconds(outcome.total),
        },
        error: report.complaint().map(|complaint| error(complaint, explained(report, outcome.error()))),
    };
    written(&root)
}

fn skipped(report: &Report) -> Option<String> {
    let name = |skipped| match skipped {
        Skipped::DryRun => "dry-run".to_owned(),
        Skipped::Empty => "empty".to_owned(),
    };
    let stopped = || Some(format!("stop-after {}", report.outcome.stopped?.name()));
    report.skipped.map(name).or_else(stopped)
}

/// What ended a session, explained, if it is to be.
fn explained(report: &Report, error: Option<&client::Error>) -> Option<Explanation> {
    let explanation = explanation::of_error(error.filter(|_| report.explain)?)?;
    Some(Explanation::of(&explanation))
}

fn recipient(report: &Report, recipient: &outcome::RecipientOutcome) -> Recipient {
    let fate = report.outcome.fate(recipient);
    let explanation = if report.explain { explanation::of_fate(&fate) } else { None };
    Recipient {
        address: recipient.address.to_string(),
        status: if report.queued.is_some() { QUEUED } else { fate.status.name() },
        stage: match fate.why {
            Why::Error(client::Error::NoRoute(_)) => "dns",
            _ => fate.stage.name(),
        },
        transaction: recipient.decided.map(|at| report.outcome.number(at)),
        reply: reply(fate.reply()),
        why: (matches!(fate.why, Why::Unmet(_))
            || (report.outcome.routed && matches!(fate.why, Why::Error(_))))
        .then(|| report.why(&fate)),
        explanation: explanation.as_ref().map(Explanation::of),
    }
}

fn transaction<'a>(report: &'a Report, view: TransactionView<'a>) -> Transaction<'a> {
    let Outcome { message, .. } = &report.outcome;
    Transaction {
        server: Some(server(view.server)),
        route: view.server.routed.as_ref().map(|routed| route(routed, view.server.tls.as_ref())),
        sender: Sender { address: message.sender.to_string(), reply: reply(view.transaction.mail.as_ref()) },
        message: Message {
            id: message.id.as_deref(),
            octets: message.octets,
            reply: reply(view.transaction.cause()),
        },
        error: view.error.map(|ended| error(report.told(ended), explained(report, Some(ended)))),
    }
}

fn server(server: &outcome::Server) -> Server<'_> {
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

fn route<'a>(routed: &'a Routed, tls: Option<&TlsInfo>) -> Route<'a> {
    let none = Policy { kind: "none", mode: None, source: None, id: None, matched: None };
    let policy = match &routed.policy {
        route::Policy::None => none,
        route::Policy::Dane { .. } => Policy {
            kind: "dane",
            matched: tls.and_then(|tls| tls.matched.as_ref()).map(ToString::to_string),
            ..none
        },
        route::Policy::MtaSts { policy, source, id, .. } => Policy {
            kind: "sts",
            mode: Some(policy.mode().name()),
            source: Some(source.name()),
            id: Some(id),
            ..none
        },
    };
    Route { domain: &routed.domain, mx: Some(&routed.mx), secure: Some(routed.secure), policy: Some(policy) }
}

/// A server that was not reached, or none that could be, of a domain.
fn not_reached<'a>(report: &'a Report, attempt: &'a outcome::Attempt) -> Option<Transaction<'a>> {
    let message = &report.outcome.message;
    let ended = attempt.error.as_ref()?;
    let route = match (&attempt.routed, ended) {
        (Some(routed), _) => route(routed, None),
        (None, client::Error::NoRoute(why)) => {
            Route { domain: why.domain(), mx: None, secure: None, policy: None }
        }
        (None, _) => return None,
    };
    Some(Transaction {
        server: None,
        route: Some(route),
        sender: Sender { address: message.sender.to_string(), reply: None },
        message: Message { id: message.id.as_deref(), octets: message.octets, reply: None },
        error: Some(error(report.told(ended), explained(report, Some(ended)))),
    })
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

pub(super) fn error(complaint: Complaint, explanation: Option<Explanation>) -> Error {
    Error {
        kind: complaint.kind.name(),
        text: complaint.text,
        awaiting: complaint.awaiting,
        hint: complaint.hint,
        explanation,
    }
}

/// With one digit behind the point.
pub(super) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}
