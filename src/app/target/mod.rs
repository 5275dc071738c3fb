//! From flags, environment and defaults to a [`Target`](crate::client::Target): the one way in for every
//! subcommand that connects.
//!
//! [`resolve`](fn@resolve) reads everything that says where and how to connect, before a connection is made:
//! the server and the way to it (way.rs, proxy.rs), when TLS is spoken and who is trusted (trust.rs), what is
//! said (resolve.rs). [`Deviations`] has what one subcommand does differently. Who logs in is known then; the
//! secret is read by [`Resolved::ready`], since a dry run needs none. [`ready`] does both. describe.rs puts
//! the target into words.

mod describe;
mod deviations;
mod family;
pub mod mx;
mod proxy;
mod resolve;
pub mod trust;
mod way;

pub use deviations::Deviations;
#[cfg(feature = "console")]
pub use resolve::ready;
pub use resolve::{Resolved, resolve};
#[cfg(feature = "console")]
pub use way::patience;
