//! Whoever speaks first is not always a mail server.

use super::{DELIVERY, HELLO};
use crate::server::play;
use crate::{Case, case};

const NO_MAIL_SERVER: &str = "this is not a mail server: what it sent is not an SMTP greeting";

/// Not a word is said to it, QUIT least of all.
fn no_mail_server(name: &str, says: impl AsRef<[u8]>, hint: &str) -> Case {
    let error = format!("{NO_MAIL_SERVER}; {hint}");
    case(name, play("").say(says)).ends(76, "none, untried, protocol", &error)
}

pub fn cases() -> Vec<Case> {
    let ready = "220-beta\r\n".repeat(511) + "220 beta\r\n";
    let hello = "C: EHLO alpha.arpa\nS: 250 beta\n";
    let full = format!("220-{}\r\n", "x".repeat(1018));
    vec![
        no_mail_server(
            "a_web_server_is_no_mail_server",
            "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n",
            "it says 'HTTP/1.1 400 Bad Request': this is a web server",
        ),
        no_mail_server(
            "a_shell_is_no_mail_server",
            "SSH-2.0-OpenSSH_9.9\r\n",
            "it says 'SSH-2.0-OpenSSH_9.9': this is an SSH server",
        ),
        no_mail_server(
            "an_imap_server_is_no_mail_server",
            "* OK [CAPABILITY IMAP4rev1] ready\r\n",
            "it \
                        says '* OK [CAPABILITY IMAP4rev1] ready': this is an IMAP server, for reading mail; to send mail, use submission:// or submissions://",
        ),
        no_mail_server(
            "a_pop_server_is_no_mail_server",
            "+OK ready\r\n",
            "it says '+OK ready': this is a \
                        POP3 server, for reading mail; to send mail, use submission:// or submissions://",
        ),
        no_mail_server(
            "an_alert_of_tls_is_no_greeting",
            b"\x15\x03\x01\x00\x02\x02\x0a\r\n",
            "it sent a \
                        TLS alert, so it may expect TLS from the first octet: try smtps:// or --tls implicit",
        ),
        no_mail_server("digits_of_another_script_are_no_code", "٢٢٠ beta\r\n", "it says '٢٢٠ beta'"),
        no_mail_server("a_sign_is_no_digit", "+22 beta\r\n", "it says '+22 beta'"),
        no_mail_server("a_code_must_be_followed_by_a_blank", "220beta\r\n", "it says '220beta'"),
        no_mail_server(
            "a_first_line_that_is_good_does_not_help_the_second",
            "220-beta\r\nready\r\n",
            "it says 'ready'",
        ),
        case("a_greeting_of_512_lines_is_one", play("").say(&ready).play(&format!("{hello}{DELIVERY}")))
            .is_taken(),
        case("a_greeting_of_513_lines_is_none", play("").say(format!("220-one\r\n{ready}"))).ends(
            76,
            "none, untried, protocol",
            "the server sent an endless reply (awaiting the greeting); it says '220 beta'",
        ),
        case(
            "a_greeting_of_64_kib_is_one",
            play("").say(full.repeat(63) + &full.replacen('-', " ", 1)).play(&format!("{hello}{DELIVERY}")),
        )
        .is_taken(),
        case("a_greeting_of_more_is_none", play("").say(full.repeat(65))).ends(
            76,
            "none, untried, protocol",
            &format!(
                "the server sent an endless reply (awaiting the greeting); it says '220-{}...'",
                "x".repeat(196)
            ),
        ),
        case("a_second_greeting_is_a_reply_that_nobody_asked_for", play("S: 220 beta\nS: 220 beta\n")).ends(
            76,
            "none, untried, protocol",
            "the server sent an unexpected reply",
        ),
        // Whoever answers before he is asked has not heard the question.
        case("a_reply_to_ehlo_ahead_of_it_is_not_believed", play("S: 220 beta\nS: 250 PIPELINING\n")).ends(
            76,
            "none, untried, protocol",
            "the server sent an unexpected reply",
        ),
        case("a_421_behind_the_greeting_is_heeded", play("S: 220 beta\nS: 421 too busy after all\n")).ends(
            75,
            "none, untried, disconnected",
            "the server closed the session: 421 too busy after all",
        ),
        case(
            "a_refusal_in_place_of_a_greeting_has_its_escapes_shown",
            play("S: 554 \x1b[31mno\x1b[0m \u{9b}2J\nC: QUIT\n"),
        )
        .ends(
            69,
            "none, untried, protocol",
            "the server rejects the connection: 554 \\x1b[31mno\\x1b[0m \\u{9b}2J",
        )
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server rejects the connection: 554 \\x1b[31mno\\x1b[0m \
                 \\u{9b}2J\n\
                 ---\tmessage\tuntried: the server rejects the connection: 554 \\x1b[31mno\\x1b[0m \
                 \\u{9b}2J\n",
        ),
        // Each line is given in time, and all of them are not.
        case(
            "a_greeting_line_by_line_has_one_deadline",
            play("").drip("220-a\r\n220-b\r\n").play("C: QUIT\n"),
        )
        .args("--timeout 4s")
        .ends(
            75,
            "none, untried, timeout",
            "timed out waiting for the greeting; is this a mail server? one that expects TLS from the first \
             octet is silent too: try smtps:// or --tls implicit",
        ),
        case("replies_in_many_small_pieces_are_replies", {
            let mut script = play("");
            for octet in b"220 beta\r\n" {
                script = script.say([*octet]).pause(5);
            }
            script.play(&HELLO["S: 220 beta\n".len()..]).play(DELIVERY)
        })
        .is_taken(),
    ]
}
