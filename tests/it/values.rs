//! The caller's values: what could end a line, a command or a field is refused before anybody is connected to, or
//! stands encoded on the wire, octet by octet. A table of places times a table of values, some of them at a time.
//!
//! A NUL cannot stand in an argument or in the environment: it is tried where a value comes from a file.

use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::os::unix::ffi::OsStringExt;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What no value may hold, and its name here.
const BAD: [(&str, &[u8]); 9] = [
    ("CR", b"\r"),
    ("LF", b"\n"),
    ("CRLF", b"\r\n"),
    ("NUL", b"\0"),
    ("ESC", b"\x1b"),
    ("DEL", b"\x7f"),
    ("NEL", "\u{85}".as_bytes()),
    ("LS", "\u{2028}".as_bytes()),
    ("FF", b"\xff"),
];

/// `send`, and what all of it needs.
const SEND: &str = "send|-S|127.0.0.1:PORT|--tls|off|--ehlo-name|a.example|--deadline|3s";
const FROM: &str = "-f|a@x.example";
const TO: &str = "-t|b@x.example";
const BODY: &str = "--body|x";
const LOGIN: &str = "--allow-cleartext-auth|-u";
const BY: &str = "--password-env|P";

/// A place for a value (`XX`; `%X` percent-encoded): the words with '|' between them, `NAME=…` for a variable and
/// `FILE=…` for a file `g`; the exit status and how the line of error goes on behind `ehlo: `; and the values that are
/// legal there, which [`LEGAL`] or a remark says more of.
type Row = (&'static [&'static str], i32, &'static str, &'static [&'static str]);

/// Characters that have a form of their own wherever UTF-8 goes.
const UTF8: &[&str] = &["LS"];
/// Whatever a name is encoded by, be it quoted or in base64.
const NONE: &[&str] = &[];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Addresses.
    (&[SEND, TO, BODY, "-f|aXXb@x.example"], 64, "--from '", NONE),
    (&[SEND, TO, BODY, "-f|a@xXX.example"], 64, "--from '", NONE),
    (&[SEND, TO, BODY, "-f|a@x.exampleXX"], 64, "--from '", NONE),
    (&[SEND, TO, BODY, "-f|\"aXXb\"@x.example"], 64, "--from '", UTF8),
    (&[SEND, TO, BODY, "-f|\"aXXb\" <a@x.example>"], 64, "--from '", UTF8),
    (&[SEND, TO, BODY, "EHLO_FROM=aXXb@x.example"], 64, "EHLO_FROM", NONE),
    (&[SEND, FROM, BODY, "-t|aXXb@x.example"], 64, "--to '", NONE),
    (&[SEND, FROM, BODY, "-t|Jo XX Do <a@x.example>"], 64, "--to '", NONE),
    (&[SEND, FROM, BODY, "-t|a@x.example,XX b@x.example"], 64, "--to '", NONE),
    (&[SEND, FROM, BODY, "-t|group: a@x.example;XX "], 64, "--to '", NONE),
    (&[SEND, FROM, BODY, "-t|a@x.example (cXXc)"], 64, "--to '", UTF8),
    (&[SEND, FROM, BODY, "-t|a@[127.0.0.1XX]"], 64, "--to '", NONE),
    (&[SEND, FROM, BODY, "-t|a@[x-y:dXXd]"], 64, "--to '", NONE),
    (&[SEND, FROM, BODY, "aXXb@x.example"], 64, "recipient '", NONE),
    (&[SEND, FROM, TO, BODY, "-c|aXXb@x.example"], 64, "--cc '", NONE),
    (&[SEND, FROM, TO, BODY, "-b|aXXb@x.example"], 64, "--bcc '", NONE),
    (&[SEND, FROM, TO, BODY, "--reply-to|aXXb@x.example"], 64, "--reply-to '", NONE),
    (&[SEND, FROM, BODY, "--recipient|aXXb@x.example"], 64, "--recipient '", NONE),
    (&[SEND, FROM, TO, BODY, "--envelope-from|aXXb@x.example"], 64, "--envelope-from '", NONE),
    (&[SEND, FROM, TO, BODY, "--original-recipient|aXXb@x.example"], 64, "--original-recipient '", NONE),
    (&[SEND, FROM, TO, BODY, "--domain|aXXb.example"], 64, "--domain '", NONE),
    (&[SEND, FROM, BODY, "--recipients-from|g", "FILE=aXXb@x.example"], 65, "g", NONE),
    (&[SEND, FROM, BODY, "--recipients-from|g", "FILE=<a@x.example> X=aXXb"], 65, "g", NONE),
    (&[SEND, FROM, BODY, "--recipients-from|g", "FILE=<a@x.example> NOTIFY=NEVER,XXb"], 65, "g", NONE),
    // Parameters and names.
    (&[SEND, FROM, TO, BODY, "--mail-parameter|X=aXXb"], 64, "--mail-parameter '", NONE),
    (&[SEND, FROM, TO, BODY, "--mail-parameter|XXX"], 64, "--mail-parameter '", NONE),
    (&[SEND, FROM, TO, BODY, "--rcpt-parameter|X=aXXb"], 64, "--rcpt-parameter '", NONE),
    (&[SEND, FROM, TO, BODY, "--envelope-id|aXXb"], 64, "--envelope-id: needs printable ASCII", NONE),
    (&["send|-S|127.0.0.1:PORT|--ehlo-name|aXXb", FROM, TO, BODY], 64, "--ehlo-name '", NONE),
    // What is no line end is encoded (xtext).
    (&[SEND, FROM, TO, BODY, "--xclient|NAME=aXX"], 64, "--xclient", &["ESC", "DEL", "NEL", "LS"]),
    (&[SEND, FROM, TO, BODY, "--xclient|NAME=aXXADDR=192.0.2.1"], 64, "--xclient", &["ESC", "DEL", "NEL", "LS"]),
    (&[SEND, FROM, TO, BODY, "--proxy-protocol|v1|--proxy-source|192.0.2.1:1XX"], 64, "--proxy-source", NONE),
    (&[SEND, FROM, TO, BODY, "--proxy-protocol|v1|--proxy-destination|192.0.2.1XX:1"], 64, "--proxy-destination", NONE),
    (&[SEND, FROM, TO, BODY, "--deliver-by|1hXX"], 64, "--deliver-by", NONE),
    (&[SEND, FROM, TO, BODY, "--hold-until|2099-12-24T18:00:00XX+01:00"], 64, "--hold-until '", NONE),
    (&[SEND, FROM, TO, BODY, "--priority|1XX"], 64, "--priority needs a number from -9 to 9", NONE),
    (&[SEND, FROM, TO, BODY, "--notify|neverXX"], 64, "--notify", NONE),
    // The message.
    (&[SEND, FROM, TO, BODY, "-s|aXXb"], 64, "Subject: a ", UTF8),
    (&[SEND, FROM, TO, BODY, "-H|X-A: aXXb"], 64, "", UTF8),
    (&[SEND, FROM, TO, BODY, "-H|X-AXX: b"], 64, "", NONE),
    (&[SEND, FROM, TO, BODY, "-H|XXX-A: b"], 64, "", NONE),
    (&[SEND, FROM, TO, BODY, "--in-reply-to|<aXXb@c>"], 64, "In-Reply-To: ", NONE),
    (&[SEND, FROM, TO, BODY, "--message-id|<aXXb@c>"], 64, "Message-ID: ", NONE),
    (&[SEND, FROM, TO, BODY, "--date|Mon, 02 Nov 1981 14:37:00XX +0000"], 64, "the date (--date): ", NONE),
    (&[SEND, FROM, TO, BODY, "--charset|utf-8XX"], 64, "unknown charset '", NONE),
    (&[SEND, FROM, TO, BODY, "FILE=x", "-a|g|--attach-name|aXXb"], 64, "'a", UTF8),
    (&[SEND, FROM, TO, BODY, "FILE=x", "-a|g|--attach-type|text/plain; a=bXXc"], 64, "'text/plain", NONE),
    (&[SEND, FROM, TO, BODY, "FILE=x", "-a|g|--attach-type|textXX/plain"], 64, "'text", NONE),
    (&[SEND, FROM, TO, "FILE=x", "--html|g|--inline|g|--attach-id|aXXb"], 64, "the name of an inline part: ", NONE),
    // Where to, and by which way.
    (&["send|-S|127.0.0.1XX:PORT|--tls|off", FROM, TO, BODY], 64, "--server: ", NONE),
    (&["send|-S|smtp://aXXb@127.0.0.1:PORT", FROM, TO, BODY], 64, "--server: ", NONE),
    (&["send|-S|smtp://a%Xb@127.0.0.1:PORT", FROM, TO, BODY, LOGIN, "a", BY, "P=x"], 64, "", NONE),
    (&["send|-p|PORT|--tls|off|EHLO_SERVER=127.0.0.1XX", FROM, TO, BODY], 64, "EHLO_SERVER", NONE),
    (&["send|-S|mail.example|--proxy|http://127.0.0.1XX:PORT", FROM, TO, BODY], 64, "--proxy: ", NONE),
    (&["send|-S|mail.example|--proxy|socks5://aXX@127.0.0.1:PORT", FROM, TO, BODY, "--proxy-password-env|P", "P=x"], 64, "--proxy: ", NONE),
    (&["send|-S|mail.example|--proxy|http://u@127.0.0.1:PORT", FROM, TO, BODY, "--proxy-password-env|P", "P=aXXb"], 64, "", UTF8),
    (&["send|-S|mail.example|--proxy|socks5://u@127.0.0.1:PORT", FROM, TO, BODY, "--proxy-password-env|P", "P=aXXb"], 64, "", UTF8),
    (&[SEND, FROM, TO, BODY, "--bind|127.0.0.1XX"], 64, "--bind needs an IP address", NONE),
    (&[SEND, FROM, TO, BODY, "-p|25XX"], 64, "--port needs a number", NONE),
    (&["send|-S|127.0.0.1:PORT|--tls|starttls|--tls-name|aXXb.example", FROM, TO, BODY], 64, "--tls-name '", NONE),
    (&["send|-S|127.0.0.1:PORT|--tls|starttls|--pin|sha256:XX", FROM, TO, BODY], 64, "--pin '", NONE),
    (&["send|-S|127.0.0.1:PORT|--tls|offXX", FROM, TO, BODY], 64, "--tls must be one of", NONE),
    // A log-in. A password may hold what it likes but NUL, for it goes out in base64 or hashed.
    (&[SEND, FROM, TO, BODY, LOGIN, "aXXb", BY, "P=x"], 64, "", UTF8),
    (&[SEND, FROM, TO, BODY, BY, "EHLO_USER=aXXb|--allow-cleartext-auth|P=x"], 64, "EHLO_USER", UTF8),
    (&[SEND, FROM, TO, BODY, LOGIN, "a", BY, "P=x", "--auth-identity|aXXb"], 64, "", UTF8),
    (&[SEND, FROM, TO, BODY, LOGIN, "a", "--password-env|PXX"], 64, "--password-env: this variable is not \
        set", NONE),
    (&[SEND, FROM, TO, BODY, LOGIN, "a", BY, "P=x", "--auth|PLAXXIN"], 64, "--auth: this is not a mechanism", NONE),
    (&[SEND, FROM, TO, BODY, LOGIN, "a", "--password-file|g", "FILE=XX"], 64, "", &["CR", "ESC", "DEL", "NEL", "LS", "FF"]),
    (&[SEND, FROM, TO, BODY, LOGIN, "a", "--oauth-token-command|cat g", "FILE=aXXb"], 77, "the token command printed", &["LF", "CRLF", "FF"]),
    // The other commands.
    (&["verify|127.0.0.1:PORT|--tls|off|aXXb@x.example"], 64, "", NONE),
    (&["verify|127.0.0.1:PORT|--tls|off|--vrfy|aXXb"], 64, "'a", NONE),
    (&["verify|127.0.0.1:PORT|--tls|off|--expn|\"aXXb\""], 64, "'", UTF8),
    (&["verify|127.0.0.1:PORT|--tls|off|--random-mailbox|aXXb|a@x.example"], 64, "--random-mailbox '", UTF8),
    (&["verify|127.0.0.1:PORT|--tls|off|--vrfy|--recipients-from|g", "FILE=aXXb"], 65, "g", &["LF", "CRLF"]),
    (&["verify|127.0.0.1XX:PORT|a@x.example"], 64, "SERVER: ", NONE),
    (&["probe|127.0.0.1XX:PORT"], 64, "SERVER: ", NONE),
    (&["probe|127.0.0.1:PORT|--ehlo-name|aXXb"], 64, "--ehlo-name '", NONE),
    (&["console|127.0.0.1XX:PORT|--send|NOOP"], 64, "", NONE),
    (&["explain|fooXX"], 64, "'foo", NONE),
    (&["senXXd"], 64, "no command '", NONE),
    (&["send|--foXXo"], 64, "no option --", NONE),
    (&["sink|--name|aXXb"], 64, "--name: ", NONE),
    (&["sink|--reject|a@b=550 aXXb|--listen|127.0.0.1:PORT"], 64, "--reject", UTF8),
    (&["sink|--reject|aXXb@c=550|--listen|127.0.0.1:PORT"], 64, "--reject '", NONE),
];

