//! From facts to findings: what is wrong, and how badly.

use super::facts::{Facts, Injection, Pipelining, StartTlsOutcome, Trial};
use super::finding::{Finding, Weight, What};
use super::names::names;
use super::relay::RelayOutcome;
use super::run::Probe;
use crate::net::Fault;
use crate::net::tls::TlsInfo;
use crate::net::tls::certificate::Moment;
use crate::sasl::shows_secret;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::reply::{Class, Reply};
use std::net::IpAddr;
use std::time::Duration;

/// A greeting later than this is late: some clients wait no longer than 30 seconds, and each message waits
/// anew.
const SLOW: Duration = Duration::from_secs(5);
/// With fewer than these it is worth a warning.
const DAYS_WARNING: i64 = 21;

/// What the facts are judged by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// The time it is.
    pub now: Moment,
    /// Others reach the server over the network, and by SMTP: STARTTLS and safe log-ins are expected of it.
    pub public: bool,
    /// It takes mail from other servers (port 25): those hardly ever verify its certificate's issuer.
    pub relay: bool,
    /// It takes mail from people and their programs (ports 587 and 465), who log in.
    pub submission: bool,
    /// With fewer days left than these a certificate is a serious matter.
    pub min_days: u16,
    /// The very certificate or key that the server should have is known.
    pub pinned: bool,
}

/// How many whole days are left until then; fewer than 0 once it is past.
#[must_use]
pub fn days_left(now: Moment, until: Moment) -> i64 {
    let seconds = i64::try_from(until.0).unwrap_or(i64::MAX).saturating_sub_unsigned(now.0);
    seconds.div_euclid(86_400)
}

/// The findings, the weightiest first.
#[must_use]
pub fn judge(probe: &Probe, context: Context) -> Vec<Finding<'_>> {
    let facts = &probe.facts;
    let mut findings = Vec::new();
    let mut add = |weight, what| findings.push(Finding { weight, what });
    if let Some(tls) = &facts.tls {
        certificate(tls, facts.own_host, context, &mut add);
        versions(facts, tls, &mut add);
    }
    start_tls(probe, context, &mut add);
    log_in(facts, context, &mut add);
    relay(facts, &mut add);
    names(facts, context.pinned, &mut add);
    told(facts, &mut add);
    conversation(probe, &mut add);
    findings.sort_by_key(|finding| finding.weight);
    findings
}

fn certificate<'a>(
    tls: &'a TlsInfo,
    own_host: bool,
    context: Context,
    add: &mut impl FnMut(Weight, What<'a>),
) {
    if let Some(fault) = &tls.fault {
        let usual_here = own_host && is_usual_here(fault);
        let weight = match fault {
            _ if usual_here => Weight::Note,
            Fault::UnknownIssuer | Fault::SelfSigned if context.relay || !context.public => Weight::Warning,
            Fault::NotChecked => Weight::Note,
            _ => Weight::Serious,
        };
        add(weight, What::Certificate { fault, own_host: usual_here });
    }
    // A fault that is found first hides this one.
    let Some(contents) = tls.certificate().and_then(|certificate| certificate.contents) else { return };
    let known = matches!(tls.fault, Some(Fault::Expired(_) | Fault::NotYetValid(_)));
    // A pin takes the place of the dates, and so does a TLSA record with usage 3 (RFC 7672, section 3.1.1).
    let by_tlsa = tls.matched.as_ref().is_some_and(|record| record.usage == 3);
    let known = known || (context.pinned && tls.fault.is_none()) || by_tlsa;
    let (days, on) = (days_left(context.now, contents.not_after), contents.not_after);
    let weight = match days {
        _ if known => return,
        days if days < i64::from(context.min_days) => Weight::Serious,
        ..DAYS_WARNING => Weight::Warning,
        DAYS_WARNING.. => return,
    };
    add(weight, if days < 0 { What::CertificateExpired(on) } else { What::CertificateExpires { days, on } });
}

/// Whether it is a fault only for others: nobody can be in between on this host, and its own name for itself is
/// in no certificate.
fn is_usual_here(fault: &Fault) -> bool {
    match fault {
        Fault::UnknownIssuer | Fault::SelfSigned => true,
        Fault::WrongName { expected, .. } => {
            expected.eq_ignore_ascii_case("localhost") || expected.parse::<IpAddr>().is_ok()
        }
        _ => false,
    }
}

fn versions<'a>(facts: &Facts, tls: &TlsInfo, add: &mut impl FnMut(Weight, What<'a>)) {
    if tls.version.as_deref() == Some("TLSv1.2") {
        add(Weight::Note, What::NoTls13);
    }
    if facts.tls12 == Trial::Refused {
        add(Weight::Note, What::NoTls12);
    }
    let (tls11, tls10) = (facts.tls11 == Trial::Accepted, facts.tls10 == Trial::Accepted);
    if tls11 || tls10 {
        add(Weight::Warning, What::OldTls { tls11, tls10 });
    }
}

