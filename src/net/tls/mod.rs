//! TLS, as a client by one of two backends, as a server by rustls; versions 1.2 and 1.3 (RFC 8446, RFC 5246).
//!
//! Versions before 1.2 are not spoken (RFC 8996). Session resumption is not used, so that each connection
//! sees the certificate. What is demanded is in [`Settings`], what came of it in [`TlsInfo`], what can go
//! wrong in [`error`]. That log-in and TLS belong together is decided above.

#[cfg(feature = "sink")]
mod acceptor;
pub mod alert;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod ca_file;
pub mod certificate;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod distinguished;
pub mod error;
pub mod fault;
pub mod identity;
mod mode;
#[cfg(feature = "native-tls")]
mod native;
pub mod pin;
#[cfg(feature = "rustls")]
mod roots;
#[cfg(feature = "rustls")]
mod rustls;
#[cfg(feature = "rustls")]
mod verifier;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;

#[cfg(feature = "sink")]
pub use acceptor::Acceptor;
pub use alert::Alert;
pub use certificate::Certificate;
pub use error::{Breach, CaFault, Disagreement, IdentityFault, TlsError};
pub use fault::{Fault, OtherFault};
pub use identity::Identity;
pub use mode::TlsMode;
pub use pin::{Pin, Sha256};

use super::socket::{Layer, Socket};
use super::{Deadline, Error};

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// rustls with ring: the default where it was built in.
    Rustls,
    /// The system's library, for servers that rustls is too young for: TLS 1.2 with RSA key exchange or CBC
    /// only.
    Native,
}

impl Default for Backend {
    fn default() -> Backend {
        if cfg!(feature = "native-tls") && !cfg!(feature = "rustls") {
            Backend::Native
        } else {
            Backend::Rustls
        }
    }
}

impl Backend {
    /// Whether it is in this program.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        match self {
            Backend::Rustls => cfg!(feature = "rustls"),
            Backend::Native => cfg!(feature = "native-tls"),
        }
    }
}

/// The name of the feature to build with.
impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Backend::Rustls => "rustls",
            Backend::Native => "native-tls",
        })
    }
}

/// Which certificates are trusted to vouch for others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// The system's.
    #[default]
    System,
    /// Only those in a file, PEM or one in DER. A server's own certificate counts, too.
    File(PathBuf),
}

/// What is done about the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verify {
    /// It must be in order.
    #[default]
    Demanded,
    /// It is checked and the finding noted, but accepted whatever it is (opportunistic TLS, RFC 7435).
    Reported,
    /// As `Reported`, and a pin that does not match is no more than a finding either: for who only looks, and sends
    /// nothing that matters.
    Observed,
    /// It is accepted whatever it is, because the user said so; a finding may be noted.
    Skipped,
}

/// The oldest version that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MinVersion {
    /// TLS 1.2.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// What is asked of TLS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Who does the work.
    pub backend: Backend,
    /// Which certificates are trusted.
    pub trust: Trust,
    /// What is done about the server's.
    pub verify: Verify,
    /// The oldest version.
    pub min_version: MinVersion,
    /// Nothing newer than TLS 1.2, to find out whether a server still speaks it: by rustls only.
    pub tls12_only: bool,
    /// If there are any, one of them must match, and nothing else counts: not `trust`, not the name, not the
    /// dates, not `verify`, unless that is `Observed`.
    pub pins: Vec<Pin>,
    /// What we show to a server that asks who we are.
    pub identity: Option<Identity>,
}

impl Settings {
    /// Whether a certificate that is not in order ends the connection.
    #[cfg_attr(not(any(feature = "rustls", feature = "native-tls")), allow(dead_code))]
    fn is_strict(&self) -> bool {
        match self.verify {
            Verify::Demanded => true,
            Verify::Reported | Verify::Skipped => !self.pins.is_empty(),
            Verify::Observed => false,
        }
    }
}

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

/// The client's side of TLS: settings, and what they load. Cheap to make and to clone; clones share what was
/// loaded.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    /// Loaded at the first need.
    loaded: OnceLock<Result<Loaded, TlsError>>,
}