fn replaced(octets: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = octets;
    while let Some(at) = rest.windows(what.len()).position(|window| window == what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(by);
        rest = &rest[at + what.len()..];
    }
    [out.as_slice(), rest].concat()
}

/// The program with these words and this value, told of a port that the listener has.
fn run(words: &[&str], value: &[u8], port: u16) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ehlo"));
    command.env_clear().env("HOME", folder.path()).env("PATH", std::env::var_os("PATH").unwrap());
    command.current_dir(folder.path()).stdin(Stdio::null());
    let percent: String = value.iter().map(|octet| format!("%{octet:02x}")).collect();
    for word in words.iter().flat_map(|words| words.split('|')) {
        let word = replaced(word.as_bytes(), b"PORT", port.to_string().as_bytes());
        let word = replaced(&replaced(&word, b"XX", value), b"%X", percent.as_bytes());
        let at = word.iter().position(|octet| *octet == b'=').unwrap_or(0);
        let (name, rest) = (&word[..at], word.get(at + 1..).unwrap_or_default());
        if name == b"FILE" {
            std::fs::write(folder.path().join("g"), rest).unwrap();
        } else if matches!(name, b"P" | b"EHLO_FROM" | b"EHLO_USER" | b"EHLO_SERVER") {
            command.env(std::str::from_utf8(name).unwrap(), OsString::from_vec(rest.to_vec()));
        } else {
            command.arg(OsString::from_vec(word));
        }
    }
    command.output().unwrap()
}

