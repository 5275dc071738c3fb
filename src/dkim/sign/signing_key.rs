//! A private key, with the name under which its public half is published (RFC 6376, section 3.6.2.1).

use super::SignError;
use crate::dkim::key::Key;
use crate::dkim::names;

/// A key, and where others find its public half.
#[derive(Debug)]
pub struct SigningKey {
    key: Key,
    domain: String,
    selector: String,
}

impl SigningKey {
    /// `domain` is what signs (`d=`), `selector` names the key in it (`s=`): its record is at
    /// `selector._domainkey.domain`. Both may be in A-labels or not.
    ///
    /// # Errors
    /// [`SignError::Domain`] and [`SignError::Selector`].
    pub fn new(key: Key, domain: &str, selector: &str) -> Result<SigningKey, SignError> {
        let domain = names::domain(domain.as_bytes()).map_err(SignError::Domain)?;
        let selector = names::selector(selector.as_bytes()).map_err(SignError::Selector)?;
        let signing = SigningKey { key, domain, selector };
        // The question is a name in the DNS, too.
        names::domain(signing.question().as_bytes()).map_err(SignError::Selector)?;
        Ok(signing)
    }

    /// The private key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// What signs, in A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The key's name in it.
    #[must_use]
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// Where its record is: `selector._domainkey.domain`.
    #[must_use]
    pub fn question(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}
