//! Making a connection: the addresses of a name in turn, each with its own patience (RFC 5321, section 5.1), or a
//! Unix socket.
//!
//! Names are looked up by the system's resolver, so that /etc/hosts and the like count. It cannot be told to stop, so
//! it runs beside us and is left behind when the deadline passes. MX records are for another layer.

#![allow(clippy::disallowed_types)] // This is where sockets come from.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, socket_with};

use super::error::plain;
use super::socket::{READ, WRITE, wait};
use super::{Deadline, Error, Stream, interrupt};

/// How long one address is tried, unless the user says otherwise (Postfix's default, too).
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

/// An address that was tried in vain.
#[derive(Debug)]
pub struct Tried {
    /// The address.
    pub address: SocketAddr,
    /// Refused, timed out, unreachable.
    pub error: Error,
}

/// Why there is no connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// The resolver knows the name not to exist, or to have no address (exit status 68).
    NoSuchHost(String),
    /// The name has addresses, but none of the family asked for (68).
    NoneOfFamily(String, Family),
    /// The resolver could not tell (75): the name, and the resolver's reason.
    Resolver(String, String),
    /// The deadline passed before the resolver answered (75).
    ResolverTimeout(String),
    /// Every address was tried in vain (75): never empty.
    Failed(Vec<Tried>),
    /// A signal came (75).
    Interrupted,
}

/// Connects to `port` of `host`, a name or an IP address (without brackets): each address in turn, each for at most
/// `patience`, all before `deadline`.
///
/// # Errors
/// See [`ConnectError`].
pub fn connect(
    host: &str,
    port: u16,
    family: Family,
    patience: Duration,
    deadline: Deadline,
) -> Result<Connected, ConnectError> {
    let mut tried = Vec::new();
    for address in addresses(host, port, family, deadline)? {
        match open(address, Deadline::after(patience).min(deadline)) {
            Ok(stream) => return Ok(Connected { stream, address, tried }),
            Err(Error::Interrupted) => return Err(ConnectError::Interrupted),
            Err(error) => tried.push(Tried { address, error }),
        }
        if deadline.is_over() {
            break;
        }
    }
    Err(ConnectError::Failed(tried))
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

/// Connects to one address.
fn open(address: SocketAddr, deadline: Deadline) -> Result<Stream, Error> {
    let fd = new_socket(if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 })?;
    match rustix::net::connect(&fd, &address) {
        Ok(()) => {}
        Err(Errno::INPROGRESS) => {
            wait(fd.as_fd(), WRITE, deadline, true)?;
            rustix::net::sockopt::socket_error(&fd).and_then(|error| error).map_err(io::Error::from)?;
        }
        Err(error) => return Err(Error::Io(error.into())),
    }
    Ok(Stream::tcp(TcpStream::from(fd))?)
}

/// A socket that neither blocks nor is handed down to the programs we start.
fn new_socket(family: AddressFamily) -> io::Result<OwnedFd> {
    #[cfg(not(target_vendor = "apple"))]
    let fd = socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    #[cfg(target_vendor = "apple")]
    let fd = {
        let fd = socket_with(family, SocketType::STREAM, SocketFlags::empty(), None)?;
        rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
        fd
    };
    rustix::io::ioctl_fionbio(&fd, true)?;
    Ok(fd)
}

/// The addresses of a host, each once, in the resolver's order; never none.
fn addresses(
    host: &str,
    port: u16,
    family: Family,
    deadline: Deadline,
) -> Result<Vec<SocketAddr>, ConnectError> {
    let found = match host.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, port)],
        Err(_) => look_up(host, port, deadline)?,
    };
    if found.is_empty() {
        return Err(ConnectError::NoSuchHost(host.to_owned()));
    }
    let mut wanted: Vec<SocketAddr> = Vec::new();
    for address in found {
        let fits = match family {
            Family::Any => true,
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
        };
        if fits && !wanted.contains(&address) {
            wanted.push(address);
        }
    }
    if wanted.is_empty() {
        return Err(ConnectError::NoneOfFamily(host.to_owned(), family));
    }
    Ok(wanted)
}

