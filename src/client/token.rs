//! Where a token comes from, for a log-in that outlives the first one.

use crate::net::Deadline;
use ehlo_smtp::auth::SecretOctets;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Fetches a token; clones share the way to do it, and what it brought.
#[derive(Clone)]
pub struct TokenSource {
    fetch: Arc<Fetch>,
    last: Arc<Mutex<Option<Fetched>>>,
}

/// A token, and how long it is good.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The token.
    pub token: SecretOctets,
    /// When another one is to be fetched before it is used; never, if nobody knows.
    pub good: Deadline,
}

/// There is no token. Whoever was asked has said why, unless it was the deadline, or a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoToken {
    /// There may be one later.
    Now,
    /// Not before somebody does something.
    Ever,
}

/// Brings a token until the deadline; another one than what was brought last, for that was refused or is over.
type Fetch = dyn Fn(Deadline, Option<&SecretOctets>) -> Result<Fetched, NoToken> + Send + Sync;

impl TokenSource {
    /// By this, which the deadline and a signal end. What was fetched `first` is the one to begin with.
    pub fn new(
        first: Option<Fetched>,
        fetch: impl Fn(Deadline, Option<&SecretOctets>) -> Result<Fetched, NoToken> + Send + Sync + 'static,
    ) -> TokenSource {
        TokenSource { fetch: Arc::new(fetch), last: Arc::new(Mutex::new(first)) }
    }

    /// Fetches another one.
    ///
    /// # Errors
    /// [`NoToken`].
    pub fn fetch(&self, until: Deadline) -> Result<SecretOctets, NoToken> {
        let before = self.last().map(|last| last.token);
        let fetched = (self.fetch)(until, before.as_ref())?;
        let token = fetched.token.clone();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
        Ok(token)
    }

    /// The one for a log-in that begins now: what was fetched last, unless that is over. Nothing, if none was fetched
    /// so far.
    #[must_use]
    pub fn current(&self, until: Deadline) -> Option<SecretOctets> {
        let last = self.last()?;
        let fresh = if last.good.is_over() { self.fetch(until).ok() } else { None };
        // A server may still take one that should be over.
        Some(fresh.unwrap_or(last.token))
    }

    fn last(&self) -> Option<Fetched> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn fetched(token: &str, good: Deadline) -> Fetched {
        Fetched { token: SecretOctets::new(token.as_bytes().to_vec()), good }
    }

    #[test]
    fn a_token_that_is_over_is_fetched_anew_and_one_that_is_good_is_not() {
        let over = Deadline::after(Duration::ZERO);
        let source = TokenSource::new(Some(fetched("one", Deadline::never())), move |_, before| {
            let before = before.map(|token| token.as_slice().to_vec());
            match before.as_deref() {
                Some(b"one") => Ok(fetched("two", over)),
                _ => Err(NoToken::Now),
            }
        });
        let current = || source.current(Deadline::never()).unwrap().as_slice().to_vec();
        assert_eq!(current(), b"one");
        assert_eq!(source.fetch(Deadline::never()).unwrap().as_slice(), b"two");
        // It is over, and there is no other.
        assert_eq!(current(), b"two");
        let none = TokenSource::new(None, |_, _| Err(NoToken::Ever));
        assert!(none.current(Deadline::never()).is_none());
    }
}
