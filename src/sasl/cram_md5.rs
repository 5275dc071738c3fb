//! CRAM-MD5 (RFC 2195): the name, and a hash of the password with the server's challenge.
//!
//! The password is not said, but whoever sees the exchange can guess at it, and the server proves nothing.

use crate::config::secret::Secret;
use ehlo_smtp::auth::{Answer, ExchangeError, Mechanism, SecretOctets};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use std::fmt;
use std::fmt::Write as _;

/// One exchange.
pub struct CramMd5 {
    user: String,
    password: Secret,
    answered: bool,
}

impl CramMd5 {
    /// For this user.
    #[must_use]
    pub fn new(user: &str, password: &Secret) -> CramMd5 {
        CramMd5 { user: user.to_owned(), password: password.clone(), answered: false }
    }
}

impl fmt::Debug for CramMd5 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CramMd5")
    }
}

impl Mechanism for CramMd5 {
    fn name(&self) -> &'static str {
        "CRAM-MD5"
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        None
    }

    /// An empty challenge would have the same answer each time: a server that sends one may be collecting
    /// them.
    fn respond(&mut self, challenge: &[u8]) -> Result<Answer, ExchangeError> {
        if challenge.is_empty() || std::mem::replace(&mut self.answered, true) {
            return Err(ExchangeError::Malformed);
        }
        let mut hmac = Hmac::<Md5>::new_from_slice(self.password.reveal().as_bytes())
            .map_err(|_| ExchangeError::Malformed)?;
        hmac.update(challenge);
        let mut response = format!("{} ", self.user);
        for octet in hmac.finalize().into_bytes() {
            // Writing to a String does not fail.
            let _ = write!(response, "{octet:02x}");
        }
        Ok(response.into_bytes().into())
    }

    fn has_proved(&self) -> bool {
        self.answered
    }

    fn is_complete(&self) -> bool {
        self.answered
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn the_answer_is_the_rfcs() {
        let mut cram = CramMd5::new("tim", &Secret::new("tanstaaftanstaaf".to_owned()));
        assert!(cram.initial().is_none());
        let challenge = b"<1896.697170952@postoffice.reston.mci.net>";
        assert_eq!(said(cram.respond(challenge)), b"tim b913a602c7eda7a495b4e6e7334d3890");
        assert!(cram.is_complete());
        assert_eq!(cram.respond(challenge).unwrap_err(), ExchangeError::Malformed);
    }

    #[test]
    fn nothing_is_not_answered() {
        let mut cram = CramMd5::new("tim", &Secret::new("tanstaaftanstaaf".to_owned()));
        assert_eq!(cram.respond(b"").unwrap_err(), ExchangeError::Malformed);
        assert!(!cram.is_complete());
    }
}
