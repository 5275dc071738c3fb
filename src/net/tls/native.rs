//! The other backend: the system's library through native-tls (OpenSSL on Linux).
//!
//! What it cannot do, seen with version 0.2: tell the version, the cipher, more of the chain than its first
//! certificate, or anything of one that was refused; make known what binds a connection under TLS 1.3 (RFC
//! 9266); and check a certificate without demanding that it be in order, so that the finding is
//! [`Fault::NotChecked`]. Why something failed it says in OpenSSL's words only: [`error_of`] and [`error_in`]
//! read them, and nobody else does.

use std::error::Error as _;
use std::io::{self, Read, Write};

use ::native_tls as library;
use ::native_tls::{HandshakeError, Protocol, TlsConnector, TlsStream};

use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Header, SliceReader};
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::ca_file::{self, is_der, unfit};
use super::dane::{DANE_TA, Shown};
use super::{
    Alert, Backend, Breach, CaFault, Certificate, Disagreement, Fault, Identity, IdentityFault, MinVersion,
    OtherFault, Settings, TlsError, TlsInfo, Trust, Verify, certificate,
};
use crate::net::socket::{Attempt, Interest, Layer, READ, Socket, WRITE};
use crate::net::system::is_closed;
use crate::net::{Deadline, Error};

/// What is kept between handshakes.
#[derive(Debug)]
pub(super) struct Loaded(TlsConnector);

impl Loaded {
    /// With OpenSSL 3 this takes some 40 ms, for the library reads the system's certificates whether they
    /// count or not (openssl issue 16878).
    pub(super) fn load(settings: &Settings) -> Result<Loaded, TlsError> {
        let mut builder = TlsConnector::builder();
        builder.min_protocol_version(Some(match settings.min_version {
            MinVersion::Tls12 => Protocol::Tlsv12,
            MinVersion::Tls13 => Protocol::Tlsv13,
        }));
        if let Trust::File(path) = &settings.trust {
            let contents = ca_file::read(path)?;
            let certificates = if is_der(&contents) {
                library::Certificate::from_der(&contents).map(|certificate| vec![certificate])
            } else {
                library::Certificate::stack_from_pem(&contents)
            };
            let certificates = certificates.map_err(|_| unfit(path, CaFault::Malformed))?;
            if certificates.is_empty() {
                return Err(unfit(path, CaFault::Empty));
            }
            builder.disable_built_in_roots(true);
            for certificate in certificates {
                builder.add_root_certificate(certificate);
            }
        }
        if let Some(identity) = &settings.identity {
            builder.identity(ours(identity)?);
        }
        // A pin or a TLSA record is looked at when the handshake is over, and before anything of ours goes out.
        if settings.verify != Verify::Demanded || settings.knows_certificate() {
            builder.danger_accept_invalid_certs(true);
            builder.danger_accept_invalid_hostnames(true);
        }
        let connector = builder.build().map_err(|error| {
            let text = error.to_string();
            match &settings.identity {
                Some(identity)
                    if text.contains("key values mismatch") || text.contains("key type mismatch") =>
                {
                    identity.unfit_key(IdentityFault::Mismatch)
                }
                _ => TlsError::Backend(reason(&text)),
            }
        })?;
        Ok(Loaded(connector))
    }

