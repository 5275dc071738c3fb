//! `-m`: a message that is sent as it is.

use crate::harness::{ehlo, send_as_is};
use crate::*;

const FROM: &str = "-f Smith@Alpha.ARPA Jones@Beta.ARPA";
const MESSAGE: &str = "From: Smith@Alpha.ARPA\nTo: Jones@Beta.ARPA\n\n";

#[test]
fn every_octet_is_kept_but_for_line_ends() {
    for (given, arrives) in [
        ("A: 1\n\n.dot\n..\n.\n\nend", "A: 1\r\n\r\n.dot\r\n..\r\n.\r\n\r\nend\r\n"),
        ("A: 1\r\n\r\nmixed\nends\r\n", "A: 1\r\n\r\nmixed\r\nends\r\n"),
        (
            "a:1\nB :  2 \n\t folded\n\n trailing  \n\n\n",
            "a:1\r\nB :  2 \r\n\t folded\r\n\r\n trailing  \r\n\r\n\r\n",
        ),
        ("A: 1\n\ntab\there \x07 bell \x1a\n", "A: 1\r\n\r\ntab\there \x07 bell \x1a\r\n"),
    ] {
        let done = send_as_is(given, FROM).server(&all_well()).stdout(JONES_HAS_IT).exit(0);
        assert_eq!(done.message(), arrives);
    }
}

#[test]
fn a_file_is_as_good_as_standard_input() {
    let done = ehlo("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA -t Jones@Beta.ARPA -m message.eml")
        .file("message.eml", MESSAGE)
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
    assert_eq!(done.message(), MESSAGE.replace('\n', "\r\n"));
}

#[test]
fn eight_bit_goes_where_it_is_offered_and_body_says_so() {
    let done = send_as_is(b"A: 1\n\nGr\xfc\xc3\xbc\n", FROM)
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 8BITMIME\nC: MAIL FROM:<Smith@Alpha.ARPA> BODY=8BITMIME\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
    assert_eq!(done.message(), "A: 1\r\n\r\nGr\\xfcü\r\n");
}

#[test]
fn eight_bit_that_is_not_offered_69() {
    send_as_is(
        "A: \
        1\n\nü\n",
        FROM,
    )
    .server(&format!("{HELLO}{QUIT}"))
    .stdout(
        "---\tJones@Beta.ARPA\tuntried: the \
        message contains 8-bit octets and the server does not offer 8BITMIME; encode it, or send it anyway \
        with --force-8bit\n\
             ---\tmessage\tuntried: the message contains 8-bit octets and the server does not offer \
             8BITMIME; encode it, or send it anyway with --force-8bit\n",
    )
    .stderr(
        "ehlo: the message \
             contains 8-bit octets and the server does not offer 8BITMIME; encode it, or send it anyway \
             with --force-8bit\n",
    )
    .exit(69);
}

#[test]
fn force_8bit_sends_it_all_the_same() {
    let done = send_as_is("A: 1\n\nü\n", &format!("{FROM} --force-8bit"))
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
    assert_eq!(done.message(), "A: 1\r\n\r\nü\r\n");
}

#[test]
fn utf_8_in_a_header_wants_smtputf8() {
    send_as_is("Subject: ü\n\nu\n", FROM)
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 8BITMIME\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: a header is not plain ASCII and the server does not offer \
            SMTPUTF8; encode it, or send it anyway with --force-8bit\n\
             ---\tmessage\tuntried: a header is not plain ASCII and the server does not offer SMTPUTF8; \
             encode it, or send it anyway with --force-8bit\n",
        )
        .stderr(
            "ehlo: a header is not plain ASCII and the server does not offer SMTPUTF8; encode it, or \
            send it anyway with --force-8bit\n",
        )
        .exit(69);
    send_as_is("Subject: ü\n\nu\n", FROM)
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-SMTPUTF8\nS: 250 8BITMIME\nC: MAIL FROM:<Smith@Alpha.ARPA> BODY=8BITMIME SMTPUTF8\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_bare_cr_65_with_its_line() {
    send_as_is("A: 1\n\nfine\none\rtwo\n", FROM)
        .unasked()
        .stderr("ehlo: line 4, 'one\\x0dtwo', holds a CR without an LF; make all line ends LF or CRLF\n")
        .exit(65);
}

