//! Ways to a server: a proxy, a program, an address of our own; and who we are said to be when we get there.

use crate::harness::{Done, Ehlo, send};
use crate::server::Server;
use crate::*;
use ehlo::inside::net::tls::Acceptor;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

/// A SOCKS5 proxy that wants this log-in, if any, and answers the request with this code; with 0 it connects.
/// Its port.
fn socks(log_in: Option<&'static [u8]>, code: u8) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut take = |count: usize| {
            let mut octets = vec![0; count];
            client.read_exact(&mut octets).ok()?;
            Some((octets, client.try_clone().unwrap()))
        };
        let (head, mut out) = take(2)?;
        let (ways, _) = take(head[1].into())?;
        let way = if log_in.is_some() { 2 } else { 0 };
        if !ways.contains(&way) {
            return out.write_all(&[5, 255]).ok();
        }
        out.write_all(&[5, way]).ok()?;
        if let Some(wanted) = log_in {
            let (said, _) = take(wanted.len())?;
            out.write_all(&[1, u8::from(said != wanted)]).ok()?;
        }
        let (request, _) = take(5)?;
        assert_eq!(request[..4], [5, 1, 0, 3], "a name, for the proxy to look up");
        let (rest, _) = take(usize::from(request[4]) + 2)?;
        let (name, to) = rest.split_at(rest.len() - 2);
        if code != 0 {
            return out.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).ok();
        }
        let server =
            TcpStream::connect((std::str::from_utf8(name).unwrap(), u16::from_be_bytes([to[0], to[1]])));
        let server = server.unwrap();
        out.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).ok()?;
        let (there, back) = ((client, server.try_clone().unwrap()), (server, out));
        let one = thread::spawn(move || relay(there));
        relay(back);
        one.join().ok()
    });
    port
}

fn relay((mut from, mut to): (TcpStream, TcpStream)) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn untried(text: &str) -> String {
    format!("---\tJones@Beta.ARPA\tuntried: {text}\n---\tmessage\tuntried: {text}\n")
}

/// One line, this status, and nothing sent.
#[track_caller]
fn fails(run: Ehlo, text: &str, status: i32) -> Done {
    run.stdout(&untried(text)).stderr(&format!("ehlo: {text}\n")).exit(status)
}

#[test]
fn a_socks_proxy_looks_the_name_up() {
    let proxy = socks(None, 0);
    to_jones(&format!("-v -S localhost:PORT --proxy socks5://127.0.0.1:{proxy}"))
        .served_by(Server::tcp(&all_well()))
        .stdout(JONES_HAS_IT)
        .stderr(&format!(
            "# connected to localhost:PORT through the proxy socks5://127.0.0.1:{proxy}\n\
             S: 220 beta\n\
             C: EHLO alpha.arpa\n\
             S: 250 beta\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             S: 250 OK\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             S: 250 OK\n\
             C: DATA\n\
             S: 354 go on\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             S: 250 OK\n\
             C: QUIT\n\
             S: 221 bye\n"
        ))
        .exit(0);
}

#[test]
fn a_user_logs_in_to_the_proxy_and_the_password_is_nowhere_to_be_seen() {
    let log_in = b"\x01\x03joe\x06sesame";
    let url = |proxy: u16| format!("--proxy socks5://joe@127.0.0.1:{proxy}");
    for line in ["--proxy-password-file secret", "--proxy-password-env SECRET"] {
        let proxy = socks(Some(log_in), 0);
        let done = to_jones(&format!("--transcript talk -S localhost:PORT {line} {}", url(proxy)))
            .env("SECRET", "sesame")
            .file("secret", "sesame\n")
            .served_by(Server::tcp(&all_well()))
            .stdout(JONES_HAS_IT)
            .stderr(if line.contains("file") {
                "ehlo: warning: others can read the password file secret: chmod 600 it\n"
            } else {
                ""
            })
            .exit(0);
        assert!(!done.file("talk").contains("sesame"));
    }
    let proxy = socks(Some(log_in), 0);
    let run = to_jones(&format!("-S localhost:1 --proxy-password-env SECRET {}", url(proxy)));
    let run = run.env("SECRET", "sesam3");
    fails(run, &format!("the proxy 127.0.0.1:{proxy} refused the log-in of joe"), 77);
}

