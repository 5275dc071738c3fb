//! Proxies: SOCKS version 5 (RFC 1928) and HTTP's CONNECT (RFC 9110, section 9.3.6). What can go wrong is in
//! [`error`].
//!
//! The name of the server is looked up by the proxy, never here. How a proxy is named is in proxy/url.rs;
//! what is said to it in proxy/socks.rs and proxy/http.rs.

pub mod error;
mod http;
mod line;
#[cfg(test)]
mod played;
mod socks;
mod url;

use super::Deadline;
use super::socket::Socket;
pub use error::{ProxyError, ProxyFault};
use line::Wire;
pub(super) use url::authority;
pub use url::{Proxy, ProxyKind};

/// Asks the proxy at the other end to connect us to `port` of `host`; the octets after this are the server's.
pub(super) fn ask(
    proxy: &Proxy,
    socket: &Socket,
    host: &str,
    port: u16,
    deadline: Deadline,
) -> Result<(), ProxyFault> {
    let mut line = Wire { socket, deadline };
    match proxy.kind {
        ProxyKind::Socks5 => socks::ask(proxy, &mut line, host, port),
        ProxyKind::Http => http::ask(proxy, &mut line, host, port),
    }
}
