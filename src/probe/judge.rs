//! From facts to findings: what is wrong, how badly, and what to do about it.

use super::facts::{Facts, Injection, Pipelining, StartTls, Trial};
use crate::net::Fault;
use crate::net::tls::TlsInfo;
use crate::net::tls::certificate::{Moment, few, short};
use crate::sasl::shows_secret;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::path::Domain;
use ehlo_smtp::reply::{Class, Reply, in_brief};
use std::time::Duration;

/// A greeting later than this is late: some clients wait no longer than 30 seconds, and each message waits
/// anew.
const SLOW: Duration = Duration::from_secs(5);
/// With fewer than these it is worth a warning.
const DAYS_WARNING: i64 = 21;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Mail or passwords are in danger, or will be soon: exit status 1.
    Serious,
    /// Somebody will have trouble with it.
    Warning,
    /// Good to know.
    Note,
}

impl Weight {
    /// The name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Weight::Serious => "serious",
            Weight::Warning => "warning",
            Weight::Note => "note",
        }
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// A name for programs, which does not change: `certificate_expires`.
    pub name: &'static str,
    /// What is wrong, in a line.
    pub title: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// What the facts are judged by.
#[derive(Debug, Clone, Copy)]
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
pub fn judge(facts: &Facts, context: Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(tls) = &facts.tls {
        certificate(tls, context, &mut findings);
        versions(facts, tls, &mut findings);
    }
    start_tls(facts, context, &mut findings);
    log_in(facts, context, &mut findings);
    manners(facts, &mut findings);
    findings.sort_by_key(|finding| finding.weight);
    findings
}

fn add(
    findings: &mut Vec<Finding>,
    weight: Weight,
    name: &'static str,
    title: impl Into<String>,
    advice: &'static str,
) {
    findings.push(Finding { weight, name, title: title.into(), advice });
}

fn certificate(tls: &TlsInfo, context: Context, findings: &mut Vec<Finding>) {
    let renew = "renew it, and have the server load the new one";
    let issuer_weight = if context.relay || !context.public { Weight::Warning } else { Weight::Serious };
    match &tls.fault {
        None => {}
        Some(fault @ Fault::WrongName { .. }) => add(
            findings,
            Weight::Serious,
            "certificate_name",
            format!("the certificate has the wrong name: {fault}"),
            "get one that holds the name by which clients reach the server, or have them use a name that it holds",
        ),
        Some(fault @ Fault::Expired(_)) => {
            add(
                findings,
                Weight::Serious,
                "certificate_expired",
                format!("the certificate is over: {fault}"),
                renew,
            );
        }
        Some(fault @ Fault::NotYetValid(_)) => add(
            findings,
            Weight::Serious,
            "certificate_not_yet_valid",
            format!("the certificate does not count yet: {fault}"),
            "is a clock wrong, the server's or this host's? else use the one before it until then",
        ),
        Some(fault @ (Fault::UnknownIssuer | Fault::SelfSigned)) => add(
            findings,
            issuer_weight,
            "certificate_issuer",
            format!("the certificate is not trusted: {fault}"),
            "have the server send the whole chain, up to an authority that clients know; if that is yours, name it by \
             --ca-file",
        ),
        Some(Fault::NotChecked) => add(
            findings,
            Weight::Note,
            "certificate_not_checked",
            "the certificate was not checked: this program's TLS cannot do that without demanding it",
            "use a build with rustls",
        ),
        Some(Fault::NotPinned) => add(
            findings,
            Weight::Serious,
            "certificate_pin",
            "the certificate is another than the one that is pinned",
            "pin the new one once the server's operator has confirmed it; until then, somebody may be in between",
        ),
        Some(fault) => add(
            findings,
            Weight::Serious,
            "certificate_fault",
            format!("the certificate is not in order: {}", short(&fault.to_string())),
            "see which certificate of the chain is meant, and replace it",
        ),
    }
    // A fault that is found first hides this one.
    let Some(contents) = tls.certificate().and_then(|certificate| certificate.contents) else { return };
    let known = matches!(tls.fault, Some(Fault::Expired(_) | Fault::NotYetValid(_)));
    // A pin takes the place of the dates.
    let known = known || (context.pinned && tls.fault.is_none());
    let days = days_left(context.now, contents.not_after);
    let weight = match days {
        _ if known => return,
        days if days < i64::from(context.min_days) => Weight::Serious,
        ..DAYS_WARNING => Weight::Warning,
        DAYS_WARNING.. => return,
    };
    if days < 0 {
        add(
            findings,
            weight,
            "certificate_expired",
            format!("the certificate expired on {}", contents.not_after),
            renew,
        );
    } else {
        let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        let title = format!("the certificate expires in {days}, on {}", contents.not_after);
        add(findings, weight, "certificate_expires", title, renew);
    }
}

