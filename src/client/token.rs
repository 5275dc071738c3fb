//! Where a token comes from, for a log-in that outlives the first one.

use crate::smtp::auth::SecretOctets;
use std::fmt;
use std::sync::Arc;

/// Fetches a token; clones share the way to do it.
#[derive(Clone)]
pub struct TokenSource(Arc<Fetch>);

type Fetch = dyn Fn() -> Option<SecretOctets> + Send + Sync;

impl TokenSource {
    /// By this. It gives nothing if there is none to be had, and says why itself.
    pub fn new(fetch: impl Fn() -> Option<SecretOctets> + Send + Sync + 'static) -> TokenSource {
        TokenSource(Arc::new(fetch))
    }

    /// Fetches one.
    #[must_use]
    pub fn fetch(&self) -> Option<SecretOctets> {
        (self.0)()
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}
