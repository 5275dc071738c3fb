//! `--dns`: a name server on one port of UDP and TCP (RFC 1035, section 4.2; RFC 7766), which answers as [`Zone`] says.
//!
//! One thread does all of it. A client over TCP has a few seconds, may ask as often as it likes, and is dropped if it does
//! not read; how many there are at once is limited. What a question and an answer look like is [`crate::dns`]'s.

#![allow(clippy::disallowed_types)] // Sockets of the sink's own, which never block.

use super::accept::PAUSE;
use super::connection::{GLANCE, is_stopped};
use super::zone::Zone;
use crate::dns::{Question, Transport, respond};
use crate::net::{Deadline, wait_readable_of};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

/// The most clients over TCP at once.
const MOST: usize = 16;
/// How long a client over TCP may be silent.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest question: no real one comes near it.
const LONGEST: usize = 4096;
/// How many datagrams are answered before anything else has its turn.
const TURN: usize = 64;
/// How often another port is tried, where any will do and it must be free for both.
const TRIES: usize = 64;

/// The sockets.
#[derive(Debug)]
pub(super) struct NameServer {
    udp: UdpSocket,
    tcp: TcpListener,
}

/// Is told of each question that is answered.
pub(super) type Asked<'a> = &'a (dyn Fn(&Question) + Sync);

impl NameServer {
    /// Listens; port 0 is any that is free.
    pub(super) fn bind(address: SocketAddr) -> io::Result<NameServer> {
        let mut tries = 0;
        loop {
            tries += 1;
            let tcp = TcpListener::bind(address)?;
            match UdpSocket::bind(tcp.local_addr()?) {
                Ok(udp) => {
                    tcp.set_nonblocking(true)?;
                    udp.set_nonblocking(true)?;
                    return Ok(NameServer { udp, tcp });
                }
                Err(error) if address.port() != 0 || tries == TRIES => return Err(error),
                Err(_) => {}
            }
        }
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Answers until it is stopped.
    pub(super) fn serve(&self, zone: &Zone, stop: &AtomicBool, asked: Asked<'_>) {
        let answer = |octets: &[u8], transport| {
            respond(octets, transport, &|question| {
                asked(question);
                zone.answer(question)
            })
        };
        let mut clients: Vec<Client> = Vec::new();
        let mut room = [0; LONGEST];
        while !is_stopped(stop) {
            let mut sockets: Vec<BorrowedFd<'_>> = vec![self.udp.as_fd()];
            sockets.extend(clients.iter().map(|client| client.stream.as_fd()));
            // Who comes when it is full waits until somebody has gone.
            sockets.extend((clients.len() < MOST).then(|| self.tcp.as_fd()));
            let _ = wait_readable_of(&sockets, Deadline::after(GLANCE));
            self.datagrams(&mut room, &|octets| answer(octets, Transport::Udp));
            clients.retain_mut(|client| client.go_on(&mut room, &|octets| answer(octets, Transport::Tcp)));
            if clients.len() < MOST {
                clients.extend(self.client());
            }
        }
    }

    fn datagrams(&self, room: &mut [u8], answer: &dyn Fn(&[u8]) -> Option<Vec<u8>>) {
        for _ in 0..TURN {
            match self.udp.recv_from(room) {
                Ok((count, from)) => {
                    if let Some(said) = answer(room.get(..count).unwrap_or_default()) {
                        // Who does not get it asks again.
                        let _ = self.udp.send_to(&said, from);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // Somebody before has closed the port that an answer went to.
                Err(_) => {}
            }
        }
    }

    fn client(&self) -> Option<Client> {
        match self.tcp.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true).ok()?;
                Some(Client { stream, said: Vec::new(), until: Deadline::after(PATIENCE) })
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(_) => {
                // No file descriptors are left: that passes.
                thread::sleep(PAUSE);
                None
            }
        }
    }
}

/// Somebody who asks over TCP.
struct Client {
    stream: TcpStream,
    /// What came, and is not answered.
    said: Vec<u8>,
    until: Deadline,
}

impl Client {
    /// Reads what is there and answers it; `false` when it is over.
    fn go_on(&mut self, room: &mut [u8], answer: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> bool {
        match self.stream.read(room) {
            Ok(0) => return false,
            Ok(count) => self.said.extend_from_slice(room.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return !self.until.is_over(),
            Err(_) => return false,
        }
        while let Some((question, rest)) = framed(&self.said) {
            let Some(said) = answer(question) else { return false };
            let length = u16::try_from(said.len()).unwrap_or_default().to_be_bytes();
            if self.stream.write_all(&[&length, said.as_slice()].concat()).is_err() {
                return false;
            }
            self.said = rest.to_vec();
            self.until = Deadline::after(PATIENCE);
        }
        self.said.len() <= LONGEST && !self.until.is_over()
    }
}

/// The first message behind its length, and the rest; `None` if it is not all there.
fn framed(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
