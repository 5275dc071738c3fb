//! TLS to a database, whose protocol another crate speaks: with the same certificates trusted as everywhere, and a name
//! that must be right.

use super::rustls::Loaded;
use super::{Settings, TlsError, Trust};
use std::path::PathBuf;

/// What a connection to a database is made with.
pub type DatabaseTls = tokio_postgres_rustls::MakeRustlsConnect;

/// TLS for connections to a database, which trusts the system's certificates, or those in a file.
///
/// # Errors
/// [`TlsError::CaFile`], [`TlsError::NoRoots`].
pub fn for_database(ca_file: Option<PathBuf>) -> Result<DatabaseTls, TlsError> {
    let trust = ca_file.map_or(Trust::System, Trust::File);
    let settings = Settings { trust, ..Settings::default() };
    Ok(DatabaseTls::new(Loaded::load(&settings)?.verified()?))
}
