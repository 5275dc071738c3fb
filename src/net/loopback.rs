//! Waits on 127.0.0.1 for a browser that is sent back to this machine (RFC 8252, section 7.3). It knows just enough of
//! HTTP for that: one request line, and a page in answer (RFC 9112). Browsers open connections that they do not use, and
//! others on this machine can connect too, so that several are open at a time and none of them is waited for alone.

#![allow(clippy::disallowed_types)] // This is where sockets are.

use super::socket::{READ, wait_for_any};
use super::{Deadline, Error};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;
use std::time::Duration;

/// How often a port is looked for that is free in both families.
const TRIES: u32 = 20;
/// How many connections are open at a time; the oldest is closed for one more.
const MOST: usize = 32;
/// How long to wait where the system has no descriptor for a connection.
const PAUSE: Duration = Duration::from_millis(10);
/// The most octets of a request.
const LARGEST: usize = 16 * 1024;

/// Listens on a port that the system chooses.
#[derive(Debug)]
pub struct Loopback {
    /// Of IPv4, and of IPv6 where there is that: a browser that is sent to `localhost` may take either, and nobody else is
    /// to have the other.
    listeners: Vec<TcpListener>,
    port: u16,
    open: VecDeque<(TcpStream, Vec<u8>)>,
}

/// What came first.
#[derive(Debug)]
pub enum Came {
    /// A request.
    Request(Request),
    /// There is something to read beside.
    Beside,
}

/// A request, which wants a page.
#[derive(Debug)]
pub struct Request {
    stream: TcpStream,
    /// What is asked for: `/?code=…`.
    pub target: String,
}

/// What becomes of what a connection has said so far.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// More is to come.
    Part,
    /// Somebody asks for this.
    Whole(String),
    /// This is nothing that a browser says.
    Other,
}

impl Loopback {
    /// Begins to listen.
    ///
    /// # Errors
    /// The system has no port.
    pub fn bind() -> io::Result<Loopback> {
        let mut tries = TRIES;
        loop {
            tries -= 1;
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let port = listener.local_addr()?.port();
            let mut listeners = vec![listener];
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
                Ok(other) => listeners.push(other),
                Err(error) if error.kind() == ErrorKind::AddrInUse && tries > 0 => continue,
                Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
                // This machine has no IPv6.
                Err(_) => {}
            }
            listeners.iter().try_for_each(|listener| listener.set_nonblocking(true))?;
            return Ok(Loopback { listeners, port, open: VecDeque::new() });
        }
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Waits for a request, or until there is something to read `beside`.
    ///
    /// # Errors
    /// [`Error::Timeout`], [`Error::Interrupted`], or the system cannot wait.
    pub fn wait(&mut self, beside: Option<BorrowedFd<'_>>, until: Deadline) -> Result<Came, Error> {
        loop {
            let mut fds: Vec<BorrowedFd<'_>> = self.listeners.iter().map(AsFd::as_fd).collect();
            fds.extend(self.open.iter().map(|(stream, _)| stream.as_fd()));
            fds.extend(beside);
            let ready = wait_for_any(&fds, READ, until, true)?;
            match ready.checked_sub(self.listeners.len()) {
                None => self.accept(ready),
                Some(at) if at < self.open.len() => {
                    if let Some(request) = self.hear(at) {
                        return Ok(Came::Request(request));
                    }
                }
                Some(_) => return Ok(Came::Beside),
            }
        }
    }

    fn accept(&mut self, which: usize) {
        match self.listeners.get(which).map(TcpListener::accept) {
            Some(Ok((stream, _))) if stream.set_nonblocking(true).is_ok() => {
                if self.open.len() >= MOST {
                    self.open.pop_front();
                }
                self.open.push_back((stream, Vec::new()));
            }
            // One that is gone already is not missed. Where descriptors lack, it comes again.
            Some(Ok(_)) | None => {}
            Some(Err(_)) => thread::sleep(PAUSE),
        }
    }

