//! A bell that any thread, or a signal, can ring, and that a wait can hear: a socket pair that leads nowhere but here.
#![allow(clippy::disallowed_types, reason = "the socket pair")]

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// Rings.
#[derive(Debug)]
pub struct Bell(UnixStream);

/// Hears it: becomes readable.
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
    /// Rings it. One that was rung so often that no more fits is heard all the same.
    pub fn ring(&self) {
        let _ = (&self.0).write(&[0]);
    }

    /// The socket to write to.
    pub(super) fn into_socket(self) -> UnixStream {
        self.0
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
