//! `-m`: what stands in front of a message, what is no header section, and who is named in it.

use crate::harness::{Done, Ehlo, ehlo, send_as_is};
use crate::*;

const FROM: &str = "-f Smith@Alpha.ARPA Jones@Beta.ARPA";
/// A header section that says to whom a copy goes in secret, in three lines before the Bcc.
const FIELDS: &str =
    "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\nBcc: Green@Beta.ARPA\nSubject: x\n\nbody\n";
const LEFT: &str = "From: Smith@Alpha.ARPA\r\nTo: Jones@Beta.ARPA\r\nSubject: x\r\n\r\nbody\r\n";
const NAMES: &str = "is outside the header section, where every recipient could read it; begin the message \
    with its \
                     header fields, or remove the line";

fn sent(run: Ehlo) -> Done {
    run.server(&all_well()).stdout(JONES_HAS_IT).exit(0)
}

/// The same from standard input and from a file.
fn both_ways(message: &[u8], line: &str) -> [Ehlo; 2] {
    [
        send_as_is(message, line),
        ehlo(&format!("send --ehlo-name alpha.arpa -m message.eml {line}")).file("message.eml", message),
    ]
}

#[test]
fn bcc_goes_with_whatever_stands_in_front_of_the_header_section() {
    for front in [
        "",
        ">From jones Mon Sep 17 00:00:00 2001\n",
        "From jones Mon Sep 17 00:00:00 2001\n>From green Mon Sep 17 00:00:00 2001\n",
        ">>>>From a\r\nFrom b: Sat\r\n>From c\r\n",
        "\u{feff}>From a\n\u{feff}\u{feff}From b\n\u{feff}",
    ] {
        for message in [format!("{front}{FIELDS}"), format!("{front}{FIELDS}").replace('\n', "\r\n")] {
            // Where the front has CRLF already.
            let message = message.replace("\r\r", "\r");
            for run in both_ways(message.as_bytes(), FROM) {
                assert_eq!(sent(run).message(), LEFT, "{front:?}");
            }
            for run in both_ways(message.as_bytes(), &format!("{FROM} --add-missing-headers")) {
                let text = sent(run).message();
                assert!(
                    text.ends_with(LEFT) && text.starts_with("Date: ") && !text.contains("Green"),
                    "{text}"
                );
            }
        }
    }
    let long = format!(">From {}\n{FIELDS}", "x".repeat(100_000));
    assert_eq!(sent(send_as_is(&long, FROM)).message(), LEFT);
}

#[test]
fn bcc_where_a_header_section_could_appear_65_with_its_line() {
    for (front, lines) in [
        ("hello there\n", 1),
        ("\n", 1),
        ("\r\n\r\n\n", 3),
        (" \t\n", 1),
        ("From jones Mon\n\n", 2),
        ("\n>From jones Mon\n\u{feff}", 2),
        ("Bcc: other@x.example\n\n", 2),
        (" folded\n", 1),
        ("From\tjones\n", 1),
    ] {
        for line in ["", " --add-missing-headers", " --recipients-in-message", " --force-8bit -E"] {
            for run in both_ways(format!("{front}{FIELDS}").as_bytes(), &format!("{FROM}{line}")) {
                run.unasked()
                    .stderr(&format!("ehlo: line {}, 'Bcc: Green@Beta.ARPA', {NAMES}\n", lines + 3))
                    .exit(65);
            }
        }
    }
    for (bcc, shown) in [
        ("bCC \t: a@b", "bCC \\x09: a@b"),
        ("Resent-Bcc: a@b", "Resent-Bcc: a@b"),
        ("resent-bcc  :", "resent-bcc  :"),
        ("  Bcc:a@b", "Bcc:a@b"),
    ] {
        send_as_is(format!("hello\nTo: x\n{bcc}\n"), FROM)
            .unasked()
            .stderr(&format!("ehlo: line 3, '{shown}', {NAMES}\n"))
            .exit(65);
    }
    let far = format!("hello\n{}Bcc: a@b\n\n", "a line of text, of some length\n".repeat(60_000));
    for run in both_ways(far.as_bytes(), FROM) {
        run.unasked().stderr(&format!("ehlo: line 60002, 'Bcc: a@b', {NAMES}\n")).exit(65);
    }
}

