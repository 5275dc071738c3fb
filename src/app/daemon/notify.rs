//! What the service manager is told (sd_notify(3)): that the daemon is ready, that it is alive, that it ends.
#![allow(clippy::disallowed_types, reason = "the daemon has a clock")]

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{AddressFamily, SendFlags, SocketAddrUnix, SocketType, sendto, socket};
use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// The service manager, if there is one.
#[derive(Debug)]
pub struct Notify {
    to: Option<(OwnedFd, SocketAddrUnix)>,
    /// How often it wants to hear that we are alive.
    interval: Option<Duration>,
    next: Instant,
}

impl Notify {
    /// As the environment says. Without it, everything here does nothing.
    #[must_use]
    pub fn of_environment() -> Notify {
        let variable = |name: &str| std::env::var(name).ok();
        let is_ours = variable("WATCHDOG_PID").is_none_or(|pid| pid.parse() == Ok(std::process::id()));
        let interval = variable("WATCHDOG_USEC").filter(|_| is_ours).and_then(|time| time.parse().ok());
        Notify {
            to: variable("NOTIFY_SOCKET").and_then(|name| open(&name).ok()),
            // Twice as often as it must be.
            interval: interval.map(Duration::from_micros).map(|time| time / 2).filter(|time| !time.is_zero()),
            next: Instant::now(),
        }
    }

    /// Says something. Nobody has to listen.
    pub fn say(&self, what: &str) {
        if let Some((socket, address)) = &self.to {
            let _ = sendto(socket, what.as_bytes(), SendFlags::NOSIGNAL, address);
        }
    }

    /// Says that we are alive, if it is time.
    pub fn alive(&mut self) {
        if let Some(interval) = self.interval
            && self.next <= Instant::now()
        {
            self.say("WATCHDOG=1");
            self.next = Instant::now() + interval;
        }
    }

    /// How long may be waited before that is to be said again.
    #[must_use]
    pub fn interval(&self) -> Option<Duration> {
        self.interval.map(|_| self.next.saturating_duration_since(Instant::now()))
    }
}

/// A name that begins with `@` is none of the file system.
fn open(name: &str) -> io::Result<(OwnedFd, SocketAddrUnix)> {
    let address = match name.strip_prefix('@') {
        Some(abstract_name) => SocketAddrUnix::new_abstract_name(abstract_name.as_bytes())?,
        None => SocketAddrUnix::new(name)?,
    };
    let open = socket(AddressFamily::UNIX, SocketType::DGRAM, None)?;
    fcntl_setfd(&open, FdFlags::CLOEXEC)?;
    Ok((open, address))
}
