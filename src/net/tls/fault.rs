//! What is wrong with a certificate (RFC 5280, section 6; names: RFC 9525).

use std::fmt;
use std::time::Duration;

use super::certificate::{self, Moment};

/// What is wrong with a certificate.
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
    /// It has expired: how long ago, where the backend tells.
    Expired(Option<Duration>),
    /// It is not valid yet: how long until it is, where the backend tells.
    NotYetValid(Option<Duration>),
    /// It is none of those that were pinned.
    NotPinned,
    /// It is none of those that the server's TLSA records name, and none of the authorities that they name
    /// vouches for it.
    NoTlsaMatch,
    /// The server did not prove that it has the certificate's key: anybody can show a certificate.
    NotItsKey,
    /// The backend cannot look at a certificate that it does not demand.
    NotChecked,
    /// Something rarer.
    Other(OtherFault),
}

/// What else can be wrong with a certificate, or keeps it from being checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherFault {
    /// This system trusts no certificates.
    NoRoots,
    /// The server has no name that a certificate could be checked against.
    NoName,
    /// It is for another name; the backend does not tell which.
    Name,
    /// A certificate between it and its authority is out of date.
    IntermediateOutOfDate {
        /// Its subject.
        subject: String,
        /// From when it is valid.
        not_before: Moment,
        /// Until when it is valid.
        not_after: Moment,
    },
    /// Its signature, or one above it, was not made by the issuer.
    Signature,
    /// It, or its issuer, is not for servers.
    Purpose,
    /// The server's TLSA records name authorities, and the backend does not show those.
    TlsaAuthority,
    /// It cannot be read.
    Malformed,
    /// Its issuer is not allowed to issue certificates.
    IssuerNoAuthority,
    /// It holds a critical extension that is unknown here.
    CriticalExtension,
    /// Another reason, in the backend's words.
    Backend(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::UnknownIssuer => f.write_str("its issuer is unknown"),
            Fault::SelfSigned => f.write_str("it is self-signed"),
            Fault::WrongName { expected, presented } if presented.is_empty() => {
                write!(f, "it is not valid for {expected}")
            }
            Fault::WrongName { expected, presented } => {
                write!(f, "it is valid for {}, not for {expected}", certificate::few(presented))
            }
            Fault::Expired(None) => f.write_str("it has expired"),
            Fault::Expired(Some(ago)) => write!(f, "it expired {} ago", Span(*ago)),
            Fault::NotYetValid(None) => f.write_str("it is not yet valid"),
            Fault::NotYetValid(Some(until)) => write!(f, "it is not valid for another {}", Span(*until)),
            Fault::NotPinned => f.write_str("it does not match the pin"),
            Fault::NoTlsaMatch => f.write_str("it does not match the server's TLSA records"),
            Fault::NotItsKey => f.write_str("the server did not prove that it holds the certificate's key"),
            Fault::NotChecked => f.write_str("not checked by this backend"),
            Fault::Other(fault) => fault.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for OtherFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OtherFault::NoRoots => "no trusted certificates found on this system",
            OtherFault::NoName => "the server has no name to check it against",
            OtherFault::Name => "it is valid for another name",
            OtherFault::IntermediateOutOfDate { subject, not_before, not_after } => {
                return write!(
                    f,
                    "a certificate in its chain is out of date: {}, valid {not_before} to {not_after}",
                    certificate::short(subject)
                );
            }
            OtherFault::Signature => "a signature in its chain is wrong",
            OtherFault::Purpose => "it or its issuer is not meant for servers",
            OtherFault::TlsaAuthority => "this backend cannot check it against TLSA records with usage 2",
            OtherFault::Malformed => "it is malformed",
            OtherFault::IssuerNoAuthority => "its issuer is not a certificate authority",
            OtherFault::CriticalExtension => "it contains an unknown critical extension",
            OtherFault::Backend(reason) => reason,
        })
    }
}

impl std::error::Error for OtherFault {}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_in_a_few_words() {
        let names = vec!["a.example".to_owned(), "b.example".to_owned()];
        let fault = Fault::WrongName { expected: "c.example".to_owned(), presented: names };
        assert_eq!(fault.to_string(), "it is valid for a.example, b.example, not for c.example");
        let ago = Fault::Expired(Some(Duration::from_secs(86_400 * 12 + 5)));
        assert_eq!(ago.to_string(), "it expired 12 days ago");
        let soon = Fault::NotYetValid(Some(Duration::from_secs(60)));
        assert_eq!(soon.to_string(), "it is not valid for another 1 minute");
    }
}