#[test]
fn a_text_without_a_header_section_is_sent_with_a_warning() {
    for (text, arrives) in [
        ("hello\n", "hello\r\n"),
        ("hello\nTo: x@y\n\nBcc: x@y\n", "hello\r\nTo: x@y\r\n\r\nBcc: x@y\r\n"),
        ("\nhello, Bcc: x@y\n", "\r\nhello, Bcc: x@y\r\n"),
        (">From x\nhello\n", "hello\r\n"),
    ] {
        for run in both_ways(text.as_bytes(), FROM) {
            let done = run.server(&all_well()).stdout(JONES_HAS_IT).stderr(NO_HEADER).exit(0);
            assert_eq!(done.message(), arrives);
        }
        send_as_is(text, &format!("{FROM} -q")).server(&all_well()).exit(0);
    }
    for text in ["Bcc: x@y\n\nhello\n", "From x\nbcc: x@y\nResent-Bcc:\n z@y\n\nhello\n"] {
        for run in both_ways(text.as_bytes(), FROM) {
            let warning = "ehlo: warning: the header section of the message has only Bcc, which is left \
                           out; the \
                           rest is sent as text\n";
            let done = run.server(&all_well()).stdout(JONES_HAS_IT).stderr(warning).exit(0);
            assert_eq!(done.message(), "\r\nhello\r\n");
        }
    }
    let text = "a line of text, of some length\n".repeat(60_000);
    send_as_is(&text, FROM).server(&all_well()).stdout(JONES_HAS_IT).stderr(NO_HEADER).exit(0);
    send_as_is("hello\n", &format!("{FROM} --add-missing-headers"))
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .stderr(NO_HEADER)
        .exit(0);
}

#[test]
fn what_is_left_out_is_looked_at_like_the_rest() {
    for (message, fault) in [
        (
            &b"From a@b.example Sat\rSubject: x\r\rimportant\r"[..],
            "line 1, 'From a@b.example Sat\\x0dSubject: x\\x0d...', holds a CR without an LF; make all line \
             ends LF or CRLF",
        ),
        (b"From a\0b\nA: 1\n\nx\n", "line 1, 'From a\\x00b', holds a NUL; encode the message (base64)"),
        (
            b"From a\n>From b\0\nA: 1\n\nx\n",
            "line 2, '>From b\\x00', holds a NUL; encode the message (base64)",
        ),
        (
            b"A: 1\nBcc: a@b\rc@d\nB: 2\n\nx\n",
            "line 2, 'Bcc: a@b\\x0dc@d', holds a CR without an LF; make all line ends LF or CRLF",
        ),
    ] {
        for line in ["", " --add-missing-headers", " --recipients-in-message"] {
            for run in both_ways(message, &format!("{FROM}{line}")) {
                run.unasked().stderr(&format!("ehlo: {fault}\n")).exit(65);
            }
        }
    }
    let list = "# who\rGreen@Beta.ARPA\rBrown@Beta.ARPA\r";
    to_jones("--recipients-from list")
        .file("list", list)
        .unasked()
        .stderr(
            "ehlo: list, line 1, '# who\\x0dGreen@Beta.ARPA\\x0dBrown@Beta.A...': a CR without an LF; \
         make all line ends LF or CRLF\n",
        )
        .exit(65);
}

#[test]
fn a_message_of_which_nothing_is_left_65() {
    let nothing =
        "ehlo: nothing is left of the message: it consists of mbox lines, byte order marks or Bcc\n";
    for message in [
        "From a@b Sat\n",
        ">From a\nFrom b\n",
        "\u{feff}",
        "Bcc: a@b\n",
        "From a\nBcc: a@b,\n c@d",
        "From a\n\n",
        "\u{feff}\r\n",
        "Bcc: a@b\n\n \n",
    ] {
        for line in ["", " --add-missing-headers"] {
            for run in both_ways(message.as_bytes(), &format!("{FROM}{line}")) {
                run.unasked().stderr(nothing).exit(65);
            }
        }
    }
    for line in ["", " --add-missing-headers"] {
        send_as_is("", &format!("{FROM}{line}")).unasked().stderr("ehlo: the message is empty\n").exit(65);
    }
}

