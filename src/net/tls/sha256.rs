//! The fingerprint of a certificate or of its key: SHA-256 over the DER.

use std::fmt;

/// A SHA-256, in small hex letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// In base64, as a pin of it can be written too; shorter than in hex.
    #[must_use]
    pub fn base64(&self) -> String {
        encodify::base64::STANDARD.encode(self.0)
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
