//! One connection, TCP or Unix, in clear or inside TLS: calls that block, each with a deadline, over a socket
//! that does not.
//!
//! Writing listens: whenever the socket takes no more, [`Stream::write_all`] waits for room *or* for
//! something to read, and hands over what comes. So a peer that answers while we still write, and reads no
//! further before its answers are read, does not block both sides (RFC 2920, section 3.1, asks for this).
//!
//! What the octets mean, and how long they may take, is for `client`.

#![allow(clippy::disallowed_types)] // This is where sockets are.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::program::Program;
use super::proxy::{self, Proxy, ProxyFault, authority};
use super::socket::{Attempt, Layer, Plain, READ, Socket};
use super::tls::{self, TlsInfo};
use super::{Deadline, Error};

/// What the listener wants after it was given what came in during a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Go on, and listen on.
    GoOn,
    /// Go on; what comes now can wait.
    Enough,
    /// Stop: the rest need not be written.
    Stop,
}

/// How many octets must be taken within one deadline.
pub const PROGRESS: usize = 4 * 1024;

/// How often a write is tried within its deadline while there seems to be no room.
const TURNS: u32 = 8;
const SHORTEST_TURN: Duration = Duration::from_millis(10);

/// How many octets are taken at once while writing.
const PIECE: usize = 4096;
/// How many pieces are taken before writing goes on: more than one record of TLS, so that none is left behind
/// unseen.
const PIECES: usize = 16;

/// One connection. Dropping it closes it, without TLS's good-bye: [`Stream::close`] says that.
pub struct Stream {
    layer: Box<dyn Layer>,
    socket: Socket,
    tls: Option<TlsInfo>,
    peer: String,
    written: u64,
    /// The program behind the socket, if there is one. Its input ends before it is waited for.
    program: Option<Program>,
}

impl Stream {
    /// A connection over TCP; the socket becomes non-blocking and Nagle's algorithm is turned off.
    ///
    /// # Errors
    /// The system refuses an option, or the peer is gone already.
    pub fn tcp(stream: TcpStream) -> io::Result<Stream> {
        let mut address = stream.peer_addr()?;
        address.set_ip(address.ip().to_canonical());
        Ok(Stream::new(Socket::tcp(stream)?, address.to_string()))
    }

    /// A connection over a Unix socket, which was found at `path`.
    ///
    /// # Errors
    /// The system refuses to make it non-blocking.
    pub fn unix(stream: UnixStream, path: &Path) -> io::Result<Stream> {
        Ok(Stream::new(Socket::unix(stream)?, path.display().to_string()))
    }

    fn new(socket: Socket, peer: String) -> Stream {
        Stream { socket, layer: Box::new(Plain), tls: None, peer, written: 0, program: None }
    }

    /// A connection to a program, called `name`.
    pub(super) fn program(stream: UnixStream, name: &str, program: Program) -> io::Result<Stream> {
        let mut made = Stream::new(Socket::unix(stream)?, name.to_owned());
        made.program = Some(program);
        Ok(made)
    }

    /// Has the proxy at the other end connect us; from then on the server it connected us to is the peer.
    pub(super) fn ask_proxy(
        &mut self,
        proxy: &Proxy,
        host: &str,
        port: u16,
        deadline: Deadline,
    ) -> Result<(), ProxyFault> {
        proxy::ask(proxy, &self.socket, host, port, deadline)?;
        self.peer = authority(host, port);
        Ok(())
    }

