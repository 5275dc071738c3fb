//! Handshakes that hang, break, are cut or are none; old versions; and TLS that ends in the wrong place.

use super::{AGAIN, DATA, DELIVERY, MAIL, RCPT, STARTTLS};
use crate::certificates::{authority, for_localhost, good};
use crate::server::{Script, play};
use crate::{Case, NOBODY_KNOWS, case};

const BROKEN: &str = "connection closed in the middle of the TLS handshake";
const NOT_TLS: &str = "what the server sent is not TLS: a server that begins in clear needs smtp://, submission:// or --tls starttls";
const NOT_TLS_BEHIND_220: &str = "what the server sent after its 220 to STARTTLS is not TLS";

/// What is done in place of a handshake, and what comes of it: by STARTTLS, demanded and not, and from the first octet.
/// Nothing at all is said in clear afterwards.
fn three(name: &str, misbehave: impl Fn(Script) -> Script, text: &str, kind: &str) -> Vec<Case> {
    let summary = format!("none, untried, {kind}");
    let behind_220 = if text == NOT_TLS { NOT_TLS_BEHIND_220 } else { text };
    vec![
        case(format!("starttls_{name}"), misbehave(play(STARTTLS)))
            .starttls()
            .log_in()
            .ends(75, &summary, behind_220),
        case(format!("opportunistic_{name}_is_no_clear_text"), misbehave(play(STARTTLS)))
            .to("-S localhost:PORT -4 --ca-file ca.pem")
            .ends(75, &summary, behind_220),
        case(format!("implicit_tls_{name}"), misbehave(play(""))).smtps().log_in().ends(75, &summary, text),
    ]
}

/// A ServerHello of this version, without extensions: what servers answer that are older than TLS 1.2.
fn server_hello(version: [u8; 2]) -> Vec<u8> {
    let body = [&version[..], &[7; 32], &[0], &[0x00, 0x2f], &[0]].concat();
    let message = [&[2, 0, 0, body.len() as u8][..], &body].concat();
    [&[22][..], &version, &[0, message.len() as u8], &message].concat()
}

fn alert(code: u8) -> [u8; 7] {
    [21, 3, 3, 0, 2, 2, code]
}

fn half(flight: Vec<u8>) -> Vec<u8> {
    flight[..flight.len() / 2].to_vec()
}

fn damaged(mut flight: Vec<u8>) -> Vec<u8> {
    if let Some(octet) = flight.last_mut() {
        *octet ^= 1;
    }
    flight
}

