//! SCRAM (RFC 5802; with SHA-256, RFC 7677), with and without channel binding: neither side shows the
//! password, and each proves that it knows it.
//!
//! ```text
//!   n=user,r=nonce ->              <- r=nonce+,s=salt,i=count
//!   c=binding,r=nonce+,p=proof ->  <- v=signature
//!   (nothing) ->                   <- 235
//! ```
//!
//! What the server says is read in scram/message.rs, the password stretched in stretch.rs.

mod message;

use super::gs2;
use super::stretch::Stretch;
use ehlo_smtp::auth::{Answer, ChannelBinding, ExchangeError, Mechanism, SecretOctets, Unproved};
use hmac::{Hmac, KeyInit, Mac};
use message::{Final, First};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::fmt;

/// The fewest iterations (RFC 5802, section 5.1; RFC 7677, section 4): with fewer, the proof makes guessing
/// easy.
const FEWEST: u64 = 4096;
/// The most: some seconds of work.
const MOST: u64 = 10_000_000;

/// The hash that a mechanism is named after.
pub trait Suite: 'static {
    /// The same hash with a key.
    type Hmac: Mac + KeyInit + Clone;
    /// The mechanism without channel binding, and with it.
    const NAMES: (&'static str, &'static str);
    /// The hash of some octets.
    fn hash(octets: &[u8]) -> Vec<u8>;
}

/// SCRAM-SHA-1.
#[derive(Debug)]
pub enum WithSha1 {}
/// SCRAM-SHA-256.
#[derive(Debug)]
pub enum WithSha256 {}

impl Suite for WithSha1 {
    type Hmac = Hmac<Sha1>;
    const NAMES: (&'static str, &'static str) = ("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS");
    fn hash(octets: &[u8]) -> Vec<u8> {
        Sha1::digest(octets).to_vec()
    }
}

impl Suite for WithSha256 {
    type Hmac = Hmac<Sha256>;
    const NAMES: (&'static str, &'static str) = ("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS");
    fn hash(octets: &[u8]) -> Vec<u8> {
        Sha256::digest(octets).to_vec()
    }
}

/// What is said of channel binding (RFC 5802, section 6).
#[derive(Debug, Clone, Copy)]
pub enum Binding<'a> {
    /// `n`: we have none.
    None,
    /// `y`: we could, but the server does not offer it. If it did, somebody in between has taken the offer
    /// out.
    NotOffered,
    /// `p`: bound to this.
    To(&'a ChannelBinding),
}

/// One exchange.
pub struct Scram<S: Suite> {
    bound: bool,
    /// The header, and behind it what the log-in is bound to.
    binding: Vec<u8>,
    header: String,
    bare: String,
    nonce: String,
    password: SecretOctets,
    state: State<S::Hmac>,
}

enum State<M> {
    /// The server's nonce, salt and count are awaited.
    First,
    Stretching {
        stretch: Box<Stretch<M>>,
        /// What both sides sign.
        signed: String,
        without_proof: String,
    },
    /// The server's signature is awaited: it must be this.
    Final {
        signature: SecretOctets,
    },
    Proved,
    Refused(String),
}

impl<S: Suite> fmt::Debug for Scram<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scram({})", self.name())
    }
}

impl<S: Suite> Scram<S> {
    /// For this user, to act as `identity` if it is another. Name and password are prepared by SASLprep
    /// already; the nonce is printable, without a comma, and new.
    #[must_use]
    pub fn new(
        user: &str,
        password: &str,
        identity: Option<&str>,
        nonce: &str,
        binding: Binding<'_>,
    ) -> Scram<S> {
        let (flag, data) = match binding {
            Binding::None => ("n", &[][..]),
            Binding::NotOffered => ("y", &[][..]),
            Binding::To(ChannelBinding::Exporter(data)) => ("p=tls-exporter", data.as_slice()),
            Binding::To(ChannelBinding::EndPoint(data)) => ("p=tls-server-end-point", data.as_slice()),
        };
        let header = gs2::header(flag, identity);
        Scram {
            bound: matches!(binding, Binding::To(_)),
            binding: [header.as_bytes(), data].concat(),
            header,
            bare: format!("n={},r={nonce}", gs2::name(user)),
            nonce: nonce.to_owned(),
            password: SecretOctets::new(password.as_bytes().to_vec()),
            state: State::First,
        }
    }

