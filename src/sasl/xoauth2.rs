//! XOAUTH2 (Google's and Microsoft's, in no RFC): the user and a bearer token.

use super::bearer::Bearer;
use crate::config::secret::Secret;
use crate::smtp::auth::{Answer, Mechanism, SecretOctets, Trouble};

/// One exchange.
#[derive(Debug)]
pub struct Xoauth2(Bearer);

impl Xoauth2 {
    /// For this user.
    #[must_use]
    pub fn new(user: &str, token: &Secret) -> Xoauth2 {
        Xoauth2(Bearer::new(["user=", user, "\x01auth=Bearer ", token.reveal(), "\x01\x01"].concat(), b""))
    }
}

impl Mechanism for Xoauth2 {
    fn name(&self) -> &'static str {
        "XOAUTH2"
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
    fn the_reason_of_a_refusal_is_answered_by_nothing_and_kept() {
        let mut xoauth2 = Xoauth2::new("smith", &Secret::new("t0ken".to_owned()));
        assert_eq!(xoauth2.initial().unwrap().as_slice(), b"user=smith\x01auth=Bearer t0ken\x01\x01");
        assert!(!format!("{xoauth2:?}").contains("t0ken"));
        assert_eq!(said(xoauth2.respond(b"{\"status\":\"401\"}")), b"");
        assert_eq!(xoauth2.reason(), Some(&b"{\"status\":\"401\"}"[..]));
        assert!(!xoauth2.is_complete());
        assert_eq!(xoauth2.respond(b"more").unwrap_err(), Trouble::Malformed);
    }

    #[test]
    fn a_server_that_takes_no_initial_response_gets_it_once_more() {
        let mut xoauth2 = Xoauth2::new("smith", &Secret::new("t0ken".to_owned()));
        let message = xoauth2.initial().unwrap();
        assert_eq!(said(xoauth2.respond(b"")), *message);
        assert!(xoauth2.is_complete());
        assert_eq!(xoauth2.respond(b"").unwrap_err(), Trouble::Malformed);
    }
}
