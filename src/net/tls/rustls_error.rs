//! What rustls' errors mean. Of alerts and of webpki's errors only the names can be had: they are read here
//! and nowhere else.

use std::net::IpAddr;
use std::time::Duration;

use ::rustls::pki_types::{CertificateDer, UnixTime};
use ::rustls::{CertificateError, InvalidMessage, PeerIncompatible};

use super::certificate::Contents;
use super::{Alert, Backend, Breach, Certificate, Disagreement, Fault, MinVersion, OtherFault, TlsError};

/// Whose fault an error of rustls is.
pub(super) fn error_of(error: &::rustls::Error, handshaking: bool) -> TlsError {
    use ::rustls::Error::{
        AlertReceived, InvalidCertificate, InvalidMessage as Invalid, PeerIncompatible as Incompatible,
        PeerMisbehaved,
    };
    match error {
        InvalidCertificate(_) => TlsError::Certificate(fault_of(error), None),
        Incompatible(what) => TlsError::NotAgreed {
            reason: match what {
                PeerIncompatible::ServerDoesNotSupportTls12Or13 => Disagreement::TooOld,
                PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => Disagreement::OlderThanDemanded,
                what => Disagreement::Backend(in_words(&format!("{what:?}"))),
            },
            backend: Backend::Rustls,
            min_version: MinVersion::default(),
        },
        AlertReceived(alert) => TlsError::Alert(Alert::named(&in_words(&format!("{alert:?}")))),
        // rustls takes a line of text for the head of a record: its first letter for a type, the next two for
        // a version.
        Invalid(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion)
            if handshaking =>
        {
            TlsError::NotTls
        }
        PeerMisbehaved(what) => TlsError::Protocol(Breach::Misbehaved(in_words(&format!("{what:?}")))),
        Invalid(what) => TlsError::Protocol(Breach::Malformed(in_words(&format!("{what:?}")))),
        error => TlsError::Protocol(Breach::Backend(error.to_string())),
    }
}

/// What rustls' error says of the certificate.
pub(super) fn fault_of(error: &::rustls::Error) -> Fault {
    let other = |reason: &dyn ToString| OtherFault::Backend(reason.to_string());
    let ::rustls::Error::InvalidCertificate(error) = error else { return Fault::Other(other(error)) };
    Fault::Other(match error {
        CertificateError::UnknownIssuer => return Fault::UnknownIssuer,
        CertificateError::NotValidForNameContext { expected, presented } => {
            return Fault::WrongName {
                expected: expected.to_str().into_owned(),
                presented: presented.iter().map(|name| bare(name)).collect(),
            };
        }
        CertificateError::Expired => return Fault::Expired(None),
        CertificateError::ExpiredContext { time, not_after } => {
            return Fault::Expired(since(time).checked_sub(since(not_after)));
        }
        CertificateError::NotValidYet => return Fault::NotYetValid(None),
        CertificateError::NotValidYetContext { time, not_before } => {
            return Fault::NotYetValid(since(not_before).checked_sub(since(time)));
        }
        CertificateError::NotValidForName => OtherFault::Name,
        CertificateError::BadSignature => OtherFault::Signature,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            OtherFault::Purpose
        }
        CertificateError::BadEncoding => OtherFault::Malformed,
        // webpki's own errors have no type that could be asked: their names are all there is.
        CertificateError::Other(error) => match format!("{:?}", error.0).as_str() {
            "EndEntityUsedAsCa" => OtherFault::IssuerNoAuthority,
            "UnsupportedCriticalExtension" => OtherFault::CriticalExtension,
            name => OtherFault::Backend(in_words(name)),
        },
        error => other(error),
    })
}

/// As [`fault_of`], and told apart where it is not the server's own certificate that is out of date, but one
/// between it and its authority.
pub(super) fn fault_in_chain(
    error: &::rustls::Error,
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> Fault {
    out_of_time(error, leaf, intermediates).unwrap_or_else(|| fault_of(error))
}

fn out_of_time(
    error: &::rustls::Error,
    leaf: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> Option<Fault> {
    let ::rustls::Error::InvalidCertificate(error) = error else { return None };
    let is_it = |contents: &Contents| match error {
        CertificateError::ExpiredContext { not_after, .. } => contents.not_after.0 == not_after.as_secs(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            contents.not_before.0 == not_before.as_secs()
        }
        _ => false,
    };
    if Certificate::read(leaf).contents.as_ref().is_some_and(is_it) {
        return None;
    }
    let found = intermediates.iter().find_map(|der| Certificate::read(der).contents.filter(is_it))?;
    let Contents { subject, not_before, not_after, .. } = found;
    Some(Fault::Other(OtherFault::IntermediateOutOfDate { subject, not_before, not_after }))
}

/// webpki's `CaUsedAsEndEntity`, which has no variant of its own in rustls.
pub(super) fn is_authority(error: &CertificateError) -> bool {
    matches!(error, CertificateError::Other(other) if format!("{:?}", other.0) == "CaUsedAsEndEntity")
}

/// The time since 1970.
fn since(time: &UnixTime) -> Duration {
    Duration::from_secs(time.as_secs())
}

/// webpki tells names as `DnsName("a.example")` and `IpAddress(0::1)`.
fn bare(name: &str) -> String {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    let inside = inside.trim_matches('"');
    inside.parse::<IpAddr>().map_or_else(|_| inside.to_owned(), |ip| ip.to_string())
}

/// `HandshakeFailure` in the words of RFC 8446: `handshake failure`.
fn in_words(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
        before = letter;
    }
    words
}
