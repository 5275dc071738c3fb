//! `--stop-after` and `--drop-after`: how far the session goes, what is said of each recipient, and the exit status.

use crate::harness::ehlo;
use crate::*;
use serde_json::json;

/// What everybody is told of a session that stopped there.
fn stopped(stage: &str) -> String {
    format!(
        "---\tJones@Beta.ARPA\tuntried: stopped after {stage}\n---\tmessage\tuntried: stopped after {stage}\n"
    )
}

#[test]
fn stop_after_connect_says_nothing_but_quit() {
    to_jones("--stop-after connect")
        .server(&format!("S: 220 beta\n{QUIT}"))
        .stdout(&stopped("the greeting"))
        .stderr("ehlo: nothing was sent (--stop-after connect)\n")
        .exit(0);
}

#[test]
fn stop_after_ehlo_begins_no_tls() {
    to_jones("--stop-after ehlo")
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\n{QUIT}"))
        .stdout(&stopped("EHLO"))
        .stderr("ehlo: nothing was sent (--stop-after ehlo)\n")
        .exit(0);
}

#[test]
fn stop_after_tls_demands_tls() {
    to_jones("--stop-after tls")
        .server(&format!("{HELLO}{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server does not offer STARTTLS, but TLS is required; \
             nothing was sent (try --tls implicit on port 465)\n\
             ---\tmessage\tuntried: the server does not offer STARTTLS, but TLS is required; nothing was \
             sent (try --tls implicit on port 465)\n",
        )
        .stderr(
            "ehlo: nothing was sent (--stop-after tls)\n\
             ehlo: the server does not offer STARTTLS, but TLS is required; nothing was sent (try --tls \
             implicit on port 465)\n",
        )
        .exit(77);
}

#[test]
fn a_place_that_may_never_be_reached_is_refused_before() {
    for (flags, why) in [
        (
            "--stop-after tls --tls off",
            "--stop-after tls: TLS is not guaranteed here; add --tls starttls or --tls implicit",
        ),
        (
            "--drop-after tls --tls opportunistic",
            "--drop-after tls: TLS is not guaranteed here; add --tls starttls or --tls implicit",
        ),
        ("--drop-after tls-sent --tls implicit", "--drop-after tls-sent: implicit TLS has no STARTTLS"),
        ("--stop-after auth", "--stop-after auth needs -u (--user)"),
        ("--drop-after auth-sent", "--drop-after auth needs -u (--user)"),
        ("--drop-after data:218", "--drop-after data:218: the message has only 218 octets"),
        ("--drop-reset", "--drop-after is required as well"),
        ("--stop-after mail --drop-after rcpt", "--stop-after cannot be used with --drop-after"),
    ] {
        to_jones(flags).unasked().stderr(&format!("ehlo: {why}\n")).exit(64);
    }
}

#[test]
fn stop_after_auth_is_logged_in_and_sends_nothing() {
    to_jones("--stop-after auth -u smith --password-env P --tls off --allow-cleartext-auth")
        .env("P", "sesame")
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN ***\nS: 235 OK\n{QUIT}"
        ))
        .stdout(&stopped("AUTH"))
        .stderr("ehlo: nothing was sent (--stop-after auth)\n")
        .exit(0);
}

#[test]
fn stop_after_mail_resets() {
    to_jones("--stop-after mail")
        .server(&format!("{HELLO}{MAIL}C: RSET\nS: 250 OK\n{QUIT}"))
        .stdout(&stopped("MAIL"))
        .stderr("ehlo: nothing was sent (--stop-after mail)\n")
        .exit(0);
}

#[test]
fn a_refused_sender_keeps_its_status() {
    to_jones("--stop-after mail")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 550 No\n{QUIT}"))
        .stdout("550\tJones@Beta.ARPA\tNo\n---\tmessage\tuntried: the sender was not accepted\n")
        .stderr("ehlo: nothing was sent (--stop-after mail)\n")
        .exit(69);
}