fn versions(facts: &Facts, tls: &TlsInfo, findings: &mut Vec<Finding>) {
    if tls.version.as_deref() == Some("TLSv1.2") {
        let advice = "nothing is broken by it; a newer TLS library in the server would bring it";
        add(findings, Weight::Note, "tls13_missing", "TLS 1.3 is not spoken, only 1.2", advice);
    }
    if matches!(facts.tls12, Trial::Refused(_)) {
        let advice = "as it should be for your own clients; for mail from anywhere, allow 1.2 as well";
        add(
            findings,
            Weight::Note,
            "tls12_missing",
            "TLS 1.2 is not spoken, only 1.3: older clients cannot come",
            advice,
        );
    }
}

fn start_tls(facts: &Facts, context: Context, findings: &mut Vec<Finding>) {
    match &facts.start_tls {
        StartTls::NotOffered if context.public => add(
            findings,
            Weight::Serious,
            "starttls_missing",
            "STARTTLS is not offered: all mail comes in clear",
            "give the server a certificate and a key, and turn TLS on",
        ),
        StartTls::Refused(reply) => add(
            findings,
            Weight::Serious,
            "starttls_refused",
            format!(
                "STARTTLS is offered, and then refused: {} {}",
                reply.code(),
                in_brief(&reply.text().collect::<Vec<_>>().join(" / "))
            ),
            "look into the server's log: its certificate or key cannot be used, or something in between refuses",
        ),
        StartTls::Failed => {
            let why = facts.tls_error.as_ref().map_or_else(String::new, |error| format!(": {error}"));
            add(
                findings,
                Weight::Serious,
                "tls_handshake",
                format!("STARTTLS is offered, and TLS fails{why}"),
                "look into the server's log; TLS 1.2 or 1.3 with ECDHE is needed, and a certificate that fits the key",
            );
        }
        StartTls::NotOffered | StartTls::NotTried | StartTls::Done => {}
    }
    if let Some(code) = facts.go_ahead.filter(|code| *code != 220) {
        add(
            findings,
            Weight::Note,
            "starttls_code",
            format!("STARTTLS is agreed to by {code}, where 220 is meant (RFC 3207, section 4)"),
            "strict clients may take it for a refusal: mend what writes the replies",
        );
    }
    if facts.injection == Injection::Executed {
        add(
            findings,
            Weight::Serious,
            "commands_ahead_of_tls",
            "commands that are sent ahead of TLS are executed inside it: a NOOP was",
            "whoever is in between can put commands into clients' mouths: update the server (CVE-2011-0411 and its like)",
        );
    }
    if facts.behind_220 > 0 {
        add(
            findings,
            Weight::Serious,
            "octets_behind_220",
            format!("{} octets came in clear behind the 220 to STARTTLS", facts.behind_220),
            "the server says too much, or somebody in between puts it there; clients break off: update the server, and \
             look at what stands before it",
        );
    }
}

fn log_in(facts: &Facts, context: Context, findings: &mut Vec<Finding>) {
    let in_clear = facts.in_clear().map(|hello| hello.extensions.mechanisms()).unwrap_or_default();
    let inmost = facts.hello_inside.as_ref().or(facts.hello.as_ref());
    let answered = inmost.filter(|hello| hello.reply.is_positive() && facts.not_inside().is_none());
    if context.submission && answered.is_some_and(|hello| hello.extensions.mechanisms().is_empty()) {
        add(
            findings,
            Weight::Warning,
            "submission_without_auth",
            "no log-in is offered on a port for submission",
            "people cannot send from elsewhere: turn AUTH on, inside TLS (RFC 6409, RFC 8314)",
        );
    }
    if in_clear.is_empty() || !context.public {
        return;
    }
    let readable: Vec<String> = in_clear.iter().filter(|name| shows_secret(name)).cloned().collect();
    if readable.is_empty() {
        add(
            findings,
            Weight::Warning,
            "auth_in_clear",
            format!("log-in is offered before TLS: {}", few(&in_clear)),
            "offer AUTH inside TLS only (RFC 8314)",
        );
    } else if facts.own_host {
        add(
            findings,
            Weight::Warning,
            "auth_in_clear",
            format!("passwords are asked for in clear: {} offered before TLS, to this host", few(&readable)),
            "the server runs on this host, and may offer that to nobody else: probe it from another host to know",
        );
    } else {
        add(
            findings,
            Weight::Serious,
            "auth_in_clear",
            format!("passwords are asked for in clear: {} offered before TLS", few(&readable)),
            "offer AUTH inside TLS only (RFC 8314); in Postfix: smtpd_tls_auth_only = yes",
        );
    }
}

