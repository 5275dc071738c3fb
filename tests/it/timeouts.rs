//! Servers that fall silent, runs that are cut short, and signals.

use crate::harness::Ehlo;
use crate::json::{failed, ok, recipient, report, transaction};
use crate::*;
use serde_json::Value;
use std::time::{Duration, Instant};

fn impatient() -> Ehlo {
    to_jones("--timeout 300ms")
}

#[test]
fn a_server_that_does_not_greet_is_75() {
    impatient()
        .server("C: QUIT")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: timed out waiting for the greeting\n\
             ---\tmessage\tuntried: timed out waiting for the greeting\n",
        )
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that expects TLS from \
                 the first octet is silent too: try smtps:// or --tls implicit\n",
        )
        .exit(75);
}

#[test]
fn a_server_that_is_silent_behind_ehlo_is_75() {
    impatient()
        .server("S: 220 beta\nC: EHLO alpha.arpa\nC: QUIT")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: timed out waiting for the reply to EHLO\n\
             ---\tmessage\tuntried: timed out waiting for the reply to EHLO\n",
        )
        .stderr("ehlo: timed out waiting for the reply to EHLO\n")
        .exit(75);
}

#[test]
fn a_server_that_is_silent_behind_mail_is_75() {
    impatient()
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: QUIT"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: timed out waiting for the reply to MAIL\n\
             ---\tmessage\tuntried: timed out waiting for the reply to MAIL\n",
        )
        .stderr("ehlo: timed out waiting for the reply to MAIL\n")
        .exit(75);
}

#[test]
fn a_server_that_is_silent_behind_rcpt_is_75() {
    impatient()
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nC: QUIT"))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n\
             ---\tmessage\tuntried: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n",
        )
        .stderr("ehlo: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n")
        .exit(75);
}

#[test]
fn a_server_that_is_silent_behind_data_is_75() {
    // No QUIT: a 354 that comes late would make it content.
    impatient()
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA"))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: timed out waiting for the reply to DATA\n\
             ---\tmessage\tuntried: timed out waiting for the reply to DATA\n",
        )
        .stderr("ehlo: timed out waiting for the reply to DATA\n")
        .exit(75);
}

#[test]
fn a_server_that_is_silent_behind_starttls_is_75() {
    impatient()
        .server("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\nC: STARTTLS\nC: QUIT")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: timed out waiting for the reply to STARTTLS\n\
             ---\tmessage\tuntried: timed out waiting for the reply to STARTTLS\n",
        )
        .stderr("ehlo: timed out waiting for the reply to STARTTLS\n")
        .exit(75);
}

#[test]
fn a_server_that_says_half_a_reply_is_75() {
    impatient()
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250-OK\nC: QUIT"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: timed out waiting for the reply to MAIL\n\
             ---\tmessage\tuntried: timed out waiting for the reply to MAIL\n",
        )
        .stderr("ehlo: timed out waiting for the reply to MAIL\n")
        .exit(75);
}

#[test]
fn a_server_that_is_silent_behind_the_final_dot_is_11() {
    to_jones("--final-timeout 300ms")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}C: QUIT"))
        .stdout(
            "---\tJones@Beta.ARPA\tunknown: timed out waiting for the reply to the end of the message\n\
             ---\tmessage\tunknown: timed out waiting for the reply to the end of the message\n",
        )
        .stderr(
            "ehlo: timed out waiting for the reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n",
        )
        .exit(11);
}

