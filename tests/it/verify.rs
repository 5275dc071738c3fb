//! `ehlo verify`: what a server says of addresses that nothing is sent to.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::*;
use serde_json::{Value, json};

const NULL: &str = "C: MAIL FROM:<>\nS: 250 OK\n";
const RANDOM: &str = "C: RCPT TO:<nobody@Beta.ARPA>\n";
/// What 550 means, behind the address.
const NO_MAILBOX: &str = "550: mailbox not available: check the address; if it is right, the text says what the server objects to; do not try again";
/// Where the text says it.
const NO_SUCH_USER: &str = "550: no such mailbox there: check the address, letter by letter, or ask the person; remove it from mailing lists; do not try again";
const END: &str = "C: RSET\nS: 250 OK\nC: QUIT\nS: 221 bye\n";

/// `ehlo verify`, the random mailbox being nobody.
fn verify(line: &str, dialogue: &str) -> Ehlo {
    ehlo(&format!("verify 127.0.0.1:PORT --ehlo-name alpha.arpa --random-mailbox nobody {line}"))
        .served_by(Server::tcp(dialogue))
}

#[test]
fn each_address_has_its_reply_and_the_random_one_is_not_among_them() {
    verify(
        "Jones@Beta.ARPA Green@Beta.ARPA,Brown@Beta.ARPA Jones@beta.arpa",
        &format!("{HELLO}{NULL}{RANDOM}S: 550 no\n{RCPT}{GREEN}{BROWN}{END}"),
    )
    .stdout("250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n")
    .stderr(&format!("ehlo: Green@Beta.ARPA: {NO_SUCH_USER}\n"))
    .exit(10);
}

#[test]
fn all_go_in_one_group() {
    let done = verify(
        "Jones@Beta.ARPA",
        &format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<>\n{RANDOM}C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 550 no\nS: 250 OK\n\
             C: RSET\nC: QUIT\nS: 250 OK\nS: 221 bye\n"
        ),
    )
    .stdout("250\tJones@Beta.ARPA\tOK\n")
    .exit(0);
    assert_eq!(done.pieces().len(), 3);
}