    /// Reads what is there, or waits for something; 0 is the orderly end. `buffer` must not be empty.
    ///
    /// After a write that failed, what the peer said before it closed can still be read.
    ///
    /// # Errors
    /// [`Error::Timeout`], [`Error::Interrupted`]; [`Error::Truncated`] for an end inside TLS that
    /// `close_notify` did not announce; otherwise the connection is lost.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, Error> {
        loop {
            match self.layer.read(&self.socket, buffer)? {
                Attempt::Done(count) => return Ok(count),
                Attempt::Blocked(interest) => self.socket.wait(interest, deadline)?,
            };
        }
    }

    /// Reads what is there right now: `None` if that is nothing, 0 for the orderly end. Never waits.
    ///
    /// # Errors
    /// As [`Stream::read`], without the timeout and the signal.
    pub fn read_now(&mut self, buffer: &mut [u8]) -> Result<Option<usize>, Error> {
        match self.layer.read(&self.socket, buffer)? {
            Attempt::Done(count) => Ok(Some(count)),
            Attempt::Blocked(_) => Ok(None),
        }
    }

    /// Writes everything, in pieces as large as the socket takes. Whenever it takes none, whatever the peer
    /// sends meanwhile goes to `incoming`, until that answers `Break`: then nothing more is read during this
    /// call. What `incoming` was given is read, whatever it answers.
    ///
    /// When it returns, everything is with the system (under TLS: encrypted, and with the system).
    /// [`Stream::written`] tells how far it came when it fails.
    ///
    /// # Errors
    /// As [`Stream::read`]; the end of the other direction is no error here, it will show when reading.
    pub fn write_all(
        &mut self,
        octets: &[u8],
        deadline: Deadline,
        incoming: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut incoming = |octets: &[u8]| match incoming(octets) {
            ControlFlow::Continue(()) => Heard::GoOn,
            ControlFlow::Break(()) => Heard::Enough,
        };
        self.write_unless(octets, &|| deadline, &mut incoming).map(drop)
    }

    /// As [`Stream::write_all`], but the listener can stop it; returns whether everything was written. A slow
    /// connection is not a dead one: `deadline` is asked for again whenever [`PROGRESS`] octets more were
    /// taken.
    ///
    /// # Errors
    /// As [`Stream::write_all`].
    pub fn write_unless(
        &mut self,
        octets: &[u8],
        deadline: &dyn Fn() -> Deadline,
        incoming: &mut dyn FnMut(&[u8]) -> Heard,
    ) -> Result<bool, Error> {
        let mut rest = octets;
        let mut listening = true;
        let mut until = deadline();
        let mut taken = 0;
        let turn = until.remaining().map(|left| (left / TURNS).max(SHORTEST_TURN));
        let turn = || turn.map_or_else(Deadline::never, Deadline::after);
        loop {
            let attempt = match rest {
                [] => self.layer.flush(&self.socket)?,
                _ => self.layer.write(&self.socket, rest)?,
            };
            let interest = match attempt {
                Attempt::Done(_) if rest.is_empty() => return Ok(true),
                Attempt::Done(count) => {
                    self.written += count as u64;
                    rest = &rest[count..];
                    taken += count;
                    if taken >= PROGRESS {
                        (until, taken) = (deadline(), 0);
                    }
                    if !rest.is_empty() {
                        // A peer that takes everything at once never makes us wait for it.
                        self.socket.may_go_on(until)?;
                    }
                    continue;
                }
                Attempt::Blocked(interest) => interest,
            };
            let wanted = if listening { interest | READ } else { interest };
            // The system calls a socket writable when a third of its buffer is free, which can be megabytes.
            // A peer that reads slowly makes some room before that, so the write is tried now and then.
            let ready = match self.socket.wait(wanted, turn().min(until)) {
                Ok(ready) => ready,
                Err(Error::Timeout) if !until.is_over() => continue,
                Err(error) => return Err(error),
            };
            if listening && ready.contains(READ) {
                match self.listen(incoming)? {
                    Heard::GoOn => {}
                    Heard::Enough => listening = false,
                    Heard::Stop => return Ok(false),
                }
            }
        }
    }

    /// Hands over what is there, until the listener has enough or nothing more will come.
    fn listen(&mut self, incoming: &mut dyn FnMut(&[u8]) -> Heard) -> Result<Heard, Error> {
        let mut piece = [0; PIECE];
        for _ in 0..PIECES {
            match self.layer.read(&self.socket, &mut piece) {
                Ok(Attempt::Done(0)) | Err(Error::Truncated) => return Ok(Heard::Enough),
                Ok(Attempt::Done(count)) => match incoming(&piece[..count]) {
                    Heard::GoOn => {}
                    heard @ (Heard::Enough | Heard::Stop) => return Ok(heard),
                },
                Ok(Attempt::Blocked(_)) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Heard::GoOn)
    }

    /// How many octets were accepted so far by the socket or, from then on, by TLS. Those may have reached
    /// the peer; none beyond them has.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Goes on inside TLS: the handshake as a client, with a server that should be called `name`.
    ///
    /// The caller makes sure that nothing is left of what came in clear (RFC 3207, section 4.2), with
    /// [`Stream::read_now`] for what waits in the socket; what comes after that is not TLS, and fails. After
    /// an error the connection is of no use.
    ///
    /// # Errors
    /// [`Error::Tls`], [`Error::Timeout`] and [`Error::Interrupted`].
    pub fn start_tls(&mut self, client: &tls::Client, name: &str, deadline: Deadline) -> Result<(), Error> {
        let (layer, info) = client.handshake(&self.socket, name, deadline)?;
        self.layer = layer;
        self.tls = Some(info);
        Ok(())
    }

    /// Goes on inside TLS: the handshake as a server.
    ///
    /// # Errors
    /// As [`Stream::start_tls`].
    #[cfg(feature = "sink")]
    pub fn accept_tls(&mut self, server: &tls::Acceptor, deadline: Deadline) -> Result<(), Error> {
        let (layer, info) = server.handshake(&self.socket, deadline)?;
        self.layer = layer;
        self.tls = Some(info);
        Ok(())
    }

    /// What was agreed, once inside TLS.
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.tls.as_ref()
    }

    /// The other end, as text: `127.0.0.1:2525`, `[::1]:2525`, the path of a Unix socket, the name of a
    /// program; through a proxy the name and port that it was asked for, for nothing more is known.
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// The address of this end; `None` for a Unix socket and a program.
    pub fn local_ip(&self) -> Option<IpAddr> {
        self.socket.local_ip()
    }

    /// Both ends of a TCP connection, our own first; nothing for a Unix socket. Through a proxy, those of the
    /// connection to it.
    pub fn ends(&self) -> Option<(SocketAddr, SocketAddr)> {
        self.socket.ends()
    }

    /// Waits a moment for the program at the other end to end, and tells how it ended: `exit status: 1`.
    /// `None` if it does not, or if there is no program.
    pub fn program_ended(&mut self) -> Option<String> {
        self.socket.finish();
        self.program.as_mut()?.ended()
    }

    /// Whether this is a Unix socket, also one of a pair with a program.
    pub fn is_unix(&self) -> bool {
        self.socket.is_unix()
    }

    /// From now on signals do not end waits: for the last words of a session that one has interrupted.
    pub fn ignore_interrupts(&mut self) {
        self.socket.heedless = true;
    }

    /// Closes in good order: TLS's `close_notify`, then the end. It does not wait, so that either can get
    /// lost.
    pub fn close(mut self) {
        self.layer.close(&self.socket);
        self.socket.finish();
        // A close with octets unread becomes a reset, which can take our last words with it.
        let mut piece = [0; PIECE];
        for _ in 0..PIECES {
            match Plain.read(&self.socket, &mut piece) {
                Ok(Attempt::Done(0) | Attempt::Blocked(_)) | Err(_) => break,
                Ok(Attempt::Done(_)) => {}
            }
        }
    }

    /// Closes by a reset over TCP; a Unix socket is just closed.
    pub fn reset(self) {
        self.socket.reset_on_close();
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("peer", &self.peer).field("tls", &self.tls).finish_non_exhaustive()
    }
}
