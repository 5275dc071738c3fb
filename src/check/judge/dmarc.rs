//! What is wrong with the DMARC record, and how badly.

use crate::check::dmarc::{Dmarc, DmarcFault};
use crate::check::finding::{Add, What, failed};
use crate::dmarc::{Destination, Flaw, Policy, Remark};
use crate::probe::Weight;

pub(super) fn judge<'a>(dmarc: &'a Dmarc, add: Add<'a, '_>) {
    failed(&dmarc.failed, add);
    failed(dmarc.permissions.iter().filter_map(|(_, permitted)| permitted.as_ref().err()), add);
    let Some(found) = &dmarc.found else { return };
    let mut add = |weight, fault| add(weight, What::Dmarc(fault));
    for (domain, fault) in &found.faults {
        add(
            Weight::Serious,
            match fault {
                Flaw::Several(count) => DmarcFault::Several(domain, *count),
                Flaw::Malformed(text, fault) => DmarcFault::Malformed(domain, text, fault),
                Flaw::NoRecord(text) => DmarcFault::NoRecord(domain, text),
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
