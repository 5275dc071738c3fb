//! `ehlo sink`: what it keeps, whom it refuses, and what it makes of a script; `ehlo send` is its client.

use crate::harness::{Done, Ehlo, Sink, ehlo, send_as_is};
use crate::*;
use ehlo_smtp::dialogue;
use std::path::Path;

const STD_10: &str = "Blah blah blah...\n..\n...etc. etc. etc.\n";
const TO_THREE: &str = "-f Smith@Alpha.ARPA Jones@Beta.ARPA Green@Beta.ARPA Brown@Beta.ARPA";
const TWO_OF_THREE: &str = "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n\
     250\tBrown@Beta.ARPA\tOK\n250\tmessage\tOK\n";

/// A sink that offers no TLS.
fn sink(line: &str) -> Ehlo {
    ehlo(&format!("sink --name beta.arpa --tls off {line}"))
}

/// A sink that plays a script once.
fn sink_of(script: &str) -> Sink {
    ehlo("sink --once --tls off --script talk").file("talk", script).listen()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The only message in somebody's Maildir.
fn mail(done: &Done, recipient: &str) -> String {
    let new = format!("mail/{recipient}/new");
    let [name] = &names(&done.path(&new))[..] else { panic!("not one message in {new}") };
    done.file(&format!("{new}/{name}"))
}

#[test]
fn std_10_leaves_the_message_with_jones_and_brown_and_no_trace_of_green() {
    let sink = sink("--maildir mail --reject Green@Beta.ARPA=550").listen();
    send_as_is(STD_10, TO_THREE).sink(&sink).stdout(TWO_OF_THREE).stderr(NO_HEADER).exit(10);
    let done = sink.stop("");
    assert_eq!(names(&done.path("mail")), ["Brown@Beta.ARPA", "Jones@Beta.ARPA"]);
    assert_eq!(mail(&done, "Jones@Beta.ARPA"), STD_10);
    assert_eq!(mail(&done, "Brown@Beta.ARPA"), STD_10);
    for recipient in ["Jones@Beta.ARPA", "Brown@Beta.ARPA"] {
        assert_eq!(names(&done.path(&format!("mail/{recipient}"))), ["cur", "new", "tmp"]);
        assert!(names(&done.path(&format!("mail/{recipient}/tmp"))).is_empty());
    }
}

#[test]
fn a_recipient_whose_name_no_folder_can_have_is_refused_and_only_where_there_are_folders() {
    let (fits, long) = ("x".repeat(245), "x".repeat(246));
    let warning = |local: &str| {
        format!("ehlo: warning: the address {local}@Beta.ARPA is longer than servers must accept\n")
    };
    let warnings = NO_HEADER.to_owned() + &warning(&long) + &warning(&fits);
    let everybody = format!("{long}@Beta.ARPA,{fits}@Beta.ARPA,Jones@Beta.ARPA");
    let report = |of_long: &str| {
        format!("{of_long}\n250\t{fits}@Beta.ARPA\tOK\n250\tJones@Beta.ARPA\tOK\n250\tmessage\tOK\n")
    };
    let refused = format!("553\t{long}@Beta.ARPA\tMailbox name not allowed: too long");
    let taken = format!("250\t{long}@Beta.ARPA\tOK");
    for (store, of_long, status) in [("--maildir mail", &refused, 10), ("--mbox mail", &taken, 0)] {
        let sink = sink(store).listen();
        send_as_is(STD_10, "-f Smith@Alpha.ARPA")
            .arg(&everybody)
            .sink(&sink)
            .stdout(&report(of_long))
            .stderr(&warnings)
            .exit(status);
        let done = sink.stop("");
        if status == 10 {
            assert_eq!(
                names(&done.path("mail")),
                ["Jones@Beta.ARPA".to_owned(), format!("{fits}@Beta.ARPA")]
            );
        }
    }
}

#[test]
fn octets_that_are_no_utf_8_are_kept() {
    let sink = sink("--maildir mail").listen();
    send_as_is(
        b"A: 1\n\nGr\xfc\xc3\xbc \x07\ttab  \nFrom here\n>From there\n\n\n",
        "-f Smith@Alpha.ARPA Jones@Beta.ARPA",
    )
    .sink(&sink)
    .stdout(JONES_HAS_IT)
    .exit(0);
    let done = sink.stop("");
    assert_eq!(mail(&done, "Jones@Beta.ARPA"), "A: 1\n\nGr\\xfcü \x07\ttab  \nFrom here\n>From there\n\n\n");
}

#[test]
fn an_mbox_has_all_messages_in_one_file() {
    let sink = sink("--mbox caught").listen();
    for text in ["one\nFrom here\n", "two\n>From there\n"] {
        send_as_is(text, "-f Smith@Alpha.ARPA Jones@Beta.ARPA")
            .sink(&sink)
            .stdout(JONES_HAS_IT)
            .stderr(NO_HEADER)
            .exit(0);
    }
    let done = sink.stop("");
    let caught = done.file("caught");
    let lines: Vec<_> = caught
        .lines()
        .map(|line| if line.starts_with("From Smith@Alpha.ARPA ") { "From Smith@Alpha.ARPA …" } else { line })
        .collect();
    assert_eq!(
        lines,
        [
            "From Smith@Alpha.ARPA …",
            "one",
            ">From here",
            "",
            "From Smith@Alpha.ARPA …",
            "two",
            ">>From there",
            "",
        ]
    );
}

#[test]
fn once_ends_after_one_session() {
    let sink = sink("--once --mbox caught").listen();
    to_jones("").sink(&sink).stdout(JONES_HAS_IT).exit(0);
    assert!(sink.over(0, "").file("caught").contains("\nBlah\n"));
}

#[test]
fn who_is_refused_and_who_is_put_off_is_said_as_it_was_typed() {
    let sink = sink("--reject 'green@beta.arpa=553 5.1.3 Green has left' --defer Brown@Beta.ARPA --defer 'Black@Beta.ARPA=451 4.2.1 full'").listen();
    let done = to_jones("Green@Beta.ARPA Brown@Beta.ARPA Black@Beta.ARPA --failed-to DIR/failed")
        .sink(&sink)
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n553\tGreen@Beta.ARPA\t5.1.3 Green has left\n\
         450\tBrown@Beta.ARPA\tMailbox unavailable, try again later\n451\tBlack@Beta.ARPA\t4.2.1 full\n\
         250\tmessage\tOK\n",
        )
        .exit(10);
    sink.stop("");
    assert_eq!(done.file("failed"), "Green@Beta.ARPA\nBrown@Beta.ARPA\nBlack@Beta.ARPA\n");
}

