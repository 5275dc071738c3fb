//! A screen for a person: what there is on each topic, and the findings at the end.

use super::report::CheckReport;
use crate::check::{Client, Facts, KeyFound, Listed, MtaStsState, SpfState, State, Talk, described, matches};
use crate::probe::Weight;
use crate::report::findings;
use crate::report::screen::{Look, Screen};
use crate::route::mta_sts::Applied;
use crate::route::{Demand, Host};
use crate::words;
use crate::words::check::told;
use crate::words::finding::Told;

/// So many TLSA records of a host are shown.
const MOST_TLSA: usize = 10;
/// No record takes more columns.
const LONGEST: usize = 300;

/// The whole report.
#[must_use]
pub fn render(report: &CheckReport, look: Look) -> String {
    let mut screen = Screen::new(look.width);
    if let Some(facts) = &report.facts {
        screen.row("domain", &facts.domain);
        if facts.mail.is_there() {
            mail(report, facts, &mut screen);
            spf(facts, &mut screen);
            dkim(facts, &mut screen);
            dmarc(facts, &mut screen);
            policies(facts, &mut screen);
        }
        for client in &facts.clients {
            of_client(client, &mut screen);
        }
        if let Some(message) = &facts.message {
            screen.label("message");
            for (label, line) in words::check::judged(message) {
                screen.line(&format!("{label}: {line}"));
            }
        }
        screen.line("");
        told_findings(report, look.color, &mut screen);
    }
    screen.out
}

/// The findings alone; nothing if there are only notes.
#[must_use]
pub fn findings_alone(report: &CheckReport, look: Look) -> String {
    let mut screen = Screen::new(look.width);
    if report.findings().iter().any(|finding| finding.weight != Weight::Note) {
        told_findings(report, look.color, &mut screen);
    }
    screen.out
}

