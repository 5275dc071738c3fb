//! A screen for a person: labels on the left, what matters on the right, the findings at the end.

use super::names::{self, phases, versions};
use super::offers::{Offer, mechanisms, offers};
use super::report::ProbeReport;
use crate::meaning;
use crate::net::tls::certificate::{Contents, few, short};
use crate::net::tls::{Certificate, TlsInfo};
use crate::probe::{Facts, Injection, Pipelining, Relay, StartTlsOutcome, Timing, Weight, days_left};
use crate::report::findings;
use crate::report::json::protocol;
use crate::report::screen::{Look, Screen, size};
use crate::report::text::printable;
use crate::report::width;
use crate::words;
use crate::words::finding::{Told, told};
use crate::words::probe::{answer, broken, in_vain, not_inside};
use ehlo_smtp::extension::Extension;
use ehlo_smtp::reply::{Class, Reply, in_brief};
use ehlo_smtp::session::Protocol;
use std::time::Duration;

/// The room for a phase and its time.
const TIME: usize = 16;
/// The widest column of extensions.
const WIDEST: usize = 26;
/// The most extensions that a screen has room for.
const MOST: usize = 24;

/// The whole report.
#[must_use]
pub fn render(report: &ProbeReport, look: Look) -> String {
    let facts = &report.probe.facts;
    let mut screen = Screen::new(look.width);
    screen.row("server", &format!("{} ({})", report.name, protocol(report.protocol)));
    screen.label("addresses");
    for address in &facts.addresses {
        let asked = facts.addresses.len() > 1 && address.address.to_string() == facts.peer;
        let outcome = report.probe.in_vain(address).map_or("connected".to_owned(), in_vain);
        let and = if asked { ", probed" } else { "" };
        let name = address.address.to_string();
        screen.beside(&name, width::of(&name) + 2, &format!("{outcome}, {}{and}", ms(address.time)));
    }
    if facts.left_out > 0 {
        screen.line(&format!("and {} more, not tried", facts.left_out));
    }
    if let Some(greeting) = &facts.greeting {
        screen.row("greeting", &answer(greeting));
    }
    if let Some(hello) = facts.hello.as_ref().filter(|hello| hello.reply.is_positive()) {
        let name = hello.reply.text().next().unwrap_or_default();
        let label = match hello.protocol {
            Protocol::Smtp => "ehlo",
            Protocol::Lmtp => "lhlo",
        };
        screen.row(label, &short(&name));
    }
    extensions(report, &mut screen);
    log_in(facts, &mut screen);
    tls(report, &mut screen);
    match &facts.pipelining {
        Pipelining::NotTried => {}
        Pipelining::Kept => screen.row("pipelining", "works: two commands in one write got two replies"),
        Pipelining::Broken(how) => {
            screen.row("pipelining", &format!("does not work: {}", in_brief(&broken(how))));
        }
    }
    if let Some(relay) = &facts.relay {
        screen.row("relay", &relayed(relay));
    }
    times(&facts.timing, &mut screen);
    screen.line("");
    told_findings(report, look.color, &mut screen);
    screen.out
}

/// The findings alone; nothing if there are only notes.
#[must_use]
pub fn findings_alone(report: &ProbeReport, look: Look) -> String {
    let mut screen = Screen::new(look.width);
    if report.findings().iter().any(|finding| finding.weight != Weight::Note) {
        told_findings(report, look.color, &mut screen);
    }
    screen.out
}

fn extensions(report: &ProbeReport, screen: &mut Screen) {
    let Some(hello) = &report.probe.facts.hello else { return };
    screen.label("extensions");
    if !hello.reply.is_positive() {
        let (told, said) =
            if is_answered(&report.probe.facts) { ("none", "refused") } else { ("not known", "deferred") };
        let verb = words::probe::hello(hello.protocol);
        screen.line(&format!("{told}: {verb} is {said}, {}", answer(&hello.reply)));
        return;
    }
    let offers: Vec<Offer> = offers(&report.probe.facts).into_iter().filter(|o| !o.line.is_empty()).collect();
    if offers.is_empty() {
        screen.line("none");
    }
    // Parameters that have no room in the column stand below.
    let is_long = |offer: &Offer| width::of(&printable(&offer.line)) > WIDEST;
    let shown = |offer: &Offer| {
        let line = if is_long(offer) { offer.keyword() } else { &offer.line };
        width::cut(&printable(line), WIDEST)
    };
    let both = report.probe.facts.in_clear().is_some() && report.probe.facts.in_tls().is_some();
    let place = |offer: &Offer| match (both, offer.in_clear, offer.in_tls) {
        (false, _, _) => "",
        (true, true, true) => "both",
        (true, true, false) => "before TLS",
        (true, false, _) => "inside TLS",
    };
    let column = 2 + offers.iter().take(MOST).map(|offer| width::of(&shown(offer))).max().unwrap_or(0);
    let columns = column + if both { "before TLS".len() + 2 } else { 0 };
    for offer in offers.iter().take(MOST) {
        let lead = format!("{}{}", width::padded(&shown(offer), column), place(offer));
        screen.beside(&lead, columns, &meaning_of(&report.probe.facts, offer));
        let parameters = offer.line.get(offer.keyword().len()..).unwrap_or_default().trim();
        if is_long(offer) && !parameters.is_empty() {
            screen.indented(2, parameters);
        }
    }
    if offers.len() > MOST {
        screen.line(&format!("and {} more (--json lists them all)", offers.len() - MOST));
    }
}

