//! Capabilities that lie.

use super::{DELIVERY, MAIL};
use crate::server::{Script, play};
use crate::{Case, NOBODY_KNOWS, case};

/// A server that offers this.
fn offering(lines: &str) -> Script {
    let lines: Vec<&str> = lines.split(", ").collect();
    let (last, others) = lines.split_last().unwrap();
    let others: String = others.iter().map(|line| format!("S: 250-{line}\n")).collect();
    play(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\n{others}S: 250 {last}\n"))
}

const GROUP: &str = "C: MAIL FROM:<Smith@Alpha.ARPA>\nC: RCPT TO:<Jones@Beta.ARPA>\nC: DATA\n";
const UNASKED: &str = "the server sent an unexpected reply";

pub fn cases() -> Vec<Case> {
    let size = "C: MAIL FROM:<Smith@Alpha.ARPA> SIZE=***\nS: 250 OK\n";
    let sized = format!("{size}{}", &DELIVERY[MAIL.len()..]);
    let bdat = format!("{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n");
    vec![
        case("a_size_that_is_no_number_is_none", offering("SIZE many").play(&sized)).is_taken(),
        case("a_size_below_nought_is_none", offering("SIZE -1").play(&sized)).is_taken(),
        case("a_size_beyond_all_numbers_is_none", offering("SIZE 99999999999999999999999999").play(&sized)).is_taken(),
        case("a_size_of_one_octet_is_heeded", offering("SIZE 1").play("C: QUIT\n")).message(1000).ends(
            65,
            "none, untried, data",
            "the message has 2022 octets, but the server takes at most 1; nothing was sent",
        ),
        case("size_twice_is_not_taken_for_more", offering("SIZE 1, SIZE 100000").play("C: QUIT\n")).message(1000).ends(
            65,
            "none, untried, data",
            "the message has 2022 octets, but the server takes at most 1; nothing was sent",
        ),
        case("limits_of_nought_are_none", offering("LIMITS RCPTMAX=0 MAILMAX=0").play(DELIVERY)).is_taken(),
        case("limits_that_are_no_numbers_are_none", offering("LIMITS RCPTMAX=-5 MAILMAX=x RCPTMAX").play(DELIVERY))
            .is_taken(),
        case(
            "keywords_of_nothing_but_controls_offer_nothing",
            offering("\x1b[2J, \0, \u{9b}0m PIPELINING, =, -").play(DELIVERY),
        )
        .is_taken(),
        case("a_line_without_a_keyword_offers_nothing", offering(",  , PIPELINING?").play(DELIVERY)).is_taken(),
        case("five_hundred_keywords_are_taken", {
            let many: Vec<String> = (0..500).map(|n| format!("X-{n} {}", "y".repeat(50))).collect();
            offering(&many.join(", ")).play(DELIVERY)
        })
        .is_taken(),
        case("five_hundred_and_thirteen_are_not", {
            let many: Vec<String> = (0..520).map(|n| format!("X-{n}")).collect();
            offering(&many.join(", "))
        })
        .ends(76, "none, untried, protocol", "the server sent an endless reply (awaiting the \
                reply to EHLO)"),
        case("a_keyword_of_4000_octets_is_taken", offering(&"X".repeat(4000)).play(DELIVERY)).is_taken(),
        case(
            "pipelining_that_answers_one_too_few_is_waited_for_once",
            offering("PIPELINING").play(&format!("{GROUP}S: 250 OK\nS: 250 OK\n")),
        )
        .ends(75, "none, deferred, timeout", "timed out waiting for the reply to DATA"),
        case(
            "pipelining_that_answers_one_too_many_is_not_believed",
            offering("PIPELINING").play(&format!("{GROUP}S: 250 OK\nS: 250 OK\nS: 354 go on\nS: 250 taken\n")),
        )
        .ends(
            76,
            "none, deferred, protocol",
            "the server accepted the message before all of it was sent \
                    (awaiting the reply to the end of the message)",
        ),
        case(
            "pipelining_answered_in_another_order_is_not_believed",
            offering("PIPELINING").play(&format!("{GROUP}S: 354 go on\nS: 250 OK\nS: 250 OK\n")),
        )
        .ends(
            76,
            "none, deferred, protocol",
            "the server answered 354, which is not a valid reply here (awaiting the reply to MAIL)",
        ),
        case("pipelining_answered_by_a_close_is_no_delivery", offering("PIPELINING").play(GROUP).close()).ends(
            75,
            "none, deferred, disconnected",
            "the server closed the connection before its reply to MAIL",
        ),
        // The reply to QUIT, which rode along, must not be taken for the message's.
        case(
            "the_reply_to_quit_is_never_the_messages",
            offering("PIPELINING")
                .play(&format!("{GROUP}S: 250 OK\nS: 250 OK\nS: 354 go on\nC: ...\n\
                        C: QUIT\nS: 221 bye\n"))
                .close(),
        )
        .ends(
            11,
            "unknown, unknown, protocol",
            &format!(
                "the server answered 221, which is not a valid reply here (awaiting the reply to the end of \
                 the message)\n\
                 {NOBODY_KNOWS}"
            ),
        ),
        case(
            "a_group_that_is_refused_and_yet_answered_354_is_a_lone_dot",
            offering("PIPELINING")
                .play(&format!("{GROUP}S: 250 OK\nS: 550 no\nS: 354 go on\nC: .\nS: 250 OK\nC: QUIT\n\
                        S: 221 bye\n")),
        )
        .ends(69, "none, refused 550, -", ""),
        case(
            "chunking_that_is_unknown_after_all_leads_to_data",
            offering("CHUNKING")
                .play(&format!("{bdat}C: BDAT *** LAST\n"))
                .octets(100)
                .play("S: 500 what\nC: RSET\nS: 250 OK\n")
                .play(&format!("{bdat}C: DATA\nS: 354 go on\nC: ...\nS: 250 OK\nC: QUIT\nS: 221 bye\n")),
        )
        .is_taken(),
        case(
            "chunking_that_answers_354_is_unknown",
            offering("CHUNKING").play(&format!("{bdat}C: BDAT *** LAST\n")).octets(100).play("S: 354 go on\n"),
        )
        .ends(
            11,
            "unknown, unknown, protocol",
            &format!(
                "the server answered 354, which is not a valid reply here (awaiting the reply to the end of \
                 the message)\n\
                 {NOBODY_KNOWS}"
            ),
        ),
        case(
            "prdr_that_promises_and_falls_silent_is_unknown",
            offering("PRDR").play(
                "C: MAIL FROM:<Smith@Alpha.ARPA> PRDR\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n\
                 C: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\nC: DATA\nS: 354 go on\nC: ...\nS: 353 wait\nS: 250 yes\nC: QUIT\n",
            ),
        )
        .args("-t Jones@Beta.ARPA,Green@Beta.ARPA")
        .ends(
            11,
            "unknown, unknown, unknown, timeout",
            &format!("timed out waiting for the reply to the end of the message, for Green@Beta.ARPA\n\
                    {NOBODY_KNOWS}"),
        ),
        case(
            "what_is_offered_to_helo_is_not_believed",
            play(
                "S: 220 beta\nC: EHLO alpha.arpa\nS: 502 what\nC: HELO alpha.arpa\nS: 250-beta\nS: 250-PIPELINING\n\
                 S: 250-CHUNKING\nS: 250 SIZE 1\n",
            )
            .play(DELIVERY),
        )
        .is_taken(),
        case(
            "dsn_that_is_demanded_and_not_offered_is_not_sent",
            offering("X-DSN").play("C: QUIT\nS: 221 bye\n"),
        )
        .args("--notify failure")
        .ends(
            69,
            "none, untried, extension",
            "the server does not offer DSN, needed for reports on the delivery (--notify, --return, --envelope-id); \
             nothing was sent",
        ),
        case(
            "more_recipients_than_it_takes_are_not_asked_for_ever",
            play("S: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n").play(
                "C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n\
                 C: RCPT TO:<Green@Beta.ARPA>\nS: 452 4.5.3 too many\nC: DATA\nS: 354 go on\nC: ...\nS: 250 OK\n\
                 C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RCPT TO:<Green@Beta.ARPA>\nS: 452 4.5.3 too many\n\
                 C: QUIT\nS: 221 bye\n",
            ),
        )
        .args("-t Jones@Beta.ARPA,Green@Beta.ARPA")
        .ends(10, "some, accepted 250, deferred 452, -", ""),
        case("a_reply_behind_the_one_to_ehlo_is_not_believed", offering("SIZE, 8BITMIME").say("250 OK\r\n")).ends(
            76,
            "none, untried, protocol",
            UNASKED,
        ),
    ]
}
