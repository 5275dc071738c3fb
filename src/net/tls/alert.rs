//! The fatal alerts by which the other side ends TLS (RFC 8446, section 6.2), as far as something depends on
//! them.
//!
//! The backends tell an alert by its name. It is read here, once; whoever decides something by an alert has
//! the type.

use std::fmt;

/// Why the other side ended TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Alert {
    /// Nothing that both sides speak.
    HandshakeFailure,
    /// No version that both sides speak.
    ProtocolVersion,
    /// Stronger ciphers are demanded.
    InsufficientSecurity,
    /// The certificate of the side that hears this is corrupt.
    BadCertificate,
    /// It is of a kind that cannot be used.
    UnsupportedCertificate,
    /// Its issuer has revoked it.
    CertificateRevoked,
    /// It has expired.
    CertificateExpired,
    /// It is not accepted, for another reason.
    CertificateUnknown,
    /// Its issuer is not trusted.
    UnknownCa,
    /// It is good, but its owner is not let in.
    AccessDenied,
    /// There is none, and one is demanded.
    CertificateRequired,
    /// Another one: its name, as the backend tells it.
    Other(String),
}

/// All that have a variant of their own, with the names of RFC 8446 in words.
const NAMES: [(Alert, &str); 11] = [
    (Alert::HandshakeFailure, "handshake failure"),
    (Alert::ProtocolVersion, "protocol version"),
    (Alert::InsufficientSecurity, "insufficient security"),
    (Alert::BadCertificate, "bad certificate"),
    (Alert::UnsupportedCertificate, "unsupported certificate"),
    (Alert::CertificateRevoked, "certificate revoked"),
    (Alert::CertificateExpired, "certificate expired"),
    (Alert::CertificateUnknown, "certificate unknown"),
    (Alert::UnknownCa, "unknown ca"),
    (Alert::AccessDenied, "access denied"),
    (Alert::CertificateRequired, "certificate required"),
];

impl Alert {
    /// The alert of this name, in small letters with blanks.
    #[cfg_attr(not(any(feature = "rustls", feature = "native-tls")), allow(dead_code))]
    pub(super) fn named(name: &str) -> Alert {
        let known = NAMES.into_iter().find(|(_, known)| *known == name);
        known.map_or_else(|| Alert::Other(name.to_owned()), |(alert, _)| alert)
    }

    /// Whether it says that the two sides speak nothing in common.
    pub(super) fn is_disagreement(&self) -> bool {
        matches!(self, Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity)
    }

    /// Whether it is about the certificate of the side that hears it.
    pub(super) fn is_about_our_certificate(&self) -> bool {
        !self.is_disagreement() && !matches!(self, Alert::Other(_))
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Alert::Other(name) => f.write_str(name),
            alert => f.write_str(NAMES.iter().find(|(known, _)| known == alert).map_or("", |(_, name)| name)),
        }
    }
}
