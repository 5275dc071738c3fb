//! What can go wrong on a connection, by whose fault.
//!
//! Three questions are answered by the type: was it the network, the clock or a signal ([`Error`]); was it the
//! handshake or the certificate ([`TlsError`], [`TlsError::is_trust`]); and what is wrong with the certificate
//! ([`Fault`]). The exit statuses are made of these in `report`.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::tls::{Backend, Certificate, MinVersion, certificate};

/// Why a connection could not be read from, written to or made secure.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The system's own error: connection reset, broken pipe.
    Io(io::Error),
    /// The deadline passed first.
    Timeout,
    /// A signal came (see [`interrupt`](super::interrupt)).
    Interrupted,
    /// The connection ended inside TLS without `close_notify`: what was read may not be all (RFC 8446, section 6.1).
    Truncated,
    /// TLS itself.
    Tls(TlsError),
}

impl Error {
    /// Whether the peer has ended the connection, in whatever way.
    pub fn is_closed(&self) -> bool {
        match self {
            Error::Truncated => true,
            Error::Tls(error) => matches!(error, TlsError::BrokenOff),
            Error::Io(error) => is_closed(error.kind()),
            Error::Timeout | Error::Interrupted => false,
        }
    }
}

/// Whether an error of the system says that the peer is gone.
pub(super) fn is_closed(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof)
}

/// Why a connection could not be made secure, or stopped being so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsError {
    /// The certificate, or the proof that the server has its key, is not to be trusted; the certificate, where the
    /// backend tells it.
    Certificate(Fault, Option<Box<Certificate>>),
    /// The server's name cannot stand in a certificate, so that none could be checked against it.
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
    /// The server asked for a certificate of ours, there was none, and it broke off: its reason.
    CertificateWanted(String),
    /// The two sides did not find a version of TLS and a cipher that suit both.
    NotAgreed {
        /// How that showed.
        reason: String,
        /// Who spoke for us.
        backend: Backend,
        /// The oldest version that was offered.
        min_version: MinVersion,
    },
    /// What came is not TLS: a server that speaks in clear, or another service.
    NotTls,
    /// The same where the server had agreed to STARTTLS, and so knows of TLS.
    NotTlsBehind220,
    /// The connection was closed in the middle of the handshake.
    BrokenOff,
    /// The peer sent a fatal alert: its reason, in its protocol's words (RFC 8446, section 6.2).
    Alert(String),
    /// Anything else on which the two sides could not agree.
    Protocol(String),
    /// The backend asked for was left out when the program was built.
    NotBuiltIn(Backend),
    /// The backend refused its settings, or has no random numbers.
    Backend(String),
}

