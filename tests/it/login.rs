//! Logging in: which password, over which connection, and that nobody reads it.

use crate::harness::{Done, Ehlo};
use crate::json::{ok, recipient, report, transaction, with};
use crate::*;
use serde_json::json;

/// The password of all these, and its forms on the wire.
const SECRET: &str = "open sesame";
const SECRET_BASE64: &str = "b3BlbiBzZXNhbWU=";
/// NUL smith NUL open sesame.
const PLAIN: &str = "AHNtaXRoAG9wZW4gc2VzYW1l";

const HELLO_PLAIN: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n";
const HELLO_LOGIN: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH LOGIN CRAM-MD5\n";
const GOES_ON: &str = "S: 235 welcome\n";

fn smith(line: &str) -> Ehlo {
    to_jones(&format!("-u smith --password-env P --tls off --allow-cleartext-auth {line}")).env("P", SECRET)
}

fn plain() -> String {
    format!("{HELLO_PLAIN}C: AUTH PLAIN {PLAIN}\n{GOES_ON}{MAIL}{RCPT}{TAKEN}{QUIT}")
}

#[test]
fn plain_is_said_in_one_line() {
    smith("").server(&plain()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_501_to_auth_is_explained_as_that() {
    smith("--explain")
        .server(&format!("{HELLO_PLAIN}C: AUTH PLAIN {PLAIN}\nS: 501 5.5.4 what?\n{QUIT}"))
        .stdout("---\tJones@Beta.ARPA\tuntried: the server refused AUTH: 501 5.5.4 what?\n---\tmessage\tuntried: the server refused AUTH: 501 5.5.4 what?\n")
        .stderr("ehlo: the server refused AUTH: 501 5.5.4 what?\nehlo: 501 5.5.4: log-in malformed or cancelled: use another mechanism (--auth); see the transcript (-v) for where it stopped; try again after that\n")
        .exit(77);
}

#[test]
fn login_is_said_in_three_lines() {
    smith("--auth LOGIN")
        .server(&format!(
            "{HELLO_LOGIN}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: c21pdGg=\nS: 334 UGFzc3dvcmQ6\nC: {SECRET_BASE64}\n{GOES_ON}{MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn no_transcript_shows_the_password_at_any_verbosity() {
    let check = |done: &Done| {
        let transcript = done.file("transcript");
        assert!(transcript.contains("***"), "{transcript}");
        for secret in [SECRET, SECRET_BASE64, PLAIN, "sesame", "c21pdGg="] {
            assert!(!transcript.contains(secret), "{transcript}");
        }
    };
    let shown = |auth: &str, hello: &str| {
        format!(
            "# connected to 127.0.0.1:PORT\n{hello}{auth}{GOES_ON}{MAIL}{RCPT}C: DATA\nS: 354 go on\n{HEAD}C: … 218 octets\nC: .\nS: 250 OK\n{QUIT}"
        )
    };
    let done = smith("-v --transcript transcript")
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .stderr(&shown("C: AUTH PLAIN ***\n", HELLO_PLAIN))
        .exit(0);
    check(&done);
    let done = smith("-v --auth LOGIN --transcript transcript")
        .server(&format!(
            "{HELLO_LOGIN}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: c21pdGg=\nS: 334 UGFzc3dvcmQ6\nC: {SECRET_BASE64}\n{GOES_ON}{MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .stderr(&shown("C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ***\nS: 334 UGFzc3dvcmQ6\nC: ***\n", HELLO_LOGIN))
        .exit(0);
    check(&done);
    let done = smith("-vv --transcript transcript")
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             # 0 ms (+0 ms)\n\
             S: 220 beta\n\
             # 0 ms (+0 ms)\n\
             C: EHLO alpha.arpa\n\
             # 0 ms (+0 ms), 17 octets written\n\
             S: 250-beta\n\
             S: 250 AUTH PLAIN\n\
             # 0 ms (+0 ms)\n\
             C: AUTH PLAIN ***\n\
             # 0 ms (+0 ms)\n\
             S: 235 welcome\n\
             # 0 ms (+0 ms)\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             # 0 ms (+0 ms), 30 octets written\n\
             S: 250 OK\n\
             # 0 ms (+0 ms)\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             # 0 ms (+0 ms), 27 octets written\n\
             S: 250 OK\n\
             # 0 ms (+0 ms)\n\
             C: DATA\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 354 go on\n\
             # 0 ms (+0 ms)\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             # 0 ms (+0 ms), 221 octets written\n\
             S: 250 OK\n\
             # 0 ms (+0 ms)\n\
             C: QUIT\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 221 bye\n\
             # 0 ms (+0 ms)\n",
        )
        .exit(0);
    check(&done);
}

#[test]
fn no_hex_shows_the_password() {
    let hidden = |done: &Done| {
        let transcript = done.file("transcript");
        let hex = |text: &str| text.bytes().map(|octet| format!("{octet:02x}")).collect::<String>();
        // All rows of hex as one, so that a row's end hides nothing.
        let rows = transcript.lines().filter_map(|line| line.strip_prefix("# 00")?.get(4..));
        let rows: String = rows.collect::<String>().replace(' ', "");
        assert!(rows.contains(&hex("AUTH")) && rows.contains(&hex("***")), "{transcript}");
        for secret in [SECRET, SECRET_BASE64, PLAIN, "sesame", "c21pdGg=", "smith"] {
            assert!(!transcript.contains(secret), "{transcript}");
            assert!(!rows.contains(&hex(secret)), "{transcript}");
        }
    };
    let done = smith("-q -vvv --transcript transcript")
        .server(&plain())
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             # 0 ms (+0 ms)\n\
             S: 220 beta\n\
             # 0000  32 32 30 20 62 65 74 61\n\
             # 0 ms (+0 ms)\n\
             C: EHLO alpha.arpa\n\
             # 0000  45 48 4c 4f 20 61 6c 70 68 61 2e 61 72 70 61\n\
             # 0 ms (+0 ms), 17 octets written\n\
             S: 250-beta\n\
             # 0000  32 35 30 2d 62 65 74 61\n\
             S: 250 AUTH PLAIN\n\
             # 0000  32 35 30 20 41 55 54 48 20 50 4c 41 49 4e\n\
             # 0 ms (+0 ms)\n\
             C: AUTH PLAIN ***\n\
             # 0000  41 55 54 48 20 50 4c 41 49 4e 20 2a 2a 2a\n\
             # 0 ms (+0 ms)\n\
             S: 235 welcome\n\
             # 0000  32 33 35 20 77 65 6c 63 6f 6d 65\n\
             # 0 ms (+0 ms)\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             # 0000  4d 41 49 4c 20 46 52 4f 4d 3a 3c 53 6d 69 74 68\n\
             # 0010  40 41 6c 70 68 61 2e 41 52 50 41 3e\n\
             # 0 ms (+0 ms), 30 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             # 0000  52 43 50 54 20 54 4f 3a 3c 4a 6f 6e 65 73 40 42\n\
             # 0010  65 74 61 2e 41 52 50 41 3e\n\
             # 0 ms (+0 ms), 27 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: DATA\n\
             # 0000  44 41 54 41\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 354 go on\n\
             # 0000  33 35 34 20 67 6f 20 6f 6e\n\
             # 0 ms (+0 ms)\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             # 0000  2e\n\
             # 0 ms (+0 ms), 221 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: QUIT\n\
             # 0000  51 55 49 54\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 221 bye\n\
             # 0000  32 32 31 20 62 79 65\n\
             # 0 ms (+0 ms)\n",
        )
        .exit(0);
    hidden(&done);
    let done = smith("-q -vvv --auth LOGIN --transcript transcript")
        .server(&format!(
            "{HELLO_LOGIN}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: c21pdGg=\nS: 334 UGFzc3dvcmQ6\nC: {SECRET_BASE64}\n{GOES_ON}{MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             # 0 ms (+0 ms)\n\
             S: 220 beta\n\
             # 0000  32 32 30 20 62 65 74 61\n\
             # 0 ms (+0 ms)\n\
             C: EHLO alpha.arpa\n\
             # 0000  45 48 4c 4f 20 61 6c 70 68 61 2e 61 72 70 61\n\
             # 0 ms (+0 ms), 17 octets written\n\
             S: 250-beta\n\
             # 0000  32 35 30 2d 62 65 74 61\n\
             S: 250 AUTH LOGIN CRAM-MD5\n\
             # 0000  32 35 30 20 41 55 54 48 20 4c 4f 47 49 4e 20 43\n\
             # 0010  52 41 4d 2d 4d 44 35\n\
             # 0 ms (+0 ms)\n\
             C: AUTH LOGIN\n\
             # 0000  41 55 54 48 20 4c 4f 47 49 4e\n\
             # 0 ms (+0 ms), 12 octets written\n\
             S: 334 VXNlcm5hbWU6\n\
             # 0000  33 33 34 20 56 58 4e 6c 63 6d 35 68 62 57 55 36\n\
             # the challenge: Username:\n\
             # 0 ms (+0 ms)\n\
             C: ***\n\
             # 0000  2a 2a 2a\n\
             # 0 ms (+0 ms)\n\
             S: 334 UGFzc3dvcmQ6\n\
             # 0000  33 33 34 20 55 47 46 7a 63 33 64 76 63 6d 51 36\n\
             # the challenge: Password:\n\
             # 0 ms (+0 ms)\n\
             C: ***\n\
             # 0000  2a 2a 2a\n\
             # 0 ms (+0 ms)\n\
             S: 235 welcome\n\
             # 0000  32 33 35 20 77 65 6c 63 6f 6d 65\n\
             # 0 ms (+0 ms)\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             # 0000  4d 41 49 4c 20 46 52 4f 4d 3a 3c 53 6d 69 74 68\n\
             # 0010  40 41 6c 70 68 61 2e 41 52 50 41 3e\n\
             # 0 ms (+0 ms), 30 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             # 0000  52 43 50 54 20 54 4f 3a 3c 4a 6f 6e 65 73 40 42\n\
             # 0010  65 74 61 2e 41 52 50 41 3e\n\
             # 0 ms (+0 ms), 27 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: DATA\n\
             # 0000  44 41 54 41\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 354 go on\n\
             # 0000  33 35 34 20 67 6f 20 6f 6e\n\
             # 0 ms (+0 ms)\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             # 0000  2e\n\
             # 0 ms (+0 ms), 221 octets written\n\
             S: 250 OK\n\
             # 0000  32 35 30 20 4f 4b\n\
             # 0 ms (+0 ms)\n\
             C: QUIT\n\
             # 0000  51 55 49 54\n\
             # 0 ms (+0 ms), 6 octets written\n\
             S: 221 bye\n\
             # 0000  32 32 31 20 62 79 65\n\
             # 0 ms (+0 ms)\n",
        )
        .exit(0);
    hidden(&done);
}

#[test]
fn a_password_from_a_file_is_its_first_line() {
    let run = to_jones("-u smith --password-file secret --tls off --allow-cleartext-auth")
        .file("secret", "open sesame\r\nmore\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(run.folder().join("secret"), mode).unwrap();
    run.server(&plain()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_password_file_that_others_can_read_is_warned_of() {
    let run = to_jones("-u smith --password-file secret --tls off --allow-cleartext-auth")
        .file("secret", "open sesame\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(run.folder().join("secret"), mode).unwrap();
    run.server(&plain())
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: warning: others can read the password file secret: chmod 600 it\n")
        .exit(0);
}

#[test]
fn a_password_from_a_command_is_the_first_line_it_prints() {
    to_jones("-u smith --tls off --allow-cleartext-auth --password-command")
        .arg("printf 'open sesame\\nmore'")
        .server(&plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_password_command_that_fails_77() {
    to_jones("-u smith --password-command false")
        .unasked()
        .stderr("ehlo: the password command false failed (exit status: 1)\n")
        .exit(77);
    to_jones("-u smith --password-command '/no/such/program x'")
        .unasked()
        .stderr("ehlo: cannot run the password command /no/such/program: no such file or directory\n")
        .exit(74);
    to_jones("-u smith --password-command ./missing")
        .unasked()
        .stderr("ehlo: cannot run the password command ./missing: no such file or directory\n")
        .exit(74);
}

#[test]
fn a_secret_in_place_of_a_name_is_not_repeated() {
    let long = format!("--password-file {}", "5esame".repeat(100));
    for (flags, said, status) in [
        ("--password-file 5esame", "password file: no such file or directory; give the name of a file", 66),
        ("--password-file 5e/sa/me", "password file: no such file or directory; give the name of a file", 66),
        (&long, "password file: no such file or directory; give the name of a file", 66),
        ("--password-command 5esame", "password command: no such program; give a command", 74),
        ("--oauth-token-command 5e/sa/me", "token command: no such program; give a command", 74),
    ] {
        let (verb, what) = (if status == 66 { "read" } else { "run" }, said.split(' ').next().unwrap());
        to_jones(&format!("-u smith {flags}"))
            .unasked()
            .stderr(&format!("ehlo: cannot {verb} the {said}, not the {what}\n"))
            .exit(status);
    }
}

#[test]
fn no_password_and_nobody_to_ask_64() {
    to_jones("-u smith")
        .unasked()
        .stderr(
            "ehlo: no password for smith: use --password-file, --password-command, --password-env or netrc\n",
        )
        .exit(64);
    to_jones("-u smith --password-env P")
        .unasked()
        .stderr("ehlo: --password-env: this variable is not set, or is not UTF-8 (its name is wanted, without '$')\n")
        .exit(64);
    to_jones("-u smith --password-env P")
        .env("P", "")
        .unasked()
        .stderr("ehlo: the password of smith is empty\n")
        .exit(64);
}

#[test]
fn a_password_is_not_sent_in_clear_77() {
    to_jones("-u smith --password-env P --tls off").env("P", SECRET)
        .server(&format!("{HELLO_PLAIN}{QUIT}"))
        .stdout("---\tJones@Beta.ARPA\tuntried: no log-in was tried: the connection is not encrypted; use --tls starttls or --tls implicit (or --allow-cleartext-auth)\n\
             ---\tmessage\tuntried: no log-in was tried: the connection is not encrypted; use --tls starttls or --tls implicit (or --allow-cleartext-auth)\n")
        .stderr("ehlo: no log-in was tried: the connection is not encrypted; use --tls starttls or --tls implicit (or --allow-cleartext-auth)\n")
        .exit(77);
}

#[test]
fn a_user_means_starttls_and_without_it_77() {
    to_jones("-u smith --password-env P")
        .env("P", SECRET)
        .server(&format!("{HELLO_PLAIN}{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server does not offer STARTTLS, but TLS is required; \
            nothing was sent (try --tls implicit on port 465)\n\
             ---\tmessage\tuntried: the server does not offer STARTTLS, but TLS is required; nothing was \
             sent (try --tls implicit on port 465)\n",
        )
        .stderr(
            "ehlo: the server does not offer STARTTLS, but TLS is required; nothing was sent (try --tls \
            implicit on port 465)\n",
        )
        .exit(77);
}

#[test]
fn a_unix_socket_is_safe_enough() {
    to_jones("-u smith --password-env P")
        .env("P", SECRET)
        .unix_server("smtp", &plain())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_wrong_password_77_is_tried_once() {
    smith("")
        .server(&format!("{HELLO_PLAIN}C: AUTH PLAIN {PLAIN}\nS: 535 5.7.8 no\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server refused AUTH: 535 5.7.8 no\n\
             ---\tmessage\tuntried: the server refused AUTH: 535 5.7.8 no\n",
        )
        .stderr("ehlo: the server refused AUTH: 535 5.7.8 no\n")
        .exit(77);
}

#[test]
fn a_log_in_that_is_deferred_75() {
    smith("")
        .server(&format!("{HELLO_PLAIN}C: AUTH PLAIN {PLAIN}\nS: 454 4.7.0 later\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server refused AUTH: 454 4.7.0 later\n\
             ---\tmessage\tuntried: the server refused AUTH: 454 4.7.0 later\n",
        )
        .stderr("ehlo: the server refused AUTH: 454 4.7.0 later\n")
        .exit(75);
}

#[test]
fn no_log_in_offered_77() {
    smith("")
        .server(&format!("{HELLO}{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server does not \
        offer AUTH here; leave out -u, or try --tls starttls or another port (587 or 465)\n\
             ---\tmessage\tuntried: the server does not offer AUTH here; leave out -u, or try --tls \
             starttls or another port (587 or 465)\n",
        )
        .stderr(
            "ehlo: the server does not offer AUTH here; \
             leave out -u, or try --tls starttls or another port (587 or 465)\n",
        )
        .exit(77);
}

#[test]
fn no_mechanism_that_can_be_used_77() {
    smith("--auth PLAIN").server(&format!("{HELLO_LOGIN}{QUIT}")).stdout("---\tJones@Beta.ARPA\tuntried: the server offers none of the mechanisms asked for, only LOGIN CRAM-MD5\n\
             ---\tmessage\tuntried: the server offers none of the mechanisms asked for, only LOGIN CRAM-MD5\n").stderr("ehlo: the server offers none of the mechanisms asked for, only LOGIN CRAM-MD5\n").exit(77);
}

#[test]
fn a_user_may_stand_in_the_url() {
    to_jones("--password-env P --tls off --allow-cleartext-auth -S smtp://smith@127.0.0.1:PORT")
        .env("P", SECRET)
        .served_by(crate::server::Server::tcp(&plain()))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_user_in_the_url_goes_before_the_environments_and_not_against_the_flag() {
    to_jones("--password-env P --tls off --allow-cleartext-auth -S smtp://smith@127.0.0.1:PORT")
        .env("P", SECRET)
        .env("EHLO_USER", "jones")
        .served_by(crate::server::Server::tcp(&plain()))
        .stdout(JONES_HAS_IT)
        .exit(0);
    to_jones("-u jones --password-env P -S smtp://smith@localhost:1")
        .env("P", SECRET)
        .stderr("ehlo: -u (--user) names jones, but --server names smith: leave one of them out\n")
        .exit(64);
}

#[test]
fn a_log_in_as_json() {
    smith("--json")
        .server(&plain())
        .json(with(
            report(
                "all",
                0,
                vec![recipient("Jones@Beta.ARPA", "accepted", "rcpt", Some(0), ok())],
                vec![with(
                    with(transaction(ok(), 218, ok()), "/server/auth", json!({"mechanism": "PLAIN"})),
                    "/server/extensions",
                    json!(["AUTH PLAIN"]),
                )],
            ),
            "/timing_ms/auth",
            json!(0),
        ))
        .exit(0);
}

#[test]
fn mail_that_wants_a_log_in_is_refused_as_such() {
    to_jones("")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 530 5.7.0 log in first\n{QUIT}"))
        .stdout(
            "530\tJones@Beta.ARPA\t5.7.0 log in first\n---\tmessage\tuntried: the sender was not accepted\n",
        )
        .stderr("ehlo: warning: the server requires a log-in: use -u (--user)\n")
        .exit(69);
}

#[test]
fn mail_that_wants_tls_is_refused_as_such() {
    let text = "5.7.0 Must issue a STARTTLS command first";
    to_jones("--tls off")
        .server(&format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 530 {text}\n{QUIT}"))
        .stdout(&format!(
            "530\tJones@Beta.ARPA\t{text}\n---\tmessage\tuntried: the sender was not accepted\n"
        ))
        .stderr("ehlo: warning: the server requires TLS: use --tls starttls\n")
        .exit(69);
}

#[test]
fn a_flag_that_would_do_nothing_is_told_64() {
    to_jones("-S localhost:1 -u smith --allow-cleartext-auth --password-env P")
        .stderr(
            "ehlo: --allow-cleartext-auth: a log-in requires TLS by default; add --tls off or --tls \
             opportunistic\n",
        )
        .exit(64);
}