#[test]
fn a_server_that_accepts_everything_is_named() {
    verify("Jones@Beta.ARPA", &format!("{HELLO}{NULL}{RANDOM}S: 250 OK\n{RCPT}{END}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n")
        .stderr(
            "ehlo: warning: the server accepts any mailbox at Beta.ARPA, even nobody@Beta.ARPA: an acceptance proves \
             nothing\n",
        )
        .exit(0);
}

#[test]
fn each_domain_has_a_random_mailbox_and_postmaster_needs_none() {
    verify(
        "Postmaster Jones@Beta.ARPA a@gamma.arpa b@BETA.arpa",
        &format!(
            "{HELLO}{NULL}{RANDOM}S: 550 no\nC: RCPT TO:<nobody@gamma.arpa>\nS: 550 no\n\
             C: RCPT TO:<Postmaster>\nS: 250 OK\n{RCPT}\
             C: RCPT TO:<a@gamma.arpa>\nS: 250 OK\nC: RCPT TO:<b@BETA.arpa>\nS: 250 OK\n{END}"
        ),
    )
    .stdout("250\tPostmaster\tOK\n250\tJones@Beta.ARPA\tOK\n250\ta@gamma.arpa\tOK\n250\tb@BETA.arpa\tOK\n")
    .exit(0);
}

#[test]
fn a_random_mailbox_has_sixteen_digits_and_is_another_each_time() {
    let name = || {
        let done = ehlo("verify 127.0.0.1:PORT --ehlo-name alpha.arpa Jones@Beta.ARPA")
            .served_by(Server::tcp(&format!("{HELLO}{NULL}C: RCPT ***\nS: 550 no\n{RCPT}{END}")))
            .stdout("250\tJones@Beta.ARPA\tOK\n")
            .exit(0);
        let wire = done.wire();
        let (_, behind) = wire.split_once("RCPT TO:<").unwrap();
        behind.split_once("@Beta.ARPA>").unwrap().0.to_owned()
    };
    let (one, other) = (name(), name());
    assert!(one.len() == 16 && one.bytes().all(|digit| digit.is_ascii_hexdigit()), "{one}");
    assert_ne!(one, other);
}

#[test]
fn the_exit_status_is_that_of_sending() {
    let alone = "--envelope-from Smith@Alpha.ARPA Jones@Beta.ARPA";
    let run = |reply: &str| {
        let dialogue =
            format!("{HELLO}{MAIL}{RANDOM}S: 550 no\nC: RCPT TO:<Jones@Beta.ARPA>\nS: {reply}\n{END}");
        verify(alone, &dialogue)
    };
    run("250 OK").stdout("250\tJones@Beta.ARPA\tOK\n").exit(0);
    run("450 later")
        .stdout("450\tJones@Beta.ARPA\tlater\n")
        .stderr(
            "ehlo: Jones@Beta.ARPA: 450: mailbox not available now: try again in 5 to 15 minutes from the same address; \
             real mail servers do so by themselves\n",
        )
        .exit(75);
    run("550 no")
        .stdout("550\tJones@Beta.ARPA\tno\n")
        .stderr(&format!("ehlo: Jones@Beta.ARPA: {NO_MAILBOX}\n"))
        .exit(69);
}

#[test]
fn a_refused_sender_is_everybodys_reply() {
    verify("Jones@Beta.ARPA", &format!("{HELLO}C: MAIL FROM:<>\nS: 501 no bounces\n{QUIT}"))
        .stdout("501\tJones@Beta.ARPA\tno bounces\n")
        .stderr(
            "ehlo: Jones@Beta.ARPA: 501: wrong sender or parameter: correct the sender (--from, --envelope-from), or \
             leave out the parameter; try again after that\n",
        )
        .exit(69);
}

#[test]
fn a_server_that_wants_a_message_size_is_not_told_one() {
    verify(
        "Jones@Beta.ARPA",
        &format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SIZE 1000\n{NULL}{RANDOM}S: 550 no\n{RCPT}{END}"),
    )
    .stdout("250\tJones@Beta.ARPA\tOK\n")
    .exit(0);
}

#[test]
fn too_many_recipients_are_asked_in_a_further_transaction() {
    verify(
        "Jones@Beta.ARPA Brown@Beta.ARPA",
        &format!(
            "{HELLO}{NULL}{RANDOM}S: 550 no\n{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 4.5.3 too many\n\
             C: RSET\nS: 250 OK\n{NULL}{BROWN}{END}"
        ),
    )
    .stdout("250\tJones@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n")
    .exit(0);
}

#[test]
fn a_connection_that_is_lost_leaves_what_was_said() {
    verify(
        "Jones@Beta.ARPA Green@Beta.ARPA Brown@Beta.ARPA",
        &format!(
            "{HELLO}{NULL}{RANDOM}S: 550 no\n{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 421 too many errors\n! close\n{HELLO}{NULL}C: RCPT TO:<Green@Beta.ARPA>\nS: 421 too many errors\n"
        ),
    )
    .stdout(
        "250\tJones@Beta.ARPA\tOK\n421\tGreen@Beta.ARPA\ttoo many errors\n\
         ---\tBrown@Beta.ARPA\tuntried: the server closed the session: 421 too many errors\n",
    )
    .stderr(
        "ehlo: the server closed the session: 421 too many errors\n\
         ehlo: Green@Beta.ARPA: 421: too many errors in one session: see the transcript (-v) for what was refused before; remove addresses \
         that do not exist from the list; try again later\n\
         ehlo: 421: too many errors in one session: see the transcript (-v) for what was refused before; remove addresses that do not exist \
         from the list; try again later\n",
    )
    .exit(10);
}

#[test]
fn a_list_of_addresses_and_one_of_those_that_failed() {
    let done = verify(
        "--recipients-from list --failed-to bad",
        &format!("{HELLO}{NULL}{RANDOM}S: 550 no\n{RCPT}{GREEN}{END}"),
    )
    .file("list", "# who\nJones@Beta.ARPA\n\nGreen@Beta.ARPA\n")
    .stdout("250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n")
    .stderr(&format!("ehlo: Green@Beta.ARPA: {NO_SUCH_USER}\n"))
    .exit(10);
    assert_eq!(done.file("bad"), "Green@Beta.ARPA\n");
}

#[test]
fn quiet_names_those_who_are_not_accepted() {
    verify(
        "-q Jones@Beta.ARPA Green@Beta.ARPA",
        &format!("{HELLO}{NULL}{RANDOM}S: 250 OK\n{RCPT}{GREEN}{END}"),
    )
    .stderr("ehlo: Green@Beta.ARPA: refused: 550 No such user here\n")
    .exit(10);
}

#[test]
fn over_lmtp() {
    ehlo("verify lmtp://127.0.0.1:PORT --ehlo-name alpha.arpa --no-random Jones@Beta.ARPA")
        .served_by(Server::tcp(&format!("S: 220 beta\nC: LHLO alpha.arpa\nS: 250 beta\n{NULL}{RCPT}{END}")))
        .stdout("250\tJones@Beta.ARPA\tOK\n")
        .exit(0);
}

#[test]
fn vrfy_asks_one_by_one_and_252_is_said_to_be_open() {
    verify(
        "--vrfy Jones@Beta.ARPA Green",
        &format!(
            "{HELLO_PIPELINING}C: VRFY nobody@Beta.ARPA\nS: 252 try it\nC: VRFY Jones@Beta.ARPA\nS: 252 try it\n\
             C: VRFY Green\nS: 550 no\n{QUIT}"
        ),
    )
    .stdout("252\tJones@Beta.ARPA\ttry it\n550\tGreen\tno\n")
    .stderr(
        "ehlo: warning: 252 does not say whether the mailbox exists\nehlo: Green: 550: no such mailbox, or not disclosed: \
         check the name; to be sure, ask with RCPT: ehlo verify without --vrfy; do not try again\n",
    )
    .exit(10);
}

#[test]
fn vrfy_finds_a_server_that_confirms_everything() {
    verify(
        "--vrfy Jones@Beta.ARPA",
        &format!("{HELLO}C: VRFY nobody@Beta.ARPA\nS: 250 OK\nC: VRFY Jones@Beta.ARPA\nS: 250 OK\n{QUIT}"),
    )
    .stdout("250\tJones@Beta.ARPA\tOK\n")
    .stderr(
        "ehlo: warning: the server accepts any mailbox at Beta.ARPA, even nobody@Beta.ARPA: an acceptance proves nothing\n",
    )
    .exit(0);
}

/// What `ehlo verify --vrfy` says of Smith, of whom the server says this.
fn of_smith(reply: &str, explained: &str, status: i32) {
    let lines: Vec<&str> = reply.lines().collect();
    let says = |(place, line): (usize, &&str)| {
        let mark = if place + 1 < lines.len() { '-' } else { ' ' };
        format!("S: {}{mark}{}\n", &lines[0][..3], if place == 0 { &line[4..] } else { *line })
    };
    let said: String = lines.iter().enumerate().map(says).collect();
    let text = lines.join(" / ");
    ehlo("verify 127.0.0.1:PORT --ehlo-name alpha.arpa --vrfy --no-random Smith")
        .served_by(Server::tcp(&format!("{HELLO}C: VRFY Smith\n{said}{QUIT}")))
        .stdout(&format!("{}\tSmith\t{}\n", &text[..3], &text[4..]))
        .stderr(&format!("ehlo: Smith: {explained}\n"))
        .exit(status);
}

#[test]
fn what_vrfy_is_answered_is_explained_as_that() {
    // RFC 5321, section 3.5.1.
    of_smith(
        "553 Ambiguous; Possibilities are\nJoe Smith <jsmith@foo.com>\nHarry Smith <hsmith@foo.com>\nMelvin Smith \
         <dweep@foo.com>",
        "553: more than one matches: ask with the whole address of one of them: jsmith@foo.com, hsmith@foo.com, \
         dweep@foo.com; try again after that",
        69,
    );
    of_smith(
        "553 User ambiguous",
        "553: more than one matches: ask with the whole address of one of them; try again after that",
        69,
    );
    let not_done = "VRFY not supported: ask with RCPT: ehlo verify without --vrfy; do not try again";
    of_smith("500 what?", &format!("500: {not_done}"), 69);
    of_smith("502 5.5.1 VRFY command is disabled", &format!("502 5.5.1: {not_done}"), 69);
    of_smith(
        "450 4.2.1 Mailbox busy, try again later",
        "450 4.2.1: mailbox in use: nothing is wrong: try again in a few minutes",
        75,
    );
    of_smith("450 later", "450: cannot be looked up now: ask again later; try again later", 75);
}

fn ok() -> Value {
    json!({"code": 250, "enhanced": null, "text": ["OK"]})
}

fn one(address: &str, status: &str, stage: &str, reply: Value) -> Value {
    json!({"address": address, "status": status, "stage": stage, "transaction": 0, "reply": reply,
        "explanation": null})
}

fn report(status: u8, recipients: Value, sender: Value, verification: Value) -> Value {
    json!({
        "version": 1, "outcome": if status == 0 { "all" } else { "none" }, "exit_status": status, "skipped": null,
        "recipients": recipients,
        "transactions": [{
            "server": {
                "name": "127.0.0.1", "address": "127.0.0.1:PORT", "protocol": "smtp",
                "greeting": {"code": 220, "enhanced": null, "text": ["beta"]},
                "extensions": [], "tls": null, "auth": null,
            },
            "sender": {"address": "", "reply": sender},
            "message": {"id": null, "octets": 0, "reply": null},
            "error": null,
        }],
        "verification": verification,
        "timing_ms": {"connect": 0, "tls": null, "auth": null, "total": 0},
        "error": null,
    })
}

#[test]
fn as_json_the_random_mailbox_stands_apart() {
    let random = one("nobody@Beta.ARPA", "accepted", "rcpt", ok());
    verify("--json -q Jones@Beta.ARPA", &format!("{HELLO}{NULL}{RANDOM}S: 250 OK\n{RCPT}{END}"))
        .json(report(
            0,
            json!([one("Jones@Beta.ARPA", "accepted", "rcpt", ok())]),
            ok(),
            json!({"by": "rcpt", "random": [random], "accepts_any": true}),
        ))
        .exit(0);
}

#[test]
fn the_members_of_a_list_are_the_lines_of_the_reply() {
    let members = ["Jon Postel <Postel@isi.edu>", "Sam Q. Smith <SQSmith@specific.generic.com>"];
    let reply = json!({"code": 250, "enhanced": null, "text": members});
    let run = |flags: &str| {
        let dialogue =
            format!("{HELLO}C: EXPN Example-People\nS: 250-{}\nS: 250 {}\n{QUIT}", members[0], members[1]);
        ehlo(&format!("verify 127.0.0.1:PORT --ehlo-name alpha.arpa --expn {flags} Example-People"))
            .served_by(Server::tcp(&dialogue))
    };
    run("").stdout(&format!("250\tExample-People\t{}\n", members.join(" / "))).exit(0);
    run("--json")
        .json(report(
            0,
            json!([one("Example-People", "accepted", "expn", reply)]),
            Value::Null,
            json!({"by": "expn", "random": [], "accepts_any": false}),
        ))
        .exit(0);
}

#[test]
fn a_server_that_hangs_is_named_in_time() {
    verify("--timeout 200ms Jones@Beta.ARPA", "! swallow\n")
        .stdout("---\tJones@Beta.ARPA\tuntried: timed out waiting for the greeting\n")
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that expects TLS from \
                 the first octet is silent too: try smtps:// or --tls implicit\n",
        )
        .exit(75);
}

