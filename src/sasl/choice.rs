//! Which mechanism is used: the strongest that is offered and can be used, or the first of those that the
//! user names.
//!
//! Nothing is said over a connection that is not encrypted, or to a server that has not proved who it is,
//! unless the user says so: SCRAM and CRAM-MD5 do not show the password, but whoever has the exchange can
//! guess at it. And where the user does say so, a server that refuses one mechanism is not given another that
//! reveals more.

use super::bearer::Bearer;
use super::cram_md5::CramMd5;
use super::external::External;
use super::login::LoginMechanism;
use super::plain::Plain;
use super::scram::{Binding, Scram, WithSha1, WithSha256};
use super::{Credentials, Means};
use crate::config::secret::Secret;
use ehlo_smtp::auth::{Channel, Lack, Login, Mechanism, NoMechanism, SecretOctets, Terms};

/// The mechanisms known, strongest first.
pub const KNOWN: [&str; 10] = [
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-1",
    "CRAM-MD5",
    "PLAIN",
    "LOGIN",
    "OAUTHBEARER",
    "XOAUTH2",
    "EXTERNAL",
];

/// Whether this is the name of a mechanism that can be used.
#[must_use]
pub fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Whether the mechanism takes this: a password, a token, or neither.
#[must_use]
pub fn takes(name: &str, means: &Means) -> bool {
    match means {
        Means::Password(_) => !matches!(name, "OAUTHBEARER" | "XOAUTH2"),
        Means::Token(_) => matches!(name, "OAUTHBEARER" | "XOAUTH2" | "EXTERNAL"),
        Means::Outside => name == "EXTERNAL",
    }
}

/// What somebody in between learns from an exchange, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reveals {
    /// Nothing of use.
    Nothing,
    /// A proof that can be handed on.
    Proof,
    /// A proof that the password can be guessed from faster.
    WeakProof,
    /// The secret itself.
    Secret,
}

fn reveals(name: &str) -> Reveals {
    match name {
        "EXTERNAL" | "SCRAM-SHA-256-PLUS" | "SCRAM-SHA-1-PLUS" => Reveals::Nothing,
        "SCRAM-SHA-256" | "SCRAM-SHA-1" => Reveals::Proof,
        "CRAM-MD5" => Reveals::WeakProof,
        _ => Reveals::Secret,
    }
}

/// Whether whoever listens can read the password, or a token as good as it, when this mechanism is used. Case
/// does not count; of mechanisms that are not known nothing is said.
#[must_use]
pub fn shows_secret(name: &str) -> bool {
    let known = KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(name));
    known.is_some_and(|known| reveals(known) == Reveals::Secret)
}

impl Credentials {
    fn make(&self, name: &'static str, terms: &Terms<'_>) -> Result<Box<dyn Mechanism>, Lack> {
        let user = self.user.as_str();
        let password = || match &self.means {
            Means::Password(password) => Ok(password),
            Means::Token(_) | Means::Outside => Err(Lack::Password),
        };
        let token = || match &self.means {
            Means::Token(token) => Ok(token),
            Means::Password(_) | Means::Outside => Err(Lack::Token),
        };
        let no_identity = || if self.identity.is_some() { Err(Lack::Identity) } else { Ok(()) };
        let identity = self.identity.as_deref();
        Ok(match name {
            "SCRAM-SHA-256-PLUS" | "SCRAM-SHA-1-PLUS" | "SCRAM-SHA-256" | "SCRAM-SHA-1" => {
                self.scram(name, password()?, terms)?
            }
            "CRAM-MD5" => {
                let password = password()?;
                no_identity()?;
                Box::new(CramMd5::new(user, password))
            }
            "PLAIN" => Box::new(Plain::new(identity.unwrap_or_default(), user, password()?)),
            "LOGIN" => {
                let password = password()?;
                no_identity()?;
                Box::new(LoginMechanism::new(user, password))
            }
            "OAUTHBEARER" => {
                let (host, port) = &self.server;
                Box::new(Bearer::oauthbearer(identity.unwrap_or(user), token()?, host, *port))
            }
            "XOAUTH2" => {
                let token = token()?;
                no_identity()?;
                Box::new(Bearer::xoauth2(user, token))
            }
            _ => {
                let is_asked = self.mechanisms.iter().any(|wanted| wanted == name);
                if !is_asked {
                    return Err(Lack::Request);
                }
                Box::new(External::new(identity.unwrap_or(user)))
            }
        })
    }

