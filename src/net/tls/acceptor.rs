//! The server's side, for the sink: rustls, with a certificate that is made at start and vouches for itself.

use std::sync::Arc;

use ::rustls::crypto::ring;
use ::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use ::rustls::{ServerConfig, ServerConnection};
use rcgen::{CertificateParams, DnType, KeyPair};

use super::{TlsError, TlsInfo, rustls};
use crate::net::socket::{Layer, Socket};
use crate::net::{Deadline, Error};

/// What every such certificate is for.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

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
        let backend = |error: &dyn ToString| TlsError::Backend(error.to_string());
        let mut params = CertificateParams::new(all).map_err(|error| backend(&error))?;
        params.distinguished_name.push(DnType::CommonName, "ehlo sink");
        let key = KeyPair::generate().map_err(|error| backend(&error))?;
        let certificate = params.self_signed(&key).map_err(|error| backend(&error))?;

        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)
            })
            .map_err(|error| backend(&error))?;
        Ok(Acceptor { config: Arc::new(config), pem: certificate.pem().into() })
    }

    /// The certificate, in PEM: a client that is given it with `--ca-file` trusts this server.
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