#[test]
fn what_is_no_mail_server_is_called_so() {
    let why = "this is not a mail server: what it sent is not an SMTP greeting";
    for (banner, who) in [("SSH-2.0-OpenSSH_9.2p1 Debian-2", "an SSH"), ("HTTP/1.1 400 Bad Request", "a web")]
    {
        verify("Jones@Beta.ARPA", &format!("S: {banner}\n"))
            .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {why}\n"))
            .stderr(&format!("ehlo: {why}; it says '{banner}': this is {who} server\n"))
            .exit(76);
    }
}

#[test]
fn a_host_that_does_not_exist_is_named() {
    ehlo("verify nobody.invalid Jones@Beta.ARPA --deadline 10s")
        .stdout("---\tJones@Beta.ARPA\tuntried: no such host: nobody.invalid\n")
        .stderr("ehlo: no such host: nobody.invalid\n")
        .exit(68);
}

#[test]
fn a_dry_run_says_what_would_be_asked() {
    let plan = "server      192.0.2.1:25 (smtp)\n\
         tls         starttls if offered, certificate faults are only reported\n\
         log in      no\n\
         ehlo name   alpha.arpa\n";
    let run = |flags: &str| {
        ehlo(&format!("verify 192.0.2.1 --ehlo-name alpha.arpa --random-mailbox nobody --dry-run {flags}"))
    };
    run("Jones@Beta.ARPA")
        .stdout(&format!(
            "{plan}sender      <>\nasked       RCPT <nobody@Beta.ARPA>\n            RCPT <Jones@Beta.ARPA>\n"
        ))
        .exit(0);
    run("--vrfy Jones").stdout(&format!("{plan}asked       VRFY Jones\n")).exit(0);
}

