//! While the message is being sent.

use super::{AGAIN, HELLO, MAIL, RCPT};
use crate::certificates::good;
use crate::server::{Script, play};
use crate::{Case, NOBODY_KNOWS, case};

/// More than the server's end, which is narrow, and all between can hold.
const LARGE: usize = 5 << 20;

/// Up to the first octets of a large message.
fn sending() -> Script {
    play(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n")).narrow()
}

/// The same inside TLS.
fn sending_in_tls() -> Script {
    play("")
        .tls(&good())
        .play("S: 220 beta\n")
        .play(AGAIN)
        .play(&format!("{MAIL}{RCPT}C: DATA\nS: 354 go on\n"))
        .narrow()
}

/// The same by BDAT.
fn sending_a_chunk() -> Script {
    play(&format!(
        "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 CHUNKING\n{MAIL}{RCPT}C: BDAT *** LAST\n"
    ))
    .narrow()
}

/// In one way.
fn one(name: &str, script: Script, ends: impl Fn(Case) -> Case) -> Vec<Case> {
    vec![ends(case(name, script).message(LARGE))]
}

/// In each of the three ways.
fn three(name: &str, misbehave: impl Fn(Script) -> Script, ends: impl Fn(Case) -> Case) -> Vec<Case> {
    let large = |name: String, script| ends(case(name, script).message(LARGE));
    vec![
        large(name.to_owned(), misbehave(sending())),
        large(format!("{name}_in_tls"), misbehave(sending_in_tls())).smtps(),
        large(format!("{name}_by_bdat"), misbehave(sending_a_chunk())),
    ]
}

/// So much is read of it.
const READ: usize = 256 << 10;

pub fn cases() -> Vec<Case> {
    let mut cases = [
        three(
            "a_refusal_while_sending_is_reported_where_the_server_reads_on",
            |script| script.octets(READ).say("554 5.7.1 spam\r\n").swallow(),
            |case| case.ends(69, "none, refused 554, -", ""),
        ),
        three(
            "a_refusal_while_sending_is_reported_where_it_hangs_up",
            |script| script.octets(READ).say("554 5.7.1 spam\r\n").close(),
            |case| case.ends(69, "none, refused 554, -", ""),
        ),
        three(
            "a_refusal_while_sending_is_reported_where_it_stops_reading",
            |script| script.octets(READ).say("554 5.7.1 spam\r\n").deaf(),
            |case| case.ends(69, "none, refused 554, -", ""),
        ),
        // Whoever waits for room first would wait for ever, and never tell why.
        three(
            "a_refusal_while_all_is_blocked_is_reported_at_once",
            |script| script.octets(READ).pause(2000).say("554 5.7.1 spam\r\n").deaf(),
            |case| case.args("--timeout 60s").ends(69, "none, refused 554, -", ""),
        ),
        one(
            "a_421_while_sending_is_reported",
            sending().octets(READ).say("421 beta closes\r\n").close(),
            |case| {
                case.ends(
                    75,
                    "none, deferred 421, disconnected",
                    "the server closed the session: 421 beta closes",
                )
            },
        ),
        three(
            "a_server_that_stops_reading_is_not_waited_for_for_ever",
            |script| script.octets(READ).deaf(),
            |case| {
                case.ends(75, "none, deferred, timeout", "timed out: the server stopped reading the message")
            },
        ),
        one("a_close_while_sending_is_no_delivery", sending_in_tls().octets(READ).close(), |case| {
            case.smtps().ends(
                75,
                "none, deferred, disconnected",
                "the server closed the connection while the message was being sent",
            )
        }),
        one("a_reset_while_sending_is_no_delivery", sending_a_chunk().octets(READ).reset(), |case| {
            case.ends(
                75,
                "none, deferred, disconnected",
                "the server closed the connection while the message was being sent",
            )
        }),
        one(
            "noise_while_sending_is_a_violation",
            sending().octets(READ).say("what?\r\n").swallow(),
            |case| {
                case.ends(
                    76,
                    "none, deferred, protocol",
                    "the server sent something that is not an SMTP reply (awaiting the \
                    reply to the message); it says 'what?'",
                )
            },
        ),
        three(
            "an_acceptance_while_sending_is_a_violation",
            |script| script.octets(READ).say("250 taken already\r\n").swallow(),
            |case| {
                case.ends(
                    76,
                    "none, deferred, protocol",
                    "the server accepted the message before all of it was sent \
                    (awaiting the reply to the message)",
                )
            },
        ),
        one(
            "a_line_without_end_while_sending_is_bounded",
            sending_a_chunk().octets(READ).say("554 ").flood("x").swallow(),
            |case| {
                case.ends(
                    76,
                    "none, deferred, protocol",
                    "the server sent an endless reply line (awaiting the reply to \
                    the message)",
                )
            },
        ),
        one(
            "lines_without_end_while_sending_are_bounded",
            sending_in_tls().octets(READ).flood("554-no\r\n").swallow(),
            |case| {
                case.smtps().ends(
                    76,
                    "none, deferred, protocol",
                    "the server sent an endless reply (awaiting the reply to the \
                    message)",
                )
            },
        ),
    ]
    .concat();
    let unknown = |text: &str| format!("{text}\n{NOBODY_KNOWS}");
    cases.extend([
        case(
            "a_refusal_together_with_354_is_heeded",
            play(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\nS: 554 no\n")).swallow(),
        )
        .message(LARGE)
        .ends(69, "none, refused 554, -", ""),
        case(
            "an_acceptance_together_with_354_is_a_violation",
            play(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\nS: 250 OK\n")).swallow(),
        )
        .message(LARGE)
        .ends(
            76,
            "none, deferred, protocol",
            "the server accepted the message before all of it was sent \
                (awaiting the reply to the end of the message)",
        ),
        case(
            "354_twice_is_a_violation",
            play(&format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\nS: 354 go on\n")).swallow(),
        )
        .message(LARGE)
        .ends(
            76,
            "none, deferred, protocol",
            "the server answered 354, which is not a valid reply here (awaiting the \
                reply to the end of the message)",
        ),
        case("a_server_that_takes_it_all_and_closes_is_unknown", sending().play("C: ...\n").close())
            .message(READ)
            .ends(
                11,
                "unknown, unknown, disconnected",
                &unknown("the server closed the connection before its reply to the end of the message"),
            ),
        case("a_server_that_takes_it_all_and_breaks_is_unknown", sending().play("C: ...\n").reset())
            .message(READ)
            .ends(
                11,
                "unknown, unknown, disconnected",
                &unknown("the server closed the connection before its reply to the end of the message"),
            ),
        case("a_deadline_ends_a_message_that_nobody_reads", sending().octets(READ).deaf())
            .message(LARGE)
            .args("--timeout 60s --deadline 8s")
            .ends(75, "none, deferred, timeout", "timed out: the server stopped reading the message"),
        case("a_server_that_reads_no_command_is_not_waited_for", play(HELLO).deaf()).ends(
            75,
            "none, untried, timeout",
            "timed out waiting for the reply to MAIL",
        ),
        case(
            "a_second_reply_to_the_message_is_not_believed",
            sending().play("C: ...\nS: 250 OK\nS: 554 no, after all\n"),
        )
        .ends(0, "all, accepted 250, protocol", "the server sent an unexpected reply"),
        case("the_message_is_accepted_whatever_follows", sending().play("C: ...\nS: 250 OK\n").close())
            .is_taken(),
    ]);
    cases
}
