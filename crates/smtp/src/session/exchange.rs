//! How far a log-in has come: state for session/log_in.rs, and the secrets that no line may show.

use super::next::Hidden;
use crate::auth::{ExchangeError, Mechanism, SecretOctets};
use crate::failure::Failure;
use crate::reply;
use std::fmt;
use zeroize::Zeroizing;

/// How far the log-in has come.
#[derive(Default)]
pub(super) struct LogIn {
    /// The present exchange, or the last one.
    pub(super) mechanism: Option<Box<dyn Mechanism>>,
    pub(super) challenges: u8,
    /// The next response is being computed.
    pub(super) working: bool,
    /// Why `*` was said, or will be.
    pub(super) left: Option<ExchangeError>,
    /// The mechanisms that were tried without a verdict.
    pub(super) tried: Vec<&'static str>,
    /// Why the first of them failed.
    pub(super) first: Option<Failure>,
    /// Why a token was refused: what is told if there is no better one.
    pub(super) refused: Option<Failure>,
    /// Another token is wanted.
    pub(super) wants_token: bool,
    /// Another token was asked for.
    pub(super) renewed: bool,
    /// Secrets, in all forms in which they were sent: starred out wherever the server repeats them.
    pub(super) secrets: Vec<SecretOctets>,
    /// The present exchange has no verdict yet.
    pub(super) exchanging: bool,
    /// The mechanism that the log-in was made by.
    pub(super) done: Option<&'static str>,
}

impl fmt::Debug for LogIn {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogIn")
            .field("mechanism", &self.mechanism)
            .field("tried", &self.tried)
            .finish_non_exhaustive()
    }
}

impl LogIn {
    /// From now on this is starred out, in plain and in base64.
    pub(super) fn keep_secret(&mut self, secret: SecretOctets) {
        self.secrets.push(SecretOctets::new(base64(&secret).as_bytes().to_vec()));
        self.secrets.push(secret);
    }

    /// The challenge in this line, if it holds a secret: base64 hides it from nobody who can decode it.
    pub(super) fn encoded_secret(&self, line: &[u8]) -> Option<SecretOctets> {
        let challenge = line.strip_prefix(b"334 ")?.trim_ascii();
        let mut shown = SecretOctets::new(encodify::base64::STANDARD.decode(challenge).ok()?);
        let decoded = shown.clone();
        self.secrets.iter().for_each(|secret| reply::hide(&mut shown, secret));
        (shown != decoded).then(|| SecretOctets::new(challenge.to_vec()))
    }

    /// Whether another token is to be fetched.
    pub(super) fn wants_token(&self) -> bool {
        self.wants_token
    }
}

pub(super) fn base64(octets: &[u8]) -> Hidden {
    Hidden(Zeroizing::new(encodify::base64::STANDARD.encode(octets)))
}
