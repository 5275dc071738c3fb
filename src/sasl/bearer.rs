//! What XOAUTH2 and OAUTHBEARER have in common: one message with a token, and a challenge that says why it was refused.

use crate::smtp::auth::{Answer, SecretOctets, Trouble};
use std::fmt;

/// One exchange.
pub(super) struct Bearer {
    message: SecretOctets,
    /// What answers the server's reason, so that its refusal can follow.
    acknowledgement: &'static [u8],
    asked_again: bool,
    reason: Option<Vec<u8>>,
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer")
    }
}

impl Bearer {
    pub(super) fn new(message: String, acknowledgement: &'static [u8]) -> Bearer {
        let message = SecretOctets::new(message.into_bytes());
        Bearer { message, acknowledgement, asked_again: false, reason: None }
    }

    pub(super) fn message(&self) -> SecretOctets {
        self.message.clone()
    }

    /// An empty challenge is one of a server that does not take the initial response; another says why the token is
    /// refused.
    pub(super) fn respond(&mut self, challenge: &[u8]) -> Result<Answer, Trouble> {
        if self.reason.is_some() {
            return Err(Trouble::Malformed);
        }
        if challenge.is_empty() {
            let again = std::mem::replace(&mut self.asked_again, true);
            return if again { Err(Trouble::Malformed) } else { Ok(Answer::Say(self.message())) };
        }
        self.reason = Some(challenge.to_vec());
        Ok(self.acknowledgement.to_vec().into())
    }

    /// Not after a reason: who refuses cannot let in.
    pub(super) fn is_complete(&self) -> bool {
        self.reason.is_none()
    }

    pub(super) fn reason(&self) -> Option<&[u8]> {
        self.reason.as_deref()
    }
}