#[test]
fn what_cannot_be_asked_is_refused_before() {
    for (line, why) in [
        ("", "no server: name one, as in 'ehlo verify mail.example.org ops@example.org'"),
        ("localhost:1", "no address: name one after the server, or a file by --recipients-from"),
        ("a@b.c", "no server: name one before the address, as in 'ehlo verify mail.example.org a@b.c'"),
        ("localhost:1 --recipients-from empty", "--recipients-from: it contains no address"),
        ("localhost:1 --vrfy --expn a", "--vrfy cannot be used with --expn"),
        (
            "localhost:1 --vrfy 'John Smith'",
            "'John Smith': needs an address, a name, or words in double quotation marks",
        ),
        ("localhost:1 --expn --random-mailbox a list", "--random-mailbox cannot be used with --expn"),
        ("localhost:1 --no-chunking a@b.c", "no option --no-chunking here: see 'ehlo verify --help'"),
        ("localhost:1 --message-out x a@b.c", "no option --message-out here: see 'ehlo verify --help'"),
    ] {
        let run = ehlo(&format!("verify {line}")).file("empty", "# nobody\n");
        run.stderr(&format!("ehlo: {why}\n")).exit(64);
    }
}

#[test]
fn a_refusal_is_explained() {
    verify(
        "Green@Beta.ARPA",
        &format!("{HELLO}{NULL}{RANDOM}S: 550 no\nC: RCPT TO:<Green@Beta.ARPA>\nS: 550 5.1.1 no\n{END}"),
    )
    .stdout("550\tGreen@Beta.ARPA\t5.1.1 no\n")
    .stderr("ehlo: Green@Beta.ARPA: 550 5.1.1: no such mailbox there: check the address, letter by letter, or ask the \
             person; remove it from mailing lists; do not try again\n")
    .exit(69);
}

#[test]
fn what_is_wrong_with_the_server_is_said_of_the_argument_64() {
    ehlo("verify smtp://me:sesame@beta Jones@Beta.ARPA")
        .stderr(
            "ehlo: SERVER: a password does not belong in a URL, where others can see it: use --password-file or --password-command\n",
        )
        .exit(64);
}
