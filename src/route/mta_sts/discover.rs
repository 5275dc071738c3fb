//! Which policy holds for a domain now (RFC 8461, sections 3.3 and 5.1). Whatever goes wrong, a policy that is kept and not
//! over still holds: taking away the record, or the web server, takes nobody's protection away. Without one, mail goes out
//! as if the domain had none.

use super::cache::{Cache, CacheError};
use super::entry::{Entry, Failed, Kept};
use super::fetch::{Fetch, FetchError};
use super::name::normal;
use super::policy::{Policy, PolicyError};
use super::record::{RecordFault, id};
use crate::dns::DnsError;
use std::time::Duration;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The policy that holds, if there is one; its mode may be [`Mode::None`](super::Mode::None).
    pub applied: Option<Applied>,
    /// What else is to be known, in the order in which it came to light.
    pub remarks: Vec<Remark>,
}

/// A policy that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// What it says.
    pub policy: Policy,
    /// Where it is from.
    pub source: Source,
    /// The id of the record that named it.
    pub id: String,
    /// When it is over, in seconds since 1970.
    pub until: u64,
}

/// Where a policy is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It was kept.
    Cached,
    /// It was fetched now.
    Fetched,
}

impl Source {
    /// In a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Source::Cached => "cached",
            Source::Fetched => "fetched",
        }
    }
}

/// What is to be known besides.
#[derive(Debug)]
#[non_exhaustive]
pub enum Remark {
    /// There is no record any longer, and the policy that is kept holds.
    Gone,
    /// Whether there is a record is not known.
    LookUp(DnsError),
    /// The record names no policy.
    Record(RecordFault),
    /// The policy that the record names cannot be fetched.
    Fetch(FetchError),
    /// What was fetched is no policy.
    Policy(PolicyError),
    /// Fetching the policy has failed a short time ago, and is not tried again for so long.
    Paused(Duration),
    /// What is kept of the domain cannot be read.
    NotRead(CacheError),
    /// What was fetched, or that it could not be, is not kept.
    NotKept(CacheError),
}

/// Finds the policy of a domain. `texts` are the TXT records of `_mta-sts` in it; `now` is in seconds since 1970.
///
/// A policy is fetched if the record has another id than the one that is kept, or if none is kept; once, and not again for
/// five minutes if that failed.
pub fn discover(
    domain: &str,
    texts: Result<Vec<Vec<u8>>, DnsError>,
    cache: &dyn Cache,
    fetch: &dyn Fetch,
    now: u64,
) -> Found {
    // An address literal has no policy.
    let Some(domain) = normal(domain) else { return Found { applied: None, remarks: Vec::new() } };
    let mut search = Search { domain: &domain, cache, fetch, now, remarks: Vec::new() };
    let applied = search.applied(texts);
    Found { applied, remarks: search.remarks }
}

struct Search<'a> {
    domain: &'a str,
    cache: &'a dyn Cache,
    fetch: &'a dyn Fetch,
    now: u64,
    remarks: Vec<Remark>,
}

impl Search<'_> {
    fn applied(&mut self, texts: Result<Vec<Vec<u8>>, DnsError>) -> Option<Applied> {
        let entry = self.read();
        let held = entry.holding(self.now);
        let cached = held.map(|kept| applied(kept, Source::Cached));
        let named = match texts {
            Ok(texts) => id(&texts).map_err(Remark::Record),
            Err(error) if error.is_certain() => Ok(None),
            Err(error) => Err(Remark::LookUp(error)),
        };
        match named {
            Ok(Some(id)) if held.is_some_and(|kept| kept.id() == id) => cached,
            Ok(Some(id)) => self.fetched(&id, &entry).or(cached),
            Ok(None) => {
                self.remarks.extend(cached.is_some().then_some(Remark::Gone));
                cached
            }
            Err(remark) => {
                self.remarks.push(remark);
                cached
            }
        }
    }

    fn read(&mut self) -> Entry {
        self.cache
            .read(self.domain)
            .unwrap_or_else(|error| {
                self.remarks.push(Remark::NotRead(error));
                None
            })
            .unwrap_or_default()
    }

    /// The policy of this id, fetched and kept.
    fn fetched(&mut self, id: &str, entry: &Entry) -> Option<Applied> {
        if let Some(left) = entry.pause(id, self.now) {
            self.remarks.push(Remark::Paused(left));
            return None;
        }
        let said = self.fetch.fetch(self.domain).map_err(Remark::Fetch);
        match said.and_then(|text| Kept::new(id, self.now, text).map_err(Remark::Policy)) {
            Ok(kept) => {
                let found = applied(&kept, Source::Fetched);
                // One that holds for no time at all takes the place of what was kept as well.
                self.keep(&Entry { policy: Some(kept), failed: None });
                Some(found)
            }
            Err(remark) => {
                let is_of_the_domain = !matches!(&remark, Remark::Fetch(error) if !error.is_of_the_domain());
                self.remarks.push(remark);
                if is_of_the_domain {
                    let failed = Some(Failed { id: id.to_owned(), at: self.now });
                    self.keep(&Entry { policy: entry.holding(self.now).cloned(), failed });
                }
                None
            }
        }
    }

    /// Keeps it. A cache that could not be read is told of once.
    fn keep(&mut self, entry: &Entry) {
        let is_told = self.remarks.iter().any(|remark| matches!(remark, Remark::NotRead(_)));
        if let Err(error) = self.cache.write(self.domain, entry)
            && !is_told
        {
            self.remarks.push(Remark::NotKept(error));
        }
    }
}

fn applied(kept: &Kept, source: Source) -> Applied {
    Applied { policy: kept.policy().clone(), source, id: kept.id().to_owned(), until: kept.until() }
}

#[cfg(test)]
mod tests;