fn start_tls<'a>(probe: &'a Probe, context: Context, add: &mut impl FnMut(Weight, What<'a>)) {
    let facts = &probe.facts;
    match &facts.start_tls {
        StartTlsOutcome::NotOffered if context.public || context.pinned => {
            // Who knows the certificate expects TLS everywhere.
            let own_host = facts.own_host && !context.pinned;
            let weight = if own_host { Weight::Warning } else { Weight::Serious };
            add(weight, What::StartTlsMissing { own_host });
        }
        StartTlsOutcome::Refused(reply) => add(Weight::Serious, What::StartTlsRefused(reply)),
        StartTlsOutcome::Failed => add(Weight::Serious, What::StartTlsFails(probe.no_tls())),
        StartTlsOutcome::NotOffered | StartTlsOutcome::NotTried | StartTlsOutcome::Done => {}
    }
    if let Some(code) = facts.go_ahead.filter(|code| *code != 220) {
        add(Weight::Note, What::StartTlsCode(code));
    }
    if facts.injection == Injection::Executed {
        add(Weight::Serious, What::CommandsAheadOfTls);
    }
    if facts.behind_220 > 0 {
        add(Weight::Serious, What::OctetsBehind220(facts.behind_220));
    }
}

fn log_in<'a>(facts: &Facts, context: Context, add: &mut impl FnMut(Weight, What<'a>)) {
    let in_clear = facts.in_clear().map(|hello| hello.extensions.mechanisms()).unwrap_or_default();
    let inmost = facts.hello_inside.as_ref().or(facts.hello.as_ref());
    let answered = inmost.filter(|hello| hello.reply.is_positive() && facts.not_inside().is_none());
    if context.submission && answered.is_some_and(|hello| hello.extensions.mechanisms().is_empty()) {
        add(Weight::Warning, What::SubmissionWithoutAuth);
    }
    if in_clear.is_empty() || !context.public {
        return;
    }
    let mechanisms: Vec<String> = in_clear.iter().filter(|name| shows_secret(name)).cloned().collect();
    let own_host = facts.own_host;
    if mechanisms.is_empty() {
        let weight = if own_host { Weight::Note } else { Weight::Warning };
        add(weight, What::AuthInClear { mechanisms: in_clear, own_host });
    } else {
        let weight = if own_host { Weight::Warning } else { Weight::Serious };
        add(weight, What::PasswordInClear { mechanisms, own_host });
    }
}

/// A server may take anything from its own host, and most do.
fn relay<'a>(facts: &'a Facts, add: &mut impl FnMut(Weight, What<'a>)) {
    let Some(relay) = facts.relay.as_ref().filter(|relay| relay.outcome == RelayOutcome::Accepted) else {
        return;
    };
    let own_host = facts.own_host;
    let weight = if own_host { Weight::Warning } else { Weight::Serious };
    add(weight, What::Relays { question: &relay.question, own_host });
}

/// VRFY and EXPN that tell anybody who is there (RFC 5321, section 7.3). The server's own host is not anybody.
fn told<'a>(facts: &Facts, add: &mut impl FnMut(Weight, What<'a>)) {
    let is_told = |reply: &Reply| matches!(reply.code(), 250 | 251);
    let own_host = facts.own_host;
    if facts.expn.as_ref().is_some_and(is_told) {
        let weight = if own_host { Weight::Note } else { Weight::Warning };
        add(weight, What::ExpnAnswered { own_host });
    }
    if facts.vrfy.as_ref().is_some_and(is_told) {
        add(Weight::Note, What::VrfyAnswered { own_host });
    }
}

/// From EHLO on.
fn conversation<'a>(probe: &'a Probe, add: &mut impl FnMut(Weight, What<'a>)) {
    let facts = &probe.facts;
    let Some(hello) = facts.hello.as_ref() else { return };
    // Who is busy, or closing, has said nothing of extensions (RFC 5321, section 3.8).
    if !hello.reply.is_positive() && hello.reply.class() != Class::Transient {
        let (protocol, code) = (hello.protocol, hello.reply.code());
        add(Weight::Serious, What::EhloRefused { protocol, code });
    }
    if let Some(slow) = facts.timing.greeting.filter(|time| *time >= SLOW) {
        add(Weight::Warning, What::GreetingSlow(slow));
    }
    if facts.bare_lf {
        add(Weight::Warning, What::BareLf);
    }
    if let Pipelining::Broken(how) = &facts.pipelining {
        add(Weight::Warning, What::PipeliningBroken(how));
    }
    for address in facts.addresses.iter().filter(|address| probe.in_vain(address).is_some()) {
        add(Weight::Warning, What::AddressDead(address.address));
    }
    let inmost = facts.hello_inside.as_ref().unwrap_or(hello);
    // What is not offered in clear may be offered inside TLS, where nobody looked.
    if !inmost.reply.is_positive() || facts.not_inside().is_some() {
        return;
    }
    if !inmost.extensions.offers(Extension::EightBitMime) {
        add(Weight::Note, What::EightBitMimeMissing);
    }
    if !inmost.extensions.offers(Extension::Size) {
        add(Weight::Note, What::SizeMissing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_past_ones_are_negative() {
        let days = |now, until| days_left(Moment(now), Moment(until));
        assert_eq!(days(0, 86_399), 0);
        assert_eq!(days(0, 86_400), 1);
        assert_eq!(days(1, 0), -1);
        assert_eq!(days(0, u64::MAX), i64::MAX / 86_400);
        assert_eq!(days(u64::MAX, 0), i64::MIN / 86_400 - 1);
    }
}
