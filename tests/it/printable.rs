//! What a server says, and what a message holds, is made printable before it reaches a terminal or a log: whatever
//! moves the cursor, changes colours, turns the direction or hides is seen as what it is, by every command and in every
//! form.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;

/// What no terminal may see, each with a letter in front.
const TRAPS: [&str; 24] = [
    "\u{1}",
    "\u{7}",
    "\u{8}",
    "\u{b}",
    "\u{1b}[2J\u{1b}]0;x\u{7}",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "\u{9b}2J",
    "\u{9d}0;x\u{9c}",
    "\u{ad}",
    "\u{61c}",
    "\u{180e}",
    "\u{200b}",
    "\u{200f}",
    "\u{2028}",
    "\u{2029}",
    "\u{202a}",
    "\u{202e}",
    "\u{2060}",
    "\u{2066}",
    "\u{2069}",
    "\u{feff}",
    "\u{e0041}",
];

/// All of them, and octets that are no UTF-8.
fn trap() -> Vec<u8> {
    let mut all = b"T".to_vec();
    TRAPS.iter().for_each(|trap| all.extend([b"t", trap.as_bytes()].concat()));
    all
}

/// The same with octets that are no UTF-8: such a line is taken for Latin-1 as a whole.
fn latin_trap() -> Vec<u8> {
    [&trap()[..], b"\xff\x9b2J\x85"].concat()
}

/// Every reply has the trap in it; `no` is refused.
fn trapper(listener: TcpListener, trap: Vec<u8>) {
    let (stream, _) = listener.accept().unwrap();
    let mut out = stream.try_clone().unwrap();
    let mut say = |lines: &[&str]| {
        let text: Vec<u8> =
            lines.iter().flat_map(|line| [line.as_bytes(), b" 5.1.1 ", &trap, b"\r\n"].concat()).collect();
        let _ = out.write_all(&text);
    };
    say(&["220"]);
    let mut reader = BufReader::new(stream);
    let (mut line, mut content) = (Vec::new(), false);
    while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        let verb: String = line.iter().take(4).map(|octet| char::from(*octet)).collect();
        match (verb.as_str(), content) {
            (".\r\n", true) => {
                content = false;
                say(&["250"]);
            }
            (_, true) => {}
            ("EHLO", _) => say(&["250-x", "250-X-A", "250-AUTH PLAIN", "250-VRFY", "250-SIZE", "250 HELP"]),
            ("DATA", _) => {
                content = true;
                say(&["354"]);
            }
            ("AUTH", _) => say(&["535"]),
            ("VRFY", _) => say(&["252"]),
            ("HELP", _) => say(&["214"]),
            ("QUIT", _) => say(&["221"]),
            _ if line.starts_with(b"RCPT TO:<no") => say(&["550"]),
            _ => say(&["250"]),
        }
        line.clear();
    }
}

/// Is all of it fit for a terminal? Line ends and TABs are ours.
#[track_caller]
fn is_fit(octets: &[u8], case: &str) {
    let text = std::str::from_utf8(octets).unwrap_or_else(|error| panic!("{case}: {error}"));
    if let Some(at) = text.find(|c| ehlo_smtp::dialogue::is_unsafe(c) && !matches!(c, '\n' | '\t')) {
        panic!("{case}: {:?} at {at} of\n{}", text[at..].chars().next(), text.escape_debug());
    }
}

#[test]
fn what_a_server_says_is_made_printable_in_every_form_of_output() {
    let send = "send -S 127.0.0.1:PORT --tls off -f a@x.example no@x.example b@x.example --body x";
    let looks = [
        "",
        "-v",
        "-vv",
        "-vvv",
        "--json",
        "--json --explain",
        "--explain",
        "-q",
        "-q --explain",
        "--transcript talk --failed-to failed",
    ];
    let mut cases: Vec<String> = looks.iter().map(|look| format!("{send} {look}")).collect();
    cases.extend(
        ["-v", "--json", ""]
            .map(|look| format!("{send} --allow-cleartext-auth -u joe --password-env P {look}")),
    );
    cases.extend(
        ["", "--json", "-q", "-vvv", "--vrfy", "--vrfy --json"]
            .map(|look| format!("verify 127.0.0.1:PORT --tls off no@x.example b@x.example {look}")),
    );
    cases.extend(["", "--json", "-v"].map(|look| format!("probe 127.0.0.1:PORT --tls off {look}")));
    cases.extend(
        ["", "-v", "-vvv"].map(|look| {
            format!("console 127.0.0.1:PORT --tls off --send HELP --send NOOP --send MAIL {look}")
        }),
    );
    for trap in [trap(), latin_trap()] {
        for case in &cases {
            let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            let trap = trap.clone();
            let server = thread::spawn(move || trapper(listener, trap));
            let folder = tempfile::tempdir().unwrap();
            let done = Command::new(env!("CARGO_BIN_EXE_ehlo"))
                .args(case.replace("PORT", &port.to_string()).split_whitespace())
                .args(["--ehlo-name", "alpha.arpa", "--deadline", "10s"])
                .current_dir(folder.path())
                .env_clear()
                .env("P", "open sesame")
                .stdin(Stdio::null())
                .output()
                .unwrap();
            drop(TcpStream::connect(("127.0.0.1", port)));
            // A probe comes more than once: it hangs up what it has no use for.
            server.join().unwrap();
            let said = String::from_utf8_lossy(&[&done.stdout[..], &done.stderr].concat()).into_owned();
            assert!(
                said.contains("Tt") || case.contains("failed") || said.contains("probe"),
                "{case}: {said}"
            );
            is_fit(&done.stdout, case);
            is_fit(&done.stderr, case);
            for file in std::fs::read_dir(folder.path()).unwrap() {
                is_fit(&std::fs::read(file.unwrap().path()).unwrap(), case);
            }
        }
    }
}

