//! `--dns`: a web server that has the MTA-STS policies of all domains, and nothing else (RFC 8461, section 3.3).
//!
//! A client has a few seconds and a thread, since browsers open connections that they do not use; how many there are at once
//! is limited.

#![allow(clippy::disallowed_types)] // The listener of the sink.

use super::accept::accept;
use super::connection::Connection;
use super::cut_short::CutShort;
use super::settings::Patience;
use super::zone::Zone;
use crate::net::tls::Acceptor;
use crate::net::{Deadline, Stream};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// How long each wait for a client may take.
const WAIT: Duration = Duration::from_secs(5);
/// The most clients at once.
const MOST: usize = 16;
/// The longest head of a request, in octets.
const LONGEST: usize = 8 * 1024;
/// Where a policy is.
const PATH: &str = "/.well-known/mta-sts.txt";

/// Is told of each host whose policy was asked for.
pub(super) type Fetched<'a> = &'a (dyn Fn(&str) + Sync);

/// Answers until it is stopped.
pub(super) fn serve(
    listener: &TcpListener,
    acceptor: &Acceptor,
    zone: &Zone,
    stop: &AtomicBool,
    fetched: Fetched<'_>,
) {
    let busy = AtomicUsize::new(0);
    thread::scope(|scope| {
        while let Some(client) = accept(listener, stop) {
            // What goes wrong ends this client's connection only.
            let work = || {
                let _ = one(client, acceptor, zone, stop, fetched);
                busy.fetch_sub(1, Ordering::SeqCst);
            };
            // Where there is no room it is this thread's work, and others wait. Without a thread the client is dropped.
            if busy.fetch_add(1, Ordering::SeqCst) >= MOST {
                work();
            } else if thread::Builder::new().name("policy".to_owned()).spawn_scoped(scope, work).is_err() {
                busy.fetch_sub(1, Ordering::SeqCst);
            }
        }
    });
}

fn one(
    client: TcpStream,
    acceptor: &Acceptor,
    zone: &Zone,
    stop: &AtomicBool,
    fetched: Fetched<'_>,
) -> Result<(), CutShort> {
    let stream = Stream::tcp(client).map_err(|error| CutShort::Net(error.into()))?;
    let patience = Patience { command: WAIT, handshake: WAIT, write: WAIT };
    let mut connection = Connection::new(stream, patience, stop);
    connection.start_tls(acceptor)?;
    let deadline = Deadline::after(WAIT);
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|octets| octets == b"\r\n\r\n") && head.len() < LONGEST {
        match connection.read(&mut piece, deadline)? {
            0 => break,
            count => head.extend_from_slice(piece.get(..count).unwrap_or_default()),
        }
    }
    let host = policy_host(&head);
    let policy = host.and_then(|host| zone.policy(host));
    if let (Some(host), Some(_)) = (host, &policy) {
        fetched(host);
    }
    connection.write(answer(policy.as_deref()).as_bytes())?;
    connection.close()
}

/// The host whose policy a request is for: the Host field of a GET (RFC 9112, section 3.2), without a port.
fn policy_host(head: &[u8]) -> Option<&str> {
    let (head, _) = std::str::from_utf8(head).ok()?.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    lines.next()?.strip_prefix("GET ")?.strip_prefix(PATH)?.strip_prefix(" HTTP/1.")?;
    let field = |line: &'_ str| {
        let (name, _) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then_some(name.len() + 1)
    };
    let host = lines.find_map(|line| line.get(field(line)?..))?.trim_matches([' ', '\t']);
    host.split(':').next()
}

fn answer(policy: Option<&str>) -> String {
    let (status, text) = match policy {
        Some(policy) => ("200 OK", policy),
        None => ("404 Not Found", "only policies of MTA-STS are here\r\n"),
    };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_asked_for_by_the_name_of_its_host() {
        for (head, wanted) in [
            (
                "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.a.example\r\n\r\n",
                Some("mta-sts.a.example"),
            ),
            ("GET /.well-known/mta-sts.txt HTTP/1.1\r\nA: b\r\nhOsT:a:443\t\r\n\r\nmore", Some("a")),
            ("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: a\r\n", None),
            ("GET /.well-known/mta-sts.txt?x HTTP/1.1\r\nHost: a\r\n\r\n", None),
            ("GET /.well-known/mta-sts.txt HTTP/1.1\r\n\r\n", None),
            ("POST /.well-known/mta-sts.txt HTTP/1.1\r\nHost: a\r\n\r\n", None),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", None),
            ("\r\n\r\n", None),
            ("", None),
        ] {
            assert_eq!(policy_host(head.as_bytes()), wanted, "{head}");
        }
        assert_eq!(policy_host(b"GET \xff HTTP/1.1\r\nHost: a\r\n\r\n"), None);
    }

    #[test]
    fn what_there_is_not_is_404() {
        assert_eq!(
            answer(None),
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 35\r\nConnection: close\r\n\r\n\
             only policies of MTA-STS are here\r\n"
        );
    }
}
