//! PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd`, all at once.

use crate::config::secret::Secret;
use ehlo_smtp::auth::{Answer, ExchangeError, Mechanism, SecretOctets};
use std::fmt;

/// One exchange.
pub struct Plain {
    message: SecretOctets,
    sent: bool,
    asked_again: bool,
}

impl Plain {
    /// For this user, to act as `identity`; as the user if it is empty.
    #[must_use]
    pub fn new(identity: &str, user: &str, password: &Secret) -> Plain {
        let message = [identity, user, password.reveal()].join("\0").into_bytes();
        Plain { message: SecretOctets::new(message), sent: false, asked_again: false }
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain")
    }
}

impl Mechanism for Plain {
    fn name(&self) -> &'static str {
        "PLAIN"
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        self.sent = true;
        Some(self.message.clone())
    }

    /// A server that does not take the initial response asks for it again, once.
    fn respond(&mut self, _challenge: &[u8]) -> Result<Answer, ExchangeError> {
        if std::mem::replace(&mut self.asked_again, true) {
            return Err(ExchangeError::Malformed);
        }
        self.sent = true;
        Ok(Answer::Say(self.message.clone()))
    }

    /// Whatever the server says here is a prompt.
    fn reads_challenges(&self) -> bool {
        false
    }

    fn is_complete(&self) -> bool {
        self.sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_the_rfcs() {
        let mut plain = Plain::new("", "tim", &Secret::new("tanstaaftanstaaf".to_owned()));
        assert_eq!(plain.initial().unwrap().as_slice(), b"\0tim\0tanstaaftanstaaf");
        assert!(!format!("{plain:?}").contains("tan"));
        let mut plain = Plain::new("Ursel", "Kurt", &Secret::new("xipj3plmq".to_owned()));
        assert_eq!(plain.initial().unwrap().as_slice(), b"Ursel\0Kurt\0xipj3plmq");
    }
}
