//! SIGINT, SIGTERM and SIGHUP: the first ends the wait, so that the session can end in good order; the second
//! kills.
//!
//! A flag alone would leave a gap: a signal that comes between looking at the flag and `poll(2)`, or that
//! another thread receives, would be noticed only when the wait is over. So the handler also writes into a
//! socket pair, which every wait in `net` looks at and nobody empties.

#![allow(clippy::disallowed_types)] // A socket pair that leads nowhere but here.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::bell::{self, Rung};
use rustix::process::{Resource, getrlimit};
use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level::pipe};

/// The first signal caught; 0 for none.
static CAUGHT: AtomicUsize = AtomicUsize::new(0);
/// Whether one was caught, so that the next one has its usual effect.
static ARMED: AtomicBool = AtomicBool::new(false);
/// The end that waits look at, which is readable for good once a signal was caught. The other end stays open,
/// since a closed one would look like a signal.
static BELL: OnceLock<(UnixStream, UnixStream)> = OnceLock::new();

/// Catches SIGINT, SIGTERM and SIGHUP from now on, for the whole process; a second call does nothing.
///
/// A signal that was ignored when the program began (`nohup`, a job in the background of a script) stays
/// ignored.
///
/// # Errors
/// The system refuses a socket pair or a handler.
pub fn install() -> io::Result<()> {
    install_these(&[SIGINT, SIGTERM, SIGHUP])
}

/// The same for a service, for which SIGHUP is no end: each rings the bell that is heard here.
///
/// # Errors
/// The system refuses a socket pair or a handler.
pub fn install_for_service() -> io::Result<Rung> {
    install_these(&[SIGINT, SIGTERM])?;
    let (hangup, rung) = bell::bell()?;
    pipe::register(SIGHUP, hangup.into_socket())?;
    Ok(rung)
}

fn install_these(signals: &[i32]) -> io::Result<()> {
    if BELL.get().is_some() {
        return Ok(());
    }
    let (bell, rope) = UnixStream::pair()?;
    // What can fail comes before anything is caught: a process that has no files left goes on without all of
    // this.
    let ropes = signals.iter().map(|signal| rope.try_clone().map(|rope| (*signal, rope)));
    let ropes = ropes.collect::<io::Result<Vec<_>>>()?;
    if BELL.set((bell, rope)).is_err() {
        return Ok(());
    }
    let ignored = ignored();
    for (signal, rope) in ropes {
        if ignored & (1 << (signal - 1)) != 0 {
            continue;
        }
        // In this order: a signal that comes in between is noticed, and the first must not find the flag that it is
        // about to set.
        pipe::register(signal, rope)?;
        flag::register_usize(signal, &CAUGHT, usize::try_from(signal).unwrap_or_default())?;
        flag::register_conditional_default(signal, &ARMED)?;
        flag::register(signal, &ARMED)?;
    }
    Ok(())
}

/// From now on a file that would grow over its limit (`ulimit -f`) is an error of writing, and no end of the
/// process: a transcript that is full must not cut a delivery in two.
///
/// # Errors
/// The system refuses a handler.
pub fn outlive_full_files() -> io::Result<()> {
    /// Does nothing: the write that fails says what there is to say.
    static SEEN: AtomicBool = AtomicBool::new(false);
    // Without a limit the signal does not come, and asking for the limit costs less than a handler.
    if getrlimit(Resource::Fsize).current.is_none() {
        return Ok(());
    }
    flag::register(SIGXFSZ, &SEEN).map(|_| ())
}

/// The number of the signal that was caught, if one was.
pub fn caught() -> Option<i32> {
    i32::try_from(CAUGHT.load(Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
}

/// What becomes readable when a signal comes; `None` before [`install`].
pub fn bell() -> Option<BorrowedFd<'static>> {
    BELL.get().map(|(bell, _)| bell.as_fd())
}

/// The mask of ignored signals, where the system tells it; 0 elsewhere.
fn ignored() -> u64 {
    // One read takes all that is there; not knowing better, `read_to_string` would begin with a few octets.
    let mut room = [0; 4096];
    let read = File::open("/proc/self/status").and_then(|mut file| file.read(&mut room)).unwrap_or_default();
    let status = std::str::from_utf8(room.get(..read).unwrap_or_default()).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
