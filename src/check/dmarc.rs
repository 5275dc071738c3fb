//! What is to be done with mail that is not proved to be from a domain: its DMARC record, or the one above it.

use super::asker::{Asker, Failed, Looker};
use super::finding::{Add, What, failed};
use crate::dmarc::{self as room, Destination, Found, Policy, Remark};
use crate::probe::Weight;

/// What is known of it.
#[derive(Debug, Default)]
pub struct Dmarc {
    /// The records on the way up.
    pub found: Option<Found>,
    /// Domains of others that are to get reports, and whether they say that they want them (RFC 9990, section 4).
    pub permissions: Vec<(String, Result<bool, Failed>)>,
    /// Look-ups that failed.
    pub failed: Vec<Failed>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum DmarcFault<'a> {
    /// There is no record.
    Missing,
    /// A domain has so many records.
    Several(&'a str, usize),
    /// The record of this domain counts for nothing.
    Malformed(&'a str, &'a room::DmarcFault),
    /// Nothing is done with mail that fails.
    PolicyNone,
    /// Less is done with that of domains below than with its own.
    Subdomains(Policy, Policy),
    /// The policy is only tested (`t=y`).
    Testing,
    /// Nobody gets reports.
    NoReports,
    /// This domain does not say that it wants reports.
    NotPermitted(&'a str),
    /// Reports cannot be sent there.
    Destination(&'a str),
    /// Something else about the record.
    Remark(&'a Remark),
}

pub(super) fn gather(domain: &str, asker: Asker<'_>, is_there: bool) -> Dmarc {
    if !is_there {
        return Dmarc::default();
    }
    let looker = Looker::new(asker);
    let found = looker.walk(domain);
    let mut permissions: Vec<(String, Result<bool, Failed>)> = Vec::new();
    if let Some(entry) = found.entry() {
        for to in entry.record.reports.iter().chain(&entry.record.failures) {
            let Destination::Mail { domain: other, .. } = to else { continue };
            if permissions.iter().any(|(known, _)| known == other) || is_own(other, &found, &looker) {
                continue;
            }
            let answer = asker.texts(&format!("{}._report._dmarc.{other}", entry.domain));
            let permitted = answer.map(|texts| texts.iter().any(|text| room::is_record(text)));
            permissions.push((other.clone(), permitted));
        }
    }
    Dmarc { found: Some(found), permissions, failed: looker.into_failed() }
}

/// Whether a destination is of the same organizational domain.
fn is_own(other: &str, found: &Found, looker: &Looker<'_>) -> bool {
    let own = found.organizational.as_str();
    other == own || other.ends_with(&format!(".{own}")) && looker.walk(other).organizational == own
}

pub(super) fn judge<'a>(dmarc: &'a Dmarc, add: Add<'a, '_>) {
    failed(&dmarc.failed, add);
    failed(dmarc.permissions.iter().filter_map(|(_, permitted)| permitted.as_ref().err()), add);
    let Some(found) = &dmarc.found else { return };
    let mut add = |weight, fault| add(weight, What::Dmarc(fault));
    for (domain, fault) in &found.faults {
        add(
            Weight::Serious,
            match fault {
                Ok(count) => DmarcFault::Several(domain, *count),
                Err(fault) => DmarcFault::Malformed(domain, fault),
            },
        );
    }
    let Some(entry) = found.entry() else {
        if found.unknown.is_none() && found.faults.is_empty() {
            add(Weight::Warning, DmarcFault::Missing);
        }
        return;
    };
    let record = &entry.record;
    let policy = found.policy(true).unwrap_or(Policy::None);
    if policy == Policy::None {
        add(Weight::Warning, DmarcFault::PolicyNone);
    }
    match record.subdomains {
        Some(below) if entry.domain == found.domain && below < record.policy => {
            add(Weight::Warning, DmarcFault::Subdomains(record.policy, below));
        }
        _ => {}
    }
    if record.is_test && policy != Policy::None {
        add(Weight::Warning, DmarcFault::Testing);
    }
    for to in record.reports.iter().chain(&record.failures) {
        if let Destination::Other(text) = to {
            add(Weight::Warning, DmarcFault::Destination(text));
        }
    }
    if record.reports.is_empty() {
        add(Weight::Note, DmarcFault::NoReports);
    }
    for (domain, permitted) in &dmarc.permissions {
        if matches!(permitted, Ok(false)) {
            add(Weight::Warning, DmarcFault::NotPermitted(domain));
        }
    }
    for remark in &record.remarks {
        let weight = match remark {
            Remark::Percent(100) | Remark::Tag(_) => Weight::Note,
            Remark::Percent(_) | Remark::Value(..) | Remark::NoPolicy => Weight::Warning,
        };
        add(weight, DmarcFault::Remark(remark));
    }
}