pub fn cases() -> Vec<Case> {
    let built = if cfg!(feature = "native-tls") { "" } else { "built with --features native-tls, " };
    let ciphers = format!("{built}--tls-backend native also has older ciphers");
    let spoken = format!("; this end speaks TLS 1.2 and 1.3; {ciphers}");
    let older = format!("no agreement on TLS with the server: its version is older than 1.2{spoken}");
    let hangs = "timed out waiting for the TLS handshake";
    let mut cases = [
        three("that_is_never_answered", |script| script.answer(""), hangs, "timeout"),
        three("that_stops_halfway", |script| script.maim(&good(), half), hangs, "timeout"),
        three("that_drips", |script| script.drip_tls(&good()), hangs, "timeout"),
        three("answered_by_a_close", |script| script.answer("").close(), BROKEN, "tls"),
        three("answered_by_a_reset", |script| script.answer("").reset(), BROKEN, "tls"),
        three("cut_halfway", |script| script.maim(&good(), half).close(), BROKEN, "tls"),
        three("answered_by_a_reply", |script| script.answer("250 beta\r\n"), NOT_TLS, "tls"),
        three(
            "damaged_on_its_way",
            |script| script.maim(&good(), damaged),
            "TLS failed: cannot decrypt peer's message",
            "tls",
        ),
        three("of_tls_1_0", |script| script.answer(server_hello([3, 1])), &older, "tls"),
        three("of_tls_1_1", |script| script.answer(server_hello([3, 2])), &older, "tls"),
        three("of_ssl_3", |script| script.answer(server_hello([3, 0])), &older, "tls"),
        three(
            "refused_for_its_version",
            |script| script.answer(alert(70)),
            &format!("no agreement on TLS with the server: it says protocol version{spoken}"),
            "tls",
        ),
        three(
            "refused_for_its_ciphers",
            |script| script.answer(alert(40)),
            &format!("no agreement on TLS with the server: it says handshake failure{spoken}"),
            "tls",
        ),
        three("of_noise_without_end", |script| script.answer("").flood([0x99; 1000]), NOT_TLS, "tls"),
    ]
    .concat();
    let greeting = "S: 220 beta\nC: EHLO alpha.arpa\n";
    let inside = |text: &str| play("").tls(&good()).play(text);
    cases.extend([
        case("warnings_of_tls_without_end", play("").answer("").flood([21, 3, 3, 0, 2, 1, 90])).smtps().ends(
            75,
            "none, untried, tls",
            "TLS failed: the server broke the TLS protocol (too many warning alerts \
                    received)",
        ),
        case("empty_records_without_end", play("").answer("").flood([22, 3, 3, 0, 0])).smtps().ends(
            75,
            "none, untried, tls",
            "TLS failed: the server's message is malformed (invalid empty \
                    payload)",
        ),
        case("changes_of_cipher_without_end", play("").answer("").flood([20, 3, 3, 0, 1, 1])).smtps().ends(
            75,
            "none, untried, tls",
            "TLS failed: received unexpected message: got ChangeCipherSpec \
                    when expecting Handshake",
        ),
        case(
            "a_record_larger_than_any",
            play("").answer([&[22, 3, 3, 0xff, 0xff][..], &[0; 70000]].concat()),
        )
        .smtps()
        .ends(
            75,
            "none, untried, tls",
            "TLS failed: the server's message is malformed (message too large)",
        ),
        case(
            "a_message_of_16_mib_without_end",
            play("").answer([22, 3, 3, 0x40, 0, 11, 0xff, 0xff, 0xff]).flood([0; 1000]),
        )
        .smtps()
        .ends(
            75,
            "none, untried, tls",
            "TLS failed: the server's message is malformed (handshake payload \
                    too large)",
        ),
        case("octets_in_clear_within_tls", inside(greeting).raw("250 beta\r\n")).smtps().ends(
            75,
            "none, untried, tls",
            "TLS failed: the server's message is malformed (invalid content \
                    type)",
        ),
        case(
            "a_record_that_cannot_be_decrypted",
            inside(greeting).raw([&[23, 3, 3, 0, 32][..], &[7; 32]].concat()),
        )
        .smtps()
        .ends(75, "none, untried, tls", "TLS failed: cannot decrypt peer's message"),
        case("an_alert_within_a_session", inside(greeting).raw(alert(80))).smtps().ends(
            75,
            "none, untried, tls",
            "TLS failed: cannot decrypt peer's message",
        ),
        case(
            "a_server_of_tls_1_2_is_taken",
            play("")
                .tls(&authority().leaf(for_localhost()).served_by(&[&rustls::version::TLS12]))
                .play(greeting)
                .play("S: 250 beta\n")
                .play(DELIVERY),
        )
        .smtps()
        .is_taken(),
        case(
            "a_server_of_tls_1_2_where_1_3_is_demanded",
            play("").tls(&authority().leaf(for_localhost()).served_by(&[&rustls::version::TLS12])),
        )
        .smtps()
        .args("--tls-min 1.3")
        .ends(
            75,
            "none, untried, tls",
            &format!(
                "no agreement on TLS with the server: it says protocol version; \
                    this end speaks TLS 1.3 only (--tls-min); {ciphers}"
            ),
        ),
        // RFC 8446, section 6.1: without close_notify nobody knows whether the end is the end.
        case("a_greeting_cut_without_close_notify", play("").tls(&good()).say("220-beta\r\n").close())
            .smtps()
            .ends(75, "none, untried, disconnected", "the server closed the connection without a greeting"),
        case("a_reply_cut_without_close_notify", inside(greeting).say("250-beta\r\n250 STA").close())
            .smtps()
            .log_in()
            .ends(
                75,
                "none, untried, disconnected",
                "the server closed the connection before its reply to EHLO",
            ),
        case(
            "a_reply_ended_by_close_notify_is_none_either",
            inside(greeting).say("250-beta\r\n250 STA").close_notify().close(),
        )
        .smtps()
        .log_in()
        .ends(
            75,
            "none, untried, disconnected",
            "the server closed the connection before its reply to EHLO",
        ),
        case("close_notify_and_an_open_connection_is_a_close", inside(greeting).close_notify())
            .smtps()
            .log_in()
            .ends(
                75,
                "none, untried, disconnected",
                "the server closed the connection before its reply to EHLO",
            ),
        case(
            "the_final_reply_cut_without_close_notify_is_unknown",
            inside(greeting).play(&format!("S: 250 beta\n{MAIL}{RCPT}{DATA}")).say("250 O").close(),
        )
        .smtps()
        .ends(
            11,
            "unknown, unknown, disconnected",
            &format!(
                "the server closed the connection before its reply to the end of the message\n\
                    {NOBODY_KNOWS}"
            ),
        ),
        case(
            "an_end_without_close_notify_behind_the_final_reply_is_nothing",
            inside(greeting).play(&format!("S: 250 beta\n{MAIL}{RCPT}{DATA}S: 250 OK\nC: QUIT\n")).close(),
        )
        .smtps()
        .is_taken(),
        case(
            "a_flood_within_tls_is_bounded",
            play(STARTTLS)
                .tls(&good())
                .play(AGAIN)
                .play("C: MAIL FROM:<Smith@Alpha.ARPA>\n")
                .flood("250-more and more\r\n"),
        )
        .starttls()
        .ends(
            76,
            "none, untried, protocol",
            "the server sent an endless reply (awaiting the reply to MAIL)",
        ),
        case(
            "a_silence_within_tls_is_bounded",
            play(STARTTLS).tls(&good()).play("C: EHLO alpha.arpa\nC: QUIT\n"),
        )
        .starttls()
        .ends(75, "none, untried, timeout", "timed out waiting for the reply to EHLO"),
        case(
            "a_drip_within_tls_is_bounded",
            play(STARTTLS).tls(&good()).play("C: EHLO alpha.arpa\n").drip("250-beta ").play("C: QUIT\n"),
        )
        .starttls()
        .ends(75, "none, untried, timeout", "timed out waiting for the reply to EHLO"),
    ]);
    cases
}
