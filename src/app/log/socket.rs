//! A Unix socket to a daemon that keeps logs. One that takes nothing is not waited for: the mail is sent, and
//! the program has to end.

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, SendFlags, SocketAddrUnix, SocketType};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

/// So long a daemon may take for a line.
const PATIENCE: Duration = Duration::from_secs(1);

/// Connects to it. A wrong `kind` is `EPROTOTYPE`.
pub(super) fn connect(path: &Path, kind: SocketType) -> io::Result<OwnedFd> {
    let socket = rustix::net::socket(AddressFamily::UNIX, kind, None)?;
    fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
    // For a queue that is full, too: connect(2) waits there as long as send(2) may.
    set_socket_timeout(&socket, Timeout::Send, Some(PATIENCE))?;
    rustix::net::connect(&socket, &SocketAddrUnix::new(path)?)?;
    Ok(socket)
}

/// Sends one line, whole.
pub(super) fn send(socket: &OwnedFd, octets: &[u8]) -> io::Result<()> {
    match rustix::net::send(socket, octets, SendFlags::NOSIGNAL)? {
        sent if sent == octets.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    }
}
