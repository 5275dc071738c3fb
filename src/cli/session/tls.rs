//! When the connection is encrypted, who is trusted, and who we are.

use std::path::PathBuf;

use clap::Args;

use crate::cli::group::Group;
use crate::cli::values::{TLS, TLS_BACKEND, TLS_MIN, one_of};
use crate::net::TlsMode;
use crate::net::tls::{Backend, MinVersion};

/// The group of [`TlsArgs`].
pub(crate) static TLS_FLAGS: Group = Group {
    name: "tls",
    flags: Some(
        "--tls --ca-file --insecure --tls-name --pin --client-cert --client-key --tls-min --tls-backend",
    ),
    define: TlsArgs::augment_args,
};

/// How the connection is encrypted.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "tls")]
pub struct TlsArgs {
    /// when to encrypt [default: depends on the port, and on whether you log in]
    ///
    /// By default, implicit on port 465; starttls on port 587, and wherever you log in or use --pin; off for
    /// Unix sockets, LMTP and --pipe; otherwise opportunistic.
    #[arg(long, value_name = "MODE", value_parser = one_of(TLS))]
    pub tls: Option<TlsMode>,
    /// trust the certificates in this file (PEM) instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// do not check the server's certificate; a warning says so
    #[arg(long)]
    pub insecure: bool,
    /// the name that the certificate must be for [default: the server's]
    #[arg(long, value_name = "NAME")]
    pub tls_name: Option<String>,
    /// accept only this certificate or public key; may be repeated
    ///
    /// The SHA-256 of the server's certificate or of its public key (SubjectPublicKeyInfo), both in DER: 64
    /// hex digits, with or without colons, or base64. It is checked instead of issuer, name and dates. TLS
    /// is then required, unless --tls says otherwise.
    #[arg(long, value_name = "sha256:HASH")]
    pub pin: Vec<String>,
    /// a client certificate to show to the server (PEM)
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,
    /// the private key of the client certificate (PEM), if it is in another file
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
    /// the oldest version of TLS to accept
    #[arg(long, value_name = "VERSION", value_parser = one_of(TLS_MIN))]
    pub tls_min: Option<MinVersion>,
    /// the TLS library to use
    #[arg(long, value_name = "BACKEND", value_parser = one_of(TLS_BACKEND))]
    pub tls_backend: Option<Backend>,
}
