//! The servers of an account, in turn: the next one is asked where nothing was handed over, nobody is asked twice
//! once a message may have been taken, and a deadline is for all of them.

use crate::account::served;
use crate::harness::Ehlo;
use crate::*;

/// Two servers at one port: the dialogue has one connection for each.
fn two(line: &str, dialogue: &str) -> Ehlo {
    let toml = "[account.work]\nserver = ['smtp://127.0.0.1:PORT', 'smtp://127.0.0.1:PORT']\ntls = 'off'\n\
                ehlo-name = 'alpha.arpa'\naddress = 'Smith@Alpha.ARPA'\n";
    served(toml, &format!("-A work {line}"), dialogue)
}

#[test]
fn the_next_server_is_asked_before_anything_was_handed_over() {
    let taken = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let mail = "C: MAIL FROM:<Smith@Alpha.ARPA>\n";
    let rcpt = "C: RCPT TO:<Jones@Beta.ARPA>\n";
    for first in [
        "S: 421 busy\n".to_owned(),
        "S: 554 no\n".to_owned(),
        format!("{HELLO}{mail}S: 421 bye\n"),
        format!("{HELLO}{mail}"),
        format!("{HELLO}{MAIL}{rcpt}S: 421 bye\n"),
        format!("{HELLO}{MAIL}{RCPT}C: DATA\n"),
    ] {
        two("", &format!("{first}! close\n{taken}")).stdout(JONES_HAS_IT).exit(0);
    }
}

#[test]
fn the_next_server_is_not_asked_once_the_message_may_have_been_taken() {
    let why = "the server closed the connection before its reply to the end of the message";
    let said = format!(
        "ehlo: {why}\nehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n"
    );
    two("", &format!("{HELLO}{MAIL}{RCPT}{DATA}! close"))
        .stdout(&format!("---\tJones@Beta.ARPA\tunknown: {why}\n---\tmessage\tunknown: {why}\n"))
        .stderr(&said)
        .exit(11);
    two("", &format!("{HELLO}{MAIL}{RCPT}{DATA}S: 421 bye\n! close"))
        .stdout("421\tJones@Beta.ARPA\tbye\n421\tmessage\tbye\n")
        .stderr("ehlo: the server closed the session: 421 bye\n")
        .exit(75);
}

#[test]
fn a_deadline_is_for_all_servers() {
    let why = "timed out waiting for the reply to EHLO";
    two("--deadline 300ms", "S: 220 beta\nC: EHLO alpha.arpa\nC: QUIT\n")
        .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {why}\n---\tmessage\tuntried: {why}\n"))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(75);
}