fn manners(facts: &Facts, findings: &mut Vec<Finding>) {
    if let Some(greeting) = facts.greeting.as_ref().filter(|one| one.is_positive() && one.code() != 220) {
        add(
            findings,
            Weight::Note,
            "greeting_code",
            format!("it greets with {}, where 220 is meant (RFC 5321, section 4.3.2)", greeting.code()),
            "strict clients may take it for a refusal: mend what writes the replies",
        );
    }
    if let Some(greeting) = facts.greeting.as_ref().filter(|one| one.is_positive()) {
        let line = greeting.text().next().unwrap_or_default();
        let name = line.split_whitespace().next().unwrap_or_default();
        if !is_full_name(name) {
            let title = match name {
                "" => "the greeting names no server".to_owned(),
                name => {
                    format!("the greeting does not begin with a full domain name, but with '{}'", short(name))
                }
            };
            let advice =
                "clients and logs know the server by that name (RFC 5321, section 4.2): set its host name";
            add(findings, Weight::Note, "greeting_name", title, advice);
        }
    }
    told(facts, findings);
    let Some(hello) = facts.hello.as_ref() else { return };
    // Who is busy, or closing, has said nothing of extensions (RFC 5321, section 3.8).
    if !hello.reply.is_positive() && hello.reply.class() != Class::Transient {
        add(
            findings,
            Weight::Serious,
            "ehlo_refused",
            format!(
                "{} is refused ({}): no TLS, no log-in, no extension at all",
                hello.verb,
                hello.reply.code()
            ),
            "every server since 1995 answers EHLO: look at what stands before it, a filter that rewrites SMTP perhaps",
        );
    }
    if let Some(slow) = facts.timing.greeting.filter(|time| *time >= SLOW) {
        add(
            findings,
            Weight::Warning,
            "greeting_slow",
            format!("the greeting took {} seconds", slow.as_secs()),
            "if it is not meant against spammers: look at the server's DNS and at the block lists that it asks first",
        );
    }
    if facts.bare_lf {
        add(
            findings,
            Weight::Warning,
            "bare_lf",
            "reply lines end in a bare LF",
            "lines end in CRLF (RFC 5321, section 2.3.8), and strict clients hang up: mend what writes the replies",
        );
    }
    if let Pipelining::Broken(how) = &facts.pipelining {
        add(
            findings,
            Weight::Warning,
            "pipelining_broken",
            format!("PIPELINING is offered and not kept: {}", in_brief(how)),
            "two commands in one packet must have two replies (RFC 2920): stop offering it, or mend it",
        );
    }
    for address in facts.addresses.iter().filter(|address| address.error.is_some()) {
        add(
            findings,
            Weight::Warning,
            "address_dead",
            format!("one address does not answer: {}", address.address),
            "senders that try it first lose time: let the server listen there, or take it out of DNS",
        );
    }
    let inmost = facts.hello_inside.as_ref().unwrap_or(hello);
    // What is not offered in clear may be offered inside TLS, where nobody looked.
    if !inmost.reply.is_positive() || facts.not_inside().is_some() {
        return;
    }
    if !inmost.extensions.offers(Extension::EightBitMime) {
        let advice = "senders must encode what is not ASCII, or return it: turn it on";
        add(findings, Weight::Note, "8bitmime_missing", "8BITMIME is not offered", advice);
    }
    if !inmost.extensions.offers(Extension::Size) {
        let advice = "too large a message is refused only after all of it was sent: turn it on";
        add(findings, Weight::Note, "size_missing", "SIZE is not offered", advice);
    }
}

/// VRFY and EXPN that tell anybody who is there (RFC 5321, section 7.3).
fn told(facts: &Facts, findings: &mut Vec<Finding>) {
    let is_told = |reply: &Reply| matches!(reply.code(), 250 | 251);
    if facts.expn.as_ref().is_some_and(is_told) {
        let advice =
            "strangers learn addresses by it (RFC 5321, section 7.3): turn it off, or keep it for your users";
        add(findings, Weight::Warning, "expn_answered", "EXPN tells anybody who is on a list", advice);
    }
    if facts.vrfy.as_ref().is_some_and(is_told) {
        let advice = "strangers can try out addresses by it (RFC 5321, section 7.3): have it answer 252";
        add(findings, Weight::Note, "vrfy_answered", "VRFY tells anybody whether an address exists", advice);
    }
}

/// A domain of at least two labels, or an address literal.
fn is_full_name(name: &str) -> bool {
    Domain::parse(name).is_ok_and(|domain| domain.is_literal() || domain.ascii().contains('.'))
}

#[cfg(test)]
mod tests;
