//! The default backend: rustls, with ring.
//!
//! The provider is named, not the process's default, so that two of them in one program cannot make it panic.
//! Certificates are judged in [`verifier`](super::verifier); the trusted ones come from [`roots`].

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ::rustls::client::danger::ServerCertVerifier;
use ::rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use ::rustls::crypto::{CryptoProvider, ring};
use ::rustls::pki_types::pem::PemObject;
use ::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use ::rustls::sign::CertifiedKey;
use ::rustls::{
    ClientConfig, ClientConnection, Connection, ProtocolVersion, RootCertStore, SignatureScheme,
    SupportedProtocolVersion,
};

use super::ca_file::unfit;
use super::rustls_error::error_of;
use super::verifier::Verifier;
use super::{
    Alert, CaFault, Fault, Identity, IdentityFault, MinVersion, Settings, TlsError, TlsInfo, Trust,
    certificate, roots,
};
use crate::net::socket::{Attempt, Interest, Layer, READ, Socket, WRITE, attempted};
use crate::net::system::is_closed;
use crate::net::{Deadline, Error};

/// How often the socket is read before an attempt counts as blocked: enough for one record, which takes five.
const READS: usize = 8;

/// What is kept between handshakes: the trusted certificates, and our own.
#[derive(Debug)]
pub(super) struct Loaded {
    provider: Arc<CryptoProvider>,
    /// `None` if this system trusts no certificates, and none are demanded.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    /// Those of a file, any of which may be the server's own.
    own: Arc<Vec<CertificateDer<'static>>>,
    identity: Option<Arc<CertifiedKey>>,
}

impl Loaded {
    pub(super) fn load(settings: &Settings) -> Result<Loaded, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let mut own = Vec::new();
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let roots = match &settings.trust {
            Trust::File(path) => {
                own = roots::file(path)?;
                let mut roots = RootCertStore::empty();
                let (added, _) = roots.add_parsable_certificates(own.iter().cloned());
                if added == 0 {
                    return Err(unfit(path, CaFault::Malformed));
                }
                roots
            }
            Trust::System if settings.knows_certificate() => RootCertStore::empty(),
            Trust::System => match roots::system(variable("SSL_CERT_FILE"), variable("SSL_CERT_DIR")) {
                Err(TlsError::NoRoots) if !settings.is_strict() => RootCertStore::empty(),
                roots => roots?,
            },
        };
        let webpki = if roots.is_empty() {
            None
        } else {
            let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
            Some(builder.build().map_err(|error| TlsError::Backend(error.to_string()))?)
        };
        let identity = settings.identity.as_ref().map(|identity| certified_key(identity, &provider));
        Ok(Loaded { identity: identity.transpose()?, provider, webpki, own: Arc::new(own) })
    }

    /// What a client shows and demands that speaks TLS by itself: nothing, and a certificate in order.
    #[cfg(feature = "postgres")]
    pub(super) fn verified(self) -> Result<ClientConfig, TlsError> {
        let verifier = self.webpki.ok_or(TlsError::NoRoots)?;
        Ok(ClientConfig::builder_with_provider(self.provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Backend(error.to_string()))?
            .with_webpki_verifier(verifier)
            .with_no_client_auth())
    }

    pub(super) fn handshake(
        &self,
        settings: &Settings,
        socket: &Socket,
        name: Option<&str>,
        deadline: Deadline,
    ) -> Result<(Box<dyn Layer>, TlsInfo), Error> {
        let demanded = settings.is_strict();
        let server_name = match name.map(|name| (name, ServerName::try_from(name))) {
            Some((_, Ok(server_name))) => Some(server_name.to_owned()),
            Some((name, Err(_))) if demanded && !settings.knows_certificate() => {
                return Err(TlsError::Name(name.to_owned()).into());
            }
            Some((_, Err(_))) | None => None,
        };
        let verifier = Arc::new(Verifier::new(
            self.webpki.clone(),
            Arc::clone(&self.own),
            self.provider.signature_verification_algorithms,
            settings,
            server_name.is_some(),
        ));
        // An address is not sent to the server, and no certificate is for this one.
        let server_name = server_name.unwrap_or_else(|| IpAddr::V4(Ipv4Addr::UNSPECIFIED).into());
        let versions: &[&SupportedProtocolVersion] = match settings.min_version {
            _ if settings.tls12_only => &[&::rustls::version::TLS12],
            MinVersion::Tls12 => &[&::rustls::version::TLS13, &::rustls::version::TLS12],
            MinVersion::Tls13 => &[&::rustls::version::TLS13],
        };
        let shown = Arc::new(Shown { identity: self.identity.clone(), asked: AtomicBool::new(false) });
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(versions)
            .map_err(|error| TlsError::Backend(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>)
            .with_client_cert_resolver(Arc::clone(&shown) as Arc<dyn ResolvesClientCert>);
        config.resumption = Resumption::disabled();
        let connection = ClientConnection::new(Arc::new(config), server_name)
            .map_err(|error| TlsError::Backend(error.to_string()))?;

        match shake_hands(connection.into(), socket, deadline) {
            Ok((layer, mut info)) => {
                info.fault = verifier.finding();
                info.verified = info.fault.is_none();
                info.matched = verifier.matched();
                if info.exporter.is_none() {
                    info.end_point = info.chain.first().and_then(|leaf| certificate::end_point(leaf));
                }
                Ok((layer, info))
            }
            // The verifier knows better than the alert it caused.
            Err(Error::Tls(TlsError::Certificate(fault, _))) => {
                let found = match verifier.is_unproved() {
                    true => Some(Fault::NotItsKey),
                    false => verifier.finding().filter(|_| demanded),
                };
                let fault = found.unwrap_or(fault);
                Err(TlsError::Certificate(fault, verifier.leaf()).into())
            }
            // Versions before 1.3 have no alert for this.
            Err(Error::Tls(TlsError::Alert(alert @ Alert::HandshakeFailure)))
                if shown.was_nothing_to_show() =>
            {
                Err(TlsError::CertificateWanted(alert).into())
            }
            Err(error) => Err(error),
        }
    }
}

