//! What all threads of the daemon share.
#![allow(clippy::disallowed_types, reason = "a socket pair that leads nowhere but here")]

use super::people::People;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

/// What all threads share.
#[derive(Debug)]
pub struct Shared {
    /// Where the queue is.
    pub folder: PathBuf,
    /// Who is connected, and how much of the queue is whose.
    pub people: People,
    /// Wakes the runner.
    pub bell: Bell,
}

/// Wakes the runner from any thread.
#[derive(Debug)]
pub struct Bell(UnixStream);

/// Hears it.
#[derive(Debug)]
pub struct Rung(UnixStream);

/// A bell, and who hears it.
///
/// # Errors
/// The system refuses a socket pair.
pub fn bell() -> io::Result<(Bell, Rung)> {
    let (bell, rung) = UnixStream::pair()?;
    bell.set_nonblocking(true)?;
    rung.set_nonblocking(true)?;
    Ok((Bell(bell), Rung(rung)))
}

impl Bell {
    /// There is something to send. Where the bell was rung so often that it is full, that is known.
    pub fn ring(&self) {
        let _ = (&self.0).write(&[0]);
    }
}

impl Rung {
    /// Whether it was rung since this was asked last.
    pub fn was_rung(&mut self) -> bool {
        let mut was = false;
        while self.0.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
            was = true;
        }
        was
    }
}

impl AsFd for Rung {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
