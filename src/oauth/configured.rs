//! What a configuration says of an account's sign-in. Nothing is read from files yet: a dry run reads no secret.

use super::keep::Keep;
use super::provider::Settings;
use std::path::PathBuf;
use std::sync::Arc;

/// An account that logs in by OAuth, as it is configured.
#[derive(Debug, Clone)]
pub struct Configured {
    /// The account's name.
    pub account: String,
    /// Its provider.
    pub settings: Settings,
    /// What the provider calls the client.
    pub client_id: String,
    /// Where the client's secret is, if it has one.
    pub secret_file: Option<PathBuf>,
    /// The certificates to trust instead of the account's or the system's.
    pub ca_file: Option<PathBuf>,
    /// Where its tokens are.
    pub keep: Arc<dyn Keep>,
}
