//! LMTP (RFC 2033): a reply for each recipient, or too few, too many, and mixed.

use crate::server::{Script, play};
use crate::{Case, NOBODY_KNOWS, case};

/// Three recipients, all accepted, and the message; then this.
fn answering(replies: &str) -> Script {
    play(
        "S: 220 beta\nC: LHLO alpha.arpa\nS: 250 beta\nC: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n\
         C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nC: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\n\
         C: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\nC: DATA\nS: 354 go on\nC: ...\n",
    )
    .play(replies)
}

fn lmtp(name: &str, script: Script) -> Case {
    case(name, script)
        .to("-S lmtp://127.0.0.1:PORT")
        .args("-t Jones@Beta.ARPA,Green@Beta.ARPA,Brown@Beta.ARPA")
}

pub fn cases() -> Vec<Case> {
    let quit = "C: QUIT\nS: 221 bye\n";
    let green = "the end of the message, for Green@Beta.ARPA";
    let unknown = |text: &str| format!("{text}\n{NOBODY_KNOWS}");
    let waited = unknown(&format!("timed out waiting for the reply to {green}"));
    let closed = unknown(&format!("the server closed the connection before its reply to {green}"));
    let no_reply = |what: &str| unknown(&format!("{what} (awaiting the reply to {green})"));
    let odd = |what: &str, said: &str| {
        unknown(&format!("{what} (awaiting the reply to {green}); it says '{said}'"))
    };
    vec![
        lmtp("lmtp_mixed_replies_are_each_ones_own", answering(&format!("S: 250 yes\nS: 550 no\nS: 452 full\n{quit}")))
            .ends(10, "some, accepted 250, refused 550, deferred 452, -", ""),
        lmtp("lmtp_too_few_replies_are_waited_for", answering("S: 250 yes\nC: QUIT\n")).ends(
            11,
            "unknown, accepted 250, unknown, unknown, timeout",
            &waited,
        ),
        lmtp("lmtp_too_few_replies_and_a_close", answering("S: 250 yes\n").close()).ends(
            11,
            "unknown, accepted 250, unknown, unknown, disconnected",
            &closed,
        ),
        lmtp("lmtp_too_few_replies_and_a_reset", answering("S: 250 yes\n").pause(200).reset()).ends(
            11,
            "unknown, accepted 250, unknown, unknown, disconnected",
            &closed,
        ),
        lmtp("lmtp_too_many_replies", answering("S: 250 yes\nS: 250 yes\nS: 250 yes\nS: 250 yes\n")).ends(
            0,
            "all, accepted 250, accepted 250, accepted 250, protocol",
            "the server sent an unexpected reply",
        ),
        lmtp("lmtp_a_reply_that_drips", answering("S: 250 yes\n").drip("250-").play("C: QUIT\n")).ends(
            11,
            "unknown, accepted 250, unknown, unknown, timeout",
            &waited,
        ),
        lmtp("lmtp_a_reply_that_is_none", answering("S: 250 yes\nS: yes\nS: 250 yes\n")).ends(
            11,
            "unknown, accepted 250, unknown, unknown, protocol",
            &odd("the server sent something that is not an SMTP reply", "yes"),
        ),
        lmtp("lmtp_a_reply_of_two_codes", answering("S: 250 yes\nS: 250-yes\nS: 550 no\nS: 250 yes\n")).ends(
            11,
            "unknown, accepted 250, unknown, unknown, protocol",
            &odd("the server sent a reply with two different codes", "550 no"),
        ),
        lmtp("lmtp_354_in_place_of_a_reply", answering("S: 250 yes\nS: 354 go on\nS: 250 yes\n")).ends(
            11,
            "unknown, accepted 250, unknown, unknown, protocol",
            &no_reply("the server answered 354, which is not a valid reply here"),
        ),
        lmtp("lmtp_a_flood_in_place_of_a_reply", answering("S: 250 yes\n").flood("250-more\r\n")).ends(
            11,
            "unknown, accepted 250, unknown, unknown, protocol",
            &no_reply("the server sent an endless reply"),
        ),
        lmtp("lmtp_421_in_the_middle", answering("S: 250 yes\nS: 421 gone\n")).ends(
            11,
            "unknown, accepted 250, deferred 421, unknown, disconnected",
            &unknown("the server closed the session: 421 gone"),
        ),
        lmtp(
            "lmtp_lhlo_refused_is_no_helo",
            play("S: 220 beta\nC: LHLO alpha.arpa\nS: 500 what\nC: QUIT\nS: 221 bye\n"),
        )
        .ends(69, "none, untried, untried, untried, protocol", "the server refused LHLO: 500 what; it seems to speak SMTP, not LMTP: use smtp:// instead of lmtp://"),
        lmtp(
            "lmtp_354_with_nobody_accepted",
            play(
                "S: 220 beta\nC: LHLO alpha.arpa\nS: 250-beta\nS: 250 PIPELINING\nC: MAIL FROM:<Smith@Alpha.ARPA>\n\
                 C: RCPT TO:<Jones@Beta.ARPA>\nC: RCPT TO:<Green@Beta.ARPA>\nC: RCPT TO:<Brown@Beta.ARPA>\nC: DATA\n\
                 S: 250 OK\nS: 550 no\nS: 550 no\nS: 550 no\nS: 354 go on\n",
            ),
        )
        .ends(
            69,
            "none, refused 550, refused 550, refused 550, protocol",
            "the server answered 354, which is not a valid reply here (awaiting the reply to DATA)",
        ),
    ]
}