#[test]
fn what_a_socks_proxy_refuses_has_its_words_and_its_status() {
    for (code, text, status) in [
        (2, "refused: its rules do not allow this connection", 69),
        (1, "could not connect: general failure", 75),
        (4, "could not connect: host unreachable", 75),
        (5, "could not connect: connection refused", 75),
        (8, "refused: it does not support this type of address", 69),
    ] {
        let proxy = socks(None, code);
        let run = to_jones(&format!("-S beta.example --proxy socks5://127.0.0.1:{proxy}"));
        fails(run, &format!("the proxy 127.0.0.1:{proxy} {text}"), status);
    }
    let proxy = socks(Some(b""), 0);
    let run = to_jones(&format!("-S beta.example --proxy socks5://127.0.0.1:{proxy}"));
    let text = "requires a log-in: name the user, as in socks5://user@host";
    fails(run, &format!("the proxy 127.0.0.1:{proxy} {text}"), 77);
}

/// What an HTTP proxy hears, and what it says in one breath with the server's greeting.
const CONNECT: &str = "C: CONNECT beta.example:25 HTTP/1.1\nC: Host: beta.example:25\nC:\n";

#[test]
fn a_server_outside_ascii_is_asked_for_by_its_a_labels() {
    to_jones("-S bücher.example --proxy http://127.0.0.1:PORT")
        .served_by(Server::tcp(&format!(
            "{}S: HTTP/1.1 200 OK\nS:\n{}",
            CONNECT.replace("beta", "xn--bcher-kva"),
            all_well()
        )))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn the_greeting_right_behind_the_proxys_reply_is_not_lost() {
    let reply = "S: HTTP/1.1 200 Connection established\nS: Via: 1.1 x\nS:\n";
    to_jones("-S beta.example --proxy http://127.0.0.1:PORT")
        .served_by(Server::tcp(&format!("{CONNECT}{reply}{}", all_well())))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn the_certificate_behind_a_proxy_is_the_servers() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let hears = "C: CONNECT localhost:465 HTTP/1.1\nC: Host: localhost:465\nC:\nS: HTTP/1.1 200 OK\nS:\n! handshake\n";
    to_jones("-S smtps://localhost --ca-file ca.pem --proxy http://127.0.0.1:PORT")
        .file("ca.pem", acceptor.certificate_pem())
        .served_by(Server::tcp(&format!("{hears}{}", all_well())).tls(&acceptor))
        .stdout(JONES_HAS_IT)
        .exit(0);
    // It would do for the proxy's own name.
    let text = "certificate not trusted: it is valid for localhost, 127.0.0.1, ::1, not for beta.example";
    to_jones("-S smtps://beta.example --ca-file ca.pem --proxy http://127.0.0.1:PORT")
        .file("ca.pem", acceptor.certificate_pem())
        .served_by(Server::tcp(&hears.replace("localhost:", "beta.example:")).tls(&acceptor))
        .stdout(&untried(text))
        .stderr(&format!(
            "ehlo: {text}; CN=ehlo sink, valid 1975-01-01 to 4096-01-01, sha256:{}; connect by a name that \
             it is valid for, or give that name with --tls-name\n",
            crate::tls::fingerprints(&acceptor).0
        ))
        .exit(77);
}

/// The loopback of a proxy is not ours: somebody may be in between.
#[test]
fn an_unverified_certificate_behind_a_proxy_is_warned_of() {
    let acceptor = Acceptor::new(&[]).unwrap();
    for host in ["127.0.0.1", "localhost", "beta.example"] {
        let hears =
            format!("C: CONNECT {host}:25 HTTP/1.1\nC: Host: {host}:25\nC:\nS: HTTP/1.1 200 OK\nS:\n");
        let run = |flags: &str| {
            to_jones(&format!("-S {host} --proxy http://127.0.0.1:PORT {flags}"))
                .served_by(Server::tcp(&format!("{hears}{}", crate::tls::encrypted())).tls(&acceptor))
        };
        run("").stdout(JONES_HAS_IT).stderr(UNVERIFIED).exit(0);
        run("-q").exit(0);
        let done = run("--json").any_json().stderr(UNVERIFIED).exit(0);
        assert_eq!(done.json()["transactions"][0]["server"]["tls"]["verified"], false);
    }
}

const UNVERIFIED: &str = "ehlo: warning: the connection was encrypted, but the server's certificate could not be \
                          verified: it is self-signed; to silence this: --ca-file, or --pin with --tls \
                          starttls once the server's operator has confirmed the certificate, or --tls off\n";

#[test]
fn an_http_proxy_gets_the_log_in_at_once() {
    let reply = "S: HTTP/1.1 200 OK\nS:\n";
    let hears = "C: CONNECT beta.example:25 HTTP/1.1\nC: Host: beta.example:25\n\
                 C: Proxy-Authorization: Basic am9lOnNlc2FtZQ==\nC:\n";
    to_jones("-S beta.example --proxy http://joe@127.0.0.1:PORT --proxy-password-env SECRET")
        .env("SECRET", "sesame")
        .served_by(Server::tcp(&format!("{hears}{reply}{}", all_well())))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn what_an_http_proxy_refuses_has_its_words_and_its_status() {
    for (reply, text, status) in [
        ("HTTP/1.1 403 Forbidden", "refused: 403 Forbidden", 69),
        ("HTTP/1.1 502 Bad Gateway", "could not connect: 502 Bad Gateway", 75),
        (
            "HTTP/1.1 407 Proxy Authentication Required",
            "requires a log-in: 407 Proxy Authentication Required; name the user, as in http://user@host",
            77,
        ),
        ("220 beta ESMTP", "broke the protocol: this is not HTTP", 76),
    ] {
        fails(
            to_jones("-S beta.example --proxy http://127.0.0.1:PORT")
                .served_by(Server::tcp(&format!("{CONNECT}S: {reply}\nS:\n"))),
            &format!("the proxy 127.0.0.1:PORT {text}"),
            status,
        );
    }
    fails(
        to_jones("-S beta.example --proxy http://127.0.0.1:PORT")
            .served_by(Server::tcp(&format!("{CONNECT}! close\n"))),
        "the proxy 127.0.0.1:PORT closed the connection instead of replying",
        75,
    );
    fails(
        to_jones("-S beta.example --connect-timeout 300ms --proxy http://127.0.0.1:PORT")
            .served_by(Server::tcp(&format!("{CONNECT}! swallow\n"))),
        "the proxy 127.0.0.1:PORT did not answer in time",
        75,
    );
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = to_jones(&format!("-S beta.example --proxy socks5://127.0.0.1:{free}"));
    fails(run, &format!("the proxy: cannot connect to 127.0.0.1:{free}: connection refused"), 75);
}

#[test]
fn json_names_the_proxy_and_what_it_was_asked_for() {
    let proxy = socks(None, 0);
    let ok = serde_json::json!({"code": 250, "enhanced": null, "text": ["OK"]});
    to_jones(&format!("--json -S localhost:PORT --proxy socks5://127.0.0.1:{proxy}"))
        .served_by(Server::tcp(&all_well()))
        .json(serde_json::json!({
            "version": 1, "outcome": "all", "exit_status": 0, "skipped": null,
            "recipients": [{"address": "Jones@Beta.ARPA", "status": "accepted", "stage": "rcpt",
                "transaction": 0, "reply": ok, "explanation": null}],
            "transactions": [{
                "server": {"name": "localhost", "address": "localhost:PORT",
                    "proxy": format!("socks5://127.0.0.1:{proxy}"), "protocol": "smtp",
                    "greeting": {"code": 220, "enhanced": null, "text": ["beta"]}, "extensions": [],
                    "tls": null, "auth": null},
                "sender": {"address": "Smith@Alpha.ARPA", "reply": ok},
                "message": {"id": "<1@alpha.arpa>", "octets": 218, "reply": ok},
                "error": null,
            }],
            "timing_ms": {"connect": 0, "tls": null, "auth": null, "total": 0},
            "error": null,
        }))
        .exit(0);
    let value = |text: &str| -> Value {
        serde_json::json!({
            "version": 1, "outcome": "none", "exit_status": 77, "skipped": null,
            "recipients": [{"address": "Jones@Beta.ARPA", "status": "untried", "stage": "connect",
                "transaction": null, "reply": null, "explanation": null}],
            "transactions": [],
            "timing_ms": {"connect": null, "tls": null, "auth": null, "total": 0},
            "error": {"kind": "auth", "text": text, "awaiting": null, "explanation": null},
        })
    };
    let proxy = socks(Some(b""), 0);
    let text =
        format!("the proxy 127.0.0.1:{proxy} requires a log-in: name the user, as in socks5://user@host");
    to_jones(&format!("--json -S beta.example --proxy socks5://127.0.0.1:{proxy}"))
        .json(value(&text))
        .stderr(&format!("ehlo: {text}\n"))
        .exit(77);
}

/// A server in sh(1): says the greeting, then answers each line that it reads; it keeps what it was told.
const PROGRAM: &str = r#"
say() { printf '%s\r\n' "$1"; }
say '220 beta'
while read -r line; do
    printf '%s\n' "$line" >>heard
    case $line in
    DATA*) say '354 go on' ;;
    MAIL* | RCPT*) say '250 OK' ;;
    EHLO* | LHLO* | .*) say '250 OK' ;;
    QUIT*) say '221 bye'; exit 3 ;;
    esac
