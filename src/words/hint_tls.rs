//! Which certificate it was, and what would help, when TLS failed.
//!
//! Whoever is asked to accept a certificate may be looking at somebody in between: no hint to accept one goes
//! without the operator's word.

use crate::net::tls::{Alert, Backend, Certificate, Disagreement, MinVersion, OtherFault};
use crate::net::{Fault, TlsError};

/// What the error itself does not say; none where it says it all.
pub(super) fn hint(error: &TlsError) -> Option<String> {
    match error {
        TlsError::Certificate(fault, certificate) => {
            let which = certificate.as_deref().map(|certificate| which(fault, certificate));
            match (which, way_out(fault)) {
                (Some(which), Some(way_out)) => Some(format!("{which}; {way_out}")),
                (which, way_out) => which.or(way_out.map(str::to_owned)),
            }
        }
        TlsError::CertificateWanted(_) => Some(NAME_ONE.to_owned()),
        TlsError::Alert(Alert::CertificateRequired) => Some(NAME_ONE.to_owned()),
        TlsError::Alert(_) if error.is_trust() => {
            Some("the server does not accept our identity: see --client-cert".to_owned())
        }
        // native-tls does not tell whether the server asked for a certificate.
        TlsError::NotAgreed {
            backend: backend @ Backend::Native,
            min_version,
            reason: Disagreement::Alert(Alert::HandshakeFailure),
        } => {
            let spoken = spoken(*backend, *min_version);
            Some(format!("{spoken}; the server may also require a client certificate (--client-cert)"))
        }
        TlsError::NotAgreed { backend, min_version, .. } => Some(spoken(*backend, *min_version)),
        _ => None,
    }
}

const NAME_ONE: &str = "name yours with --client-cert";

fn which(fault: &Fault, certificate: &Certificate) -> String {
    match (fault, &certificate.contents) {
        // The names stand in the error.
        (Fault::WrongName { .. }, _) => certificate.in_a_line(false),
        (Fault::NotPinned | Fault::NoTlsaMatch, Some(contents)) => {
            format!("{}, its key sha256:{}", certificate.in_a_line(true), contents.key.sha256)
        }
        _ => certificate.in_a_line(true),
    }
}

fn way_out(fault: &Fault) -> Option<&'static str> {
    match fault {
        Fault::UnknownIssuer => Some(
            "to accept it, name its issuer with --ca-file, or --pin its sha256 once the server's operator \
             has confirmed it",
        ),
        Fault::SelfSigned => Some(
            "to accept it, --pin its sha256 or name it with --ca-file, once the server's operator has \
             confirmed it",
        ),
        Fault::WrongName { .. } => {
            Some("connect by a name that it is valid for, or give that name with --tls-name")
        }
        Fault::Expired(_) | Fault::NotYetValid(_) => Some(
            "check this host's clock; to accept it, --pin its sha256 once the server's operator has \
             confirmed it",
        ),
        Fault::NotPinned => Some(
            "it was replaced, or someone is intercepting the connection: --pin it only if the server's \
             operator confirms it",
        ),
        Fault::NoTlsaMatch => Some(
            "its operator has replaced it without publishing new TLSA records, or someone is intercepting the \
             connection",
        ),
        Fault::Other(OtherFault::TlsaAuthority) => Some("use --tls-backend rustls"),
        Fault::Other(_) => Some("to accept it, --pin its sha256 once the server's operator has confirmed it"),
        _ => None,
    }
}

fn spoken(backend: Backend, min_version: MinVersion) -> String {
    let versions = match min_version {
        MinVersion::Tls12 => "TLS 1.2 and 1.3",
        MinVersion::Tls13 => "TLS 1.3 only (--tls-min)",
    };
    match backend {
        Backend::Rustls if Backend::Native.is_built_in() => {
            format!("this end speaks {versions}; --tls-backend native also has older ciphers")
        }
        Backend::Rustls => format!(
            "this end speaks {versions}; built with --features native-tls, --tls-backend native also has \
             older ciphers"
        ),
        Backend::Native => format!("this end speaks {versions}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::tls::Sha256;
    use crate::net::tls::certificate::{Contents, Moment, PublicKey};
    use std::time::Duration;

    fn certificate() -> Certificate {
        let key = PublicKey { algorithm: "RSA".to_owned(), bits: Some(2048), sha256: Sha256([0xcd; 32]) };
        let contents = Contents {
            subject: "CN=mail.example.org".to_owned(),
            issuer: "CN=some authority".to_owned(),
            self_issued: false,
            names: vec!["mail.example.org".to_owned(), "*.example.org".to_owned()],
            not_before: Moment(1_735_689_600),
            not_after: Moment(1_767_225_600),
            key,
            hash: None,
        };
        Certificate { sha256: Sha256([0xab; 32]), contents: Some(contents) }
    }

    #[test]
    fn every_fault_says_which_certificate_and_what_would_accept_it() {
        let (ab, cd) = ("ab".repeat(32), "cd".repeat(32));
        let valid = format!("valid 2025-01-01 to 2026-01-01, sha256:{ab}");
        let which = format!(
            "CN=mail.example.org, issued by CN=some authority, for mail.example.org, *.example.org, {valid}"
        );
        let confirmed = "--pin its sha256 once the server's operator has confirmed it";
        let name = Fault::WrongName { expected: "a".to_owned(), presented: vec!["b".to_owned()] };
        for (fault, expected) in [
            (
                Fault::UnknownIssuer,
                format!("{which}; to accept it, name its issuer with --ca-file, or {confirmed}"),
            ),
            (
                name,
                format!(
                    "CN=mail.example.org, issued by CN=some authority, {valid}; connect by a name that it \
                     is valid for, or give that name with --tls-name"
                ),
            ),
            (
                Fault::Expired(Some(Duration::from_secs(1))),
                format!("{which}; check this host's clock; to accept it, {confirmed}"),
            ),
            (
                Fault::NotYetValid(None),
                format!("{which}; check this host's clock; to accept it, {confirmed}"),
            ),
            (
                Fault::NotPinned,
                format!(
                    "{which}, its key sha256:{cd}; it was replaced, or someone is intercepting the \
                     connection: --pin it only if the server's operator confirms it"
                ),
            ),
            (
                Fault::NoTlsaMatch,
                format!(
                    "{which}, its key sha256:{cd}; its operator has replaced it without publishing new TLSA \
                     records, or someone is intercepting the connection"
                ),
            ),
            (Fault::Other(OtherFault::TlsaAuthority), format!("{which}; use --tls-backend rustls")),
            (Fault::Other(OtherFault::Malformed), format!("{which}; to accept it, {confirmed}")),
        ] {
            let error = TlsError::Certificate(fault, Some(Box::new(certificate())));
            assert_eq!(hint(&error).unwrap(), expected, "{error}");
        }
    }

    #[test]
    fn what_the_backend_does_not_tell_is_left_out() {
        let unread = Certificate { sha256: Sha256([0xab; 32]), contents: None };
        let error = TlsError::Certificate(Fault::SelfSigned, Some(Box::new(unread)));
        assert!(hint(&error).unwrap().starts_with(&format!("sha256:{}; to accept it", "ab".repeat(32))));
        let error = TlsError::Certificate(Fault::SelfSigned, None);
        assert!(hint(&error).unwrap().starts_with("to accept it, --pin its sha256"));
    }
}
