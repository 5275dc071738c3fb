//! The flags that say how a server is reached, for the subcommands that send nothing: verify, console, probe.
//! What they mean is tested with send (ways.rs, tls.rs); here it is seen that they are heeded, and what is
//! refused.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::tls::{demanding_config, fingerprints};
use ehlo::inside::net::tls::Acceptor;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::thread;

const HELLO: &str = "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250 beta.arpa\n";
const OFFER: &str =
    "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta.arpa\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead\n";
const AGAIN: &str = "C: EHLO alpha.arpa\nS: 250 beta.arpa\n";
const RCPT: &str = "C: MAIL FROM:<>\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n";
const RSET: &str = "C: RSET\nS: 250 OK\n";
const NOOP: &str = "C: NOOP\nS: 250 OK\n";
const QUIT: &str = "C: QUIT\nS: 221 bye\n! close\n";

/// Each of them with these flags, what it says once the server is there, and what it prints then.
fn each(server: &str, flags: &str) -> [(Ehlo, String, &'static str); 2] {
    let name = "--ehlo-name alpha.arpa";
    [
        (
            ehlo(&format!("verify {server} Jones@Beta.ARPA --no-random {name} {flags}")),
            format!("{RCPT}{RSET}{QUIT}"),
            "250\tJones@Beta.ARPA\tOK\n",
        ),
        (ehlo(&format!("console {server} --send NOOP {name} {flags}")), format!("{NOOP}{QUIT}"), "250 OK\n"),
    ]
}

fn probe(line: &str) -> Ehlo {
    ehlo(&format!("probe --ehlo-name alpha.arpa {line}"))
}

/// Notes that say nothing of how the server was reached.
const NOTES: &str = "findings     2 notes
note         8BITMIME is not offered
               senders must encode non-ASCII text or return the message: turn
               8BITMIME on
note         SIZE is not offered
               a message that is too large is refused only after all of it has
               been sent: turn SIZE on
";

#[test]
fn from_an_address_of_our_own() {
    let lines = [
        "verify 127.0.0.1:PORT Jones@Beta.ARPA -q",
        "console 127.0.0.1:PORT --send NOOP",
        "probe 127.0.0.1:PORT",
    ];
    for line in lines {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let peer = thread::spawn(move || {
            let (mut stream, peer) = listener.accept().unwrap();
            stream.write_all(b"554 go away\r\n").unwrap();
            let _ = stream.read(&mut [0; 100]).and_then(|_| stream.write_all(b"221 bye\r\n"));
            peer.ip().to_string()
        });
        let run = ehlo(&format!("{} --bind 127.0.0.9", line.replace("PORT", &port))).any_stdout();
        let refused = "the server rejects the connection: 554 go away\n";
        let who = if line.starts_with("verify") { "Jones@Beta.ARPA: untried: " } else { "" };
        run.stderr(&format!("ehlo: {who}{refused}")).exit(69);
        assert_eq!(peer.join().unwrap(), "127.0.0.9", "{line}");
    }
}

const CONNECT: &str = "C: CONNECT beta.example:25 HTTP/1.1\nC: Host: beta.example:25\n\
    C: Proxy-Authorization: Basic am9lOnNlc2FtZQ==\nC:\nS: HTTP/1.1 200 OK\nS:\n";
const PROXY: &str = "--tls off --proxy http://joe@127.0.0.1:PORT --proxy-password-env SECRET";

#[test]
fn through_a_proxy_with_a_password() {
    for (run, talk, printed) in each("beta.example", PROXY) {
        run.env("SECRET", "sesame")
            .served_by(Server::tcp(&format!("{CONNECT}{HELLO}{talk}")))
            .stdout(printed)
            .exit(0);
    }
    probe(&format!("beta.example -v {PROXY}"))
        .env("SECRET", "sesame")
        .served_by(Server::tcp(&format!("{CONNECT}{HELLO}{QUIT}")))
        .stdout(&format!(
            "server       beta.example:25 (smtp)
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   none
log-in       not offered
tls          not tried
times        connect 0 ms, greeting 0 ms, ehlo 0 ms, total 0 ms

{NOTES}"
        ))
        .stderr(
            "# connected to beta.example:25 through the proxy http://127.0.0.1:PORT\n\
             S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250 beta.arpa\nC: QUIT\nS: 221 bye\n",
        )
        .exit(0);
}

/// Every connection of a probe goes through the proxy, and its loopback is not this host.
#[test]
fn all_of_a_probe_goes_through_the_proxy() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let connect = CONNECT.replace("beta.example", "localhost");
    let first = format!("{connect}{OFFER}{AGAIN}{QUIT}");
    let once_more = format!("{connect}{OFFER}{QUIT}");
    let ahead = format!("{connect}{OFFER}! forget\n{AGAIN}{QUIT}");
    let too_old = format!("{connect}{OFFER}! forget\n! close\n");
    probe("localhost -q --ca-file ca.pem --min-days 0 --proxy http://joe@127.0.0.1:PORT --proxy-password-file secret")
        .file("ca.pem", acceptor.certificate_pem())
        .file("secret", "sesame\n")
        .served_by(Server::tcp(&format!("{first}{once_more}{ahead}{too_old}")).tls(&acceptor))
        .stderr("ehlo: warning: others can read the password file secret: chmod 600 it\n")
        .exit(0);
}