#[test]
fn a_nul_65_with_its_line() {
    send_as_is("A: 1\n\nnul \0\n", FROM)
        .unasked()
        .stderr("ehlo: line 3, 'nul \\x00', holds a NUL; encode the message (base64)\n")
        .exit(65);
}

#[test]
fn a_header_section_that_is_none_65() {
    send_as_is("A: 1\nnot a field\n\ntext\n", FROM)
        .unasked()
        .stderr(
            "ehlo: line 2, 'not a field', is not a header field; end the header section with an empty line\n",
        )
        .exit(65);
}

#[test]
fn bcc_is_taken_out_with_all_its_lines() {
    let message = "From: Smith@Alpha.ARPA\nBcc: Green@Beta.ARPA,\n Brown@Beta.ARPA\nbcc : x@y\nResent-Bcc: z@y\nTo: Jones@Beta.ARPA\n\nBcc: text\n";
    let done = send_as_is(message, FROM).server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(done.message(), "From: Smith@Alpha.ARPA\r\nTo: Jones@Beta.ARPA\r\n\r\nBcc: text\r\n");
}

#[test]
fn recipients_in_the_message_are_those_of_to_cc_and_bcc() {
    let message = "From: \"Smith, J.\" <Smith@Alpha.ARPA>\nTo: friends: Jones@Beta.ARPA (a comment), \"Green, G.\"\n <Green@Beta.ARPA>;\nCc: Brown <Brown@Beta.ARPA>,\nBcc: Hidden@Beta.ARPA\n\ntext\n";
    let done = send_as_is(message, "--recipients-in-message")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\nC: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\nC: RCPT TO:<Hidden@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tGreen@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n250\tHidden@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
    assert!(!done.message().contains("Hidden"), "{}", done.message());
}

#[test]
fn recipients_in_a_message_that_names_nobody_65() {
    send_as_is("From: Smith@Alpha.ARPA\n\ntext\n", "--recipients-in-message")
        .unasked()
        .stderr("ehlo: the message names no recipient in To, Cc or Bcc; name one with --recipient\n")
        .exit(65);
    send_as_is("From: Smith@Alpha.ARPA\nTo: undisclosed:;\n\ntext\n", "--recipients-in-message")
        .unasked()
        .stderr("ehlo: the message names no recipient in To, Cc or Bcc; name one with --recipient\n")
        .exit(65);
    send_as_is("From: Smith@Alpha.ARPA\nTo: Jones@\n\ntext\n", "--recipients-in-message").unasked().stderr("ehlo: the message's recipients cannot be read: To in line 2, 'Jones@': the address is incomplete; put quotation marks around a name, <> around its address, and a comma between two; or name them with --recipient instead of --recipients-in-message\n").exit(65);
}

#[test]
fn the_sender_is_the_messages_if_none_is_named() {
    let done = send_as_is("From: Jones@x.y\nSender: Smith@Alpha.ARPA\n\ntext\n", "Jones@Beta.ARPA")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
    drop(done);
    for (message, why) in [
        ("From: a@b.c, d@e.f\n\ntext\n", "From of the message names 2 mailboxes"),
        ("Subject: x\n\ntext\n", "the message has neither Sender nor From"),
        ("From: undisclosed:;\n\ntext\n", "From of the message has no address"),
        ("from: Postmaster\n\ntext\n", "from of the message has no domain"),
        ("Resent-From: a@b.c, d@e.f\nFrom: a@b.c\n\ntext\n", "Resent-From of the message names 2 mailboxes"),
    ] {
        send_as_is(message, "Jones@Beta.ARPA")
            .unasked()
            .stderr(&format!("ehlo: no sender: {why}; name one with -f (--from) or EHLO_FROM\n"))
            .exit(64);
    }
    send_as_is("text\n", "Jones@Beta.ARPA")
        .unasked()
        .stderr(&format!(
            "{NO_HEADER}ehlo: no sender: the message has no header section; name one with -f (--from) or \
             EHLO_FROM\n"
        ))
        .exit(64);
}

