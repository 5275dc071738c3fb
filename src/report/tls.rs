//! Which certificate it was, and what would help, when TLS failed.
//!
//! Whoever is asked to accept a certificate may be looking at somebody in between: no hint to accept one goes without
//! the operator's word.

use crate::net::tls::{Backend, Certificate, MinVersion};
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
        TlsError::Alert(alert) if alert == "certificate required" => Some(NAME_ONE.to_owned()),
        TlsError::Alert(_) if error.is_trust() => {
            Some("so it does not accept who we are: see --client-cert".to_owned())
        }
        TlsError::NotAgreed { backend, min_version, .. } => Some(spoken(*backend, *min_version)),
        _ => None,
    }
}

const NAME_ONE: &str = "name yours by --client-cert";

fn which(fault: &Fault, certificate: &Certificate) -> String {
    match (fault, &certificate.contents) {
        // The names stand in the error.
        (Fault::WrongName { .. }, _) => certificate.in_a_line(false),
        (Fault::NotPinned, Some(contents)) => {
            format!("{}, its key sha256:{}", certificate.in_a_line(true), contents.key.sha256)
        }
        _ => certificate.in_a_line(true),
    }
}

fn way_out(fault: &Fault) -> Option<&'static str> {
    match fault {
        Fault::UnknownIssuer => Some(
            "to accept it, name its issuer by --ca-file, or --pin its sha256 once the server's operator has confirmed it",
        ),
        Fault::SelfSigned => Some(
            "to accept it, --pin its sha256 or name it by --ca-file, once the server's operator has confirmed it",
        ),
        Fault::WrongName { .. } => {
            Some("use a name that it is for, or say by --tls-name which one it must bear")
        }
        Fault::Expired(_) | Fault::NotYetValid(_) => Some(
            "is this host's clock right? to accept it, --pin its sha256 once the server's operator has confirmed it",
        ),
        Fault::NotPinned => Some(
            "somebody may be in between, or it was changed: --pin it only if the server's operator confirms that",
        ),
        Fault::Other(_) => Some("to accept it, --pin its sha256 once the server's operator has confirmed it"),
        _ => None,
    }
}

fn spoken(backend: Backend, min_version: MinVersion) -> String {
    let versions = match min_version {
        MinVersion::Tls12 => "TLS 1.2 and 1.3",
        MinVersion::Tls13 => "TLS 1.3 alone (--tls-min)",
    };
    match backend {
        Backend::Rustls if Backend::Native.is_built_in() => {
            format!("this end speaks {versions}; --tls-backend native has older ciphers, too")
        }
        Backend::Rustls => format!(
            "this end speaks {versions}; built with --features native-tls, --tls-backend native has older ciphers, too"
        ),
        Backend::Native => format!("this end speaks {versions}"),
    }
}
