//! What became of each recipient, and the exit status that says so.

use crate::harness::{send, send_as_is};
use crate::json::{recipient, report, transaction, with};
use crate::*;
use serde_json::{Value, json};

#[test]
fn std_10_smith_sends_to_jones_green_and_brown_and_green_is_named() {
    let done = send("--from Smith@Alpha.ARPA --to Jones@Beta.ARPA,Green@Beta.ARPA --to Brown@Beta.ARPA")
        .stdin("Blah blah blah...\n...etc. etc. etc.\n")
        .server(
            "S: 220 Beta.ARPA Simple Mail Transfer Service Ready
             C: EHLO alpha.arpa
             S: 250 Beta.ARPA
             C: MAIL FROM:<Smith@Alpha.ARPA>
             S: 250 OK
             C: RCPT TO:<Jones@Beta.ARPA>
             S: 250 OK
             C: RCPT TO:<Green@Beta.ARPA>
             S: 550 No such user here
             C: RCPT TO:<Brown@Beta.ARPA>
             S: 250 OK
             C: DATA
             S: 354 Start mail input; end with <CRLF>.<CRLF>
             C: Date: Mon, 2 Nov 1981 14:37:00 +0000
             C: From: <Smith@Alpha.ARPA>
             C: To: <Jones@Beta.ARPA>, <Green@Beta.ARPA>, <Brown@Beta.ARPA>
             C: Message-ID: <1@alpha.arpa>
             C: MIME-Version: 1.0
             C: Content-Type: text/plain; charset=\"utf-8\"
             C: Content-Transfer-Encoding: 7bit
             C:
             C: Blah blah blah...
             C: ....etc. etc. etc.
             C: .
             S: 250 OK
             C: QUIT
             S: 221 Beta.ARPA Service closing transmission channel",
        )
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n",
        )
        .exit(10);
    assert_eq!(
        done.wire(),
        "EHLO alpha.arpa\r\n\
         MAIL FROM:<Smith@Alpha.ARPA>\r\n\
         RCPT TO:<Jones@Beta.ARPA>\r\n\
         RCPT TO:<Green@Beta.ARPA>\r\n\
         RCPT TO:<Brown@Beta.ARPA>\r\n\
         DATA\r\n\
         Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
         From: <Smith@Alpha.ARPA>\r\n\
         To: <Jones@Beta.ARPA>, <Green@Beta.ARPA>, <Brown@Beta.ARPA>\r\n\
         Message-ID: <1@alpha.arpa>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=\"utf-8\"\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         Blah blah blah...\r\n\
         ....etc. etc. etc.\r\n\
         .\r\n\
         QUIT\r\n"
    );
}

#[test]
fn the_corpus_file_of_std_10_is_played_with_the_same_outcome() {
    let message = "Blah blah blah...\n...etc. etc. etc.\n";
    crate::harness::send_as_is(
        message,
        "-f Smith@Alpha.ARPA Jones@Beta.ARPA Green@Beta.ARPA Brown@Beta.ARPA",
    )
    .server(
        &std::fs::read_to_string("tests/dialogues/std10_smith_to_jones_green_brown.smtp")
            .unwrap()
            .replace("C: ...etc", "C: ....etc"),
    )
    .stdout(
        "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n",
    )
    .stderr(NO_HEADER)
    .exit(10);
}

#[test]
fn all_accepted_is_0() {
    to_jones("").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn quiet_says_nothing_of_a_success() {
    to_jones("-q").server(&all_well()).exit(0);
}

#[test]
fn quiet_names_who_did_not_get_it_and_nobody_else() {
    to_jones("Green@Beta.ARPA --quiet")
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}{TAKEN}{QUIT}"))
        .stderr("ehlo: Green@Beta.ARPA: refused: 550 No such user here\n")
        .exit(10);
}

#[test]
fn all_refused_is_69_and_no_data_is_sent() {
    send("-f Smith@Alpha.ARPA Green@Beta.ARPA --body Blah")
        .server(&format!("{HELLO}{MAIL}{GREEN}{QUIT}"))
        .stdout("550\tGreen@Beta.ARPA\tNo such user here\n---\tmessage\tuntried: no recipient was accepted\n")
        .exit(69);
}

