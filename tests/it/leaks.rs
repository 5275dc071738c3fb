//! No secret is in any output: each mechanism, times what the server makes of it, times each way to look on. The server
//! is one that repeats what it hears wherever it may: as it came, decoded, and the password by itself.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

const PASSWORD: &str = "Open\u{fc}sesame/17";
const TOKEN: &str = "ya29.T0ken-with_much~in.it";

/// What a server makes of a log-in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    Accepts,
    Refuses,
    /// And repeats it in the replies to MAIL and RCPT, which are in the report.
    AcceptsAndTells,
    /// A reply that is none.
    Breaks,
    HangsUp,
}

const THEN: [Then; 5] = [Then::Accepts, Then::Refuses, Then::AcceptsAndTells, Then::Breaks, Then::HangsUp];

fn base64(octets: impl AsRef<[u8]>) -> String {
    encodify::base64::STANDARD.encode(octets)
}

fn decoded(text: &str) -> String {
    let octets = encodify::base64::STANDARD.decode(text.as_bytes()).unwrap_or_default();
    String::from_utf8_lossy(&octets).replace(['\r', '\n', '\0', '\x01'], " ")
}

/// A server that offers one mechanism and cannot keep anything to itself; returns all responses that it got.
fn gossip(listener: TcpListener, mechanism: &'static str, secret: &str, then: Then) -> Vec<String> {
    let (stream, _) = listener.accept().unwrap();
    let mut out = stream.try_clone().unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut said: Vec<String> = Vec::new();
    let _ = write!(out, "220 {secret} {}\r\n", base64(secret));
    let mut content = false;
    while let Some(Ok(line)) = lines.next() {
        let tale = || {
            let heard =
                said.iter().map(|text| format!("{text} {}", decoded(text))).collect::<Vec<_>>().join(" ");
            format!("{heard} {secret} {}", base64(secret))
        };
        let reply = match line.as_str() {
            "." if content => {
                content = false;
                format!("250 OK {}", tale())
            }
            _ if content => continue,
            "DATA" => {
                content = true;
                "354 go on".to_owned()
            }
            "QUIT" => format!("221 {}", tale()),
            line if line.starts_with("EHLO") => {
                format!("250-x\r\n250-X-{secret}\r\n250-HELP {}\r\n250 AUTH {mechanism}", tale())
            }
            line if line.starts_with("MAIL") || line.starts_with("RCPT") || line == "RSET" => match then {
                Then::AcceptsAndTells if line.starts_with("RCPT") => format!("550 5.1.1 {}", tale()),
                Then::AcceptsAndTells => format!("250 {}", tale()),
                _ => "250 OK".to_owned(),
            },
            // AUTH, and whatever answers a challenge.
            line => {
                let response = match line.strip_prefix("AUTH ") {
                    Some(rest) => rest.split_once(' ').map(|(_, initial)| initial),
                    None => Some(line),
                };
                said.extend(response.map(str::to_owned));
                let needed = match mechanism {
                    "LOGIN" => 2,
                    _ => 1,
                };
                let heard =
                    said.iter().map(|text| format!("{text} {}", decoded(text))).collect::<Vec<_>>().join(" ");
                let tale = format!("{heard} {secret} {}", base64(secret));
                match (mechanism, then) {
                    ("CRAM-MD5", _) if said.is_empty() => format!("334 {}", base64("<1@beta>")),
                    ("LOGIN", _) if said.len() < needed => {
                        format!("334 {}", base64(format!("User {secret}")))
                    }
                    ("SCRAM-SHA-256", _) if said.len() == 1 => {
                        let nonce = decoded(&said[0]);
                        let nonce = nonce.split("r=").nth(1).unwrap_or_default().to_owned();
                        format!("334 {}", base64(format!("r={nonce}x,s={},i=4096", base64("salt"))))
                    }
                    // Its signature cannot be right here: the client leaves.
                    ("SCRAM-SHA-256", Then::Accepts | Then::AcceptsAndTells) => format!("235 {tale}"),
                    ("XOAUTH2" | "OAUTHBEARER", Then::Refuses) if said.len() == 1 => {
                        format!("334 {}", base64(format!("{{\"status\":\"401\",\"token\":\"{secret}\"}}")))
                    }
                    (_, Then::Accepts | Then::AcceptsAndTells) => format!("235 welcome {tale}"),
                    (_, Then::Refuses) => format!("535-5.7.8 not {tale}\r\n535 5.7.8 {tale}"),
                    (_, Then::Breaks) => format!("what is {tale}"),
                    (_, Then::HangsUp) => return said,
                }
            }
        };
        let _ = write!(out, "{reply}\r\n");
    }
    said
}

