//! The same as JSON, version 1 (docs/json.md). Fields are added, never taken away, while the version stays.

use super::json_topics::{
    ClientJson, Dkim, Dmarc, HostJson, MessageJson, MtaSts, Spf, clients, dkim, dmarc, hosts, message,
    mta_sts, spf, tls_rpt_state,
};
use super::report::CheckReport;
use crate::check::{self, Facts, What};
use crate::report::json::{Error, error};
use crate::report::written::written;
use crate::route::NoDane;
use crate::words::check::told;
use serde::Serialize;

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    exit_status: u8,
    domain: &'a str,
    exists: Option<bool>,
    takes_mail: Option<bool>,
    dnssec: Option<&'static str>,
    mx: Vec<HostJson<'a>>,
    spf: Option<Spf<'a>>,
    dkim: Vec<Dkim<'a>>,
    dmarc: Option<Dmarc<'a>>,
    mta_sts: Option<MtaSts<'a>>,
    tls_rpt: Vec<&'a str>,
    tls_rpt_state: Option<&'static str>,
    clients: Vec<ClientJson<'a>>,
    message: Option<MessageJson<'a>>,
    findings: Vec<Finding>,
    error: Option<Error>,
}

#[derive(Serialize)]
struct Finding {
    weight: &'static str,
    name: &'static str,
    host: Option<String>,
    title: String,
    advice: &'static str,
}

/// The whole report on one line, without a line end.
#[must_use]
pub fn render(report: &CheckReport) -> String {
    let facts = report.facts.as_ref();
    let root = Root {
        version: 1,
        exit_status: report.exit_status().0,
        domain: facts.map_or(report.name.as_str(), |facts| &facts.domain),
        exists: facts.map(|facts| facts.mail.is_there()),
        takes_mail: facts.map(|facts| facts.mail.takes_mail()),
        dnssec: facts.map(dnssec),
        mx: facts.map(hosts).unwrap_or_default(),
        spf: facts.map(spf),
        dkim: facts.map(dkim).unwrap_or_default(),
        dmarc: facts.map(dmarc),
        mta_sts: facts.map(mta_sts),
        tls_rpt: facts
            .map(|facts| facts.tls_reports.records.iter().map(String::as_str).collect())
            .unwrap_or_default(),
        tls_rpt_state: facts.map(tls_rpt_state),
        clients: facts.map(clients).unwrap_or_default(),
        message: facts.and_then(|facts| facts.message.as_ref()).map(message),
        findings: report.findings().iter().map(finding).collect(),
        error: report.error.clone().map(|one| error(one, None)),
    };
    written(&root)
}

fn dnssec(facts: &Facts) -> &'static str {
    match &facts.mail.plan {
        Ok(plan) => match (&plan.no_dane, plan.secure) {
            (Some(NoDane::Untrusted), _) => "untrusted resolver",
            (Some(NoDane::NotValidating), _) => "resolver does not validate",
            (None, true) => "validated",
            (None, false) => "not signed",
        },
        Err(_) => "unknown",
    }
}

fn finding(finding: &check::Finding<'_>) -> Finding {
    let told = told(&finding.what);
    let host = match &finding.what {
        What::Host(host, _) | What::Talk(host, ..) => Some((*host).to_owned()),
        _ => None,
    };
    Finding { weight: finding.weight.name(), name: told.name, host, title: told.title, advice: told.advice }
}
