//! The topics of a check as JSON.

use crate::check::{Facts, Listed, MessageFacts, MtaStsState, SpfState, State, described, matches};
use crate::words;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct HostJson<'a> {
    host: &'a str,
    preference: Option<u16>,
    addresses: Vec<String>,
    addresses_validated: bool,
    starttls: Option<bool>,
    tls_version: Option<&'a str>,
    verified: Option<bool>,
    fault: Option<String>,
    tlsa: Vec<Tlsa>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Tlsa {
    usage: u8,
    selector: u8,
    matching: u8,
    data: String,
    usable: bool,
    matches: Option<bool>,
}

#[derive(Serialize)]
pub(super) struct Spf<'a> {
    state: &'static str,
    record: Option<&'a str>,
    look_ups: usize,
    voids: usize,
}

#[derive(Serialize)]
pub(super) struct Dkim<'a> {
    selector: &'a str,
    state: &'static str,
    key_type: Option<&'static str>,
    key_bits: Option<u32>,
    is_test: Option<bool>,
}

#[derive(Serialize)]
pub(super) struct Dmarc<'a> {
    record: Option<&'a str>,
    domain: Option<&'a str>,
    organizational_domain: Option<&'a str>,
    policy: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct MtaSts<'a> {
    state: &'static str,
    id: Option<&'a str>,
    mode: Option<&'static str>,
    max_age_s: Option<u64>,
    mx: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct ClientJson<'a> {
    ip: String,
    names: Vec<Name<'a>>,
    spf: &'static str,
    blocklists: Vec<List<'a>>,
}

#[derive(Serialize)]
struct Name<'a> {
    name: &'a str,
    leads_back: bool,
}

#[derive(Serialize)]
struct List<'a> {
    zone: &'a str,
    state: &'static str,
    answer: Option<String>,
}

#[derive(Serialize)]
pub(super) struct MessageJson<'a> {
    from_domains: &'a [String],
    reverse_path: Option<String>,
    reverse_path_is_from: bool,
    client: Option<String>,
    spf: Option<SpfVerdict<'a>>,
    dkim: Vec<Signature<'a>>,
    dkim_not_looked_at: usize,
    dmarc: Option<DmarcVerdict<'a>>,
}

#[derive(Serialize)]
struct SpfVerdict<'a> {
    verdict: &'static str,
    domain: Option<&'a str>,
    term: Option<&'a str>,
    reason: Option<String>,
    look_ups: usize,
    voids: usize,
}

#[derive(Serialize)]
struct Signature<'a> {
    verdict: &'static str,
    domain: Option<&'a str>,
    selector: Option<&'a str>,
    reason: Option<String>,
    is_test: bool,
}

#[derive(Serialize)]
struct DmarcVerdict<'a> {
    passes: bool,
    by_spf: Option<&'a str>,
    by_dkim: Option<&'a str>,
    policy: Option<&'static str>,
    is_test: bool,
}

pub(super) fn hosts(facts: &Facts) -> Vec<HostJson<'_>> {
    let Ok(plan) = &facts.mail.plan else { return Vec::new() };
    let all = plan.hosts.iter().map(|host| {
        let crate::route::Host { mx, addresses, secure, .. } = host;
        let talk = facts.mail.talks.iter().find(|talk| talk.host == mx.name);
        let tls = talk.and_then(|talk| talk.tls());
        let tlsa = matches(host, talk).into_iter().map(|one| Tlsa {
            usage: one.record.usage,
            selector: one.record.selector,
            matching: one.record.matching,
            data: one.record.data.iter().map(|octet| format!("{octet:02x}")).collect(),
            usable: one.record.is_usable(),
            matches: one.fits,
        });
        HostJson {
            host: &mx.name,
            preference: mx.preference,
            addresses: addresses.iter().map(ToString::to_string).collect(),
            addresses_validated: *secure,
            starttls: talk.filter(|talk| talk.probe.facts.hello.is_some()).map(|_| tls.is_some()),
            tls_version: tls.and_then(|tls| tls.version.as_deref()),
            verified: tls.map(|tls| tls.verified),
            fault: tls.and_then(|tls| tls.fault.as_ref()).map(ToString::to_string),
            tlsa: tlsa.collect(),
            error: talk.and_then(|talk| talk.probe.error.as_ref()).map(words::client_error),
        }
    });
    all.collect()
}

pub(super) fn spf(facts: &Facts) -> Spf<'_> {
    let survey = &facts.spf.survey;
    let state = match facts.spf.state() {
        SpfState::Record => "record",
        SpfState::None => "none",
        SpfState::Several => "several",
        SpfState::Unknown => "unknown",
    };
    Spf { state, record: survey.text.as_deref(), look_ups: survey.look_ups, voids: survey.voids }
}

