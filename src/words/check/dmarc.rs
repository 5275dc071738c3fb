//! Of DMARC.

use super::said::Said;
use crate::check::DmarcFault;
use crate::dmarc::{Policy, Remark, meant};
use crate::net::tls::certificate::short;

/// The right form, with the policy that was meant: a stricter one could stop mail.
fn as_meant(text: &str) -> &'static str {
    match meant(text) {
        Some(Policy::Reject) => {
            "it protects nothing as it is: write v=DMARC1; p=reject; and then the other tags, with a semicolon between two"
        }
        Some(Policy::Quarantine) => {
            "it protects nothing as it is: write v=DMARC1; p=quarantine; and then the other tags, with a semicolon between \
             two"
        }
        Some(Policy::None) | None => {
            "nobody reads it: write v=DMARC1; p=none; rua=mailto:ADDRESS, and go on to a stricter policy once the reports \
             show that all your mail passes"
        }
    }
}

pub(super) fn told(fault: &DmarcFault<'_>) -> Said {
    match fault {
        DmarcFault::Missing => (
            "dmarc_missing",
            "there is no DMARC record".to_owned(),
            "anybody can send in the domain's name, and large receivers demand one from senders of much mail: begin with \
             v=DMARC1; p=none; rua=mailto:ADDRESS at _dmarc",
        ),
        DmarcFault::Several(domain, count) => (
            "dmarc_several",
            format!("{domain} has {count} DMARC records, not one"),
            "none of them counts then: leave one",
        ),
        DmarcFault::Malformed(domain, text, fault) => (
            "dmarc_malformed",
            format!(
                "the DMARC record of {domain} counts for nothing: {}: '{}'",
                short(&fault.to_string()),
                short(text)
            ),
            as_meant(text),
        ),
        DmarcFault::NoRecord(domain, text) => (
            "dmarc_malformed",
            format!(
                "the text at _dmarc.{domain} is not a DMARC record, since it does not begin with 'v=DMARC1;': '{}'",
                short(text)
            ),
            as_meant(text),
        ),
        DmarcFault::PolicyNone => (
            "dmarc_none",
            "nothing is done with mail that fails DMARC (p=none)".to_owned(),
            "that is for watching: once the reports show that all your mail passes, go on to quarantine and reject",
        ),
        DmarcFault::Subdomains(policy, below) => (
            "dmarc_subdomains",
            format!("domains below are protected less: sp={}, but p={}", below.name(), policy.name()),
            "whoever forges mail takes a name below: leave sp= out, unless some of them cannot pass yet",
        ),
        DmarcFault::Testing => (
            "dmarc_testing",
            "the DMARC policy is only a test (t=y)".to_owned(),
            "receivers apply the next weaker policy: take t=y out when all your mail passes",
        ),
        DmarcFault::NoReports => (
            "dmarc_no_reports",
            "nobody gets DMARC reports (rua=)".to_owned(),
            "without them you do not see which of your mail fails: name an address",
        ),
        DmarcFault::NotPermitted(domain) => (
            "dmarc_not_permitted",
            format!("{} does not say that it takes DMARC reports for this domain", short(domain)),
            "receivers send none there: its owner has to publish v=DMARC1 at DOMAIN._report._dmarc in it (RFC 9990)",
        ),
        DmarcFault::Destination(text) => (
            "dmarc_destination",
            format!("DMARC reports cannot be sent to '{}'", short(text)),
            "write mailto: and an address, with commas between several",
        ),
        DmarcFault::Remark(Remark::Value(name, value)) => (
            "dmarc_value",
            format!("{name}={} in the DMARC record means nothing", short(value)),
            "receivers do as if it were not there: correct it",
        ),
        DmarcFault::Remark(Remark::Tag(name)) => (
            "dmarc_tag",
            format!("the tag {}= in the DMARC record is not known", short(name)),
            "receivers pass over it: see whether it is spelt right",
        ),
        DmarcFault::Remark(Remark::NoPolicy) => (
            "dmarc_no_policy",
            "the DMARC record says no policy (p=), which counts as none".to_owned(),
            "older receivers pass over the whole record: add p=",
        ),
        DmarcFault::Remark(Remark::Percent(percent)) => (
            "dmarc_percent",
            format!("the DMARC record has pct={percent}, which no longer means anything"),
            match percent {
                100 => "it changes nothing: take it out",
                _ => {
                    "receivers by RFC 9989 apply the policy to all mail, older ones to a part of it: take it out once all \
                     mail passes; for tests there is t=y, with which receivers apply the next weaker policy"
                }
            },
        ),
    }
}
