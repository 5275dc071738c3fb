//! What is wrong with MTA-STS, and how badly.

use crate::check::facts::Facts;
use crate::check::finding::{Add, What};
use crate::check::mta_sts::MtaStsFault;
use crate::probe::Weight;
use crate::route::mta_sts::Mode;
use std::time::Duration;

/// A policy that holds for less is soon forgotten (RFC 8461, section 3.2: weeks, or more).
const SHORT: Duration = Duration::from_secs(7 * 86_400);

pub(super) fn judge<'a>(facts: &'a Facts, add: Add<'a, '_>) {
    let sts = &facts.mta_sts;
    if let Some(failed) = &sts.failed {
        add(Weight::Serious, What::LookUp(failed));
    }
    let Some(found) = &sts.found else { return };
    let mut add = |weight, fault| add(weight, What::MtaSts(fault));
    for remark in &found.remarks {
        add(Weight::Serious, MtaStsFault::Broken(remark));
    }
    let Some(applied) = &found.applied else {
        if found.remarks.is_empty() {
            add(Weight::Note, MtaStsFault::Missing);
        }
        return;
    };
    let mode = applied.policy.mode();
    for host in &sts.uncovered {
        let weight = if mode == Mode::Enforce { Weight::Serious } else { Weight::Warning };
        add(weight, MtaStsFault::Uncovered(host, mode));
    }
    match mode {
        Mode::Testing => add(Weight::Note, MtaStsFault::Testing),
        Mode::None => add(Weight::Note, MtaStsFault::None),
        Mode::Enforce => {}
    }
    if mode != Mode::None && applied.policy.max_age() < SHORT {
        add(Weight::Warning, MtaStsFault::Short(applied.policy.max_age()));
    }
}
