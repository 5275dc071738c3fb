//! All that text, JSON and the exit status of a probe are made from.

use crate::client::error::Kind;
use crate::probe::{Context, Finding, Probe, Weight, judge};
use crate::report::complaint::Complaint;
use crate::report::exit::ExitStatus;
use crate::words;
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::session::Protocol;

/// All that text, JSON and the exit status are made from.
#[derive(Debug)]
pub struct ProbeReport {
    /// The server as the user named it.
    pub name: String,
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// What was found out, and why no more.
    pub probe: Probe,
    /// What that is judged by.
    pub context: Context,
    /// Why nothing was begun.
    pub prevented: Option<Complaint>,
}

impl ProbeReport {
    /// What is wrong, the weightiest first.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding<'_>> {
        judge(&self.probe, self.context)
    }

    /// The error's own; else whether anything serious was found.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        let is_serious = |finding: &Finding| finding.weight == Weight::Serious;
        match self.error() {
            Some(error) => error.status,
            None if self.findings().iter().any(is_serious) => ExitStatus::FINDING,
            None => ExitStatus::OK,
        }
    }

    /// Why no more was found out.
    #[must_use]
    pub fn error(&self) -> Option<Complaint> {
        self.prevented.clone().or_else(|| of_probe(&self.probe))
    }
}

fn of_probe(probe: &Probe) -> Option<Complaint> {
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
