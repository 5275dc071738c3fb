//! What a certificate says of itself (RFC 5280, section 4.1), for people, for pins and for channel binding.
//!
//! Nothing is trusted because of what is read here: backends verify. All of it was written by whoever made
//! the certificate: it is cut to a bearable length where it is put in a line, and made printable where it is
//! printed.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::Sha256;

/// The most names that a line has room for.
const SHOWN: usize = 4;
/// The most characters of one name.
const LONGEST: usize = 100;

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The SHA-256 of the whole, in DER.
    pub sha256: Sha256,
    /// Its contents, if it can be read.
    pub contents: Option<Contents>,
}

/// The contents of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The subject, in the form of RFC 4514: `CN=mail.example.org`.
    pub subject: String,
    /// The issuer, in the same form.
    pub issuer: String,
    /// Whether subject and issuer are the same.
    pub self_issued: bool,
    /// The host names and addresses it is for (subjectAltName), in their order.
    pub names: Vec<String>,
    /// From when it is valid.
    pub not_before: Moment,
    /// Until when.
    pub not_after: Moment,
    /// The public key.
    pub key: PublicKey,
    /// The hash in its signature, where it has exactly one.
    pub hash: Option<Hash>,
}

/// The public key in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// `RSA`, `EC P-256`, `Ed25519`; else its object identifier.
    pub algorithm: String,
    /// How long it is, where that is known.
    pub bits: Option<usize>,
    /// The SHA-256 of the SubjectPublicKeyInfo, in DER.
    pub sha256: Sha256,
}

/// The hashes that signatures are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// MD5, which is broken.
    Md5,
    /// SHA-1, which is broken, too.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A time, in seconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Moment(pub u64);

/// The day: `2026-01-31`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The days of a calendar whose years begin in March, so that a leap day is the last; eras of 400
        // years.
        let days = Duration::from_secs(self.0).as_secs() / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = year + era * 400 + u64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bits {
            Some(bits) => write!(f, "{} {bits}", self.algorithm),
            None => f.write_str(&self.algorithm),
        }
    }
}

impl Certificate {
    /// Subject, issuer, names (if wanted), dates and fingerprint, in one line of bearable length.
    #[must_use]
    pub fn in_a_line(&self, with_names: bool) -> String {
        let mut line = String::new();
        if let Some(contents) = &self.contents {
            line = match contents.subject.as_str() {
                "" => "no subject".to_owned(),
                subject => short(subject),
            };
            // Writing to a String does not fail.
            if !contents.self_issued {
                let _ = write!(line, ", issued by {}", short(&contents.issuer));
            }
            if with_names && !contents.names.is_empty() {
                let _ = write!(line, ", for {}", few(&contents.names));
            }
            let _ = write!(line, ", valid {} to {}, ", contents.not_before, contents.not_after);
        }
        line + &format!("sha256:{}", self.sha256)
    }
}

/// The first of some names, each cut to a bearable length, and how many more there are.
#[must_use]
pub fn few(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| short(name)).collect();
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}

/// A text, cut to a bearable length.
#[must_use]
pub fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(in crate::net) use read::end_point;