/// A server with these extensions that hears this behind MAIL's path, and Jones gets it.
fn offering(extensions: &[&str], parameters: &str) -> String {
    let offers: String = extensions.iter().map(|extension| format!("S: 250-{extension}\n")).collect();
    format!(
        "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\n{offers}S: 250 HELP\nC: MAIL \
         FROM:<Smith@Alpha.ARPA>{parameters}\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"
    )
}

#[test]
fn a_header_that_is_neither_ascii_nor_utf_8_65_and_smtputf8_is_not_claimed_for_it() {
    for (header, number, shown) in [
        (&b"Subject: Gr\xf6\xdfe"[..], 3, "Subject: Gr\\xf6\\xdfe"),
        (b"X-Any: ok\n \xc3", 4, "\\xc3"),
        (b"Comments: \xc3\xbc \xff", 3, "Comments: ü \\xff"),
        (b"Reply-To: Gr\xfc\xdfe <a@b.example>", 3, "Reply-To: Gr\\xfc\\xdfe <a@b.example>"),
        (b"X: \xf4\x90\x80\x80", 3, "X: \\xf4\\x90\\x80\\x80"),
    ] {
        let people = &b"From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n"[..];
        let message = [people, header, b"\n\nx\n"].concat();
        for who in [
            FROM,
            "Jones@Beta.ARPA",
            "-f Smith@Alpha.ARPA --recipients-in-message",
            "--recipients-in-message",
        ] {
            for run in both_ways(&message, who) {
                run.unasked()
                    .stderr(&format!(
                        "ehlo: line {number}, '{shown}', is not UTF-8, which a header must be; encode it, \
                         or send it anyway with --force-8bit\n"
                    ))
                    .exit(65);
            }
            for (extensions, parameters) in [
                (&["8BITMIME", "SMTPUTF8"][..], " BODY=8BITMIME"),
                (&["8BITMIME"], " BODY=8BITMIME"),
                (&["SMTPUTF8"], ""),
                (&[], ""),
            ] {
                send_as_is(&message, &format!("{who} --force-8bit"))
                    .server(&offering(extensions, parameters))
                    .stdout(JONES_HAS_IT)
                    .exit(0);
            }
        }
    }
    // Whoever needs SMTPUTF8 gets it; a header in UTF-8 does, and a body does not.
    for (message, parameters) in [
        (&b"Subject: Gr\xc3\xbc\xc3\x9fe\n\nx\n"[..], " BODY=8BITMIME SMTPUTF8"),
        (b"Subject: x\n\nGr\xfc\xdfe\n", " BODY=8BITMIME"),
        (b"Subject: x\nBcc: J\xf6 <a@b>\n\nx\n", ""),
        (b"From J\xf6 Sat\nSubject: x\n\nx\n", ""),
    ] {
        send_as_is(message, FROM)
            .server(&offering(&["8BITMIME", "SMTPUTF8"], parameters))
            .stdout(JONES_HAS_IT)
            .exit(0);
    }
}

#[test]
fn lists_in_a_message_are_read_as_people_write_them() {
    let message = b"From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA <Jones@Beta.ARPA>, [Team] Gr\xfcn <Green@Beta.ARPA>,\n user.@docomo.example; x: y..z@docomo.example;\nCc: undisclosed-recipients:;\nBcc: undisclosed-recipients:\n\nx\n";
    let rcpt = |address: &str| format!("C: RCPT TO:<{address}>\nS: 250 OK\n");
    let recipients = ["Jones@Beta.ARPA", "Green@Beta.ARPA", "user.@docomo.example", "y..z@docomo.example"];
    let report: String = recipients.iter().map(|address| format!("250\t{address}\tOK\n")).collect();
    send_as_is(message, "--recipients-in-message --force-8bit")
        .server(&format!("{HELLO}{MAIL}{}{TAKEN}{QUIT}", recipients.map(rcpt).concat()))
        .stdout(&format!("{report}250\tmessage\tOK\n"))
        .exit(0);
}

