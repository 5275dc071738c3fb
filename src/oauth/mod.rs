//! OAuth 2.0 (RFC 6749) for those who send mail: how a token comes about, how it is kept, and how it is renewed.
//!
//! ```text
//! code (RFC 7636, 8252)       device (RFC 8628)          client credentials (RFC 6749, 4.4)
//!   authorization page          code to type elsewhere          |
//!   code to 127.0.0.1           polls                           |
//!        \________________________|_____________________________/
//!                                 |  token endpoint
//!                               Tokens -- kept by a Keep -- renewed under its lock, once for all processes
//! ```
//!
//! Which provider it is, is in [`provider`]; what it says, in [`answer`]. [`asker`] asks it, over [`https`](crate::https);
//! [`renew`](mod@renew) is what a log-in needs later. Who opens a browser, and what is said to the user, is for `app`.

pub mod answer;
pub mod asker;
pub mod code;
mod configured;
pub mod device;
mod discover;
pub mod error;
mod file_keep;
pub mod keep;
pub mod provider;
mod refused;
pub mod renew;
pub mod tokens;

pub use asker::{Asker, ClientId};
pub use configured::Configured;
pub use error::{OauthError, Refusal, Request};
pub use file_keep::FileKeep;
#[cfg(feature = "keyring")]
pub use keep::Lock;
pub use keep::{Keep, KeepError};
pub use provider::{ClientAuth, Endpoints, Flow, Provider, Settings, Source};
pub use renew::{Account, renew};
pub use tokens::Tokens;