done
"#;

#[test]
fn a_program_is_a_server_too() {
    let done = to_jones("-v --pipe 'sh program one two' --no-pipelining")
        .file("program", PROGRAM)
        .stdout(JONES_HAS_IT)
        .stderr(
            "# connected to the program sh\n\
             S: 220 beta\n\
             C: EHLO alpha.arpa\n\
             S: 250 OK\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             S: 250 OK\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             S: 250 OK\n\
             C: DATA\n\
             S: 354 go on\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             S: 250 OK\n\
             C: QUIT\n\
             S: 221 bye\n",
        )
        .exit(0);
    assert!(done.file("heard").starts_with("EHLO alpha.arpa\r\nMAIL FROM:<Smith@Alpha.ARPA>\r\n"));
    assert!(done.file("heard").ends_with(".\r\nQUIT\r\n"));
    // The scheme says what is spoken.
    let done = to_jones("-S lmtp://beta --tls off --pipe 'sh program'")
        .file("program", PROGRAM)
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
    assert!(done.file("heard").starts_with("LHLO alpha.arpa\r\n"));
}

#[test]
fn a_program_that_ends_without_a_greeting_is_75_and_says_how() {
    fails(
        to_jones("--pipe 'sh -c \"exit 4\"'"),
        "the program sh ended without a greeting (exit status: 4)",
        75,
    );
    let text = "the program sh ended without a greeting (exit status: 0)";
    to_jones("--pipe 'sh program'")
        .file("program", "echo no such host >&2")
        .stdout(&untried(text))
        .stderr(&format!("no such host\nehlo: {text}\n"))
        .exit(75);
}

