//! Why TLS could not be set up, or ended: by whose fault, and whether it is a matter of trust.
//!
//! What is wrong with a certificate is in [`fault`](super::fault), why the other side says no in
//! [`alert`](super::alert). What would help is said in `words`.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::{Alert, Backend, Certificate, Fault, MinVersion};
use crate::net::system::plain;

/// Why a connection could not be made secure, or stopped being so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsError {
    /// The certificate, or the proof that the server has its key, is not trusted; with the certificate, where
    /// the backend tells it.
    Certificate(Fault, Option<Box<Certificate>>),
    /// No certificate can hold the server's name, so none could be checked against it.
    Name(String),
    /// No trusted certificates were found on this system.
    NoRoots,
    /// A file of trusted certificates cannot be used.
    CaFile {
        /// The file, or directory, as it was named.
        path: PathBuf,
        /// What is wrong with it.
        fault: CaFault,
    },
    /// The client's own certificate or its key cannot be used.
    Identity {
        /// The file, as it was named.
        path: PathBuf,
        /// What is wrong with it.
        fault: IdentityFault,
    },
    /// The server asked for a certificate of ours, there was none, and it broke off with this alert.
    CertificateWanted(Alert),
    /// The two sides did not find a version of TLS and a cipher that suit both.
    NotAgreed {
        /// How that showed.
        reason: Disagreement,
        /// Who spoke for us.
        backend: Backend,
        /// The oldest version that was offered.
        min_version: MinVersion,
    },
    /// What came is not TLS: a server that begins in clear, or another service.
    NotTls,
    /// The same where the server had agreed to STARTTLS, and so knows of TLS.
    NotTlsBehind220,
    /// The connection was closed in the middle of the handshake.
    BrokenOff,
    /// The peer sent a fatal alert (RFC 8446, section 6.2).
    Alert(Alert),
    /// Anything else on which the two sides could not agree.
    Protocol(Breach),
    /// The backend asked for was left out when the program was built.
    NotBuiltIn(Backend),
    /// The backend refused its settings, or has no random numbers: its reason.
    Backend(String),
}

impl TlsError {
    /// Whether trust was refused, rather than the handshake broken off.
    pub fn is_trust(&self) -> bool {
        match self {
            TlsError::Certificate(..)
            | TlsError::Name(_)
            | TlsError::NoRoots
            | TlsError::CertificateWanted(_) => true,
            TlsError::Alert(alert) => alert.is_about_our_certificate(),
            _ => false,
        }
    }

    /// Whether the fault lies in what the user asked for, and the network had no part in it.
    pub fn is_local(&self) -> bool {
        matches!(
            self,
            TlsError::CaFile { .. }
                | TlsError::Identity { .. }
                | TlsError::NotBuiltIn(_)
                | TlsError::Backend(_)
        )
    }
}

/// How it shows that the two sides have no version of TLS and no cipher in common.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disagreement {
    /// The other side says so.
    Alert(Alert),
    /// The other side's version is older than TLS 1.2.
    TooOld,
    /// It is older than the one demanded.
    OlderThanDemanded,
    /// Something else, in the backend's words.
    Backend(String),
}

/// How the other side does not keep to the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Breach {
    /// It sends something out of place: the backend's name for it.
    Misbehaved(String),
    /// It sends something that cannot be read: the backend's name for it.
    Malformed(String),
    /// Something else, in the backend's words.
    Backend(String),
}

/// Why a file cannot be read: the system's number for the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread(i32);

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        Unread(error.raw_os_error().unwrap_or_default())
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match io::Error::from_raw_os_error(self.0) {
            error if error.kind() == io::ErrorKind::NotFound => f.write_str("no such file"),
            error => write!(f, "cannot be read: {}", plain(&error)),
        }
    }
}

/// What is wrong with the client's own certificate or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityFault {
    /// The file cannot be read.
    Unreadable(Unread),
    /// There is no certificate in it.
    NoCertificate,
    /// What is in it is not a certificate.
    MalformedCertificate,
    /// The certificate file holds no key, and no other file was named for it.
    KeyMissing,
    /// There is no key in the file that was named for it.
    NoKey,
    /// What is in it is not a key, or not of a kind that is known.
    MalformedKey,
    /// The key needs a passphrase.
    Encrypted,
    /// The backend takes keys in PKCS#8 only.
    NotPkcs8,
    /// The key belongs to another certificate.
    Mismatch,
}