/// Runs it with this on standard input.
fn piped(words: &[&str], input: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(words)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    let done = child.wait_with_output().unwrap();
    (done.stdout, done.stderr)
}

#[test]
fn what_a_message_or_a_log_holds_is_made_printable_as_well() {
    for trap in [trap(), latin_trap()] {
        let log = [b"host beta said: 550 5.1.1 ", &trap[..], b"\n"].concat();
        for words in [&["explain", "-"][..], &["explain", "-", "--json"]] {
            let (out, err) = piped(words, &log);
            assert!(!out.is_empty(), "{}", String::from_utf8_lossy(&err));
            is_fit(&out, "explain");
            is_fit(&err, "explain");
        }
        // The head of a message in a transcript; its recipients and its faults in errors.
        let field = |name: &str| [name.as_bytes(), b": ", &trap[..], b" <b@x.example>\r\n"].concat();
        let message = [&field("From")[..], &field("To"), &field("Subject"), b"\r\nx\r\n"].concat();
        for words in [
            &[
                "send",
                "-S",
                "127.0.0.1:PORT",
                "--tls",
                "off",
                "-f",
                "a@x.example",
                "b@x.example",
                "-m",
                "-",
                "-vvv",
            ][..],
            &["send", "-S", "127.0.0.1:PORT", "--tls", "off", "-m", "-", "--recipients-in-message"],
            &["send", "-S", "127.0.0.1:PORT", "--tls", "off", "-m", "-", "b@x.example", "--json"],
            &[
                "send",
                "-S",
                "127.0.0.1:PORT",
                "--tls",
                "off",
                "-f",
                "a@x.example",
                "--body",
                "x",
                "--recipients-from",
                "-",
            ],
        ] {
            let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            let server = thread::spawn(move || trapper(listener, b"x".to_vec()));
            let place = format!("127.0.0.1:{port}");
            let words: Vec<&str> =
                words.iter().map(|word| if word.contains("PORT") { &place } else { *word }).collect();
            let (out, err) = piped(&words, &message);
            drop(TcpStream::connect(("127.0.0.1", port)));
            server.join().unwrap();
            assert!(!out.is_empty() || !err.is_empty(), "{words:?}");
            is_fit(&out, &format!("{words:?}"));
            is_fit(&err, &format!("{words:?}"));
        }
    }
}

#[test]
fn what_a_client_says_to_a_sink_is_made_printable_and_chooses_no_path() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("box")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(["sink", "--once", "-v", "--maildir", "box/mail"])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut place = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut place).unwrap();
    let mut stream = TcpStream::connect(place.trim_end()).unwrap();
    let mut text =
        [b"EHLO ../../", &latin_trap()[..], b"\r\nNOOP ", &trap(), b"\r\nEHLO ..\r\nEHLO alpha.arpa\r\n"]
            .concat();
    text.extend(b"MAIL FROM:<\"../../a\"@x.example>\r\nRCPT TO:<\"../../../b\"@[x:../../c]>\r\nRCPT TO:<\"/tmp/evil\"@x.example>\r\n");
    text.extend(
        [b"DATA\r\nSubject: ", &trap()[..], b"\r\nMessage-ID: </../../../x>\r\n\r\nx\r\n.\r\nQUIT\r\n"]
            .concat(),
    );
    stream.write_all(&text).unwrap();
    let mut replies = Vec::new();
    let _ = stream.read_to_end(&mut replies);
    let mut err = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut err).unwrap();
    child.wait().unwrap();
    is_fit(&err, "the sink's talk");
    let text = String::from_utf8(replies).unwrap();
    is_fit(text.replace('\r', "").as_bytes(), "the sink's replies");
    assert!(text.contains("\r\n354 ") && text.contains("\r\n221 "), "{text}");
    // A folder for each recipient, all of them in the one that was named, and in it names of the sink's own.
    let names = |path: &str| {
        let entries = std::fs::read_dir(folder.path().join(path)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!((names("."), names("box")), (vec!["box".to_owned()], vec!["mail".to_owned()]));
    let folders = names("box/mail");
    assert_eq!(folders, ["\".._.._.._b\"@[x:.._.._c]", "_tmp_evil@x.example"]);
    for folder in folders {
        assert_eq!(names(&format!("box/mail/{folder}")), ["cur", "new", "tmp"]);
        let kept = names(&format!("box/mail/{folder}/new"));
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert!(
            kept[0].bytes().all(|octet| octet.is_ascii_alphanumeric() || b"._,-[]".contains(&octet)),
            "{kept:?}"
        );
    }
}
