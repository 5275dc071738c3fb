//! Private keys that sign (RFC 6376, section 3.3; RFC 8301, section 3.2; RFC 8463): read out of PEM or DER.
//!
//! PKCS#8 (RFC 5958) has both kinds, PKCS#1 (RFC 8017, appendix A.1.2) RSA. The octets come from the caller,
//! who knows where they are kept; copies that are made here are overwritten.

mod fault;
mod kind;
mod pem;

pub use fault::{FEWEST_BITS, KeyFault, MOST_BITS, OtherKind};

use super::algorithm::Algorithm;
use super::der;
use super::public::PublicKey;
use kind::Kind;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use std::fmt;

/// A private key, which cannot be printed.
pub struct Key {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// The key cannot sign now: memory or randomness is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CannotSign;

impl fmt::Display for CannotSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key did not sign")
    }
}

impl std::error::Error for CannotSign {}

impl Key {
    /// Reads a key: text with one in PEM (the first private key in it counts), or DER.
    ///
    /// # Errors
    /// [`KeyFault`], which says what the octets are instead.
    pub fn read(octets: &[u8]) -> Result<Key, KeyFault> {
        if octets.first() == Some(&der::SEQUENCE) {
            return Key::of_der(octets);
        }
        Key::of_der(&pem::key(octets)?)
    }

    fn of_der(octets: &[u8]) -> Result<Key, KeyFault> {
        match kind::of(octets)? {
            Kind::Pkcs1 { modulus } => {
                has_fit_size(modulus)?;
                Key::rsa(RsaKeyPair::from_der(octets))
            }
            Kind::Pkcs8Rsa { modulus } => {
                has_fit_size(modulus)?;
                Key::rsa(RsaKeyPair::from_pkcs8(octets))
            }
            Kind::Pkcs8Ed25519 => {
                // OpenSSL does not write the public key beside the private one, and then it cannot be
                // checked.
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(octets).map_err(unfit)?;
                let public = pair.public_key().as_ref().try_into().map_err(|_| KeyFault::Malformed)?;
                Ok(Key { pair: Pair::Ed25519(pair), public: PublicKey::Ed25519(public) })
            }
        }
    }

    fn rsa(pair: Result<RsaKeyPair, ring::error::KeyRejected>) -> Result<Key, KeyFault> {
        let pair = pair.map_err(unfit)?;
        let public = PublicKey::rsa(pair.public().as_ref()).ok_or(KeyFault::Malformed)?;
        Ok(Key { pair: Pair::Rsa(Box::new(pair)), public })
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// What others verify with.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The signature of some octets, as RFC 6376, section 3.7 wants it: over their SHA-256.
    pub(super) fn sign(&self, octets: &[u8]) -> Result<Vec<u8>, CannotSign> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), octets, &mut signature)
                    .map_err(|_| CannotSign)?;
                Ok(signature)
            }
            Pair::Ed25519(pair) => Ok(pair.sign(digest(&SHA256, octets).as_ref()).as_ref().to_vec()),
        }
    }
}

fn unfit(rejected: ring::error::KeyRejected) -> KeyFault {
    KeyFault::Unfit { reason: rejected.to_string() }
}

fn has_fit_size(modulus: &[u8]) -> Result<(), KeyFault> {
    match der::bits(modulus) {
        bits @ ..FEWEST_BITS => Err(KeyFault::TooShort { bits }),
        bits if bits > MOST_BITS => Err(KeyFault::TooLong { bits }),
        _ => Ok(()),
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, {} bits)", self.algorithm(), self.public.bits())
    }
}

#[cfg(test)]
mod tests;
