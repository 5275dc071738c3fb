//! What a server offers is used, and what it does not offer is not: PIPELINING, SIZE, CHUNKING, LMTP, parameters.

use crate::harness::{send, send_as_is};
use crate::*;

const HELLO_CHUNKING: &str =
    "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-PIPELINING\nS: 250 CHUNKING\n";

#[test]
fn all_or_none_with_pipelining_waits_for_the_replies_before_data() {
    to_two("--all-or-none")
        .server(&format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: RCPT TO:<Green@Beta.ARPA>\n\
             S: 250 OK\nS: 250 OK\nS: 550 No such user here\nC: RSET\nS: 250 OK\n{QUIT}"
        ))
        .stdout("---\tJones@Beta.ARPA\tuntried: withdrawn because not every recipient was accepted\n\
             550\tGreen@Beta.ARPA\tNo such user here\n\
             ---\tmessage\tuntried: not every recipient was accepted\n")
        .exit(69);
}

#[test]
fn too_many_recipients_with_pipelining() {
    to_jones("Brown@Beta.ARPA")
        .server(&format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: RCPT TO:<Brown@Beta.ARPA>\nC: DATA\n\
             S: 250 OK\nS: 250 OK\nS: 452 4.5.3 Too many recipients\nS: 354 go on\n! any-content\nS: 250 one\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Brown@Beta.ARPA>\nC: DATA\n\
             S: 250 OK\nS: 250 OK\nS: 354 go on\n! any-content\nC: QUIT\nS: 250 two\nS: 221 bye"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n\
             250\tBrown@Beta.ARPA\tOK\n\
             250\tmessage\tone\n\
             250\tmessage\ttwo\n")
        .exit(0);
}

#[test]
fn a_group_of_commands_comes_in_one_piece() {
    let done = to_two("")
        .server(&format!(
            "{HELLO_PIPELINING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: RCPT TO:<Green@Beta.ARPA>\nC: DATA\n\
             S: 250 OK\nS: 250 OK\nS: 550 no\nS: 354 go on\n! any-content\nC: QUIT\nS: 250 OK\nS: 221 bye"
        ))
        .stdout("250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tno\n250\tmessage\tOK\n")
        .exit(10);
    let pieces = done.pieces();
    assert_eq!(pieces.len(), 3, "{pieces:?}");
    assert_eq!(
        pieces[1],
        "MAIL FROM:<Smith@Alpha.ARPA>\r\nRCPT TO:<Jones@Beta.ARPA>\r\nRCPT TO:<Green@Beta.ARPA>\r\nDATA\r\n"
    );
    assert!(pieces[2].ends_with("\r\n.\r\nQUIT\r\n"));
}

