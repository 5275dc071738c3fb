use super::super::line::{Moment, PolicyType};
use super::super::whole::{Author, Report};
use super::super::{Submitter, line};
use super::*;

fn author() -> Author {
    Author {
        organization: "Alpha Inc.".to_owned(),
        contact: "mailto:tls@alpha.example".to_owned(),
        submitter: Submitter::parse("alpha.example").unwrap(),
    }
}

/// A line of this day, for this domain; with why it failed.
fn line(domain: &str, tlsa: &str, host: &str, failure: Option<(ResultType, &str)>) -> Line {
    let policy = line::Policy {
        policy_type: if tlsa.is_empty() { PolicyType::NoPolicyFound } else { PolicyType::Tlsa },
        policy_string: if tlsa.is_empty() { Vec::new() } else { vec![tlsa.to_owned()] },
        policy_domain: domain.to_owned(),
        mx_host: Vec::new(),
    };
    let ends = line::Ends { receiving_mx_hostname: Some(host.to_owned()), ..line::Ends::default() };
    let failure = failure.map(|(result, why)| (result, why.to_owned()));
    Line::new(&Moment::of(0), policy, ends, failure)
}

fn reports(lines: Vec<(&str, Line)>) -> Vec<Report> {
    let mut tally = Tally::default();
    lines.into_iter().for_each(|(day, line)| tally.add(Day::parse(day).unwrap(), line));
    tally.reports(&author()).collect()
}

#[test]
fn a_report_counts_what_is_alike_whatever_the_order() {
    let wrong = Some((ResultType::ValidationFailure, "no match"));
    let lines = || {
        vec![
            ("2026-11-29", line("beta.example", "3 1 1 00", "mx", None)),
            ("2026-11-29", line("beta.example", "3 1 1 00", "mx", wrong)),
            ("2026-11-29", line("beta.example", "", "other", None)),
            ("2026-11-29", line("beta.example", "3 1 1 00", "mx", wrong)),
            ("2026-11-29", line("beta.example", "3 1 1 00", "mx", None)),
            ("2026-11-29", line("beta.example", "3 1 1 00", "mx", None)),
        ]
    };
    let found = reports(lines());
    let [report] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        report.json,
        format!(
            "{{\"organization-name\":\"Alpha Inc.\",\"date-range\":{{\"start-datetime\":\"2026-11-29T00:00:00Z\",\
             \"end-datetime\":\"2026-11-29T23:59:59Z\"}},\"contact-info\":\"mailto:tls@alpha.example\",\
             \"report-id\":\"{}\",\"policies\":[{{\"policy\":{{\"policy-type\":\"tlsa\",\"policy-string\":[\"3 1 1 00\"],\
             \"policy-domain\":\"beta.example\"}},\"summary\":{{\"total-successful-session-count\":3,\
             \"total-failure-session-count\":2}},\"failure-details\":[{{\"result-type\":\"validation-failure\",\
             \"receiving-mx-hostname\":\"mx\",\"failed-session-count\":2,\"failure-reason-code\":\"no match\"}}]}},\
             {{\"policy\":{{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"beta.example\"}},\"summary\":\
             {{\"total-successful-session-count\":1,\"total-failure-session-count\":0}}}}]}}",
            report.id
        )
    );
    assert_eq!(report.sessions, (4, 2));
    let unique = report.id.strip_prefix("2026-11-29.").unwrap().strip_suffix("@alpha.example").unwrap();
    assert_eq!(report.file, format!("alpha.example!beta.example!1795910400!1795996799!{unique}.json"));
    let mut reversed = lines();
    reversed.reverse();
    assert_eq!(reports(reversed), found);
}

#[test]
fn each_domain_and_each_day_has_its_own() {
    let found = reports(vec![
        ("2026-11-30", line("b.example", "", "mx", None)),
        ("2026-11-29", line("c.example", "", "mx", None)),
        ("2026-11-29", line("b.example", "", "mx", None)),
    ]);
    let shown: Vec<(String, &str)> =
        found.iter().map(|report| (report.day.to_string(), report.domain.as_str())).collect();
    let of = |day: &str, domain: &'static str| (day.to_owned(), domain);
    assert_eq!(
        shown,
        [of("2026-11-29", "b.example"), of("2026-11-29", "c.example"), of("2026-11-30", "b.example")]
    );
    let ids: std::collections::HashSet<_> = found.iter().map(|report| &report.id).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn failures_without_number_are_counted_by_their_type() {
    let mut tally = Tally::default();
    let day = Day::parse("2026-11-29").unwrap();
    for number in 0..3 * MOST_DETAILS {
        let failure = (ResultType::CertificateExpired, format!("it expired {number} seconds ago"));
        tally.add(day, line("b.example", "", "mx", Some((failure.0, &failure.1))));
    }
    // One that is known is still counted as what it is.
    let known = Some((ResultType::CertificateExpired, "it expired 0 seconds ago"));
    tally.add(day, line("b.example", "", "mx", known));
    let (_, policies) = tally.counted().next().unwrap();
    let counts = policies.into_values().next().unwrap();
    assert_eq!((counts.failed, counts.details.len()), (3 * MOST_DETAILS as u64 + 1, MOST_DETAILS + 1));
    let (rest, count) = counts.details.iter().find(|(detail, _)| detail.reason.is_none()).unwrap();
    assert_eq!((rest.result, *count), (ResultType::CertificateExpired, 2 * MOST_DETAILS as u64));
    assert_eq!(counts.details.values().sum::<u64>(), counts.failed);
}
