//! The connection: where to, how it is made, and octets over it with a deadline, in clear or inside TLS.
//!
//! [`Server`] is what `--server` names. [`connect()`] takes the address of a name that answers first,
//! [`connect_through`] a [`Proxy`], [`connect_program`] runs a program to talk to. Each returns a [`Stream`],
//! on which every call blocks for as long as its [`Deadline`] allows and no longer, though the socket below
//! it never does. [`tls`] holds both backends; [`interrupt`] makes a signal end every wait.
//!
//! Nothing in here knows SMTP: replies, timeouts of RFC 5321 and the order of things are for `client`.

pub mod bell;
pub mod connect;
pub mod deadline;
pub mod error;
pub mod interrupt;
pub mod local;
mod local_end;
pub mod loopback;
pub mod program;
pub mod proxy;
pub mod proxy_protocol;
mod race;
mod resolve;
pub mod server;
mod socket;
pub mod stream;
mod system;
pub mod tls;

pub use connect::{
    ConnectError, Connected, Tried, connect, connect_program, connect_through, connect_to, connect_to_one_of,
    connect_unix,
};
pub use deadline::Deadline;
pub use error::Error;
pub use local_end::{Family, LocalEnd, own_end};
pub use proxy::{Proxy, ProxyFault, ProxyKind};
pub use resolve::addresses;
pub use server::{Endpoint, Server, ServerError, host_and_port};
pub use socket::{pause, wait_readable, wait_readable_of, wait_writable};
pub use stream::{Heard, Stream};
pub use tls::TlsMode;
pub use tls::{Fault, IdentityFault, TlsError};