#[test]
fn lists_in_flags_are_read_as_people_write_them_and_written_by_the_book() {
    let run = |flag: &str, list: &str| {
        send("--body x --dry-run --message-out - -S localhost:1").arg(flag).arg(list)
    };
    for (list, written) in [
        ("a@b.example <a@b.example>", "\"a@b.example\" <a@b.example>"),
        ("[Team] Foo <f@x.example>", "\"[Team] Foo\" <f@x.example>"),
        ("user.@docomo.example", "<user.@docomo.example>"),
        ("g: a@b.example", "<a@b.example>"),
        ("Joe) Doe <a@b.example>;", "\"Joe) Doe\" <a@b.example>"),
    ] {
        for (flag, field, other) in [
            ("--to", "To", "-f"),
            ("--cc", "Cc", "-f"),
            ("--from", "From", "-t"),
            ("--reply-to", "Reply-To", "-t"),
        ] {
            let mut run = run(flag, list).arg(other).arg("z@z.example");
            if flag == "--reply-to" {
                run = run.arg("-f").arg("z@z.example");
            }
            let done = run.any_stdout().exit(0);
            assert!(done.stdout().contains(&format!("\r\n{field}: {written}\r\n")), "{}", done.stdout());
            let header = format!("{field}: {list}");
            let mut run =
                send("--body x --dry-run --message-out - -S localhost:1 -f z@z.example -t z@z.example");
            run = run.arg("-H").arg(header);
            let done = run.any_stdout().exit(0);
            assert!(done.stdout().contains(&format!("\r\n{field}: {written}\r\n")), "{}", done.stdout());
        }
    }
    // An empty group is a list, and nobody.
    for flag in ["--to", "--cc", "--bcc", "--recipient"] {
        for group in ["undisclosed-recipients:;", "undisclosed-recipients:"] {
            sent(send("-f Smith@Alpha.ARPA --body x -b Jones@Beta.ARPA").arg(flag).arg(group));
            send("-f Smith@Alpha.ARPA --body x")
                .arg(flag)
                .arg(group)
                .unasked()
                .stderr(
                    "ehlo: no recipient: name one, as in 'ehlo send ... ops@example.org', or with \
                 --recipient\n",
                )
                .exit(64);
        }
    }
    for group in ["undisclosed-recipients:;", "undisclosed-recipients:"] {
        let header = format!("To: {group}");
        let done = sent(send("-f Smith@Alpha.ARPA --body x -b Jones@Beta.ARPA -H").arg(header));
        assert!(done.message().contains("\r\nTo: undisclosed-recipients:;\r\n"), "{}", done.message());
    }
    let list = "undisclosed-recipients:;\nJones@Beta.ARPA\n";
    sent(send("-f Smith@Alpha.ARPA --body x --recipients-from list").file("list", list));
}

#[test]
fn a_field_that_cannot_be_read_is_shown_with_a_way_out() {
    let fields = "From: Smith@Alpha.ARPA\nSubject: x\nCc: Jones@Beta.ARPA,\n";
    let help = "put quotation marks around a name, <> around its address, and a comma between two";
    for (member, fault) in [
        ("Joe <a@x.example", "the '<' is never closed"),
        ("John Doe a@x.example", "unexpected 'D'"),
        ("a@x.example b@x.example", "unexpected 'b'"),
    ] {
        send_as_is(format!("{fields} {member}\n\nx\n"), "--recipients-in-message")
            .unasked()
            .stderr(&format!(
                "ehlo: the message's recipients cannot be read: Cc in line 3, '{member}': {fault}; \
                 {help}; or name them with --recipient instead of --recipients-in-message\n"
            ))
            .exit(65);
        send_as_is(format!("To: a@b.example\nFrom: {member}\n\nx\n"), "--recipients-in-message")
            .unasked()
            .stderr(&format!(
                "ehlo: the message's sender cannot be read: From in line 2, '{member}': {fault}; {help}; \
                 or name the sender with -f (--from) or --envelope-from\n"
            ))
            .exit(65);
        for flag in ["-f", "--envelope-from"] {
            sent(send_as_is(
                format!("From: {member}\n\nx\n"),
                &format!("{flag} Smith@Alpha.ARPA Jones@Beta.ARPA"),
            ));
        }
    }
}