/// Asks the system's resolver, on a thread of its own.
fn look_up(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, ConnectError> {
    let trouble = |error: &io::Error| ConnectError::Resolver(host.to_owned(), plain(error));
    let (sender, receiver) = mpsc::channel();
    // The thread's end of the pair is closed when it is done: that can be waited for together with signals.
    let (done, guard) = UnixStream::pair().map_err(|error| trouble(&error))?;
    let name = host.to_owned();
    thread::Builder::new()
        .name("resolver".to_owned())
        .spawn(move || {
            let _ = sender.send((name.as_str(), port).to_socket_addrs().map(Vec::from_iter));
            drop(guard);
        })
        .map_err(|error| trouble(&error))?;
    match wait(done.as_fd(), READ, deadline, true) {
        Ok(_) => {}
        Err(Error::Interrupted) => return Err(ConnectError::Interrupted),
        Err(Error::Io(error)) => return Err(trouble(&error)),
        Err(_) => return Err(ConnectError::ResolverTimeout(host.to_owned())),
    }
    match receiver.try_recv() {
        Ok(Ok(addresses)) => Ok(addresses),
        Ok(Err(error)) => Err(unresolved(host, &error)),
        Err(_) => Err(ConnectError::Resolver(host.to_owned(), "the resolver gave up".to_owned())),
    }
}

/// What the resolver says. The standard library hands on the text only, not getaddrinfo's number; these are the texts
/// of EAI_NONAME and EAI_NODATA in glibc, musl and the BSDs, which are not translated unless `setlocale` was called.
fn unresolved(host: &str, error: &io::Error) -> ConnectError {
    const UNKNOWN: [&str; 6] = [
        "Name or service not known",
        "No address associated with",
        "Name does not resolve",
        "Name has no usable address",
        "nodename nor servname provided",
        "no address associated with",
    ];
    let text = error.to_string();
    if error.kind() == io::ErrorKind::InvalidInput || UNKNOWN.iter().any(|known| text.contains(known)) {
        return ConnectError::NoSuchHost(host.to_owned());
    }
    let reason = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    ConnectError::Resolver(host.to_owned(), plain(&io::Error::other(reason)))
}

impl std::error::Error for ConnectError {}

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
                for (index, Tried { address, error }) in tried.iter().enumerate() {
                    write!(f, "{}{address}: {error}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
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
        let error = connect("127.0.0.1", free.port(), Family::Any, PATIENCE, soon()).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot connect to {free}: connection refused"));
    }

    #[test]
    fn a_name_is_tried_address_by_address() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap();
        let connected = connect("localhost", address.port(), Family::Any, PATIENCE, soon()).unwrap();
        assert_eq!(connected.address, address);
        assert_eq!(connected.stream.peer(), address.to_string());
        assert_eq!(connected.stream.local_ip(), Some(address.ip()));
        assert!(connected.tried.iter().all(|tried| tried.address.is_ipv6()));
        assert!(!connected.stream.is_unix());
    }

    #[test]
    fn the_family_asked_for_is_kept() {
        let error = connect("127.0.0.1", 25, Family::V6, PATIENCE, soon()).unwrap_err();
        assert_eq!(error.to_string(), "127.0.0.1 has no IPv6 address");
    }

    #[test]
    fn the_resolver_s_texts_tell_an_unknown_host_from_trouble() {
        let unknown = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(unresolved("nowhere.example", &unknown).to_string(), "no such host: nowhere.example");
        let nul = ("a\0b", 25).to_socket_addrs().unwrap_err();
        assert!(matches!(unresolved("a", &nul), ConnectError::NoSuchHost(_)));
        let trouble =
            io::Error::other("failed to lookup address information: Temporary failure in name resolution");
        assert_eq!(
            unresolved("nowhere.example", &trouble).to_string(),
            "cannot look up nowhere.example now: temporary failure in name resolution"
        );
    }

    #[test]
    fn a_deadline_that_is_over_leaves_the_resolver_behind() {
        let error =
            connect("localhost", 25, Family::Any, PATIENCE, Deadline::after(Duration::ZERO)).unwrap_err();
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
