//! Who may send for a domain: its SPF record, and all that this leads to.

use super::asker::{Asker, Failed, Looker};
use super::finding::{Add, What, failed};
use crate::probe::Weight;
use crate::spf::{MOST_LOOK_UPS, MOST_VOIDS, Qualifier, Remark, Survey, survey};

/// What is known of it.
#[derive(Debug, Default)]
pub struct Spf {
    /// What the record says, and costs.
    pub survey: Survey,
    /// Look-ups that failed.
    pub failed: Vec<Failed>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum SpfFault<'a> {
    /// There is no record.
    Missing,
    /// More than ten terms ask the DNS: so many.
    LookUps(usize),
    /// More than two names have no record: so many.
    Voids(usize),
    /// Everybody may send: `+all`.
    PassesAll,
    /// Of everybody else nothing is said: `?all`.
    Neutral,
    /// Of everybody else nothing is said, since there is no `all`.
    NoAll,
    /// Something on the way.
    Remark(&'a Remark),
}

pub(super) fn gather(domain: &str, asker: Asker<'_>, is_there: bool) -> Spf {
    if !is_there {
        return Spf::default();
    }
    let mut looker = Looker::new(asker);
    let survey = survey(domain, &mut looker);
    Spf { survey, failed: looker.into_failed() }
}

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
            Remark::Hosts(_) | Remark::PassesAll(_) => Weight::Serious,
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
