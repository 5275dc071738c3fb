//! The server's side of SCRAM-SHA-256 (RFC 5802, 7677), honest or lying.

use encodify::base64::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// In what way it lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// In none: it knows the password.
    No,
    /// A nonce that does not begin with the client's.
    Nonce,
    /// The client's nonce and nothing behind it.
    NoNonceOfItsOwn,
    /// It does not know the password: its signature is of another.
    Signature,
    /// No signature: 235 at once.
    NoSignature,
    /// No signature: 334 without a word, and then 235.
    EmptySignature,
    /// A signature that is right and too short.
    ShortSignature,
}

/// What the server is to do. `iterations` is what it says for `i=`.
#[derive(Clone)]
pub struct Scram {
    /// Any text.
    pub iterations: String,
    /// How honest it is.
    pub lie: Lie,
}

const SALT: &[u8] = b"salt of the earth";
const NONCE: &str = "0123456789";

impl Scram {
    /// What it answers to AUTH, and whether a proof must follow.
    pub fn first(&self, line: &[u8]) -> Result<(Vec<u8>, bool), String> {
        let line = String::from_utf8_lossy(line).into_owned();
        let response = line.strip_prefix("AUTH SCRAM-SHA-256 ").ok_or(format!("no SCRAM: '{line}'"))?;
        let first = decoded(response)?;
        let nonce = first.rsplit_once("r=").ok_or("no nonce")?.1.to_owned();
        let count: Option<u64> = self.iterations.parse().ok();
        // The client's answer is computed only for what it should take.
        let wanted = count.is_some_and(|count| (4096..=10_000).contains(&count))
            && !matches!(self.lie, Lie::Nonce | Lie::NoNonceOfItsOwn);
        Ok((challenge(&self.offer(&nonce)), wanted))
    }

    fn offer(&self, nonce: &str) -> String {
        let nonce = match self.lie {
            Lie::Nonce => format!("{}{NONCE}", &nonce[1..]),
            Lie::NoNonceOfItsOwn => nonce.to_owned(),
            _ => format!("{nonce}{NONCE}"),
        };
        format!("r={nonce},s={},i={}", BASE64.encode(SALT), self.iterations)
    }

    /// What it answers to the proof.
    pub fn last(&self, line: &[u8]) -> Result<Vec<u8>, String> {
        if self.lie == Lie::NoSignature {
            return Ok(b"235 welcome\r\n".to_vec());
        }
        if self.lie == Lie::EmptySignature {
            return Ok(b"334 \r\n".to_vec());
        }
        let last = decoded(&String::from_utf8_lossy(line))?;
        let (without_proof, proof) = last.rsplit_once(",p=").ok_or("no proof")?;
        let nonce = without_proof.split("r=").nth(1).ok_or("no nonce")?;
        let own = nonce.strip_suffix(NONCE).ok_or("another nonce")?;
        let first = format!("n=smith,r={own}");
        // The proof must be right: an honest client that is lied to all the same.
        let signed = format!("{first},{},{without_proof}", self.offer(own));
        let count: u32 = self.iterations.parse().map_err(|_| "no number")?;
        let salted = stretched(crate::PASSWORD.as_bytes(), count);
        let client_key = keyed(&salted, b"Client Key");
        let client_signature = keyed(&Sha256::digest(&client_key), signed.as_bytes());
        let wanted: Vec<u8> = client_key.iter().zip(&client_signature).map(|(a, b)| a ^ b).collect();
        if BASE64.decode(proof.as_bytes()).ok() != Some(wanted) {
            return Err("the client's proof is wrong".to_owned());
        }
        let salted = match self.lie {
            Lie::Signature => stretched(b"a guess", count),
            _ => salted,
        };
        let mut signature = keyed(&keyed(&salted, b"Server Key"), signed.as_bytes());
        if self.lie == Lie::ShortSignature {
            signature.truncate(16);
        }
        Ok(challenge(&format!("v={}", BASE64.encode(&signature))))
    }
}

fn challenge(text: &str) -> Vec<u8> {
    format!("334 {}\r\n", BASE64.encode(text.as_bytes())).into_bytes()
}

fn decoded(text: &str) -> Result<String, String> {
    let octets = BASE64.decode(text.as_bytes()).map_err(|_| format!("no base64: '{text}'"))?;
    String::from_utf8(octets).map_err(|_| "no UTF-8".to_owned())
}

fn keyed(key: &[u8], octets: &[u8]) -> Vec<u8> {
    let mut hmac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    hmac.update(octets);
    hmac.finalize().into_bytes().to_vec()
}

fn stretched(password: &[u8], count: u32) -> Vec<u8> {
    let mut block = keyed(password, &[SALT, &[0, 0, 0, 1]].concat());
    let mut sum = block.clone();
    for _ in 1..count {
        block = keyed(password, &block);
        sum.iter_mut().zip(&block).for_each(|(sum, octet)| *sum ^= octet);
    }
    sum
}
