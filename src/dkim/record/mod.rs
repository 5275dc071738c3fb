//! Key records: the TXT record at `selector._domainkey.domain` (RFC 6376, section 3.6.1; RFC 8301; RFC 8463,
//! section 4): read, written, and compared with a private key.
//!
//! A TXT record is one text here: whoever asks the DNS joins its strings, and whoever publishes it cuts it
//! ([`strings`]).

mod fault;
mod matching;

pub use fault::RecordFault;
pub use matching::{Match, matches};

use super::algorithm::Algorithm;
use super::key::Key;
use super::public::{FEWEST_BITS, MOST_BITS, PublicKey};
use super::tags::{self, Tags};
use std::fmt;

/// A longer record, in octets, is not read.
pub const LONGEST: usize = 8192;

/// What a key record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The key.
    pub key: PublicKey,
    /// `h=`: the hashes that may be used with it; all, if there is none.
    pub hashes: Option<Vec<String>>,
    /// `s=`: what it is for; `*` is anything.
    pub services: Vec<String>,
    /// `t=y`: the domain is trying DKIM out. Its messages are to be treated as if they were not signed.
    pub is_test: bool,
    /// `t=s`: `i=` has this very domain, and none below it.
    pub is_exact: bool,
}

impl Record {
    /// Reads a record. Tags that are not known are passed over.
    ///
    /// # Errors
    /// [`RecordFault`]; among them a key that is revoked, weak, or of an unknown kind.
    pub fn parse(text: &[u8]) -> Result<Record, RecordFault> {
        if text.len() > LONGEST {
            return Err(RecordFault::TooLong);
        }
        let tags = Tags::parse(text).map_err(RecordFault::Tags)?;
        if tags.get("v").is_some_and(|v| v.value != b"DKIM1" || tags.first() != Some(v)) {
            return Err(RecordFault::Version);
        }
        let list = |name: &str| {
            let text = |member: &[u8]| String::from_utf8_lossy(member).into_owned();
            tags.value(name).map(|value| tags::members(value).map(text).collect::<Vec<String>>())
        };
        let has_flag = |flag: &str| list("t").is_some_and(|flags| flags.iter().any(|known| known == flag));
        let data = tags.value("p").ok_or(RecordFault::NoKey)?;
        if data.is_empty() {
            return Err(RecordFault::Revoked);
        }
        let octets = tags::base64(data).ok_or(RecordFault::Base64)?;
        let key = match tags.value("k").unwrap_or(b"rsa") {
            b"rsa" => PublicKey::rsa(&octets).ok_or(RecordFault::Key)?,
            b"ed25519" => PublicKey::Ed25519(octets.try_into().map_err(|_| RecordFault::Key)?),
            kind => return Err(RecordFault::Kind(String::from_utf8_lossy(kind).into_owned())),
        };
        match (&key, key.bits()) {
            (PublicKey::Rsa { .. }, bits @ ..FEWEST_BITS) => return Err(RecordFault::TooWeak { bits }),
            (PublicKey::Rsa { .. }, bits) if bits > MOST_BITS => return Err(RecordFault::TooLarge { bits }),
            _ => {}
        }
        Ok(Record {
            key,
            hashes: list("h"),
            services: list("s").unwrap_or_else(|| vec!["*".to_owned()]),
            is_test: has_flag("y"),
            is_exact: has_flag("s"),
        })
    }

    /// The record to publish for a key.
    #[must_use]
    pub fn of(key: &Key) -> Record {
        Record {
            key: key.public().clone(),
            hashes: None,
            services: vec!["*".to_owned()],
            is_test: false,
            is_exact: false,
        }
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// Whether its `h=` allows SHA-256, the one hash that there is.
    #[must_use]
    pub fn allows_hash(&self) -> bool {
        self.hashes.as_ref().is_none_or(|hashes| hashes.iter().any(|hash| hash == "sha256"))
    }

    /// Whether its `s=` allows mail.
    #[must_use]
    pub fn allows_email(&self) -> bool {
        self.services.iter().any(|service| service == "*" || service == "email")
    }
}

/// As it is published: what is said anyway by default is left out.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v=DKIM1; k={}; ", self.algorithm().key())?;
        if let Some(hashes) = &self.hashes {
            write!(f, "h={}; ", hashes.join(":"))?;
        }
        if self.services != ["*"] {
            write!(f, "s={}; ", self.services.join(":"))?;
        }
        match (self.is_test, self.is_exact) {
            (true, true) => f.write_str("t=y:s; ")?,
            (true, false) => f.write_str("t=y; ")?,
            (false, true) => f.write_str("t=s; ")?,
            (false, false) => {}
        }
        write!(f, "p={}", encodify::base64::STANDARD.encode(self.key.octets()))
    }
}

/// The record to publish for a key: `v=DKIM1; k=rsa; p=…`.
#[must_use]
pub fn record(key: &Key) -> String {
    Record::of(key).to_string()
}

/// A text in strings of at most 255 octets, as a TXT record holds it (RFC 1035, section 3.3.14; RFC 6376,
/// section 3.6.2.2). There is no cut inside a character.
pub fn strings(record: &str) -> impl Iterator<Item = &str> {
    let mut rest = record;
    std::iter::from_fn(move || {
        let (first, behind) = rest.split_at_checked(rest.floor_char_boundary(255))?;
        rest = behind;
        (!first.is_empty()).then_some(first)
    })
}

#[cfg(test)]
mod tests;