const LOOKS: [&[&str]; 6] = [
    &["-v"],
    &["-vvv", "--explain"],
    &["--json", "--explain"],
    &["-q"],
    &["--transcript", "talk", "--failed-to", "failed"],
    &["-vvv", "--json", "--transcript", "talk", "--message-out", "copy"],
];

/// In which forms a secret must not be found: itself, in base64, in hex.
fn forms(secret: &str) -> [String; 3] {
    [secret.to_owned(), base64(secret), hex(secret)]
}

fn hex(text: &str) -> String {
    text.bytes().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(" ")
}

fn check(mechanism: &'static str, then: Then, look: &[&str]) {
    let is_token = matches!(mechanism, "XOAUTH2" | "OAUTHBEARER");
    let secret = if is_token { TOKEN } else { PASSWORD };
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || gossip(listener, mechanism, secret, then));
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ehlo"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("PW", secret);
    command.current_dir(folder.path()).stdin(Stdio::null());
    command.args(["send", "-S", &format!("127.0.0.1:{port}"), "--tls", "off", "--ehlo-name", "alpha.arpa"]);
    command.args(["-f", "a@x.example", "-t", "b@x.example", "--body", "x", "--deadline", "10s"]);
    command.args(["--allow-cleartext-auth", "--auth", mechanism, "-u", "smith"]).args(look);
    match is_token {
        true => command.args(["--oauth-token-command", "sh -c 'echo $PW'"]),
        false => command.args(["--password-env", "PW"]),
    };
    let done = command.output().unwrap();
    let responses = crate::harness::ended(server, port);

    let mut out = [done.stdout, done.stderr].concat();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        out.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let out = String::from_utf8(out).unwrap();
    // Hex goes on in the next line: without what stands between.
    let joined: String =
        out.lines().filter_map(|line| line.strip_prefix("# ")?.get(6..)).collect::<Vec<_>>().join(" ");
    // What JSON has escaped would be found as well.
    let unescaped = out.replace("\\/", "/");
    let case = format!("{mechanism} {then:?} {look:?}");
    for form in forms(secret).iter().chain(&responses).filter(|form| form.len() > 3) {
        for text in [&out, &joined, &unescaped] {
            assert!(!text.contains(form.as_str()), "{case}: '{form}' is in\n{out}");
        }
        assert!(!joined.contains(&hex(form)), "{case}: '{form}' in hex is in\n{out}");
    }
    assert!(!out.contains("panicked"), "{case}: {out}");
    assert!(done.status.code().is_some_and(|status| status != 101), "{case}: {:?}", done.status);
    // The gossip came through, or this would prove nothing.
    assert!(
        responses.len() > usize::from(mechanism == "LOGIN" && then != Then::HangsUp),
        "{case}: {responses:?}\n{out}"
    );
    if look.contains(&"-v") {
        assert!(out.contains("***"), "{case}: {out}");
    }
}

#[test]
fn no_secret_is_in_any_output_whatever_the_server_repeats() {
    let mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"];
    thread::scope(|scope| {
        for mechanism in mechanisms {
            scope.spawn(move || {
                for then in THEN {
                    LOOKS.iter().for_each(|look| check(mechanism, then, look));
                }
            });
        }
    });
}

