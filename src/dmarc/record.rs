//! A record: the TXT of `_dmarc` in a domain (RFC 9989, section 4.7; RFC 7489, section 6.3).
//!
//! Tags that are not known are passed over, and so are known ones with a value that is none (section 4.8); both are told as
//! [`Remark`]s. Only what makes the whole record count for nothing is a fault.

use super::tags::{NotATag, tags};
use std::fmt;

/// A longer record, in octets, is not read.
const LONGEST: usize = 8192;
/// The most destinations of reports that are looked at.
const MOST_DESTINATIONS: usize = 20;

/// What is to be done with mail that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Nothing.
    None,
    /// It is suspicious.
    Quarantine,
    /// It is refused.
    Reject,
}

impl Policy {
    fn parse(text: &str) -> Option<Policy> {
        [Policy::None, Policy::Quarantine, Policy::Reject]
            .into_iter()
            .find(|policy| text.eq_ignore_ascii_case(policy.name()))
    }

    /// As a record has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Policy::None => "none",
            Policy::Quarantine => "quarantine",
            Policy::Reject => "reject",
        }
    }
}

/// How alike two domains have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alignment {
    /// They have the same organizational domain.
    #[default]
    Relaxed,
    /// They are the same.
    Strict,
}

/// Where reports go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// An address, with its domain in small letters.
    Mail {
        /// The whole address.
        address: String,
        /// What stands behind its `@`.
        domain: String,
    },
    /// Something else than `mailto:` with an address, as it stands there.
    Other(String),
}

/// What is to be known of a record besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A tag with a value that is none: its name and the value.
    Value(String, String),
    /// A tag that nobody knows.
    Tag(String),
    /// `p=` is missing; with reports asked for, it counts as `none`.
    NoPolicy,
    /// `pct=`, which RFC 9989 has taken away: so many per cent.
    Percent(u8),
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `p=`.
    pub policy: Policy,
    /// `sp=`: for domains below; as `p=`, if there is none.
    pub subdomains: Option<Policy>,
    /// `np=`: for domains below that do not exist; as `sp=`, if there is none.
    pub missing: Option<Policy>,
    /// `adkim=`.
    pub dkim: Alignment,
    /// `aspf=`.
    pub spf: Alignment,
    /// `rua=`: where reports on all mail go.
    pub reports: Vec<Destination>,
    /// `ruf=`: where reports on single messages go.
    pub failures: Vec<Destination>,
    /// `t=y`: the policy is only tested; one step less is done.
    pub is_test: bool,
    /// `psd=y`: this is a suffix under which others have their domains; `psd=n`: this is an organizational domain.
    pub is_suffix: Option<bool>,
    /// What else is to be known.
    pub remarks: Vec<Remark>,
}

/// Why a record counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DmarcFault {
    /// It is too long, or not text.
    Octets,
    /// This part of it is no tag, or one that is there twice.
    Tag(String),
    /// `p=` is missing or none that is known, and no reports are asked for.
    Policy,
}

/// Whether a text is a record of DMARC: it begins with `v=DMARC1` (RFC 9989, section 4.8).
#[must_use]
pub fn is_record(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let first = text.split(';').next().unwrap_or_default();
    let Some((name, value)) = first.split_once('=') else { return false };
    !first.starts_with([' ', '\t'])
        && name.trim_end_matches([' ', '\t']) == "v"
        && value.trim_matches([' ', '\t']) == "DMARC1"
}

/// Whether a text that is no record was meant to be one: it is misspelt, or its version does not come first.
#[must_use]
pub fn looks_like_one(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    text.contains("dmarc") && text.contains('=')
}

/// The policy that a text seems to mean which is no record, or is malformed.
#[must_use]
pub fn meant(text: &str) -> Option<Policy> {
    let text = text.to_ascii_lowercase();
    let mut words = text.split([';', ',', ' ', '\t', '"']);
    words.find_map(|word| Policy::parse(word.strip_prefix("p=")?))
}

