//! Making a connection: to one of the addresses of a name, straight or through a proxy, or to a Unix socket.
//!
//! net/resolve.rs finds the addresses of a name, net/race.rs the one that answers first; what is said to a
//! proxy is in [`proxy`](super::proxy).

#![allow(clippy::disallowed_types)] // This is where sockets come from.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix};

use super::error::plain;
use super::proxy::{Proxy, ProxyFault};
use super::race::{new_socket, race};
use super::resolve::addresses;
use super::{Deadline, Error, Stream, interrupt};

/// How long one address is tried, unless the user says otherwise: Postfix's default.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait before asking a Unix socket again that has its queue full.
const QUEUE: Duration = Duration::from_millis(20);

/// Which addresses of a name count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// All of them, in the resolver's order.
    #[default]
    Any,
    /// Only IPv4.
    V4,
    /// Only IPv6.
    V6,
}

/// A connection, and what came before it.
#[derive(Debug)]
pub struct Connected {
    /// The connection.
    pub stream: Stream,
    /// The address that answered.
    pub address: SocketAddr,
    /// Those tried before it in vain, with the reason.
    pub tried: Vec<Tried>,
}

/// Whether it is on this host, by its number. An IPv4 address counts in the form of IPv6 as well (RFC 4291,
/// section 2.5.5.2).
#[must_use]
pub fn is_loopback(address: &SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// An address that was tried in vain.
#[derive(Debug)]
pub struct Tried {
    /// The address.
    pub address: SocketAddr,
    /// Refused, timed out, unreachable; nothing if it was still silent when another one answered.
    pub error: Option<Error>,
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            Some(error) => write!(f, "{}: {error}", self.address),
            None => write!(f, "{}: no answer so far", self.address),
        }
    }
}

/// From where, and over what, a server's addresses are reached.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalEnd {
    /// Which addresses count.
    pub family: Family,
    /// The address of our own end, with port 0 for any; of the family that counts, if one does.
    pub bind: Option<SocketAddr>,
}

/// Why there is no connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name does not exist, or has no address.
    NoSuchHost(String),
    /// The name has addresses, but none of the family asked for.
    NoneOfFamily(String, Family),
    /// The resolver could not tell: the name, and the resolver's reason.
    Resolver(String, String),
    /// The deadline passed before the resolver answered.
    ResolverTimeout(String),
    /// Every address was tried in vain: never empty.
    Failed(Vec<Tried>),
    /// Our own end cannot have the address that it was to have.
    Bind(SocketAddr, io::Error),
    /// There is no connection to the proxy, for the reason inside.
    ToProxy(Box<ConnectError>),
    /// The proxy, as `host:port`, does not connect us, or is no proxy.
    Proxy(String, ProxyFault),
    /// A signal came.
    Interrupted,
}

/// Connects to `port` of `host`, a name or an IP address (without brackets): to that of its addresses which
/// answers first, each tried for at most `patience`, all before `deadline`.
///
/// # Errors
/// See [`ConnectError`].
pub fn connect(
    host: &str,
    port: u16,
    local: LocalEnd,
    patience: Duration,
    deadline: Deadline,
) -> Result<Connected, ConnectError> {
    let addresses = addresses(host, port, local.family, deadline)?;
    let (fd, address, tried) = race(&addresses, local.bind, patience, deadline)?;
    match Stream::tcp(TcpStream::from(fd)) {
        Ok(stream) => Ok(Connected { stream, address, tried }),
        Err(error) => Err(ConnectError::Failed(vec![Tried { address, error: Some(Error::Io(error)) }])),
    }
}

/// Connects to this one address, from `bind` if that is given.
///
/// # Errors
/// [`ConnectError::Failed`] with this address alone, [`ConnectError::Bind`], [`ConnectError::Interrupted`].
pub fn connect_to(
    address: SocketAddr,
    bind: Option<SocketAddr>,
    patience: Duration,
    deadline: Deadline,
) -> Result<Stream, ConnectError> {
    let (fd, address, _) = race(&[address], bind, patience, deadline)?;
    let failed = |error| ConnectError::Failed(vec![Tried { address, error: Some(Error::Io(error)) }]);
    Stream::tcp(TcpStream::from(fd)).map_err(failed)
}

/// Connects to `port` of `host` through a proxy, which looks the name up itself. `patience` is for all of it.
///
/// # Errors
/// See [`ConnectError`].
pub fn connect_through(
    proxy: &Proxy,
    host: &str,
    port: u16,
    local: LocalEnd,
    patience: Duration,
    deadline: Deadline,
) -> Result<Connected, ConnectError> {
    let deadline = Deadline::after(patience).min(deadline);
    let mut connected =
        connect(&proxy.host, proxy.port, local, patience, deadline).map_err(|error| match error {
            ConnectError::Interrupted | ConnectError::Bind(..) => error,
            error => ConnectError::ToProxy(Box::new(error)),
        })?;
    match connected.stream.ask_proxy(proxy, host, port, deadline) {
        Ok(()) => Ok(connected),
        Err(ProxyFault::Network(Error::Interrupted)) => Err(ConnectError::Interrupted),
        Err(fault) => Err(ConnectError::Proxy(proxy.place(), fault)),
    }
}

