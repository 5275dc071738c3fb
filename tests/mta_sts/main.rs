//! Fetching a policy of MTA-STS (RFC 8461, section 3.3) from a real web server over HTTPS, which is on loopback and may do
//! whatever it likes.

#![cfg(feature = "rustls")] // The server's.
// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_types)]

mod server;

use ehlo::inside::dns::DnsError;
use ehlo::inside::https::{Client, HttpsError, Url};
use ehlo::inside::net::tls::{Settings, Trust};
use ehlo::inside::net::{Deadline, Error, Fault, TlsError};
use ehlo::inside::route::guard::{Allow, Kind};
use ehlo::inside::route::mta_sts::{Fetch, FetchError, Fetcher};
use server::{Say, Server};
use std::cell::Cell;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const HOST: &str = "mta-sts.alpha.arpa";
const POLICY: &str = "version: STSv1\nmode: enforce\nmx: mx.alpha.arpa\nmax_age: 86400\n";

/// Settings that trust whom this PEM says.
fn trusting(pem: &str) -> (TempDir, Settings) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, pem).unwrap();
    (folder, Settings { trust: Trust::File(path), ..Settings::default() })
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

fn nobody(_: &str, _: Deadline) -> Result<Vec<IpAddr>, DnsError> {
    panic!("nothing is looked up")
}

/// Fetches alpha.arpa's policy from this server.
fn from(server: &Server, until: Deadline) -> Result<Vec<u8>, FetchError> {
    let (_folder, tls) = trusting(&server.authority);
    let allow = Allow::default();
    let instead = Some(("127.0.0.1", server.port));
    Fetcher { tls: &tls, allow: &allow, look_up: &nobody, instead, until }.fetch("alpha.arpa")
}

fn said(octets: impl Into<Vec<u8>>) -> Result<Vec<u8>, FetchError> {
    from(&Server::new(HOST, false, Say::Octets(octets.into())), soon())
}

/// 200 with these fields, and this content.
fn ok(fields: &str, content: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n{content}")
}

/// The same, of the right type and length.
fn plain(content: &str) -> String {
    ok(&format!("Content-Type: text/plain\r\nContent-Length: {}\r\n", content.len()), content)
}

#[test]
fn one_host_is_asked_once_for_plain_text() {
    let server = Server::new(HOST, false, Say::Octets(plain(POLICY).into()));
    assert_eq!(from(&server, soon()).unwrap(), POLICY.as_bytes());
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    let mut lines: Vec<String> = asked[0].trim_end().lines().map(str::to_ascii_lowercase).collect();
    assert_eq!(lines.remove(0), "get /.well-known/mta-sts.txt http/1.1");
    lines.sort();
    let agent = format!("user-agent: ehlo/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        lines,
        ["accept-encoding: identity", "accept: text/plain", "host: mta-sts.alpha.arpa", &agent]
    );
}

#[test]
fn content_is_taken_however_it_is_framed() {
    let half = POLICY.len() / 2;
    let chunks = format!(
        "{half:x}\r\n{}\r\n{:x};x=y\r\n{}\r\n0\r\n\r\n",
        &POLICY[..half],
        POLICY.len() - half,
        &POLICY[half..]
    );
    for answer in [
        plain(POLICY),
        ok("Content-Type: text/plain\r\n", POLICY),
        ok("Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", &chunks),
        plain(POLICY).replace("text/plain", "Text/PLAIN; charset=utf-8"),
        plain(POLICY).replace("text/plain", "text/plain\r\nContent-Encoding: identity"),
    ] {
        assert_eq!(
            said(answer.clone()).unwrap_or_else(|error| panic!("{answer}: {error}")),
            POLICY.as_bytes()
        );
    }
    let most = "x".repeat(64 * 1024);
    assert_eq!(said(plain(&most)).unwrap(), most.as_bytes());
}

