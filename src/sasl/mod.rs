//! Log-in mechanisms (SASL, RFC 4422), one file each, and the choice between them.
//!
//! The exchange itself, line by line, is [`crate::smtp::auth`]'s and the session's.

mod login;
mod plain;

use crate::config::secret::Secret;
use crate::smtp::auth::{Channel, Login, Mechanism, NoMechanism, SecretOctets};

/// A user's credentials, and what they may be risked for.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// The mechanisms to try, in capitals; empty for whichever is best.
    pub mechanisms: Vec<String>,
    /// Send the password where anybody in between can read it.
    pub allow_clear: bool,
    /// Send the password to a server that has not proved who it is.
    pub allow_unverified: bool,
}

/// The mechanisms known, best first.
pub const KNOWN: [&str; 2] = ["PLAIN", "LOGIN"];

/// Is this the name of a mechanism that can be used?
#[must_use]
pub fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

impl Login for Credentials {
    fn choose(&mut self, offered: &[String], channel: Channel) -> Result<Box<dyn Mechanism>, NoMechanism> {
        if offered.is_empty() {
            return Err(NoMechanism::NotOffered);
        }
        let is_offered = |name: &&str| offered.iter().any(|offer| offer == name);
        let name = if self.mechanisms.is_empty() {
            KNOWN.into_iter().find(is_offered)
        } else {
            self.mechanisms.iter().map(String::as_str).find(is_offered)
        };
        let Some(name) = name else {
            let offered = offered.to_vec();
            return Err(match self.mechanisms.as_slice() {
                [] => NoMechanism::NoneUsable { offered },
                _ => NoMechanism::NotWanted { offered },
            });
        };
        // Both mechanisms show the password itself.
        match channel {
            Channel::Clear if !self.allow_clear => return Err(NoMechanism::Clear),
            Channel::Unverified if !self.allow_unverified => return Err(NoMechanism::Unverified),
            Channel::Clear | Channel::Unverified | Channel::Local | Channel::Verified => {}
        }
        match name {
            "PLAIN" => Ok(Box::new(plain::Plain::new(&self.user, &self.password))),
            "LOGIN" => Ok(Box::new(login::LoginMechanism::new(&self.user, &self.password))),
            _ => Err(NoMechanism::NoneUsable { offered: offered.to_vec() }),
        }
    }

    fn secret(&self) -> SecretOctets {
        SecretOctets::new(self.password.reveal().as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(mechanisms: &[&str], offered: &[&str], channel: Channel) -> Result<&'static str, NoMechanism> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut credentials = Credentials {
            user: "smith".to_owned(),
            password: Secret::new("secret".to_owned()),
            mechanisms: owned(mechanisms),
            allow_clear: false,
            allow_unverified: false,
        };
        credentials.choose(&owned(offered), channel).map(|mechanism| mechanism.name())
    }

    #[test]
    fn the_best_that_is_offered_is_chosen_and_the_users_word_counts() {
        let all = ["CRAM-MD5", "LOGIN", "PLAIN"];
        assert_eq!(choose(&[], &all, Channel::Verified), Ok("PLAIN"));
        assert_eq!(choose(&["LOGIN", "PLAIN"], &all, Channel::Verified), Ok("LOGIN"));
        assert_eq!(choose(&[], &["LOGIN"], Channel::Local), Ok("LOGIN"));
        assert_eq!(choose(&[], &[], Channel::Verified), Err(NoMechanism::NotOffered));
        let offered = vec!["GSSAPI".to_owned()];
        assert_eq!(choose(&[], &["GSSAPI"], Channel::Verified), Err(NoMechanism::NoneUsable { offered }));
    }

    #[test]
    fn a_password_is_not_risked_unasked() {
        assert_eq!(choose(&[], &["PLAIN"], Channel::Clear), Err(NoMechanism::Clear));
        assert_eq!(choose(&[], &["PLAIN"], Channel::Unverified), Err(NoMechanism::Unverified));
    }
}
