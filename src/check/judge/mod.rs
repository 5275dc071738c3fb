//! From facts to findings: what is wrong, and how badly.

mod client;
mod dkim;
mod dmarc;
mod hosts;
mod mail;
mod message;
mod mta_sts;
mod spf;
mod tls_reports;

use super::facts::Facts;
use super::finding::{Finding, What};
use super::mail::MailFault;
use crate::dns::Kind;
use crate::probe::Weight;

/// What is wrong, the weightiest first. Where there is no such domain, nothing else is said.
#[must_use]
pub fn findings(facts: &Facts) -> Vec<Finding<'_>> {
    let mut findings = Vec::new();
    let mut add = |weight, what| findings.push(Finding { weight, what });
    mail::judge(facts, &mut add);
    if facts.mail.is_there() {
        spf::judge(&facts.spf, &mut add);
        dkim::judge(&facts.dkim, &mut add);
        dmarc::judge(&facts.dmarc, &mut add);
        mta_sts::judge(facts, &mut add);
        tls_reports::judge(facts, &mut add);
    }
    client::judge(&facts.clients, &mut add);
    if let Some(message) = &facts.message {
        message::judge(message, &mut add);
    }
    // Of what was left out for want of time nothing is known, and it is nobody's fault.
    let all = findings.len();
    findings.retain(|finding| !matches!(finding.what, What::LookUp(failed) if failed.is_late));
    if findings.len() < all || facts.mail.is_cut_short || facts.mta_sts.is_late {
        findings.push(Finding { weight: Weight::Warning, what: What::Mail(MailFault::Late) });
    }
    // Several topics may have asked for the same.
    let mut told: Vec<(&str, Kind)> = Vec::new();
    findings.retain(|finding| match finding.what {
        What::LookUp(failed) if told.contains(&(&failed.name, failed.kind)) => false,
        What::LookUp(failed) => {
            told.push((&failed.name, failed.kind));
            true
        }
        _ => true,
    });
    findings.sort_by_key(|finding| finding.weight);
    findings
}
