//! What came of a handshake. What the peer's certificates say is read by [`Certificate`].

use super::{Certificate, Fault, Tlsa};

/// What was agreed. native-tls tells neither version nor cipher, and of the chain only the first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsInfo {
    /// `TLSv1.3`.
    pub version: Option<String>,
    /// `TLS13_AES_256_GCM_SHA384`: IANA's name, but for the first underscores of TLS 1.3.
    pub cipher: Option<String>,
    /// The group of the key exchange: `X25519`, `X25519MLKEM768`, `secp256r1`.
    pub key_exchange: Option<String>,
    /// Whether the peer's certificate was checked and found in order.
    pub verified: bool,
    /// If it was not: what is wrong with it.
    pub fault: Option<Fault>,
    /// The TLSA record that vouches for the certificate, where those decided.
    pub matched: Option<Tlsa>,
    /// The peer's certificates in DER, its own first, as it sent them.
    pub chain: Vec<Vec<u8>>,
    /// What both sides of this connection alone can know (`tls-exporter`, RFC 9266): TLS 1.3 by rustls only.
    pub exporter: Option<Vec<u8>>,
    /// The hash of the server's certificate (`tls-server-end-point`, RFC 5929, section 4), where `exporter`
    /// is not.
    pub end_point: Option<Vec<u8>>,
}

impl TlsInfo {
    /// All that the peer sent, its own first; none where no backend was built in.
    #[must_use]
    pub fn certificates(&self) -> Vec<Certificate> {
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        return self.chain.iter().map(|der| Certificate::read(der)).collect();
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        Vec::new()
    }

    /// The peer's own certificate.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        return self.chain.first().map(|der| Certificate::read(der));
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        None
    }
}