#[test]
fn one_deferred_among_refused_is_75() {
    to_two("")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 450 4.2.1 greylisted\n{GREEN}{QUIT}"))
        .stdout(
            "450\tJones@Beta.ARPA\t4.2.1 greylisted\n550\tGreen@Beta.ARPA\tNo such user here\n\
             ---\tmessage\tuntried: no recipient was accepted\n",
        )
        .exit(75);
}

#[test]
fn some_accepted_and_one_deferred_is_10() {
    to_jones("Brown@Beta.ARPA")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 450 busy\n{TAKEN}{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n450\tBrown@Beta.ARPA\tbusy\n250\tmessage\tOK\n")
        .exit(10);
}

#[test]
fn unknown_for_one_goes_before_refused_for_another() {
    to_two("")
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}{DATA}! close"))
        .stdout("---\tJones@Beta.ARPA\tunknown: the server closed the connection before its reply to the end of the message\n\
             550\tGreen@Beta.ARPA\tNo such user here\n\
             ---\tmessage\tunknown: the server closed the connection before its reply to the end of the message\n")
        .stderr("ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n")
        .exit(11);
}

#[test]
fn a_message_refused_at_its_end_is_69_for_those_who_were_accepted() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 554 5.7.1 spam\n{QUIT}"))
        .stdout("554\tJones@Beta.ARPA\t5.7.1 spam\n554\tmessage\t5.7.1 spam\n")
        .exit(69);
}

#[test]
fn a_message_deferred_at_its_end_is_75() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 451 try later\n{QUIT}"))
        .stdout("451\tJones@Beta.ARPA\ttry later\n451\tmessage\ttry later\n")
        .exit(75);
}

#[test]
fn a_sender_refused_is_69_for_all() {
    to_two("")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 550 not you\n{QUIT}"))
        .stdout(
            "550\tJones@Beta.ARPA\tnot you\n\
             550\tGreen@Beta.ARPA\tnot you\n\
             ---\tmessage\tuntried: the sender was not accepted\n",
        )
        .exit(69);
}

#[test]
fn a_sender_deferred_is_75_for_all() {
    to_jones("")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 451 not now\n{QUIT}"))
        .stdout("451\tJones@Beta.ARPA\tnot now\n---\tmessage\tuntried: the sender was not accepted\n")
        .exit(75);
}

#[test]
fn data_refused_is_69_and_deferred_is_75() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 554 no\n{QUIT}"))
        .stdout("554\tJones@Beta.ARPA\tno\n554\tmessage\tno\n")
        .exit(69);
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 451 no\n{QUIT}"))
        .stdout("451\tJones@Beta.ARPA\tno\n451\tmessage\tno\n")
        .exit(75);
}

#[test]
fn the_lines_of_a_reply_are_joined_and_what_could_move_the_cursor_is_shown() {
    to_jones("Green@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 550-5.1.1 No such\nS: 550-\\x1b[2J\nS: 550 user\\xff\n{TAKEN}{QUIT}"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n\
             550\tGreen@Beta.ARPA\t5.1.1 No such / \\x1b[2J / userÿ\n\
             250\tmessage\tOK\n")
        .exit(10);
}

#[test]
fn a_cut_behind_the_final_dot_is_unknown_11() {
    to_jones("").server(&format!("{HELLO}{MAIL}{RCPT}{DATA}! close")).stdout("---\tJones@Beta.ARPA\tunknown: the server closed the connection before its reply to the end of the message\n\
             ---\tmessage\tunknown: the server closed the connection before its reply to the end of the message\n").stderr("ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it \
             twice\n").exit(11);
}

#[test]
fn a_reset_behind_the_final_dot_is_unknown_11() {
    to_jones("").server(&format!("{HELLO}{MAIL}{RCPT}{DATA}! reset")).stdout("---\tJones@Beta.ARPA\tunknown: the server closed the connection before its reply to the end of the message\n\
             ---\tmessage\tunknown: the server closed the connection before its reply to the end of the message\n").stderr("ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it \
             twice\n").exit(11);
}

#[test]
fn a_cut_before_the_final_dot_is_75() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\n! close"))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: the server closed the connection before its reply to DATA\n\
             ---\tmessage\tuntried: the server closed the connection before its reply to DATA\n",
        )
        .stderr("ehlo: the server closed the connection before its reply to DATA\n")
        .exit(75);
}