impl Record {
    /// Reads a text that [`is_record`].
    ///
    /// # Errors
    /// [`DmarcFault`].
    pub fn parse(text: &[u8]) -> Result<Record, DmarcFault> {
        let text = std::str::from_utf8(text).map_err(|_| DmarcFault::Octets)?;
        if text.len() > LONGEST || text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(DmarcFault::Octets);
        }
        let tags = tags(text).map_err(|NotATag(part)| DmarcFault::Tag(part))?;
        let mut record = Record {
            policy: Policy::None,
            subdomains: None,
            missing: None,
            dkim: Alignment::Relaxed,
            spf: Alignment::Relaxed,
            reports: Vec::new(),
            failures: Vec::new(),
            is_test: false,
            is_suffix: None,
            remarks: Vec::new(),
        };
        let mut policy = None;
        for (name, value) in tags.iter().skip(1).copied() {
            let mut is_good = true;
            let mut choice = |known: [&str; 2]| {
                let found = known.iter().position(|known| value.eq_ignore_ascii_case(known));
                is_good = found.is_some();
                found == Some(1)
            };
            match name {
                "p" => policy = Policy::parse(value),
                "sp" => record.subdomains = Policy::parse(value),
                "np" => record.missing = Policy::parse(value),
                "adkim" => {
                    record.dkim = if choice(["r", "s"]) { Alignment::Strict } else { Alignment::Relaxed }
                }
                "aspf" => {
                    record.spf = if choice(["r", "s"]) { Alignment::Strict } else { Alignment::Relaxed }
                }
                "t" => record.is_test = choice(["n", "y"]),
                "psd" if value.eq_ignore_ascii_case("u") => {}
                "psd" => {
                    let is_suffix = choice(["n", "y"]);
                    record.is_suffix = is_good.then_some(is_suffix);
                }
                "rua" => record.reports = destinations(value),
                "ruf" => record.failures = destinations(value),
                "pct" => match value.parse() {
                    Ok(percent @ 0..=100) => record.remarks.push(Remark::Percent(percent)),
                    _ => is_good = false,
                },
                "fo" | "rf" | "ri" => {}
                name => record.remarks.push(Remark::Tag(name.to_owned())),
            }
            let is_policy = matches!(name, "p" | "sp" | "np");
            if !is_good || is_policy && Policy::parse(value).is_none() {
                record.remarks.push(Remark::Value(name.to_owned(), value.to_owned()));
            }
        }
        match policy {
            Some(policy) => record.policy = policy,
            // RFC 9989, section 4.7: somebody wants to know.
            None if record.reports.iter().any(|to| matches!(to, Destination::Mail { .. })) => {
                if !tags.iter().any(|(name, _)| *name == "p") {
                    record.remarks.push(Remark::NoPolicy);
                }
            }
            None => return Err(DmarcFault::Policy),
        }
        Ok(record)
    }
}

/// URIs with commas between them; a limit of size behind `!` does not count any more.
fn destinations(value: &str) -> Vec<Destination> {
    let one = |text: &str| {
        let address = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        let address = address.and_then(|scheme| text.get(scheme.len()..)).unwrap_or_default();
        let address = address.split('!').next().unwrap_or_default();
        match address.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() && is_domain(domain) => {
                Destination::Mail { address: address.to_owned(), domain: domain.to_ascii_lowercase() }
            }
            _ => Destination::Other(text.chars().take(80).collect()),
        }
    };
    let parts = value.split(',').map(|part| part.trim_matches([' ', '\t'])).filter(|part| !part.is_empty());
    parts.take(MOST_DESTINATIONS).map(one).collect()
}

/// Whether it can be the domain of an address.
fn is_domain(name: &str) -> bool {
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(fits);
    name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
}

impl fmt::Display for DmarcFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DmarcFault::Octets => f.write_str("it is too long, or not plain text"),
            DmarcFault::Tag(part) => write!(f, "'{part}' is no tag, or one that is there twice"),
            DmarcFault::Policy => f.write_str("it has no policy (p=) that is known"),
        }
    }
}

impl std::error::Error for DmarcFault {}