#[test]
fn what_is_no_plain_text_of_64_kib_is_refused() {
    for status in [301, 302, 303, 307, 308] {
        let answer =
            format!("HTTP/1.1 {status} x\r\nLocation: https://{HOST}/other\r\nContent-Length: 0\r\n\r\n");
        let server = Server::new(HOST, false, Say::Octets(answer.into()));
        let error = from(&server, soon()).unwrap_err();
        assert!(
            matches!(error, FetchError::Https(HttpsError::Redirected(known)) if known == status),
            "{error}"
        );
        assert_eq!(server.asked().len(), 1, "{status} was followed");
    }
    for status in [201, 204, 404, 500] {
        let answer = plain(POLICY).replace("200 OK", &format!("{status} x"));
        let error = said(answer).unwrap_err();
        assert!(matches!(error, FetchError::Status(known) if known == status), "{error}");
    }
    for (media_type, known) in [
        ("text/html", "text/html"),
        ("application/octet-stream", "application/octet-stream"),
        ("text/plainer", "text/plainer"),
        ("", ""),
    ] {
        let error = said(plain(POLICY).replace("text/plain", media_type)).unwrap_err();
        assert!(matches!(&error, FetchError::MediaType(found) if found == known), "{error}");
    }
    let error = said(ok(&format!("Content-Length: {}\r\n", POLICY.len()), POLICY)).unwrap_err();
    assert!(matches!(&error, FetchError::MediaType(found) if found.is_empty()), "{error}");

    let over = "x".repeat(64 * 1024 + 1);
    for answer in [
        plain(&over),
        ok("Content-Type: text/plain\r\n", &over),
        ok(
            "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n",
            &format!("{:x}\r\n{over}\r\n0\r\n\r\n", over.len()),
        ),
        ok("Content-Type: text/plain\r\nContent-Length: 99999999999\r\n", &over),
        ok(&format!("Content-Type: text/plain\r\nX: {}\r\n", "x".repeat(20_000)), POLICY),
    ] {
        let error = said(answer).unwrap_err();
        assert!(matches!(error, FetchError::Https(HttpsError::TooLarge)), "{error}");
    }
    for encoding in ["gzip", "identity, br", "x"] {
        let answer =
            plain(POLICY).replace("text/plain", &format!("text/plain\r\nContent-Encoding: {encoding}"));
        let error = said(answer).unwrap_err();
        assert!(matches!(error, FetchError::Https(HttpsError::Encoded)), "{error}");
    }
}

#[test]
fn what_is_broken_off_is_no_policy() {
    let cut = ok("Content-Type: text/plain\r\nContent-Length: 500\r\n", POLICY);
    for say in [
        Say::Octets(cut.into()),
        Say::Octets(Vec::new()),
        Say::Cut(ok("Content-Type: text/plain\r\n", POLICY).into()),
    ] {
        let error = from(&Server::new(HOST, false, say), soon()).unwrap_err();
        assert!(
            matches!(
                error,
                FetchError::Https(HttpsError::BrokenOff | HttpsError::Network(_) | HttpsError::NotHttp)
            ),
            "{error:?}"
        );
    }
    let error = said("220 mx.alpha.arpa ESMTP\r\n\r\n").unwrap_err();
    assert!(matches!(error, FetchError::Https(HttpsError::NotHttp)), "{error:?}");
}

