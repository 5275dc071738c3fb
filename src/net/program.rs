//! A program to talk to over its standard input and output, both of which are one end of a socket pair: so it is
//! waited for, and closed in one direction, like any other connection. Its standard error is ours.
//!
//! It stays in our process group, so that it may ask at the terminal (ssh does) and Ctrl-C reaches both.

#![allow(clippy::disallowed_types)] // The socket pair.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use super::{Deadline, Stream, interrupt};

/// How long a program may take to end once its input has ended; then it is killed.
const GRACE: Duration = Duration::from_secs(3);
/// The same, once a signal has told us to end.
const HURRY: Duration = Duration::from_millis(300);
/// How long to wait before looking again whether it has: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));

/// Runs a program, without a shell, and talks to it. The `hidden` variables of our environment are not in its.
///
/// # Errors
/// It cannot be run, or the system has no more processes or files.
pub fn run(words: &[String], hidden: &[String]) -> io::Result<Stream> {
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let (ours, its) = UnixStream::pair()?;
    let its_output = its.try_clone()?;
    let mut command = Command::new(program);
    hidden.iter().for_each(|name| _ = command.env_remove(name));
    let child =
        command.args(arguments).stdin(OwnedFd::from(its)).stdout(OwnedFd::from(its_output)).spawn()?;
    Stream::program(ours, program, Program(child))
}

/// A program that runs; it does not outlive this by more than a moment.
pub(super) struct Program(Child);

impl Program {
    /// Waits for its end, and says what that was: `exit status: 1`. Its input must have ended.
    pub(super) fn ended(&mut self) -> Option<String> {
        let (mut pause, longest) = PAUSES;
        let patience = Deadline::after(if interrupt::caught().is_some() { HURRY } else { GRACE });
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status.to_string()),
                Ok(None) if !patience.is_over() => thread::sleep(pause),
                Ok(None) | Err(_) => return None,
            }
            pause = longest.min(pause * 2);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.ended().is_none() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({})", self.0.id())
    }
}