#[test]
fn a_field_that_is_given_and_cannot_be_read_is_told_with_a_way_out() {
    let help = "put quotation marks around a name, <> around its address, and a comma between two";
    for (header, fault) in [
        ("To: John Doe a@x.example", format!("'To': unexpected 'D' (at character 6); {help}")),
        (
            "reply-to: Joe <a@x.example",
            format!("'Reply-To': the '<' is never closed (at character 5); {help}"),
        ),
        (
            "From: Doe, John <a@x.example>",
            "'From': 'Doe' has no '@' and no domain (at character 1); add one, or put quotation marks around a \
             name with a comma in it"
                .to_owned(),
        ),
        (
            "Cc: a@x.example, <>",
            "'Cc': '<>' is not the address of a recipient (at character 14); leave it \
            out, or put an address between '<' and '>'"
                .to_owned(),
        ),
        ("Sender: a@x,, b@x", "'Sender': more than one address (at character 1)".to_owned()),
        ("resent-sender: a@x, b@x", "'resent-sender': more than one address (at character 1)".to_owned()),
        ("Resent-To: Joe a@x.example", format!("'Resent-To': unexpected 'a' (at character 5); {help}")),
        (
            "Resent-Cc: root",
            "'Resent-Cc': 'root' has no '@' and no domain (at character 1); add one, or put \
          quotation marks around a name with a comma in it"
                .to_owned(),
        ),
    ] {
        send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body x -H")
            .arg(header)
            .unasked()
            .stderr(&format!("ehlo: --header {fault}\n"))
            .exit(64);
    }
}

#[test]
fn from_nobody_is_the_null_reverse_path() {
    let null = all_well().replace("<Smith@Alpha.ARPA>", "<>");
    for from in [
        "<>",
        "Mail Delivery System <>",
        "\"MAILER-DAEMON\" < >",
        "<MAILER-DAEMON>",
        "MAILER-DAEMON (Mail Delivery System)",
    ] {
        let message = format!("From: {from}\nTo: Jones@Beta.ARPA\nSubject: Undelivered mail\n\nx\n");
        for who in
            ["Jones@Beta.ARPA", "--recipients-in-message", "--recipients-in-message --domain x.example"]
        {
            send_as_is(&message, who).server(&null).stdout(JONES_HAS_IT).exit(0);
        }
        sent(send_as_is(&message, FROM));
        sent(send_as_is(&message, "--envelope-from Smith@Alpha.ARPA Jones@Beta.ARPA"));
    }
    let message = "From: Smith@Alpha.ARPA\n\nx\n";
    send_as_is(message, "Jones@Beta.ARPA -f <>").server(&null).stdout(JONES_HAS_IT).exit(0);
    sent(send_as_is(message, "Jones@Beta.ARPA -f <> --envelope-from Smith@Alpha.ARPA"));
    for given in ["<>", "Mail System <>", " < > ", "\"\" (nobody) <>\t"] {
        for flag in ["-f", "--envelope-from"] {
            send_as_is(message, &format!("Jones@Beta.ARPA {flag}"))
                .arg(given)
                .server(&null)
                .stdout(JONES_HAS_IT)
                .exit(0);
        }
        let why = "ehlo: From needs an address, and '<>' is not one: name the author with -f (--from), and \
                   the null sender with --envelope-from '<>'\n";
        send("-t Jones@Beta.ARPA --body x -f").arg(given).unasked().stderr(why).exit(64);
        send_as_is("To: a@b.example\n\nx\n", "Jones@Beta.ARPA --add-missing-headers -f")
            .arg(given)
            .unasked()
            .stderr(why)
            .exit(64);
    }
    for (header, why) in [
        ("From: a@x.example, <>", "From of the message has both an address and '<>'"),
        ("Sender: Joe <a@x.example>, <>", "Sender of the message has both an address and '<>'"),
    ] {
        send_as_is(format!("{header}\n\nx\n"), "Jones@Beta.ARPA")
            .unasked()
            .stderr(&format!("ehlo: no sender: {why}; name one with -f (--from) or EHLO_FROM\n"))
            .exit(64);
    }
}