#[test]
fn starttls_is_verified_by_the_certificate_it_wrote() {
    let sink = ehlo("sink --name beta.arpa --cert-out ca.pem --once").listen();
    to_jones("-v --tls starttls --ca-file ca.pem")
        .file("ca.pem", sink.file("ca.pem"))
        .sink(&sink)
        .stdout(JONES_HAS_IT)
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             S: 220 beta.arpa Service ready\n\
             C: EHLO alpha.arpa\n\
             S: 250-beta.arpa\n\
             S: 250-PIPELINING\n\
             S: 250-SIZE\n\
             S: 250-8BITMIME\n\
             S: 250-SMTPUTF8\n\
             S: 250-CHUNKING\n\
             S: 250 STARTTLS\n\
             C: STARTTLS\n\
             S: 220 Ready to start TLS\n\
             # TLS: TLSv1.3, TLS13_AES_256_GCM_SHA384, certificate verified\n\
             C: EHLO alpha.arpa\n\
             S: 250-beta.arpa\n\
             S: 250-PIPELINING\n\
             S: 250-SIZE\n\
             S: 250-8BITMIME\n\
             S: 250-SMTPUTF8\n\
             S: 250 CHUNKING\n\
             C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=218\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             S: 250 OK\n\
             S: 250 OK\n\
             C: BDAT 218 LAST\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: QUIT\n\
             S: 250 OK\n\
             S: 221 beta.arpa Service closing transmission channel\n",
        )
        .exit(0);
    sink.over(0, "");
}

#[test]
fn its_name_is_in_the_certificate_too() {
    let sink = ehlo("sink --name beta.arpa --cert-out ca.pem").listen();
    to_jones("--tls starttls --ca-file ca.pem --tls-name beta.arpa")
        .file("ca.pem", sink.file("ca.pem"))
        .sink(&sink)
        .stdout(JONES_HAS_IT)
        .exit(0);
    sink.stop("");
}