    fn scram(&self, name: &str, password: &Secret, terms: &Terms<'_>) -> Result<Box<dyn Mechanism>, Lack> {
        let plus_offered = terms.offered.iter().any(|offer| offer.ends_with("-PLUS") && is_known(offer));
        let binding = match terms.binding {
            Some(binding) if name.ends_with("-PLUS") => Binding::To(binding),
            None if name.ends_with("-PLUS") => return Err(Lack::Binding),
            // To claim that it was not offered, where it was, would look like an attack.
            Some(_) if !plus_offered => Binding::NotOffered,
            Some(_) | None => Binding::None,
        };
        let prepare = |text| stringprep::saslprep(text).ok().filter(|text| !text.is_empty());
        let user = prepare(&self.user).ok_or(Lack::Prepared)?;
        let password = Secret::new(prepare(password.reveal()).ok_or(Lack::Prepared)?.into_owned());
        let identity = self.identity.as_deref();
        let nonce = self.nonce.take().ok_or(Lack::Random)?;
        Ok(if name.starts_with("SCRAM-SHA-256") {
            Box::new(Scram::<WithSha256>::new(&user, password.reveal(), identity, &nonce, binding))
        } else {
            Box::new(Scram::<WithSha1>::new(&user, password.reveal(), identity, &nonce, binding))
        })
    }

    /// Those that the user wants, or all; best first.
    fn wanted(&self) -> Vec<&'static str> {
        match self.mechanisms.as_slice() {
            [] => KNOWN.to_vec(),
            named => {
                let known = |name: &String| KNOWN.into_iter().find(|known| known == name);
                named.iter().filter_map(known).collect()
            }
        }
    }
}

impl Login for Credentials {
    fn choose(&mut self, terms: &Terms<'_>) -> Result<Box<dyn Mechanism>, NoMechanism> {
        if terms.offered.is_empty() {
            let encrypted = matches!(terms.channel, Channel::Verified | Channel::Unverified);
            return Err(NoMechanism::NotOffered { encrypted });
        }
        let mut candidates = self.wanted();
        candidates.retain(|name| terms.offered.iter().any(|offer| offer == name));
        if candidates.is_empty() {
            let offered = terms.offered.to_vec();
            return Err(match self.mechanisms.as_slice() {
                [] => NoMechanism::NoneUsable { offered },
                _ => NoMechanism::NotWanted { offered },
            });
        }
        match terms.channel {
            Channel::Clear if !self.allow_clear => return Err(NoMechanism::Clear),
            Channel::Unverified if !self.allow_unverified => return Err(NoMechanism::Unverified),
            // The server may have refused the last one only to be given one that reveals more. But a
            // mechanism that the user has named is meant to be used.
            Channel::Clear | Channel::Unverified if self.mechanisms.is_empty() => {
                let least = terms.tried.iter().map(|name| reveals(name)).min();
                candidates.retain(|name| least.is_none_or(|least| reveals(name) <= least));
            }
            Channel::Clear | Channel::Unverified | Channel::Local | Channel::Verified => {}
        }
        candidates.retain(|name| !terms.tried.contains(name));
        let mut why = NoMechanism::Exhausted;
        for mechanism in candidates {
            match self.make(mechanism, terms) {
                Ok(made) => return Ok(made),
                Err(lack) if why == NoMechanism::Exhausted => {
                    why = NoMechanism::Lacking { mechanism, lack };
                }
                Err(_) => {}
            }
        }
        Err(why)
    }

    fn others(&self, terms: &Terms<'_>) -> Vec<&'static str> {
        let is_offered = |name: &&'static str| terms.offered.iter().any(|offer| offer == name);
        let left = KNOWN.into_iter().filter(is_offered).filter(|name| !terms.tried.contains(name));
        left.filter(|name| self.make(name, terms).is_ok()).collect()
    }

    fn secret(&self) -> SecretOctets {
        SecretOctets::new(match &self.means {
            Means::Password(secret) | Means::Token(secret) => secret.reveal().as_bytes().to_vec(),
            Means::Outside => Vec::new(),
        })
    }

    fn has_token(&self) -> bool {
        matches!(self.means, Means::Token(_))
    }

    fn renew(&mut self, token: &SecretOctets) -> bool {
        let Means::Token(old) = &mut self.means else { return false };
        match std::str::from_utf8(token) {
            Ok(new) if !new.is_empty() && new != old.reveal() => {
                *old = Secret::new(new.to_owned());
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
