//! The same as JSON, version 1 (docs/json.md). Fields are added, never taken away, while the version stays.

use super::names::{phases, relay, versions};
use super::offers::{Mechanism, Offer, mechanisms, offers};
use super::report::ProbeReport;
use crate::meaning;
use crate::net::tls::TlsInfo;
use crate::probe::{self, Facts, Injection, Pipelining, StartTlsOutcome, days_left};
use crate::report::json::{Certificate, Error, ReplyJson, certificate, error, milliseconds, protocol, reply};
use crate::report::written::written;
use crate::words;
use crate::words::finding::told;
use crate::words::probe::{broken, in_vain};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    exit_status: u8,
    server: Server<'a>,
    addresses: Vec<Address>,
    addresses_not_tried: usize,
    greeting: Option<ReplyJson>,
    ehlo: Option<ReplyJson>,
    extensions: Vec<Extension>,
    size_limit: Option<u64>,
    log_in: Vec<LogIn>,
    tls: Tls<'a>,
    checks: Checks,
    timing_ms: BTreeMap<String, Option<f64>>,
    findings: Vec<Finding>,
    error: Option<Error>,
}

#[derive(Serialize)]
struct Server<'a> {
    name: &'a str,
    address: Option<&'a str>,
    protocol: &'static str,
}

#[derive(Serialize)]
struct Address {
    address: String,
    time_ms: f64,
    error: Option<String>,
}

#[derive(Serialize)]
struct Extension {
    line: String,
    keyword: String,
    meaning: Option<String>,
    in_clear: bool,
    in_tls: Option<bool>,
}

#[derive(Serialize)]
struct LogIn {
    mechanism: String,
    in_clear: bool,
    in_tls: Option<bool>,
    refused_in_clear: bool,
    shows_password: bool,
}

#[derive(Serialize)]
struct Tls<'a> {
    by: Option<&'static str>,
    starttls: &'static str,
    version: Option<&'a str>,
    cipher: Option<&'a str>,
    key_exchange: Option<&'a str>,
    versions: BTreeMap<&'static str, &'static str>,
    verified: Option<bool>,
    fault: Option<String>,
    chain: Vec<Link>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Link {
    #[serde(flatten)]
    certificate: Certificate,
    days_left: Option<i64>,
}

#[derive(Serialize)]
struct Checks {
    command_ahead_of_tls: &'static str,
    octets_behind_220: usize,
    pipelining: &'static str,
    pipelining_why: Option<String>,
    bare_lf: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    vrfy: Option<ReplyJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expn: Option<ReplyJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relay: Option<Relay>,
}

#[derive(Serialize)]
struct Relay {
    from: String,
    to: String,
    outcome: &'static str,
    reply: Option<ReplyJson>,
}

#[derive(Serialize)]
struct Finding {
    weight: &'static str,
    name: &'static str,
    title: String,
    advice: &'static str,
}

/// The whole report on one line, without a line end.
#[must_use]
pub fn render(report: &ProbeReport) -> String {
    let facts = &report.probe.facts;
    let mut timing_ms: BTreeMap<String, Option<f64>> = phases(&facts.timing)
        .into_iter()
        .map(|(name, time)| (name.replace(' ', "_"), time.map(milliseconds)))
        .collect();
    timing_ms.insert("total".to_owned(), Some(milliseconds(facts.timing.total)));
    let hello = facts.hello_inside.as_ref().or(facts.hello.as_ref());
    // What is offered where nobody looked is not known.
    let inside = |offered: bool| facts.not_inside().is_none().then_some(offered);
    let root = Root {
        version: 1,
        exit_status: report.exit_status().0,
        server: Server {
            name: &report.name,
            address: Some(facts.peer.as_str()).filter(|peer| !peer.is_empty()),
            protocol: protocol(report.protocol),
        },
        addresses: facts.addresses.iter().map(|one| address(report, one)).collect(),
        addresses_not_tried: facts.left_out,
        greeting: reply(facts.greeting.as_ref()),
        ehlo: reply(hello.map(|hello| &hello.reply)),
        extensions: offers(facts)
            .into_iter()
            .filter(|offer| !offer.line.is_empty())
            .map(|offer| extension(inside(offer.in_tls), offer))
            .collect(),
        size_limit: hello.and_then(|hello| hello.extensions.size_limit()),
        log_in: mechanisms(facts).into_iter().map(|one| log_in(inside(one.in_tls), one)).collect(),
        tls: tls(report),
        checks: checks(facts),
        timing_ms,
        findings: report.findings().iter().map(finding).collect(),
        error: report.error().map(|one| error(one, None)),
    };
    written(&root)
}

