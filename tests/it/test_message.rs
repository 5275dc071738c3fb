//! `ehlo send --test`: a message that needs no more than a server and a recipient.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::*;
use std::os::unix::fs::PermissionsExt;

const SMITH: &str = "-f Smith@Alpha.ARPA --test";

/// Who runs it is smith.
fn test(line: &str) -> Ehlo {
    send(&format!("{SMITH} {line}")).env("LOGNAME", "smith")
}

fn message(subject: &str, through: &str) -> String {
    format!(
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\r\nFrom: <Smith@Alpha.ARPA>\r\nTo: <Jones@Beta.ARPA>\r\n\
         Subject: {subject}\r\nMessage-ID: <1@alpha.arpa>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
         This message tests whether mail works. You can ignore it.\r\n\r\n\
         sent by   smith@alpha.arpa\r\non        Mon, 2 Nov 1981 14:37:00 +0000\r\n\
         through   {through}\r\nwith      ehlo {}\r\n",
        env!("CARGO_PKG_VERSION")
    )
}

#[test]
fn a_server_and_a_recipient_will_do_and_nothing_is_read() {
    for run in [test("Jones@Beta.ARPA").stdin_null(), test("Jones@Beta.ARPA").stdin("no text\n")] {
        let done = run.server(&all_well()).stdout(JONES_HAS_IT).exit(0);
        let text = without_port(&done.message());
        assert_eq!(text, message("test message from alpha.arpa", "127.0.0.1:PORT (smtp)"));
    }
}

#[test]
fn without_a_sender_it_is_sent_as_its_recipient() {
    let said = "ehlo: no sender is named: it is sent as Jones@Beta.ARPA, the recipient\n";
    let as_jones = all_well().replace("MAIL FROM:<Smith@Alpha.ARPA>", "MAIL FROM:<Jones@Beta.ARPA>");
    for (more, stdout, stderr) in [("", JONES_HAS_IT, said), ("-q", "", "")] {
        let run = send(&format!("--test {more} Jones@Beta.ARPA")).env("LOGNAME", "smith");
        run.server(&as_jones).stdout(stdout).stderr(stderr).exit(0);
    }
    // Other messages have a sender.
    send("--body x Jones@Beta.ARPA")
        .unasked()
        .stderr("ehlo: no sender: name one with -f (--from) or EHLO_FROM\n")
        .exit(64);
}

#[test]
fn a_subject_that_is_given_stays() {
    let done = test("Jones@Beta.ARPA -s Hello").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(without_port(&done.message()), message("Hello", "127.0.0.1:PORT (smtp)"));
}

#[test]
fn without_a_recipient_it_goes_to_the_account_s_own_address() {
    let own = "ehlo: no recipient is named: it goes to Jones@Beta.ARPA, the account's address\n";
    for (more, stdout, stderr) in [("", JONES_HAS_IT, own), ("-q", "", "")] {
        let done = account(&format!("-A work {more}"), "address = 'Jones@Beta.ARPA'\n")
            .stdout(stdout)
            .stderr(stderr)
            .exit(0);
        let text = without_port(&done.message());
        assert_eq!(text, message("test message from alpha.arpa", "127.0.0.1:PORT (smtp), account work"));
    }
    // Somebody who is named is the only one.
    account("-A work Jones@Beta.ARPA", "address = 'Smith@Alpha.ARPA'\n").stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn without_a_recipient_and_an_address_it_is_an_error_of_usage() {
    let none = "ehlo: no recipient: name one, as in 'ehlo send ... ops@example.org', or with --recipient\n";
    test("").unasked().stderr(none).exit(64);
    let run = with_config(test("-A work"), "[account.work]\nserver = 'localhost:1'\n");
    run.stderr(none).exit(64);
    let list = "ehlo: --recipients-from: it contains no address\n";
    let run = test("-A work --recipients-from list").file("list", "# nobody\n");
    with_config(run, "[account.work]\nserver = 'localhost:1'\naddress = 'Jones@Beta.ARPA'\n")
        .stderr(list)
        .exit(64);
}

#[test]
fn no_other_text_goes_with_it() {
    for (flags, fault) in [
        ("--body x", "--test cannot be used with --body"),
        ("--body-file x", "--test cannot be used with --body-file"),
        ("--html x", "--test cannot be used with --html"),
        ("-a x", "--test cannot be used with --attach"),
        ("--inline x", "--test cannot be used with --inline"),
        ("--charset utf-8", "--test cannot be used with --charset"),
    ] {
        test(&format!("Jones@Beta.ARPA {flags}")).unasked().stderr(&format!("ehlo: {fault}\n")).exit(64);
    }
    ehlo("send -f Smith@Alpha.ARPA --test Jones@Beta.ARPA -m x")
        .unasked()
        .stderr("ehlo: --test cannot be used with --message\n")
        .exit(64);
}

/// Through an account whose server it is, with these keys.
fn account(line: &str, keys: &str) -> Ehlo {
    let run = test(line).served_by(Server::tcp(&all_well()));
    let run = with_config(run, &format!("[account.work]\nserver = '127.0.0.1'\n{keys}"));
    run.arg("-p").arg("PORT")
}

fn with_config(run: Ehlo, config: &str) -> Ehlo {
    let name = ".config/ehlo/config.toml";
    std::fs::create_dir_all(run.folder().join(".config/ehlo")).unwrap();
    let run = run.file(name, config);
    std::fs::set_permissions(run.folder().join(name), PermissionsExt::from_mode(0o600)).unwrap();
    run
}

/// The port of the server is `PORT`.
fn without_port(text: &str) -> String {
    let Some((before, rest)) = text.split_once("127.0.0.1:") else { return text.to_owned() };
    format!("{before}127.0.0.1:PORT{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
}