#[test]
fn a_cut_in_the_middle_of_a_large_message_is_75() {
    send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body-file large")
        .file("large", "0123456789 0123456789 0123456789 0123456789 0123456789\n".repeat(200_000))
        .server(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n! reset"))
        .stdout("---\tJones@Beta.ARPA\tdeferred: the server closed the connection while the message was being sent\n\
             ---\tmessage\tdeferred: the server closed the connection while the message was being sent\n")
        .stderr("ehlo: the server closed the connection while the message was being sent\n")
        .exit(75);
}

#[test]
fn a_server_that_refuses_in_the_middle_of_a_large_message_is_heard() {
    send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body-file large")
        .file("large", "0123456789 0123456789 0123456789 0123456789 0123456789\n".repeat(200_000))
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n! sleep 100\nS: 552 too much\n! swallow\n"
        ))
        .stdout("552\tJones@Beta.ARPA\ttoo much\n552\tmessage\ttoo much\n")
        .exit(69);
}

#[test]
fn a_cut_behind_rcpt_is_75_and_says_what_was_awaited() {
    to_two("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\n! close"))
        .stdout("---\tJones@Beta.ARPA\tdeferred: the server closed the connection before its reply to RCPT TO:<Green@Beta.ARPA>\n\
             ---\tGreen@Beta.ARPA\tdeferred: the server closed the connection before its reply to RCPT TO:<Green@Beta.ARPA>\n\
             ---\tmessage\tuntried: the server closed the connection before its reply to RCPT TO:<Green@Beta.ARPA>\n")
        .stderr("ehlo: the server closed the connection before its reply to RCPT TO:<Green@Beta.ARPA>\n")
        .exit(75);
}

#[test]
fn a_421_in_the_middle_is_75_and_nothing_is_said_behind_it() {
    to_two("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 421 going down"))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: the server closed the session: 421 going down\n\
             421\tGreen@Beta.ARPA\tgoing down\n\
             ---\tmessage\tuntried: the server closed the session: 421 going down\n",
        )
        .stderr("ehlo: the server closed the session: 421 going down\n")
        .exit(75);
}

#[test]
fn a_421_that_comes_unasked_is_75() {
    to_jones("")
        .server("S: 220 beta\nS: 421 going down")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server closed the session: 421 going down\n\
             ---\tmessage\tuntried: the server closed the session: 421 going down\n",
        )
        .stderr("ehlo: the server closed the session: 421 going down\n")
        .exit(75);
}

#[test]
fn a_421_behind_the_final_dot_is_the_reply_to_the_message() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 421 going down"))
        .stdout("421\tJones@Beta.ARPA\tgoing down\n421\tmessage\tgoing down\n")
        .stderr("ehlo: the server closed the session: 421 going down\n")
        .exit(75);
}

#[test]
fn trouble_with_quit_behind_a_250_is_0() {
    for end in [
        "C: QUIT\n! close",
        "C: QUIT\n! reset",
        "C: QUIT\nS: 500 what",
        "C: QUIT\nS: nonsense",
        "C: QUIT\nS: 421 x",
    ] {
        to_jones("").server(&format!("{HELLO}{MAIL}{RCPT}{TAKEN}{end}")).stdout(JONES_HAS_IT).exit(0);
    }
    to_jones("--timeout 300ms")
        .server(&format!("{HELLO}{MAIL}{RCPT}{TAKEN}C: QUIT"))
        .stdout(JONES_HAS_IT)
        .exit(0);
    to_jones("").server(&format!("{HELLO}{MAIL}{RCPT}{TAKEN}! close")).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn trouble_with_quit_behind_a_250_is_0_when_it_rides_with_the_dot() {
    let script = |end: &str| {
        format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: DATA\n\
             S: 250 OK\nS: 250 OK\nS: 354 go on\n! any-content\nC: QUIT\nS: 250 OK\n{end}"
        )
    };
    for end in ["! close", "! reset", "S: 421 x", "S: 500 what", "S: nonsense"] {
        to_jones("").server(&script(end)).stdout(JONES_HAS_IT).exit(0);
    }
    to_jones("--timeout 300ms").server(&script("")).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_violation_before_the_end_is_76() {
    to_jones("")
        .server("S: hello\n")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: this is not a mail server: what it sent is not an SMTP greeting\n\
             ---\tmessage\tuntried: this is not a mail server: what it sent is not an SMTP greeting\n",
        )
        .stderr("ehlo: this is not a mail server: what it sent is not an SMTP greeting; it says 'hello'\n")
        .exit(76);
    to_jones("")
        .server(&format!(
            "{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 354 \
        what"
        ))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server answered 354, which is not a valid reply \
        here (awaiting the reply to MAIL)\n\
             ---\tmessage\tuntried: the server answered 354, which is not a valid reply here (awaiting the \
             reply to MAIL)\n",
        )
        .stderr(
            "ehlo: the server answered 354, which is not a valid reply here \
             (awaiting the reply to MAIL)\n",
        )
        .exit(76);
    to_jones("")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: DATA\nS: 250 \
        what"
        ))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: the server answered 250, which is not a valid reply \
        here (awaiting the reply to DATA)\n\
             ---\tmessage\tuntried: the server answered 250, which is not a valid reply here (awaiting the \
             reply to DATA)\n",
        )
        .stderr(
            "ehlo: the server answered 250, which is not a valid reply here \
             (awaiting the reply to DATA)\n",
        )
        .exit(76);
    to_jones("").server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 250-OK\nS: 550 what")).stdout("---\tJones@Beta.ARPA\tdeferred: the server sent a reply with two different codes (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)\n\
             ---\tmessage\tuntried: the server sent a reply with two different codes (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>)\n").stderr("ehlo: the server sent a reply with two different codes (awaiting the reply to RCPT TO:<Jones@Beta.ARPA>); it says '550 what'\n").exit(76);
    to_jones("")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 250 OK"))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: the server sent an unexpected reply\n\
             ---\tmessage\tuntried: the server sent an unexpected reply\n",
        )
        .stderr("ehlo: the server sent an unexpected reply\n")
        .exit(76);
}

