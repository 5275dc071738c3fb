//! Lines, counted: for each domain and day how often which policy was met, and what failed how often (RFC 8460, section 4.4).
//! It grows with the number of policies, not with that of lines.

use super::day::Day;
use super::line::{Ends, Line, Policy};
use super::result::ResultType;
use std::collections::BTreeMap;

/// How many failures of one policy are told apart. Those beyond are counted by their type alone.
const MOST_DETAILS: usize = 1000;

/// What is counted, by day and domain.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<(Day, String), BTreeMap<Policy, Counts>>);

/// How sessions under one policy went.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) successful: u64,
    pub(super) failed: u64,
    pub(super) details: BTreeMap<Detail, u64>,
}

/// A failure, as far as it is told apart from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Detail {
    pub(super) result: ResultType,
    pub(super) ends: Ends,
    pub(super) reason: Option<String>,
}

impl Tally {
    /// Counts a line of this day.
    pub fn add(&mut self, day: Day, line: Line) {
        let Line { policy, ends, result_type, failure_reason_code: reason, .. } = line;
        let policies = self.0.entry((day, policy.policy_domain.clone())).or_default();
        policies.entry(policy).or_default().add(result_type.map(|result| Detail { result, ends, reason }));
    }

    /// What was counted, in the order of the days, and of the domains of each.
    pub(super) fn counted(self) -> impl Iterator<Item = ((Day, String), BTreeMap<Policy, Counts>)> {
        self.0.into_iter()
    }
}

impl Counts {
    fn add(&mut self, failure: Option<Detail>) {
        let Some(detail) = failure else {
            self.successful += 1;
            return;
        };
        self.failed += 1;
        let has_room = self.details.len() < MOST_DETAILS || self.details.contains_key(&detail);
        let detail = match has_room {
            true => detail,
            false => Detail { result: detail.result, ends: Ends::default(), reason: None },
        };
        *self.details.entry(detail).or_default() += 1;
    }
}

#[cfg(test)]
mod tests;
