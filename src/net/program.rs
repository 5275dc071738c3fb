//! A program to talk to over its standard input and output. Both are one end of a socket pair, so that it can
//! be waited for, and closed in one direction, like any other connection. It writes to our standard error.
//!
//! It stays in our process group, so that it can ask at the terminal (ssh does) and Ctrl-C reaches both.

#![allow(clippy::disallowed_types)] // The socket pair.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use zeroize::Zeroizing;

use super::{Deadline, Error, interrupt, socket};

/// How long a program has to end once its input has ended, before it is killed.
const GRACE: Duration = Duration::from_secs(3);
/// The same, once a signal has come, or the time for the whole run is over.
const HURRY: Duration = Duration::from_millis(300);
/// How long to wait before looking again whether it has ended: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));

/// Runs a program, without a shell, whose standard input and output are the other end of this socket. The
/// `hidden` variables of our environment are not in its.
pub(super) fn start(
    words: &[String],
    hidden: &[String],
    whole: Deadline,
) -> io::Result<(UnixStream, Program)> {
    let (program, arguments) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let (ours, its) = UnixStream::pair()?;
    let its_output = its.try_clone()?;
    let mut command = Command::new(program);
    hidden.iter().for_each(|name| _ = command.env_remove(name));
    let child =
        command.args(arguments).stdin(OwnedFd::from(its)).stdout(OwnedFd::from(its_output)).spawn()?;
    Ok((ours, Program { child, whole }))
}

/// What came of a program that was run for what it prints.
#[derive(Debug)]
pub struct Printed {
    /// What it printed on its standard output.
    pub octets: Zeroizing<Vec<u8>>,
    /// How it ended.
    pub status: ExitStatus,
}

/// The most that a program may print for [`printed`], in octets.
pub const MOST_PRINTED: u64 = 64 * 1024;

/// Runs a program, without a shell and without the `hidden` variables, to its end. Its standard error is
/// ours; its standard input is empty, since ours may be a message, or lines that the next program is to have.
/// It is killed when the deadline passes or a signal comes (once signals are caught), or if it prints too
/// much.
///
/// # Errors
/// [`Error::Timeout`], [`Error::Interrupted`]; [`Error::Io`]: it cannot be run, or printed more than
/// [`MOST_PRINTED`] (`FileTooLarge`).
pub fn printed(words: &[String], hidden: &[String], deadline: Deadline) -> Result<Printed, Error> {
    let (program, arguments) = words.split_first().ok_or(Error::Io(io::ErrorKind::InvalidInput.into()))?;
    let mut command = Command::new(program);
    hidden.iter().for_each(|name| _ = command.env_remove(name));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    let child = command.spawn().map_err(Error::Io)?;
    let mut child = Killed(child);
    // With room for all, so that no part of a secret is left behind in another place.
    let room = usize::try_from(MOST_PRINTED).unwrap_or_default() + 1;
    let mut octets = Zeroizing::new(vec![0; room]);
    let mut filled = 0;
    let mut output = child.0.stdout.take().ok_or(Error::Io(io::ErrorKind::BrokenPipe.into()))?;
    loop {
        socket::wait(output.as_fd(), socket::READ, deadline, true)?;
        match output.read(octets.get_mut(filled..).unwrap_or_default()) {
            Ok(0) if filled == room => return Err(Error::Io(io::ErrorKind::FileTooLarge.into())),
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::Io(error)),
        }
    }
    octets.truncate(filled);
    let (mut pause, longest) = PAUSES;
    loop {
        if let Some(status) = child.0.try_wait().map_err(Error::Io)? {
            return Ok(Printed { octets, status });
        }
        if interrupt::caught().is_some() {
            return Err(Error::Interrupted);
        }
        if deadline.is_over() {
            return Err(Error::Timeout);
        }
        thread::sleep(pause);
        pause = longest.min(pause * 2);
    }
}

/// A program that was started and left alone: it outlives us.
#[derive(Debug)]
pub struct Left(Child);

impl Left {
    /// Starts a program, without a shell, under this name. It reads nothing, nobody reads what it writes, and it
    /// keeps no folder from being unmounted.
    ///
    /// # Errors
    /// It cannot be run.
    pub fn start(program: &Path, name: &str, arguments: &[&str]) -> io::Result<Left> {
        let mut command = Command::new(program);
        command.arg0(name).args(arguments).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map(Left)
    }

    /// Whether it has ended; it leaves nothing behind then.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

/// This very program in another process, with an environment of its own.
#[derive(Debug)]
pub struct Own(Child);

/// Where its standard input, output and error are.
#[derive(Debug)]
pub enum Streams {
    /// It reads nothing and prints nothing; what it says goes where our own words go.
    Background,
    /// These.
    Given([OwnedFd; 3]),
}

impl Own {
    /// Starts it under this name, with these words. It is in a process group of its own: a signal that is meant for
    /// ours is told to it by whoever has started it, once.
    ///
    /// # Errors
    /// It cannot be run.
    pub fn start(
        name: &str,
        words: &[String],
        environment: &[(&str, OsString)],
        streams: Streams,
    ) -> io::Result<Own> {
        // Its file may have been replaced by a newer one; this is the one that runs.
        let running = Path::new("/proc/self/exe");
        let program = if running.exists() { running.to_owned() } else { std::env::current_exe()? };
        let mut command = Command::new(program);
        command.arg0(name).args(words).env_clear().current_dir("/").process_group(0);
        command.envs(environment.iter().map(|(name, value)| (*name, value)));
        match streams {
            Streams::Background => command.stdin(Stdio::null()).stdout(Stdio::null()),
            Streams::Given([input, output, error]) => command.stdin(input).stdout(output).stderr(error),
        };
        command.spawn().map(Own)
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system does not say.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.0.try_wait()
    }

    /// Becomes readable when it has ended, where the system can say so.
    #[must_use]
    pub fn end(&self) -> Option<OwnedFd> {
        pidfd_open(self.pid()?, PidfdFlags::empty()).ok()
    }

    /// Asks it to end. It was not waited for, so the number is still its own.
    pub fn terminate(&self) {
        if let Some(pid) = self.pid() {
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    /// Ends it, and waits for that.
    pub fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(i32::try_from(self.0.id()).ok()?)
    }
}

/// A program that is killed when this is dropped before its end.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // One that has ended already is not touched.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that runs; it does not outlive this by more than a moment, but what it has started itself may.
pub(super) struct Program {
    child: Child,
    /// When the whole run must be over.
    whole: Deadline,
}

impl Program {
    /// Waits for its end, and says what that was: `exit status: 1`. Its input must have ended.
    pub(super) fn ended(&mut self) -> Option<String> {
        let (mut pause, longest) = PAUSES;
        let hurry = interrupt::caught().is_some() || self.whole.is_over();
        let patience = Deadline::after(if hurry { HURRY } else { GRACE });
        loop {
            match self.child.try_wait() {
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
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({})", self.child.id())
    }
}
