//! The socket under a [`Stream`](super::Stream): it never blocks, and one place waits for it.
//!
//! [`Layer`] is what lies on top of it: nothing, or TLS by one of the backends. A layer only attempts; when
//! it cannot go on it says what it needs, and [`Socket::wait`] waits for that, the deadline or a signal,
//! whichever comes first.

#![allow(clippy::disallowed_types)] // Sockets are made usable here.

use std::io::{self, IoSlice, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::RecvFlags;

use super::{Deadline, Error, interrupt};

/// Something to be waited for: [`READ`], [`WRITE`] or both.
pub(super) type Interest = PollFlags;
/// Something to read, or the end.
pub(super) const READ: Interest = PollFlags::IN;
/// Room to write, or an error to be had by writing.
pub(super) const WRITE: Interest = PollFlags::OUT;

/// The longest that one `poll(2)` is asked to wait; beyond it, it is asked again.
const SLICE: Duration = Duration::from_secs(3600);

/// What came of an attempt, which never waits.
pub(super) enum Attempt {
    /// This many octets; 0 of a read is the orderly end.
    Done(usize),
    /// Nothing, until this comes.
    Blocked(Interest),
}

/// What lies between the octets of a [`Stream`](super::Stream) and its socket.
pub(super) trait Layer: Send {
    /// Takes what is there.
    fn read(&mut self, socket: &Socket, buffer: &mut [u8]) -> Result<Attempt, Error>;
    /// Takes over octets to be sent, as many as it can.
    fn write(&mut self, socket: &Socket, octets: &[u8]) -> Result<Attempt, Error>;
    /// Gets what was taken over out to the socket; `Done` when nothing is left.
    fn flush(&mut self, socket: &Socket) -> Result<Attempt, Error>;
    /// Says good-bye, if that can be said without waiting.
    fn close(&mut self, socket: &Socket);
}

/// A connected socket that never blocks. Clones are the same socket.
#[derive(Debug, Clone)]
pub(super) struct Socket {
    kind: Arc<Kind>,
    /// Signals are not looked at: the last words of a session that one has ended.
    pub(super) heedless: bool,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    /// Nagle's algorithm is turned off: what is written is a whole group already.
    pub(super) fn tcp(stream: TcpStream) -> io::Result<Socket> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        Ok(Socket { kind: Arc::new(Kind::Tcp(stream)), heedless: false })
    }

    pub(super) fn unix(stream: UnixStream) -> io::Result<Socket> {
        stream.set_nonblocking(true)?;
        Ok(Socket { kind: Arc::new(Kind::Unix(stream)), heedless: false })
    }

    pub(super) fn local_ip(&self) -> Option<IpAddr> {
        match &*self.kind {
            Kind::Tcp(stream) => stream.local_addr().ok().map(|address| address.ip().to_canonical()),
            Kind::Unix(_) => None,
        }
    }

    /// Both ends of a TCP connection, our own first; nothing for a Unix socket.
    pub(super) fn ends(&self) -> Option<(SocketAddr, SocketAddr)> {
        match &*self.kind {
            Kind::Tcp(stream) => Some((stream.local_addr().ok()?, stream.peer_addr().ok()?)),
            Kind::Unix(_) => None,
        }
    }

    /// What is there, without taking it; 0 is the end.
    pub(super) fn peek(&self, buffer: &mut [u8]) -> Result<Attempt, Error> {
        let peeked = rustix::net::recv(self, buffer, RecvFlags::PEEK);
        attempted(peeked.map(|(count, _)| count).map_err(io::Error::from), READ)
    }

    pub(super) fn is_unix(&self) -> bool {
        matches!(&*self.kind, Kind::Unix(_))
    }

    /// Ends the sending direction; errors do not matter any more.
    pub(super) fn finish(&self) {
        let _ = match &*self.kind {
            Kind::Tcp(stream) => stream.shutdown(Shutdown::Write),
            Kind::Unix(stream) => stream.shutdown(Shutdown::Write),
        };
    }

    /// Makes the coming close a reset (RST), where there is such a thing.
    pub(super) fn reset_on_close(&self) {
        let _ = rustix::net::sockopt::set_socket_linger(self, Some(Duration::ZERO));
    }

    /// Checks what a wait would check first, for when there is nothing to wait for.
    pub(super) fn may_go_on(&self, deadline: Deadline) -> Result<(), Error> {
        if !self.heedless && interrupt::caught().is_some() {
            return Err(Error::Interrupted);
        }
        if deadline.is_over() { Err(Error::Timeout) } else { Ok(()) }
    }

    /// Waits for the socket, and returns what is ready of what was asked for. Errors count as ready.
    pub(super) fn wait(&self, interest: Interest, deadline: Deadline) -> Result<Interest, Error> {
        wait(self.as_fd(), interest, deadline, !self.heedless)
    }
}

