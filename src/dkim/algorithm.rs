//! What a signature is made with: the algorithms (RFC 6376, section 3.3; RFC 8463, section 3) and the forms
//! of what is hashed (RFC 6376, section 3.4).

use std::fmt;

/// How a message is signed. Both hash with SHA-256. There is no rsa-sha1 here, which nobody may sign or
/// verify with (RFC 8301, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `rsa-sha256`.
    RsaSha256,
    /// `ed25519-sha256`.
    Ed25519Sha256,
}

impl Algorithm {
    /// As `a=` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::RsaSha256 => "rsa-sha256",
            Algorithm::Ed25519Sha256 => "ed25519-sha256",
        }
    }

    /// The kind of key that it takes, as `k=` of a record has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Algorithm::RsaSha256 => "rsa",
            Algorithm::Ed25519Sha256 => "ed25519",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A canonicalisation: how much of a change on the way is overlooked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// None.
    Simple,
    /// Blanks, folds, and the case of names.
    Relaxed,
}

impl Form {
    pub(super) fn parse(text: &[u8]) -> Option<Form> {
        match text {
            b"simple" => Some(Form::Simple),
            b"relaxed" => Some(Form::Relaxed),
            _ => None,
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Simple => "simple",
            Form::Relaxed => "relaxed",
        })
    }
}