#[test]
fn why_a_message_names_no_recipient_is_said_as_it_is() {
    let resent = "Resent-From: Smith@Alpha.ARPA\nResent-Date: Sat, 1 Jan 2000 00:00:00 +0000\n";
    for (message, warning, why) in [
        (
            format!("{resent}From: a@b.example\nTo: Jones@Beta.ARPA\n\nx\n"),
            "",
            "the message was resent, and Resent-To, Resent-Cc and Resent-Bcc are missing; To, Cc and Bcc \
             are those of the first delivery",
        ),
        (
            format!("{resent}Resent-To: nobody:;\nTo: Jones@Beta.ARPA\n\nx\n"),
            "",
            "the message was resent, and names no recipient in Resent-To, Resent-Cc or Resent-Bcc",
        ),
        (
            "From: a@b.example\nTo: <>\n\nx\n".to_owned(),
            "",
            "the message names no recipient in To, Cc or Bcc",
        ),
        (
            "hello\nTo: Jones@Beta.ARPA\n\nx\n".to_owned(),
            NO_HEADER,
            "the message has no header section that could name a recipient",
        ),
        (
            "\nTo: Jones@Beta.ARPA\n\nx\n".to_owned(),
            NO_HEADER,
            "the message has no header section that could name a recipient",
        ),
    ] {
        for line in ["", " -f a@b.example"] {
            send_as_is(&message, &format!("--recipients-in-message{line}"))
                .unasked()
                .stderr(&format!("{warning}ehlo: {why}; name one with --recipient\n"))
                .exit(65);
        }
    }
    sent(send_as_is(
        "Resent-From: Smith@Alpha.ARPA\n\nx\n",
        "--recipients-in-message --recipient Jones@Beta.ARPA",
    ));
}

#[test]
fn what_is_added_to_a_message_is_told() {
    let line = format!("{FROM} --add-missing-headers");
    let done = send_as_is("To: Jones@Beta.ARPA\n\nx\n", &format!("{line} --json"))
        .server(&all_well())
        .any_json()
        .exit(0);
    let message = done.message();
    let id = message.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap();
    assert_eq!(done.json()["transactions"][0]["message"]["id"], id);
    assert!(id.ends_with("@alpha.arpa>") || id.ends_with("@Alpha.ARPA>"), "{id}");

    let done = send_as_is("To: Jones@Beta.ARPA\n\nx\n", &format!("{line} --dry-run -S localhost:1"))
        .any_stdout()
        .exit(0);
    let plan = done.stdout();
    let rows: Vec<&str> = plan.lines().skip_while(|row| !row.starts_with("message ")).collect();
    let [message, date, from, id] = rows.as_slice() else { panic!("{plan}") };
    let id = id.strip_prefix("            Message-ID: ").unwrap();
    assert!(message.ends_with(&format!(" octets, as it is, {id}")), "{plan}");
    assert!(date.starts_with("added       Date: "), "{plan}");
    assert_eq!(*from, "            From: <Smith@Alpha.ARPA>");

    let given = "Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: a@b.example\nMessage-ID: <1@x>\n\nx\n";
    let done = send_as_is(given, &format!("{line} --dry-run -S localhost:1")).any_stdout().exit(0);
    assert!(done.stdout().ends_with(" octets, as it is, <1@x>\n"), "{}", done.stdout());
}

#[test]
fn an_identifier_is_told_unfolded_and_an_empty_one_is_warned_of() {
    let line = format!("{FROM} --add-missing-headers --dry-run -S localhost:1");
    let given = "Date: Mon, 2 Nov 1981 14:37:00 +0000\nFrom: a@b.example\n";
    for end in ["\n", "\r\n"] {
        let folded = format!("{given}Message-ID:\n <1@x>\n\nx\n").replace('\n', end);
        let done = send_as_is(&folded, &line).any_stdout().exit(0);
        assert!(done.stdout().ends_with(" octets, as it is, <1@x>\n"), "{}", done.stdout());
    }
    for empty in ["Message-ID:\n", "message-id: \n\t\n"] {
        send_as_is(format!("{given}{empty}\nx\n"), &format!("{FROM} --add-missing-headers"))
            .server(&all_well())
            .stdout(JONES_HAS_IT)
            .stderr(
                "ehlo: warning: Message-ID of the message is empty and is kept; without that line, one is \
                 added\n",
            )
            .exit(0);
    }
}

#[test]
fn a_header_section_that_does_not_end_65() {
    for message in ["From a b\n".repeat(150_000), ">From a\n".repeat(150_000), "A: 1\n".repeat(300_000)] {
        send_as_is(&message, FROM)
            .unasked()
            .stderr(
                "ehlo: the header section does not end within 1048576 octets, including mbox lines in \
                front of it\n",
            )
            .exit(65);
    }
}

