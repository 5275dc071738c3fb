//! What is wrong with the record for reports on TLS, and how badly.

use crate::check::facts::Facts;
use crate::check::finding::{Add, What};
use crate::check::tls_reports::{ReportsFault, destinations, is_usable};
use crate::probe::Weight;
use crate::route::mta_sts::Mode;

pub(super) fn judge<'a>(facts: &'a Facts, add: Add<'a, '_>) {
    let reports = &facts.tls_reports;
    if let Some(failed) = &reports.failed {
        return add(Weight::Serious, What::LookUp(failed));
    }
    let mut add = |weight, fault| add(weight, What::TlsReports(fault));
    match reports.records.as_slice() {
        _ if !facts.mail.takes_mail() => {}
        [] => {
            let has_policy =
                facts.mta_sts.applied().is_some_and(|applied| applied.policy.mode() != Mode::None);
            let weight = if has_policy { Weight::Warning } else { Weight::Note };
            add(weight, ReportsFault::Missing { has_policy });
        }
        [record] => {
            let all = destinations(record);
            if all.is_empty() {
                add(Weight::Warning, ReportsFault::NoDestination);
            }
            for uri in all.into_iter().filter(|uri| !is_usable(uri)) {
                add(Weight::Warning, ReportsFault::Destination(uri));
            }
        }
        several => add(Weight::Warning, ReportsFault::Several(several.len())),
    }
}
