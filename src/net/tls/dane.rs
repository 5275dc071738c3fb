//! What the DNS says of a server's certificate: TLSA records (RFC 6698, as RFC 7671 and RFC 7672 apply them to
//! SMTP).
//!
//! Nothing is looked up here, and nobody here knows whether a record came securely: that is for whoever looks
//! it up. A record with usage 3 (DANE-EE) is compared here; what usage 2 (DANE-TA) vouches for is up to
//! [`dane_verifier`](super::dane_verifier).

use std::fmt;

/// The usage that names an authority: it vouches for the server's certificate (RFC 7218, section 2.1).
pub(super) const DANE_TA: u8 = 2;
/// The usage that names the server's own certificate or key.
pub(super) const DANE_EE: u8 = 3;
/// The selectors: the whole certificate, or its SubjectPublicKeyInfo.
const CERTIFICATE: u8 = 0;
const KEY: u8 = 1;
/// The matching types: as it is, or a hash of it.
const FULL: u8 = 0;
const SHA_256: u8 = 1;
const SHA_512: u8 = 2;

/// So many octets of a record's data are printed.
const PRINTED: usize = 8;

/// One TLSA record (RFC 6698, section 2.1), as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlsa {
    /// Whom the record names: 2 an authority, 3 the server itself.
    pub usage: u8,
    /// What of a certificate is compared: 0 all, 1 the SubjectPublicKeyInfo.
    pub selector: u8,
    /// How: 0 as it is, 1 by its SHA-256, 2 by its SHA-512.
    pub matching: u8,
    /// What it is compared with.
    pub data: Vec<u8>,
}

impl Tlsa {
    /// Whether it means something for SMTP (RFC 7672, section 3.1): an authority or the server itself, by a
    /// selector and a matching type that are known, with data of that length and kind. Usages 0 and 1 do not
    /// count there (section 3.1.3).
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let fits = match self.matching {
            FULL => is_readable(self.selector, &self.data),
            SHA_256 => self.data.len() == 32,
            SHA_512 => self.data.len() == 64,
            _ => false,
        };
        matches!(self.usage, DANE_TA | DANE_EE) && matches!(self.selector, CERTIFICATE | KEY) && fits
    }

    /// As in a zone file, with all of its data.
    #[must_use]
    pub fn in_full(&self) -> String {
        let data: String = self.data.iter().map(|octet| format!("{octet:02x}")).collect();
        format!("{} {} {} {data}", self.usage, self.selector, self.matching)
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
impl Tlsa {
    /// Whether it fits what a server showed, its own certificate first: that one, or one above it. Whether an authority that
    /// fits vouches for the rest is another question.
    #[must_use]
    pub fn fits(&self, chain: &[Vec<u8>]) -> bool {
        let shown = if self.usage == DANE_EE { chain.get(..1) } else { chain.get(1..) };
        self.is_usable() && shown.unwrap_or_default().iter().any(|der| Shown::read(der).matches(self))
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
impl Tlsa {
    /// Without a backend no certificate is seen.
    #[must_use]
    pub fn fits(&self, _: &[Vec<u8>]) -> bool {
        false
    }
}

/// As in a zone file, but for the data, of which the beginning is told: `3 1 1 0123456789abcdef…`.
impl fmt::Display for Tlsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} ", self.usage, self.selector, self.matching)?;
        self.data.iter().take(PRINTED).try_for_each(|octet| write!(f, "{octet:02x}"))?;
        if self.data.len() > PRINTED { f.write_str("…") } else { Ok(()) }
    }
}

/// What DANE demands of a server's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dane {
    /// The records of the server; only those that are usable count, and one that matches is enough.
    pub records: Vec<Tlsa>,
    /// The names that a certificate may bear if an authority vouches for it, without a dot at the end: the
    /// TLSA base domain, then the next-hop domain (RFC 7672, sections 3.2.2 and 3.2.3). The first is the one
    /// that the server is asked for (section 8.1).
    pub names: Vec<String>,
}

