//! One client's connection: every wait has an end, and all end when the sink is stopped.

use super::cut_short::CutShort;
use super::settings::Patience;
use crate::net::tls::{Acceptor, TlsInfo};
use crate::net::{Deadline, Error, Stream, interrupt};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long a wait can go on before it is noticed that the sink was stopped.
pub(super) const GLANCE: Duration = Duration::from_millis(200);
/// How much is gathered at most before it is written, in octets.
const GATHERED: usize = 64 * 1024;

/// Whether the sink was stopped, by whoever runs it or by a signal.
pub(super) fn is_stopped(stop: &AtomicBool) -> bool {
    stop.load(Ordering::SeqCst) || interrupt::caught().is_some()
}

/// A client's connection.
#[derive(Debug)]
pub(super) struct Connection<'a> {
    stream: Stream,
    patience: Patience,
    stop: &'a AtomicBool,
    /// What is to be written, so that a group of commands is answered by one packet.
    out: Vec<u8>,
    /// What came while something was written.
    early: Vec<u8>,
}

impl<'a> Connection<'a> {
    pub(super) fn new(stream: Stream, patience: Patience, stop: &'a AtomicBool) -> Connection<'a> {
        Connection { stream, patience, stop, out: Vec::new(), early: Vec::new() }
    }

    pub(super) fn peer(&self) -> &str {
        self.stream.peer()
    }

    /// When the wait for the next command ends.
    pub(super) fn deadline(&self) -> Deadline {
        Deadline::after(self.patience.command)
    }

    /// Writes what was gathered and reads what comes, up to the deadline; 0 is the end.
    pub(super) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, CutShort> {
        self.flush()?;
        if !self.early.is_empty() {
            let count = self.early.len().min(buffer.len());
            buffer.iter_mut().zip(self.early.drain(..count)).for_each(|(place, octet)| *place = octet);
            return Ok(count);
        }
        loop {
            if is_stopped(self.stop) {
                return Err(CutShort::Stopped);
            }
            match self.stream.read(buffer, deadline.min(Deadline::after(GLANCE))) {
                Err(Error::Timeout) if deadline.is_over() => return Err(CutShort::Silent),
                Err(Error::Timeout) => {}
                result => return Ok(result?),
            }
        }
    }

    /// Gathers what is to be written.
    pub(super) fn write(&mut self, octets: &[u8]) -> Result<(), CutShort> {
        self.out.extend_from_slice(octets);
        if self.out.len() >= GATHERED { self.flush() } else { Ok(()) }
    }

    /// Writes what was gathered. A client that talks without reading is not read, either: what it says would
    /// fill memory.
    fn flush(&mut self) -> Result<(), CutShort> {
        if self.out.is_empty() {
            return Ok(());
        }
        let early = &mut self.early;
        let mut hear = |octets: &[u8]| {
            early.extend_from_slice(octets);
            if early.len() < GATHERED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        self.stream.write_all(&self.out, Deadline::after(self.patience.write), &mut hear)?;
        self.out.clear();
        Ok(())
    }

    /// Goes on inside TLS. What came in clear after the last read is dropped (RFC 3207, section 6).
    pub(super) fn start_tls(&mut self, acceptor: &Acceptor) -> Result<TlsInfo, CutShort> {
        self.flush()?;
        self.early.clear();
        self.stream.accept_tls(acceptor, Deadline::after(self.patience.handshake))?;
        Ok(self.stream.tls().cloned().unwrap_or_default())
    }

    /// Writes the last words and closes.
    pub(super) fn close(mut self) -> Result<(), CutShort> {
        self.stream.ignore_interrupts();
        let flushed = self.flush();
        self.stream.close();
        flushed
    }
}
