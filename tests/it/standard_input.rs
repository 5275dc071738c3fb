//! Text on standard input: who reads it, when it is no text, and what is said while nothing comes.

use crate::harness::{Done, Ehlo, ehlo, send};
use crate::*;
use expectrl::{Eof, Expect, Session};
use std::time::Duration;

fn smith_to_jones(line: &str) -> Ehlo {
    send(&format!("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA {line}"))
        .file("a.txt", "one\n")
        .file("h.html", "<p>html\n")
}

fn sent(run: Ehlo) -> Done {
    run.server(&all_well()).stdout(JONES_HAS_IT).exit(0)
}

/// The types of the parts, and whether the text that came is there.
fn parts(run: Ehlo) -> (String, bool) {
    let message = sent(run).message();
    let kind = |line: &str| Some(line.strip_prefix("Content-Type: ")?.split(';').next()?.to_owned());
    let kinds: Vec<String> = message.lines().filter_map(kind).collect();
    (kinds.join(" "), message.contains("\r\n\r\nsee attached\r\n"))
}

#[test]
fn beside_an_attachment_it_is_the_text() {
    let with_text = ("multipart/mixed text/plain text/plain".to_owned(), true);
    let without = ("multipart/mixed text/plain".to_owned(), false);
    assert_eq!(parts(smith_to_jones("-a a.txt").stdin("see attached\n")), with_text);
    assert_eq!(parts(smith_to_jones("-a a.txt").stdin_file("see attached\n")), with_text);
    assert_eq!(parts(smith_to_jones("-a a.txt")), without);
    assert_eq!(parts(smith_to_jones("-a a.txt").stdin_file("")), without);
    assert_eq!(parts(smith_to_jones("-a a.txt").stdin_null()), without);
    assert_eq!(parts(smith_to_jones("-a a.txt").stdin_closed()), without);
    assert_eq!(parts(smith_to_jones("-E -a a.txt").stdin_null()), without);
    smith_to_jones("-E -a a.txt")
        .unasked()
        .stderr("ehlo: the text is empty: nothing was sent (--skip-empty)\n")
        .exit(0);
    let named = ("multipart/mixed text/plain text/plain".to_owned(), false);
    assert_eq!(parts(smith_to_jones("-a a.txt --body other").stdin("see attached\n")), named);
}

#[test]
fn beside_html_it_is_the_plain_text() {
    let with_text = ("multipart/alternative text/plain text/html".to_owned(), true);
    let without = ("text/html".to_owned(), false);
    assert_eq!(parts(smith_to_jones("--html h.html").stdin("see attached\n")), with_text);
    assert_eq!(parts(smith_to_jones("--html h.html").stdin_file("see attached\n")), with_text);
    assert_eq!(parts(smith_to_jones("--html h.html")), without);
    assert_eq!(parts(smith_to_jones("--html h.html").stdin_file("")), without);
    assert_eq!(parts(smith_to_jones("--html h.html").stdin_null()), without);
    assert_eq!(parts(smith_to_jones("--html h.html").stdin_closed()), without);
    let all =
        "multipart/mixed multipart/alternative text/plain multipart/related text/html text/plain text/plain";
    let run = smith_to_jones("--html h.html --inline a.txt -a a.txt").stdin("see attached\n");
    assert_eq!(parts(run), (all.to_owned(), true));
}

#[test]
fn who_names_it_has_it() {
    let run = smith_to_jones("-a - --attach-name x.txt").stdin("see attached\n");
    assert_eq!(parts(run).0, "multipart/mixed text/plain");
    assert_eq!(parts(smith_to_jones("--html -").stdin("<p>x")).0, "text/html");
    let run = send("-f Smith@Alpha.ARPA -a a.txt --recipients-from -")
        .file("a.txt", "x")
        .stdin("Jones@Beta.ARPA\n");
    assert_eq!(parts(run).0, "multipart/mixed text/plain");
    smith_to_jones("-a - --html -")
        .unasked()
        .stderr("ehlo: standard input can be read only once, but more than one flag needs it\n")
        .exit(64);
    smith_to_jones("--recipients-from -")
        .unasked()
        .stderr("ehlo: standard input can be read only once, but more than one flag needs it\n")
        .exit(64);
}

#[test]
fn where_nothing_comes_what_is_awaited_is_said_once() {
    let late = Duration::from_millis(2600);
    let runs = [
        ("", "the message", ", or give none with </dev/null"),
        ("-a a.txt", "the message", ", or give none with </dev/null"),
        ("--html h.html", "the message", ", or give none with </dev/null"),
        ("-a - --attach-name x.txt", "the attachment", ""),
        ("-m -", "the message", ""),
    ];
    std::thread::scope(|scope| {
        for (line, what, none) in runs {
            scope.spawn(move || {
                let run = if line == "-m -" {
                    ehlo("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA -m -")
                } else {
                    smith_to_jones(line)
                };
                let said =
                    format!("ehlo: still waiting for {what} on standard input; end it with Ctrl-D{none}\n");
                let header = if line == "-m -" { "From: a@b.example\n\n" } else { "" };
                let text = format!("{header}see attached\n");
                let done = sent(run.stdin_late(text, late).stderr(&said));
                assert!(done.message().contains("see attached") || line.starts_with("-a -"), "{line}");
            });
        }
        scope.spawn(|| smith_to_jones("-q").stdin_late("x\n", late).server(&all_well()).exit(0));
    });
}

/// What is said at a terminal, to the end.
fn at_a_terminal(words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "one\n").unwrap();
    std::fs::write(folder.path().join("h.html"), "<p>html\n").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ehlo"));
    command.current_dir(folder.path()).env_clear().env("TZ", "UTC").args([
        "send",
        "-qS",
        "localhost:1",
        "-f",
        "Smith@Alpha.ARPA",
        "Jones@Beta.ARPA",
        "--dry-run",
        "--message-out",
        "out",
    ]);
    command.args(words);
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(10)));
    let said = session.expect(Eof).unwrap();
    let message = std::fs::read_to_string(folder.path().join("out")).unwrap();
    assert!(!message.contains("multipart/alternative"), "{message}");
    String::from_utf8_lossy(said.as_bytes()).into_owned()
}

#[test]
fn a_terminal_is_no_text_beside_something_else() {
    assert_eq!(at_a_terminal(&["-a", "a.txt"]), "");
    assert_eq!(at_a_terminal(&["--html", "h.html"]), "");
    assert_eq!(at_a_terminal(&["--html", "h.html", "--inline", "a.txt"]), "");
}
