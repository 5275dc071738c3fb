//! `ehlo::inside::net` from outside: deadlines, writing that listens, TLS by both backends, signals. Loopback only.

// Helpers of tests may fail as tests do; and they are the peers, with sockets and clocks of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_types)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ehlo::inside::net::{Deadline, Error, Heard, Stream};

/// A stream whose peer does what it is told, on a thread.
fn with_peer<T: Send + 'static>(
    peer: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (Stream, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (other, _) = listener.accept().unwrap();
    (Stream::tcp(stream).unwrap(), thread::spawn(move || peer(other)))
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

fn deaf(_: &[u8]) -> ControlFlow<()> {
    ControlFlow::Break(())
}

/// For writes that are so small that they never wait, and so never listen.
fn unheard(octets: &[u8]) -> ControlFlow<()> {
    panic!("nobody was to hear {octets:?}")
}

fn write_until_error(stream: &mut Stream) -> Error {
    loop {
        if let Err(error) = stream.write_all(b"c", soon(), &mut unheard) {
            return error;
        }
        thread::sleep(ms(1));
    }
}

mod plain;
mod signals;
#[cfg(feature = "sink")]
mod tls;