/// What may stand on a terminal, and nothing else.
fn is_fit(text: &[u8]) -> bool {
    std::str::from_utf8(text)
        .is_ok_and(|text| !text.trim_end_matches('\n').contains(ehlo_smtp::dialogue::is_unsafe))
}

/// Whether anybody came.
fn was_asked(listener: &TcpListener) -> bool {
    !matches!(listener.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock)
}

fn check(row: &Row, name: &str, value: &[u8]) -> Option<String> {
    let (words, status, says, _) = row;
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let done = run(words, value, port);
    // An argument that is not UTF-8 is refused as such.
    let status = if name == "FF" && done.stderr.ends_with(b" is not UTF-8\n") { 64 } else { *status };
    let says = if name == "FF" { "" } else { *says };
    let line = String::from_utf8_lossy(&done.stderr).into_owned();
    // A file of the tests is one that others can read.
    let line = line
        .strip_prefix("ehlo: warning: others can read the password file g: chmod 600 it\n")
        .unwrap_or(&line);
    let one_line =
        line.starts_with(&format!("ehlo: {says}")) && line.ends_with('\n') && line.lines().count() == 1;
    let right =
        done.status.code() == Some(status) && one_line && is_fit(line.as_bytes()) && done.stdout.is_empty();
    (!right || was_asked(&listener)).then(|| {
        format!(
            "{words:?} with {name}: {}, wanted {status}; '{line}' {:?}",
            done.status,
            String::from_utf8_lossy(&done.stdout)
        )
    })
}