#[test]
fn stop_after_rcpt_shows_each_reply_and_says_that_nothing_was_sent() {
    to_jones("--stop-after rcpt")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RSET\nS: 250 OK\n{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n---\tmessage\tuntried: stopped after RCPT\n")
        .stderr("ehlo: nothing was sent (--stop-after rcpt)\n")
        .exit(0);
    to_two("--stop-after rcpt")
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}C: RSET\nS: 250 OK\n{QUIT}"))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n\
             ---\tmessage\tuntried: stopped after RCPT\n",
        )
        .stderr("ehlo: nothing was sent (--stop-after rcpt)\n")
        .exit(10);
}

#[test]
fn in_a_group_rset_and_quit_are_the_last_write() {
    let done = to_jones("--stop-after rcpt")
        .server(&format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 250 OK\n\
             C: RSET\nC: QUIT\nS: 250 OK\nS: 221 bye\n"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n---\tmessage\tuntried: stopped after RCPT\n")
        .stderr("ehlo: nothing was sent (--stop-after rcpt)\n")
        .exit(0);
    assert_eq!(
        done.pieces(),
        [
            "EHLO alpha.arpa\r\n",
            "MAIL FROM:<Smith@Alpha.ARPA>\r\nRCPT TO:<Jones@Beta.ARPA>\r\n",
            "RSET\r\nQUIT\r\n"
        ]
    );
}

#[test]
fn what_was_answered_stands_whatever_becomes_of_rset() {
    to_jones("--stop-after rcpt")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RSET\n! close\n"))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n\
             ---\tmessage\tuntried: the server closed the connection before its reply to RSET\n",
        )
        .stderr(
            "ehlo: nothing was sent (--stop-after rcpt)\n\
             ehlo: the server closed the connection before its reply to RSET\n",
        )
        .exit(0);
}

#[test]
fn stop_after_data_closes_after_the_354() {
    let done = to_jones("--stop-after data")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n"))
        .stdout("250\tJones@Beta.ARPA\tOK\n---\tmessage\tuntried: closed after the reply to DATA\n")
        .stderr(
            "ehlo: nothing was sent (--stop-after data): after a 354, only closing the connection leaves \
             the message unsent\n",
        )
        .exit(0);
    assert!(done.wire().ends_with("DATA\r\n"));
}

#[test]
fn a_stopped_session_as_json_claims_no_delivery() {
    let done = to_jones("--stop-after rcpt --json -q --transcript talk")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RSET\nS: 250 OK\n{QUIT}"))
        .json(json!({
            "version": 1, "outcome": "none", "exit_status": 0, "skipped": "stop-after rcpt",
            "recipients": [{
                "address": "Jones@Beta.ARPA", "status": "untried", "stage": "rcpt", "transaction": 0,
                "reply": {"code": 250, "enhanced": null, "text": ["OK"]}, "explanation": null,
            }],
            "transactions": [{
                "server": {
                    "name": "127.0.0.1", "address": "127.0.0.1:PORT", "protocol": "smtp",
                    "greeting": {"code": 220, "enhanced": null, "text": ["beta"]},
                    "extensions": [], "tls": null, "auth": null,
                },
                "sender": {
                    "address": "Smith@Alpha.ARPA",
                    "reply": {"code": 250, "enhanced": null, "text": ["OK"]},
                },
                "message": {"id": "<1@alpha.arpa>", "octets": 218, "reply": null},
                "error": null,
            }],
            "timing_ms": {"connect": 0, "tls": null, "auth": null, "total": 0},
            "error": null,
        }))
        .exit(0);
    assert!(done.file("talk").contains("C: RSET\n"));
}

