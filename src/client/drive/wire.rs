//! The stream's side of the driver: what is pending goes out, and what comes in goes to the session.

use super::Connection;
use crate::client::error::Error;
use crate::client::observer::Observer;
use crate::net::{Deadline, Error as NetError, Heard};
use ehlo_smtp::expect::Expect;
use ehlo_smtp::transaction::Progress;
use zeroize::Zeroize;

/// How many octets may wait unread while we write. A server that sends more than the replies that it owes has
/// to wait.
const UNREAD: usize = 1024 * 1024;

impl Connection {
    /// Writes what is pending. A connection that the server has closed is no error yet: what it said before
    /// is read first.
    pub(super) fn flush(&mut self, observer: &mut dyn Observer) -> Result<(), Error> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let session = &mut self.session;
        let in_content = session.transaction().content == Progress::Begun;
        let mut incoming = |octets: &[u8]| {
            session.receive(octets);
            // The rest of the content is of no use to a server that has answered, and it may never take it.
            if in_content && session.is_interrupted() {
                return Heard::Stop;
            }
            if session.unread() > UNREAD { Heard::Enough } else { Heard::GoOn }
        };
        let before = self.stream.written();
        let patience = self.patience;
        let result = self.stream.write_unless(&self.pending, &|| patience.for_block(), &mut incoming);
        self.pending.wipe();
        let written = self.stream.written();
        observer.written(written - before);
        if self.end_of_content.is_some_and(|end| written >= end) {
            self.end_of_content = None;
            self.session.content_written();
        }
        match result {
            Ok(_) => Ok(()),
            Err(error) if error.is_closed() => {
                self.broken = true;
                Ok(())
            }
            Err(error) => Err(self.network(error)),
        }
    }

    /// Reads once.
    pub(super) fn read(&mut self, deadline: Deadline) -> Result<(), Error> {
        let read = self.stream.read(&mut self.room, deadline);
        self.take(read)
    }

    /// Reads what is there, without waiting.
    pub(super) fn read_now(&mut self) -> Result<(), Error> {
        self.stream.read_now(&mut self.room).transpose().map_or(Ok(()), |read| self.take(read))
    }

    /// Passes on what came of reading. A server may have repeated a secret: nothing of it stays here.
    pub(super) fn take(&mut self, read: Result<usize, NetError>) -> Result<(), Error> {
        match read {
            Ok(0) => self.session.hung_up(),
            Ok(count) => {
                let octets = self.room.get_mut(..count).unwrap_or_default();
                self.session.receive(octets);
                octets.zeroize();
            }
            Err(error) if error.is_closed() => self.session.hung_up(),
            // Nothing depends on the reply to QUIT.
            Err(_) if self.session.awaiting() == Some(Expect::Quit) => self.session.hung_up(),
            Err(error) => return Err(self.network(error)),
        }
        Ok(())
    }
}
