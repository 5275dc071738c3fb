//! The AUTH exchange (RFC 4954): challenge in, response out. Which mechanism, and what it says, is `sasl`'s.

use std::fmt;
use zeroize::Zeroizing;

/// What protects the connection at the moment.
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

/// What ties a log-in to the TLS connection that it is made over (RFC 5056; RFC 5802, section 6): a proof made for one
/// connection is worth nothing on another.
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
    /// Its registered name.
    fn name(&self) -> &'static str;

    /// What it says first, if the client speaks first. Asked for once.
    fn initial(&mut self) -> Option<SecretOctets>;

    /// The answer to a challenge (decoded from base64).
    ///
    /// # Errors
    /// [`BadChallenge`]: the exchange is left with `*`.
    fn respond(&mut self, challenge: &[u8]) -> Result<SecretOctets, BadChallenge>;

    /// Is the exchange at an end, and the server's proof, where there is one, in order? Asked when a 235 comes.
    fn is_complete(&self) -> bool;
}

/// The challenge cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadChallenge;

/// Credentials, and the judgement which mechanism they may be used with.
pub trait Login: fmt::Debug {
    /// The mechanism to use, given what the server offers and what protects the connection.
    ///
    /// # Errors
    /// [`NoMechanism`]: why none can be used. Nothing is sent then.
    fn choose(&mut self, offered: &[String], channel: Channel) -> Result<Box<dyn Mechanism>, NoMechanism>;

    /// What must not be shown, whoever says it: a server may echo it.
    fn secret(&self) -> SecretOctets;
}

/// Why there is no way to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoMechanism {
    /// The server offers no AUTH at all.
    NotOffered,
    /// None of those offered is known, or none of those asked for is offered.
    NoneUsable {
        /// What the server offers.
        offered: Vec<String>,
    },
    /// None of those that the user wants is offered.
    NotWanted {
        /// What the server offers.
        offered: Vec<String>,
    },
    /// It would show the password to anybody in between.
    Clear,
    /// It would show the password to a server that has not proved who it is.
    Unverified,
}

impl fmt::Display for NoMechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoMechanism::NotOffered => f.write_str(
                "the server offers no log-in here; leave out --user, or try --tls starttls or another port (587, 465)",
            ),
            NoMechanism::NoneUsable { offered } => {
                write!(f, "the server offers only log-in mechanisms that cannot be used: {}", offered.join(" "))
            }
            NoMechanism::NotWanted { offered } => {
                write!(f, "the server offers none of the mechanisms of --auth, only {}", offered.join(" "))
            }
            NoMechanism::Clear => f.write_str(
                "the password was not sent: the connection is not encrypted; use --tls starttls or --tls implicit (or --allow-cleartext-auth)",
            ),
            NoMechanism::Unverified => f.write_str(
                "the password was not sent: the server's certificate could not be verified; name its issuer by --ca-file (or use --insecure)",
            ),
        }
    }
}