/// What goes wrong before anybody is connected to, and a dry run.
#[test]
fn no_secret_is_in_an_error_of_ours_or_a_plan() {
    const SECRET: &str = "hunter2-and-more";
    let netrc = format!("machine localhost login smith password \"{SECRET}");
    let at = |place: &str| format!("{place}://smith:{SECRET}@localhost");
    let cases: &[&[&str]] = &[
        &["-S", &at("smtps")],
        &["-S", &at("lmtp"), "--json"],
        &["-S", &format!("smith:{SECRET}@localhost")],
        &["-S", "localhost", "--proxy", &at("socks5")],
        &["-S", "localhost", "--proxy", &at("http"), "--dry-run"],
        &["-S", "localhost", "--proxy", &at("ftp")],
        &["-S", "localhost", "-p", SECRET],
        &["-S", "localhost", "-u", "smith", "--password-env", SECRET],
        &["-S", "localhost", "-u", "smith", "--password", SECRET],
        &["-S", "localhost", "-u", "smith", &format!("--password={SECRET}")],
        &["-S", "localhost", "-u", "smith", "--passwd", SECRET],
        &["-S", "localhost", "-u", "smith", "--password-env", "PW", "--dry-run"],
        &["-S", "localhost", "-u", "smith", "--password-env", "PW", "--dry-run", "--json"],
        &["-S", "localhost", "-u", "smith", "--password-command", &format!("echo {SECRET}"), "--dry-run"],
        &["-S", "localhost", "-u", "smith", "--password-command", &format!("false {SECRET}")],
        &["-S", "localhost", "-u", "smith", "--password-command", &format!("/no/such {SECRET}")],
        &["-S", "localhost", "-u", "smith", "--password-command", &format!("echo '{SECRET}")],
        &["-S", "localhost", "-u", "smith", "--oauth-token-command", &format!("echo a {SECRET}")],
        &["-S", "localhost", "-u", "smith", "--password-file", "netrc", "--auth", "XOAUTH2"],
        &["-S", "localhost", "-u", "smith"],
        &["--pipe", &format!("/no/such {SECRET}"), "--dry-run"],
        &["--pipe", &format!("/no/such {SECRET}")],
        &[
            "-S",
            "localhost",
            "--pin",
            &format!("sha256:{}", "a".repeat(10)),
            "-u",
            "smith",
            "--password-env",
            "PW",
            "--dry-run",
        ],
    ];
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("netrc"), &netrc).unwrap();
        let done = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .args(["send", "-f", "a@x.example", "-t", "b@x.example", "--body", "x"])
            .args(*case)
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("NETRC", "netrc")
            .env("PW", SECRET)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let out = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert!(!out.contains("hunter2") && !out.contains(&base64(SECRET)), "{case:?}: {out}");
        assert!(
            case.contains(&"--dry-run") || done.status.code().is_some_and(|status| status >= 64),
            "{case:?}: {out}"
        );
        assert!(!out.is_empty(), "{case:?}");
    }
}

/// What a proxy repeats of its own password.
#[test]
fn a_proxy_that_repeats_its_password_does_not_show_it() {
    for (kind, reply) in [
        ("http", format!("HTTP/1.1 407 no {PASSWORD} {}\r\n\r\n", base64(format!("joe:{PASSWORD}")))),
        ("http", format!("HTTP/1.1 503 {PASSWORD}\r\n\r\n")),
        ("socks5", format!("\x05\x02\x01\x01{PASSWORD}")),
    ] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(reply.as_bytes());
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        });
        let done = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .args([
                "send",
                "-S",
                "mail.example",
                "-f",
                "a@x.example",
                "-t",
                "b@x.example",
                "--body",
                "x",
                "-vvv",
                "--json",
            ])
            .args(["--proxy", &format!("{kind}://joe@127.0.0.1:{port}"), "--proxy-password-env", "PW"])
            .env_clear()
            .env("PW", PASSWORD)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        server.join().unwrap();
        let out = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert!(matches!(done.status.code(), Some(75 | 77)), "{kind}: {out}");
        let both = format!("joe:{PASSWORD}");
        for form in forms(PASSWORD).iter().chain(&forms(&both)) {
            assert!(!out.contains(form.as_str()), "{kind}: {out}");
        }
    }
}