#[test]
fn a_dry_run_shows_where_it_would_end() {
    let plan = |row: &str| {
        format!(
            "server      127.0.0.1:PORT (smtp)\n\
             tls         starttls if offered, certificate faults are only reported\n\
             log in      no\n\
             ehlo name   alpha.arpa\n\
             sender      <Smith@Alpha.ARPA>\n\
             recipients  <Jones@Beta.ARPA>\n\
             message     218 octets, composed, <1@alpha.arpa>\n\
             {row}\n"
        )
    };
    to_jones("--dry-run --stop-after rcpt")
        .unasked()
        .stdout(&plan("stop        after RCPT; nothing is sent"))
        .exit(0);
    to_jones("--dry-run --drop-after data:9 --drop-reset")
        .unasked()
        .stdout(&plan("drop        the connection after 9 octets of the message, by a reset"))
        .exit(0);
}

/// What everybody is told of a connection that was dropped there.
fn dropped(place: &str, jones: &str, message: &str) -> String {
    let why = format!("dropped the connection {place}, as asked");
    format!("---\tJones@Beta.ARPA\t{jones}: {why}\n---\tmessage\t{message}: {why}\n")
}

#[test]
fn each_place_to_drop_at_is_truthful_about_the_recipient() {
    let mail = "C: MAIL FROM:<Smith@Alpha.ARPA>\n";
    let rcpt = "C: RCPT TO:<Jones@Beta.ARPA>\n";
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\n";
    for (at, dialogue, place, jones) in [
        ("connect", "S: 220 beta\n".to_owned(), "after the greeting", "untried"),
        ("ehlo-sent", hello.to_owned(), "after EHLO, before its reply", "untried"),
        ("ehlo", HELLO.to_owned(), "after EHLO", "untried"),
        ("mail-sent", format!("{HELLO}{mail}"), "after MAIL, before its reply", "untried"),
        ("mail", format!("{HELLO}{MAIL}"), "after MAIL", "untried"),
        ("rcpt-sent", format!("{HELLO}{MAIL}{rcpt}"), "after RCPT, before its reply", "deferred"),
        ("rcpt", format!("{HELLO}{MAIL}{RCPT}"), "after RCPT", "deferred"),
        ("data-sent", format!("{HELLO}{MAIL}{RCPT}C: DATA\n"), "after DATA, before its reply", "deferred"),
        ("data", format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n"), "after DATA", "deferred"),
    ] {
        to_jones(&format!("--drop-after {at}"))
            .server(&dialogue)
            .stdout(&dropped(place, jones, "untried"))
            .stderr(&format!("ehlo: dropped the connection {place}, as asked\n"))
            .exit(75);
    }
}

#[test]
fn a_group_ends_where_it_is_dropped() {
    let done = to_jones("--drop-after mail-sent")
        .server(&format!("{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\n"))
        .stdout(&dropped("after MAIL, before its reply", "untried", "untried"))
        .stderr("ehlo: dropped the connection after MAIL, before its reply, as asked\n")
        .exit(75);
    assert_eq!(done.pieces(), ["EHLO alpha.arpa\r\n", "MAIL FROM:<Smith@Alpha.ARPA>\r\n"]);
}

#[test]
fn nothing_of_a_group_is_written_behind_the_reply_where_it_is_dropped() {
    let done = to_jones("--drop-after mail")
        .server(&format!("{HELLO_PIPELINING}{MAIL}"))
        .stdout(&dropped("after MAIL", "untried", "untried"))
        .stderr("ehlo: dropped the connection after MAIL, as asked\n")
        .exit(75);
    assert_eq!(done.pieces(), ["EHLO alpha.arpa\r\n", "MAIL FROM:<Smith@Alpha.ARPA>\r\n"]);
    let group = "MAIL FROM:<Smith@Alpha.ARPA>\r\nRCPT TO:<Jones@Beta.ARPA>\r\nRCPT TO:<Green@Beta.ARPA>\r\n";
    let done = to_jones("-t Green@Beta.ARPA --drop-after rcpt")
        .server(&format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: RCPT TO:<Green@Beta.ARPA>\n\
             S: 250-OK\nS: 250 OK\nS: 250 OK\nS: 550-No such\nS: 550 user here\n"
        ))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: dropped the connection after RCPT, as asked\n\
             550\tGreen@Beta.ARPA\tNo such / user here\n\
             ---\tmessage\tuntried: dropped the connection after RCPT, as asked\n",
        )
        .stderr("ehlo: dropped the connection after RCPT, as asked\n")
        .exit(75);
    assert_eq!(done.pieces(), ["EHLO alpha.arpa\r\n", group]);
}

