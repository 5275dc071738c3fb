//! What a log-in needs (AUTH, RFC 4954; SASL, RFC 4422): a [`Mechanism`] that answers challenges, and a
//! [`Login`] that chooses one. There is no mechanism in this crate.

use std::fmt;
use zeroize::Zeroizing;

/// What protects the connection at the moment: what a secret is worth on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Nothing: anybody in between can read along.
    Clear,
    /// A Unix socket: it never leaves the machine.
    Local,
    /// TLS, but who the server is was not proved.
    Unverified,
    /// TLS, with a certificate that was verified.
    Verified,
}

/// What ties a log-in to its TLS connection (RFC 5056; RFC 5802, section 6): a proof made for one connection
/// is worth nothing on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelBinding {
    /// `tls-exporter` (RFC 9266).
    Exporter(Vec<u8>),
    /// `tls-server-end-point` (RFC 5929, section 4).
    EndPoint(Vec<u8>),
}

/// Octets that are overwritten when they are dropped.
pub type SecretOctets = Zeroizing<Vec<u8>>;

/// One SASL mechanism in one exchange.
pub trait Mechanism: fmt::Debug {
    /// Its registered name, in capitals: `SCRAM-SHA-256`.
    fn name(&self) -> &'static str;

    /// What it says first, if the client speaks first. It is asked for once.
    fn initial(&mut self) -> Option<SecretOctets>;

    /// The answer to a challenge (decoded from base64).
    ///
    /// # Errors
    /// [`ExchangeError`]: the exchange is left with `*`.
    fn respond(&mut self, challenge: &[u8]) -> Result<Answer, ExchangeError>;

    /// Whether the answer depends on what a challenge says. If not, a challenge that is no base64 is as good
    /// as an empty one.
    fn reads_challenges(&self) -> bool {
        true
    }

    /// Computes for some milliseconds, after [`Answer::Working`]. Whoever drives the session has the clock,
    /// and decides whether to ask again.
    fn work(&mut self) -> Answer {
        Answer::Say(SecretOctets::default())
    }

    /// Whether the exchange is at its end, and the server's proof in order, if the mechanism has one. It is
    /// asked for when a 235 comes.
    fn is_complete(&self) -> bool;

    /// Takes a 235 that came before the exchange was complete. `data` is the word of its text that is base64:
    /// some servers put their proof there, though by RFC 4954, section 4, it belongs into a challenge.
    ///
    /// # Errors
    /// [`ExchangeError`]: it proves nothing.
    fn late(&mut self, _data: &[u8]) -> Result<(), ExchangeError> {
        Err(ExchangeError::Malformed)
    }

    /// Whether it has said the secret, or a proof of it: a refusal after that is a verdict on the
    /// credentials.
    fn has_proved(&self) -> bool {
        true
    }

    /// Why the server refuses, as far as it said so within the exchange; the octets as they came.
    fn reason(&self) -> Option<&[u8]> {
        None
    }
}

/// What a mechanism makes of a challenge.
pub enum Answer {
    /// This goes to the server, in base64.
    Say(SecretOctets),
    /// It has to be computed: [`Mechanism::work`].
    Working,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Say(_) => "Say(..)",
            Answer::Working => "Working",
        })
    }
}

impl From<Vec<u8>> for Answer {
    fn from(octets: Vec<u8>) -> Answer {
        Answer::Say(SecretOctets::new(octets))
    }
}

/// Why an exchange cannot go on. The session leaves it with `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeError {
    /// The challenge cannot be understood, or there is one too many. Another mechanism may do better.
    Malformed,
    /// The server, or whoever answers in its place, did not prove that it knows the password.
    Unproved(Unproved),
}

/// How a server fails to prove itself (RFC 5802, section 5). Nothing more is said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unproved {
    /// Its nonce does not begin with ours: this is an old exchange, played again.
    Nonce,
    /// Its signature is not what one who knows the password makes.
    Signature,
    /// It calls the log-in successful without showing a signature.
    Missing,
    /// It asks for so few iterations that the proof would give the password away: how many.
    TooFew(u64),
    /// It asks for so many iterations that they would keep us busy for ever.
    TooMany,
}

impl std::error::Error for ExchangeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ExchangeError::Malformed => None,
            ExchangeError::Unproved(unproved) => Some(unproved),
        }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExchangeError::Malformed => f.write_str("the challenge cannot be answered"),
            ExchangeError::Unproved(unproved) => unproved.fmt(f),
        }
    }
}

impl std::error::Error for Unproved {}

