//! One question to one resolver: over UDP, and over TCP where the answer does not fit (RFC 1035, section 4.2; RFC 7766).
//!
//! Whoever wants to forge an answer has to guess two random numbers, the port and the id, and to come before the resolver
//! (RFC 5452). A datagram that does not answer the question is thrown away, and waiting goes on.

use super::error::DnsError;
use super::message::{Verdict, Wanted, judge, question};
use crate::net::{Deadline, Error as NetError, connect_to, wait_readable};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::ops::ControlFlow;

/// The code of a resolver that does not understand the question (RFC 1035, section 4.1.1): it may not know EDNS.
const FORMAT: u8 = 1;
/// The same from one that says so in another way.
const NOT_IMPLEMENTED: u8 = 4;

/// Asks, and judges the answer.
pub(super) fn ask(server: SocketAddr, wanted: &Wanted, until: Deadline) -> Result<Verdict, DnsError> {
    let first = once(server, wanted, true, until)?;
    match first {
        Verdict::Code(FORMAT | NOT_IMPLEMENTED) => once(server, wanted, false, until),
        verdict => Ok(verdict),
    }
}

fn once(server: SocketAddr, wanted: &Wanted, edns: bool, until: Deadline) -> Result<Verdict, DnsError> {
    let mut id = [0; 2];
    getrandom::fill(&mut id).map_err(|_| DnsError::NoRandom)?;
    let question = question(wanted, u16::from_be_bytes(id), edns).ok_or(DnsError::Name)?;
    let lost = |error| DnsError::Network(server, error);
    match by_udp(server, &question, until).map_err(lost)? {
        Verdict::Cut => by_tcp(server, &question, until).map_err(lost),
        verdict => Ok(verdict),
    }
}

/// A socket of its own, with a port that the system chooses, for each question.
fn by_udp(server: SocketAddr, question: &[u8], until: Deadline) -> Result<Verdict, NetError> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    // Connected: the system throws away what comes from anywhere else, and tells if nobody listens.
    socket.connect(server)?;
    socket.set_nonblocking(true)?;
    socket.send(question)?;
    let mut room = vec![0; 65_535];
    loop {
        wait_readable(&socket, until)?;
        let count = match socket.recv(&mut room) {
            Ok(count) => count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => continue,
            Err(error) => return Err(error.into()),
        };
        match judge(question, room.get(..count).unwrap_or_default()) {
            Verdict::Other => {}
            verdict => return Ok(verdict),
        }
    }
}

/// A message behind its length, both ways.
fn by_tcp(server: SocketAddr, question: &[u8], until: Deadline) -> Result<Verdict, NetError> {
    let patience = until.remaining().unwrap_or(crate::net::connect::PATIENCE);
    let mut stream =
        connect_to(server, None, patience, until).map_err(|error| NetError::Io(io::Error::other(error)))?;
    let length = u16::try_from(question.len()).unwrap_or_default().to_be_bytes();
    stream.write_all(&[&length, question].concat(), until, &mut |_| ControlFlow::Break(()))?;
    let mut said = Vec::new();
    let mut piece = vec![0; 4096];
    loop {
        let whole =
            said.get(..2).map(|length: &[u8]| 2 + usize::from(u16::from_be_bytes([length[0], length[1]])));
        if let Some(whole) = whole
            && said.len() >= whole
        {
            return Ok(match judge(question, said.get(2..whole).unwrap_or_default()) {
                // There is nothing larger.
                Verdict::Cut => Verdict::Malformed,
                verdict => verdict,
            });
        }
        let count = stream.read(&mut piece, until)?;
        if count == 0 {
            return Err(NetError::Io(ErrorKind::UnexpectedEof.into()));
        }
        said.extend_from_slice(piece.get(..count).unwrap_or_default());
    }
}