#[test]
fn what_could_end_a_line_is_refused_everywhere_and_nobody_is_connected_to() {
    let is_of_file = |row: &Row| row.0.iter().any(|words| words.starts_with("FILE=") && words.contains("XX"));
    let cases: Vec<(&Row, &str, &[u8])> = ROWS
        .iter()
        .flat_map(|row| BAD.iter().map(move |(name, value)| (row, *name, *value)))
        .filter(|(row, name, _)| !row.3.contains(name) && (*name != "NUL" || is_of_file(row)))
        .collect();
    assert!(cases.len() > 500);
    let next = AtomicUsize::new(0);
    let faults = thread::scope(|scope| {
        let work = || {
            let mut faults = Vec::new();
            while let Some((row, name, value)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                faults.extend(check(row, name, value));
            }
            faults
        };
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Says yes to everything, and returns all that it heard.
fn accept_all(listener: TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"220 x\r\n").unwrap();
    let (mut heard, mut at, mut content) = (Vec::new(), 0, false);
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        heard.extend_from_slice(&piece[..count]);
        while let Some(end) = heard[at..].windows(2).position(|two| two == b"\r\n") {
            let line = &heard[at..at + end];
            at += end + 2;
            let reply: &[u8] = match line {
                b"." if content => {
                    content = false;
                    b"250 OK\r\n"
                }
                _ if content => continue,
                b"DATA" => {
                    content = true;
                    b"354 go on\r\n"
                }
                line if line.starts_with(b"EHLO") => {
                    b"250-x\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250-DSN\r\n250-XCLIENT NAME\r\n250 AUTH PLAIN\r\n"
                }
                line if line.starts_with(b"AUTH") => b"235 OK\r\n",
                line if line.starts_with(b"XCLIENT") => b"220 x\r\n",
                b"QUIT" => b"221 bye\r\n",
                _ => b"250 OK\r\n",
            };
            let _ = stream.write_all(reply);
        }
    }
    heard
}

/// Words, and a line that must be on the wire for them, octet by octet.
#[rustfmt::skip]
const LEGAL: &[(&[&str], &str)] = &[
    (&[SEND, TO, BODY, "-f|\"a\u{2028}b\"@x.example"], "MAIL FROM:<\"a\u{2028}b\"@x.example> BODY=8BITMIME SMTPUTF8"),
    (&[SEND, TO, BODY, "-f|\"a\u{2028}b\" <a@x.example>"], "From: =?utf-8?B?YeKAqGI=?= <a@x.example>"),
    (&[SEND, FROM, BODY, "-t|a@x.example (c\u{2028}c)"], "To: <a@x.example>"),
    (&[SEND, FROM, TO, BODY, "-s|a\u{2028}b"], "Subject: =?utf-8?B?YeKAqGI=?="),
    (&[SEND, FROM, TO, BODY, "-H|X-A: a\u{2028}b"], "X-A: =?utf-8?B?YeKAqGI=?="),
    (&[SEND, FROM, TO, BODY, "FILE=x", "-a|g|--attach-name|a\u{2028}b.txt"], "Content-Disposition: attachment; filename*=UTF-8''a%E2%80%A8b.txt"),
    (&[SEND, FROM, TO, BODY, "FILE=x", "-a|g|--attach-name|../../etc/\u{fc}\"';b.txt"], "Content-Disposition: attachment; filename*=UTF-8''%C3%BC%22%27%3Bb.txt"),
    (&[SEND, FROM, TO, BODY, "FILE=x", "-a|g|--attach-name|C:\\x\\fdp\u{202e}.exe"], "Content-Disposition: attachment; filename=\"C:\\\\x\\\\fdp.exe\""),
    (&[SEND, FROM, TO, BODY, "--xclient|NAME=a\x1bb\u{85}\u{2028}+c"], "XCLIENT NAME=a+1Bb+C2+85+E2+80+A8+2Bc"),
    (&[SEND, FROM, TO, BODY, "--envelope-id|a+b=c d"], "MAIL FROM:<a@x.example> ENVID=a+2Bb+3Dc+20d"),
    (&[SEND, FROM, BODY, "-t|\"a>b \\\" SIZE=1\"@x.example"], "RCPT TO:<\"a>b \\\" SIZE=1\"@x.example>"),
    (&[SEND, FROM, TO, BODY, LOGIN, "a\u{2028}b", BY, "P=\r\n\x1b\u{85}"], "AUTH PLAIN AGHigKhiAA0KG8KF"),
    (&[SEND, FROM, TO, BODY, LOGIN, "a", "--password-file|g", "FILE=b\nRSET\n"], "AUTH PLAIN AGEAYg=="),
    (&[SEND, FROM, TO, "--body|.\rRSET\n.\n\u{85}"], "..=0DRSET\r\n..\r\n=C2=85"),
];

#[test]
fn what_is_legal_stands_encoded_on_the_wire() {
    for (words, wanted) in LEGAL {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || accept_all(listener));
        let done = run(words, b"", port);
        // A program that did not come is no reason to wait for it.
        drop(std::net::TcpStream::connect(("127.0.0.1", port)));
        let heard = server.join().unwrap();
        let heard = String::from_utf8_lossy(&heard);
        assert_eq!(
            done.status.code(),
            Some(0),
            "{words:?}: {}\n{heard}",
            String::from_utf8_lossy(&done.stderr)
        );
        assert!(heard.contains(&format!("\r\n{wanted}\r\n")), "{words:?}: no '{wanted}' in\n{heard}");
        assert!(!heard.replace("\r\n", "").contains(['\r', '\n', '\0']), "{words:?}: {heard:?}");
        // Whatever was given, there is one command of each kind, and no other.
        let head = heard.split("DATA\r\n").next().unwrap();
        for verb in ["MAIL", "RCPT", "EHLO", "RSET"] {
            let count = head.lines().filter(|line| line.starts_with(verb)).count();
            let wanted = match verb {
                "RSET" => 0,
                "EHLO" if words.iter().any(|words| words.contains("xclient")) => 2,
                _ => 1,
            };
            assert_eq!(count, wanted, "{verb} in {words:?}: {head}");
        }
    }
}