/// What is wrong with a file of trusted certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaFault {
    /// It cannot be read.
    Unreadable(Unread),
    /// There is no certificate in it.
    Empty,
    /// What is in it is not a certificate.
    Malformed,
}

impl std::error::Error for TlsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            TlsError::Certificate(fault, _) => Some(fault),
            TlsError::CaFile { fault, .. } => Some(fault),
            TlsError::Identity { fault, .. } => Some(fault),
            _ => None,
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsError::Certificate(fault, _) => write!(f, "certificate not trusted: {fault}"),
            TlsError::Name(name) => write!(f, "'{name}' is not a name that a certificate can hold"),
            TlsError::NoRoots => f.write_str("no trusted certificates found on this system"),
            TlsError::CaFile { path, fault } => {
                write!(f, "trusted certificates in {}: {fault}", path.display())
            }
            TlsError::Identity { path, fault } => write!(f, "{}: {fault}", path.display()),
            TlsError::CertificateWanted(reason) => {
                write!(f, "the server asked for a client certificate and ended TLS: {reason}")
            }
            TlsError::NotAgreed { reason, .. } => {
                write!(f, "no agreement on TLS with the server: {reason}")
            }
            TlsError::NotTls => f.write_str("what the server sent is not TLS"),
            TlsError::NotTlsBehind220 => {
                f.write_str("what the server sent after its 220 to STARTTLS is not TLS")
            }
            TlsError::BrokenOff => f.write_str("connection closed in the middle of the TLS handshake"),
            TlsError::Alert(reason) => write!(f, "the peer ended TLS: {reason}"),
            TlsError::Protocol(reason) => write!(f, "TLS failed: {reason}"),
            TlsError::NotBuiltIn(backend) => write!(f, "this build has no TLS by {backend}"),
            TlsError::Backend(reason) => write!(f, "TLS cannot be set up: {reason}"),
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Disagreement::Alert(alert) => write!(f, "it says {alert}"),
            Disagreement::TooOld => f.write_str("its version is older than 1.2"),
            Disagreement::OlderThanDemanded => f.write_str("its version is older than the one demanded"),
            Disagreement::Backend(reason) => f.write_str(reason),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::Misbehaved(what) => write!(f, "the server broke the TLS protocol ({what})"),
            Breach::Malformed(what) => write!(f, "the server's message is malformed ({what})"),
            Breach::Backend(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for CaFault {}

impl fmt::Display for CaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CaFault::Unreadable(why) => why.fmt(f),
            CaFault::Empty => {
                f.write_str("no certificate in it (they begin with -----BEGIN CERTIFICATE-----)")
            }
            CaFault::Malformed => f.write_str("a certificate in it is malformed"),
        }
    }
}

impl std::error::Error for IdentityFault {}

impl fmt::Display for IdentityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdentityFault::Unreadable(why) => why.fmt(f),
            IdentityFault::NoCertificate => {
                f.write_str("no certificate in it (they begin with -----BEGIN CERTIFICATE-----)")
            }
            IdentityFault::MalformedCertificate => f.write_str("a certificate in it is malformed"),
            IdentityFault::KeyMissing => f.write_str("the certificate has no key"),
            IdentityFault::NoKey => {
                f.write_str("no private key in it (they begin with -----BEGIN PRIVATE KEY-----)")
            }
            IdentityFault::MalformedKey => {
                f.write_str("the private key in it is malformed, or of an unknown kind")
            }
            IdentityFault::Encrypted => f.write_str("the private key in it is encrypted"),
            IdentityFault::NotPkcs8 => f.write_str("native-tls takes private keys in PKCS#8 only"),
            IdentityFault::Mismatch => {
                f.write_str("the private key in it does not belong to the certificate")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_certificate_is_a_matter_of_trust() {
        assert!(TlsError::Certificate(Fault::UnknownIssuer, None).is_trust());
        assert!(TlsError::NoRoots.is_trust());
        for error in [TlsError::NotTls, TlsError::BrokenOff, TlsError::Alert(Alert::HandshakeFailure)] {
            assert!(!error.is_trust(), "{error}");
        }
        assert!(TlsError::Alert(Alert::CertificateRequired).is_trust(), "ours");
        assert!(!TlsError::Alert(Alert::named("no renegotiation")).is_trust());
    }

    #[test]
    fn what_is_said_of_a_certificate_is_short_and_plain() {
        let error = TlsError::Certificate(Fault::Expired(None), None);
        assert_eq!(error.to_string(), "certificate not trusted: it has expired");
    }
}