#[test]
fn the_timeout_does_not_cut_the_final_wait() {
    impatient()
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}! sleep 700\nS: 250 OK\n{QUIT}"))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_deadline_covers_the_whole_run() {
    to_jones("--deadline 400ms")
        .server("S: 220 beta\n! sleep 250\nC: EHLO alpha.arpa\nS: 250 beta\n! sleep 250\nC: MAIL FROM:<Smith@Alpha.ARPA>\nC: QUIT")
        .stdout("---\tJones@Beta.ARPA\tuntried: timed out waiting for the reply to MAIL\n\
             ---\tmessage\tuntried: timed out waiting for the reply to MAIL\n")
        .stderr("ehlo: timed out waiting for the reply to MAIL\n")
        .exit(75);
    to_jones("--deadline 400ms")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}C: QUIT"))
        .stdout(
            "---\tJones@Beta.ARPA\tunknown: timed out waiting for the reply to the end of the message\n\
             ---\tmessage\tunknown: timed out waiting for the reply to the end of the message\n",
        )
        .stderr(
            "ehlo: timed out waiting for the reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n",
        )
        .exit(11);
}

#[test]
fn a_server_that_trickles_does_not_hold_the_wait_open() {
    impatient()
        .server("! line-end lf\nS: 220-b\n! sleep 200\nS: 220-b\n! sleep 200\nS: 220-b\n! sleep 200\nC: QUIT")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: timed out waiting for the greeting\n\
             ---\tmessage\tuntried: timed out waiting for the greeting\n",
        )
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that expects TLS from \
                 the first octet is silent too: try smtps:// or --tls implicit\n",
        )
        .exit(75);
}

#[test]
fn a_timeout_is_waited_for_once() {
    let begun = Instant::now();
    to_jones("-v --timeout 1s")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nC: QUIT"))
        .stdout("---\tJones@Beta.ARPA\tdeferred: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n---\tmessage\tuntried: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n")
        .stderr(&format!(
            "# connected to 127.0.0.1:PORT\n{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nC: QUIT\n\
             ehlo: timed out waiting for the reply to RCPT TO:<Jones@Beta.ARPA>\n"
        ))
        .exit(75);
    assert!(begun.elapsed() < Duration::from_millis(1700), "{:?}", begun.elapsed());
}

/// The signal to try with: where SIGINT was ignored when the tests began (a job in the background), SIGTERM.
fn signal() -> &'static str {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
    let ignored = u64::from_str_radix(mask.trim(), 16).unwrap_or_default() & 2 != 0;
    if ignored { "TERM" } else { "INT" }
}

#[test]
fn a_signal_before_the_end_is_75() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\n! signal {}\nC: QUIT", signal()))
        .stdout(
"---\tJones@Beta.ARPA\tdeferred: interrupted by a signal (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)\n\
---\tmessage\tuntried: interrupted by a signal (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)\n",
)
        .stderr("ehlo: interrupted by a signal (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)\n")
        .exit(75);
}

#[test]
fn a_signal_behind_data_is_75() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\n! signal {}", signal()))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: interrupted by a signal (awaiting the reply to DATA)\n\
---\tmessage\tuntried: interrupted by a signal (awaiting the reply to DATA)\n",
        )
        .stderr("ehlo: interrupted by a signal (awaiting the reply to DATA)\n")
        .exit(75);
}

#[test]
fn a_signal_while_the_final_reply_is_awaited_is_11() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}! signal {}\nC: QUIT", signal()))
        .stdout(
"---\tJones@Beta.ARPA\tunknown: interrupted by a signal (awaiting the reply to the end of the message)\n\
---\tmessage\tunknown: interrupted by a signal (awaiting the reply to the end of the message)\n",
)
        .stderr("ehlo: interrupted by a signal (awaiting the reply to the end of the message)\n\
ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n")
        .exit(11);
}

#[test]
fn a_signal_behind_the_final_reply_is_0() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}{TAKEN}C: QUIT\n! signal {}", signal()))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_signal_that_was_caught_as_json() {
    to_jones("--json")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\n! signal {}\nC: QUIT", signal()))
        .json(failed(
            report(
                "none",
                75,
                vec![recipient("Jones@Beta.ARPA", "deferred", "rcpt", Some(0), Value::Null)],
                vec![transaction(ok(), 218, Value::Null)],
            ),
            "disconnected",
            Some("RCPT TO:<Jones@Beta.ARPA>"),
            "interrupted by a signal (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)",
        ))
        .stderr("ehlo: interrupted by a signal (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)\n")
        .exit(75);
}