/// Our certificate with its key, from the files.
fn certified_key(identity: &Identity, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, TlsError> {
    let pem = identity.read()?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.certificates.as_bytes()).collect();
    let chain = chain.map_err(|_| identity.unfit_certificate())?;
    let key = PrivateKeyDer::from_pem_slice(pem.key.as_bytes());
    let key = key.map_err(|_| identity.unfit_key(IdentityFault::MalformedKey))?;
    let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        ::rustls::Error::InvalidCertificate(_) => identity.unfit_certificate(),
        ::rustls::Error::InconsistentKeys(_) => identity.unfit_key(IdentityFault::Mismatch),
        _ => identity.unfit_key(IdentityFault::MalformedKey),
    })?;
    Ok(Arc::new(certified))
}

/// Shows our certificate, whichever issuers the server would like, and notes that it was asked for.
///
/// One for each connection.
#[derive(Debug)]
struct Shown {
    identity: Option<Arc<CertifiedKey>>,
    asked: AtomicBool,
}

impl Shown {
    fn was_nothing_to_show(&self) -> bool {
        self.identity.is_none() && self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.identity.clone()
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}

/// TLS of rustls over a socket, as either side.
struct Rustls {
    connection: Connection,
    /// Nothing can be written any more; there may still be something to read.
    mute: bool,
}

/// The handshake, as either side; the caller knows what to think of the certificate.
pub(super) fn shake_hands(
    connection: Connection,
    socket: &Socket,
    deadline: Deadline,
) -> Result<(Box<dyn Layer>, TlsInfo), Error> {
    let mut layer = Rustls { connection, mute: false };
    loop {
        let blocked = layer.push_or_be_mute(socket); // an alert to be read may say why a write failed
        if !layer.connection.is_handshaking() && !blocked {
            break;
        }
        let mut interest = Interest::empty();
        interest.set(READ, layer.connection.is_handshaking());
        interest.set(WRITE, blocked);
        let ready = socket.wait(interest, deadline)?;
        if ready.contains(READ) {
            let ended = matches!(layer.pull(socket).map_err(broken_off)?, Attempt::Done(0));
            if ended && layer.connection.is_handshaking() {
                return Err(TlsError::BrokenOff.into());
            }
        }
    }
    let connection = &layer.connection;
    // RFC 9266, section 2; for versions before 1.3 it is not safe by itself.
    let exported = (connection.protocol_version() == Some(ProtocolVersion::TLSv1_3))
        .then(|| connection.export_keying_material([0; 32], b"EXPORTER-Channel-Binding", Some(&[])));
    let chain = connection.peer_certificates().unwrap_or_default();
    let info = TlsInfo {
        version: connection.protocol_version().map(|version| match version {
            ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
            ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
            other => format!("{other:?}"),
        }),
        cipher: connection.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())),
        key_exchange: connection.negotiated_key_exchange_group().map(|group| format!("{:?}", group.name())),
        verified: false,
        fault: None,
        matched: None,
        chain: chain.iter().map(|certificate| certificate.to_vec()).collect(),
        exporter: exported.and_then(Result::ok).map(|octets: [u8; 32]| octets.to_vec()),
        end_point: None,
    };
    Ok((Box::new(layer), info))
}