/// Waits until `fd` is ready, the deadline passes or, if those are to be heeded, a signal comes.
pub(super) fn wait(
    fd: BorrowedFd<'_>,
    interest: Interest,
    deadline: Deadline,
    heed: bool,
) -> Result<Interest, Error> {
    let bell = interrupt::bell().filter(|_| heed);
    loop {
        let left = deadline.remaining();
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Error::Timeout);
        }
        let mut fds = [
            PollFd::from_borrowed_fd(fd, interest),
            PollFd::from_borrowed_fd(bell.unwrap_or(fd), bell.map_or(PollFlags::empty(), |_| READ)),
        ];
        match poll(&mut fds, Some(&slice(left))) {
            Ok(_) | Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(Error::Io(error.into())),
        }
        if bell.is_some() && fds[1].revents().contains(READ) {
            return Err(Error::Interrupted);
        }
        let ready = fds[0].revents();
        if ready.intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL) {
            return Ok(interest); // whoever tries will hear what it is
        }
        if ready.intersects(interest) {
            return Ok(ready & interest);
        }
    }
}

/// Waits until there is something to read, or somebody to accept.
///
/// # Errors
/// [`Error::Timeout`], [`Error::Interrupted`], or the system cannot wait for it.
pub fn wait_readable(fd: &impl AsFd, deadline: Deadline) -> Result<(), Error> {
    wait(fd.as_fd(), READ, deadline, true).map(|_| ())
}

/// Waits until there is something to read at one of these, and says which: the first, if there are several.
///
/// # Errors
/// As [`wait_readable`].
pub fn wait_readable_of(fds: &[BorrowedFd<'_>], deadline: Deadline) -> Result<usize, Error> {
    wait_for_any(fds, READ, deadline, true)
}

/// Waits until there is room to write. A signal does not end this wait: what is written next says so.
///
/// # Errors
/// [`Error::Timeout`], or the system cannot wait for it.
pub fn wait_writable(fd: &impl AsFd, deadline: Deadline) -> Result<(), Error> {
    wait(fd.as_fd(), WRITE, deadline, false).map(|_| ())
}

/// Waits until then, with nothing to wait for.
///
/// # Errors
/// [`Error::Interrupted`], or the system cannot wait.
pub fn pause(until: Deadline) -> Result<(), Error> {
    match wait_for_any(&[], READ, until, true) {
        Ok(_) | Err(Error::Timeout) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Waits until one of these is ready, and says which: the first of them, if there are several. As [`wait`]
/// otherwise.
pub(super) fn wait_for_any(
    fds: &[BorrowedFd<'_>],
    interest: Interest,
    deadline: Deadline,
    heed: bool,
) -> Result<usize, Error> {
    let bell = interrupt::bell().filter(|_| heed);
    let mut all: Vec<PollFd<'_>> = fds.iter().map(|fd| PollFd::from_borrowed_fd(*fd, interest)).collect();
    all.extend(bell.map(|bell| PollFd::from_borrowed_fd(bell, READ)));
    loop {
        let left = deadline.remaining();
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Error::Timeout);
        }
        match poll(&mut all, Some(&slice(left))) {
            Ok(_) | Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(Error::Io(error.into())),
        }
        match all.iter().position(|fd| !fd.revents().is_empty()) {
            Some(_) if bell.is_some() && all.last().is_some_and(|fd| !fd.revents().is_empty()) => {
                return Err(Error::Interrupted);
            }
            // Errors count as ready: whoever tries will hear what it is.
            Some(place) => return Ok(place),
            None => {}
        }
    }
}

/// How long one wait may take, of the time that is left.
fn slice(left: Option<Duration>) -> Timespec {
    let slice = left.map_or(SLICE, |left| left.min(SLICE));
    Timespec { tv_sec: slice.as_secs().cast_signed(), tv_nsec: slice.subsec_nanos().into() }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &*self.kind {
            Kind::Tcp(stream) => stream.as_fd(),
            Kind::Unix(stream) => stream.as_fd(),
        }
    }
}

impl Read for &Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &*self.kind {
            Kind::Tcp(stream) => { stream }.read(buffer),
            Kind::Unix(stream) => { stream }.read(buffer),
        }
    }
}

impl Write for &Socket {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match &*self.kind {
            Kind::Tcp(stream) => { stream }.write(octets),
            Kind::Unix(stream) => { stream }.write(octets),
        }
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match &*self.kind {
            Kind::Tcp(stream) => { stream }.write_vectored(slices),
            Kind::Unix(stream) => { stream }.write_vectored(slices),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the system says of an attempt: `would block` is no error here.
pub(super) fn attempted(result: io::Result<usize>, interest: Interest) -> Result<Attempt, Error> {
    match result {
        Ok(count) => Ok(Attempt::Done(count)),
        Err(error) => match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(Attempt::Blocked(interest)),
            _ => Err(Error::Io(error)),
        },
    }
}

/// No TLS: octets go to the socket as they are.
pub(super) struct Plain;

impl Layer for Plain {
    fn read(&mut self, mut socket: &Socket, buffer: &mut [u8]) -> Result<Attempt, Error> {
        attempted(socket.read(buffer), READ)
    }

    fn write(&mut self, mut socket: &Socket, octets: &[u8]) -> Result<Attempt, Error> {
        attempted(socket.write(octets), WRITE)
    }

    fn flush(&mut self, _: &Socket) -> Result<Attempt, Error> {
        Ok(Attempt::Done(0))
    }

    fn close(&mut self, _: &Socket) {}
}