#[test]
fn a_violation_behind_the_end_is_11() {
    to_jones("").server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: thank you")).stdout("---\tJones@Beta.ARPA\tunknown: the server sent something that is not an SMTP reply (awaiting the reply to the end of the message)\n\
             ---\tmessage\tunknown: the server sent something that is not an SMTP reply (awaiting the reply to the end of the message)\n").stderr("ehlo: the server sent something that is not an SMTP reply (awaiting the reply to the end of the message); it says 'thank you'\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it \
             twice\n").exit(11);
    to_jones("")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}{DATA}S: 354 \
        more"
        ))
        .stdout(
            "---\tJones@Beta.ARPA\tunknown: the server answered 354, which is not a valid reply \
        here (awaiting the reply to the end of the message)\n\
             ---\tmessage\tunknown: the server answered 354, which is not a valid reply here (awaiting the \
             reply to the end of the message)\n",
        )
        .stderr(
            "ehlo: the server answered 354, which is not a \
             valid reply here (awaiting the reply to the end of the message)\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n",
        )
        .exit(11);
}

#[test]
fn lines_that_end_in_lf_alone_are_taken() {
    to_jones("").server(&format!("! line-end lf\n{}", all_well())).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn failed_to_lists_those_who_did_not_get_it_and_can_be_used_again() {
    let done = to_jones("Green@Beta.ARPA Brown@Beta.ARPA --failed-to DIR/failed")
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}{BROWN}{TAKEN}{QUIT}"))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n",
        )
        .exit(10);
    assert_eq!(done.file("failed"), "Green@Beta.ARPA\n");
    send("-f Smith@Alpha.ARPA --recipients-from failed --body Blah")
        .file("failed", done.file("failed"))
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"))
        .stdout("250\tGreen@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn failed_to_is_empty_when_all_have_it_and_names_all_when_nobody_is_reached() {
    let done = to_jones("--failed-to failed").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    assert_eq!(done.file("failed"), "");
    let done = to_two("--failed-to failed")
        .server("S: 554 no\nC: QUIT\nS: 221 bye")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server rejects the connection: 554 no\n\
             ---\tGreen@Beta.ARPA\tuntried: the server rejects the connection: 554 no\n\
             ---\tmessage\tuntried: the server rejects the connection: 554 no\n",
        )
        .stderr("ehlo: the server rejects the connection: 554 no\n")
        .exit(69);
    assert_eq!(done.file("failed"), "Jones@Beta.ARPA\nGreen@Beta.ARPA\n");
}