impl TlsError {
    /// Whether trust was refused (exit status 77), rather than the handshake broken off (75).
    pub fn is_trust(&self) -> bool {
        match self {
            TlsError::Certificate(..)
            | TlsError::Name(_)
            | TlsError::NoRoots
            | TlsError::CertificateWanted(_) => true,
            TlsError::Alert(alert) => is_of_our_certificate(alert),
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

/// Whether an alert is about the certificate of the side that hears it (RFC 8446, section 6.2).
fn is_of_our_certificate(alert: &str) -> bool {
    const ALERTS: [&str; 8] = [
        "certificate required",
        "bad certificate",
        "unsupported certificate",
        "certificate revoked",
        "certificate expired",
        "certificate unknown",
        "unknown ca",
        "access denied",
    ];
    ALERTS.contains(&alert)
}

/// Why a file cannot be read: the system's number for it.
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
    /// There is no key beside the certificate, and no other file was named for it.
    KeyMissing,
    /// There is no key in the file that was named for it.
    NoKey,
    /// What is in it is not a key, or not of a kind that is known.
    MalformedKey,
    /// The key needs a passphrase.
    Encrypted,
    /// The backend takes keys in PKCS#8 only.
    NotPkcs8,
    /// The key is of another certificate.
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

/// What is wrong with a certificate (RFC 5280, section 6; names: RFC 9525).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No trusted certificate vouches for it, or one between is missing.
    UnknownIssuer,
    /// It vouches for itself, and is not among the trusted ones.
    SelfSigned,
    /// It is for other names.
    WrongName {
        /// The name asked for.
        expected: String,
        /// The names in the certificate, where the backend tells them.
        presented: Vec<String>,
    },
    /// Its time is over: for how long, where the backend tells.
    Expired(Option<Duration>),
    /// Its time has not come: how long until then, where the backend tells.
    NotYetValid(Option<Duration>),
    /// It is none of those that were pinned.
    NotPinned,
    /// The server did not prove that it has the certificate's key: anybody can show a certificate.
    NotItsKey,
    /// The backend cannot look at a certificate that it does not demand.
    NotChecked,
    /// Another reason, in the backend's words.
    Other(String),
}

impl Error {
    /// The same, of a handshake that STARTTLS began: there a server that begins in clear needs no advice.
    #[must_use]
    pub fn behind_220(self) -> Error {
        match self {
            Error::Tls(TlsError::NotTls) => Error::Tls(TlsError::NotTlsBehind220),
            error => error,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Error {
        Error::Tls(error)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(error) => Some(error),
            Error::Tls(error) => Some(error),
            Error::Timeout | Error::Interrupted | Error::Truncated => None,
        }
    }
}

impl std::error::Error for TlsError {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io(error) => f.write_str(&plain(error)),
            Error::Timeout => f.write_str("timed out"),
            Error::Interrupted => f.write_str("interrupted by a signal"),
            Error::Truncated => f.write_str("connection closed without TLS's close_notify"),
            Error::Tls(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsError::Certificate(fault, _) => write!(f, "certificate not trusted: {fault}"),
            TlsError::Name(name) => write!(f, "'{name}' is not a name that a certificate can hold"),
            TlsError::NoRoots => {
                f.write_str("no trusted certificates found on this system: name a file of them")
            }
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
            TlsError::NotTls => f.write_str(
                "what the server sends is not TLS: a server that begins in clear wants --tls starttls",
            ),
            TlsError::NotTlsBehind220 => {
                f.write_str("what the server sent behind its 220 to STARTTLS is not TLS")
            }
            TlsError::BrokenOff => f.write_str("connection closed in the middle of the TLS handshake"),
            TlsError::Alert(reason) => write!(f, "the peer ended TLS: {reason}"),
            TlsError::Protocol(reason) => write!(f, "TLS failed: {reason}"),
            TlsError::NotBuiltIn(backend) => {
                write!(f, "TLS by {backend} is not in this program: build it with --features {backend}")
            }
            TlsError::Backend(reason) => write!(f, "TLS cannot be set up: {reason}"),
        }
    }
}

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

impl fmt::Display for IdentityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdentityFault::Unreadable(why) => why.fmt(f),
            IdentityFault::NoCertificate => {
                f.write_str("no certificate in it (they begin with -----BEGIN CERTIFICATE-----)")
            }
            IdentityFault::MalformedCertificate => f.write_str("a certificate in it is malformed"),
            IdentityFault::KeyMissing => {
                f.write_str("no key beside the certificate: name its file with --client-key")
            }
            IdentityFault::NoKey => {
                f.write_str("no private key in it (they begin with -----BEGIN PRIVATE KEY-----)")
            }
            IdentityFault::MalformedKey => f.write_str("the private key in it is malformed, or of an unknown kind"),
            IdentityFault::Encrypted => f.write_str(
                "the private key in it is encrypted: decrypt it into a file that only you can read, with openssl pkey",
            ),
            IdentityFault::NotPkcs8 => f.write_str(
                "native-tls takes private keys in PKCS#8 only: convert this one with openssl pkcs8 -topk8 -nocrypt",
            ),
            IdentityFault::Mismatch => f.write_str("the private key in it is not the certificate's"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::UnknownIssuer => f.write_str("its issuer is unknown"),
            Fault::SelfSigned => f.write_str("it is self-signed"),
            Fault::WrongName { expected, presented } if presented.is_empty() => {
                write!(f, "it is not for {expected}")
            }
            Fault::WrongName { expected, presented } => {
                write!(f, "it is for {}, not for {expected}", certificate::few(presented))
            }
            Fault::Expired(None) => f.write_str("it has expired"),
            Fault::Expired(Some(ago)) => write!(f, "it expired {} ago", Span(*ago)),
            Fault::NotYetValid(None) => f.write_str("it is not yet valid"),
            Fault::NotYetValid(Some(until)) => write!(f, "it is not valid for another {}", Span(*until)),
            Fault::NotPinned => f.write_str("it is not the one that is pinned"),
            Fault::NotItsKey => f.write_str("the server does not prove that it has its key"),
            Fault::NotChecked => f.write_str("not checked by this backend"),
            Fault::Other(reason) => f.write_str(reason),
        }
    }
}

/// A time in the largest unit that fits: what is wrong with a clock or a certificate shows at that size.
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (count, unit) = match seconds {
            0..60 => (seconds, "second"),
            60..3_600 => (seconds / 60, "minute"),
            3_600..86_400 => (seconds / 3_600, "hour"),
            _ => (seconds / 86_400, "day"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// An error of the system without its number and its capital letter.
#[must_use]
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "unknown error".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_short_and_plain() {
        let refused = Error::Io(io::Error::from_raw_os_error(111));
        #[cfg(target_os = "linux")]
        assert_eq!(refused.to_string(), "connection refused");
        assert!(!refused.is_closed());
        let names = vec!["a.example".to_owned(), "b.example".to_owned()];
        let fault = Fault::WrongName { expected: "c.example".to_owned(), presented: names };
        assert_eq!(
            TlsError::Certificate(fault, None).to_string(),
            "certificate not trusted: it is for a.example, b.example, not for c.example"
        );
        let ago = Fault::Expired(Some(Duration::from_secs(86_400 * 12 + 5)));
        assert_eq!(ago.to_string(), "it expired 12 days ago");
        let soon = Fault::NotYetValid(Some(Duration::from_secs(60)));
        assert_eq!(soon.to_string(), "it is not valid for another 1 minute");
    }

    #[test]
    fn only_a_certificate_is_a_matter_of_trust() {
        assert!(TlsError::Certificate(Fault::UnknownIssuer, None).is_trust());
        assert!(TlsError::NoRoots.is_trust());
        for error in [TlsError::NotTls, TlsError::BrokenOff, TlsError::Alert("handshake_failure".to_owned())]
        {
            assert!(!error.is_trust(), "{error}");
        }
        assert!(TlsError::Alert("certificate required".to_owned()).is_trust(), "ours");
    }
}
