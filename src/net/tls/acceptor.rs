//! The server's side, for the sink: rustls, with a certificate that is made at start and vouches for itself.

use std::sync::Arc;

use ::rustls::crypto::ring;
use ::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use ::rustls::server::WantsServerCert;
use ::rustls::{ConfigBuilder, ServerConfig, ServerConnection};
use rcgen::{CertificateParams, DnType, KeyPair};

use super::{TlsError, TlsInfo, rustls};
use crate::net::socket::{Layer, Socket};
use crate::net::{Deadline, Error};

/// What every such certificate is for.
pub(super) const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A fault of rustls or rcgen.
pub(super) fn backend(error: &dyn ToString) -> TlsError {
    TlsError::Backend(error.to_string())
}

/// What all servers have in common, and the certificates of this one.
pub(super) fn config(
    with: impl FnOnce(ConfigBuilder<ServerConfig, WantsServerCert>) -> Result<ServerConfig, ::rustls::Error>,
) -> Result<ServerConfig, TlsError> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| with(config.with_no_client_auth()))
        .map_err(|error| backend(&error))
}

/// The server's side of TLS. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Acceptor {
    config: Arc<ServerConfig>,
    pem: Arc<str>,
}

impl Acceptor {
    /// Makes a key and a certificate for `localhost`, `127.0.0.1`, `::1` and `names`: host names or IP
    /// addresses.
    ///
    /// # Errors
    /// [`TlsError::Name`] for a name that no certificate can hold, [`TlsError::Backend`] without random
    /// numbers.
    pub fn new(names: &[String]) -> Result<Acceptor, TlsError> {
        let mut all: Vec<String> = LOOPBACK.map(str::to_owned).to_vec();
        for name in names {
            if !name.is_ascii() || name.is_empty() {
                return Err(TlsError::Name(name.clone()));
            }
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
        let mut params = CertificateParams::new(all).map_err(|error| backend(&error))?;
        params.distinguished_name.push(DnType::CommonName, "ehlo sink");
        let key = KeyPair::generate().map_err(|error| backend(&error))?;
        let certificate = params.self_signed(&key).map_err(|error| backend(&error))?;

        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let chain = vec![certificate.der().clone()];
        let config = config(|config| config.with_single_cert(chain, key))?;
        Ok(Acceptor::of(config, &certificate.pem()))
    }

    /// With this certificate, in PEM, for clients to trust.
    pub(super) fn of(config: ServerConfig, pem: &str) -> Acceptor {
        Acceptor { config: Arc::new(config), pem: pem.into() }
    }

    /// The certificate, or that of the authority behind it, in PEM: a client that is given it with `--ca-file` trusts this
    /// server.
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// The handshake on an accepted socket.
    pub(in crate::net) fn handshake(
        &self,
        socket: &Socket,
        deadline: Deadline,
    ) -> Result<(Box<dyn Layer>, TlsInfo), Error> {
        let connection = ServerConnection::new(Arc::clone(&self.config))
            .map_err(|error| TlsError::Backend(error.to_string()))?;
        rustls::shake_hands(connection.into(), socket, deadline)
    }
}