/// What a backend keeps between handshakes.
#[derive(Debug)]
enum Loaded {
    #[cfg(feature = "rustls")]
    Rustls(rustls::Loaded),
    #[cfg(feature = "native-tls")]
    Native(native::Loaded),
}

impl Client {
    /// Nothing is opened or read yet.
    pub fn new(settings: Settings) -> Client {
        Client(Arc::new(Inner { settings, loaded: OnceLock::new() }))
    }

    /// What was asked.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Starts to load the trusted certificates on a thread of its own, so that it costs no time beside the
    /// network: for when TLS is certain to come.
    pub fn prepare(&self) {
        let inner = Arc::clone(&self.0);
        // Without a thread the handshake loads them itself.
        let _ = thread::Builder::new().name("trust".to_owned()).spawn(move || inner.load().is_ok());
    }

    /// Finds out before anything is sent whether the backend is there and the files that were given are fit.
    /// If none was, the system's certificates are not touched.
    ///
    /// # Errors
    /// [`TlsError::NotBuiltIn`], [`TlsError::CaFile`], [`TlsError::Identity`].
    pub fn check(&self) -> Result<(), TlsError> {
        let settings = &self.0.settings;
        if !settings.backend.is_built_in() {
            return Err(TlsError::NotBuiltIn(settings.backend));
        }
        match (&settings.trust, &settings.identity) {
            (Trust::System, None) => Ok(()),
            _ => self.0.load().map(drop).map_err(Clone::clone),
        }
    }

    /// The handshake on a connected socket, with a server that should be called `name`.
    pub(super) fn handshake(
        &self,
        socket: &Socket,
        name: &str,
        deadline: Deadline,
    ) -> Result<(Box<dyn Layer>, TlsInfo), Error> {
        // A fully qualified name is written without its last dot in certificates (RFC 9525, section 2).
        let bare = name.strip_suffix('.').unwrap_or(name);
        let settings = &self.0.settings;
        let name = match (is_name(bare), settings.verify) {
            (true, _) => Some(bare),
            (false, Verify::Demanded) if settings.pins.is_empty() => {
                return Err(TlsError::Name(name.to_owned()).into());
            }
            (false, _) => None,
        };
        let done = match self.0.load().map_err(|error| Error::Tls(error.clone()))? {
            #[cfg(feature = "rustls")]
            Loaded::Rustls(loaded) => loaded.handshake(settings, socket, name, deadline),
            #[cfg(feature = "native-tls")]
            Loaded::Native(loaded) => loaded.handshake(settings, socket, name, deadline),
            #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
            _ => {
                let _ = (socket, name, deadline);
                Err(Error::Tls(TlsError::NotBuiltIn(settings.backend)))
            }
        };
        done.map_err(|error| match error {
            Error::Tls(error) => Error::Tls(disagreement(error, settings)),
            error => error,
        })
    }
}

/// What of a handshake's failures means that the two sides speak nothing in common, with what this side
/// speaks.
fn disagreement(error: TlsError, settings: &Settings) -> TlsError {
    let reason = match error {
        TlsError::NotAgreed { reason, .. } => reason,
        TlsError::Alert(alert) if alert.is_disagreement() => Disagreement::Alert(alert),
        error => return error,
    };
    TlsError::NotAgreed { reason, backend: settings.backend, min_version: settings.min_version }
}

/// Whether a certificate can be for this: a host name in ASCII (underscores happen) or an IP address. A dot
/// at its end does not matter.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_host = name.split('.').all(is_label) && !last.bytes().all(|octet| octet.is_ascii_digit());
    name.parse::<IpAddr>().is_ok() || (is_host && name.len() <= 253)
}

impl Inner {
    fn load(&self) -> Result<&Loaded, &TlsError> {
        let load = || match self.settings.backend {
            #[cfg(feature = "rustls")]
            Backend::Rustls => rustls::Loaded::load(&self.settings).map(Loaded::Rustls),
            #[cfg(feature = "native-tls")]
            Backend::Native => native::Loaded::load(&self.settings).map(Loaded::Native),
            #[allow(unreachable_patterns)] // with both built in
            backend => Err(TlsError::NotBuiltIn(backend)),
        };
        self.loaded.get_or_init(load).as_ref()
    }
}
