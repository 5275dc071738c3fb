//! All that text, JSON and the exit status of a check are made from.

use crate::check::{Facts, Finding, findings};
use crate::probe::Weight;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;

/// What was found out, or why nothing was begun.
#[derive(Debug)]
pub struct CheckReport {
    /// The domain, as the user named it.
    pub name: String,
    /// What was found out.
    pub facts: Option<Facts>,
    /// The hosts were to be talked with.
    pub connects: bool,
    /// Why nothing was begun, or why it ended early.
    pub error: Option<Complaint>,
}

impl CheckReport {
    /// What is wrong, the weightiest first.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding<'_>> {
        self.facts.as_ref().map(findings).unwrap_or_default()
    }

    /// The error's own; else whether anything serious was found.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        match &self.error {
            Some(error) => error.status,
            None if self.findings().iter().any(|finding| finding.weight == Weight::Serious) => {
                ExitStatus::FINDING
            }
            None => ExitStatus::OK,
        }
    }
}
