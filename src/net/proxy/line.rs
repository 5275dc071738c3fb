//! The connection to a proxy. What follows the proxy's last reply is the server's: [`read`] looks at what is
//! there before it takes it, and never takes an octet too many.

use std::io::{Read, Write};

use super::error::{ProxyBreach, ProxyFault};
use crate::net::socket::{Attempt, Socket, WRITE, attempted};
use crate::net::{Deadline, Error};

/// The connection to a proxy.
pub(super) trait Line {
    /// Writes all of it.
    fn say(&mut self, octets: &[u8]) -> Result<(), Error>;
    /// Waits for something, and looks at it without taking it; 0 is the end.
    fn peek(&mut self, buffer: &mut [u8]) -> Result<usize, Error>;
    /// Takes this many octets of what was looked at.
    fn take(&mut self, count: usize) -> Result<(), Error>;
}

/// Over a socket, up to a deadline.
pub(super) struct Wire<'a> {
    pub(super) socket: &'a Socket,
    pub(super) deadline: Deadline,
}

impl Line for Wire<'_> {
    fn say(&mut self, octets: &[u8]) -> Result<(), Error> {
        let mut rest = octets;
        let mut socket = self.socket;
        while !rest.is_empty() {
            match attempted(socket.write(rest), WRITE)? {
                Attempt::Done(count) => rest = rest.get(count..).unwrap_or_default(),
                Attempt::Blocked(interest) => _ = socket.wait(interest, self.deadline)?,
            }
        }
        Ok(())
    }

    fn peek(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.socket.peek(buffer)? {
                Attempt::Done(count) => return Ok(count),
                Attempt::Blocked(interest) => _ = self.socket.wait(interest, self.deadline)?,
            }
        }
    }

    fn take(&mut self, count: usize) -> Result<(), Error> {
        let mut socket = self.socket;
        // It is there: reading it does not block.
        socket.read_exact(&mut vec![0; count]).map_err(Error::Io)
    }
}

/// Reads one reply of at most `most` octets. `parse` is given all that came so far; it answers with the reply
/// and its length once it is whole. Nothing beyond it is taken.
pub(super) fn read<T>(
    line: &mut dyn Line,
    most: usize,
    mut parse: impl FnMut(&[u8]) -> Result<Option<(usize, T)>, ProxyFault>,
) -> Result<T, ProxyFault> {
    let mut gathered = Vec::new();
    let mut piece = [0; 1024];
    loop {
        let before = gathered.len();
        let room = piece.len().min(most - before);
        let Some(piece) = piece.get_mut(..room).filter(|piece| !piece.is_empty()) else {
            return Err(ProxyFault::Protocol(ProxyBreach::LongReply));
        };
        let count = line.peek(piece)?;
        if count == 0 {
            return Err(ProxyFault::Closed);
        }
        gathered.extend_from_slice(piece.get(..count).unwrap_or_default());
        match parse(&gathered)? {
            Some((length, reply)) => {
                line.take(length.saturating_sub(before))?;
                return Ok(reply);
            }
            None => line.take(count)?,
        }
    }
}
