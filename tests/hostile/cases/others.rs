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

fn verify(name: &str, words: &'static str, script: Script) -> Case {
    case(name, script).command(VERIFY).to(words)
}

fn console(name: &str, script: Script) -> Case {
    case(name, script).command(CONSOLE).to("127.0.0.1:PORT --tls off --send NOOP")
}

pub fn cases() -> Vec<Case> {
    let silent = "timed out waiting for the greeting; is this a mail server? one that expects TLS from the \
                  first octet is silent too: try smtps:// or --tls implicit";
    let self_signed_one = self_signed(for_localhost()).served();
    vec![
        probe("probe_a_silent_server", play("").swallow()).ends(75, "timeout", silent),
        probe("probe_a_web_server", play("S: HTTP/1.1 400 Bad Request\n")).ends(
            76,
            "protocol",
            "this is not a mail server: what it sent is not an SMTP greeting; it says 'HTTP/1.1 400 Bad \
             Request': this is a web server",
        ),
        probe("probe_a_flood_in_place_of_a_greeting", play("").flood("220-more\r\n")).ends(
            76,
            "protocol",
            "the server sent an endless reply (awaiting the greeting); it says '220-more'",
        ),
        probe("probe_a_flood_of_offers", play("S: 220 beta\nC: EHLO alpha.arpa\n").flood("250-X-MORE\r\n")).ends(
            76, "protocol", "the server sent an endless reply (awaiting the reply to EHLO)",
        ),
        probe("probe_a_drip", play("S: 220 beta\nC: EHLO alpha.arpa\n").drip("250-")).ends(75, "timeout", "timed out waiting for the reply to EHLO"),
        probe(
            "probe_offers_with_escapes",
            play(
                "S: 220 \x1bc\nC: EHLO alpha.arpa\nS: 250-\x1b[2J\nS: 250-X\u{9b} \u{202e}\nS: 250 AUTH \x1bcPLAIN\n\
                 C: QUIT\nS: 221 bye\n",
            ),
        )
        .args("--tls off")
        .ends(0, "-", ""),
        probe("probe_a_handshake_that_hangs", play(STARTTLS).answer("")).ends(
            75,
            "timeout",
            "timed out waiting for the TLS handshake",
        ),
        verify(
            "verify_a_silent_server",
            "127.0.0.1:PORT --tls off Jones@Beta.ARPA",
            play("S: 220 beta\nC: EHLO alpha.arpa\nC: QUIT\n"),
        )
        .ends(75, "none, untried, timeout", "timed out waiting for the reply to EHLO"),
        verify(
            "verify_a_list_of_escapes",
            "127.0.0.1:PORT --tls off --expn staff",
            play(HELLO)
                .play("C: EXPN staff\n")
                .say("250-\x1b[2J <Jones@Beta.ARPA>\r\n250 \u{9b}m <Green@Beta.ARPA>\r\n")
                .play("C: QUIT\nS: 221 bye\n"),
        )
        .ends(0, "all, accepted 250, -", "")
        .stdout("250\tstaff\t\\x1b[2J <Jones@Beta.ARPA> / \\u{9b}m <Green@Beta.ARPA>\n"),
        verify(
            "verify_a_list_without_end",
            "127.0.0.1:PORT --tls off --expn staff",
            play(HELLO).play("C: EXPN staff\n").flood("250-<Jones@Beta.ARPA>\r\n"),
        )
        .ends(76, "none, deferred, protocol", "the server sent an endless reply (awaiting the reply to EXPN \
                staff)"),
        verify(
            "verify_a_stranger",
            "localhost:PORT -4 --ca-file ca.pem --tls starttls Jones@Beta.ARPA",
            play(STARTTLS).tls(&self_signed_one),
        )
        .ends(
            77,
            "none, untried, tls",
            "certificate not trusted: it is self-signed; CN=server, for localhost, valid 1975-01-01 to 4096-01-01, \
             sha256:; to accept it, --pin its sha256 or name it with --ca-file, once the server's operator \
             has confirmed it",
        ),
        console("console_a_flood", play(HELLO).play("C: NOOP\n").flood("250-more\r\n")).ends(
            76,
            "",
            "the server sent an endless reply (awaiting the reply to NOOP)",
        ),
        console(
            "console_escapes",
            play(HELLO).play("C: NOOP\nS: 250 \x1b[2J\u{9b}m\u{202e}\nC: QUIT\nS: 221 bye\n"),
        )
        .ends(0, "", ""),
        console("console_a_reply_that_nobody_asked_for", play(HELLO).play("C: NOOP\nS: 250 OK\nS: 250 OK\n")).ends(
            76,
            "",
            "the server sent an unexpected reply",
        ),
        console("console_silence", play(HELLO).play("C: NOOP\nC: QUIT\n")).ends(
            75,
            "",
            "timed out waiting for the reply to NOOP",
        ),
        case(
            "console_a_password_that_is_repeated",
            play("").tls(&good()).play(
                "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN ***\nS: 235 welcome\n\
                 C: NOOP\nS: 250 it is 'a known secret'\nC: QUIT\nS: 221 bye\n",
            ),
        )
        .command(CONSOLE)
        .to("smtps://localhost:PORT -4 --ca-file ca.pem -u smith \
                --password-env PASSWORD --send NOOP")
        .ends(0, "", ""),
        // There it waits for STARTTLS, which a person may say.
        case(
            "console_a_log_in_in_clear",
            play(
                "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: NOOP\nS: 250 OK\nC: QUIT\n\
                 S: 221 bye\n",
            ),
        )
        .command(CONSOLE)
        .to("127.0.0.1:PORT --tls off -u smith --password-env PASSWORD --send NOOP")
        .ends(0, "", ""),
    ]
}