    pub(super) fn handshake(
        &self,
        settings: &Settings,
        socket: &Socket,
        name: Option<&str>,
        deadline: Deadline,
    ) -> Result<(Box<dyn Layer>, TlsInfo), Error> {
        // An address is not sent to the server, and no certificate is for this one.
        let name = name.unwrap_or("0.0.0.0");
        let watched = Watched { socket: socket.clone(), blocked: READ, ended: false };
        let mut attempt = self.0.connect(name, watched);
        let stream = loop {
            match attempt {
                Ok(stream) => break stream,
                Err(HandshakeError::WouldBlock(middle)) => {
                    socket.wait(middle.get_ref().blocked, deadline)?;
                    attempt = middle.handshake();
                }
                Err(HandshakeError::Failure(error)) => return Err(error_of(&error, name).into()),
            }
        };
        let leaf = stream.peer_certificate().ok().flatten().and_then(|leaf| leaf.to_der().ok());
        let mut fault = (!settings.is_strict()).then_some(Fault::NotChecked);
        if !settings.pins.is_empty() {
            let shown = leaf.as_deref().map(Certificate::read);
            let matches = |shown: &Certificate| settings.pins.iter().any(|pin| pin.matches(shown));
            fault = if shown.as_ref().is_some_and(matches) {
                None
            } else if settings.is_strict() {
                return Err(TlsError::Certificate(Fault::NotPinned, shown.map(Box::new)).into());
            } else {
                Some(Fault::NotPinned)
            };
        }
        let mut matched = None;
        if let Some(dane) = settings.dane() {
            let shown = leaf.as_deref().map(Shown::read);
            matched = shown.and_then(|shown| dane.end_entity(&shown)).cloned();
            fault = match matched {
                Some(_) => None,
                None if dane.usable(DANE_TA).is_empty() => Some(Fault::NoTlsaMatch),
                None => Some(Fault::Other(OtherFault::TlsaAuthority)),
            };
            if let Some(fault) = fault.clone().filter(|_| settings.is_strict()) {
                let shown = leaf.as_deref().map(|leaf| Box::new(Certificate::read(leaf)));
                return Err(TlsError::Certificate(fault, shown).into());
            }
        }
        let info = TlsInfo {
            version: None,
            cipher: None,
            key_exchange: None,
            verified: fault.is_none(),
            fault,
            matched,
            exporter: None,
            end_point: leaf.as_deref().and_then(certificate::end_point),
            chain: leaf.into_iter().collect(),
        };
        Ok((Box::new(Native(stream)), info))
    }
}

/// Our certificate with its key, from the files.
fn ours(identity: &Identity) -> Result<library::Identity, TlsError> {
    let pem = identity.read()?;
    if pem.key_label != "PRIVATE KEY" {
        return Err(identity.unfit_key(IdentityFault::NotPkcs8));
    }
    let certificates = pem.certificates.as_bytes();
    let found = library::Certificate::stack_from_pem(certificates).unwrap_or_default();
    let leaf =
        found.first().and_then(|leaf| leaf.to_der().ok()).ok_or_else(|| identity.unfit_certificate())?;
    // OpenSSL has a place for a key of each kind, and does not compare what is in different ones.
    let kinds = (kind_of_certificate(&leaf), kind_of_key(&pem.key));
    if let (Some(certificate), Some(key)) = kinds
        && certificate != key
    {
        return Err(identity.unfit_key(IdentityFault::Mismatch));
    }
    library::Identity::from_pkcs8(certificates, pem.key.as_bytes())
        .map_err(|_| identity.unfit_key(IdentityFault::MalformedKey))
}

/// The algorithm of its key.
fn kind_of_certificate(der: &[u8]) -> Option<ObjectIdentifier> {
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    Some(certificate.tbs_certificate().subject_public_key_info().algorithm.oid)
}

/// PrivateKeyInfo ::= SEQUENCE { version, privateKeyAlgorithm, ... } (RFC 5208, section 5), in PEM.
fn kind_of_key(pem: &str) -> Option<ObjectIdentifier> {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect();
    let base64 = Zeroizing::new(base64);
    let der = Zeroizing::new(encodify::base64::STANDARD.decode(base64.as_bytes()).ok()?);
    let mut reader = SliceReader::new(&der).ok()?;
    Header::decode(&mut reader).ok()?;
    u8::decode(&mut reader).ok()?;
    AlgorithmIdentifierOwned::decode(&mut reader).ok().map(|algorithm| algorithm.oid)
}

/// The socket as native-tls sees it. It notes what native-tls does not tell: what an attempt was blocked by,
/// and whether the connection itself has ended.
#[derive(Debug)]
struct Watched {
    socket: Socket,
    blocked: Interest,
    ended: bool,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.blocked = READ;
        let count = (&self.socket).read(buffer)?;
        self.ended |= count == 0;
        Ok(count)
    }
}

