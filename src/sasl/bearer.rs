//! OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's and Microsoft's, in no RFC): one message with a bearer token,
//! and a challenge that says why it was refused.

use super::gs2;
use crate::config::secret::Secret;
use ehlo_smtp::auth::{Answer, ExchangeError, Mechanism, SecretOctets};
use std::fmt;

/// One exchange.
pub struct Bearer {
    name: &'static str,
    message: SecretOctets,
    /// What answers the server's reason, so that its refusal can follow.
    acknowledgement: &'static [u8],
    asked_again: bool,
    reason: Option<Vec<u8>>,
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Bearer {
    /// OAUTHBEARER, to act as `identity` at this server; port 0 is left out.
    #[must_use]
    pub fn oauthbearer(identity: &str, token: &Secret, host: &str, port: u16) -> Bearer {
        let header = gs2::header("n", Some(identity));
        let port = if port == 0 { String::new() } else { format!("port={port}\x01") };
        let message =
            [&header, "\x01host=", host, "\x01", &port, "auth=Bearer ", token.reveal(), "\x01\x01"].concat();
        // Section 3.2.3: the client answers with a lone control-A, and then the server refuses.
        Bearer::new("OAUTHBEARER", message, b"\x01")
    }

    /// XOAUTH2, for this user.
    #[must_use]
    pub fn xoauth2(user: &str, token: &Secret) -> Bearer {
        let message = ["user=", user, "\x01auth=Bearer ", token.reveal(), "\x01\x01"].concat();
        Bearer::new("XOAUTH2", message, b"")
    }

    fn new(name: &'static str, message: String, acknowledgement: &'static [u8]) -> Bearer {
        let message = SecretOctets::new(message.into_bytes());
        Bearer { name, message, acknowledgement, asked_again: false, reason: None }
    }
}

impl Mechanism for Bearer {
    fn name(&self) -> &'static str {
        self.name
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        Some(self.message.clone())
    }

    /// An empty challenge comes from a server that does not take the initial response; any other says why the
    /// token is refused.
    fn respond(&mut self, challenge: &[u8]) -> Result<Answer, ExchangeError> {
        if self.reason.is_some() {
            return Err(ExchangeError::Malformed);
        }
        if challenge.is_empty() {
            let again = std::mem::replace(&mut self.asked_again, true);
            return if again { Err(ExchangeError::Malformed) } else { Ok(Answer::Say(self.message.clone())) };
        }
        self.reason = Some(challenge.to_vec());
        Ok(self.acknowledgement.to_vec().into())
    }

    /// Not after a reason: a server that refuses cannot accept.
    fn is_complete(&self) -> bool {
        self.reason.is_none()
    }

    fn reason(&self) -> Option<&[u8]> {
        self.reason.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn the_message_and_the_acknowledgement_are_the_rfcs() {
        let token = Secret::new("vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==".to_owned());
        let mut bearer = Bearer::oauthbearer("user@example.com", &token, "server.example.com", 587);
        let message = bearer.initial().unwrap();
        assert_eq!(
            encodify::base64::STANDARD.encode(&message),
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIH\
             ZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2c9PQEB"
        );
        assert_eq!(said(bearer.respond(b"{\"status\":\"invalid_token\"}")), b"\x01");
        assert!(!bearer.is_complete());
    }

    #[test]
    fn the_reason_of_a_refusal_is_answered_by_nothing_and_kept() {
        let mut xoauth2 = Bearer::xoauth2("smith", &Secret::new("t0ken".to_owned()));
        assert_eq!(xoauth2.initial().unwrap().as_slice(), b"user=smith\x01auth=Bearer t0ken\x01\x01");
        assert!(!format!("{xoauth2:?}").contains("t0ken"));
        assert_eq!(said(xoauth2.respond(b"{\"status\":\"401\"}")), b"");
        assert_eq!(xoauth2.reason(), Some(&b"{\"status\":\"401\"}"[..]));
        assert!(!xoauth2.is_complete());
        assert_eq!(xoauth2.respond(b"more").unwrap_err(), ExchangeError::Malformed);
    }

    #[test]
    fn a_server_that_takes_no_initial_response_gets_it_once_more() {
        let mut xoauth2 = Bearer::xoauth2("smith", &Secret::new("t0ken".to_owned()));
        let message = xoauth2.initial().unwrap();
        assert_eq!(said(xoauth2.respond(b"")), *message);
        assert!(xoauth2.is_complete());
        assert_eq!(xoauth2.respond(b"").unwrap_err(), ExchangeError::Malformed);
    }
}