#[test]
fn the_environments_sender_does_not_go_before_the_flag_but_before_the_message() {
    send_as_is("From: x@y.z\n\ntext\n", "Jones@Beta.ARPA")
        .env("EHLO_FROM", "Smith@Alpha.ARPA")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn an_empty_message_65_or_skipped() {
    send_as_is("", FROM).unasked().stderr("ehlo: the message is empty\n").exit(65);
    send_as_is("", &format!("{FROM} -E"))
        .unasked()
        .stderr("ehlo: the text is empty: nothing was sent (--skip-empty)\n")
        .exit(0);
}

#[test]
fn missing_headers_are_added_when_asked_for() {
    let done = send_as_is(
        "Date: Mon, 2 Nov 1981 14:37:00 +0000\nMessage-ID: <1@x>\nTo: Jones@Beta.ARPA\n\ntext\n",
        &format!("{FROM} --add-missing-headers"),
    )
    .server(&all_well())
    .stdout(JONES_HAS_IT)
    .exit(0);
    assert_eq!(
        done.message(),
        "From: <Smith@Alpha.ARPA>\r\nDate: Mon, 2 Nov 1981 14:37:00 +0000\r\nMessage-ID: <1@x>\r\nTo: Jones@Beta.ARPA\r\n\r\ntext\r\n"
    );
}

#[test]
fn a_long_line_is_warned_of() {
    let line = "x".repeat(1000);
    send_as_is(format!("A: 1\n\n{line}\n"), FROM)
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .stderr(
            "ehlo: warning: line 3, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...', has 1000 octets; \
         servers may refuse lines over 998\n",
        )
        .exit(0);
}

#[test]
fn the_line_of_an_mbox_is_no_part_of_it() {
    let done = send_as_is("From smith Mon Nov  2 14:37:00 1981\nA: 1\n\ntext\n", FROM)
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
    assert_eq!(done.message(), "A: 1\r\n\r\ntext\r\n");
}

#[test]
fn force_8bit_goes_without_smtputf8_as_the_message_says() {
    send_as_is("Subject: ü\n\nu\n", &format!("{FROM} --force-8bit"))
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 8BITMIME\nC: MAIL FROM:<Smith@Alpha.ARPA> BODY=8BITMIME\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn an_address_that_is_not_plain_ascii_wants_smtputf8() {
    send_as_is("Subject: u\n\nu\n", "-f Smith@Alpha.ARPA jürgen@Beta.ARPA --force-8bit")
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 8BITMIME\n{QUIT}"))
        .stdout(
            "---\tjürgen@Beta.ARPA\trefused: the address needs SMTPUTF8, which the server does not offer\n\
             ---\tmessage\tuntried: no recipient was accepted\n",
        )
        .exit(69);
}

#[test]
fn a_pipe_that_cannot_be_kept_is_74_and_nothing_is_sent() {
    let message = format!("Subject: x\n\n{}", format!("{}\n", "z".repeat(76)).repeat(20_000));
    ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA -m -")
        .stdin(&message)
        .env("TMPDIR", "/nowhere/at/all")
        .unasked()
        .stderr("ehlo: standard input: it cannot be kept in the temporary folder /nowhere/at/all: no such file or directory\n")
        .exit(74);
}

#[test]
fn those_who_failed_can_be_written_over_the_list_that_was_read() {
    let done = to_jones("--recipients-from list --failed-to list --recipient #1@Beta.ARPA")
        .file("list", "Green@Beta.ARPA\n")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 550 no\nC: RCPT TO:<#1@Beta.ARPA>\nS: 550 no\n{TAKEN}{QUIT}"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tno\n550\t#1@Beta.ARPA\tno\n250\tmessage\tOK\n")
        .exit(10);
    assert_eq!(done.file("list"), "Green@Beta.ARPA\n<#1@Beta.ARPA>\n");
}

#[test]
fn a_byte_order_mark_in_front_is_no_part_of_an_address() {
    for flag in ["--recipient", "--to", "--bcc"] {
        let done = ehlo("send -f Smith@Alpha.ARPA --ehlo-name alpha.arpa --body x --failed-to list")
            .arg(format!("{flag}=\u{feff}Jones@Beta.ARPA"))
            .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 550 no\n{QUIT}"))
            .stdout("550\tJones@Beta.ARPA\tno\n---\tmessage\tuntried: no recipient was accepted\n")
            .exit(69);
        assert_eq!(done.file("list"), "Jones@Beta.ARPA\n");
    }
}
