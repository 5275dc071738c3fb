//! A line of the file that `ehlo send` notes sessions in (docs/json.md): one session, or one fault of a policy. Its names are
//! those of RFC 8460, section 4.4.

use super::day::Day;
use super::result::ResultType;
use crate::report::written::written;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use time::OffsetDateTime;

/// The most octets of a line. A policy of MTA-STS has at most 64 KiB, and its hosts stand there twice.
pub const LONGEST: usize = 256 * 1024;

/// The version of these lines. Fields are added, never taken away, while it stays.
const VERSION: u32 = 1;

/// What counted for TLS with a domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Policy {
    pub(super) policy_type: PolicyType,
    /// TLSA records, or the lines of a policy of MTA-STS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) policy_string: Vec<String>,
    /// The domain of the recipients, in A-labels.
    pub(super) policy_domain: String,
    /// The hosts that a policy of MTA-STS lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) mx_host: Vec<String>,
}

/// Which kind of policy counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PolicyType {
    /// DANE.
    Tlsa,
    /// MTA-STS.
    Sts,
    /// None.
    NoPolicyFound,
}

/// Between whom a session was, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Ends {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sending_mta_ip: Option<IpAddr>,
    /// As the MX record names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) receiving_mx_hostname: Option<String>,
    /// As it names itself in its greeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) receiving_mx_helo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) receiving_ip: Option<IpAddr>,
}

/// A line: a session, or a fault of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Line {
    pub(super) version: u32,
    pub(super) time: String,
    pub(super) policy: Policy,
    #[serde(flatten)]
    pub(super) ends: Ends,
    /// What failed; nothing if nothing did.
    pub(super) result_type: Option<ResultType>,
    /// Why, in words.
    #[serde(default)]
    pub(super) failure_reason_code: Option<String>,
}

/// A moment as a line has it: `2026-11-30T20:15:00Z` (RFC 3339).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment(String);

impl Moment {
    /// Of seconds since 1970.
    #[must_use]
    pub fn of(seconds: u64) -> Moment {
        let at = i64::try_from(seconds).ok().and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
        let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Moment(format!("{}T{:02}:{:02}:{:02}Z", Day::of(seconds), at.hour(), at.minute(), at.second()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Line {
    /// One of this moment.
    pub(super) fn new(
        at: &Moment,
        policy: Policy,
        ends: Ends,
        failure: Option<(ResultType, String)>,
    ) -> Line {
        let (result_type, failure_reason_code) = failure.unzip();
        Line { version: VERSION, time: at.to_string(), policy, ends, result_type, failure_reason_code }
    }

    /// As it is written, with its end.
    #[must_use]
    pub fn written(&self) -> String {
        written(self) + "\n"
    }

    /// Reads one, and the day that it is of; nothing if it is no such line, or names a domain that none can be called.
    #[must_use]
    pub fn read(octets: &[u8]) -> Option<(Day, Line)> {
        let line: Line = serde_json::from_slice(octets).ok()?;
        let day = line.time.split_once('T').and_then(|(day, _)| Day::parse(day))?;
        (line.version == VERSION && is_domain(&line.policy.policy_domain)).then_some((day, line))
    }
}

/// Whether this is the name of a domain, of letters that may stand anywhere, the name of a file included.
pub(super) fn is_domain(name: &str) -> bool {
    let fits = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b"-_".contains(&octet);
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(fits);
    name.len() <= 253 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = r#"{"version":1,"time":"2026-11-30T20:15:07Z","policy":{"policy-type":"sts","policy-string":["version: STSv1"],"policy-domain":"beta.example","mx-host":["*.beta.example"]},"sending-mta-ip":"192.0.2.1","receiving-mx-hostname":"mx.beta.example","receiving-ip":"2001:db8::1","result-type":"validation-failure","failure-reason-code":"a \u001b[1m"}"#;

    fn line() -> Line {
        let policy = Policy {
            policy_type: PolicyType::Sts,
            policy_string: vec!["version: STSv1".to_owned()],
            policy_domain: "beta.example".to_owned(),
            mx_host: vec!["*.beta.example".to_owned()],
        };
        let ends = Ends {
            sending_mta_ip: Some("192.0.2.1".parse().unwrap()),
            receiving_mx_hostname: Some("mx.beta.example".to_owned()),
            receiving_mx_helo: None,
            receiving_ip: Some("2001:db8::1".parse().unwrap()),
        };
        let failure = Some((ResultType::ValidationFailure, "a \u{1b}[1m".to_owned()));
        Line::new(&Moment::of(1_796_069_707), policy, ends, failure)
    }

    #[test]
    fn what_is_written_is_read() {
        let line = line();
        assert_eq!(line.written(), WRITTEN.to_owned() + "\n");
        assert_eq!(Line::read(line.written().as_bytes()), Some((Day::parse("2026-11-30").unwrap(), line)));
    }

    #[test]
    fn a_part_of_a_line_is_none_and_more_is_passed_over() {
        for at in 0..WRITTEN.len() {
            assert_eq!(Line::read(&WRITTEN.as_bytes()[..at]), None, "cut at {at}");
        }
        let more = WRITTEN.replacen("{\"version\":1,", "{\"version\":1,\"more\":[{}],", 1);
        assert_eq!(Line::read(more.as_bytes()).unwrap().1, line());
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_line() {
        for (from, to) in [
            ("\"version\":1,", "\"version\":2,"),
            ("2026-11-30T", "2026-11-31T"),
            ("2026-11-30T20:15:07Z", ""),
            ("validation-failure", "nothing"),
            ("\"sts\"", "\"ssl\""),
            ("192.0.2.1", "192.0.2.256"),
            ("\"beta.example\"", "\"../beta\""),
            ("\"beta.example\"", "\"a/b\""),
            ("\"beta.example\"", "\"\""),
            ("\"beta.example\"", "\".\""),
            ("\"beta.example\"", "\"a!b\""),
            ("\"beta.example\"", "\"[192.0.2.1]\""),
        ] {
            assert!(WRITTEN.contains(from), "{from}");
            assert_eq!(Line::read(WRITTEN.replace(from, to).as_bytes()), None, "{to}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Line::read(deep.as_bytes()), None);
    }
}