fn told_findings(report: &CheckReport, color: bool, screen: &mut Screen) {
    let all: Vec<(Weight, Told)> =
        report.findings().iter().map(|finding| (finding.weight, told(&finding.what))).collect();
    findings::print(&all, "none", color, screen);
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn mail(report: &CheckReport, facts: &Facts, screen: &mut Screen) {
    let plan = match &facts.mail.plan {
        Ok(plan) => plan,
        Err(why) if facts.mail.takes_mail() && facts.mail.failed.is_empty() => {
            return screen.row("mx", &why.to_string());
        }
        Err(_) if facts.mail.takes_mail() => return screen.row("mx", "not known"),
        Err(_) => return screen.row("mx", ". (takes no mail)"),
    };
    let secure = match (&plan.no_dane, plan.secure) {
        (Some(_), _) => "not checked",
        (None, true) => "validated",
        (None, false) => "not signed",
    };
    screen.row("dnssec", secure);
    screen.label("mx");
    for host in &plan.hosts {
        let preference = host.mx.preference.map_or(String::new(), |preference| format!("{preference} "));
        let addresses: Vec<String> = host.addresses.iter().map(ToString::to_string).collect();
        let addresses = match addresses.as_slice() {
            [] => "no address that can be connected to".to_owned(),
            some => some.join(" "),
        };
        let secure = if host.secure { ", validated" } else { "" };
        screen.line(&format!("{preference}{}: {addresses}{secure}", host.mx.name));
        let talk = facts.mail.talks.iter().find(|talk| talk.host == host.mx.name);
        match talk {
            Some(talk) => screen.indented(2, &of_talk(talk)),
            None if report.connects && host.addresses.is_empty() => {}
            None if facts.mail.is_cut_short => screen.indented(2, "not tested: the time was over"),
            None => screen.indented(2, "not talked with"),
        }
        dane(host, talk, screen);
    }
}

/// What a talk came to.
fn of_talk(talk: &Talk) -> String {
    let Some(tls) = talk.tls() else {
        return match &talk.probe.error {
            Some(error) if !talk.is_connected() => {
                format!("could not be tested: {}", words::client_error(error))
            }
            Some(error) => words::client_error(error),
            None => "no TLS".to_owned(),
        };
    };
    let version = tls.version.as_deref().unwrap_or("TLS");
    let certificate = match (&tls.fault, tls.verified, &tls.matched) {
        (_, true, Some(_)) => "certificate verified by DANE".to_owned(),
        (_, true, None) => "certificate verified".to_owned(),
        (Some(fault), false, _) => format!("certificate not verified: {fault}"),
        (None, false, _) => "certificate not verified".to_owned(),
    };
    format!("STARTTLS, {version}, {certificate}")
}

fn dane(host: &Host, talk: Option<&Talk>, screen: &mut Screen) {
    let all = matches(host, talk);
    for one in all.iter().take(MOST_TLSA) {
        let fits = match one.fits {
            _ if !one.record.is_usable() => "cannot be used",
            Some(true) => "matches",
            Some(false) => "does not match what is shown now",
            None => "not compared",
        };
        screen.indented(2, &format!("TLSA {}: {fits}", one.record));
    }
    if let Some(more @ 1..) = all.len().checked_sub(MOST_TLSA) {
        screen.indented(2, &format!("and {more} more TLSA records"));
    }
    if host.demand == Demand::Encryption {
        screen.indented(2, "TLSA: no record that can be used");
    }
}

fn spf(facts: &Facts, screen: &mut Screen) {
    let survey = &facts.spf.survey;
    screen.label("spf");
    match &survey.text {
        Some(text) => {
            screen.line(&cut(text));
            screen.line(&format!("look-ups: {} of 10", words::check::look_ups(survey.look_ups)));
        }
        None => screen.line(match facts.spf.state() {
            SpfState::Unknown => "not known",
            SpfState::Several => "more than one record",
            SpfState::None | SpfState::Record => "none",
        }),
    }
}

fn dkim(facts: &Facts, screen: &mut Screen) {
    screen.label("dkim");
    if facts.dkim.keys.is_empty() {
        screen.line(&format!("no key found under {} usual selectors", facts.dkim.tried));
    }
    for key in &facts.dkim.keys {
        screen.line(&format!("{}: {}", key.selector, of_key(key)));
    }
}

fn of_key(key: &KeyFound) -> String {
    match &key.state {
        State::Missing => "none".to_owned(),
        State::Failed(_) => "not known".to_owned(),
        State::There(Err(fault), _) => fault.to_string(),
        State::There(Ok(record), _) => {
            let (kind, bits) = described(record);
            let test = if record.is_test { ", a test (t=y)" } else { "" };
            format!("{kind}, {bits} bits{test}")
        }
    }
}

fn dmarc(facts: &Facts, screen: &mut Screen) {
    screen.label("dmarc");
    let Some(found) = &facts.dmarc.found else { return screen.line("not looked up") };
    match found.entry() {
        Some(entry) => {
            screen.line(&cut(&entry.text));
            if entry.domain != found.domain {
                let policy = found.policy(true).map_or("none", |policy| policy.name());
                screen.line(&format!("it is that of {}; for {}: {policy}", entry.domain, found.domain));
            }
        }
        None if found.unknown.is_some() => screen.line("not known"),
        None if found.faults.is_empty() => screen.line("none"),
        None => screen.line("none that counts"),
    }
}

fn policies(facts: &Facts, screen: &mut Screen) {
    screen.label("mta-sts");
    match (facts.mta_sts.applied(), facts.mta_sts.state()) {
        (Some(applied), _) => screen.line(&of_policy(applied)),
        (None, MtaStsState::Unknown) => screen.line("not known"),
        (None, MtaStsState::Unusable) => screen.line("none that counts"),
        (None, MtaStsState::NotNeeded) => screen.line("not needed"),
        (None, MtaStsState::None | MtaStsState::Policy) => screen.line("none"),
    }
    screen.label("tls-rpt");
    let reports = &facts.tls_reports;
    match reports.records.as_slice() {
        [] if reports.failed.is_some() => screen.line("not known"),
        [] => screen.line("none"),
        [record] => screen.line(&cut(record)),
        several => screen.line(&format!("{} records", several.len())),
    }
}

fn of_policy(applied: &Applied) -> String {
    let policy = &applied.policy;
    let mx: Vec<String> = policy.mx().iter().take(10).map(ToString::to_string).collect();
    let days = policy.max_age().as_secs() / 86_400;
    let age = match days {
        0 => format!("{} seconds", policy.max_age().as_secs()),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    let mx = if mx.is_empty() { String::new() } else { format!(": {}", mx.join(" ")) };
    format!("{}, id {}, holds for {age}{mx}", policy.mode().name(), applied.id)
}

fn of_client(client: &Client, screen: &mut Screen) {
    let names: Vec<String> = client
        .names
        .iter()
        .map(
            |(name, leads_back)| {
                if *leads_back { name.clone() } else { format!("{name} (does not lead back to it)") }
            },
        )
        .collect();
    let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
    screen.row("from-ip", &format!("{}: {names}", client.ip));
    screen.line(&format!("SPF: {}", client.spf.verdict.word()));
    for (zone, listed) in &client.lists {
        let said = match listed {
            Listed::No => "not listed".to_owned(),
            Listed::Yes(answer) => format!("listed ({answer})"),
            Listed::Refused(answer) => format!("no answer for this resolver ({answer})"),
            Listed::Odd(answer) => format!("not a blocklist's answer ({answer})"),
            Listed::NoList => "no blocklist".to_owned(),
            Listed::Failed => "not known".to_owned(),
        };
        screen.line(&format!("{zone}: {said}"));
    }
}
