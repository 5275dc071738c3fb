//! Somebody in between, before TLS has begun: nothing that is said in clear may outlive it, nothing secret may be said.

use super::{AGAIN, DELIVERY, HELLO, STARTTLS};
use crate::certificates::{for_localhost, good, self_signed};
use crate::server::play;
use crate::{Case, case};

const STRIPPED: &str = "the server does not offer STARTTLS, but TLS is required; nothing was sent (try \
    --tls implicit on port 465)";
const INJECTED: &str = "unencrypted data followed the reply to STARTTLS: someone may be tampering with the \
    connection (awaiting the reply to STARTTLS)";
const OFFER: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-AUTH PLAIN LOGIN SCRAM-SHA-256\n\
            S: 250 STARTTLS\n";

/// Somebody logs in, and STARTTLS goes wrong.
fn logging_in(name: &str, dialogue: &str) -> Case {
    case(name, play(dialogue)).starttls().log_in()
}

/// STARTTLS is offered and answered by these octets.
fn answered(name: &str, says: impl AsRef<[u8]>) -> Case {
    case(name, play(OFFER).play("C: STARTTLS\n").say(says)).starttls().log_in()
}

pub fn cases() -> Vec<Case> {
    let not_now = format!("{OFFER}C: STARTTLS\nS: 454 not now\nC: QUIT\nS: 221 bye\n");
    let stranger = || self_signed(for_localhost()).served();
    let auth_in_clear = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN LOGIN\n\
                C: QUIT\nS: 221 bye\n";
    let mut cases = vec![
        logging_in("stripped_starttls_keeps_password_and_mail", auth_in_clear).ends(77, "none, untried, tls", STRIPPED),
        case("stripped_starttls_keeps_a_mail_that_demands_it", play(&format!("{HELLO}C: QUIT\nS: 221 bye\n")))
            .starttls()
            .ends(77, "none, untried, tls", STRIPPED),
        // A user is a demand for TLS, if nothing is said of it.
        case("a_user_without_a_word_of_tls_is_not_logged_in_in_clear", play(auth_in_clear))
            .to("-S localhost:PORT -4 --ca-file ca.pem")
            .log_in()
            .ends(77, "none, untried, tls", STRIPPED),
        case("opportunistic_and_stripped_keeps_the_password", play(auth_in_clear))
            .to("-S localhost:PORT -4 --ca-file ca.pem --tls opportunistic")
            .log_in()
            .ends(
                77,
                "none, untried, auth",
                "no log-in was tried: the connection is not encrypted; use --tls starttls or --tls implicit (or \
                 --allow-cleartext-auth)",
            ),
        case("tls_off_keeps_the_password", play(auth_in_clear)).args("--tls off").log_in().ends(
            77,
            "none, untried, auth",
            "no log-in was tried: the connection is not encrypted; use --tls starttls or --tls implicit (or \
             --allow-cleartext-auth)",
        ),
        logging_in(
            "a_keyword_that_is_nearly_starttls_is_not",
            "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-STARTTLSX\nS: 250-XSTARTTLS\n\
             S: 250 START TLS\nC: QUIT\nS: 221 bye\n",
        )
        .ends(77, "none, untried, tls", STRIPPED),
        logging_in(
            "starttls_within_another_line_is_not_offered",
            "S: 220 beta STARTTLS\nC: EHLO alpha.arpa\nS: 250-STARTTLS\nS: 250 SIZE STARTTLS\n\
             C: QUIT\nS: 221 bye\n",
        )
        .ends(77, "none, untried, tls", STRIPPED),
        logging_in("ehlo_refused_is_no_way_around_tls", "S: 220 beta\nC: EHLO alpha.arpa\nS: 502 what\nC: QUIT\n\
                S: 221 bye\n")
            .ends(
                77,
                "none, untried, tls",
                "the server refused EHLO: 502 what; TLS is required, which HELO does not support; nothing \
                 was sent",
            ),
        case("ehlo_answered_by_a_close_is_no_way_around_tls", play("S: 220 beta\nC: EHLO alpha.arpa\n").close())
            .starttls()
            .ends(75, "none, untried, disconnected", "the server closed the connection before its reply \
                    to EHLO"),
        logging_in("starttls_refused_454_is_no_clear_text", &not_now)
            .ends(75, "none, untried, tls", "the server refused STARTTLS: 454 not now"),
        logging_in("starttls_refused_502_is_no_clear_text", &format!("{OFFER}C: STARTTLS\nS: 502 what\nC: QUIT\nS: 221 bye\n"))
            .ends(77, "none, untried, tls", "the server refused STARTTLS: 502 what"),
        case("opportunistic_and_refused_is_no_clear_text", play(&not_now))
            .to("-S localhost:PORT -4 --ca-file ca.pem")
            .ends(75, "none, untried, tls", "the server refused STARTTLS: 454 not now"),
        logging_in("starttls_answered_354_is_a_violation", &format!("{OFFER}C: STARTTLS\nS: 354 go on\n"))
            .ends(76, "none, untried, protocol", "the server answered 354, which is not a valid reply here \
                (awaiting the \
                    reply to STARTTLS)"),
        logging_in("starttls_answered_221_is_a_violation", &format!("{OFFER}C: STARTTLS\nS: 221 bye\n"))
            .ends(76, "none, untried, protocol", "the server answered 221, which is not a valid reply here \
                (awaiting the \
                    reply to STARTTLS)"),
        answered("a_reply_injected_behind_the_220", "220 go ahead\r\n250 injected\r\n"),
        answered("an_offer_injected_behind_the_220", "220 go ahead\r\n250-beta\r\n250 AUTH PLAIN\r\n"),
        answered("half_a_line_injected_behind_the_220", "220 go ahead\r\n25"),
        answered("one_octet_injected_behind_the_220", "220 go ahead\r\n\0"),
        answered("a_line_end_injected_behind_the_220", "220 go ahead\r\n\r\n"),
        answered("a_record_of_tls_injected_behind_the_220", b"220 go ahead\r\n\x16\x03\x03\x00\x04\x0e\x00\x00\x00"),
        answered("a_421_injected_behind_the_220", "220 go ahead\r\n421 no\r\n"),
        case("opportunistic_and_injected_is_no_clear_text", play(OFFER).play("C: STARTTLS\n").say("220 go ahead\r\n250 x\r\n"))
            .to("-S localhost:PORT -4 --ca-file ca.pem"),
    ];
    for case in cases.iter_mut().filter(|case| case.name.contains("injected")) {
        (case.exit, case.summary, case.stderr) =
            (76, "none, untried, protocol".to_owned(), INJECTED.to_owned());
    }
    let only_in_clear = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-AUTH PLAIN\n\
            S: 250-PIPELINING\nS: 250-SIZE 1\nS: 250 STARTTLS\nC: STARTTLS\n\
            S: 220 go ahead\n";
    cases.extend([
        case(
            "what_was_offered_in_clear_is_forgotten_auth",
            play(only_in_clear).tls(&good()).play(AGAIN).play("C: QUIT\nS: 221 bye\n"),
        )
        .starttls()
        .log_in()
        .ends(
            77,
            "none, untried, auth",
            "the server does not offer AUTH here; leave out -u, or try \
                another port (587 or 465)",
        ),
        case(
            "what_was_offered_in_clear_is_forgotten_size_and_pipelining",
            play(only_in_clear).tls(&good()).play(AGAIN).play(DELIVERY),
        )
        .starttls()
        .is_taken(),
        case(
            "starttls_offered_inside_tls_is_not_said_again",
            play(STARTTLS)
                .tls(&good())
                .play("C: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\n")
                .play(DELIVERY),
        )
        .starttls()
        .is_taken(),
        case(
            "a_reply_inside_tls_that_nobody_asked_for",
            play(STARTTLS).tls(&good()).say("250 beta\r\n250 beta\r\n").play("C: EHLO alpha.arpa\n"),
        )
        .starttls()
        .ends(76, "none, untried, protocol", "the server sent an unexpected reply"),
        case(
            "a_stranger_inside_opportunistic_tls_gets_the_mail_on_our_own_machine",
            play(STARTTLS).tls(&stranger()).play(AGAIN).play(DELIVERY),
        )
        .to("-S localhost:PORT -4 --ca-file ca.pem")
        .is_taken(),
        case(
            "a_stranger_inside_opportunistic_tls_gets_no_password",
            play(STARTTLS).tls(&stranger()).play(
                "C: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN LOGIN\nC: QUIT\n\
                        S: 221 bye\n",
            ),
        )
        .to("-S localhost:PORT -4 --ca-file ca.pem --tls opportunistic")
        .log_in()
        .ends(
            77,
            "none, untried, auth",
            "no log-in was tried: the server's certificate could not be verified; name its issuer with \
             --ca-file (or use --insecure)",
        ),
        case("insecure_says_so_aloud", play(STARTTLS).tls(&stranger()).play(AGAIN).play(DELIVERY))
            .starttls()
            .args("--insecure")
            .ends(
                0,
                "all, accepted 250, -",
                "warning: the server's certificate is not verified \
                    (--insecure)",
            ),
    ]);
    cases
}