#[test]
fn with_a_pin() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (pin, key) = fingerprints(&acceptor);
    let server = |talk: &str| Server::tcp(&format!("{OFFER}{talk}")).tls(&acceptor);
    for pin in [&pin, &key] {
        for (run, talk, printed) in each("localhost:PORT", &format!("-4 --pin sha256:{pin}")) {
            run.served_by(server(&format!("{AGAIN}{talk}"))).stdout(printed).exit(0);
        }
    }
    let other = "00".repeat(32);
    for (run, _, _) in each("localhost:PORT", &format!("-4 --pin sha256:{other}")) {
        run.served_by(server("! swallow\n"))
            .any_stdout()
            .stderr(&format!(
                "ehlo: certificate not trusted: it does not match the pin; CN=ehlo sink, for \
                 localhost, 127.0.0.1, ::1, valid 1975-01-01 to 4096-01-01, sha256:{pin}, its key \
                 sha256:{key}; it was replaced, or someone is intercepting the connection: --pin it only if \
                 the server's operator confirms it\n"
            ))
            .exit(77);
    }
}

/// It takes the place of issuer, name and dates; another certificate is told of, and the probe goes on.
#[test]
fn a_pin_is_a_probes_finding() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (pin, _) = fingerprints(&acceptor);
    let dialogue =
        format!("{OFFER}{AGAIN}{QUIT}{OFFER}{QUIT}{OFFER}! forget\n{AGAIN}{QUIT}{OFFER}! forget\n! close\n");
    let run = |pin: &str, more: &str| {
        probe(&format!("localhost:PORT -4 -q --pin sha256:{pin} {more}"))
            .served_by(Server::tcp(&dialogue).tls(&acceptor))
    };
    // No day is left on the harness's calendar, and nobody asks.
    run(&pin, "--min-days 60000 --tls-name other.example").exit(0);
    run(&"00".repeat(32), "")
        .stdout(&NOTES.replace(
            "2 notes\n",
            "1 serious, 2 notes\n\
            serious      the certificate is not the one that is pinned\n               \
            it was replaced, or somebody is in between: ask the server's\n               \
            operator, and pin the new one only if that is confirmed\n",
        ))
        .exit(1);
}

#[test]
fn insecure_is_said_aloud_and_another_name_is_refused() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let server = |talk: &str| Server::tcp(&format!("{OFFER}{talk}")).tls(&acceptor);
    for (run, talk, printed) in each("localhost:PORT", "-4 --tls starttls --insecure") {
        run.served_by(server(&format!("{AGAIN}{talk}")))
            .stdout(printed)
            .stderr("ehlo: warning: the server's certificate is not verified (--insecure)\n")
            .exit(0);
    }
    let flags = "-4 --tls starttls --ca-file ca.pem --tls-name other.example";
    for (run, _, _) in each("localhost:PORT", flags) {
        run.file("ca.pem", acceptor.certificate_pem())
            .served_by(server("! swallow\n"))
            .any_stdout()
            .stderr(&format!(
                "ehlo: certificate not trusted: it is valid for localhost, 127.0.0.1, ::1, not for \
                 other.example; \
                 CN=ehlo sink, valid 1975-01-01 to 4096-01-01, sha256:{}; connect by a name that it is \
                 valid for, or give that name with --tls-name\n",
                fingerprints(&acceptor).0
            ))
            .exit(77);
    }
}

