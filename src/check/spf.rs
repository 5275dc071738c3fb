//! Who may send for a domain: its SPF record, and all that this leads to.

use super::asker::{Asker, Failed, Looker};
use crate::spf::{Remark, Survey, survey};

/// What is known of it.
#[derive(Debug, Default)]
pub struct Spf {
    /// What the record says, and costs.
    pub survey: Survey,
    /// Look-ups that failed.
    pub failed: Vec<Failed>,
}

/// What a domain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpfState {
    /// One record, whatever it is worth.
    Record,
    /// No record.
    None,
    /// More than one.
    Several,
    /// Nobody knows.
    Unknown,
}

impl Spf {
    /// What the domain itself has.
    #[must_use]
    pub fn state(&self) -> SpfState {
        match (&self.survey.text, self.survey.remarks.first()) {
            (Some(_), _) => SpfState::Record,
            (None, Some(Remark::Several(..))) => SpfState::Several,
            (None, Some(Remark::Unknown(_))) => SpfState::Unknown,
            (None, _) => SpfState::None,
        }
    }
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