    fn first(&mut self, challenge: &[u8]) -> Result<Answer, ExchangeError> {
        let text = std::str::from_utf8(challenge).map_err(|_| ExchangeError::Malformed)?;
        let first = match message::first(text).ok_or(ExchangeError::Malformed)? {
            First::Offer(first) => first,
            First::Refusal(reason) => return Ok(self.refused(reason)),
        };
        if !first.nonce.strip_prefix(&self.nonce).is_some_and(message::is_nonce) {
            return Err(ExchangeError::Unproved(Unproved::Nonce));
        }
        match first.count {
            count @ ..FEWEST => return Err(ExchangeError::Unproved(Unproved::TooFew(count))),
            count if count > MOST => return Err(ExchangeError::Unproved(Unproved::TooMany)),
            _ => {}
        }
        let without_proof =
            format!("c={},r={}", encodify::base64::STANDARD.encode(&self.binding), first.nonce);
        let signed = format!("{},{text},{without_proof}", self.bare);
        let stretch =
            Stretch::new(&self.password, &first.salt, first.count).ok_or(ExchangeError::Malformed)?;
        self.state = State::Stretching { stretch: Box::new(stretch), signed, without_proof };
        Ok(Answer::Working)
    }

    fn last(&mut self, challenge: &[u8]) -> Result<Answer, ExchangeError> {
        let State::Final { signature } = &self.state else { return Err(ExchangeError::Malformed) };
        match std::str::from_utf8(challenge).ok().and_then(message::last).ok_or(ExchangeError::Malformed)? {
            Final::Refusal(reason) => Ok(self.refused(reason)),
            Final::Signature(shown) if same(&shown, signature) => {
                self.state = State::Proved;
                Ok(Vec::new().into())
            }
            Final::Signature(_) => Err(ExchangeError::Unproved(Unproved::Signature)),
        }
    }

    /// The server gives a reason. The answer is empty, and its refusal follows.
    fn refused(&mut self, reason: &str) -> Answer {
        self.state = State::Refused(reason.to_owned());
        Vec::new().into()
    }
}

impl<S: Suite> Mechanism for Scram<S> {
    fn name(&self) -> &'static str {
        if self.bound { S::NAMES.1 } else { S::NAMES.0 }
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        Some(SecretOctets::new([self.header.as_bytes(), self.bare.as_bytes()].concat()))
    }

    fn respond(&mut self, challenge: &[u8]) -> Result<Answer, ExchangeError> {
        match self.state {
            // A server that does not take the initial response.
            State::First if challenge.is_empty() => {
                Ok([self.header.as_bytes(), self.bare.as_bytes()].concat().into())
            }
            State::First => self.first(challenge),
            State::Final { .. } => self.last(challenge),
            State::Stretching { .. } | State::Proved | State::Refused(_) => Err(ExchangeError::Malformed),
        }
    }

    fn work(&mut self) -> Answer {
        let State::Stretching { stretch, signed, without_proof } = &mut self.state else {
            return Vec::new().into();
        };
        let Some(salted) = stretch.work() else { return Answer::Working };
        let client_key = keyed::<S>(&salted, b"Client Key");
        let client_signature = keyed::<S>(&S::hash(&client_key), signed.as_bytes());
        let proof: Vec<u8> =
            client_key.iter().zip(client_signature.iter()).map(|(key, signature)| key ^ signature).collect();
        let response = format!("{without_proof},p={}", encodify::base64::STANDARD.encode(&proof));
        let signature = keyed::<S>(&keyed::<S>(&salted, b"Server Key"), signed.as_bytes());
        self.state = State::Final { signature };
        response.into_bytes().into()
    }

    fn has_proved(&self) -> bool {
        !matches!(self.state, State::First | State::Stretching { .. })
    }

    fn is_complete(&self) -> bool {
        matches!(self.state, State::Proved)
    }

    fn late(&mut self, data: &[u8]) -> Result<(), ExchangeError> {
        match self.last(data) {
            Ok(_) if self.is_complete() => Ok(()),
            Err(ExchangeError::Unproved(unproved)) => Err(ExchangeError::Unproved(unproved)),
            Ok(_) | Err(ExchangeError::Malformed) => Err(ExchangeError::Unproved(Unproved::Missing)),
        }
    }

    fn reason(&self) -> Option<&[u8]> {
        match &self.state {
            State::Refused(reason) => Some(reason.as_bytes()),
            _ => None,
        }
    }
}

/// Compares in constant time, which does not tell how much of it is right.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The keyed hash. A key of any length will do, so that there is no error.
fn keyed<S: Suite>(key: &[u8], octets: &[u8]) -> SecretOctets {
    let hmac = <S::Hmac as KeyInit>::new_from_slice(key).map(|mut hmac| {
        hmac.update(octets);
        hmac.finalize().into_bytes().to_vec()
    });
    SecretOctets::new(hmac.unwrap_or_default())
}

#[cfg(test)]
mod tests;