#[test]
fn a_message_is_cut_at_the_octet() {
    for (octets, reset) in [(0, ""), (1, ""), (9, "--drop-reset"), (217, "")] {
        let plural = if octets == 1 { "" } else { "s" };
        let place = format!("after {octets} octet{plural} of the message");
        let done = to_jones(&format!("--drop-after data:{octets} {reset}"))
            .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n! swallow\n"))
            .stdout(&dropped(&place, "deferred", "deferred"))
            .stderr(&format!("ehlo: dropped the connection {place}, as asked\n"))
            .exit(75);
        // What a reset leaves unread, the system may throw away.
        if reset.is_empty() {
            let (_, content) = done.wire().split_once("DATA\r\n").map(|(a, b)| (a.len(), b.len())).unwrap();
            assert_eq!(content, octets);
        }
    }
}

#[test]
fn a_large_message_is_cut_at_the_octet_by_either_command() {
    let body = ".line\n".repeat(100_000);
    for (extension, begin) in [("8BITMIME", "C: DATA\nS: 354 go on\n"), ("CHUNKING", "C: BDAT 700000 LAST\n")]
    {
        let done = crate::harness::send_as_is(
            &body,
            "-f Smith@Alpha.ARPA Jones@Beta.ARPA --drop-after data:300001",
        )
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 {extension}\n{MAIL}{RCPT}{begin}! swallow\n"
        ))
        .stdout(&dropped("after 300001 octets of the message", "deferred", "deferred"))
        .stderr(&format!(
            "{NO_HEADER}ehlo: dropped the connection after 300001 octets of the message, as asked\n"
        ))
        .exit(75);
        let wire = done.wire();
        let (_, content) =
            wire.rsplit_once(if begin.contains("BDAT") { "LAST\r\n" } else { "DATA\r\n" }).unwrap();
        assert_eq!(content.len(), 300_001);
    }
}

#[test]
fn after_the_final_dot_nobody_knows() {
    let place = "after the end of the message, before its reply";
    to_jones("--drop-after message-sent")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n! any-content\n"))
        .stdout(&dropped(place, "unknown", "unknown"))
        .stderr(&format!(
            "ehlo: dropped the connection {place}, as asked\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n"
        ))
        .exit(11);
}

#[test]
fn dropped_after_the_reply_it_is_delivered_and_quit_does_not_ride() {
    let done = to_jones("--drop-after message")
        .server(&format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: DATA\nS: 250 OK\n\
             S: 250 OK\nS: 354 go on\n! any-content\nS: 250 OK\n"
        ))
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: dropped the connection after the reply to the message, as asked\n")
        .exit(0);
    assert!(done.wire().ends_with("\r\n.\r\n"));
}

#[test]
fn a_refusal_before_the_place_is_what_it_is() {
    to_jones("--drop-after ehlo")
        .server("S: 554 no\nC: QUIT\nS: 221 bye\n")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server rejects the connection: 554 \
            no\n---\tmessage\tuntried: the server rejects the connection: 554 no\n",
        )
        .stderr("ehlo: the server rejects the connection: 554 no\n")
        .exit(69);
}

#[test]
fn a_place_is_one_of_those_that_there_are() {
    ehlo("send -S localhost:1 -f a@b.c d@e.f --drop-after quit")
        .stderr(
            "ehlo: --drop-after needs connect, ehlo, tls, auth, mail, rcpt, data or message, all but \
             connect perhaps \
             with -sent, or data:OCTETS, not 'quit'\n",
        )
        .exit(64);
}
