//! Clients, as they come.

#![allow(clippy::disallowed_types)] // The listeners of the sink.

use super::connection::{GLANCE, is_stopped};
use crate::net::{self, Deadline};
use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

/// How long to wait after a client could not be accepted.
pub(super) const PAUSE: Duration = Duration::from_millis(32);

/// The next client; nothing once the sink was stopped. The listener does not block.
pub(super) fn accept(listener: &TcpListener, stop: &AtomicBool) -> Option<TcpStream> {
    while !is_stopped(stop) {
        match listener.accept() {
            Ok((client, _)) => return Some(client),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // A client or a signal comes, or it is time to look whether the sink was stopped.
                let _ = net::wait_readable(listener, Deadline::after(GLANCE));
            }
            // Whatever goes wrong here passes: no file descriptors are left, or the client has gone.
            Err(_) => thread::sleep(PAUSE),
        }
    }
    None
}