#[test]
fn a_server_that_drips_is_left_at_the_deadline() {
    for first in
        ["HTTP/1.1 200 x", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"]
    {
        let server = Server::new(HOST, false, Say::Drip(first));
        let begun = Instant::now();
        let error = from(&server, Deadline::after(Duration::from_millis(800))).unwrap_err();
        assert!(
            matches!(error, FetchError::Https(HttpsError::Network(Error::Timeout))),
            "{first:?}: {error:?}"
        );
        assert!(begun.elapsed() < Duration::from_secs(5), "{first:?}");
    }
}

#[test]
fn the_certificate_is_for_the_host_in_time_and_of_somebody_who_is_trusted() {
    let fault = |server: &Server, authority: &str| {
        let (_folder, tls) = trusting(authority);
        let allow = Allow::default();
        let instead = Some(("127.0.0.1", server.port));
        let fetcher = Fetcher { tls: &tls, allow: &allow, look_up: &nobody, instead, until: soon() };
        match fetcher.fetch("alpha.arpa").unwrap_err() {
            FetchError::Https(HttpsError::Handshake(Error::Tls(TlsError::Certificate(fault, _)))) => fault,
            error => panic!("{error:?}"),
        }
    };
    let say = || Say::Octets(plain(POLICY).into());
    let good = Server::new(HOST, false, say());
    // The domain's own name, another host's and a wildcard one label too high are wrong; so is where it is connected to.
    for name in ["alpha.arpa", "mta-sts.beta.arpa", "*.arpa", "127.0.0.1", "localhost"] {
        let server = Server::new(name, false, say());
        assert!(matches!(fault(&server, &server.authority), Fault::WrongName { .. }), "{name}");
        assert_eq!(server.asked().len(), 0, "{name} was asked");
    }
    let over = Server::new(HOST, true, say());
    assert!(matches!(fault(&over, &over.authority), Fault::Expired { .. }));
    assert!(matches!(fault(&good, &over.authority), Fault::UnknownIssuer));
    assert_eq!((over.asked().len(), good.asked().len()), (0, 0));
    let wildcard = Server::new("*.alpha.arpa", false, say());
    assert_eq!(from(&wildcard, soon()).unwrap(), POLICY.as_bytes());
}

#[test]
fn an_address_that_is_not_public_is_not_connected_to() {
    let (_folder, tls) = trusting(&Server::new(HOST, false, Say::Octets(Vec::new())).authority);
    let fetch = |allowed: &str, found: Result<&[&str], DnsError>| {
        let allow: Allow = allowed.split_whitespace().map(|item| item.parse::<Allow>().unwrap()).collect();
        let found = Cell::new(Some(found.map(|ips| ips.iter().map(|ip| ip.parse().unwrap()).collect())));
        let look_up = |host: &str, _: Deadline| {
            assert_eq!(host, HOST);
            found.take().expect("looked up once")
        };
        // Where something is admitted, it would be connected to: the time is over before that.
        let until = Deadline::after(Duration::from_millis(300));
        Fetcher { tls: &tls, allow: &allow, look_up: &look_up, instead: None, until }
            .fetch("alpha.arpa")
            .unwrap_err()
    };
    for (allowed, ips, first, kind) in [
        ("", &["127.0.0.1"][..], "127.0.0.1", Kind::Loopback),
        ("", &["::1", "127.0.0.1"], "::1", Kind::Loopback),
        ("", &["10.0.0.1"], "10.0.0.1", Kind::Private),
        ("", &["169.254.169.254"], "169.254.169.254", Kind::Reserved),
        ("", &["::ffff:127.0.0.1"], "::ffff:127.0.0.1", Kind::Loopback),
        ("private", &["127.0.0.1"], "127.0.0.1", Kind::Loopback),
        ("loopback", &["10.0.0.1", "0.0.0.0"], "10.0.0.1", Kind::Private),
    ] {
        let error = fetch(allowed, Ok(ips));
        let known: IpAddr = first.parse().unwrap();
        assert!(
            matches!(error, FetchError::Guarded(ip, of) if (ip, of) == (known, kind)),
            "{ips:?}: {error:?}"
        );
    }
    // One of several is admitted, and nothing but that is tried.
    let error = fetch("127.9.9.9", Ok(&["10.0.0.1", "127.9.9.9", "127.0.0.1"]));
    assert!(matches!(error, FetchError::Https(HttpsError::Connect(_))), "{error:?}");
    assert_eq!(error.to_string(), "cannot connect to 127.9.9.9:443: connection refused");

    assert!(matches!(fetch("", Ok(&[])), FetchError::LookUp(DnsError::NoRecord)));
    assert!(matches!(fetch("", Err(DnsError::NoSuchName)), FetchError::LookUp(DnsError::NoSuchName)));
    let long = format!("{}a", "a.".repeat(125));
    let allow = Allow::default();
    let error =
        Fetcher { tls: &tls, allow: &allow, look_up: &nobody, instead: None, until: soon() }.fetch(&long);
    assert!(matches!(error, Err(FetchError::Name)));
}

#[test]
fn https_connects_to_the_addresses_that_it_is_given() {
    let server = Server::new(HOST, false, Say::Octets(plain(POLICY).into()));
    let (_folder, tls) = trusting(&server.authority);
    let url = Url::parse(&format!("https://{HOST}/x")).unwrap();
    let client = || Client::new(&tls, None, soon());
    let answer = client().only(&[([127, 0, 0, 1], server.port).into()]).get(&url).unwrap();
    assert_eq!((answer.status, answer.media_type.as_str()), (200, "text/plain"));
    assert_eq!(&**answer.body, POLICY.as_bytes());
    assert!(server.asked()[0].to_ascii_lowercase().contains("\r\naccept: application/json\r\n"));
    let error = client().only(&[]).get(&url).unwrap_err();
    assert!(matches!(error, HttpsError::Connect(_)), "{error:?}");
}
