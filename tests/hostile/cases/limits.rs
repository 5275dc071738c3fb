//! Limits of time and of memory: none of them is the server's to move.

use super::{AGAIN, DATA, DELIVERY, HELLO, MAIL, RCPT, STARTTLS};
use crate::certificates::good;
use crate::server::{Script, play};
use crate::{Case, NOBODY_KNOWS, case};

/// Each reply in time, two seconds after its command.
fn slow() -> Script {
    play("S: 220 beta\nC: EHLO alpha.arpa\n")
        .pause(2000)
        .play("S: 250 beta\nC: MAIL FROM:<Smith@Alpha.ARPA>\n")
        .pause(2000)
        .play("S: 250 OK\nC: RCPT TO:<r0@Beta.ARPA>\n")
        .pause(2000)
        .play("S: 250 OK\nC: QUIT\n")
}

const MANY: usize = 400;

/// So many recipients as arguments.
fn many() -> String {
    let names: Vec<String> = (0..MANY).map(|n| format!("r{n}@Beta.ARPA")).collect();
    format!("-t {}", names.join(","))
}

/// All of them are answered by as long a reply as there may be.
fn verbose(code: u16, starts: &str) -> Script {
    let line = format!("{code}-{}\r\n", "x".repeat(1000));
    let reply = line.repeat(64) + &line.replacen('-', " ", 1);
    let mut script = play(&format!(
        "S: 220 beta\nC: EHLO alpha.arpa\n{starts}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n"
    ));
    for n in 0..MANY {
        script = script.play(&format!("C: RCPT TO:<r{n}@Beta.ARPA>\n")).say(&reply);
    }
    script
}

pub fn cases() -> Vec<Case> {
    let hello_in_tls = play(STARTTLS).tls(&good()).play(AGAIN);
    let timed_out = |case: Case, what: &str| {
        case.ends(75, "none, untried, timeout", &format!("timed out waiting for the reply to {what}"))
    };
    let refused: String = (0..MANY).map(|_| "refused 550, ").collect();
    let accepted: String = (0..MANY).map(|_| "accepted 250, ").collect();
    let silent = "C: MAIL FROM:<Smith@Alpha.ARPA>\n";
    vec![
        case("replies_each_in_time_meet_the_deadline", slow())
            .args("-t r0@Beta.ARPA,r1@Beta.ARPA --timeout 15s --deadline 5s")
            .ends(
                75,
                "none, deferred, untried, timeout",
                "timed out waiting for the reply to RCPT TO:<r0@Beta.ARPA>",
            ),
        timed_out(
            case("a_deadline_is_shorter_than_a_timeout", play(HELLO).play(silent).play("C: QUIT\n"))
                .args("--timeout 60s --deadline 5s"),
            "MAIL",
        ),
        timed_out(
            case("a_timeout_is_shorter_than_a_deadline", play(HELLO).play(silent).play("C: QUIT\n"))
                .args("--timeout 4s --deadline 60s"),
            "MAIL",
        ),
        case("a_deadline_covers_the_handshake", play("").answer(""))
            .smtps()
            .args("--timeout 60s --deadline 5s")
            .ends(75, "none, untried, timeout", "timed out waiting for the TLS handshake"),
        case("a_deadline_covers_a_drip", play("").drip("220-b").play("C: QUIT\n"))
            .args("--timeout 60s --deadline 5s")
            .ends(
                75,
                "none, untried, timeout",
                "timed out waiting for the greeting; is this a mail server? one that expects TLS from the \
                 first octet is silent too: try smtps:// or --tls implicit",
            ),
        timed_out(
            case(
                "a_deadline_covers_a_silence_inside_tls",
                hello_in_tls.clone().play(silent).play("C: QUIT\n"),
            )
            .starttls()
            .args("--timeout 60s --deadline 5s"),
            "MAIL",
        ),
        case("a_deadline_covers_the_final_reply", play(&format!("{HELLO}{MAIL}{RCPT}{DATA}C: QUIT\n")))
            .args("--final-timeout 60s --deadline 5s")
            .ends(
                11,
                "unknown, unknown, timeout",
                &format!("timed out waiting for the reply to the end of the message\n{NOBODY_KNOWS}"),
            ),
        case(
            "a_final_timeout_is_for_the_final_reply_alone",
            play(HELLO)
                .play(silent)
                .pause(4000)
                .play("S: 250 OK\n")
                .play(RCPT)
                .play(DATA)
                .play("S: 250 OK\nC: QUIT\nS: 221 bye\n"),
        )
        .args("--timeout 15s --final-timeout 3s")
        .is_taken(),
        case(
            "a_timeout_does_not_cut_the_final_reply",
            play(&format!("{HELLO}{MAIL}{RCPT}{DATA}")).pause(5000).play("S: 250 OK\nC: QUIT\nS: 221 bye\n"),
        )
        .args("--timeout 4s --final-timeout 60s")
        .is_taken(),
        case("quit_is_not_waited_for_long", play(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 250 OK\nC: QUIT\n")))
            .args("--timeout 60s")
            .is_taken(),
        case(
            "quit_is_not_waited_for_long_inside_tls",
            hello_in_tls.clone().play(&format!("{MAIL}{RCPT}{DATA}S: 250 OK\nC: QUIT\n")),
        )
        .starttls()
        .args("--timeout 60s")
        .is_taken(),
        case(
            "quit_that_drips_is_not_waited_for_long",
            play(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 250 OK\nC: QUIT\n")).drip("221-"),
        )
        .args("--timeout 60s")
        .is_taken(),
        case("quit_after_a_refusal_is_not_waited_for_long", play("S: 554 no\nC: QUIT\n"))
            .args("--timeout 60s")
            .ends(69, "none, untried, protocol", "the server rejects the connection: 554 no"),
        case(
            "a_message_that_is_read_slowly_arrives",
            play(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n"))
                .narrow()
                .octets(100_000)
                .pause(500)
                .octets(100_000)
                .pause(500)
                .play("C: ...\nS: 250 OK\nC: QUIT\nS: 221 bye\n"),
        )
        .message(1 << 20)
        .is_taken(),
        // What is kept of replies must not grow with them.
        case("many_long_refusals_are_bounded", verbose(550, "S: 250 beta\n").play("C: QUIT\nS: 221 bye\n"))
            .args(&many())
            .without_transcript()
            .ends(69, &format!("none, {refused}-"), ""),
        case(
            "many_long_acceptances_are_bounded",
            verbose(250, "S: 250 beta\n").play(DATA).play("S: 250 OK\nC: QUIT\nS: 221 bye\n"),
        )
        .args(&many())
        .without_transcript()
        .ends(0, &format!("all, {accepted}-"), ""),
        case(
            "replies_ahead_of_their_commands_are_bounded",
            play("S: 220 beta\nC: EHLO alpha.arpa\n").flood("250 beta\r\n"),
        )
        .ends(76, "none, untried, protocol", "the server sent an unexpected reply"),
        case(
            "a_flood_in_place_of_a_goodbye_is_nothing",
            play(HELLO).play(DELIVERY.strip_suffix("S: 221 bye\n").unwrap()).flood("221 bye\r\n"),
        )
        .is_taken(),
    ]
}