impl Dane {
    /// Whether any record is usable. If none is, nothing is demanded of the certificate by these records.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.records.iter().any(Tlsa::is_usable)
    }

    /// The usable records with this usage.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) fn usable(&self, usage: u8) -> Vec<&Tlsa> {
        self.records.iter().filter(|record| record.usage == usage && record.is_usable()).collect()
    }

    /// The usable record that names the server itself and matches its own certificate: neither names nor dates
    /// count then (RFC 7672, section 3.1.1).
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) fn end_entity(&self, leaf: &Shown) -> Option<&Tlsa> {
        self.usable(DANE_EE).into_iter().find(|record| leaf.matches(record))
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) use read::Shown;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use read::is_readable;

/// Without a backend there is nothing to compare it with.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn is_readable(_: u8, data: &[u8]) -> bool {
    !data.is_empty()
}

/// What needs the library that reads certificates.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod read {
    use ::ring::digest::{Digest, SHA256, SHA512, digest};
    use x509_cert::Certificate;
    use x509_cert::der::{Decode, Encode};
    use x509_cert::spki::SubjectPublicKeyInfoOwned;

    use super::{CERTIFICATE, FULL, KEY, SHA_256, SHA_512, Tlsa};

    /// Whether it is a certificate or a key, as the selector has it.
    pub(super) fn is_readable(selector: u8, data: &[u8]) -> bool {
        match selector {
            CERTIFICATE => Certificate::from_der(data).is_ok(),
            KEY => SubjectPublicKeyInfoOwned::from_der(data).is_ok(),
            _ => false,
        }
    }

    /// A certificate that the server showed: read and hashed once, however many records there are.
    pub(in crate::net::tls) struct Shown {
        whole: Compared,
        /// None where the certificate cannot be read.
        key: Option<Compared>,
        /// The issuer's name in DER; empty where it cannot be read.
        #[cfg_attr(not(feature = "rustls"), allow(dead_code))]
        pub(in crate::net::tls) issuer: Vec<u8>,
        /// Whether subject and issuer are the same.
        #[cfg_attr(not(feature = "rustls"), allow(dead_code))]
        pub(in crate::net::tls) self_issued: bool,
    }

    impl Shown {
        /// Reads a certificate in DER.
        pub(in crate::net::tls) fn read(der: &[u8]) -> Shown {
            let certificate = Certificate::from_der(der).ok();
            let inner = certificate.as_ref().map(Certificate::tbs_certificate);
            let key = inner.and_then(|inner| inner.subject_public_key_info().to_der().ok());
            Shown {
                whole: Compared::of(der.to_vec()),
                key: key.map(Compared::of),
                issuer: inner.and_then(|inner| inner.issuer().to_der().ok()).unwrap_or_default(),
                self_issued: inner.is_some_and(|inner| inner.subject() == inner.issuer()),
            }
        }

        /// Whether selector, matching type and data fit it; the usage is for the caller.
        pub(in crate::net::tls) fn matches(&self, record: &Tlsa) -> bool {
            let selected = match record.selector {
                CERTIFICATE => Some(&self.whole),
                KEY => self.key.as_ref(),
                _ => None,
            };
            selected.is_some_and(|selected| match record.matching {
                FULL => selected.full == record.data,
                SHA_256 => selected.sha256.as_ref() == record.data,
                SHA_512 => selected.sha512.as_ref() == record.data,
                _ => false,
            })
        }
    }

    /// Something in DER, and its hashes.
    struct Compared {
        full: Vec<u8>,
        sha256: Digest,
        sha512: Digest,
    }

    impl Compared {
        fn of(full: Vec<u8>) -> Compared {
            Compared { sha256: digest(&SHA256, &full), sha512: digest(&SHA512, &full), full }
        }
    }
}

#[cfg(test)]
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tests;