#[test]
fn with_a_certificate_of_our_own() {
    let lines = [
        "verify localhost:PORT Jones@Beta.ARPA -q --no-random",
        "console localhost:PORT --send NOOP",
        "probe localhost:PORT -q --min-days 0",
    ];
    for line in lines {
        let (port, pem, key) = demanding();
        let line = line.replace("PORT", &port.to_string());
        let run = ehlo(&format!(
            "{line} -4 --tls implicit --ca-file c.pem --client-cert c.pem --client-key k.pem --ehlo-name alpha.arpa"
        ));
        let run = run.file("c.pem", &pem).file("k.pem", &key);
        let key = run.folder().join("k.pem");
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
        run.stdout(if line.starts_with("console") { "250 OK\n" } else { "" }).exit(0);
    }
}

/// A server that wants to see a certificate, its own, and says yes to all; its port, the certificate and its
/// key.
fn demanding() -> (u16, String, String) {
    let (config, made) = demanding_config(rustls::DEFAULT_VERSIONS);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        while let Ok((peer, _)) = listener.accept() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = BufReader::new(rustls::StreamOwned::new(connection, peer));
            let _ = stream.get_mut().write_all(b"220 beta.arpa\r\n");
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|count| count > 0) {
                let reply = if line.starts_with("QUIT") { "221 bye\r\n" } else { "250 OK\r\n" };
                let _ = stream.get_mut().write_all(reply.as_bytes());
                line.clear();
            }
        }
    });
    (port, made.cert.pem(), made.signing_key.serialize_pem())
}

#[test]
fn what_means_nothing_to_a_subcommand_is_refused_64() {
    for (subcommand, flags) in [
        ("verify", &["--final-timeout 1m", "--no-chunking", "--force-8bit", "--message-out x"][..]),
        (
            "console",
            &[
                "--no-pipelining",
                "--no-chunking",
                "--force-8bit",
                "--mail-parameter A=1",
                "--rcpt-parameter A=1",
            ],
        ),
        (
            "probe",
            &[
                "--pipe cat",
                "--final-timeout 1m",
                "--insecure",
                "--tls-min 1.3",
                "--tls-backend native",
                "--no-pipelining",
                "--no-chunking",
                "--force-8bit",
                "--proxy-protocol v1",
                "--xclient NAME=x",
                "--mail-parameter A=1",
                "--rcpt-parameter A=1",
            ],
        ),
    ] {
        for flag in flags {
            let name = flag.split(' ').next().unwrap();
            let text = format!("ehlo: no option {name} here: see 'ehlo {subcommand} --help'\n");
            ehlo(&format!("{subcommand} beta {flag}")).stderr(&text).exit(64);
        }
    }
    for flag in ["-u", "--user"] {
        ehlo(&format!("probe beta {flag} me"))
            .stderr(&format!(
                "ehlo: no option {flag} here, though 'ehlo send' has one: see 'ehlo probe --help'\n"
            ))
            .exit(64);
    }
    // Variables that are for the others.
    ehlo("probe")
        .env("EHLO_SERVER", "beta")
        .env("EHLO_USER", "me")
        .stderr("ehlo: no server: name one, as in 'ehlo probe mail.example.org'\n")
        .exit(64);
}

/// A probe connects several times, and a port can be ours only once at a time.
#[test]
fn a_probe_takes_no_port_of_our_own_64() {
    let said = "ehlo: --bind: a probe connects more than once, so give the address without a port\n";
    ehlo("probe 127.0.0.1:1 --bind 127.0.0.1:40000").stdout("").stderr(said).exit(64);
}

/// Who knows the very certificate expects TLS, by LMTP and on this host as well.
#[test]
fn a_pin_and_no_starttls_is_a_serious_finding_1() {
    let server = format!("{}{QUIT}", HELLO.replace("EHLO", "LHLO"));
    let pin = format!("sha256:{}", "0".repeat(64));
    let found = format!(
        "findings     1 serious, 2 notes\nserious      STARTTLS is not offered: all mail arrives in clear\n               \
         anybody on the way can read it: give the server a certificate and\n               \
         a key, and turn TLS on\n{}",
        NOTES.split_once('\n').unwrap().1
    );
    let line = format!("-q lmtp://127.0.0.1:PORT --pin {pin}");
    probe(&line).served_by(Server::tcp(&server)).stdout(&found).stderr("").exit(1);
}