#[test]
fn no_pipelining_waits_for_each_reply() {
    to_jones("--no-pipelining")
        .server(&format!("{HELLO_PIPELINING}{MAIL}{RCPT}{TAKEN}{QUIT}"))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn pipelined_and_all_refused_yet_354_a_lone_dot_ends_it() {
    send("-f Smith@Alpha.ARPA Green@Beta.ARPA --body Blah")
        .server("pipelined_all_refused_yet_354")
        .stdout("550\tGreen@Beta.ARPA\tNo such user here\n---\tmessage\tuntried: no recipient was accepted\n")
        .exit(69);
}

#[test]
fn size_is_sent_where_it_is_offered() {
    to_jones("")
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SIZE 1000\n\
             C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=218\nS: 250 OK\n{RCPT}C: DATA\nS: 354 go on\nC: … 218 octets\nC: .\nS: 250 OK\n{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn what_is_larger_than_the_servers_size_is_65_before_mail() {
    to_jones("")
        .server(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SIZE 100\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the message has 218 octets, but the server takes at most \
            100; nothing was sent\n\
             ---\tmessage\tuntried: the message has 218 octets, but the server takes at most 100; nothing \
             was sent\n",
        )
        .stderr("ehlo: the message has 218 octets, but the server takes at most 100; nothing was sent\n")
        .exit(65);
}

#[test]
fn a_size_of_0_is_no_limit() {
    to_jones("")
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 SIZE 0\n\
             C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=218\nS: 250 OK\n{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn lmtp_has_one_reply_for_each_recipient() {
    to_jones("Brown@Beta.ARPA")
        .unix_server(
            "lmtp",
            &format!(
                "S: 220 beta\nC: LHLO alpha.arpa\nS: 250 beta\n{MAIL}{RCPT}{BROWN}{DATA}S: 250 delivered\nS: 452 full\n{QUIT}"
            ),
        )
        .stdout("250\tJones@Beta.ARPA\tOK\n452\tBrown@Beta.ARPA\tfull\n250\tmessage\tdelivered\n")
        .exit(10);
}

#[test]
fn parameters_are_added_to_mail_and_rcpt() {
    to_jones("--mail-parameter RET=HDRS --mail-parameter X-A --rcpt-parameter NOTIFY=NEVER")
        .server(&format!(
            "{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA> RET=HDRS X-A\nS: 250 OK\n\
             C: RCPT TO:<Jones@Beta.ARPA> NOTIFY=NEVER\nS: 250 OK\n{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn chunking_is_one_bdat_with_quit_behind_it_in_one_group() {
    let done = send("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA").stdin(".one\n..two\n.\n")
        .server(&format!(
            "{HELLO_CHUNKING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 250 OK\n\
             C: BDAT 228 LAST\nC: … 228 octets\nC: QUIT\nS: 250 OK\nS: 221 bye"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
    let pieces = done.pieces();
    assert_eq!(pieces.len(), 3, "{pieces:?}");
    assert_eq!(
        pieces[2],
        "BDAT 228 LAST\r\n\
         Date: Mon, 2 Nov 1981 14:37:00 +0000\r\n\
         From: <Smith@Alpha.ARPA>\r\n\
         To: <Jones@Beta.ARPA>\r\n\
         Message-ID: <1@alpha.arpa>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=\"utf-8\"\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         .one\r\n..two\r\n.\r\n\
         QUIT\r\n"
    );
}

#[test]
fn a_message_without_a_final_line_end_gets_one_in_a_chunk_too() {
    let done = send_as_is("A: 1\n\nend", "-f Smith@Alpha.ARPA Jones@Beta.ARPA")
        .server("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 CHUNKING\nC: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n\
             C: BDAT 13 LAST\nC: … 13 octets\nS: 250 OK\nC: QUIT\nS: 221 bye")
        .stdout(JONES_HAS_IT)
        .exit(0);
    assert_eq!(
        done.wire(),
        "EHLO alpha.arpa\r\nMAIL FROM:<Smith@Alpha.ARPA>\r\nRCPT TO:<Jones@Beta.ARPA>\r\n\
         BDAT 13 LAST\r\nA: 1\r\n\r\nend\r\nQUIT\r\n"
    );
}

#[test]
fn a_transcript_shows_a_chunk_and_can_be_played_again() {
    let dialogue = format!(
        "{HELLO_CHUNKING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 250 OK\n\
         C: BDAT 218 LAST\n{HEAD}C: … 218 octets\nC: QUIT\nS: 250 OK\nS: 221 bye\n"
    );
    to_jones("-v")
        .server(&dialogue)
        .stdout(JONES_HAS_IT)
        .stderr(&format!("# connected to 127.0.0.1:PORT\n{dialogue}"))
        .exit(0);
}

#[test]
fn no_chunking_goes_by_data() {
    let dialogue = format!(
        "{HELLO_CHUNKING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: DATA\n\
         S: 250 OK\nS: 250 OK\nS: 354 go on\nC: … 218 octets\nC: .\nC: QUIT\nS: 250 OK\nS: 221 bye\n"
    );
    let done = to_jones("--no-chunking").server(&dialogue).stdout(JONES_HAS_IT).exit(0);
    assert!(!done.wire().contains("BDAT"), "{}", done.wire());
}

#[test]
fn a_chunk_that_is_refused_is_the_messages_refusal() {
    for (code, status) in [("552", 69), ("452", 75)] {
        to_jones("")
            .server(&format!(
                "{HELLO_CHUNKING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 250 OK\n\
                 C: BDAT 218 LAST\nC: … 218 octets\nC: QUIT\nS: {code} no\nS: 221 bye"
            ))
            .stdout(&format!("{code}\tJones@Beta.ARPA\tno\n{code}\tmessage\tno\n"))
            .exit(status);
    }
}

#[test]
fn no_chunk_is_sent_when_nobody_was_accepted() {
    to_jones("")
        .server(&format!(
            "{HELLO_CHUNKING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 550 no\n{QUIT}"
        ))
        .stdout("550\tJones@Beta.ARPA\tno\n---\tmessage\tuntried: no recipient was accepted\n")
        .exit(69);
}

#[test]
fn a_cut_behind_a_chunk_is_unknown_11() {
    to_jones("")
        .server(&format!(
            "{HELLO_CHUNKING}C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nS: 250 OK\n\
             C: BDAT 218 LAST\nC: … 218 octets\nC: QUIT\n! close"
        ))
        .stdout("---\tJones@Beta.ARPA\tunknown: the server closed the connection before its reply to the end of the message\n\
             ---\tmessage\tunknown: the server closed the connection before its reply to the end of the message\n").stderr("ehlo: the server closed the connection before its reply to the end of the message\n\
             ehlo: it is unknown whether the message was accepted: sending it again may deliver it twice\n")
        .exit(11);
}
