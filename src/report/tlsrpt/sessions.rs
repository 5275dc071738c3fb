//! What is noted of a message that went to a domain: a line for each session in which there was TLS, or should have been, and
//! one for each fault of the domain's policies. A host that nobody reached, or that let nobody in, has no line: TLS was not
//! tried there.

use super::line::{Ends, Line, Moment, Policy, PolicyType, is_domain};
use super::result::{Ended, ResultType, ended};
use crate::client::Error;
use crate::delivery::Outcome;
use crate::delivery::outcome::{Attempt, Server};
use crate::dns::DnsError;
use crate::net::Error as NetError;
use crate::net::tls::Tlsa;
use crate::report::text::printable;
use crate::route::mta_sts::{self, Mode};
use crate::route::{self, Host, HostFault, Plan, Routed};
use crate::words::tlsrpt as words;
use ehlo_smtp::extension::Extension;
use std::net::SocketAddr;

/// The most characters of a reason.
const LONGEST_REASON: usize = 200;
/// The most octets of the name that a server calls itself by.
const LONGEST_NAME: usize = 255;

/// The faults of a domain's policies that the way to it has shown.
#[must_use]
pub fn of_plan(plan: &Plan, at: &Moment) -> Vec<Line> {
    if !is_domain(&plan.domain) {
        return Vec::new();
    }
    let applied = plan.mta_sts.as_ref().and_then(|found| found.applied.as_ref());
    let line = |policy, host: Option<&Host>, result, why: &str| {
        let name = host.map(|host| host.mx.name.clone());
        let ends = Ends { receiving_mx_hostname: name, ..Ends::default() };
        Line::new(at, policy, ends, Some((result, reason(why))))
    };
    let by_sts = || sts(&plan.domain, applied.map(|applied| &applied.policy));
    let remarks = plan.mta_sts.iter().flat_map(|found| &found.remarks);
    let mut lines: Vec<Line> = remarks
        .filter_map(|remark| Some((remark, ResultType::of_remark(remark)?)))
        .map(|(remark, result)| line(by_sts(), None, result, &words::remark(remark)))
        .collect();
    for host in &plan.hosts {
        if !host.tlsa.is_empty() && !host.tlsa.iter().any(Tlsa::is_usable) {
            let policy = tlsa(&plan.domain, &host.tlsa);
            lines.push(line(policy, Some(host), ResultType::TlsaInvalid, words::NOT_USABLE));
        }
        match &host.fault {
            // These say nothing of the domain.
            Some(HostFault::Tlsa(
                DnsError::Network(_, NetError::Interrupted) | DnsError::NoResolver | DnsError::NoRandom,
            )) => {}
            Some(HostFault::Tlsa(error)) => {
                let policy = tlsa(&plan.domain, &[]);
                lines.push(line(policy, Some(host), ResultType::DnssecInvalid, &words::look_up(error)));
            }
            Some(HostFault::NotInPolicy { .. }) => {
                lines.push(line(by_sts(), Some(host), ResultType::ValidationFailure, words::NOT_LISTED));
            }
            _ => {}
        }
    }
    lines
}

/// The sessions with the hosts of domains.
#[must_use]
pub fn of_outcome(outcome: &Outcome, at: &Moment) -> Vec<Line> {
    outcome.attempts.iter().chain(&outcome.aside).filter_map(|attempt| session(attempt, at)).collect()
}

fn session(attempt: &Attempt, at: &Moment) -> Option<Line> {
    let (server, routed) = (attempt.server.as_ref()?, attempt.routed.as_ref()?);
    if !is_domain(&routed.domain) {
        return None;
    }
    let failure = failure(server, routed, attempt.error.as_ref())?;
    let address = server.address.parse::<SocketAddr>().ok();
    let ends = Ends {
        sending_mta_ip: server.local,
        receiving_mx_hostname: Some(routed.mx.clone()),
        receiving_mx_helo: helo(server),
        receiving_ip: address.map(|address| address.ip()),
    };
    let failure = failure.map(|(result, why)| (result, reason(&why)));
    Some(Line::new(at, policy(routed), ends, failure))
}

/// What failed in a session, if anything did; nothing at all if TLS was not tried in it.
fn failure(server: &Server, routed: &Routed, error: Option<&Error>) -> Option<Option<(ResultType, String)>> {
    let offers_tls = server.extensions.iter().any(|line| line == Extension::StartTls.keyword());
    match error.map(|error| (error, ended(error, server.tls.is_some()))) {
        Some((error, Ended::In(result))) => return Some(Some((result, words::failure(error)))),
        Some((_, Ended::Before)) => return None,
        // What comes after TLS went wrong, which is told elsewhere.
        Some((_, Ended::After)) | None => {}
    }
    let Some(tls) = &server.tls else {
        // In clear although it offers TLS: that failed in the session before.
        let why = (ResultType::StarttlsNotSupported, words::NOT_OFFERED.to_owned());
        return (!offers_tls).then_some(Some(why));
    };
    // What is only tested is not demanded, and so it is looked at here (RFC 8461, section 5).
    match &routed.policy {
        route::Policy::MtaSts { policy, covers, .. } if policy.mode() == Mode::Testing => {
            if !covers {
                return Some(Some((ResultType::ValidationFailure, words::NOT_LISTED.to_owned())));
            }
            let why = || match &tls.fault {
                Some(fault) => (ResultType::of_fault(fault), words::certificate(fault)),
                None => (ResultType::ValidationFailure, words::NOT_VERIFIED.to_owned()),
            };
            Some((!tls.verified).then(why))
        }
        _ => Some(None),
    }
}

fn policy(routed: &Routed) -> Policy {
    match &routed.policy {
        route::Policy::None => Policy {
            policy_type: PolicyType::NoPolicyFound,
            policy_string: Vec::new(),
            policy_domain: routed.domain.clone(),
            mx_host: Vec::new(),
        },
        route::Policy::Dane { records, .. } => tlsa(&routed.domain, records),
        route::Policy::MtaSts { policy, .. } => sts(&routed.domain, Some(policy)),
    }
}

/// The records in one order, for the DNS gives them in any.
fn tlsa(domain: &str, records: &[Tlsa]) -> Policy {
    let mut policy_string: Vec<String> = records.iter().map(Tlsa::in_full).collect();
    policy_string.sort_unstable();
    Policy {
        policy_type: PolicyType::Tlsa,
        policy_string,
        policy_domain: domain.to_owned(),
        mx_host: Vec::new(),
    }
}

fn sts(domain: &str, policy: Option<&mta_sts::Policy>) -> Policy {
    Policy {
        policy_type: PolicyType::Sts,
        policy_string: policy.map(mta_sts::Policy::lines).unwrap_or_default(),
        policy_domain: domain.to_owned(),
        mx_host: policy
            .map(|policy| policy.mx().iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
    }
}

/// The name by which a server greets: the first word (RFC 5321, section 4.2).
fn helo(server: &Server) -> Option<String> {
    let text = server.greeting.as_ref()?.text().next()?.into_owned();
    let name = text.split_ascii_whitespace().next()?;
    let is_name = name.len() <= LONGEST_NAME && name.bytes().all(|octet| octet.is_ascii_graphic());
    is_name.then(|| name.to_owned())
}

/// Printable, and not too long.
fn reason(why: &str) -> String {
    printable(why).chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests;