#[test]
fn all_or_none_takes_it_back_and_nobody_gets_it() {
    to_two("--all-or-none")
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}C: RSET\nS: 250 OK\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: withdrawn because not every recipient was accepted\n\
             550\tGreen@Beta.ARPA\tNo such user here\n\
             ---\tmessage\tuntried: not every recipient was accepted\n",
        )
        .exit(69);
    to_jones("--all-or-none").server(&all_well()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn too_many_recipients_go_into_a_further_transaction() {
    to_jones("Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 4.5.3 Too many recipients\n{TAKEN}\
             {MAIL}{BROWN}{TAKEN}{QUIT}"
        ))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n\
             250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n\
             250\tmessage\tOK\n",
        )
        .exit(0);
}

#[test]
fn a_further_transaction_that_breaks_behind_its_end_is_11() {
    to_jones("Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 4.5.3 Too many recipients\n{TAKEN}\
             {MAIL}{BROWN}{DATA}! close"
        ))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n\
             ---\tBrown@Beta.ARPA\tunknown: the server closed the connection before its reply to the end of the message\n\
             250\tmessage\tOK\n\
             ---\tmessage\tunknown: the server closed the connection before its reply to the end of the message\n",
        )
        .stderr(
            "ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n",
        )
        .exit(11);
}

#[test]
fn duplicates_get_one_rcpt() {
    to_jones("Jones@beta.arpa -c Jones@Beta.ARPA -b Jones@BETA.ARPA --recipient Jones@Beta.ARPA")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_local_part_is_compared_with_its_case() {
    to_jones("jones@Beta.ARPA")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<jones@Beta.ARPA>\nS: 250 OK\n{TAKEN}{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tjones@Beta.ARPA\tOK\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn a_251_is_an_acceptance() {
    to_jones("")
        .server(&format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 251 will forward\n{TAKEN}{QUIT}"))
        .stdout("251\tJones@Beta.ARPA\twill forward\n250\tmessage\tOK\n")
        .exit(0);
}

#[test]
fn the_null_reverse_path_is_sent() {
    to_jones("")
        .arg("--envelope-from")
        .arg("")
        .server(&format!("{HELLO}C: MAIL FROM:<>\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_recipient_who_is_put_off_twice_adds_no_message_line() {
    to_jones("Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 full\n{TAKEN}\
             {MAIL}C: RCPT TO:<Brown@Beta.ARPA>\nS: 452 full\n{QUIT}"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n452\tBrown@Beta.ARPA\tfull\n250\tmessage\tOK\n")
        .exit(10);
}

#[test]
fn a_server_that_ends_the_session_is_asked_about_the_others_anew() {
    to_jones("--recipient Green@Beta.ARPA --recipient Brown@Beta.ARPA -v")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}{GREEN}C: RCPT TO:<Brown@Beta.ARPA>\nS: 421 4.7.0 too many errors\n! close\n\
             {HELLO}{MAIL}{RCPT}{BROWN}{TAKEN}{QUIT}"
        ))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n",
        )
        .stderr(&format!(
            "# connected to 127.0.0.1:PORT\n{HELLO}{MAIL}{RCPT}{GREEN}C: RCPT TO:<Brown@Beta.ARPA>\n\
             S: 421 4.7.0 too many errors\n\
             # the server ended the session: the remaining recipients are tried over a new connection\n! \
             connect\n\
             # connected to 127.0.0.1:PORT\n{HELLO}{MAIL}{RCPT}{BROWN}\
             C: DATA\nS: 354 go on\n{HEAD}C: … 218 octets\nC: .\nS: 250 OK\n{QUIT}"
        ))
        .exit(10);
}

#[test]
fn a_server_that_ends_each_session_at_once_is_left_alone_and_75() {
    to_two("")
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 421 too many errors\n"))
        .stdout(
            "---\tJones@Beta.ARPA\tdeferred: the server closed the session: 421 too many errors\n\
             421\tGreen@Beta.ARPA\ttoo many errors\n\
             ---\tmessage\tuntried: the server closed the session: 421 too many errors\n",
        )
        .stderr("ehlo: the server closed the session: 421 too many errors\n")
        .exit(75);
}

#[test]
fn deferred_to_lists_those_for_whom_another_try_makes_sense() {
    let done =
        to_jones("Green@Beta.ARPA Brown@Beta.ARPA White@Beta.ARPA --failed-to failed --deferred-to again")
            .server(&format!(
                "{HELLO}{MAIL}{RCPT}{GREEN}C: RCPT TO:<Brown@Beta.ARPA>\nS: 450 4.2.0 Greylisted\n\
             C: RCPT TO:<White@Beta.ARPA>\nS: 451 4.3.0 Later\n{TAKEN}{QUIT}"
            ))
            .stdout(
                "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n\
             450\tBrown@Beta.ARPA\t4.2.0 Greylisted\n451\tWhite@Beta.ARPA\t4.3.0 Later\n250\tmessage\tOK\n",
            )
            .exit(10);
    assert_eq!(done.file("failed"), "Green@Beta.ARPA\nBrown@Beta.ARPA\nWhite@Beta.ARPA\n");
    assert_eq!(done.file("again"), "Brown@Beta.ARPA\nWhite@Beta.ARPA\n");
    // Nobody was asked at all.
    let done = to_two("--deferred-to again")
        .server("S: 421 no\n")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server rejects the connection: 421 no\n\
             ---\tGreen@Beta.ARPA\tuntried: the server rejects the connection: 421 no\n\
             ---\tmessage\tuntried: the server rejects the connection: 421 no\n",
        )
        .stderr("ehlo: the server rejects the connection: 421 no\n")
        .exit(75);
    assert_eq!(done.file("again"), "Jones@Beta.ARPA\nGreen@Beta.ARPA\n");
}

#[test]
fn whose_fate_nobody_knows_is_not_to_be_tried_again() {
    let done = to_jones("--final-timeout 300ms --failed-to failed --deferred-to again -q")
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}C: QUIT"))
        .stderr("ehlo: Jones@Beta.ARPA: unknown: timed out waiting for the reply to the end of the message\n")
        .exit(11);
    assert_eq!(done.file("failed"), "Jones@Beta.ARPA\n");
    assert_eq!(done.file("again"), "");
}

#[test]
fn the_two_lists_are_two_files() {
    to_jones("-S localhost:1 --failed-to list --deferred-to list")
        .stderr("ehlo: --failed-to and --deferred-to name the same file\n")
        .exit(64);
    to_jones("-S localhost:1 --failed-to list --deferred-to ./list")
        .stderr("ehlo: --failed-to and --deferred-to name the same file\n")
        .exit(64);
    to_jones("-S localhost:1 --deferred-to -")
        .stderr("ehlo: --deferred-to: needs a file; standard output has the report\n")
        .exit(64);
}

#[test]
fn an_address_that_needs_smtputf8_is_refused_by_name_and_the_others_are_served() {
    to_jones("--bcc jöns@x.example -t Brown@Beta.ARPA -q")
        .server(&format!("{HELLO}{MAIL}{RCPT}{BROWN}{TAKEN}{QUIT}"))
        .stderr(
            "ehlo: jöns@x.example: refused: the address needs SMTPUTF8, which the server does not offer\n",
        )
        .exit(10);
    let mut refused = recipient("jöns@x.example", "refused", "rcpt", Some(0), Value::Null);
    refused["why"] = json!("refused: the address needs SMTPUTF8, which the server does not offer");
    let unsaid = with(transaction(Value::Null, 17, Value::Null), "/message/id", Value::Null);
    send_as_is("Subject: u\n\nu\n", "-f Smith@Alpha.ARPA jöns@x.example --json")
        .server(&format!("{HELLO}{QUIT}"))
        .json(report("none", 69, vec![refused], vec![unsaid]))
        .exit(69);
}

#[test]
fn those_for_whom_there_was_no_room_get_it_in_further_transactions() {
    to_jones("Green@Beta.ARPA Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO}{MAIL}{RCPT}C: RCPT TO:<Green@Beta.ARPA>\nS: 452 4.5.3 One only\n{TAKEN}\
             {MAIL}C: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\n{TAKEN}{MAIL}{BROWN}{TAKEN}{QUIT}"
        ))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n250\tGreen@Beta.ARPA\tOK\n250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tOK\n250\tmessage\tOK\n250\tmessage\tOK\n",
        )
        .exit(0);
}

#[test]
fn a_server_that_does_not_know_bdat_is_sent_the_message_by_data() {
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 CHUNKING\n";
    to_jones("")
        .server(&format!(
            "{hello}{MAIL}{RCPT}C: BDAT 218 LAST\nC: … 218 octets\nS: 502 what\nC: RSET\nS: 250 OK\n\
             {MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}
