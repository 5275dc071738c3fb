//! What `ehlo probe` says: facts and findings, as text and as JSON.

mod json;
mod text;

pub use json::render as json;
pub use text::{findings_alone as findings, render as text};

use super::Complaint;
use super::exit::ExitStatus;
use crate::client::error::Kind;
use crate::net::tls::certificate::Moment;
use crate::probe::words::keyword;
use crate::probe::{Facts, Finding, Probe, Timing, Trial, Weight};
use crate::sasl::shows_secret;
use crate::words;
use ehlo_smtp::expect::Awaiting;
use ehlo_smtp::session::Protocol;
use std::time::Duration;

/// All that text, JSON and the exit status are made from.
#[derive(Debug)]
pub struct ProbeReport {
    /// The server as the user named it.
    pub name: String,
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// What was found out.
    pub facts: Facts,
    /// What is wrong, the weightiest first.
    pub findings: Vec<Finding>,
    /// Why no more was found out.
    pub error: Option<Complaint>,
    /// When.
    pub now: Moment,
}

impl ProbeReport {
    /// The error's own; else whether anything serious was found.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        match &self.error {
            Some(error) => error.status,
            None if self.count(Weight::Serious) > 0 => ExitStatus::FINDING,
            None => ExitStatus::OK,
        }
    }

    fn count(&self, weight: Weight) -> usize {
        self.findings.iter().filter(|finding| finding.weight == weight).count()
    }
}

/// The error of a probe in words.
#[must_use]
pub fn error(probe: &Probe) -> Option<Complaint> {
    let error = probe.error.as_ref()?;
    let before_greeting =
        probe.facts.greeting.is_none() && error.awaiting().is_some_and(Awaiting::is_greeting);
    let mut complaint = Complaint::of(error);
    if before_greeting
        && complaint.hint.is_none()
        && complaint.kind == Kind::Disconnected
        && probe.facts.tls.is_none()
    {
        complaint.hint = Some(words::SILENT.to_owned());
    }
    Some(complaint)
}

/// One line of the reply to EHLO, and where it was said.
struct Offer {
    line: String,
    in_clear: bool,
    in_tls: bool,
}

impl Offer {
    fn keyword(&self) -> &str {
        keyword(&self.line)
    }
}

/// All lines, each once, in the order in which they came.
fn offers(facts: &Facts) -> Vec<Offer> {
    let lines = |hello: Option<&crate::probe::Hello>| {
        hello.map(|hello| hello.extensions.lines().to_vec()).unwrap_or_default()
    };
    let mut offers: Vec<Offer> = Vec::new();
    for (line, in_tls) in (lines(facts.in_clear()).into_iter().map(|line| (line, false)))
        .chain(lines(facts.in_tls()).into_iter().map(|line| (line, true)))
    {
        match offers.iter_mut().find(|offer| offer.line.eq_ignore_ascii_case(&line)) {
            Some(offer) => offer.in_tls |= in_tls,
            None => offers.push(Offer { line, in_clear: !in_tls, in_tls }),
        }
    }
    offers
}

/// One log-in mechanism, and where it is offered.
struct Mechanism {
    name: String,
    in_clear: bool,
    in_tls: bool,
    shows_password: bool,
}

fn mechanisms(facts: &Facts) -> Vec<Mechanism> {
    let of = |hello: Option<&crate::probe::Hello>| {
        hello.map(|hello| hello.extensions.mechanisms()).unwrap_or_default()
    };
    let (in_clear, in_tls) = (of(facts.in_clear()), of(facts.in_tls()));
    let mut names = in_tls.clone();
    names.extend(in_clear.iter().filter(|name| !in_tls.contains(name)).cloned());
    let mechanism = |name: String| Mechanism {
        in_clear: in_clear.contains(&name),
        in_tls: in_tls.contains(&name),
        shows_password: shows_secret(&name),
        name,
    };
    names.into_iter().map(mechanism).collect()
}

/// The versions of TLS, and what is known of each. Those before 1.2 this program does not speak (RFC 8996).
fn versions(facts: &Facts) -> [(&'static str, &'static str); 4] {
    let newest = match facts.tls.as_ref().map(|tls| tls.version.as_deref()) {
        Some(Some("TLSv1.3")) => Trial::Accepted,
        // A server takes the newest that it knows (RFC 8446, section 4.2.1).
        Some(Some("TLSv1.2")) => Trial::Refused(String::new()),
        _ => Trial::NotTried,
    };
    [
        ("TLSv1.3", text::trial(&newest)),
        ("TLSv1.2", text::trial(&facts.tls12)),
        ("TLSv1.1", "not tried"),
        ("TLSv1.0", "not tried"),
    ]
}

/// The phases by their names, in their order.
fn phases(timing: &Timing) -> [(&'static str, Option<Duration>); 7] {
    [
        ("resolve", timing.resolve),
        ("connect", timing.connect),
        ("greeting", timing.greeting),
        ("ehlo", timing.ehlo),
        ("starttls", timing.start_tls),
        ("tls", timing.tls),
        ("ehlo inside", timing.ehlo_inside),
    ]
}
