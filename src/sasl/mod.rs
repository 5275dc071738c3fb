//! Log-in mechanisms (SASL, RFC 4422), one file each (the two with a bearer token have one together), and
//! what they are given: [`Credentials`].
//!
//! Which of them is used is decided in choice.rs. The exchange itself, line by line, is led by the session
//! ([`ehlo_smtp::auth`]).

mod bearer;
mod choice;
mod cram_md5;
mod external;
mod gs2;
mod login;
mod plain;
mod scram;
mod stretch;

use crate::config::secret::Secret;

pub use choice::{KNOWN, is_known, shows_secret, takes};

/// Who wants to log in, what proves it, and what may be risked for it.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user's name; it may be empty where [`Means::Outside`] shows who it is.
    pub user: String,
    /// Whom to act as, if it is another (the authorization identity).
    pub identity: Option<String>,
    /// What shows who the user is.
    pub means: Means,
    /// The mechanisms to try, in capitals and in this order; empty for whichever is best.
    pub mechanisms: Vec<String>,
    /// Log in even where anybody in between can read it.
    pub allow_clear: bool,
    /// Log in even with a server that has not proved who it is.
    pub allow_unverified: bool,
    /// The server's name and port, which OAUTHBEARER repeats.
    pub server: (String, u16),
    /// Where a nonce comes from.
    pub nonce: Nonce,
}

/// What shows who the user is.
#[derive(Debug, Clone)]
pub enum Means {
    /// A password.
    Password(Secret),
    /// A bearer token.
    Token(Secret),
    /// Something outside of SASL: a client certificate, a socket.
    Outside,
}

/// What makes an exchange unlike all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nonce {
    /// New each time.
    Random,
    /// Always this one, for the examples of RFCs. It gives no protection.
    Fixed(String),
}

impl Nonce {
    fn take(&self) -> Option<String> {
        match self {
            Nonce::Random => {
                let mut octets = [0; 18];
                getrandom::fill(&mut octets).ok()?;
                Some(encodify::base64::STANDARD.encode(octets))
            }
            Nonce::Fixed(text) => Some(text.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ehlo_smtp::auth::{Answer, ExchangeError};

    /// The answer that goes to the server.
    pub(super) fn said(answer: Result<Answer, ExchangeError>) -> Vec<u8> {
        match answer.unwrap() {
            Answer::Say(octets) => octets.to_vec(),
            Answer::Working => panic!("it works still"),
        }
    }

    #[test]
    fn a_nonce_is_new_each_time_and_fit_for_scram() {
        let (one, other) = (Nonce::Random.take().unwrap(), Nonce::Random.take().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 24);
        assert!(one.bytes().all(|octet| octet.is_ascii_graphic() && octet != b','), "{one}");
    }
}
