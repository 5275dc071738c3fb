//! What a session's failure is called in a report (RFC 8460, section 4.3).

use crate::client::Error;
use crate::https::HttpsError;
use crate::net::Error as NetError;
use crate::net::tls::{Fault, OtherFault, TlsError};
use crate::route::mta_sts::{FetchError, Remark};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::Expect;
use ehlo_smtp::failure::{EhloNeed, Failure};
use ehlo_smtp::violation::Violation;
use serde::{Deserialize, Serialize};

/// A result type, as far as this program finds such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultType {
    /// STARTTLS is not offered.
    StarttlsNotSupported,
    /// The certificate is for another name.
    CertificateHostMismatch,
    /// A certificate has expired, or is not yet valid.
    CertificateExpired,
    /// The certificate's issuer is unknown.
    CertificateNotTrusted,
    /// Anything else.
    ValidationFailure,
    /// None of the TLSA records can be used.
    TlsaInvalid,
    /// Whether there are TLSA records is not known.
    DnssecInvalid,
    /// The MTA-STS policy cannot be fetched.
    StsPolicyFetchError,
    /// What was fetched is no policy, or its record names none.
    StsPolicyInvalid,
    /// The certificate of the policy's host is not trusted.
    StsWebpkiInvalid,
}

/// What became of TLS in a session that ended with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It did not come to TLS, or what went wrong lies with us.
    Before,
    /// In it.
    In(ResultType),
    /// After it: that is none of TLS's business.
    After,
}

impl ResultType {
    /// Of what is wrong with a certificate.
    pub(super) fn of_fault(fault: &Fault) -> ResultType {
        match fault {
            Fault::WrongName { .. } | Fault::Other(OtherFault::Name | OtherFault::NoName) => {
                ResultType::CertificateHostMismatch
            }
            Fault::Expired(_)
            | Fault::NotYetValid(_)
            | Fault::Other(OtherFault::IntermediateOutOfDate { .. }) => ResultType::CertificateExpired,
            Fault::UnknownIssuer | Fault::SelfSigned | Fault::Other(OtherFault::IssuerNoAuthority) => {
                ResultType::CertificateNotTrusted
            }
            _ => ResultType::ValidationFailure,
        }
    }

    /// Of what was wrong with a domain's policy; nothing if that says nothing of the domain.
    pub(super) fn of_remark(remark: &Remark) -> Option<ResultType> {
        match remark {
            Remark::Fetch(error) if !error.is_of_the_domain() => None,
            Remark::Fetch(FetchError::Https(HttpsError::Handshake(NetError::Tls(error)))) => match error {
                TlsError::NoRoots => None,
                error if error.is_local() => None,
                error if error.is_trust() => Some(ResultType::StsWebpkiInvalid),
                _ => Some(ResultType::StsPolicyFetchError),
            },
            Remark::Fetch(_) => Some(ResultType::StsPolicyFetchError),
            Remark::Policy(_) | Remark::Record(_) => Some(ResultType::StsPolicyInvalid),
            _ => None,
        }
    }
}

/// What became of TLS in a session that ended like this, and in which there was TLS in the end or not.
pub(super) fn ended(error: &Error, had_tls: bool) -> Ended {
    match error {
        _ if had_tls => Ended::After,
        Error::Network { error: NetError::Tls(error), .. } => of_tls(error),
        Error::Network { error: NetError::Interrupted, .. } => Ended::Before,
        Error::Network { awaiting: Some(awaiting), .. } => at(awaiting),
        Error::Session { failure, awaiting, .. } => match failure {
            Failure::TlsNotOffered
            | Failure::TlsGone
            | Failure::EhloRefused { lack: EhloNeed::StartTls, .. } => {
                Ended::In(ResultType::StarttlsNotSupported)
            }
            Failure::Violation(Violation::InjectedBeforeTls) => Ended::In(ResultType::ValidationFailure),
            Failure::Refused { awaiting: Some(awaiting), .. }
            | Failure::HungUp { awaiting: Some(awaiting) } => at(&Awaiting::Reply(*awaiting)),
            _ => awaiting.as_ref().map_or(Ended::Before, at),
        },
        // The message could not be read or recorded: the session was ready.
        Error::Source(_) | Error::Unrecorded(_) => Ended::After,
        _ => Ended::Before,
    }
}

fn of_tls(error: &TlsError) -> Ended {
    match error {
        TlsError::Certificate(fault, _) => Ended::In(ResultType::of_fault(fault)),
        TlsError::Name(_) => Ended::In(ResultType::CertificateHostMismatch),
        TlsError::NoRoots => Ended::Before,
        error if error.is_local() => Ended::Before,
        _ => Ended::In(ResultType::ValidationFailure),
    }
}

