//! The other subcommands, before the same servers.

use super::{HELLO, STARTTLS};
use crate::certificates::{for_localhost, good, self_signed};
use crate::server::{Script, play};
use crate::{Case, case};

const PROBE: &str = "probe";
const VERIFY: &str = "verify";
const CONSOLE: &str = "console";

fn probe(name: &str, script: Script) -> Case {
    case(name, script).command(PROBE).to("127.0.0.1:PORT")
}

fn verify(name: &str, script: Script) -> Case {
    case(name, script).command(VERIFY).to("127.0.0.1:PORT").args("--tls off")
}

fn console(name: &str, script: Script) -> Case {
    case(name, script).command(CONSOLE).to("127.0.0.1:PORT").args("--tls off --send NOOP")
}

pub fn cases() -> Vec<Case> {
    vec![
        probe("probe_a_silent_server", play("").play("C: QUIT\n")),
        probe("probe_a_web_server", play("S: HTTP/1.1 400 Bad Request\n")),
        probe("probe_a_flood_in_place_of_a_greeting", play("").flood("220-more\r\n")),
        probe("probe_a_flood_of_offers", play("S: 220 beta\nC: EHLO alpha.arpa\n").flood("250-X-MORE\r\n")),
        probe("probe_a_drip", play("S: 220 beta\nC: EHLO alpha.arpa\n").drip("250-")),
        probe("probe_offers_with_escapes", play("S: 220 \x1bc\nC: EHLO alpha.arpa\nS: 250-\x1b[2J\nS: 250-X\u{9b} \u{202e}\nS: 250 AUTH \x1bcPLAIN\nC: QUIT\nS: 221 bye\n")).args("--tls off"),
        probe("probe_a_handshake_that_hangs", play(STARTTLS).answer("")),
        verify("verify_a_silent_server", play("S: 220 beta\nC: EHLO alpha.arpa\nC: QUIT\n")).args("Jones@Beta.ARPA"),
        verify("verify_a_list_of_escapes", play(HELLO).play("C: EXPN staff\n").say("250-\x1b[2J <Jones@Beta.ARPA>\r\n250 \u{9b}m <Green@Beta.ARPA>\r\n").play("C: QUIT\nS: 221 bye\n")).args("--expn staff"),
        verify("verify_a_list_without_end", play(HELLO).play("C: EXPN staff\n").flood("250-<Jones@Beta.ARPA>\r\n")).args("--expn staff"),
        console("console_a_flood", play(HELLO).play("C: NOOP\n").flood("250-more\r\n")),
        console("console_escapes", play(HELLO).play("C: NOOP\nS: 250 \x1b[2J\u{9b}m\u{202e}\nC: QUIT\nS: 221 bye\n")),
        console("console_a_reply_that_nobody_asked_for", play(HELLO).play("C: NOOP\nS: 250 OK\nS: 250 OK\n")),
        console("console_silence", play(HELLO).play("C: NOOP\nC: QUIT\n")),
        case("verify_a_stranger", play(STARTTLS).tls(&self_signed(for_localhost()).served())).command(VERIFY).to("localhost:PORT -4 --ca-file ca.pem --tls starttls Jones@Beta.ARPA"),
        case("console_a_log_in_in_clear", play("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n").play("C: QUIT\nS: 221 bye\n")).command(CONSOLE).to("127.0.0.1:PORT --tls off -u smith --password-env PASSWORD --send NOOP"),
        case("console_a_password_that_is_repeated", play("").tls(&good()).play("S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN ***\nS: 235 welcome\nC: NOOP\nS: 250 it is 'a known secret'\nC: QUIT\nS: 221 bye\n")).command(CONSOLE).to("smtps://localhost:PORT -4 --ca-file ca.pem -u smith --password-env PASSWORD --send NOOP"),
    ]
}
