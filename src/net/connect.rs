//! Making a connection: to one of the addresses of a name, straight or through a proxy, to a Unix socket, or
//! to a program.
//!
//! net/resolve.rs finds the addresses of a name, net/race.rs the one that answers first; what is said to a
//! proxy is in [`proxy`](super::proxy).

#![allow(clippy::disallowed_types)] // This is where sockets come from.

mod error;

use std::io;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix};

use super::proxy::{Proxy, ProxyFault};
use super::race::{new_socket, race};
use super::resolve::addresses;
use super::{Deadline, Error, LocalEnd, Stream, interrupt, program};
pub use error::{ConnectError, Tried};

/// How long one address is tried, unless the user says otherwise: Postfix's default.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait before asking a Unix socket again that has its queue full.
const QUEUE: Duration = Duration::from_millis(20);

/// A connection, and what came before it.
#[derive(Debug)]
pub struct Connected {
    /// The connection.
    pub stream: Stream,
    /// The address that answered.
    pub address: SocketAddr,
    /// The addresses that were tried in vain before it, with the reasons.
    pub tried: Vec<Tried>,
}

/// Whether it is on this host, by its number. An IPv4 address counts in the form of IPv6 as well (RFC 4291,
/// section 2.5.5.2).
#[must_use]
pub fn is_loopback(address: &SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// Whether it is an address of this host: the system lets nobody take another's. No packet is sent.
#[must_use]
pub fn is_own(address: &SocketAddr) -> bool {
    UdpSocket::bind((address.ip(), 0)).is_ok()
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
    connect_to_one_of(&addresses(host, port, local.family, deadline)?, local.bind, patience, deadline)
}

/// Connects to that of these addresses which answers first, each tried for at most `patience`, all before `deadline`, from
/// `bind` if that is given. Nothing is looked up.
///
/// # Errors
/// [`ConnectError::Failed`], with no address if there is none; [`ConnectError::Bind`], [`ConnectError::Interrupted`].
pub fn connect_to_one_of(
    addresses: &[SocketAddr],
    bind: Option<SocketAddr>,
    patience: Duration,
    deadline: Deadline,
) -> Result<Connected, ConnectError> {
    let (fd, address, tried) = race(addresses, bind, patience, deadline)?;
    Ok(Connected { stream: stream(fd, address)?, address, tried })
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
    stream(fd, address)
}

/// The stream over a socket that is connected to this address.
fn stream(fd: OwnedFd, address: SocketAddr) -> Result<Stream, ConnectError> {
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

/// Runs a program, without a shell, and talks to it. The `hidden` variables of our environment are not in
/// its. `whole` is when the whole run must be over.
///
/// # Errors
/// It cannot be run, or the system has no more processes or files.
pub fn connect_program(words: &[String], hidden: &[String], whole: Deadline) -> io::Result<Stream> {
    let (stream, program) = program::start(words, hidden, whole)?;
    Stream::program(stream, words.first().map_or("", String::as_str), program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_ours_if_the_system_lets_us_have_it() {
        // The last one is for documentation (RFC 5737): nobody has it.
        for (address, is_ours) in [("127.0.0.1:25", true), ("127.9.9.9:587", true), ("192.0.2.1:25", false)] {
            assert_eq!(is_own(&address.parse().unwrap()), is_ours, "{address}");
        }
    }
    use crate::net::Family;
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