/// What an extension means; of SIZE, how much that is.
fn meaning_of(facts: &Facts, offer: &Offer) -> String {
    let limit = || offer.line.split_whitespace().nth(1)?.parse::<u64>().ok();
    let extension = Extension::named(offer.keyword());
    match (extension, limit()) {
        (Some(Extension::Size), Some(limit @ 1..)) => format!("messages of up to {} (RFC 1870)", size(limit)),
        (Some(Extension::Size), _) => "no size limit given (RFC 1870)".to_owned(),
        _ => {
            let meaning = meaning::extension(offer.keyword());
            let meaning = meaning.unwrap_or_else(|| "unknown: not a registered extension".to_owned());
            let asked = match extension {
                Some(Extension::Vrfy) => facts.vrfy.as_ref(),
                Some(Extension::Expn) => facts.expn.as_ref(),
                _ => None,
            };
            match asked {
                Some(reply) => format!("{meaning}; {}", answered(reply)),
                None => meaning,
            }
        }
    }
}

/// What VRFY or EXPN said of postmaster.
fn answered(reply: &Reply) -> String {
    let code = reply.code();
    match code {
        250 | 251 => format!("answers for postmaster ({code})"),
        252 => "does not tell (252)".to_owned(),
        400..=499 => format!("not now ({code})"),
        500..=599 => format!("refused ({code})"),
        _ => format!("answers with {code}"),
    }
}

/// What came of the question whether it relays.
fn relayed(relay: &Relay) -> String {
    let from = relay.question.from.to_string();
    let from = if from.is_empty() { "<>".to_owned() } else { short(&from) };
    let outcome = match (relay.outcome, &relay.reply) {
        (outcome, Some(reply)) => format!("{}, {}", names::relay(outcome), answer(reply)),
        (outcome, None) => format!("{}: there was no proper reply", names::relay(outcome)),
    };
    format!("from {from} to {} without log-in: {outcome}", short(&relay.question.to.to_string()))
}

/// Whether EHLO was answered, were it by a refusal; one for now says nothing of what is offered.
fn is_answered(facts: &Facts) -> bool {
    facts.hello.as_ref().is_some_and(|hello| hello.reply.class() != Class::Transient)
}

fn log_in(facts: &Facts, screen: &mut Screen) {
    screen.label("log-in");
    if !is_answered(facts) {
        screen.line("not tried");
        return;
    }
    let (mechanisms, unseen) = (mechanisms(facts), facts.not_inside());
    let has_tls = facts.in_tls().is_some();
    let inside = if facts.in_clear().is_some() { "inside TLS, not offered in clear" } else { "inside TLS" };
    match unseen {
        None if mechanisms.is_empty() => screen.line("not offered"),
        Some(_) if mechanisms.is_empty() => screen.line("not offered in clear"),
        None | Some(_) => {}
    }
    for (in_clear, place) in [(true, "also in clear"), (false, inside)] {
        let there: Vec<&str> =
            mechanisms.iter().filter(|one| one.in_clear == in_clear).map(|one| one.name.as_str()).collect();
        let place = if in_clear && !has_tls { "in clear" } else { place };
        if !there.is_empty() {
            screen.line(&format!("{}: {place}", short(&there.join(" "))));
        }
    }
    // Inside TLS nobody can read it.
    let shown = mechanisms.iter().filter(|m| m.shows_password && m.in_clear);
    let shown: Vec<String> = shown.map(|m| m.name.clone()).collect();
    if !shown.is_empty() {
        screen.line(&format!("in clear, anybody on the way can read the password: {}", few(&shown)));
    }
    if let Some(why) = unseen {
        screen.line(&format!("inside TLS not tried: {}", not_inside(why)));
    }
}

