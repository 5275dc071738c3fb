//! EXTERNAL (RFC 4422, appendix A): who the user is was shown outside of SASL, by a certificate or a socket.
//! Only the identity to act as is said, if it is another.

use ehlo_smtp::auth::{Answer, ExchangeError, Mechanism, SecretOctets};

/// One exchange.
#[derive(Debug)]
pub struct External {
    identity: String,
    sent: bool,
    asked_again: bool,
}

impl External {
    /// To act as `identity`; the server derives it if it is empty.
    #[must_use]
    pub fn new(identity: &str) -> External {
        External { identity: identity.to_owned(), sent: false, asked_again: false }
    }

    fn message(&self) -> SecretOctets {
        SecretOctets::new(self.identity.as_bytes().to_vec())
    }
}

impl Mechanism for External {
    fn name(&self) -> &'static str {
        "EXTERNAL"
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        self.sent = true;
        Some(self.message())
    }

    /// A server that does not take the initial response asks for it again, once.
    fn respond(&mut self, _challenge: &[u8]) -> Result<Answer, ExchangeError> {
        if std::mem::replace(&mut self.asked_again, true) {
            return Err(ExchangeError::Malformed);
        }
        Ok(Answer::Say(self.message()))
    }

    fn has_proved(&self) -> bool {
        false
    }

    /// Whatever the server says here is a prompt.
    fn reads_challenges(&self) -> bool {
        false
    }

    fn is_complete(&self) -> bool {
        self.sent
    }
}