#[test]
fn addresses_that_would_be_lost_or_go_to_nobody_are_told_with_a_way_out() {
    let comma = "put a comma between two addresses, or quotation marks around the whole name";
    for (list, fault) in [
        (
            "alice@x.example Bob <bob@y.example>",
            format!(
                "'alice@x.example' is part of another address's name and would get nothing (at character \
                 1); {comma}"
            ),
        ),
        (
            "z@z, Joe a@x <b@x>",
            format!(
                "'a@x' is part of another address's name and would get nothing (at character 10); \
                {comma}"
            ),
        ),
        ("“a@x.example”", "a typographic “ in the address (at character 1); leave it out".to_owned()),
        (
            "a@x.example\u{200b}",
            "\\u{200b}, which is invisible, in the address (at character 12); leave it out".to_owned(),
        ),
        (
            "=?utf-8?B?SsO2?=@x.example",
            "an encoded word in the address itself (at character 1); write the local part as it is, in UTF-8"
                .to_owned(),
        ),
        (
            "a@x.example.",
            "a part of the domain is missing (at character 12); remove a dot at the start or end \
             of the domain, and one of two dots in a row"
                .to_owned(),
        ),
        (
            "'a@x.example'",
            "unexpected ''' (at character 13); write the address without apostrophes".to_owned(),
        ),
        (
            "Joe <>",
            "'<>' is not the address of a recipient (at character 5); leave it out, or put an address \
             between '<' and '>'"
                .to_owned(),
        ),
    ] {
        let shown = list.replace('\u{200b}', "\\u{200b}");
        for flag in ["-t", "--cc", "--bcc", "--recipient", "--reply-to"] {
            let long = match flag {
                "-t" => "--to",
                other => other,
            };
            send(&format!("-f Smith@Alpha.ARPA --body x --recipient Jones@Beta.ARPA {flag}"))
                .arg(list)
                .unasked()
                .stderr(&format!("ehlo: {long} '{shown}': {fault}\n"))
                .exit(64);
        }
        for field in ["To", "Cc", "Reply-To", "Resent-To"] {
            send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body x -H")
                .arg(format!("{field}: {list}"))
                .unasked()
                .stderr(&format!("ehlo: --header '{field}': {fault}\n"))
                .exit(64);
        }
    }
    for (list, fault) in [
        ("a@x, b@x\n", "line 1, 'a@x': more than one address; write one address per line"),
        (
            "a@x\nJoe b@x <c@x>\n",
            &format!(
                "line 2, 'Joe b@x <c@x>': 'b@x' is part of another address's name and would get nothing; \
                 {comma}"
            ),
        ),
    ] {
        to_jones("--recipients-from list")
            .file("list", list)
            .unasked()
            .stderr(&format!("ehlo: list, {fault}\n"))
            .exit(65);
    }
}

#[test]
fn addresses_of_a_field_are_written_by_the_grammar() {
    for (value, written) in [
        ("John Q. Public <j@x.example>", "\"John Q. Public\" <j@x.example>"),
        ("a@x,,b@x,", "<a@x>, <b@x>"),
        (",a@x", "<a@x>"),
        ("<@a,@b:c@d>", "<c@d>"),
        ("a . b @ x . example", "<a.b@x.example>"),
        ("\"a\".b@x", "<a.b@x>"),
        ("a@x\u{a0}, Joe\u{a0}<b@x>", "<a@x>, \"Joe\" <b@x>"),
        ("g: a@x, J. D <b@x>;, e@f (c)", "g: a@x, \"J. D\" <b@x>;, e@f (c)"),
    ] {
        for field in ["To", "Cc", "Reply-To", "Resent-To", "Resent-Cc", "X-Reply-To"] {
            let done = send("-f Smith@Alpha.ARPA Jones@Beta.ARPA --body x -H")
                .arg(format!("{field}: {value}"))
                .server(&all_well())
                .stdout(JONES_HAS_IT)
                .exit(0);
            let line = format!("\r\n{field}: {written}\r\n");
            assert!(done.message().contains(&line), "{}", done.message());
        }
    }
}
