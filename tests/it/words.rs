//! What a server said is told far enough that the reason is seen, wherever it speaks in place of a reply, and
//! printable.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::*;

/// A refusal whose reason comes last, behind its 118th octet.
const LISTED: &str = "521 mail from 192.0.2.17 is not taken here: the policy of this site is at https://mx.example.org/why, \
                      and it is listed at bl.example.org";

/// Greeted so, each command tells it in its line of error.
fn tells(greeting: &str, text: &str) {
    let greeted = |command: &str| ehlo(command).served_by(Server::tcp(greeting));
    let says = |run: Ehlo| run.stderr(&format!("ehlo: {text}\n")).exit(76);
    let why = text.split("; it says").next().unwrap();
    let untried = format!("---\tJones@Beta.ARPA\tuntried: {why}\n");
    says(to_jones("").server(greeting).stdout(&format!("{untried}---\tmessage\tuntried: {why}\n")));
    says(greeted("verify 127.0.0.1:PORT --no-random Jones@Beta.ARPA").stdout(&untried));
    says(greeted("console 127.0.0.1:PORT --send NOOP"));
    says(greeted("probe 127.0.0.1:PORT --json").any_json());
}

#[test]
fn a_reason_that_comes_last_is_told_by_every_command() {
    let two = "the server sent a reply with two different codes (awaiting the greeting)";
    tells(&format!("S: 220-mx.example.org\nS: {LISTED}\n"), &format!("{two}; it says '{LISTED}'"));
    // Escapes are made of what is told, and do not shorten it.
    let coded = format!("554 {}for this", "\u{1b}[0m".repeat(30));
    let shown = coded.replace('\u{1b}', "\\x1b");
    tells(&format!("S: 220-mx.example.org\nS: {coded}\n"), &format!("{two}; it says '{shown}'"));
    let none = "this is not a mail server: what it sent is not an SMTP greeting";
    let busy = format!("ERROR: {}", &LISTED[4..]);
    tells(&format!("S: {busy}\n"), &format!("{none}; it says '{busy}'"));
    // It has an end.
    let endless = format!("220 {}", "y".repeat(5000));
    let line = format!(
        "the server sent an endless reply line (awaiting the greeting); it says '220 {}...'",
        "y".repeat(196)
    );
    tells(&format!("S: {endless}\n"), &line);
}

#[test]
fn a_probe_s_rows_tell_the_reason_too() {
    let reason = &LISTED[4..];
    let bye = "C: QUIT\nS: 221 bye\n! close\n";
    let dialogue = format!(
        "S: 220 mx.example.org {reason}\nC: EHLO alpha.arpa\nS: 250-mx.example.org\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 {reason}\n{bye}"
    );
    let screen = "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 mx.example.org mail from 192.0.2.17 is not taken here: the
             policy of this site is at https://mx.example.org/why, and it is
             listed at bl.example.org
ehlo         mx.example.org
extensions   STARTTLS  switches to TLS (RFC 3207)
log-in       not offered in clear
             inside TLS not tried: STARTTLS is refused
tls          STARTTLS is refused: 454 mail from 192.0.2.17 is not taken here:
             the policy of this site is at https://mx.example.org/why, and it is
             listed at bl.example.org
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             starttls 0 ms, total 0 ms

findings     1 serious
serious      STARTTLS is offered but refused: 454 mail from 192.0.2.17 is not
             taken here: the policy of this site is at
             https://mx.example.org/why, and it is listed at bl.example.org
               mail arrives in clear, or not at all: see the server's log; it
               may be unable to read its certificate or key, or something in
               between refuses
";
    ehlo("probe --ehlo-name alpha.arpa 127.0.0.1:PORT")
        .served_by(Server::tcp(&dialogue))
        .stdout(screen)
        .exit(1);
}