#[test]
fn nothing_is_passed_to_a_shell() {
    let trap = "$(touch trap) `touch trap` ; touch trap | touch trap & touch trap > trap";
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || accept_all(listener));
    // The whole of it, as one word: echo prints it, and the first line is the password.
    let done = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(["send", "-S", &format!("127.0.0.1:{port}"), "--tls", "off", "--ehlo-name", "a.example"])
        .args(["-f", "a@x.example", "-t", "b@x.example", "--allow-cleartext-auth", "-u", trap])
        .args(["-s", trap, "--body", trap, "--password-command", &format!("echo '{trap}'")])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .current_dir(folder.path())
        .output()
        .unwrap();
    let heard = String::from_utf8(server.join().unwrap()).unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was run");
    let plain = encodify::base64::STANDARD.encode(format!("\0{trap}\0{trap}"));
    assert!(heard.contains(&format!("AUTH PLAIN {plain}\r\n")), "{heard}");
}

/// The message that these words make.
fn composed(words: &[&str]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("g"), "x").unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(["send", "-S", "localhost", "--dry-run", "--message-out", "-", "--ehlo-name", "a.example"])
        .args(words)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
    match done.status.code() {
        Some(0) => Ok(text(done.stdout)),
        _ => Err(format!("{:?} {}", done.status.code(), text(done.stderr))),
    }
}

