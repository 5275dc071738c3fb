//! Log-ins: with servers that loop, choke, guess, or say that all is well without having proved a thing. Over TLS, so
//! that nothing of the password may be seen anywhere.

use super::DELIVERY;
use crate::certificates::good;
use crate::scram::Lie;
use crate::server::{Script, play};
use crate::{Case, case};

/// Inside TLS, with these mechanisms.
fn offering(mechanisms: &str) -> Script {
    play("")
        .tls(&good())
        .play(&format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH {mechanisms}\n"))
}

/// What Smith meets.
fn met(name: &str, script: Script) -> Case {
    case(name, script).smtps().log_in()
}

/// A challenge.
fn challenge(text: &str) -> String {
    format!("S: 334 {}\n", encodify::base64::STANDARD.encode(text.as_bytes()))
}

/// SCRAM from its first word on.
fn scram(name: &str, iterations: &str, lie: Lie, and: &str) -> Case {
    met(name, offering("SCRAM-SHA-256").scram(iterations, lie).play(and))
}

/// The exchange is left, and the session with it.
/// The exchange is left in good order.
const LEFT_AND_QUIT: &str = "C: *\nS: 501 left\nC: QUIT\nS: 221 bye\n";

pub fn cases() -> Vec<Case> {
    let plain = "C: AUTH PLAIN ***\n";
    let refused = |case: Case, text: &str| case.ends(77, "none, untried, auth", text);
    let broken = |case: Case, text: &str| case.ends(76, "none, untried, protocol", text);
    let cannot = "the server sent a challenge that cannot be answered (awaiting the reply to AUTH)";
    let unproved = "the server reported a successful log-in before it was complete \
            (awaiting the reply to AUTH)";
    let no_proof = "the server accepted the log-in without proving that it knows the password: it may not \
        be who it \
                    claims to be; nothing was sent";
    let few = |count: &str| {
        format!(
            "the server asks for {count} in the log-in, and under 4096 somebody in between could guess the password; \
             nothing was sent"
        )
    };
    let many = "the server asks for more than 10,000,000 iterations in the log-in, and those are the most; nothing was sent";
    let asked = "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ***\nS: 334 UGFzc3dvcmQ6\nC: ***\n";
    vec![
        // Loops and floods.
        broken(
            met(
                "plain_asked_for_more_is_left",
                offering("PLAIN").play(plain).play("S: 334 \nC: ***\nS: 334 \n").play(LEFT_AND_QUIT),
            ),
            cannot,
        ),
        broken(
            met(
                "login_asked_a_third_time_is_left",
                offering("LOGIN").play(asked).play("S: 334 UGFzc3dvcmQ6\n").play(LEFT_AND_QUIT),
            ),
            cannot,
        ),
        broken(
            met("challenges_without_end_are_left", offering("PLAIN").play(plain).flood("334 \r\n")),
            "the server sent an unexpected reply",
        ),
        broken(
            met(
                "a_challenge_of_3000_octets_is_left",
                offering("SCRAM-SHA-256")
                    .play("C: AUTH SCRAM-SHA-256 ***\n")
                    .play(&challenge(&"x".repeat(3000)))
                    .play(LEFT_AND_QUIT),
            ),
            cannot,
        ),
        broken(
            met(
                "a_challenge_of_12288_octets_of_base64_is_read",
                offering("SCRAM-SHA-256")
                    .play("C: AUTH SCRAM-SHA-256 ***\n")
                    .play(&challenge(&"x".repeat(9216)))
                    .play(LEFT_AND_QUIT),
            ),
            cannot,
        ),
        broken(
            met(
                "a_challenge_of_more_is_none",
                offering("SCRAM-SHA-256")
                    .play("C: AUTH SCRAM-SHA-256 ***\n")
                    .play(&challenge(&"x".repeat(9217))),
            ),
            "the server sent an endless reply line (awaiting the reply to AUTH)",
        ),
        broken(
            met(
                "a_challenge_without_end_is_bounded",
                offering("SCRAM-SHA-256").play("C: AUTH SCRAM-SHA-256 ***\n").say("334 ").flood("AAAA"),
            ),
            "the server sent an endless reply line (awaiting the reply to \
                AUTH)",
        ),
        broken(
            met("challenges_of_many_lines_are_bounded", offering("PLAIN").play(plain).flood("334-AAAA\r\n")),
            "the server sent an endless reply (awaiting the reply to AUTH)",
        ),
        broken(
            met(
                "a_challenge_that_is_no_base64_is_left",
                offering("CRAM-MD5").play("C: AUTH CRAM-MD5\nS: 334 ???\n").play(LEFT_AND_QUIT),
            ),
            cannot,
        ),
        broken(
            met(
                "an_exchange_left_and_asked_on_is_the_end",
                offering("PLAIN").play(plain).play("S: 334 \nC: ***\nS: 334 \nC: *\nS: 334 \n"),
            ),
            cannot,
        ),
        // Success that is none.
        broken(
            met(
                "235_to_an_exchange_that_was_left",
                offering("PLAIN").play(plain).play("S: 334 \nC: ***\nS: 334 \nC: *\nS: 235 welcome\n"),
            ),
            unproved,
        ),
        broken(
            met(
                "login_235_before_the_password",
                offering("LOGIN").play("C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ***\nS: 235 welcome\n"),
            ),
            unproved,
        ),
        broken(met("login_235_at_once", offering("LOGIN").play("C: AUTH LOGIN\nS: 235 welcome\n")), unproved),
        broken(
            met("cram_md5_235_at_once", offering("CRAM-MD5").play("C: AUTH CRAM-MD5\nS: 235 welcome\n")),
            unproved,
        ),
        refused(
            met(
                "scram_235_at_once",
                offering("SCRAM-SHA-256").play("C: AUTH SCRAM-SHA-256 ***\nS: 235 welcome\nC: QUIT\n"),
            ),
            no_proof,
        ),
        broken(
            met(
                "235_and_another_reply",
                offering("PLAIN").play(plain).play("S: 235 welcome\nS: 235 welcome\n"),
            ),
            "the server sent an unexpected reply",
        ),
        met("250_to_a_log_in_is_success", offering("PLAIN").play(plain).play("S: 250 OK\n").play(DELIVERY))
            .is_taken(),
        // SCRAM.
        scram("scram_that_is_honest_is_let_in", "4096", Lie::No, "C: \nS: 235 welcome\n").and_delivery(),
        refused(
            scram("scram_with_a_wrong_nonce", "4096", Lie::Nonce, LEFT_AND_QUIT),
            "the server did not repeat our nonce in the log-in: it may not be \
                who it claims to be; nothing was sent",
        ),
        refused(
            scram("scram_without_a_nonce_of_its_own", "4096", Lie::NoNonceOfItsOwn, LEFT_AND_QUIT),
            "the server did not repeat our nonce in the log-in: it may not be \
                who it claims to be; nothing was sent",
        ),
        refused(
            scram("scram_with_a_wrong_signature", "4096", Lie::Signature, LEFT_AND_QUIT),
            "the server sent a wrong proof that it knows the password: it may not be who it claims to be; \
             nothing \
                was sent",
        ),
        refused(
            scram(
                "scram_with_a_wrong_signature_and_235",
                "4096",
                Lie::Signature,
                "C: *\nS: 235 welcome\nC: QUIT\nS: 221 bye\n",
            ),
            "the server sent a wrong proof that it knows the password: it may not be who it claims to be; \
             nothing \
                was sent",
        ),
        refused(
            scram("scram_with_half_a_signature", "4096", Lie::ShortSignature, LEFT_AND_QUIT),
            "the server sent a wrong proof that it knows the password: it may not be who it claims to be; \
             nothing \
                was sent",
        ),
        refused(scram("scram_without_a_signature_and_235", "4096", Lie::NoSignature, "C: QUIT\n"), no_proof),
        broken(scram("scram_with_an_empty_signature", "4096", Lie::EmptySignature, LEFT_AND_QUIT), cannot),
        refused(scram("scram_of_1_iteration", "1", Lie::No, LEFT_AND_QUIT), &few("1 iteration")),
        refused(scram("scram_of_0_iterations", "0", Lie::No, LEFT_AND_QUIT), &few("0 iterations")),
        refused(scram("scram_of_4095_iterations", "4095", Lie::No, LEFT_AND_QUIT), &few("4095 iterations")),
        refused(scram("scram_of_10000001_iterations", "10000001", Lie::No, LEFT_AND_QUIT), many),
        refused(scram("scram_of_2000000000_iterations", "2000000000", Lie::No, LEFT_AND_QUIT), many),
        refused(
            scram(
                "scram_of_iterations_beyond_all_numbers",
                "99999999999999999999999999",
                Lie::No,
                LEFT_AND_QUIT,
            ),
            many,
        ),
        broken(scram("scram_of_iterations_below_nought", "-4096", Lie::No, LEFT_AND_QUIT), cannot),
        broken(scram("scram_of_iterations_that_are_no_number", "many", Lie::No, LEFT_AND_QUIT), cannot),
        // What is computed takes of the time for the reply.
        scram("scram_of_10000000_iterations_is_begun_and_stopped_by_the_time", "10000000", Lie::No, "")
            .args("--timeout 2s")
            .ends(75, "none, untried, timeout", "timed out waiting for the reply to AUTH"),
        met(
            "scram_that_is_silent_once_it_was_left",
            offering("SCRAM-SHA-256").scram("4096", Lie::EmptySignature).play("C: *\nC: QUIT\n"),
        )
        .ends(76, "none, untried, protocol", cannot),
        broken(
            met(
                "scram_with_an_extension_that_must_be_known",
                offering("SCRAM-SHA-256")
                    .play("C: AUTH SCRAM-SHA-256 ***\n")
                    .play(&challenge("m=x,r=y,s=AA==,i=4096"))
                    .play(LEFT_AND_QUIT),
            ),
            cannot,
        ),
        refused(
            met(
                "scram_that_refuses_with_escapes",
                offering("SCRAM-SHA-256")
                    .play("C: AUTH SCRAM-SHA-256 ***\n")
                    .play(&challenge("e=\x1b[2Jno"))
                    .play("C: \nS: 535 \x1b[2Jno\nC: QUIT\nS: 221 bye\n"),
            ),
            "the server refused AUTH: 535 \\x1b[2Jno (it says: \\x1b[2Jno)",
        ),
        // A definite no ends the matter, and no weaker way is tried.
        refused(
            met(
                "535_is_not_followed_by_another_mechanism",
                offering("SCRAM-SHA-256 PLAIN LOGIN")
                    .play("C: AUTH SCRAM-SHA-256 ***\nS: 535 5.7.8 no\nC: QUIT\nS: 221 bye\n"),
            ),
            "the server refused AUTH: 535 5.7.8 no; check user and password; if they are right, name another \
             mechanism by --auth, as in --auth LOGIN",
        ),
        refused(
            met(
                "every_mechanism_refused_504_comes_to_an_end",
                offering("PLAIN LOGIN PLAIN LOGIN PLAIN").play(
                    "C: AUTH PLAIN ***\nS: 504 no\nC: AUTH LOGIN\nS: 504 no\nC: QUIT\n\
                S: 221 bye\n",
                ),
            ),
            "the server refused AUTH: 504 no",
        ),
        met("454_is_not_now", offering("PLAIN").play(plain).play("S: 454 not now\nC: QUIT\nS: 221 bye\n"))
            .ends(75, "none, untried, auth", "the server refused AUTH: 454 not now"),
        refused(
            met(
                "mechanisms_that_nobody_knows",
                offering("X-SECRET NTLM \x1b[2J").play("C: QUIT\nS: 221 bye\n"),
            ),
            "the server offers only log-in mechanisms that cannot be used: \
                X-SECRET NTLM \\x1b[2J",
        ),
        refused(
            met("a_thousand_mechanisms", offering(&"X ".repeat(1000)).play("C: QUIT\nS: 221 bye\n")),
            "the server offers only log-in mechanisms that cannot be used: X",
        ),
        refused(
            met("no_mechanism_at_all", offering("").play("C: QUIT\nS: 221 bye\n")),
            "the server does not offer AUTH here; leave out -u, or try another port (587 or 465)",
        ),
        // A server that repeats what it was told.
        refused(
            met(
                "a_password_that_is_repeated_is_starred_out",
                offering("PLAIN")
                    .play(plain)
                    .play(&format!("S: 535 wrong: {}\nC: QUIT\nS: 221 bye\n", crate::PASSWORD)),
            ),
            "the server refused AUTH: 535 wrong: **************",
        ),
        refused(
            met(
                "a_password_that_is_repeated_in_base64_is_starred_out",
                offering("LOGIN")
                    .play(asked)
                    .play("S: 535 wrong: YSBrbm93biBzZWNyZXQ=\nC: QUIT\nS: 221 bye\n"),
            ),
            "the server refused AUTH: 535 wrong: ********************",
        ),
        refused(
            met(
                "a_password_within_plain_that_is_repeated_is_starred_out",
                offering("PLAIN")
                    .play(plain)
                    .play("S: 535 wrong: AHNtaXRoAGEga25vd24gc2VjcmV0\nC: QUIT\nS: 221 bye\n"),
            ),
            "the server refused AUTH: 535 wrong: ****************************",
        ),
        met(
            "a_password_that_is_repeated_for_a_recipient_is_starred_out",
            offering("PLAIN").play(plain).play(&format!(
                "S: 235 hello\nC: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\nC: RCPT TO:<Jones@Beta.ARPA>\n\
                S: 550 not with {}\nC: QUIT\nS: 221 bye\n",
                crate::PASSWORD
            )),
        )
        .ends(69, "none, refused 550, -", "")
        .stdout(
            "550\tJones@Beta.ARPA\tnot with **************\n\
                ---\tmessage\tuntried: no recipient was accepted\n",
        ),
    ]
}

impl Case {
    /// The message goes through then.
    fn and_delivery(mut self) -> Case {
        self.script = self.script.play(DELIVERY);
        self.is_taken()
    }
}