fn address(report: &ProbeReport, address: &probe::Address) -> Address {
    Address {
        address: address.address.to_string(),
        time_ms: milliseconds(address.time),
        error: report.probe.in_vain(address).map(in_vain),
    }
}

fn extension(in_tls: Option<bool>, offer: Offer) -> Extension {
    Extension {
        keyword: offer.keyword().to_ascii_uppercase(),
        meaning: meaning::extension(offer.keyword()),
        in_clear: offer.in_clear,
        in_tls,
        line: offer.line,
    }
}

fn log_in(in_tls: Option<bool>, mechanism: Mechanism) -> LogIn {
    LogIn {
        mechanism: mechanism.name,
        in_clear: mechanism.in_clear,
        in_tls,
        refused_in_clear: !mechanism.in_clear,
        shows_password: mechanism.shows_password,
    }
}

fn tls(report: &ProbeReport) -> Tls<'_> {
    let facts = &report.probe.facts;
    let tls = facts.tls.as_ref();
    Tls {
        by: tls.map(|_| if facts.start_tls == StartTlsOutcome::Done { "starttls" } else { "implicit" }),
        starttls: match facts.start_tls {
            StartTlsOutcome::NotTried => "not tried",
            StartTlsOutcome::NotOffered => "not offered",
            StartTlsOutcome::Refused(_) => "refused",
            StartTlsOutcome::Failed => "failed",
            StartTlsOutcome::Done => "done",
        },
        version: tls.and_then(|tls| tls.version.as_deref()),
        cipher: tls.and_then(|tls| tls.cipher.as_deref()),
        key_exchange: tls.and_then(|tls| tls.key_exchange.as_deref()),
        versions: versions(facts).into_iter().collect(),
        verified: tls.map(|tls| tls.verified),
        fault: tls.and_then(|tls| tls.fault.as_ref()).map(ToString::to_string),
        chain: tls.map(|tls| chain(report, tls)).unwrap_or_default(),
        error: report.probe.no_tls().map(words::client_error),
    }
}

fn chain(report: &ProbeReport, tls: &TlsInfo) -> Vec<Link> {
    let link = |one: crate::net::tls::Certificate| Link {
        days_left: one.contents.as_ref().map(|contents| days_left(report.context.now, contents.not_after)),
        certificate: certificate(one),
    };
    tls.certificates().into_iter().map(link).collect()
}

fn checks(facts: &Facts) -> Checks {
    Checks {
        command_ahead_of_tls: match facts.injection {
            Injection::NotTried => "not tried",
            Injection::Discarded => "discarded",
            Injection::Stopped => "stopped",
            Injection::Executed => "executed",
        },
        octets_behind_220: facts.behind_220,
        pipelining: match facts.pipelining {
            Pipelining::NotTried => "not tried",
            Pipelining::Kept => "kept",
            Pipelining::Broken(_) => "broken",
        },
        pipelining_why: match &facts.pipelining {
            Pipelining::Broken(how) => Some(broken(how)),
            Pipelining::NotTried | Pipelining::Kept => None,
        },
        bare_lf: facts.bare_lf,
        vrfy: reply(facts.vrfy.as_ref()),
        expn: reply(facts.expn.as_ref()),
        relay: facts.relay.as_ref().map(|one| Relay {
            from: one.question.from.to_string(),
            to: one.question.to.to_string(),
            outcome: relay(one.outcome),
            reply: reply(one.reply.as_ref()),
        }),
    }
}

fn finding(finding: &probe::Finding<'_>) -> Finding {
    let told = told(&finding.what);
    Finding { weight: finding.weight.name(), name: told.name, title: told.title, advice: told.advice }
}
