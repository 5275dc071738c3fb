//! The content: framed on its way from the source to the stream, in blocks, and stopped where the server
//! answers before its end (framing: smtp/content.rs).

use super::Connection;
use crate::client::drop_point::{DropPoint, Point};
use crate::client::error::Error;
use crate::client::gate::Handover;
use crate::client::observer::Observer;
use ehlo_smtp::content::Framer;
use ehlo_smtp::expect::Stage;
use std::io;

/// How many octets are written at once.
const BLOCK: usize = 256 * 1024;

impl Connection {
    /// Writes the content and what ends it, until the server interrupts.
    pub(super) fn send_content(
        &mut self,
        handover: &mut Handover<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let content = handover.content;
        let octets = content.facts().octets;
        observer.content_begins(octets);
        let chunked = self.session.is_chunked();
        if chunked {
            // The chunk rides behind its command. A server that has left meanwhile is not to get any of it:
            // what becomes of it then nobody knows.
            self.read_now()?;
            if self.session.is_interrupted() {
                return Ok(());
            }
        }
        let framer = if chunked { Framer::without_dots() } else { Framer::default() };
        let begun = self.stream.written() + self.pending.len() as u64;
        let cut = self.drop.and_then(DropPoint::within).map(|octets| begun + octets);
        let left = chunked.then_some(octets);
        let mut writer = Writer { connection: self, observer, framer, left, cut, stopped: None };
        let result = content.write_to(&mut writer).and_then(|()| writer.finish());
        match (result, writer.stopped) {
            (_, Some(Stop::Failed(error))) => return Err(error),
            (_, Some(Stop::Cut(drop))) => {
                observer.content_ends(false);
                return Err(self.drop_now(drop));
            }
            (_, Some(Stop::Interrupted)) => observer.content_ends(false),
            (Err(error), None) => return Err(Error::Source(error)),
            (Ok(()), None) => {
                // Whatever is pending now holds the end: nothing of it is written yet.
                if let Some(gate) = &mut handover.gate {
                    let places: Vec<usize> = self.session.transaction().accepted().collect();
                    gate.before_the_end(&places).map_err(Error::Unrecorded)?;
                }
                self.end_of_content = Some(self.stream.written() + self.pending.len() as u64);
                self.session.content_sent();
                observer.content_ends(true);
                if !chunked {
                    observer.sent(".", false);
                }
                if let Some(drop) = self.drop.filter(|drop| drop.point == Point::Sent(Stage::Message)) {
                    self.flush(observer)?;
                    return Err(self.drop_now(drop));
                }
            }
        }
        Ok(())
    }
}

/// Why the writing of content was stopped.
enum Stop {
    /// The server has answered, or closed the connection: what it said decides.
    Interrupted,
    /// The content was to be cut here.
    Cut(DropPoint),
    Failed(Error),
}

/// Where content is written to: framed, gathered, and sent in blocks.
struct Writer<'a> {
    connection: &'a mut Connection,
    observer: &'a mut dyn Observer,
    framer: Framer,
    /// How much of a chunk is left to be written.
    left: Option<u64>,
    /// How many octets will have been written when the content is to be cut.
    cut: Option<u64>,
    stopped: Option<Stop>,
}

impl Writer<'_> {
    /// What `frame` adds is counted against the size that was announced.
    fn counted(&mut self, frame: impl FnOnce(&mut Framer, &mut Vec<u8>)) -> io::Result<()> {
        let before = self.connection.pending.len();
        frame(&mut self.framer, &mut self.connection.pending);
        let Some(left) = &mut self.left else { return Ok(()) };
        let added = (self.connection.pending.len() - before) as u64;
        *left = left.checked_sub(added).ok_or_else(changed)?;
        Ok(())
    }

    /// Ends the content.
    fn finish(&mut self) -> io::Result<()> {
        self.counted(Framer::finish)?;
        if self.left.is_some_and(|left| left > 0) { Err(changed()) } else { Ok(()) }
    }

    fn stop(&mut self, stop: Stop) -> io::Error {
        self.stopped = Some(stop);
        io::Error::other("stopped")
    }
}

/// There is more or less of it than was announced.
fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the message changed while it was sent")
}

impl io::Write for Writer<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // Pieces of any size come in; what is held here stays small.
        let piece = &piece[..piece.len().min(BLOCK)];
        self.observer.content(piece);
        self.counted(|framer, out| framer.push(piece, out))?;
        if let (Some(cut), Some(drop)) = (self.cut, self.connection.drop) {
            let room = usize::try_from(cut - self.connection.stream.written()).unwrap_or(usize::MAX);
            if room <= self.connection.pending.len() {
                self.connection.pending.truncate(room);
                let stop =
                    self.connection.flush(self.observer).map_or_else(Stop::Failed, |()| Stop::Cut(drop));
                return Err(self.stop(stop));
            }
        }
        // The last block of a chunk waits: until the source has come to its end in good order, its end must
        // not be written.
        if self.connection.pending.len() >= BLOCK && self.left != Some(0) {
            let done = self.connection.flush(self.observer).and_then(|()| self.connection.read_now());
            if let Err(error) = done {
                return Err(self.stop(Stop::Failed(error)));
            }
            if self.connection.broken || self.connection.session.is_interrupted() {
                return Err(self.stop(Stop::Interrupted));
            }
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