    /// Reads what one has to say; its request, once it is whole.
    fn hear(&mut self, at: usize) -> Option<Request> {
        let (mut stream, mut said) = self.open.remove(at)?;
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => said.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            // It has closed.
            Ok(_) | Err(_) => return None,
        }
        match judge(&said) {
            Said::Whole(target) => return Some(Request { stream, target }),
            Said::Part => self.open.insert(at, (stream, said)),
            Said::Other => answer(&mut stream, "400 Bad Request", "This is not a request."),
        }
        None
    }
}

impl Request {
    /// Shows a page with these words, and closes.
    pub fn answer(mut self, status: &str, words: &str) {
        answer(&mut self.stream, status, words);
    }
}

/// What a connection has said: the end of its header is awaited, so that nothing unread turns the answer into a reset.
fn judge(said: &[u8]) -> Said {
    if memchr::memmem::find(said, b"\r\n\r\n").is_none() {
        return if said.len() > LARGEST { Said::Other } else { Said::Part };
    }
    let line = said.split(|octet| *octet == b'\r').next().unwrap_or_default();
    let words: Vec<&[u8]> = line.split(|octet| *octet == b' ').collect();
    match words.as_slice() {
        [b"GET", target, version] if version.starts_with(b"HTTP/1.") && target.starts_with(b"/") => {
            match std::str::from_utf8(target) {
                Ok(target) if target.bytes().all(|octet| octet.is_ascii_graphic()) => {
                    Said::Whole(target.to_owned())
                }
                _ => Said::Other,
            }
        }
        _ => Said::Other,
    }
}

/// The page fits into any socket's buffer; a browser that does not take it is not waited for.
fn answer(stream: &mut TcpStream, status: &str, words: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ehlo</title><p>{words}</p></html>\n"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'\r\n\r\n",
        page.len()
    );
    let _ = stream.write_all([head, page].concat().as_bytes());
    let _ = stream.shutdown(std::net::Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_at_every_split_and_nothing_else_is_one() {
        let whole = b"GET /?code=1&state=2 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n";
        for end in 0..whole.len() {
            assert_eq!(judge(&whole[..end]), Said::Part, "{end}");
        }
        assert_eq!(judge(whole), Said::Whole("/?code=1&state=2".to_owned()));
        for other in [
            &b"POST / HTTP/1.1\r\n\r\n"[..],
            b"GET http://x/ HTTP/1.1\r\n\r\n",
            b"GET / HTTP/2\r\n\r\n",
            b"GET /\r\n\r\n",
            b"GET / x HTTP/1.1\r\n\r\n",
            b"GET /\xff HTTP/1.1\r\n\r\n",
            b"GET /\x1b HTTP/1.1\r\n\r\n",
            b"\r\n\r\n",
            b"\x16\x03\x01\r\n\r\n",
        ] {
            assert_eq!(judge(other), Said::Other, "{other:?}");
        }
        assert_eq!(judge(&vec![b'x'; LARGEST + 1]), Said::Other);
    }

    #[test]
    fn connections_that_say_nothing_keep_nobody_from_being_heard() {
        let mut loopback = Loopback::bind().unwrap();
        let port = loopback.port();
        let connect = || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let silent: Vec<TcpStream> = (0..MOST + 8).map(|_| connect()).collect();
        let mut gone = connect();
        gone.write_all(b"GET /gone").unwrap();
        drop(gone);
        let mut other = connect();
        other.write_all(b"HELO x\r\n\r\n").unwrap();
        let mut browser = connect();
        browser.write_all(b"GET /?code=1 HTTP/1.1\r\n\r\n").unwrap();
        let until = Deadline::after(Duration::from_secs(10));
        let Came::Request(request) = loopback.wait(None, until).unwrap() else { panic!("nobody asks") };
        assert_eq!(request.target, "/?code=1");
        request.answer("200 OK", "Done.");
        let mut page = String::new();
        browser.read_to_string(&mut page).unwrap();
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("<p>Done.</p>"), "{page}");
        drop(silent);
        let over = loopback.wait(None, Deadline::after(Duration::from_millis(50)));
        assert!(matches!(over, Err(Error::Timeout)), "{over:?}");
    }
}