/// What needs the libraries that read certificates.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod read {
    use std::net::IpAddr;

    use ::ring::digest::{SHA256, SHA384, SHA512, digest};
    use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
    use x509_cert::der::{Decode, Encode, Header, Reader, SliceReader};
    use x509_cert::ext::pkix::SubjectAltName;
    use x509_cert::ext::pkix::name::GeneralName;
    use x509_cert::spki::SubjectPublicKeyInfoOwned;
    use x509_cert::time::Time;

    use super::{Certificate, Contents, Hash, Moment, PublicKey, Sha256};
    use crate::net::tls::distinguished::in_words;

    impl Certificate {
        /// Reads a certificate in DER. If it cannot be read, its fingerprint is all there is.
        #[must_use]
        pub fn read(der: &[u8]) -> Certificate {
            Certificate { sha256: sha256(der), contents: contents(der) }
        }
    }

    /// The hash of a certificate that binds a log-in to it (RFC 5929, section 4.1); none where its signature
    /// has no hash of its own.
    pub(in crate::net) fn end_point(der: &[u8]) -> Option<Vec<u8>> {
        let algorithm = match contents(der)?.hash? {
            Hash::Md5 | Hash::Sha1 | Hash::Sha256 => &SHA256,
            Hash::Sha384 => &SHA384,
            Hash::Sha512 => &SHA512,
        };
        Some(digest(algorithm, der).as_ref().to_vec())
    }

    fn sha256(octets: &[u8]) -> Sha256 {
        let mut hash = [0; 32];
        hash.iter_mut().zip(digest(&SHA256, octets).as_ref()).for_each(|(to, from)| *to = *from);
        Sha256(hash)
    }

    fn contents(der: &[u8]) -> Option<Contents> {
        let certificate = x509_cert::Certificate::from_der(der).ok()?;
        let inner = certificate.tbs_certificate();
        let names = inner.get_extension::<SubjectAltName>().ok().flatten();
        let moment = |time: &Time| Moment(time.to_unix_duration().as_secs());
        Some(Contents {
            subject: in_words(inner.subject()),
            issuer: in_words(inner.issuer()),
            self_issued: inner.subject() == inner.issuer(),
            names: names.map_or_else(Vec::new, |(_, names)| names.0.iter().filter_map(name).collect()),
            not_before: moment(&inner.validity().not_before),
            not_after: moment(&inner.validity().not_after),
            key: key(inner.subject_public_key_info())?,
            hash: hash(&certificate.signature_algorithm().oid.to_string()),
        })
    }

    fn name(name: &GeneralName) -> Option<String> {
        match name {
            GeneralName::DnsName(name) => Some(name.as_str().to_owned()),
            GeneralName::IpAddress(octets) => {
                let v4 = <[u8; 4]>::try_from(octets.as_bytes()).map(IpAddr::from);
                let ip = v4.or_else(|_| <[u8; 16]>::try_from(octets.as_bytes()).map(IpAddr::from));
                ip.ok().map(|ip| ip.to_string())
            }
            _ => None,
        }
    }

    fn key(info: &SubjectPublicKeyInfoOwned) -> Option<PublicKey> {
        let sha256 = sha256(&info.to_der().ok()?);
        let oid = info.algorithm.oid.to_string();
        let (algorithm, bits) = match oid.as_str() {
            "1.2.840.113549.1.1.1" => {
                ("RSA".to_owned(), info.subject_public_key.as_bytes().and_then(modulus_bits))
            }
            "1.2.840.10045.2.1" => {
                let curve = info.algorithm.parameters.as_ref();
                let curve = curve.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
                match curve.map(|curve| curve.to_string()).as_deref() {
                    Some("1.2.840.10045.3.1.7") => ("EC P-256".to_owned(), None),
                    Some("1.3.132.0.34") => ("EC P-384".to_owned(), None),
                    Some("1.3.132.0.35") => ("EC P-521".to_owned(), None),
                    Some(other) => (format!("EC {other}"), None),
                    None => ("EC".to_owned(), None),
                }
            }
            "1.3.101.112" => ("Ed25519".to_owned(), None),
            "1.3.101.113" => ("Ed448".to_owned(), None),
            _ => (oid, None),
        };
        Some(PublicKey { algorithm, bits, sha256 })
    }

    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017, appendix A.1.1).
    fn modulus_bits(key: &[u8]) -> Option<usize> {
        let mut reader = SliceReader::new(key).ok()?;
        Header::decode(&mut reader).ok()?;
        let modulus: UintRef<'_> = reader.decode().ok()?;
        let first = modulus.as_bytes().first()?;
        Some(modulus.as_bytes().len() * 8 - usize::try_from(first.leading_zeros()).ok()?)
    }

    /// The hash in a signature's algorithm (RFC 4055, RFC 5758). RSASSA-PSS tells it elsewhere, EdDSA has
    /// none.
    fn hash(oid: &str) -> Option<Hash> {
        match oid {
            "1.2.840.113549.1.1.4" => Some(Hash::Md5),
            "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => Some(Hash::Sha1),
            "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Some(Hash::Sha256),
            "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Some(Hash::Sha384),
            "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => Some(Hash::Sha512),
            _ => None,
        }
    }
}