/// Of a session that broke off while this was awaited.
fn at(awaiting: &Awaiting) -> Ended {
    match awaiting {
        Awaiting::Reply(Expect::Greeting | Expect::Ehlo | Expect::Helo) | Awaiting::Lhlo => Ended::Before,
        Awaiting::Reply(Expect::StartTls) | Awaiting::Handshake => Ended::In(ResultType::ValidationFailure),
        _ => Ended::After,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::tls::Alert;
    use crate::route::mta_sts::{PolicyError, RecordFault};
    use ResultType::*;
    use ehlo_smtp::reply::Reply;
    use std::time::Duration;

    #[test]
    fn a_certificate_is_wrong_in_one_of_four_ways() {
        let wrong_name = Fault::WrongName { expected: "a.example".to_owned(), presented: Vec::new() };
        for (fault, result) in [
            (wrong_name, CertificateHostMismatch),
            (Fault::Other(OtherFault::Name), CertificateHostMismatch),
            (Fault::Expired(None), CertificateExpired),
            (Fault::NotYetValid(Some(Duration::from_secs(1))), CertificateExpired),
            (Fault::UnknownIssuer, CertificateNotTrusted),
            (Fault::SelfSigned, CertificateNotTrusted),
            (Fault::NoTlsaMatch, ValidationFailure),
            (Fault::NotItsKey, ValidationFailure),
            (Fault::Other(OtherFault::Purpose), ValidationFailure),
        ] {
            assert_eq!(ResultType::of_fault(&fault), result, "{fault}");
            let error = TlsError::Certificate(fault, None);
            let error = Error::Network { error: error.into(), awaiting: Some(Awaiting::Handshake) };
            assert_eq!(ended(&error, false), Ended::In(result));
        }
    }

    #[test]
    fn a_session_ends_before_in_or_after_tls() {
        let session = |failure| Error::Session { failure, awaiting: None, said: None };
        let refused = |code, expect| {
            session(Failure::Refused { awaiting: Some(expect), reply: Reply::new(code, "no") })
        };
        let hung_up = |expect| session(Failure::HungUp { awaiting: Some(expect) });
        let network = |error, awaiting| Error::Network { error, awaiting: Some(awaiting) };
        let tls = |error: TlsError| network(error.into(), Awaiting::Handshake);
        for (error, result) in [
            (session(Failure::TlsNotOffered), Ended::In(StarttlsNotSupported)),
            (session(Failure::TlsGone), Ended::In(StarttlsNotSupported)),
            (refused(454, Expect::StartTls), Ended::In(ValidationFailure)),
            (hung_up(Expect::StartTls), Ended::In(ValidationFailure)),
            (session(Violation::InjectedBeforeTls.into()), Ended::In(ValidationFailure)),
            (network(NetError::Timeout, Awaiting::Handshake), Ended::In(ValidationFailure)),
            (tls(TlsError::BrokenOff), Ended::In(ValidationFailure)),
            (tls(TlsError::Alert(Alert::HandshakeFailure)), Ended::In(ValidationFailure)),
            (tls(TlsError::NotTlsBehind220), Ended::In(ValidationFailure)),
            (tls(TlsError::NoRoots), Ended::Before),
            (network(NetError::Interrupted, Awaiting::Handshake), Ended::Before),
            (refused(554, Expect::Greeting), Ended::Before),
            (refused(502, Expect::Ehlo), Ended::Before),
            (hung_up(Expect::Greeting), Ended::Before),
            (network(NetError::Timeout, Awaiting::Reply(Expect::Ehlo)), Ended::Before),
            (refused(421, Expect::Mail), Ended::After),
            (network(NetError::Timeout, Awaiting::Content), Ended::After),
        ] {
            assert_eq!(ended(&error, false), result, "{error:?}");
            assert_eq!(ended(&error, true), Ended::After, "{error:?}");
        }
    }

    #[test]
    fn a_policy_is_not_there_not_one_or_not_trusted() {
        let tls =
            |error: TlsError| Remark::Fetch(FetchError::Https(HttpsError::Handshake(NetError::Tls(error))));
        let interrupted = FetchError::Https(HttpsError::Network(NetError::Interrupted));
        for (remark, result) in [
            (Remark::Fetch(FetchError::Status(404)), Some(StsPolicyFetchError)),
            (tls(TlsError::Certificate(Fault::UnknownIssuer, None)), Some(StsWebpkiInvalid)),
            (tls(TlsError::BrokenOff), Some(StsPolicyFetchError)),
            (tls(TlsError::NoRoots), None),
            (Remark::Fetch(interrupted), None),
            (Remark::Policy(PolicyError::Mode), Some(StsPolicyInvalid)),
            (Remark::Record(RecordFault::NoId), Some(StsPolicyInvalid)),
            (Remark::Gone, None),
            (Remark::Paused(Duration::from_secs(1)), None),
        ] {
            assert_eq!(ResultType::of_remark(&remark), result, "{remark:?}");
        }
    }

    #[test]
    fn a_type_is_written_as_the_rfc_has_it() {
        for (result, written) in [
            (StarttlsNotSupported, "starttls-not-supported"),
            (CertificateHostMismatch, "certificate-host-mismatch"),
            (CertificateExpired, "certificate-expired"),
            (CertificateNotTrusted, "certificate-not-trusted"),
            (ValidationFailure, "validation-failure"),
            (TlsaInvalid, "tlsa-invalid"),
            (DnssecInvalid, "dnssec-invalid"),
            (StsPolicyFetchError, "sts-policy-fetch-error"),
            (StsPolicyInvalid, "sts-policy-invalid"),
            (StsWebpkiInvalid, "sts-webpki-invalid"),
        ] {
            let json = serde_json::to_string(&result).unwrap();
            assert_eq!(json, format!("\"{written}\""));
            assert_eq!(serde_json::from_str::<ResultType>(&json).unwrap(), result);
        }
    }
}