pub(super) fn dkim(facts: &Facts) -> Vec<Dkim<'_>> {
    let keys = facts.dkim.keys.iter().map(|key| {
        let (state, record) = match &key.state {
            State::Missing => ("missing", None),
            State::Failed(_) => ("unknown", None),
            State::There(Ok(record), _) => ("good", Some(record)),
            State::There(Err(crate::dkim::RecordFault::Revoked), _) => ("revoked", None),
            State::There(Err(_), _) => ("unusable", None),
        };
        let (key_type, key_bits) = record.map(described).unzip();
        Dkim {
            selector: &key.selector,
            state,
            key_type,
            key_bits,
            is_test: record.map(|record| record.is_test),
        }
    });
    keys.collect()
}

pub(super) fn dmarc(facts: &Facts) -> Dmarc<'_> {
    let found = facts.dmarc.found.as_ref();
    let entry = found.and_then(|found| found.entry());
    Dmarc {
        record: entry.map(|entry| entry.text.as_str()),
        domain: entry.map(|entry| entry.domain.as_str()),
        organizational_domain: found.map(|found| found.organizational.as_str()),
        policy: found.and_then(|found| found.policy(true)).map(|policy| policy.name()),
    }
}

pub(super) fn mta_sts(facts: &Facts) -> MtaSts<'_> {
    let applied = facts.mta_sts.applied();
    let state = match facts.mta_sts.state() {
        MtaStsState::Policy => "policy",
        MtaStsState::Unknown => "unknown",
        MtaStsState::None => "none",
        MtaStsState::Unusable => "unusable",
        MtaStsState::NotNeeded => "not needed",
    };
    MtaSts {
        state,
        id: applied.map(|applied| applied.id.as_str()),
        mode: applied.map(|applied| applied.policy.mode().name()),
        max_age_s: applied.map(|applied| applied.policy.max_age().as_secs()),
        mx: applied
            .map(|applied| applied.policy.mx().iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
    }
}

/// What there is for reports on TLS.
pub(super) fn tls_rpt_state(facts: &Facts) -> &'static str {
    match facts.tls_reports.records.len() {
        0 if facts.tls_reports.failed.is_some() => "unknown",
        0 => "none",
        1 => "record",
        _ => "several",
    }
}

pub(super) fn clients(facts: &Facts) -> Vec<ClientJson<'_>> {
    fn list((zone, listed): &(String, Listed)) -> List<'_> {
        let (state, answer) = match listed {
            Listed::No => ("not listed", None),
            Listed::Yes(answer) => ("listed", Some(answer.to_string())),
            Listed::Refused(answer) => ("refused", Some(answer.to_string())),
            Listed::Odd(answer) => ("no answer of a list", Some(answer.to_string())),
            Listed::NoList => ("no list", None),
            Listed::Failed => ("unknown", None),
        };
        List { zone, state, answer }
    }
    facts
        .clients
        .iter()
        .map(|one| ClientJson {
            ip: one.ip.to_string(),
            names: one
                .names
                .iter()
                .map(|(name, leads_back)| Name { name, leads_back: *leads_back })
                .collect(),
            spf: one.spf.verdict.word(),
            blocklists: one.lists.iter().map(list).collect(),
        })
        .collect()
}

pub(super) fn message(message: &MessageFacts) -> MessageJson<'_> {
    let spf = message.spf.as_ref().map(|found| SpfVerdict {
        verdict: found.verdict.word(),
        domain: found.by.as_ref().map(|(domain, _)| domain.as_str()),
        term: found.by.as_ref().map(|(_, term)| term.as_str()),
        reason: found.trouble.as_ref().map(words::check::trouble),
        look_ups: found.look_ups,
        voids: found.voids,
    });
    let signatures = message.signatures.iter().map(|one| Signature {
        verdict: one.verdict.word(),
        domain: one.claims.domain.as_deref(),
        selector: one.claims.selector.as_deref(),
        reason: words::dkim::verdict(&one.verdict, None),
        is_test: one.is_test,
    });
    MessageJson {
        from_domains: &message.authors,
        reverse_path: message.sender.as_ref().map(|(local, domain)| format!("{local}@{domain}")),
        reverse_path_is_from: message.is_assumed,
        client: message.client.map(|ip| ip.to_string()),
        spf,
        dkim: signatures.collect(),
        dkim_not_looked_at: message.left_out,
        dmarc: message.dmarc.as_ref().filter(|one| one.passes || !message.is_open()).map(|one| {
            DmarcVerdict {
                passes: one.passes,
                by_spf: one.by_spf.as_deref(),
                by_dkim: one.by_dkim.as_deref(),
                policy: one.policy.map(|policy| policy.name()),
                is_test: one.is_test,
            }
        }),
    }
}
