//! HTTPS (RFC 9110, 9112, 2818): one request, one answer, both small. The requests are ureq's; the connection is
//! [`net`](crate::net)'s, with its certificates, its proxy, its deadline and its signals.
//!
//! Every address is https and every certificate is verified. A redirect is not followed: where a secret goes is for
//! the configuration to say, not for a server. What the answers mean is left to the callers.

mod client;
mod error;
mod transport;
mod url;

pub use client::{Answer, Basic, Client};
pub use error::HttpsError;
pub use url::Url;
