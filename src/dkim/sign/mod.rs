//! Signing a message (RFC 6376, section 5; RFC 8301; RFC 8463): one DKIM-Signature for each key, relaxed in
//! header and body, over all of the body.
//!
//! ```text
//!   message -> Head -> header section ----------------.
//!                   -> body -> BodyHasher -> BodyHash --> Signer::sign -> fields to put in front
//! ```
//!
//! Which message goes out, and whose keys sign it, is decided by others. What is signed here must go out
//! octet for octet, below the fields that come out.

mod error;
mod folded;
mod message;
mod names;
mod settings;
mod signer;
mod signing_key;

pub use error::SignError;
pub use message::Message;
pub use settings::Settings;
pub use signer::Signer;
pub use signing_key::SigningKey;

#[cfg(test)]
mod tests;
