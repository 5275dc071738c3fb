//! TLS, as a client by one of two backends, as a server by rustls; versions 1.2 and 1.3 (RFC 8446, RFC 5246).
//!
//! Versions before 1.2 are not spoken (RFC 8996). Session resumption is not used, so that each connection
//! sees the certificate. What is demanded is in [`Settings`], what came of it in [`TlsInfo`], what can go
//! wrong in [`error`]. That log-in and TLS belong together is decided above.

#[cfg(feature = "sink")]
mod acceptor;
pub mod alert;
#[cfg(feature = "sink")]
mod authority;
mod backend;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod ca_file;
pub mod certificate;
mod client;
mod dane;
#[cfg(feature = "rustls")]
mod dane_verifier;
#[cfg(feature = "postgres")]
mod database;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod distinguished;
pub mod error;
pub mod fault;
pub mod identity;
mod info;
mod mode;
#[cfg(feature = "native-tls")]
mod native;
pub mod pin;
#[cfg(feature = "rustls")]
mod roots;
#[cfg(feature = "rustls")]
mod rustls;
#[cfg(feature = "rustls")]
mod rustls_error;
mod settings;
mod sha256;
#[cfg(feature = "rustls")]
mod verifier;

#[cfg(feature = "sink")]
pub use acceptor::Acceptor;
pub use alert::Alert;
#[cfg(feature = "sink")]
pub use authority::for_everybody;
pub use backend::{Backend, MinVersion};
pub use certificate::Certificate;
pub use client::{Client, is_name};
pub use dane::{Dane, Tlsa};
#[cfg(feature = "postgres")]
pub use database::{DatabaseTls, for_database};
pub use error::{Breach, CaFault, Disagreement, IdentityFault, TlsError};
pub use fault::{Fault, OtherFault};
pub use identity::Identity;
pub use info::TlsInfo;
pub use mode::TlsMode;
pub use pin::Pin;
pub use settings::{Settings, Trust, Verify};
pub use sha256::Sha256;