#[test]
fn implicit_tls_is_there_from_the_first_octet() {
    let sink = ehlo("sink --name beta.arpa --tls implicit --cert-out ca.pem").listen();
    to_jones("--ca-file ca.pem -S smtps://127.0.0.1:PORT")
        .file("ca.pem", sink.file("ca.pem"))
        .beside(&sink)
        .stdout(JONES_HAS_IT)
        .exit(0);
    sink.stop("");
}

/// A file that nobody else can read.
fn secret(run: Ehlo, text: &str) -> Ehlo {
    let run = run.file("secret", text);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(run.folder().join("secret"), mode).unwrap();
    run
}

#[test]
fn a_user_logs_in_and_nobody_else_may_send() {
    let sink = secret(
        ehlo("sink --name beta.arpa --cert-out ca.pem --user smith --password-file secret --require-auth"),
        "open sesame\n",
    )
    .listen();
    let client = |line: &str| {
        to_jones(&format!("--tls starttls --ca-file ca.pem {line}"))
            .file("ca.pem", sink.file("ca.pem"))
            .sink(&sink)
    };
    client("-u smith --password-env P").env("P", "open sesame").stdout(JONES_HAS_IT).exit(0);
    client("-u smith --password-env P --auth LOGIN").env("P", "open sesame").stdout(JONES_HAS_IT).exit(0);
    client("-u smith --password-env P")
        .env("P", "open barley")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server refused AUTH: 535 Authentication credentials invalid\n\
         ---\tmessage\tuntried: the server refused AUTH: 535 Authentication credentials invalid\n",
        )
        .stderr(
            "ehlo: the server refused AUTH: 535 Authentication credentials invalid; check user and password; if \
             they are right, name another mechanism by --auth, as in --auth LOGIN\n",
        )
        .exit(77);
    client("")
        .stdout("530\tJones@Beta.ARPA\tAuthentication required\n---\tmessage\tuntried: the sender was not accepted\n")
        .stderr("ehlo: warning: the server requires a log-in: use -u (--user)\n")
        .exit(69);
    sink.stop("");
}

#[test]
fn lmtp_has_a_reply_for_each_recipient() {
    let sink = sink("--lmtp --maildir mail --reject Green@Beta.ARPA=550").listen();
    send_as_is(STD_10, TO_THREE)
        .arg("-S")
        .arg("lmtp://127.0.0.1:PORT")
        .beside(&sink)
        .stdout(TWO_OF_THREE)
        .stderr(NO_HEADER)
        .exit(10);
    let done = sink.stop("");
    assert_eq!(mail(&done, "Jones@Beta.ARPA"), STD_10);
    assert_eq!(mail(&done, "Brown@Beta.ARPA"), STD_10);
}

#[test]
fn a_message_that_is_too_large_65_before_it_is_sent() {
    let sink = sink("--max-size 100").listen();
    to_jones("")
        .sink(&sink)
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the message has 218 octets, but the \
        server takes at most 100; nothing was sent\n\
         ---\tmessage\tuntried: the message has 218 octets, but the server takes at most 100; nothing was \
         sent\n",
        )
        .stderr(
            "ehlo: the message has 218 octets, but the server takes at most 100; nothing was \
         sent\n",
        )
        .exit(65);
    sink.stop("");
}

#[test]
fn v_shows_the_dialogue() {
    const SHOWN: &str = "# 127.0.0.1:PORT connected\n\
         S: 220 beta.arpa Service ready\n\
         C: EHLO alpha.arpa\n\
         S: 250-beta.arpa\n\
         S: 250-PIPELINING\n\
         S: 250-SIZE\n\
         S: 250-8BITMIME\n\
         S: 250-SMTPUTF8\n\
         S: 250 CHUNKING\n\
         C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=218\n\
         S: 250 OK\n\
         C: RCPT TO:<Jones@Beta.ARPA>\n\
         S: 250 OK\n\
         C: BDAT 218 LAST\n\
         C: … 218 octets\n\
         # kept 218 octets for Jones@Beta.ARPA\n\
         S: 250 OK\n\
         C: QUIT\n\
         S: 221 beta.arpa Service closing transmission channel\n\
         # closed\n";
    let sink = sink("-v --once").listen();
    to_jones("").sink(&sink).stdout(JONES_HAS_IT).exit(0);
    sink.over(0, SHOWN);
    // That can be played too.
    let sink = sink_of(SHOWN);
    to_jones("").sink(&sink).stdout(JONES_HAS_IT).exit(0);
    sink.over(0, "");
}

