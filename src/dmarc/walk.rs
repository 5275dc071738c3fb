//! The walk up the tree (RFC 9989, section 4.10): whose record counts for a domain, and what its organizational domain is.
//!
//! ```text
//!   a.b.c.d.e.f.g.h.example -> b.c… is not asked: the seven last labels are next, then six, …, then one
//! ```

use super::record::{DmarcFault, Policy, Record, is_record, looks_like_one};

/// The most labels of the domains above the first that are asked for.
const MOST_LABELS: usize = 7;

/// Nobody knows what the DNS has: whoever asked knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// A domain with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The domain, without `_dmarc` in front.
    pub domain: String,
    /// The record, as it stands there.
    pub text: String,
    /// What it says.
    pub record: Record,
}

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The domain from which it began.
    pub domain: String,
    /// Its organizational domain; itself, if no record says otherwise.
    pub organizational: String,
    /// The records on the way, that of the domain itself first.
    pub entries: Vec<Entry>,
    /// Domains whose records count for nothing, and why.
    pub faults: Vec<(String, Flaw)>,
    /// What the DNS has of this name is not known, and that ended the walk.
    pub unknown: Option<String>,
}

/// Why what a domain has counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It has so many records.
    Several(usize),
    /// Its record, as it stands there, is malformed.
    Malformed(String, DmarcFault),
    /// It has no record, but a text that looks as if it should be one.
    NoRecord(String),
}

impl Found {
    /// The record that counts for the domain: its own, else that of its organizational domain, else that of a suffix above
    /// it (RFC 9989, section 4.10.1).
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        let of = |domain: &str| self.entries.iter().find(|entry| entry.domain == domain);
        let suffix = || self.entries.iter().find(|entry| entry.record.is_suffix == Some(true));
        of(&self.domain).or_else(|| of(&self.organizational)).or_else(suffix)
    }

    /// The policy that applies to mail from the domain. `exists`: whether there is such a domain at all.
    #[must_use]
    pub fn policy(&self, exists: bool) -> Option<Policy> {
        let entry = self.entry()?;
        let record = &entry.record;
        if entry.domain == self.domain {
            return Some(record.policy);
        }
        let below = record.subdomains.unwrap_or(record.policy);
        Some(if exists { below } else { record.missing.unwrap_or(below) })
    }
}

/// Gives the TXT records of a name.
pub type Texts<'a> = dyn FnMut(&str) -> Result<Vec<Vec<u8>>, Unknown> + 'a;

/// Walks up from a domain, which is in A-labels.
pub fn walk(domain: &str, texts: &mut Texts<'_>) -> Found {
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
    let mut found = Found {
        organizational: domain.clone(),
        domain,
        entries: Vec::new(),
        faults: Vec::new(),
        unknown: None,
    };
    let labels: Vec<&str> = found.domain.split('.').collect();
    let above = (1..labels.len()).filter(|left_out| labels.len() - left_out <= MOST_LABELS);
    let places: Vec<String> = std::iter::once(0)
        .chain(above)
        .map(|left_out| labels.get(left_out..).unwrap_or_default().join("."))
        .collect();
    for place in places {
        let name = format!("_dmarc.{place}");
        let Ok(texts) = texts(&name) else {
            found.unknown = Some(name);
            break;
        };
        match entry(&place, &texts) {
            Ok(None) => {}
            Ok(Some(entry)) => {
                let decides = entry.record.is_suffix.is_some();
                found.entries.push(entry);
                if decides {
                    break;
                }
            }
            Err(fault) => found.faults.push((place, fault)),
        }
    }
    found.organizational = organizational(&found);
    found
}

/// The record of a domain; what is wrong, if there is one and it does not count.
fn entry(domain: &str, texts: &[Vec<u8>]) -> Result<Option<Entry>, Flaw> {
    let whole = |text: &Vec<u8>| String::from_utf8_lossy(text).into_owned();
    let records: Vec<&Vec<u8>> = texts.iter().filter(|text| is_record(text)).collect();
    match records.as_slice() {
        [] => match texts.iter().find(|text| looks_like_one(text)) {
            Some(text) => Err(Flaw::NoRecord(whole(text))),
            None => Ok(None),
        },
        [text] => {
            let record = Record::parse(text).map_err(|fault| Flaw::Malformed(whole(text), fault))?;
            Ok(Some(Entry { domain: domain.to_owned(), text: whole(text), record }))
        }
        several => Err(Flaw::Several(several.len())),
    }
}

/// RFC 9989, section 4.10.2.
fn organizational(found: &Found) -> String {
    for entry in &found.entries {
        match entry.record.is_suffix {
            Some(false) => return entry.domain.clone(),
            Some(true) if entry.domain != found.domain => {
                // One label more than the suffix.
                let rest = found.domain.strip_suffix(&entry.domain).unwrap_or_default();
                let label = rest.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
                return format!("{label}.{}", entry.domain);
            }
            Some(true) | None => {}
        }
    }
    found.entries.last().map_or_else(|| found.domain.clone(), |entry| entry.domain.clone())
}
