//! LOGIN (draft-murchison-sasl-login): the name, then the password, each when it is asked for.
//!
//! What the challenges say differs from server to server; only their order counts.

use crate::config::secret::Secret;
use ehlo_smtp::auth::{Answer, ExchangeError, Mechanism, SecretOctets};
use std::fmt;

/// One exchange.
pub struct LoginMechanism {
    user: SecretOctets,
    password: Secret,
    answered: u8,
}

impl LoginMechanism {
    /// For this user.
    #[must_use]
    pub fn new(user: &str, password: &Secret) -> LoginMechanism {
        LoginMechanism {
            user: SecretOctets::new(user.as_bytes().to_vec()),
            password: password.clone(),
            answered: 0,
        }
    }
}

impl fmt::Debug for LoginMechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginMechanism")
    }
}

impl Mechanism for LoginMechanism {
    fn name(&self) -> &'static str {
        "LOGIN"
    }

    /// The server speaks first: not every one takes the name at once.
    fn initial(&mut self) -> Option<SecretOctets> {
        None
    }

    fn respond(&mut self, _challenge: &[u8]) -> Result<Answer, ExchangeError> {
        self.answered += 1;
        match self.answered {
            1 => Ok(Answer::Say(self.user.clone())),
            2 => Ok(self.password.reveal().as_bytes().to_vec().into()),
            _ => Err(ExchangeError::Malformed),
        }
    }

    fn has_proved(&self) -> bool {
        self.answered > 1
    }

    /// Whatever the server says here is a prompt.
    fn reads_challenges(&self) -> bool {
        false
    }

    fn is_complete(&self) -> bool {
        self.answered == 2
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn the_name_and_then_the_password_and_no_more() {
        let mut login = LoginMechanism::new("tim", &Secret::new("secret".to_owned()));
        assert!(login.initial().is_none());
        assert_eq!(said(login.respond(b"Username:")), b"tim");
        assert!(!login.is_complete());
        assert_eq!(said(login.respond(b"Password:")), b"secret");
        assert!(login.is_complete());
        assert!(login.respond(b"Again:").is_err());
    }
}