#[cfg(test)]
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    fn params(names: &[&str]) -> CertificateParams {
        let mut params =
            CertificateParams::new(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "an authority");
        params.not_before = date_time_ymd(2024, 2, 29);
        params.not_after = date_time_ymd(2026, 12, 31);
        params
    }

    #[test]
    fn what_stands_in_it_is_read() {
        let key = KeyPair::generate().unwrap();
        let own =
            params(&["mail.example.org", "*.example.org", "127.0.0.1", "::1"]).self_signed(&key).unwrap();
        let read = Certificate::read(own.der());
        let contents = read.contents.clone().unwrap();
        assert_eq!(contents.subject, "CN=an authority");
        assert!(contents.self_issued);
        assert_eq!(contents.names, ["mail.example.org", "*.example.org", "127.0.0.1", "::1"]);
        assert_eq!(contents.key.to_string(), "EC P-256");
        assert_eq!(contents.hash, Some(Hash::Sha256));
        assert_eq!(
            read.in_a_line(true),
            format!(
                "CN=an authority, for mail.example.org, *.example.org, 127.0.0.1, ::1, valid 2024-02-29 to \
                 2026-12-31, sha256:{}",
                read.sha256
            )
        );
        assert_eq!(end_point(own.der()).unwrap(), read.sha256.0);

        let issuer = rcgen::Issuer::new(params(&[]), key);
        let leaf = params(&["localhost"]);
        let mut leaf = leaf.clone();
        leaf.distinguished_name = rcgen::DistinguishedName::new();
        let leaf = leaf.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap();
        let leaf = Certificate::read(leaf.der());
        assert!(!leaf.contents.as_ref().unwrap().self_issued);
        assert!(
            leaf.in_a_line(true).starts_with("no subject, issued by CN=an authority, for localhost, valid")
        );
    }

    #[test]
    fn a_line_stays_short_whatever_stands_in_a_certificate() {
        let names: Vec<String> = (0..100).map(|at| format!("{at}.{}", "x".repeat(200))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut params = params(&names);
        params.distinguished_name.push(DnType::OrganizationName, "ö".repeat(60_000));
        let read = Certificate::read(params.self_signed(&KeyPair::generate().unwrap()).unwrap().der());
        assert_eq!(read.contents.as_ref().unwrap().names.len(), 100);
        let line = read.in_a_line(true);
        assert!(line.chars().count() < 800 && line.contains(" and 96 more, valid "), "{line}");
    }

    #[test]
    fn no_octets_make_it_panic() {
        let own = params(&["localhost", "::1"]).self_signed(&KeyPair::generate().unwrap()).unwrap();
        let der = own.der().to_vec();
        for end in 0..der.len() {
            assert_eq!(Certificate::read(&der[..end]).contents, None, "cut at {end}");
            assert_eq!(end_point(&der[..end]), None);
        }
        for at in 0..der.len() {
            for noise in [0x00, 0x01, 0x30, 0x7f, 0x80, 0x82, 0x84, 0xff, der[at] ^ 1] {
                let mut der = der.clone();
                der[at] = noise;
                let read = Certificate::read(&der);
                assert!(!read.in_a_line(true).is_empty());
            }
        }
        assert_eq!(Certificate::read(&[0x30; 70_000]).contents, None);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_767_225_599, "2025-12-31"),
            (4_107_542_400, "2100-03-01"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(Moment(seconds).to_string(), day);
        }
    }
}
