//! What is wrong with the SPF record, and how badly.

use crate::check::finding::{Add, What, failed};
use crate::check::spf::{Spf, SpfFault};
use crate::probe::Weight;
use crate::spf::{MOST_LOOK_UPS, MOST_VOIDS, Qualifier, Remark};

pub(super) fn judge<'a>(spf: &'a Spf, add: Add<'a, '_>) {
    failed(&spf.failed, add);
    let survey = &spf.survey;
    let mut add = |weight, fault| add(weight, What::Spf(fault));
    if survey.text.is_none() && survey.remarks.is_empty() {
        return add(Weight::Warning, SpfFault::Missing);
    }
    let mut is_broken = false;
    for remark in &survey.remarks {
        let weight = match remark {
            Remark::Unknown(_) => {
                is_broken = true;
                continue;
            }
            Remark::Several(..) | Remark::Malformed(..) | Remark::NoRecord(_) | Remark::Loop(_) => {
                is_broken = true;
                Weight::Serious
            }
            Remark::Misspelt(_) => {
                is_broken = true;
                Weight::Warning
            }
            Remark::Wide(_) => Weight::Warning,
            Remark::Hosts(_) | Remark::PassesAll(_) | Remark::Everybody(_) => Weight::Serious,
            Remark::Ptr(_) | Remark::Void(_) => Weight::Warning,
            Remark::BehindAll(_) => Weight::Note,
        };
        add(weight, SpfFault::Remark(remark));
    }
    if survey.look_ups > MOST_LOOK_UPS {
        add(Weight::Serious, SpfFault::LookUps(survey.look_ups));
    }
    if survey.voids > MOST_VOIDS {
        add(Weight::Serious, SpfFault::Voids(survey.voids));
    }
    match survey.all {
        Some(Qualifier::Pass) => add(Weight::Serious, SpfFault::PassesAll),
        Some(Qualifier::Neutral) => add(Weight::Warning, SpfFault::Neutral),
        Some(Qualifier::Fail | Qualifier::SoftFail) => {}
        None if is_broken => {}
        None => add(Weight::Warning, SpfFault::NoAll),
    }
}