impl Write for Watched {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.blocked = WRITE;
        (&self.socket).write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// TLS of the system over a socket.
struct Native(TlsStream<Watched>);

impl Native {
    fn attempted(&self, result: io::Result<usize>) -> Result<Attempt, Error> {
        match result {
            Ok(count) => Ok(Attempt::Done(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Ok(Attempt::Blocked(self.0.get_ref().blocked))
            }
            Err(error) if error.raw_os_error().is_some() || is_closed(error.kind()) => Err(Error::Io(error)),
            Err(error) => Err(error_in(&error.to_string()).into()),
        }
    }
}

impl Layer for Native {
    fn read(&mut self, _: &Socket, buffer: &mut [u8]) -> Result<Attempt, Error> {
        let result = self.0.read(buffer);
        // `close_notify` is met before the end of the connection is.
        if self.0.get_ref().ended && !matches!(result, Ok(1..)) {
            return Err(Error::Truncated);
        }
        self.attempted(result)
    }

    fn write(&mut self, _: &Socket, octets: &[u8]) -> Result<Attempt, Error> {
        let result = self.0.write(octets);
        self.attempted(result)
    }

    fn flush(&mut self, _: &Socket) -> Result<Attempt, Error> {
        Ok(Attempt::Done(0)) // a write that was taken is with the socket
    }

    fn close(&mut self, _: &Socket) {
        let _ = self.0.shutdown();
    }
}

/// Whose fault a failed handshake is.
fn error_of(error: &::native_tls::Error, name: &str) -> TlsError {
    let system = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    if system.is_some_and(|error| is_closed(error.kind())) {
        return TlsError::BrokenOff;
    }
    let text = error.to_string();
    if !text.contains("certificate verify failed") {
        return error_in(&text);
    }
    // OpenSSL's finding is in brackets at the end.
    let finding = text.rsplit_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    let lower = finding.to_ascii_lowercase();
    let fault = if lower.contains("mismatch") {
        Fault::WrongName { expected: name.to_owned(), presented: Vec::new() }
    } else if lower.contains("self-signed certificate") || lower.contains("self signed certificate") {
        if lower.contains("chain") { Fault::UnknownIssuer } else { Fault::SelfSigned }
    } else if lower.contains("issuer certificate") || lower.contains("verify the first certificate") {
        Fault::UnknownIssuer
    } else if lower.contains("has expired") {
        Fault::Expired(None)
    } else if lower.contains("not yet valid") {
        Fault::NotYetValid(None)
    } else {
        Fault::Other(OtherFault::Backend(finding.to_owned()))
    };
    TlsError::Certificate(fault, None)
}

/// The error in OpenSSL's words, when it is not about the certificate.
fn error_in(text: &str) -> TlsError {
    let reason = reason(text);
    let lower = reason.to_ascii_lowercase();
    if lower.contains("unexpected eof") {
        TlsError::BrokenOff
    } else if let Some((_, alert)) = lower.split_once(" alert ") {
        TlsError::Alert(Alert::named(alert))
    } else if ["wrong version number", "http request", "packet length too long"].contains(&lower.as_str()) {
        TlsError::NotTls
    } else if ["unsupported protocol", "wrong ssl version", "no shared cipher", "dh key too small"]
        .contains(&lower.as_str())
    {
        let reason = Disagreement::Backend(reason);
        TlsError::NotAgreed { reason, backend: Backend::Native, min_version: MinVersion::default() }
    } else {
        TlsError::Protocol(Breach::Backend(reason))
    }
}

/// The reason in OpenSSL's `error:0A00010B:SSL routines:ssl3_get_record:wrong version number:file:line:`.
fn reason(text: &str) -> String {
    let fields = text.strip_prefix("error:").and_then(|rest| rest.split(':').nth(3));
    fields.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_openssl_are_told_apart() {
        let text = "error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record.c:354:";
        assert_eq!(error_in(text), TlsError::NotTls);
        let text = "error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:\
                    ../ssl/x.c:1592:SSL alert number 40";
        assert_eq!(error_in(text), TlsError::Alert(Alert::HandshakeFailure));
        assert_eq!(error_in("unexpected EOF"), TlsError::BrokenOff);
        assert_eq!(
            error_in("something else"),
            TlsError::Protocol(Breach::Backend("something else".to_owned()))
        );
    }
}
