//! What some DER is: a private key of one kind or another, or something that is taken for one.

use super::{KeyFault, OtherKind};
use crate::dkim::der::{self, BIT_STRING, INTEGER, OBJECT, OCTET_STRING, SEQUENCE};
use crate::dkim::public::{PublicKey, RSA_ENCRYPTION};

/// A private key that can sign, if its numbers are good.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    Pkcs1 { modulus: &'a [u8] },
    Pkcs8Rsa { modulus: &'a [u8] },
    Pkcs8Ed25519,
}

/// 1.3.101.112, id-Ed25519 (RFC 8410, section 3).
const ED25519: [u8; 3] = [0x2b, 0x65, 0x70];

/// Kinds of keys by their identifiers.
const OTHERS: [(&[u8], OtherKind); 6] = [
    // 1.2.840.10045.2.1, id-ecPublicKey.
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], OtherKind::Ec),
    // 1.2.840.10040.4.1, id-dsa.
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01], OtherKind::Dsa),
    // 1.2.840.113549.1.1.10, id-RSASSA-PSS.
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], OtherKind::RsaPss),
    // 1.3.101.113, id-Ed448.
    (&[0x2b, 0x65, 0x71], OtherKind::Ed448),
    // 1.3.101.110 and 111, id-X25519 and id-X448.
    (&[0x2b, 0x65, 0x6e], OtherKind::Exchange),
    (&[0x2b, 0x65, 0x6f], OtherKind::Exchange),
];

/// 1.2.840.113549.1.5 and .12, under which the ways to encrypt a key are (RFC 8018, appendix A; RFC 7292).
const ENCRYPTIONS: [&[u8]; 2] =
    [&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05], &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c]];

pub(super) fn of(octets: &[u8]) -> Result<Kind<'_>, KeyFault> {
    let inside = der::only(octets, SEQUENCE).ok_or(KeyFault::Malformed)?;
    let mut rest = inside;
    if der::take(&mut rest, INTEGER).is_some() {
        if let Some(kind) = der::take(&mut rest, SEQUENCE) {
            return pkcs8(kind, rest);
        }
        if der::take(&mut rest, OCTET_STRING).is_some() {
            return Err(KeyFault::Other(OtherKind::Ec));
        }
        return pkcs1(inside);
    }
    Err(not_private(octets, inside))
}

/// A version, a kind, and the key itself (RFC 5958, section 2).
fn pkcs8<'a>(mut kind: &[u8], mut rest: &'a [u8]) -> Result<Kind<'a>, KeyFault> {
    let identifier = der::take(&mut kind, OBJECT).ok_or(KeyFault::Malformed)?;
    let key = der::take(&mut rest, OCTET_STRING).ok_or(KeyFault::Malformed)?;
    if identifier == RSA_ENCRYPTION {
        let numbers = der::only(key, SEQUENCE).ok_or(KeyFault::Malformed)?;
        return Ok(Kind::Pkcs8Rsa { modulus: modulus(numbers)? });
    }
    if identifier == ED25519 {
        return Ok(Kind::Pkcs8Ed25519);
    }
    Err(KeyFault::Other(other(identifier)))
}

/// A version, and eight numbers (RFC 8017, appendix A.1.2).
fn pkcs1(numbers: &[u8]) -> Result<Kind<'_>, KeyFault> {
    let mut rest = numbers;
    let mut count = 0;
    while der::number(&mut rest).is_some() {
        count += 1;
    }
    match (count, rest.is_empty()) {
        (9, true) => Ok(Kind::Pkcs1 { modulus: modulus(numbers)? }),
        // A modulus and an exponent.
        (2, true) => Err(KeyFault::Public),
        // OpenSSL's own form of DSA has a version and five numbers.
        (6, true) => Err(KeyFault::Other(OtherKind::Dsa)),
        _ => Err(KeyFault::Malformed),
    }
}

/// The number behind the version.
fn modulus(mut numbers: &[u8]) -> Result<&[u8], KeyFault> {
    der::number(&mut numbers).and_then(|_| der::number(&mut numbers)).ok_or(KeyFault::Malformed)
}

/// What begins with a sequence in a sequence: an encrypted key, a public one, or a certificate.
fn not_private(octets: &[u8], inside: &[u8]) -> KeyFault {
    let mut rest = inside;
    let Some(mut first) = der::take(&mut rest, SEQUENCE) else { return KeyFault::Malformed };
    let identifier = der::take(&mut first, OBJECT);
    if der::only(rest, OCTET_STRING).is_some() {
        let is_encryption = |identifier: &[u8]| ENCRYPTIONS.iter().any(|known| identifier.starts_with(known));
        return if identifier.is_some_and(is_encryption) { KeyFault::Encrypted } else { KeyFault::Malformed };
    }
    if PublicKey::rsa(octets).is_some() || identifier.is_some() && der::only(rest, BIT_STRING).is_some() {
        return KeyFault::Public;
    }
    // The contents, an algorithm, and a signature.
    let is_certificate = der::take(&mut rest, SEQUENCE).is_some() && der::only(rest, BIT_STRING).is_some();
    if is_certificate { KeyFault::Certificate } else { KeyFault::Malformed }
}

fn other(identifier: &[u8]) -> OtherKind {
    OTHERS.iter().find(|(known, _)| *known == identifier).map_or(OtherKind::Unknown, |(_, kind)| *kind)
}