/// A connection lost within the handshake is a handshake broken off.
fn broken_off(error: Error) -> Error {
    match error {
        Error::Io(error) if is_closed(error.kind()) => TlsError::BrokenOff.into(),
        error => error,
    }
}

impl Rustls {
    /// Gets out what rustls has ready; `true` when the socket takes no more.
    fn push(&mut self, mut socket: &Socket) -> io::Result<bool> {
        while self.connection.wants_write() && !self.mute {
            match self.connection.write_tls(&mut socket) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Reads once from the socket and makes of it what can be made; `Done(0)` at the end of the connection.
    fn pull(&mut self, mut socket: &Socket) -> Result<Attempt, Error> {
        let attempt = attempted(self.connection.read_tls(&mut socket), READ)?;
        if let Attempt::Done(_) = attempt
            && let Err(error) = self.connection.process_new_packets()
        {
            let _ = self.push(socket); // the alert that says why
            return Err(error_of(&error, self.connection.is_handshaking()).into());
        }
        Ok(attempt)
    }

    /// As [`Rustls::push`], where a write that fails is no reason to stop: there may be something to read
    /// yet.
    fn push_or_be_mute(&mut self, socket: &Socket) -> bool {
        self.push(socket).unwrap_or_else(|_| {
            self.mute = true;
            false
        })
    }
}

impl Layer for Rustls {
    fn read(&mut self, socket: &Socket, buffer: &mut [u8]) -> Result<Attempt, Error> {
        for _ in 0..READS {
            match self.connection.reader().read(buffer) {
                Ok(count) => return Ok(Attempt::Done(count)),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(Error::Truncated),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(Error::Io(error)),
            }
            if let Attempt::Blocked(_) = self.pull(socket)? {
                break;
            }
        }
        let blocked = self.push_or_be_mute(socket); // what TLS itself has to answer
        Ok(Attempt::Blocked(if blocked { READ | WRITE } else { READ }))
    }

    fn write(&mut self, socket: &Socket, octets: &[u8]) -> Result<Attempt, Error> {
        // In this order, so that an error of the socket is told before more is taken over.
        match self.flush(socket)? {
            Attempt::Done(_) => attempted(self.connection.writer().write(octets), WRITE),
            blocked @ Attempt::Blocked(_) => Ok(blocked),
        }
    }

    fn flush(&mut self, socket: &Socket) -> Result<Attempt, Error> {
        if self.mute {
            return Err(Error::Io(io::ErrorKind::BrokenPipe.into()));
        }
        Ok(if self.push(socket)? { Attempt::Blocked(WRITE) } else { Attempt::Done(0) })
    }

    fn close(&mut self, socket: &Socket) {
        self.connection.send_close_notify();
        let _ = self.push(socket);
    }
}
