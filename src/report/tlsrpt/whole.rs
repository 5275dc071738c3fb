//! A report, as its domain's owner gets it (RFC 8460, section 4).

use super::day::Day;
use super::line::{Ends, Policy};
use super::name::{Submitter, digits};
use super::result::ResultType;
use super::tally::{Counts, Tally};
use crate::report::written::written;
use serde::Serialize;
use std::collections::BTreeMap;

/// Who reports.
#[derive(Debug, Clone)]
pub struct Author {
    /// The name of the organization.
    pub organization: String,
    /// How to reach somebody there.
    pub contact: String,
    /// Its domain.
    pub submitter: Submitter,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The domain that it is about, in A-labels: letters that can be part of a file's name.
    pub domain: String,
    /// The day.
    pub day: Day,
    /// What it is known by: the same for the same content.
    pub id: String,
    /// The file that it goes into.
    pub file: String,
    /// How many sessions went well, and how many did not.
    pub sessions: (u64, u64),
    /// All of it, as one line of JSON without its end.
    pub json: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Json<'a> {
    organization_name: &'a str,
    date_range: DateRange,
    contact_info: &'a str,
    report_id: &'a str,
    policies: &'a [PolicyReport],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct DateRange {
    start_datetime: String,
    end_datetime: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PolicyReport {
    policy: Policy,
    summary: Summary,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failure_details: Vec<FailureDetail>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Summary {
    total_successful_session_count: u64,
    total_failure_session_count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct FailureDetail {
    result_type: ResultType,
    #[serde(flatten)]
    ends: Ends,
    failed_session_count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason_code: Option<String>,
}

impl Tally {
    /// The reports on all that was counted, by day and domain.
    pub fn reports(self, author: &Author) -> impl Iterator<Item = Report> {
        self.counted().map(|((day, domain), policies)| report(author, day, domain, policies))
    }
}

fn report(author: &Author, day: Day, domain: String, policies: BTreeMap<Policy, Counts>) -> Report {
    let sessions =
        policies.values().fold((0, 0), |(good, bad), counts| (good + counts.successful, bad + counts.failed));
    let policies: Vec<PolicyReport> =
        policies.into_iter().map(|(policy, counts)| policy_report(policy, counts)).collect();
    let submitter = &author.submitter;
    let unique = digits(&written(&(&domain, day.to_string(), &author.organization, &policies)));
    let id = format!("{day}.{unique}@{}", submitter.domain());
    let json = written(&Json {
        organization_name: &author.organization,
        date_range: DateRange {
            start_datetime: format!("{day}T00:00:00Z"),
            end_datetime: format!("{day}T23:59:59Z"),
        },
        contact_info: &author.contact,
        report_id: &id,
        policies: &policies,
    });
    let file = submitter.file(&domain, day, &unique);
    Report { domain, day, id, file, sessions, json }
}

fn policy_report(policy: Policy, counts: Counts) -> PolicyReport {
    let detail = |(detail, count): (super::tally::Detail, u64)| FailureDetail {
        result_type: detail.result,
        ends: detail.ends,
        failed_session_count: count,
        failure_reason_code: detail.reason,
    };
    PolicyReport {
        policy,
        summary: Summary {
            total_successful_session_count: counts.successful,
            total_failure_session_count: counts.failed,
        },
        failure_details: counts.details.into_iter().map(detail).collect(),
    }
}
