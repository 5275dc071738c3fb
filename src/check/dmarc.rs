//! What is to be done with mail that is not proved to be from a domain: its DMARC record, or the one above it.

use super::asker::{Asker, Failed, Looker};
use crate::dmarc::{self as room, Destination, Found, Policy, Remark};

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
    /// The record of this domain, as it stands there, counts for nothing.
    Malformed(&'a str, &'a str, &'a room::DmarcFault),
    /// What this domain has, as it stands there, is no record, and was meant to be one.
    NoRecord(&'a str, &'a str),
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