/// What happens when this was sent to a sink with its transcript written, and then to a sink that plays that: the
/// same, and the second finds nothing to complain of.
#[track_caller]
fn recorded_and_played(first: Ehlo, client: impl Fn(&Sink) -> Ehlo, status: i32) {
    let first = first.listen();
    let done = client(&first).arg("--transcript").arg("talk").exit(status);
    first.stop("");
    let script = done.file("talk");
    dialogue::parse(&script).unwrap();
    let second = ehlo("sink --once --script talk --cert-out ca.pem").file("talk", &script).listen();
    client(&second).exit(status);
    second.over(0, "");
}

#[test]
fn what_was_recorded_can_be_played() {
    recorded_and_played(sink(""), |sink| to_jones("").sink(sink).stdout(JONES_HAS_IT), 0);
}

#[test]
fn what_was_recorded_by_data_can_be_played() {
    recorded_and_played(
        sink("--reject Green@Beta.ARPA=550"),
        |sink| {
            let run = send_as_is(STD_10, TO_THREE).arg("--no-chunking").sink(sink);
            run.stdout(TWO_OF_THREE).stderr(NO_HEADER)
        },
        10,
    );
}

#[test]
fn what_was_recorded_without_groups_can_be_played() {
    recorded_and_played(
        sink("--reject Green@Beta.ARPA=550"),
        |sink| {
            send_as_is(STD_10, TO_THREE)
                .arg("--no-chunking")
                .arg("--no-pipelining")
                .sink(sink)
                .stdout(TWO_OF_THREE)
                .stderr(NO_HEADER)
        },
        10,
    );
}

#[test]
fn what_was_recorded_over_tls_with_a_log_in_can_be_played() {
    for auth in ["PLAIN", "LOGIN"] {
        recorded_and_played(
            secret(
                ehlo("sink --name beta.arpa --cert-out ca.pem --user smith --password-file secret"),
                "open sesame\n",
            ),
            |sink| {
                to_jones(&format!("--tls starttls --ca-file ca.pem -u smith --password-env P --auth {auth}"))
                    .file("ca.pem", sink.file("ca.pem"))
                    .env("P", "open sesame")
                    .sink(sink)
                    .stdout(JONES_HAS_IT)
            },
            0,
        );
    }
}

#[test]
fn lmtp_that_was_recorded_can_be_played() {
    recorded_and_played(
        sink("--lmtp --reject Green@Beta.ARPA=550"),
        |sink| {
            send_as_is(STD_10, TO_THREE)
                .arg("-S")
                .arg("lmtp://127.0.0.1:PORT")
                .beside(sink)
                .stdout(TWO_OF_THREE)
                .stderr(NO_HEADER)
        },
        10,
    );
}

#[test]
fn a_client_that_says_something_else_is_told_of_and_the_status_is_1() {
    let second = sink_of(&format!(
        "{HELLO}{MAIL}C: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\nC: DATA\nS: 354 go on\nC: … 100 octets\nC: .\nS: 250 OK\n{QUIT}"
    ));
    to_jones("").sink(&second).stdout(JONES_HAS_IT).exit(0);
    second.over(1, "ehlo: the script has 'C: RCPT TO:<Brown@Beta.ARPA>', but the client said 'C: RCPT TO:<Jones@Beta.ARPA>'\n\
         ehlo: the script has 'C: … 100 octets', but the client said 'C: … 218 octets'\n");
}

#[test]
fn a_client_that_hangs_up_too_soon_is_told_of() {
    let second = sink_of(&format!(
        "{}C: NOOP\nS: 250 OK\n",
        all_well().replace("! any-content", "C: … 218 octets\nC: .")
    ));
    to_jones("").sink(&second).stdout(JONES_HAS_IT).exit(0);
    second.over(1, "ehlo: the script has 'C: NOOP', but the client hung up\n");
}

