//! What a domain demands of its own hosts by MTA-STS: the record, the policy, and whether it lists all hosts.

use super::asker::Failed;
use super::mail::Mail;
use super::rules::Rules;
use crate::route::mta_sts::{Applied, Found, Mode, NoCache, Remark, discover};
use std::time::Duration;

/// What is known of it.
#[derive(Debug, Default)]
pub struct MtaSts {
    /// What was found; none where the domain takes no mail.
    pub found: Option<Found>,
    /// The look-up that failed.
    pub failed: Option<Failed>,
    /// The time for the whole run ended before the policy was fetched.
    pub is_late: bool,
    /// Hosts that the policy does not list.
    pub uncovered: Vec<String>,
}

/// What a domain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MtaStsState {
    /// A policy.
    Policy,
    /// None.
    None,
    /// A record or a policy that counts for nothing.
    Unusable,
    /// Nobody knows.
    Unknown,
    /// It takes no mail.
    NotNeeded,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum MtaStsFault<'a> {
    /// There is no policy.
    Missing,
    /// The record, or the policy that it names, is none.
    Broken(&'a Remark),
    /// A host is not listed: it gets no mail from those who look, or, in a test, they tell the owner.
    Uncovered(&'a str, Mode),
    /// The policy is only tested.
    Testing,
    /// The policy says that there is none any longer.
    None,
    /// It holds for so short a time.
    Short(Duration),
}

impl MtaSts {
    /// The policy, if there is one.
    #[must_use]
    pub fn applied(&self) -> Option<&Applied> {
        self.found.as_ref()?.applied.as_ref()
    }

    /// What the domain has.
    #[must_use]
    pub fn state(&self) -> MtaStsState {
        match &self.found {
            Some(found) if found.applied.is_some() => MtaStsState::Policy,
            _ if self.failed.is_some() || self.is_late => MtaStsState::Unknown,
            Some(found) if found.remarks.is_empty() => MtaStsState::None,
            Some(_) => MtaStsState::Unusable,
            None => MtaStsState::NotNeeded,
        }
    }

    /// Whether a host's certificate must be for its name.
    #[must_use]
    pub fn is_enforced_at(&self, host: &str) -> bool {
        self.applied()
            .is_some_and(|applied| applied.policy.mode() == Mode::Enforce && applied.policy.covers(host))
    }
}

pub(super) fn gather(domain: &str, rules: &Rules<'_>, mail: &Mail) -> MtaSts {
    if !mail.takes_mail() {
        return MtaSts::default();
    }
    let texts = match rules.asker.texts(&format!("_mta-sts.{domain}")) {
        Ok(texts) => texts,
        Err(failed) => return MtaSts { failed: Some(failed), ..MtaSts::default() },
    };
    // What was fetched once is not looked at: a check wants to know how it is now.
    let found = discover(domain, Ok(texts), &NoCache, rules.fetch, rules.now.0);
    if found.applied.is_none() && !found.remarks.is_empty() && rules.asker.until.is_over() {
        return MtaSts { is_late: true, ..MtaSts::default() };
    }
    let hosts = mail.plan.as_ref().map(|plan| plan.hosts.as_slice()).unwrap_or_default();
    let uncovered =
        found.applied.as_ref().filter(|applied| applied.policy.mode() != Mode::None).map(|applied| {
            let names = hosts.iter().map(|host| host.mx.name.clone());
            names.filter(|name| !applied.policy.covers(name)).collect()
        });
    MtaSts { uncovered: uncovered.unwrap_or_default(), found: Some(found), ..MtaSts::default() }
}
