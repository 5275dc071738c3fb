//! Public keys (RFC 6376, section 3.6.1, `p=`; RFC 8463, section 4.2): read, written, and used.
//!
//! An RSA key is a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) or a bare RSAPublicKey (RFC 8017,
//! appendix A.1.1), since records have both. An Ed25519 key is its 32 octets (RFC 8032).

use super::algorithm::Algorithm;
use super::der;
use ring::digest::{SHA256, digest};
use ring::rsa::PublicKeyComponents;
use ring::signature::{ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};

/// An RSA key with fewer bits proves nothing (RFC 8301, section 3.2).
pub const FEWEST_BITS: u32 = 1024;
/// One with more is not verified with.
pub const MOST_BITS: u32 = 8192;
/// 1.2.840.113549.1.1.1, rsaEncryption (RFC 8017, appendix C).
pub(super) const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A key that anybody may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA.
    Rsa {
        /// The modulus, without zeros in front.
        modulus: Vec<u8>,
        /// The exponent, without zeros in front.
        exponent: Vec<u8>,
    },
    /// Ed25519.
    Ed25519([u8; 32]),
}

/// Signers should have no fewer bits (RFC 8301, section 3.2).
const GOOD_BITS: u32 = 2048;

impl PublicKey {
    /// Whether it is one of RSA with fewer bits than a signer should have (RFC 8301, section 3.2).
    #[must_use]
    pub fn is_short(&self) -> bool {
        matches!(self, PublicKey::Rsa { .. }) && self.bits() < GOOD_BITS
    }

    /// Reads an RSA key of whatever size.
    pub(super) fn rsa(der: &[u8]) -> Option<PublicKey> {
        let both = der::only(der, der::SEQUENCE)?;
        let mut rest = both;
        let bare = match der::take(&mut rest, der::SEQUENCE) {
            None => both,
            Some(mut algorithm) => {
                let is_rsa = der::take(&mut algorithm, der::OBJECT)? == RSA_ENCRYPTION;
                let has_null = algorithm.is_empty() || der::only(algorithm, der::NULL) == Some(b"");
                // No bits are unused.
                let key = der::only(rest, der::BIT_STRING)?.strip_prefix(&[0])?;
                Some(key).filter(|_| is_rsa && has_null).and_then(|key| der::only(key, der::SEQUENCE))?
            }
        };
        let mut rest = bare;
        let (modulus, exponent) = (der::number(&mut rest)?, der::number(&mut rest)?);
        // Both are odd.
        let is_key = [modulus, exponent].iter().all(|number| number.last().is_some_and(|last| last % 2 == 1));
        (rest.is_empty() && is_key)
            .then(|| PublicKey::Rsa { modulus: modulus.to_vec(), exponent: exponent.to_vec() })
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            PublicKey::Rsa { .. } => Algorithm::RsaSha256,
            PublicKey::Ed25519(_) => Algorithm::Ed25519Sha256,
        }
    }

    /// How many bits it has: the modulus of RSA; 256 for Ed25519.
    #[must_use]
    pub fn bits(&self) -> u32 {
        match self {
            PublicKey::Rsa { modulus, .. } => der::bits(modulus),
            PublicKey::Ed25519(_) => 256,
        }
    }

    /// The octets that `p=` has in base64: of RSA a SubjectPublicKeyInfo, which all verifiers read.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        match self {
            PublicKey::Rsa { modulus, exponent } => {
                let numbers = [der::integer(modulus), der::integer(exponent)];
                let bare = der::value(der::SEQUENCE, &[&numbers[0], &numbers[1]]);
                let kind = der::value(der::OBJECT, &[&RSA_ENCRYPTION]);
                let kind = der::value(der::SEQUENCE, &[&kind, &der::value(der::NULL, &[])]);
                der::value(der::SEQUENCE, &[&kind, &der::value(der::BIT_STRING, &[&[0], &bare])])
            }
            PublicKey::Ed25519(octets) => octets.to_vec(),
        }
    }

    /// Whether somebody with the private key signed the octets.
    pub(super) fn has_signed(&self, octets: &[u8], signature: &[u8]) -> bool {
        let verified =
            match self {
                PublicKey::Rsa { modulus, exponent } => PublicKeyComponents { n: modulus, e: exponent }
                    .verify(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, octets, signature),
                // It signs the hash as if that were the message (RFC 8463, section 3).
                PublicKey::Ed25519(key) => {
                    UnparsedPublicKey::new(&ED25519, key).verify(digest(&SHA256, octets).as_ref(), signature)
                }
            };
        verified.is_ok()
    }
}