#[test]
fn a_program_that_cannot_be_run_is_74() {
    fails(
        to_jones("--pipe '/no/such/program --password sesame'"),
        "cannot run the program /no/such/program: no such file or directory",
        74,
    );
}

#[test]
fn a_program_that_never_ends_is_not_left_behind() {
    let done = to_jones("-q --timeout 300ms --pipe 'sh program'")
        .file("program", "echo $$ >pid; exec sleep 60")
        .stderr(
            "ehlo: Jones@Beta.ARPA: untried: timed out waiting for the greeting; is this a mail server? \
                 one that expects TLS from the first octet is silent too: try smtps:// or --tls implicit\n",
        )
        .exit(75);
    let pid = done.file("pid");
    assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(), "it still runs");
}

#[test]
fn a_signal_ends_a_session_with_a_program_and_the_program() {
    let done = to_jones("-q --pipe 'sh program'")
        .file("program", "echo $$ >pid; kill -TERM $PPID; exec sleep 60")
        .stderr("ehlo: Jones@Beta.ARPA: untried: interrupted by a signal (awaiting the greeting)\n")
        .exit(75);
    let pid = done.file("pid");
    assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(), "it still runs");
}

#[test]
fn a_program_and_a_command_do_not_get_the_variables_with_passwords() {
    fails(
        to_jones("--pipe 'sh -c \"exit ${SECRET:+4}\"' -u me --password-env SECRET --tls-name beta")
            .env("SECRET", "sesame"),
        "the program sh ended without a greeting (exit status: 0)",
        75,
    );
    let proxy = socks(Some(b"\x01\x03joe\x06sesame"), 0);
    let url = format!("--proxy socks5://joe@127.0.0.1:{proxy} --proxy-password-env SECRET");
    let command = "--password-command 'sh -c \"echo x${SECRET}y\"'";
    to_jones(&format!("-S localhost:PORT {url} -u me {command} --tls off --allow-cleartext-auth"))
        .env("SECRET", "sesame")
        .served_by(Server::tcp(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN {}\nS: 235 welcome\n\
             {MAIL}{RCPT}{TAKEN}{QUIT}",
            encodify::base64::STANDARD.encode("\0me\0xy")
        )))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn no_password_is_said_in_clear_to_a_program() {
    let text = "the server does not offer STARTTLS, but TLS is required; nothing was sent (try --tls \
        implicit on port 465)";
    fails(
        to_jones("--pipe 'sh program' -u me --password-env SECRET --tls-name beta")
            .env("SECRET", "sesame")
            .file("program", PROGRAM),
        text,
        77,
    );
    to_jones("--pipe cat -u me --password-env SECRET")
        .env("SECRET", "sesame")
        .stderr("ehlo: --pipe with TLS: give the name on the certificate with --tls-name (or --server)\n")
        .exit(64);
}