impl fmt::Display for Unproved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Unproved::Nonce => "did not repeat our nonce in the log-in",
            Unproved::Signature => "sent a wrong proof that it knows the password",
            Unproved::Missing => "accepted the log-in without proving that it knows the password",
            Unproved::TooFew(count) => {
                let s = if *count == 1 { "" } else { "s" };
                write!(
                    f,
                    "the server asks for {count} iteration{s} in the log-in, and under 4096 somebody "
                )?;
                return f.write_str("in between could guess the password; nothing was sent");
            }
            // It can be any number; its digits would not help.
            Unproved::TooMany => {
                f.write_str("the server asks for more than 10,000,000 iterations in the log-in, ")?;
                return f.write_str("and those are the most; nothing was sent");
            }
        };
        write!(f, "the server {what}: it may not be who it claims to be; nothing was sent")
    }
}

/// What the choice of a mechanism depends on.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The mechanisms that the server offers, in capitals.
    pub offered: &'a [String],
    /// What protects the connection.
    pub channel: Channel,
    /// What a log-in can be bound to.
    pub binding: Option<&'a ChannelBinding>,
    /// The mechanisms that were tried on this connection without a verdict on the credentials.
    pub tried: &'a [&'static str],
}

/// Credentials, and the judgement which mechanism they may be used with.
pub trait Login: fmt::Debug {
    /// The mechanism to use.
    ///
    /// # Errors
    /// [`NoMechanism`]: why none can be used. Nothing is sent then.
    fn choose(&mut self, terms: &Terms<'_>) -> Result<Box<dyn Mechanism>, NoMechanism>;

    /// The other mechanisms offered that these credentials could be used with, after one was refused: the
    /// user may want to name another.
    fn others(&self, _terms: &Terms<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// What must not be shown, even where the server repeats it.
    fn secret(&self) -> SecretOctets;

    /// Whether the secret is a token, which can expire.
    fn has_token(&self) -> bool {
        false
    }

    /// Takes another token in place of the one that was refused, and tells whether it is another: the same
    /// one would be refused again.
    fn renew(&mut self, _token: &SecretOctets) -> bool {
        false
    }
}

/// Why there is no way to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoMechanism {
    /// The server offers no AUTH.
    NotOffered {
        /// Whether TLS has begun: if not, it may offer AUTH inside TLS.
        encrypted: bool,
    },
    /// None of those offered is known.
    NoneUsable {
        /// What the server offers.
        offered: Vec<String>,
    },
    /// None of those that the user wants is offered.
    NotWanted {
        /// What the server offers.
        offered: Vec<String>,
    },
    /// One is offered that could be used, but something is missing.
    Lacking {
        /// The mechanism.
        mechanism: &'static str,
        /// What is missing.
        lack: Lack,
    },
    /// The connection is in clear: anybody in between could read it.
    Clear,
    /// The server has not proved who it is.
    Unverified,
    /// All were tried, or the others would reveal more to a server that has not proved who it is.
    Exhausted,
}

/// What a mechanism needs and does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lack {
    /// A password.
    Password,
    /// A token.
    Token,
    /// A place for the identity to act as (RFC 4422, section 2).
    Identity,
    /// A TLS connection that it can be bound to.
    Binding,
    /// A user name and a password that SASLprep (RFC 4013) allows.
    Prepared,
    /// To be asked for by name.
    Request,
    /// Random numbers.
    Random,
}

impl std::error::Error for Lack {}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lack::Password => "it needs a password, and none was given",
            Lack::Token => "it needs a token",
            Lack::Identity => "it does not support an authorization identity",
            Lack::Binding => "the connection offers no channel binding",
            Lack::Prepared => "the user name or password contains characters that it does not allow",
            Lack::Request => "it is used only on request",
            Lack::Random => "this system provides no random numbers",
        })
    }
}

impl std::error::Error for NoMechanism {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NoMechanism::Lacking { lack, .. } => Some(lack),
            _ => None,
        }
    }
}

impl fmt::Display for NoMechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoMechanism::NotOffered { .. } => f.write_str("the server does not offer AUTH here"),
            NoMechanism::NoneUsable { offered } => {
                write!(
                    f,
                    "the server offers only log-in mechanisms that cannot be used: {}",
                    offered.join(" ")
                )
            }
            NoMechanism::NotWanted { offered } => {
                write!(f, "the server offers none of the mechanisms asked for, only {}", offered.join(" "))
            }
            NoMechanism::Lacking { mechanism, lack } => {
                write!(f, "the server offers the log-in mechanism {mechanism}, but {lack}")
            }
            NoMechanism::Clear => f.write_str("no log-in was tried: the connection is not encrypted"),
            NoMechanism::Unverified => {
                f.write_str("no log-in was tried: the server's certificate could not be verified")
            }
            NoMechanism::Exhausted => f.write_str("no other log-in mechanism is left to try"),
        }
    }
}
