//! The way to a client and back: two descriptors, such as standard input and output. Every wait has an end.

use crate::net::{Deadline, Error, wait_readable, wait_writable};
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::time::Duration;

/// How much is written at once, in octets: what poll(2) says there is room for (PIPE_BUF).
const WRITTEN: usize = 4096;
/// How much is gathered at most before it is written, in octets.
const GATHERED: usize = 64 * 1024;

/// How long a client is waited for that is told the last words.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why a session was cut short.
#[derive(Debug)]
pub enum CutShort {
    /// The client said nothing for too long, or did not read.
    Silent,
    /// A signal came.
    Interrupted,
    /// The system failed; or the client is gone without a word.
    Io(io::Error),
}

impl fmt::Display for CutShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CutShort::Silent => "the client was silent for too long",
            CutShort::Interrupted => "a signal ended the session",
            CutShort::Io(_) => "the connection to the client failed",
        })
    }
}

impl std::error::Error for CutShort {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CutShort::Io(error) => Some(error),
            CutShort::Silent | CutShort::Interrupted => None,
        }
    }
}

impl From<Error> for CutShort {
    fn from(error: Error) -> CutShort {
        match error {
            Error::Timeout => CutShort::Silent,
            Error::Interrupted => CutShort::Interrupted,
            Error::Io(error) => CutShort::Io(error),
            other => CutShort::Io(io::Error::other(other)),
        }
    }
}

/// Two descriptors: what a client says comes from one, what it is told goes to the other.
#[derive(Debug)]
pub struct Channel<R, W> {
    input: R,
    output: W,
    patience: Duration,
    /// What is to be written, so that a group of commands is answered at once.
    out: Vec<u8>,
}

impl<R: Read + AsFd, W: Write + AsFd> Channel<R, W> {
    /// Over these two, neither of which keeps anything back; a client may be silent for so long.
    pub fn new(input: R, output: W, patience: Duration) -> Channel<R, W> {
        Channel { input, output, patience, out: Vec::new() }
    }

    /// Writes what was gathered, and reads what comes; 0 is the end.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, CutShort> {
        self.flush()?;
        let deadline = Deadline::after(self.patience);
        loop {
            wait_readable(&self.input, deadline)?;
            match self.input.read(buffer) {
                Err(error) if is_not_now(&error) => {}
                // A client over a socket that is gone has said all that it will say.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(0),
                result => return result.map_err(CutShort::Io),
            }
        }
    }

    /// The session ends: what is left to say is said soon, or not at all.
    pub(super) fn hurry(&mut self) {
        self.patience = self.patience.min(LAST_WORDS);
    }

    /// Gathers what is to be written.
    pub(super) fn gather(&mut self, octets: &[u8]) -> Result<(), CutShort> {
        self.out.extend_from_slice(octets);
        if self.out.len() >= GATHERED { self.flush() } else { Ok(()) }
    }

    /// Writes what was gathered. A client that is told something and reads nothing is waited for as one that
    /// says nothing.
    pub(super) fn flush(&mut self) -> Result<(), CutShort> {
        let deadline = Deadline::after(self.patience);
        let mut written = 0;
        while let Some(rest) = self.out.get(written..).filter(|rest| !rest.is_empty()) {
            wait_writable(&self.output, deadline)?;
            match self.output.write(rest.get(..WRITTEN).unwrap_or(rest)) {
                Err(error) if is_not_now(&error) => {}
                result => written += result.map_err(CutShort::Io)?,
            }
        }
        self.out.clear();
        Ok(())
    }
}

fn is_not_now(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
