//! OAUTHBEARER (RFC 7628): a bearer token, for whom, and for which server.

use super::bearer::Bearer;
use super::gs2;
use crate::config::secret::Secret;
use crate::smtp::auth::{Answer, Mechanism, SecretOctets, Trouble};

/// One exchange.
#[derive(Debug)]
pub struct OauthBearer(Bearer);

impl OauthBearer {
    /// To act as `identity`, at the server that was named so.
    #[must_use]
    pub fn new(identity: &str, token: &Secret, host: &str, port: u16) -> OauthBearer {
        let header = gs2::header("n", Some(identity));
        let port = if port == 0 { String::new() } else { format!("port={port}\x01") };
        let message =
            [&header, "\x01host=", host, "\x01", &port, "auth=Bearer ", token.reveal(), "\x01\x01"].concat();
        // Section 3.2.3: the client says a lone control-A, and the server its refusal.
        OauthBearer(Bearer::new(message, b"\x01"))
    }
}

impl Mechanism for OauthBearer {
    fn name(&self) -> &'static str {
        "OAUTHBEARER"
    }

    fn initial(&mut self) -> Option<SecretOctets> {
        Some(self.0.message())
    }

    fn respond(&mut self, challenge: &[u8]) -> Result<Answer, Trouble> {
        self.0.respond(challenge)
    }

    fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    fn reason(&self) -> Option<&[u8]> {
        self.0.reason()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn the_message_and_the_acknowledgement_are_the_rfcs() {
        let token = Secret::new("vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==".to_owned());
        let mut bearer = OauthBearer::new("user@example.com", &token, "server.example.com", 587);
        let message = bearer.initial().unwrap();
        assert_eq!(
            encodify::base64::STANDARD.encode(&message),
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRj\
             Mk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2c9PQEB"
        );
        assert_eq!(said(bearer.respond(b"{\"status\":\"invalid_token\"}")), b"\x01");
        assert!(!bearer.is_complete());
    }
}