fn tls(report: &ProbeReport, screen: &mut Screen) {
    let facts = &report.probe.facts;
    screen.label("tls");
    let Some(tls) = &facts.tls else {
        match (&facts.start_tls, report.probe.no_tls()) {
            (StartTlsOutcome::Refused(reply), _) => {
                screen.line(&format!("STARTTLS is refused: {}", answer(reply)));
            }
            (StartTlsOutcome::NotOffered, _) => screen.line("not offered"),
            (_, Some(error)) => screen.line(&words::client_error(error)),
            _ => screen.line("not tried"),
        }
        return;
    };
    let unknown = "unknown";
    let version = tls.version.as_deref().unwrap_or(unknown);
    let how = if facts.start_tls == StartTlsOutcome::Done { "by STARTTLS" } else { "from the first octet" };
    let cipher = tls.cipher.as_deref().unwrap_or(unknown);
    let group = tls.key_exchange.as_deref().unwrap_or(unknown);
    screen.line(&format!("{version} {how}"));
    screen.line(&format!("cipher {cipher}, key exchange {group}"));
    let short_name = |name: &'static str| name.trim_start_matches("TLSv");
    let said: Vec<String> =
        versions(facts).iter().map(|(name, word)| format!("{} {word}", short_name(name))).collect();
    screen.line(&format!("versions: {}", said.join(", ")));
    match facts.injection {
        Injection::NotTried => {}
        Injection::Discarded | Injection::Stopped => screen.line("not vulnerable to STARTTLS injection"),
        Injection::Executed => screen.line("vulnerable to STARTTLS injection"),
    }
    certificates(report, tls, screen);
}

fn certificates(report: &ProbeReport, tls: &TlsInfo, screen: &mut Screen) {
    screen.label("certificate");
    screen.line(&match (&tls.fault, tls.verified) {
        (_, true) => "verified".to_owned(),
        (Some(fault), false) => short(&format!("not verified: {fault}")),
        (None, false) => "not verified".to_owned(),
    });
    let chain = tls.certificates();
    let Some((own, others)) = chain.split_first() else { return };
    if let Some(contents) = &own.contents {
        screen.line(&format!("{}, issued by {}", subject(contents), short(&contents.issuer)));
        if !contents.names.is_empty() {
            screen.line(&format!("for {}", few(&contents.names)));
        }
        screen.line(&format!("{}, key {}", validity(report, contents), contents.key));
    }
    screen.line(&format!("--pin sha256:{}", own.sha256.base64()));
    screen.label("chain");
    for other in others.iter().take(4) {
        screen.line(&above(report, other));
        screen.indented(2, &format!("sha256:{}", other.sha256.base64()));
    }
    if others.len() > 4 {
        screen.line(&format!("and {} more", others.len() - 4));
    }
    screen.label("");
}

fn above(report: &ProbeReport, certificate: &Certificate) -> String {
    match &certificate.contents {
        Some(contents) => format!(
            "{}, issued by {}, {}, key {}",
            subject(contents),
            short(&contents.issuer),
            validity(report, contents),
            contents.key
        ),
        None => "cannot be read".to_owned(),
    }
}

fn subject(contents: &Contents) -> String {
    if contents.subject.is_empty() { "no subject".to_owned() } else { short(&contents.subject) }
}

fn validity(report: &ProbeReport, contents: &Contents) -> String {
    let days = days_left(report.context.now, contents.not_after);
    let counted = |days: i64| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let left = match days {
        ..-1 => format!("expired {} ago", counted(-1 - days)),
        -1 => "expired today".to_owned(),
        0.. => format!("{} left", counted(days)),
    };
    format!("valid {} to {}, {left}", contents.not_before, contents.not_after)
}

fn times(timing: &Timing, screen: &mut Screen) {
    let mut said: Vec<String> = Vec::new();
    for (name, time) in phases(timing) {
        said.extend(time.map(|time| format!("{name} {}", ms(time))));
    }
    said.push(format!("total {}", ms(timing.total)));
    screen.label("times");
    // So many in a line, whatever their digits, that a screen looks the same twice.
    said.chunks((screen.room() / TIME).max(1)).for_each(|some| screen.line(&some.join(", ")));
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn told_findings(report: &ProbeReport, color: bool, screen: &mut Screen) {
    let all: Vec<(Weight, Told)> =
        report.findings().iter().map(|finding| (finding.weight, told(&finding.what))).collect();
    let none = if report.error().is_none() { "none" } else { "unknown: the probe ended early" };
    findings::print(&all, none, color, screen);
}
