//! Where a token comes from, for a log-in that outlives the first one.

use crate::net::Deadline;
use ehlo_smtp::auth::SecretOctets;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Fetches a token; clones share the way to do it, and what it brought.
#[derive(Clone)]
pub struct TokenSource {
    fetch: Arc<Fetch>,
    last: Arc<Mutex<Option<SecretOctets>>>,
}

type Fetch = dyn Fn(Deadline) -> Option<SecretOctets> + Send + Sync;

impl TokenSource {
    /// By this. It gives nothing if there is none to be had, and says why itself, unless that is the deadline
    /// or a signal, either of which ends it.
    pub fn new(fetch: impl Fn(Deadline) -> Option<SecretOctets> + Send + Sync + 'static) -> TokenSource {
        TokenSource { fetch: Arc::new(fetch), last: Arc::default() }
    }

    /// Fetches one.
    #[must_use]
    pub fn fetch(&self, until: Deadline) -> Option<SecretOctets> {
        let token = (self.fetch)(until);
        if token.is_some() {
            self.last.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&token);
        }
        token
    }

    /// The one that was fetched last: what there was before it was refused.
    #[must_use]
    pub fn last(&self) -> Option<SecretOctets> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}
