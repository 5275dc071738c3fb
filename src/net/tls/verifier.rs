//! Checks a server's certificate (RFC 5280, section 6; names: RFC 9525), for rustls.
//!
//! A wrapper around rustls' own verifier, for two reasons: it keeps the finding when a certificate is only
//! looked at, and it takes a server's own certificate given as trusted, which webpki refuses
//! (`CaUsedAsEndEntity`) when it was made by a plain `openssl req -x509`. Pins and TLSA records take the place of
//! all that; what the latter vouch for is found by [`dane_verifier`]. The signatures of the handshake are checked
//! in every case.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use ::rustls::client::{WebPkiServerVerifier, verify_server_name};
use ::rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use ::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use ::rustls::server::ParsedCertificate;
use ::rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};

use super::dane_verifier::{self, Chain};
use super::rustls_error::{fault_in_chain, fault_of, is_authority};
use super::{Certificate, Dane, Fault, OtherFault, Pin, Settings, Tlsa};

/// Looks at the server's certificate, notes what is wrong with it, and accepts or refuses it.
///
/// One for each connection.
#[derive(Debug)]
pub(super) struct Verifier {
    webpki: Option<Arc<WebPkiServerVerifier>>,
    own: Arc<Vec<CertificateDer<'static>>>,
    algorithms: WebPkiSupportedAlgorithms,
    pins: Vec<Pin>,
    dane: Option<Dane>,
    demanded: bool,
    named: bool,
    finding: Mutex<Option<Fault>>,
    /// The TLSA record that vouches for the certificate.
    matched: OnceLock<Tlsa>,
    /// The server's own certificate, once it was shown.
    leaf: OnceLock<Vec<u8>>,
    /// The handshake was signed by another key.
    unproved: AtomicBool,
}

impl Verifier {
    /// `webpki` is `None` if nothing is trusted; any of `own` may be the server's own; pins or TLSA records of
    /// the settings replace both; `named` says whether there is a name to check against.
    pub(super) fn new(
        webpki: Option<Arc<WebPkiServerVerifier>>,
        own: Arc<Vec<CertificateDer<'static>>>,
        algorithms: WebPkiSupportedAlgorithms,
        settings: &Settings,
        named: bool,
    ) -> Verifier {
        let finding = Mutex::new(Some(Fault::NotChecked));
        Verifier {
            webpki,
            own,
            algorithms,
            pins: settings.pins.clone(),
            dane: settings.dane().cloned(),
            demanded: settings.is_strict(),
            named,
            finding,
            matched: OnceLock::new(),
            leaf: OnceLock::new(),
            unproved: AtomicBool::new(false),
        }
    }

    /// The server's own certificate, if it came to that.
    pub(super) fn leaf(&self) -> Option<Box<Certificate>> {
        self.leaf.get().map(|der| Box::new(Certificate::read(der)))
    }

    /// Whether the server showed a certificate whose key it does not have.
    pub(super) fn is_unproved(&self) -> bool {
        self.unproved.load(Ordering::Relaxed)
    }

    /// Notes whether the handshake was signed by the certificate's key.
    fn noted(
        &self,
        result: Result<HandshakeSignatureValid, ::rustls::Error>,
    ) -> Result<HandshakeSignatureValid, ::rustls::Error> {
        if let Err(::rustls::Error::InvalidCertificate(CertificateError::BadSignature)) = result {
            self.unproved.store(true, Ordering::Relaxed);
        }
        result
    }

    /// What is wrong with the certificate; [`Fault::NotChecked`] before it was checked.
    pub(super) fn finding(&self) -> Option<Fault> {
        self.finding.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The TLSA record that vouches for the certificate, if there is one.
    pub(super) fn matched(&self) -> Option<Tlsa> {
        self.matched.get().cloned()
    }

    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Fault> {
        if !self.pins.is_empty() {
            let shown = Certificate::read(leaf);
            let matched = self.pins.iter().any(|pin| pin.matches(&shown));
            return if matched { Ok(()) } else { Err(Fault::NotPinned) };
        }
        if let Some(dane) = &self.dane {
            let chain = Chain { leaf, intermediates, now };
            let record = dane_verifier::check(dane, &chain, &self.algorithms)?;
            let _ = self.matched.set(record);
            return Ok(());
        }
        let Some(webpki) = &self.webpki else {
            return Err(Fault::Other(OtherFault::NoRoots));
        };
        if !self.named {
            return Err(Fault::Other(OtherFault::NoName));
        }
        match webpki.verify_server_cert(leaf, intermediates, name, &[], now) {
            Ok(_) => Ok(()),
            // These two are found after its dates were checked, and before its name is.
            Err(::rustls::Error::InvalidCertificate(error))
                if self.own.contains(leaf) && (is_unknown(&error) || is_authority(&error)) =>
            {
                ParsedCertificate::try_from(leaf)
                    .and_then(|leaf| verify_server_name(&leaf, name))
                    .map_err(|error| fault_of(&error))
            }
            Err(::rustls::Error::InvalidCertificate(error))
                if (is_unknown(&error) || is_authority(&error) || is_foreign(&error))
                    && Certificate::read(leaf).contents.is_some_and(|contents| contents.self_issued) =>
            {
                Err(Fault::SelfSigned)
            }
            Err(error) => Err(fault_in_chain(&error, leaf, intermediates)),
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, ::rustls::Error> {
        let _ = self.leaf.set(leaf.to_vec());
        let finding = self.check(leaf, intermediates, name, now).err();
        let refused = self.demanded && finding.is_some();
        let alert = match finding {
            Some(Fault::UnknownIssuer | Fault::SelfSigned) => CertificateError::UnknownIssuer,
            Some(Fault::WrongName { .. }) => CertificateError::NotValidForName,
            Some(Fault::Expired(_) | Fault::NotYetValid(_)) => CertificateError::Expired,
            // The alert certificate_unknown: no issuer is missing, and nobody is kept out.
            Some(Fault::NoTlsaMatch) => CertificateError::Other(OtherError(Arc::new(Fault::NoTlsaMatch))),
            Some(Fault::NotPinned | Fault::NotItsKey | Fault::NotChecked | Fault::Other(_)) | None => {
                CertificateError::ApplicationVerificationFailure
            }
        };
        *self.finding.lock().unwrap_or_else(PoisonError::into_inner) = finding;
        if refused { Err(alert.into()) } else { Ok(ServerCertVerified::assertion()) }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, ::rustls::Error> {
        self.noted(verify_tls12_signature(message, leaf, signature, &self.algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, ::rustls::Error> {
        self.noted(verify_tls13_signature(message, leaf, signature, &self.algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn is_unknown(error: &CertificateError) -> bool {
    matches!(error, CertificateError::UnknownIssuer)
}

/// A trusted certificate has the issuer's name, but another key: that of a sink that ran before this one, for
/// example.
fn is_foreign(error: &CertificateError) -> bool {
    matches!(error, CertificateError::BadSignature)
}
