//! `ehlo sendmail` without a queue: the message is sent at once, and the statuses are those of `ehlo send`.

use crate::handed::CONFIG;
use crate::harness::{Ehlo, ehlo};
use crate::queued::PLACE;
use crate::server::Server;
use crate::{DATA, QUIT, TAKEN};

const TO_TWO: &str =
    "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nCc: Green@Beta.ARPA\nBcc: Green@Beta.ARPA\n\nBlah\n";
const HELLO: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n";
const MAIL: &str = "C: MAIL FROM:<root@alpha.arpa>\nS: 250 OK\n";

/// To Jones and Green, by a server that says this.
fn by(line: &str, more: &str, dialogue: &str) -> Ehlo {
    let account = "127.0.0.1:PORT'\nehlo-name = 'alpha.arpa";
    let config = CONFIG.replace("127.0.0.1:9", account) + more;
    let run = ehlo(&format!("sendmail {line} -t -f root")).served_by(Server::tcp(dialogue));
    run.config(&config).stdin(TO_TWO)
}

fn rcpt(jones: &str, green: &str) -> String {
    format!("C: RCPT TO:<Jones@Beta.ARPA>\nS: {jones}\nC: RCPT TO:<Green@Beta.ARPA>\nS: {green}\n")
}

#[test]
fn the_status_says_what_became_of_it_and_nothing_is_queued() {
    let unknown = ["Jones", "Green"].map(|who| {
        let why = "unknown: the server closed the connection before its reply to the end of the message";
        format!("ehlo: {who}@Beta.ARPA: {why}\n")
    });
    let unknown = unknown.concat();
    let none = "ehlo: Green@Beta.ARPA: refused: 550 No such user here\n";
    for (dialogue, stderr, status) in [
        (rcpt("250 OK", "250 OK") + TAKEN + QUIT, "", 0),
        (rcpt("250 OK", "550 No such user here") + TAKEN + QUIT, none, 10),
        (
            rcpt("550 no", "550 no") + QUIT,
            "ehlo: Jones@Beta.ARPA: refused: 550 no\nehlo: Green@Beta.ARPA: refused: 550 no\n",
            69,
        ),
        (
            rcpt("450 busy", "450 busy") + QUIT,
            "ehlo: Jones@Beta.ARPA: deferred: 450 busy\nehlo: Green@Beta.ARPA: deferred: 450 busy\n",
            75,
        ),
        (rcpt("250 OK", "250 OK") + DATA + "! close\n", &unknown, 11),
    ] {
        for (line, more) in [("--no-queue", ""), ("", "queue = false\n")] {
            let run = by(line, more, &format!("{HELLO}{MAIL}{dialogue}"));
            let done = run.stderr(stderr).exit(status);
            assert!(!done.path(PLACE).exists(), "{line}");
        }
    }
}

#[test]
fn what_is_sent_is_what_would_be_queued() {
    let dialogue = rcpt("250 OK", "250 OK") + TAKEN + QUIT;
    let done = by("--no-queue", "", &format!("{HELLO}{MAIL}{dialogue}")).exit(0);
    let message = done.message();
    let lines: Vec<&str> = message.split("\r\n").filter(|line| !line.starts_with("Date: ")).collect();
    assert!(lines[0].starts_with("Message-ID: <"), "{message}");
    let rest = ["From: Smith@Alpha.ARPA", "To: Jones@Beta.ARPA", "Cc: Green@Beta.ARPA", "", "Blah", ""];
    assert_eq!(lines[1..], rest);
}

#[test]
fn reports_are_asked_for_as_from_the_queue() {
    let own = |who: &str| format!("C: RCPT TO:<{who}> NOTIFY=FAILURE ORCPT=rfc822;{who}\nS: 250 OK\n");
    let dialogue = format!(
        "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 DSN\n\
         C: MAIL FROM:<root@alpha.arpa> RET=HDRS\nS: 250 OK\n{}{}{TAKEN}{QUIT}",
        own("Jones@Beta.ARPA"),
        own("Green@Beta.ARPA")
    );
    by("--no-queue -N failure -R hdrs", "", &dialogue).exit(0);
}

#[test]
fn without_an_account_a_server_can_be_named_by_a_variable() {
    let dialogue = format!("{HELLO}{MAIL}{}{TAKEN}{QUIT}", rcpt("250 OK", "250 OK"));
    let server = Server::tcp(&dialogue.replace("EHLO alpha.arpa", "EHLO [127.0.0.1]"));
    let run = ehlo("sendmail --no-queue -t -f root@alpha.arpa").served_by(server).stdin(TO_TWO);
    run.env("EHLO_SERVER", "smtp://127.0.0.1:PORT").exit(0);
    let none =
        "ehlo: no account and no server: set a default in config.toml (see ehlo-config(5)), or EHLO_SERVER\n";
    ehlo("sendmail --no-queue -t -f root@alpha.arpa").stdin(TO_TWO).stderr(none).exit(78);
}

#[test]
fn what_is_not_fit_to_send_is_65_and_a_broken_configuration_78() {
    let nobody = "ehlo: there is no recipient: name one on the command line, or in the header with -t; nothing was sent\n";
    let run = ehlo("sendmail --no-queue").config(CONFIG).stdin("\nBlah\n");
    run.stderr(nobody).exit(65);
    let broken = "ehlo: DIR/.config/ehlo/config.toml, line 3: 'server' needs a text, or a list of texts\n";
    let run = ehlo("sendmail --no-queue Jones@Beta.ARPA").stdin("\nBlah\n");
    run.config("default = 'work'\n[account.work]\nserver = 7\n").stderr(broken).exit(78);
    let gone = "ehlo: there is no account 'home'; there are work\n";
    let run = ehlo("sendmail --no-queue -a home Jones@Beta.ARPA").config(CONFIG).stdin("\nBlah\n");
    run.stderr(gone).exit(78);
}