#[test]
fn values_that_do_not_fit_64() {
    for (line, text) in [
        (
            "--listen localhost:25",
            "--listen needs ADDRESS:PORT such as 127.0.0.1:2525 or [::1]:0, not 'localhost:25'",
        ),
        ("--maildir a --mbox b", "--maildir cannot be used with --mbox"),
        ("--script talk --reject a@b=550", "--script cannot be used with --reject"),
        (
            "--reject a@b",
            "--reject needs ADDRESS=CODE with a code from 400 to 599 and perhaps a text, not 'a@b'",
        ),
        (
            "--reject a@b=250",
            "--reject needs ADDRESS=CODE with a code from 400 to 599 and perhaps a text, not 'a@b=250'",
        ),
        (
            "--defer a@b=550",
            "--defer needs ADDRESS or ADDRESS=CODE with a code from 400 to 499, not 'a@b=550'",
        ),
        ("--user smith", "--password-file is required as well"),
        ("--password-file secret", "--user is required as well"),
        ("--tls off --cert-out ca.pem", "--cert-out: there is no certificate with --tls off"),
        ("--tls opportunistic", "--tls must be one of off, starttls, implicit, not 'opportunistic'"),
        ("--max-size many", "--max-size needs a number of octets, not 'many'"),
        ("--name 'a b'", "--name: unexpected ' ' (at character 2)"),
        ("extra", "unexpected argument 'extra': see 'ehlo sink --help'"),
        (
            "2525",
            "unexpected argument '2525': the address to listen on is named by --listen, as in --listen \
             127.0.0.1:2525",
        ),
        (
            "localhost:25",
            "unexpected argument 'localhost:25': the address to listen on is named by --listen, as in --listen \
             127.0.0.1:2525",
        ),
        (
            "-p 2525",
            "no option -p: the address to listen on is named by --listen, as in --listen 127.0.0.1:2525",
        ),
    ] {
        ehlo(&format!("sink {line}")).stderr(&format!("ehlo: {text}\n")).exit(64);
    }
}

#[test]
fn files_that_are_not_there_or_not_what_they_should_be() {
    ehlo("sink --script talk")
        .stderr("ehlo: cannot read the script talk: no such file or directory\n")
        .exit(66);
    ehlo("sink --script talk")
        .file("talk", "S: 220 beta\nhello\n")
        .stderr("ehlo: talk: line 2 does not begin with 'S: ', 'C: ', '# ' or '! '\n")
        .exit(65);
    ehlo("sink --user smith --password-file secret")
        .stderr(
            "ehlo: cannot read the password file: no such file or directory; give the name of a file, not the password\n",
        )
        .exit(66);
    ehlo("sink --cert-out no/such/ca.pem")
        .stderr("ehlo: cannot write the certificate to no/such/ca.pem: no such file or directory\n")
        .exit(74);
}

#[test]
fn what_cannot_be_listened_on_or_written_is_said_once() {
    ehlo("sink --mbox no/such/file")
        .stderr(
            "ehlo: cannot start the sink: cannot keep messages in no/such/file: no such file or directory\n",
        )
        .exit(74);
    ehlo("sink --maildir file")
        .file("file", "")
        .stderr("ehlo: cannot start the sink: cannot keep messages in file: file exists\n")
        .exit(74);
    ehlo("sink --listen 192.0.2.1:2525")
        .stderr(
            "ehlo: cannot start the sink: cannot listen on 192.0.2.1:2525: cannot assign requested address\n",
        )
        .exit(74);
}

#[test]
fn a_rule_names_its_flag_64() {
    ehlo("sink --reject Green=550")
        .stderr("ehlo: --reject 'Green': not an address: no '@' and no domain (at character 6)\n")
        .exit(64);
    ehlo("sink --defer Green")
        .stderr("ehlo: --defer 'Green': not an address: no '@' and no domain (at character 6)\n")
        .exit(64);
}

#[test]
fn require_auth_wants_a_user_64() {
    ehlo("sink --require-auth").stderr("ehlo: --require-auth needs --user\n").exit(64);
}
