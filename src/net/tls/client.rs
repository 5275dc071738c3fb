//! The client's side of TLS: it picks the backend for a handshake, and keeps what that has loaded for the
//! next one.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::thread;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
use super::Backend;
#[cfg(feature = "native-tls")]
use super::native;
#[cfg(feature = "rustls")]
use super::rustls;
use super::{Disagreement, Settings, TlsError, TlsInfo, Trust, Verify};
use crate::net::socket::{Layer, Socket};
use crate::net::{Deadline, Error};

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

    /// The handshake on a connected socket, with a server that should be called `name`, unless TLSA records
    /// decide and have names of their own.
    pub(in crate::net) fn handshake(
        &self,
        socket: &Socket,
        name: &str,
        deadline: Deadline,
    ) -> Result<(Box<dyn Layer>, TlsInfo), Error> {
        let settings = &self.0.settings;
        // RFC 7672, section 8.1: the server is asked for the TLSA base domain.
        let name = settings.dane().and_then(|dane| dane.names.first()).map_or(name, String::as_str);
        // A fully qualified name is written without its last dot in certificates (RFC 9525, section 2).
        let bare = name.strip_suffix('.').unwrap_or(name);
        let name = match (is_name(bare), settings.verify) {
            (true, _) => Some(bare),
            (false, Verify::Demanded) if !settings.knows_certificate() => {
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

/// Makes one error of all failures that mean that the two sides speak nothing in common, and adds what this
/// side speaks.
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
