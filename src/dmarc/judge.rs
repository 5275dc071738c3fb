//! Whether a message is proved to be from the domain in its From (RFC 9989, section 4.4 and 5.3): by SPF or DKIM, with a
//! domain that is aligned.

use super::record::{Alignment, Policy};
use super::walk::Found;

/// A domain that something proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The domain.
    pub domain: &'a str,
    /// Its organizational domain, by a walk of its own.
    pub organizational: &'a str,
}

/// What DMARC makes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// It passes: at least one of the two below is there.
    pub passes: bool,
    /// The domain by which SPF passes, and is aligned.
    pub by_spf: Option<String>,
    /// The domain by which DKIM passes, and is aligned.
    pub by_dkim: Option<String>,
    /// What the domain wants to be done otherwise; none if it has no record.
    pub policy: Option<Policy>,
    /// The policy is only tested.
    pub is_test: bool,
}

/// Judges a message. `author` is what was found of the domain in From, `spf` the domain for which SPF passes, `dkim` those
/// for which a signature passes; `exists`: whether the author's domain is there at all.
#[must_use]
pub fn judge(author: &Found, exists: bool, spf: Option<Signed<'_>>, dkim: &[Signed<'_>]) -> Judgement {
    let record = author.entry().map(|entry| &entry.record);
    let (of_dkim, of_spf) = record.map_or_else(Default::default, |record| (record.dkim, record.spf));
    let is_aligned = |signed: &Signed<'_>, how: Alignment| match how {
        Alignment::Strict => signed.domain.eq_ignore_ascii_case(&author.domain),
        Alignment::Relaxed => signed.organizational.eq_ignore_ascii_case(&author.organizational),
    };
    let by_spf = spf.filter(|signed| is_aligned(signed, of_spf)).map(|signed| signed.domain.to_owned());
    let by_dkim = dkim.iter().find(|signed| is_aligned(signed, of_dkim)).map(|one| one.domain.to_owned());
    Judgement {
        passes: by_spf.is_some() || by_dkim.is_some(),
        by_spf,
        by_dkim,
        policy: author.policy(exists),
        is_test: record.is_some_and(|record| record.is_test),
    }
}