/// Connects to the Unix socket at `path`.
///
/// # Errors
/// [`Error::Io`]: no such socket, nobody listening, not allowed; [`Error::Timeout`] if its queue stays full.
pub fn connect_unix(path: &Path, deadline: Deadline) -> Result<Stream, Error> {
    let address = SocketAddrUnix::new(path).map_err(io::Error::from)?;
    loop {
        let fd = new_socket(AddressFamily::UNIX)?;
        match rustix::net::connect(&fd, &address) {
            Ok(()) => return Ok(Stream::unix(UnixStream::from(fd), path)?),
            // A full queue cannot be waited for: neither readiness nor a later success is announced.
            Err(Errno::AGAIN) if deadline.is_over() => return Err(Error::Timeout),
            Err(Errno::AGAIN) if interrupt::caught().is_some() => return Err(Error::Interrupted),
            Err(Errno::AGAIN) => thread::sleep(QUEUE),
            Err(error) => return Err(Error::Io(error.into())),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ConnectError::Bind(_, error) => Some(error),
            ConnectError::ToProxy(error) => Some(error),
            ConnectError::Proxy(_, fault) => Some(fault),
            _ => None,
        }
    }
}

/// The address of our own end, with its port if that was named.
#[must_use]
pub fn own_end(address: SocketAddr) -> String {
    if address.port() == 0 { address.ip().to_string() } else { address.to_string() }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::NoSuchHost(host) => write!(f, "no such host: {host}"),
            ConnectError::NoneOfFamily(host, family) => {
                let version = if *family == Family::V6 { 6 } else { 4 };
                write!(f, "{host} has no IPv{version} address")
            }
            ConnectError::Resolver(host, reason) => write!(f, "cannot look up {host} now: {reason}"),
            ConnectError::ResolverTimeout(host) => write!(f, "cannot look up {host} now: timed out"),
            ConnectError::Failed(tried) => {
                f.write_str("cannot connect to ")?;
                for (index, one) in tried.iter().enumerate() {
                    write!(f, "{}{one}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            ConnectError::Bind(address, error) => {
                write!(f, "cannot use the address {}: {}", own_end(*address), plain(error))
            }
            ConnectError::ToProxy(error) => write!(f, "the proxy: {error}"),
            ConnectError::Proxy(place, fault) => write!(f, "the proxy {place} {fault}"),
            ConnectError::Interrupted => f.write_str("interrupted by a signal"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(5))
    }

    #[test]
    fn a_refused_address_is_named_with_its_reason() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = connect("127.0.0.1", free.port(), LocalEnd::default(), PATIENCE, soon()).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot connect to {free}: connection refused"));
    }

    #[test]
    fn a_name_is_tried_address_by_address() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let connected = connect("localhost", address.port(), LocalEnd::default(), PATIENCE, soon()).unwrap();
        assert_eq!(connected.address, address);
        assert_eq!(connected.stream.peer(), address.to_string());
        assert_eq!(connected.stream.local_ip(), Some(address.ip()));
        assert!(connected.tried.iter().all(|tried| tried.address.is_ipv6()));
        assert!(!connected.stream.is_unix());
    }

    #[test]
    fn the_family_asked_for_is_kept() {
        let error = connect("127.0.0.1", 25, LocalEnd { family: Family::V6, bind: None }, PATIENCE, soon())
            .unwrap_err();
        assert_eq!(error.to_string(), "127.0.0.1 has no IPv6 address");
    }

    #[test]
    fn a_deadline_that_is_over_leaves_the_resolver_behind() {
        // The resolver's own way to write an address, for which it asks nobody.
        let error =
            connect("127.1", 25, LocalEnd::default(), PATIENCE, Deadline::after(Duration::ZERO)).unwrap_err();
        assert!(matches!(error, ConnectError::ResolverTimeout(_)), "{error}");
    }

    #[test]
    fn a_unix_socket_is_found_by_its_path_and_its_full_queue_ends_at_the_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lmtp");
        assert!(matches!(connect_unix(&path, soon()), Err(Error::Io(_))));
        let _server = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let stream = connect_unix(&path, soon()).unwrap();
        assert_eq!(stream.peer(), path.display().to_string());
        assert!(stream.is_unix());
        assert_eq!(stream.local_ip(), None);

        let path = folder.path().join("busy");
        let busy = new_socket(AddressFamily::UNIX).unwrap();
        rustix::net::bind(&busy, &SocketAddrUnix::new(&path).unwrap()).unwrap();
        rustix::net::listen(&busy, 0).unwrap();
        let _first = connect_unix(&path, soon()).unwrap();
        let error = connect_unix(&path, Deadline::after(Duration::from_millis(50))).unwrap_err();
        assert!(matches!(error, Error::Timeout), "{error}");
    }
}