#[test]
fn our_own_address_can_be_chosen() {
    for bind in ["127.0.0.1", "127.0.0.1:0", "127.0.0.9"] {
        to_jones(&format!("--bind {bind}")).server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    }
    fails(
        to_jones("-S 127.0.0.1:9 --bind 192.0.2.1"),
        "cannot use the address 192.0.2.1 (--bind): cannot assign requested address",
        74,
    );
    fails(to_jones("-S 127.0.0.1:9 --bind ::1"), "127.0.0.1 has no IPv6 address", 68);
}

#[test]
fn the_proxy_protocol_goes_out_before_the_greeting() {
    let done = to_jones(
        "-v --proxy-protocol v1 --proxy-source 192.0.2.1:1000 --proxy-destination 198.51.100.7:25 --no-chunking",
    )
    .server("C: PROXY TCP4 192.0.2.1 198.51.100.7 1000 25\nS: 554 not you\nC: QUIT\nS: 221 bye")
    .stdout(&untried("the server rejects the connection: 554 not you"))
    .stderr(
        "# connected to 127.0.0.1:PORT\n\
         # by the PROXY protocol: 192.0.2.1:1000 has connected to 198.51.100.7:25\n\
         S: 554 not you\n\
         C: QUIT\n\
         S: 221 bye\n\
         ehlo: the server rejects the connection: 554 not you\n",
    )
    .exit(69);
    assert_eq!(done.pieces()[0], "PROXY TCP4 192.0.2.1 198.51.100.7 1000 25\r\n", "it goes out by itself");
    let done = to_jones("--proxy-protocol v2 --bind 127.0.0.9")
        .server("! swallow\n")
        .stdout(&untried("timed out waiting for the greeting"))
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that expects TLS from \
                 the first octet is silent too: try smtps:// or --tls implicit\n",
        );
    let done = done.arg("--timeout").arg("300ms").exit(75);
    let wire = done.wire();
    assert!(wire.starts_with("\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c\x7f\0\0\t\x7f\0\0\x01"), "{wire:?}");
}

/// What stands before a server that speaks TLS: takes this line, octet by octet, and hands on what follows it. Its
/// port.
fn balancer(line: &'static str, server: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut said = vec![0; line.len()];
        // A client that says something else is left without its server.
        if client.read_exact(&mut said).is_err() || said != line.as_bytes() {
            return;
        }
        let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
        let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let one = thread::spawn(move || relay(there));
        relay((server, client));
        one.join().unwrap();
    });
    port
}

#[test]
fn the_proxy_protocol_goes_out_before_tls() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let server = Server::tcp(&format!("! handshake\n{}", all_well())).tls(&acceptor);
    let port = balancer("PROXY TCP4 192.0.2.1 198.51.100.7 1000 465\r\n", server.port().unwrap());
    to_jones(&format!("-S smtps://127.0.0.1:{port} --ca-file ca.pem --proxy-protocol v1"))
        .arg("--proxy-source=192.0.2.1:1000")
        .arg("--proxy-destination=198.51.100.7:465")
        .file("ca.pem", acceptor.certificate_pem())
        .served_by(server)
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn xclient_has_the_server_take_us_for_another() {
    let script = format!(
        "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 XCLIENT NAME ADDR\n\
         C: XCLIENT NAME=spike.example ADDR=IPV6:2001:db8::1\nS: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n\
         {MAIL}{RCPT}{TAKEN}{QUIT}"
    );
    to_jones("--xclient 'NAME=spike.example ADDR=2001:db8::1'").server(&script).stdout(JONES_HAS_IT).exit(0);
    let text = "the server does not offer XCLIENT to us; nothing was sent";
    to_jones("--xclient NAME=spike.example")
        .server(&format!("{HELLO}{QUIT}"))
        .stdout(&untried(text))
        .stderr(&format!("ehlo: {text}\n"))
        .exit(69);
}

