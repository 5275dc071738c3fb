//! Programs that are run for a secret, and byte order marks in front of what is read as text.

use crate::harness::{Done, Ehlo, ehlo};
use crate::*;

const MARK: &str = "\u{feff}";
/// NUL smith NUL open sesame; for bearer tokens, the message of XOAUTH2 with the token t0ken.
const PLAIN: &str = "AHNtaXRoAG9wZW4gc2VzYW1l";
const BEARER: &str = "dXNlcj1zbWl0aAFhdXRoPUJlYXJlciB0MGtlbgEB";

fn hello(offer: &str) -> String {
    format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH {offer}\n")
}

fn by_plain() -> String {
    format!("{}C: AUTH PLAIN {PLAIN}\nS: 235 welcome\n{MAIL}{RCPT}{TAKEN}{QUIT}", hello("PLAIN"))
}

fn by_token() -> String {
    format!("{}C: AUTH XOAUTH2 {BEARER}\nS: 235 welcome\n{MAIL}{RCPT}{TAKEN}{QUIT}", hello("XOAUTH2"))
}

fn smith(line: &str) -> Ehlo {
    to_jones(&format!("-u smith --tls off --allow-cleartext-auth {line}"))
}

/// A file that only its owner can read.
fn secret(run: Ehlo, name: &str, contents: &str) -> Ehlo {
    use std::os::unix::fs::PermissionsExt;
    let run = run.file(name, contents);
    std::fs::set_permissions(run.folder().join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    run
}

/// Was sent, and the text is this: what was awaited on standard input.
fn has_text(done: &Done, text: &str) {
    assert!(done.wire().contains(text), "{}", done.wire());
}

#[test]
fn a_command_for_a_secret_reads_nothing_of_our_standard_input() {
    // Whatever `cat` prints besides would be the password.
    let command = "sh -c 'cat; echo open sesame'";
    let body =
        "-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body-file - -u smith --tls off --allow-cleartext-auth";
    let done = send(body)
        .arg("--password-command")
        .arg(command)
        .stdin("Blah\n")
        .server(&by_plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
    has_text(&done, "\r\nBlah\r\n");
    let done = send(body)
        .arg("--oauth-token-command")
        .arg("sh -c 'cat; echo t0ken'")
        .stdin("Blah\n")
        .server(&by_token())
        .stdout(JONES_HAS_IT)
        .exit(0);
    has_text(&done, "\r\nBlah\r\n");
    // It is there, and empty.
    smith("--password-command")
        .arg("sh -c '[ /dev/stdin -ef /dev/null ] && echo open sesame'")
        .stdin("no")
        .server(&by_plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_later_token_command_reads_nothing_of_it_either() {
    let expired = format!(
        "{}C: AUTH XOAUTH2 {BEARER}\nS: 334 eyJzdGF0dXMiOiI0MDEifQ==\nC:\nS: 535 5.7.8 expired\n\
         C: AUTH XOAUTH2 {}\nS: 235 welcome\n{MAIL}{RCPT}{TAKEN}{QUIT}",
        hello("XOAUTH2"),
        "dXNlcj1zbWl0aAFhdXRoPUJlYXJlciB0d28BAQ=="
    );
    smith("--oauth-token-command")
        .arg("sh -c 'cat; if mkdir once 2>/dev/null; then echo t0ken; else echo two; fi'")
        .stdin("no")
        .server(&expired)
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_command_for_a_shell_64() {
    for flag in ["--password-command", "--oauth-token-command"] {
        for words in [
            "echo sesame | tr a-z A-Z",
            "echo sesame|tr a z",
            "cat sesame&& true",
            "cat sesame||true",
            "cat sesame;true",
            "cat sesame& true",
            "cat sesame>log",
            "cat<sesame",
            "echo x`cat sesame`",
            "cat sesame > log",
            "cat < sesame",
            "cat sesame >> log",
            "cat sesame 2> /dev/null",
            "cat sesame 2>/dev/null",
            "cat sesame && true",
            "cat sesame || true",
            "cat sesame ; true",
            "cat sesame; true",
            "cat sesame &",
            "echo $sesame",
            "echo \"$sesame\"",
            "cat $HOME/sesame",
            "cat ~/sesame",
            "~/sesame",
            "$HOME/sesame",
            "echo $(cat sesame)",
        ] {
            for more in ["", "--dry-run", "--json"] {
                let run = to_jones(&format!("-u smith {more}")).arg(flag).arg(words).unasked();
                let text =
                    format!("{flag}: it uses shell syntax, but runs without a shell: wrap it in sh -c '...'");
                let run = if more == "--json" { run.any_json() } else { run };
                let done = run.stderr(&format!("ehlo: {text}\n")).exit(64);
                assert!(more != "--json" || done.json()["error"]["text"] == text, "{}", done.json());
            }
        }
    }
}

#[test]
fn what_is_quoted_or_given_to_a_shell_is_run() {
    for command in [
        "sh -c 'echo OPEN SESAME | tr A-Z a-z'",
        "sh -c 'echo open sesame > it; cat < it && rm it'",
        "sh -c '$HOME/pw 2>/dev/null || echo open sesame'",
        "sh -c 'echo \"$1\"' sh 'open sesame' ; $x ~ |",
        "awk '$1 == \"~\" { print $2, $3 }' list",
    ] {
        smith("--password-command")
            .arg(command)
            .file("list", "~ open sesame\n")
            .server(&by_plain())
            .stdout(JONES_HAS_IT)
            .exit(0);
    }
    // Within a word they are nobody's business.
    smith("--password-command")
        .arg("printf %s%s open\\ se same")
        .server(&by_plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_secret() {
    let with_mark = format!("{MARK}open sesame\n");
    secret(smith("--password-file pw"), "pw", &with_mark).server(&by_plain()).stdout(JONES_HAS_IT).exit(0);
    smith("--password-command 'cat pw'")
        .file("pw", &with_mark)
        .server(&by_plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
    smith("--password-env P").env("P", with_mark.trim_end()).server(&by_plain()).stdout(JONES_HAS_IT).exit(0);
    smith("--oauth-token-command 'cat pw'")
        .file("pw", format!("{MARK}t0ken\r\n"))
        .server(&by_token())
        .stdout(JONES_HAS_IT)
        .exit(0);
    secret(smith(""), ".netrc", &format!("{MARK}machine 127.0.0.1 password \"open sesame\"\n"))
        .server(&by_plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
    // What is left is nothing; only the first one goes; and behind the first line nobody looks.
    secret(smith("--password-file pw"), "pw", &format!("{MARK}\nx\n"))
        .unasked()
        .stderr("ehlo: the password of smith is empty\n")
        .exit(64);
}

#[test]
fn a_secret_in_utf_16_is_named_as_that() {
    for octets in [&b"\xff\xfes\0"[..], b"\xfe\xff\0s"] {
        let run = secret(smith("--password-file pw"), "pw", "").file("pw", octets);
        run.unasked()
            .stderr("ehlo: cannot read the password file pw: it is UTF-16, not UTF-8: save it as UTF-8\n")
            .exit(66);
        smith("--password-command 'cat pw'")
            .file("pw", octets)
            .unasked()
            .stderr("ehlo: --password-command: what it printed is UTF-16, not UTF-8\n")
            .exit(64);
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_proxy_s_password() {
    let hears = "C: CONNECT beta.example:25 HTTP/1.1\nC: Host: beta.example:25\n\
                 C: Proxy-Authorization: Basic am9lOnNlc2FtZQ==\nC:\nS: HTTP/1.1 200 OK\nS:\n";
    let run = |flags: &str| {
        let run = to_jones(&format!("-S beta.example --proxy http://joe@127.0.0.1:PORT {flags}"));
        secret(run, "pw", &format!("{MARK}sesame\n"))
            .env("P", "\u{feff}sesame")
            .served_by(server::Server::tcp(&format!("{hears}{}", all_well())))
    };
    run("--proxy-password-file pw").stdout(JONES_HAS_IT).exit(0);
    run("--proxy-password-env P").stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_sink_s_script_and_password() {
    let script =
        format!("{MARK}{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\nC: … 218 octets\nC: .\nS: 250 OK\n{QUIT}");
    let sink = ehlo("sink --once --tls off --script talk").file("talk", script).listen();
    to_jones("").sink(&sink).stdout(JONES_HAS_IT).exit(0);
    sink.over(0, "");
    let sink = secret(
        ehlo("sink --once --tls off --require-auth --user smith --password-file pw"),
        "pw",
        &format!("{MARK}open sesame\n"),
    )
    .listen();
    smith("--password-env P").env("P", "open sesame").sink(&sink).stdout(JONES_HAS_IT).exit(0);
    sink.over(0, "");
    ehlo("sink --script talk")
        .file("talk", b"\xff\xfeS\0")
        .stderr("ehlo: cannot read the script talk: it is UTF-16, not UTF-8: save it as UTF-8\n")
        .exit(66);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_log_that_is_explained() {
    let explained = |text: &str| ehlo("explain --json").stdin(text).any_json().exit(0).json();
    assert_eq!(explained(&format!("{MARK}550 no\n")), explained("550 no\n"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_certificate_or_key() {
    let acceptor = ehlo::inside::net::tls::Acceptor::new(&[]).unwrap();
    let marked = format!("{MARK}{}", acceptor.certificate_pem());
    to_jones("-S localhost:PORT -4 --tls starttls --ca-file ca.pem")
        .file("ca.pem", marked)
        .served_by(server::Server::tcp(&tls::encrypted()).tls(&acceptor))
        .stdout(JONES_HAS_IT)
        .exit(0);
}