#[test]
fn no_line_of_a_composed_message_is_over_998_octets_however_long_the_values_are() {
    let long = "x".repeat(5000);
    let words = "\u{fc}ber ".repeat(1000);
    let address = |local: usize| format!("{}@{}.example", "l".repeat(local), "d".repeat(60));
    let list = (0..2000).map(|n| format!("n{n}@x.example")).collect::<Vec<_>>().join(", ");
    let ids = (0..200).map(|n| format!("<{n}@{}.example>", "d".repeat(40))).collect::<Vec<_>>().join(" ");
    let name = format!("\"{}\" <a@x.example>", "Jo ".repeat(1000));
    let file = format!("{}.txt", "\u{fc}\" ".repeat(600));
    let type_name = format!("text/plain; {}=\"{}\"", "n".repeat(100), "v".repeat(900));
    let all = ["-f", "a@x.example", "-t", "b@x.example", "--body", "x"];
    let cases: &[&[&str]] = &[
        &["-s", &words],
        &["-s", &long],
        &["-H", &format!("X-Long: {words}")],
        &["-H", &format!("X-Long: {long}")],
        &["-H", &format!("{}: x", "N".repeat(990))],
        &["-H", &format!("{}: x", "N".repeat(2000))],
        &["--in-reply-to", &ids],
        &["--in-reply-to", &format!("<{long}@x>")],
        &["--message-id", &format!("<{long}@x>")],
        &["-c", &list],
        &["-c", &address(900)],
        &["-c", &address(3000)],
        &["--reply-to", &name],
        &["-a", "g", "--attach-name", &long],
        &["-a", "g", "--attach-name", &file],
        &["-a", "g", "--attach-type", &type_name],
        &["--body", &long],
        &["--body", &words],
    ];
    let mut made = 0;
    for case in cases {
        let base = if case[0] == "--body" { &all[..4] } else { &all[..] };
        let shown = format!("{} {:.20}…", case[0], case[case.len() - 1]);
        match composed(&[base, case].concat()) {
            Ok(message) => {
                made += 1;
                assert!(
                    message.ends_with("\r\n") && !message.replace("\r\n", "").contains(['\r', '\n']),
                    "{shown}"
                );
                let longest = message.lines().map(str::len).max().unwrap();
                assert!(longest <= 998, "{shown}: {longest}");
            }
            // Refused in one line: what cannot be folded, and what is too long for an address.
            Err(error) => assert!(
                (error.starts_with("Some(64) ehlo: ")
                    || error.starts_with("Some(65) ehlo: the header line '"))
                    && error.lines().count() == 1
                    && error.len() < 6000,
                "{shown}: {error}"
            ),
        }
    }
    assert!(made >= 11, "{made}");
}

#[test]
fn a_long_address_gets_a_warning_and_one_over_4096_octets_is_refused() {
    let run_with = |address: &str| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        run(&[SEND, FROM, BODY, "--dry-run", &format!("--recipient|{address}")], b"", port)
    };
    let label = |at: usize| if at % 50 == 49 { '.' } else { 'd' };
    let address =
        |length: usize| format!("a@{}", (0..length - 3).map(label).chain(['d']).collect::<String>());
    for (length, status, said) in [
        (254, 0, String::new()),
        (255, 0, format!("ehlo: warning: the address {} is longer than servers must accept\n", address(255))),
        (
            4096,
            0,
            format!("ehlo: warning: the address {} is longer than servers must accept\n", address(4096)),
        ),
        (
            4097,
            64,
            format!("ehlo: --recipient '{}': longer than 4096 octets (at character 1)\n", address(4097)),
        ),
    ] {
        let done = run_with(&address(length));
        assert_eq!(
            (done.status.code(), String::from_utf8(done.stderr).unwrap()),
            (Some(status), said),
            "{length}"
        );
    }
}