#[test]
fn the_plan_tells_the_way() {
    send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah --dry-run --tls off -S 192.0.2.1 --bind 192.0.2.9 \
          --proxy http://joe@proxy --proxy-password-file nowhere --xclient 'name=a addr=::1' \
          --proxy-protocol v2 --proxy-source [::1]:5 --proxy-destination [::2]:25")
        .stdout(
            "server      192.0.2.1:25 (smtp)\n\
             bind        192.0.2.9\n\
             proxy       http://proxy:8080, log in as joe\n\
             announced   [::1]:5 to [::2]:25 (PROXY protocol v2)\n\
             xclient     NAME=a ADDR=IPV6:::1\n\
             tls         off\n\
             log in      no\n\
             ehlo name   alpha.arpa\n\
             sender      <Smith@Alpha.ARPA>\n\
             recipients  <Jones@Beta.ARPA>\n\
             message     218 octets, composed, <1@alpha.arpa>\n",
        )
        .exit(0);
    send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah --dry-run --pipe 'nc --secret sesame beta 25'")
        .stdout(
            "server      the program nc (smtp)\n\
             tls         off\n\
             log in      no\n\
             ehlo name   alpha.arpa\n\
             sender      <Smith@Alpha.ARPA>\n\
             recipients  <Jones@Beta.ARPA>\n\
             message     218 octets, composed, <1@alpha.arpa>\n",
        )
        .exit(0);
}

#[test]
fn ways_that_cannot_be_gone_are_64() {
    for (line, text) in [
        (
            "-S a --proxy socks5://joe:sesame@proxy",
            "--proxy: a password does not belong in a URL, where others can see it: use --proxy-password-file or --proxy-password-env",
        ),
        ("-S a --proxy ftp://proxy", "--proxy: name a proxy as socks5://host:port or http://host:port"),
        (
            "-S a --proxy socks5://joe@proxy",
            "no password for joe at the proxy: use --proxy-password-file or --proxy-password-env",
        ),
        (
            "-S a --proxy socks5://proxy --proxy-password-env X",
            "--proxy: a password needs a user: name one, as in socks5://user@host",
        ),
        ("-S a --proxy-password-env X", "--proxy is required as well"),
        (
            "-S a --proxy http://joe@proxy --proxy-password-env X",
            "--proxy-password-env: this variable is not set, or is not UTF-8 (its name is wanted, without '$')",
        ),
        ("-S xn--ü.example", "--server 'xn--ü.example': not a name that the DNS can hold (at character 1)"),
        ("-S lmtp:///s --proxy http://proxy", "--proxy cannot be combined with a Unix socket"),
        ("-S lmtp:///s --bind 127.0.0.1", "--bind cannot be combined with a Unix socket"),
        (
            "-S a --bind eth0",
            "--bind needs an IP address, perhaps with a port, such as 192.0.2.1 or [::1]:2525, not 'eth0'",
        ),
        ("-S a -6 --bind 192.0.2.1", "--bind: 192.0.2.1 is an IPv4 address, but another flag asks for IPv6"),
        ("-S a -4 --bind ::1", "--bind: ::1 is an IPv6 address, but another flag asks for IPv4"),
        ("--pipe cat --bind ::1", "--pipe cannot be used with --bind"),
        ("--pipe cat -4", "--pipe cannot be used with -4"),
        ("--pipe ''", "--pipe is empty"),
        ("-S lmtp:///s --pipe cat", "--pipe and a Unix socket cannot be combined"),
        ("-S a --proxy-source 192.0.2.1:5", "--proxy-protocol is required as well"),
        (
            "-S a --proxy-protocol v1 --proxy-source 192.0.2.1:5 --proxy-destination [::1]:25",
            "--proxy-source and --proxy-destination: both must be IPv4, or both IPv6",
        ),
        (
            "-S a -6 --proxy-protocol v1 --proxy-source 192.0.2.1:5",
            "--proxy-source: 192.0.2.1 is an IPv4 address, but another flag asks for IPv6",
        ),
        (
            "-S lmtp:///s --proxy-protocol v1",
            "--proxy-protocol without an IP address needs --proxy-source and --proxy-destination",
        ),
        (
            "-S a --proxy http://proxy --proxy-protocol v1",
            "--proxy-protocol through a proxy needs --proxy-source and --proxy-destination",
        ),
        (
            "-S a --xclient COLOUR=red",
            "--xclient: unknown attribute 'COLOUR'; known are NAME, ADDR, PORT, PROTO, HELO, LOGIN, \
             DESTADDR, DESTPORT, REVERSE_NAME, SESSION, TTL, TIMEOUT, FORWARD",
        ),
        (
            "-S a --xclient NAME",
            "--xclient: 'NAME' is not an attribute with a value, as in \
          NAME=spike.example",
        ),
    ] {
        to_jones(line).stderr(&format!("ehlo: {text}\n")).exit(64);
    }
}
