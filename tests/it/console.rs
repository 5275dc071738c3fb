//! `ehlo console`: scripted by standard input and by --send, and at a pseudo-terminal.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::{DATA, HELLO, MAIL, QUIT, RCPT};
use expectrl::process::unix::{Signal, WaitStatus};
use expectrl::session::OsSession;
use expectrl::{ControlCode, Eof, Expect, Session};
use rustix::termios::LocalModes;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const CONNECTED: &str = "# connected to 127.0.0.1:PORT\n";

fn console(line: &str) -> Ehlo {
    ehlo(&format!("console --ehlo-name alpha.arpa {line}"))
}

/// What is printed of a dialogue in which everything is shown.
fn printed(dialogue: &str) -> String {
    format!("{CONNECTED}{dialogue}")
}

#[test]
fn send_prints_the_replies_and_nothing_else() {
    console("--send NOOP --send HELP")
        .server(&format!("{HELLO}C: NOOP\nS: 250 OK\nC: HELP\nS: 214-help\nS: 214 is here\n{QUIT}"))
        .stdout("250 OK\n214-help\n214 is here\n")
        .exit(0);
}

#[test]
fn send_prints_the_reply_to_quit_where_that_is_the_line() {
    console("--send NOOP --send QUIT --send RSET")
        .server(&format!("{HELLO}C: NOOP\nS: 250 OK\n{QUIT}"))
        .stdout(&format!("250 OK\n{}", QUIT.trim_start_matches("C: QUIT\nS: ")))
        .exit(0);
}

#[test]
fn the_server_is_an_argument_too() {
    console("127.0.0.1:PORT --send NOOP")
        .served_by(Server::tcp(&format!("{HELLO}C: NOOP\nS: 250 OK\n{QUIT}")))
        .stdout("250 OK\n")
        .exit(0);
}

#[test]
fn standard_input_has_commands_and_the_dialogue_is_printed() {
    let dialogue = format!("{HELLO}C: NOOP\nS: 250 OK\nC: vrfy smith\nS: 252 who knows\n{QUIT}");
    console("")
        .stdin("\u{feff}# a remark\n\nNOOP\r\nvrfy smith\nexplain 550")
        .server(&dialogue)
        .stdout(&printed(&dialogue).replace(
            "C: QUIT",
            "# 550: no such mailbox, no access to it, or the server refuses this mail\nC: QUIT",
        ))
        .exit(0);
}

#[test]
fn a_refusal_for_good_is_69_and_one_for_now_75() {
    for (replies, status) in
        [("S: 550 no\nC: RSET\nS: 451 not now\n", 69), ("S: 450 later\nC: RSET\nS: 250 OK\n", 75)]
    {
        let text = replies.replace("S: ", "").replace("C: RSET\n", "");
        console("--send 'VRFY smith' --send RSET")
            .server(&format!("{HELLO}C: VRFY smith\n{replies}{QUIT}"))
            .stdout(&text)
            .exit(status);
    }
}

#[test]
fn a_line_out_of_order_is_not_sent_unless_it_is_raw() {
    let order = "ehlo: not sent: MAIL must be accepted first; put 'raw' before it to send it anyway\n";
    console("--send 'RCPT TO:<Jones@Beta.ARPA>'").server(&format!("{HELLO}{QUIT}")).stderr(order).exit(64);
    console("--send 'raw RCPT TO:<Jones@Beta.ARPA>'")
        .server(&format!("{HELLO}C: RCPT TO:<Jones@Beta.ARPA>\nS: 503 MAIL first\n{QUIT}"))
        .stdout("503 MAIL first\n")
        .exit(69);
}

#[test]
fn a_secret_that_is_typed_is_neither_sent_nor_repeated() {
    console("--send 'AUTH PLAIN AHUAcA=='")
        .server(&format!("{HELLO}{QUIT}"))
        .stderr(
            "ehlo: not sent: it would show a secret on the screen; 'auth' logs in without showing it; put 'raw' \
             before it to send it anyway\n",
        )
        .exit(64);
    let shown = format!("{HELLO}C: AUTH PLAIN ***\nS: 535 *** is wrong\n{QUIT}");
    let said = shown.replace("***", "AHUAcA==");
    let shown = shown.replace("535 ***", "535 ********");
    console("")
        .stdin("raw AUTH PLAIN AHUAcA==\n")
        .server(&said)
        .stdout(&printed(&shown))
        .stderr("ehlo: the script ends here: what follows a log-in that failed may be a secret\n")
        .exit(69);
}

#[test]
fn a_response_by_hand_is_starred_out() {
    let shown = format!(
        "{HELLO}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ***\nS: 334 UGFzc3dvcmQ6\nC: *\nS: 501 left\n{QUIT}"
    );
    console("")
        .stdin("raw AUTH LOGIN\nc21pdGg=\n*\n")
        .server(&shown.replace("***", "c21pdGg="))
        .stdout(&printed(&shown))
        .stderr("ehlo: the script ends here: what follows a log-in that failed may be a secret\n")
        .exit(69);
}

#[test]
fn data_is_sent_with_its_dots_doubled_and_from_a_file_too() {
    let shown = format!(
        "{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\n# > Blah\n# > .dot\nC: … 12 octets\nC: .\nS: 250 OK\n{MAIL}{RCPT}C: DATA\nS: 354 go on\n# > Blah\nC: … 6 octets\nC: .\nS: 250 OK\n{QUIT}"
    );
    let taken = format!("{DATA}S: 250 OK\n");
    let commands = "MAIL FROM:<Smith@Alpha.ARPA>\nRCPT TO:<Jones@Beta.ARPA>\n";
    let done = console("")
        .file("letter", "Blah\n")
        .stdin(format!("{commands}data\nBlah\n.dot\n.\n{commands}data letter\n"))
        .server(&format!("{HELLO}{MAIL}{RCPT}{taken}{MAIL}{RCPT}{taken}{QUIT}"))
        .stdout(&printed(&shown))
        .exit(0);
    assert!(done.wire().contains("DATA\r\nBlah\r\n..dot\r\n.\r\n"), "{}", done.wire());
    assert!(done.wire().contains("DATA\r\nBlah\r\n.\r\n"), "{}", done.wire());
}

#[test]
fn what_follows_data_out_of_order_is_not_taken_for_commands() {
    let shown = format!("{HELLO}C: NOOP\nS: 250 OK\n{QUIT}");
    console("")
        .stdin("data\nRSET\n.\nNOOP\n")
        .server(&shown)
        .stdout(&printed(&shown))
        .stderr("ehlo: not sent: RCPT must be accepted first; 'raw DATA' sends it anyway\n")
        .exit(64);
}

#[test]
fn a_message_without_its_dot_is_not_begun() {
    let shown = format!("{HELLO}{MAIL}{RCPT}{QUIT}");
    console("")
        .stdin("MAIL FROM:<Smith@Alpha.ARPA>\nRCPT TO:<Jones@Beta.ARPA>\ndata\nBlah\n")
        .server(&shown)
        .stdout(&printed(&shown))
        .stderr("ehlo: data: the input ended before the dot; nothing was sent\n")
        .exit(65);
}

#[test]
fn data_by_hand_goes_out_as_it_is() {
    let shown = format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\nC: ..\nC: quit\nC: .\nS: 250 OK\n{QUIT}");
    console("")
        .stdin("MAIL FROM:<Smith@Alpha.ARPA>\nRCPT TO:<Jones@Beta.ARPA>\nraw DATA\n..\nquit\n.\n")
        .server(&shown)
        .stdout(&printed(&shown))
        .exit(0);
}

#[test]
fn content_by_hand_that_is_left_open_has_no_quit() {
    let shown = format!("{HELLO}C: DATA\nS: 354 go on\nC: Blah\n");
    console("")
        .stdin("raw DATA\nBlah\n")
        .server(&shown)
        .stdout(&printed(&shown))
        .stderr(
            "ehlo: warning: the message was not ended: the connection is closed, and nothing of it is sent\n",
        )
        .exit(65);
}

#[test]
fn the_dialogue_can_be_saved_for_nobody_else_and_over_nothing() {
    let shown = format!("{HELLO}C: NOOP\nS: 250 OK\n");
    let done = console("--send NOOP --send 'save kept.smtp' --send 'save kept.smtp'")
        .server(&format!("{shown}{QUIT}"))
        .stdout("250 OK\n")
        .stderr("ehlo: cannot write kept.smtp: file exists\n")
        .exit(74);
    let kept = done.file("kept.smtp");
    assert_eq!(kept.split_once('\n').unwrap().1, shown);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(done.path("kept.smtp")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn auth_logs_in_when_it_is_said() {
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN LOGIN\n";
    console("-u smith --password-env P --tls off --allow-cleartext-auth")
        .env("P", "sesame")
        .server(&format!("{hello}C: AUTH PLAIN ***\nS: 535 no\n{QUIT}"))
        .stdout(&printed(&format!("{hello}C: AUTH PLAIN ***\nS: 535 no\n{QUIT}")))
        .stderr(
            "ehlo: the server refused AUTH: 535 no; check user and password; if they are right, name another \
             mechanism by --auth, as in --auth LOGIN\n",
        )
        .exit(77);
    // In clear it waits until it is asked for, and is refused then; nothing behind it is said.
    console("-u smith --password-env P --tls off")
        .env("P", "sesame")
        .stdin("NOOP\nauth\nNOOP\n")
        .server(&format!("{hello}C: NOOP\nS: 250 OK\n{QUIT}"))
        .stdout(&printed(&format!("{hello}C: NOOP\nS: 250 OK\n{QUIT}")))
        .stderr(
            "ehlo: no log-in was tried: the connection is not encrypted; type tls first (or start the console with \
             --allow-cleartext-auth)\n\
             ehlo: the script ends here: what follows a log-in that failed may be a secret\n",
        )
        .exit(77);
    console("-u smith --password-env P --tls off --send 'auth NTLM'")
        .env("P", "sesame")
        .server(&format!("{hello}{QUIT}"))
        .stderr(
            "ehlo: unknown mechanism 'NTLM'; known are SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, \
             SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2, EXTERNAL\n",
        )
        .exit(64);
}

#[test]
fn what_follows_a_log_in_that_failed_is_not_sent() {
    let ends = "ehlo: the script ends here: what follows a log-in that failed may be a secret\n";
    let secrets = "c21pdGg=\nc2VzYW1l\nsave kept.smtp\n";
    let hello = format!("{HELLO}{QUIT}");
    console("")
        .stdin(format!("AUTH LOGIN\n{secrets}"))
        .server(&hello)
        .stdout(&printed(&hello))
        .stderr(&format!("ehlo: auth: no user to log in as: name one with -u (--user)\n{ends}"))
        .exit(64);
    console("--send 'AUTH LOGIN c21pdGg=' --send c2VzYW1l")
        .server(&hello)
        .stderr(&format!(
            "ehlo: not sent: it would show a secret on the screen; 'auth' logs in without showing it; put 'raw' \
             before it to send it anyway\n{ends}"
        ))
        .exit(64);
    // By hand: refused at once, and behind the user.
    let refused = format!("{HELLO}C: AUTH LOGIN\nS: 504 no\n{QUIT}");
    console("")
        .stdin(format!("raw AUTH LOGIN\n{secrets}"))
        .server(&refused)
        .stdout(&printed(&refused))
        .stderr(ends)
        .exit(69);
    let said = format!("{HELLO}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: c21pdGg=\nS: 535 no\n{QUIT}");
    console("")
        .stdin(format!("raw AUTH LOGIN\n{secrets}"))
        .server(&said)
        .stdout(&printed(&said.replace("c21pdGg=", "***")))
        .stderr(ends)
        .exit(69);
}

#[test]
fn auth_without_a_user_and_tls_without_an_offer_say_so() {
    console("--send tls --send 'raw BDAT 5' --send auth")
        .server(&format!("{HELLO}{QUIT}"))
        .stderr(
            "ehlo: not sent: the server does not offer STARTTLS\n\
             ehlo: not sent: the octets that must follow it cannot be typed\n\
             ehlo: auth: no user to log in as: name one with -u (--user)\n",
        )
        .exit(64);
}

#[test]
fn a_421_and_a_hang_up_end_it() {
    console("--send NOOP --send RSET")
        .server(&format!("{HELLO}C: NOOP\nS: 421 shutting down\n"))
        .stdout("421 shutting down\n")
        .stderr("ehlo: the server closed the session: 421 shutting down\n")
        .exit(75);
    console("--send 'VRFY smith'")
        .server(&format!("{HELLO}C: VRFY smith\n! close\n"))
        .stderr("ehlo: the server closed the connection before its reply to VRFY\n")
        .exit(75);
}

#[test]
fn a_reply_cannot_move_the_cursor() {
    console("--send NOOP")
        .server(&format!("{HELLO}C: NOOP\nS: 250 \\x1b[2J\\xff\n{QUIT}"))
        .stdout("250 \\x1b[2J\\xff\n")
        .exit(0);
}

#[test]
fn bad_input_is_named_in_one_line() {
    console("no.such.host.invalid --send NOOP").stderr("ehlo: no such host: no.such.host.invalid\n").exit(68);
    console("--send NOOP")
        .server("S: SSH-2.0-OpenSSH_10.0\n")
        .stderr(
            "ehlo: this is not a mail server: what it sent is not an SMTP greeting; it says \
             'SSH-2.0-OpenSSH_10.0': this is an SSH server\n",
        )
        .exit(76);
    console("--send NOOP --timeout 200ms")
        .server("! swallow\n")
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that expects TLS from \
                 the first octet is silent too: try smtps:// or --tls implicit\n",
        )
        .exit(75);
    console("--send NOOP --timeout 200ms")
        .server(&format!("{HELLO}C: NOOP\n! swallow\n"))
        .stderr("ehlo: timed out waiting for the reply to NOOP\n")
        .exit(75);
    console("smtp://me:sesame@beta").stderr("ehlo: SERVER: a password does not belong in a URL, where others can see it: use --password-file or --password-command\n").exit(64);
    console("").stderr("ehlo: no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER\n").exit(64);
}

#[test]
fn tls_and_a_log_in_by_hand_with_the_sink() {
    let sink =
        ehlo("sink --user me --password-file secret --cert-out sink.pem").file("secret", "sesame\n").listen();
    let pem = sink.file("sink.pem");
    console("--tls off --ca-file sink.pem -u me --password-env P")
        .file("sink.pem", pem)
        .env("P", "sesame")
        .stdin("tls\nauth\nNOOP\ntls\n")
        .sink(&sink)
        .stdout(
            "# connected to 127.0.0.1:PORT\nS: 220 [127.0.0.1] Service ready\nC: EHLO alpha.arpa\n\
             S: 250-[127.0.0.1]\nS: 250-PIPELINING\nS: 250-SIZE\nS: 250-8BITMIME\nS: 250-SMTPUTF8\n\
             S: 250-CHUNKING\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 Ready to start TLS\n\
             # TLS: TLSv1.3, TLS13_AES_256_GCM_SHA384, certificate verified\nC: EHLO alpha.arpa\n\
             S: 250-[127.0.0.1]\nS: 250-PIPELINING\nS: 250-SIZE\nS: 250-8BITMIME\nS: 250-SMTPUTF8\n\
             S: 250-CHUNKING\nS: 250 AUTH PLAIN LOGIN\nC: AUTH PLAIN ***\nS: 235 Authentication succeeded\n\
             C: NOOP\nS: 250 OK\nC: QUIT\nS: 221 [127.0.0.1] Service closing transmission channel\n",
        )
        .stderr("ehlo: not sent: the connection is already encrypted\n")
        .exit(64);
    sink.stop("ehlo: warning: others can read the password file secret: chmod 600 it\n");
}

#[test]
fn a_421_that_nobody_asked_for_is_shown() {
    let shown = format!("{HELLO}C: NOOP\nS: 250 OK\nS: 421 idle for too long\n");
    console("")
        .stdin("NOOP\nRSET\n")
        .server(&shown)
        .stdout(&printed(&shown))
        .stderr("ehlo: the server closed the session: 421 idle for too long\n")
        .exit(75);
}

/// open(2), on Linux.
const O_NOCTTY: i32 = 0o400;

/// A console at a terminal, with a server that plays this; the folder where it ran.
fn at_a_terminal(dialogue: &str, line: &str, talk: impl FnOnce(&mut OsSession)) -> TempDir {
    at_a_terminal_of("xterm", dialogue, line, talk)
}

fn at_a_terminal_of(term: &str, dialogue: &str, line: &str, talk: impl FnOnce(&mut OsSession)) -> TempDir {
    let server = Server::tcp(dialogue);
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ehlo"));
    command.args(["console", "--ehlo-name", "alpha.arpa"]).args(line.split_whitespace());
    command.arg(format!("127.0.0.1:{}", server.port().unwrap())).current_dir(folder.path());
    command.env_clear().env("HOME", folder.path()).env("TERM", term).env("NO_COLOR", "1");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(15)));
    let pid = session.get_process().pid().as_raw();
    let running = server.start(u32::try_from(pid).unwrap());
    talk(&mut session);
    session.expect(Eof).unwrap();
    let (heard, fault) = running.end();
    assert_eq!(fault, None, "{}", heard.transcript);
    folder
}

/// What stands on the screen up to this.
fn seen(session: &mut OsSession, end: &str) -> String {
    let found = session.expect(end).unwrap();
    String::from_utf8_lossy(found.before()).into_owned()
}

#[test]
fn at_a_terminal_replies_are_explained_and_words_completed() {
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-SIZE 1000\nS: 250 DSN\n";
    let mail = "C: MAIL FROM:<Smith@Alpha.ARPA> RET=HDRS\nS: 250 OK\n";
    let asked =
        "C: VRFY Smith\nS: 553-Ambiguous\nS: 553 Joe Smith <jsmith@foo.com>\nC: EXPN List\nS: 500 what?\n";
    at_a_terminal(
        &format!("{hello}C: NOOP\nS: 250 OK\nC: NOOP\nS: 450 later\n{asked}{mail}{QUIT}"),
        "",
        |session| {
            session.expect("> EHLO alpha.arpa").unwrap();
            session.expect("250-SIZE 1000").unwrap();
            session.expect("ehlo> ").unwrap();
            session.send("NO\t\r").unwrap();
            session.expect("250 OK").unwrap();
            session.expect("    done (").unwrap();
            session.expect(" ms)").unwrap();
            session.expect("ehlo> ").unwrap();
            // The arrow key brings it back.
            session.send("\x1b[A\r").unwrap();
            session.expect("450 later").unwrap();
            session.expect("not now: read the text after the code").unwrap();
            session.expect("ehlo> ").unwrap();
            session.send("VRFY Smith\r").unwrap();
            session.expect("553 Joe Smith").unwrap();
            session
                .expect("more than one matches: ask with the whole address of one of them:\r\n    jsmith@foo.com (")
                .unwrap();
            session.expect("ehlo> ").unwrap();
            session.send("EXPN List\r").unwrap();
            session.expect("EXPN not supported: ask the list's owner").unwrap();
            session.expect("ehlo> ").unwrap();
            session.send("MAIL f\tSmith@Alpha.ARPA> ret=h\t\r").unwrap();
            session.expect("250 OK").unwrap();
            session.expect("ehlo> ").unwrap();
            session.send("explain 55\t\t").unwrap();
            session.expect("554").unwrap();
            session.send("4\r").unwrap();
            session
                .expect(
                    "554: refused, without a better code: often a policy; as a greeting: no mail from\r\n     you\r\n",
                )
                .unwrap();
            session.expect("ehlo> ").unwrap();
            session.get_process_mut().set_window_size(40, 24).unwrap();
            session.send("help\r").unwrap();
            let help = seen(session, "earlier lines\r\n").replace("\r\n", "\n");
            let raw = "
  raw LINE          send a line even if
                    it is out of place;
                    'raw HELP' asks the
                    server for help
  explain CODE      what a reply code
                    means
";
            assert!(help.contains(raw), "{help}");
            session.expect("ehlo> ").unwrap();
            session.send(ControlCode::EndOfTransmission).unwrap();
        },
    );
}

#[test]
fn at_a_terminal_the_password_is_asked_for_and_not_shown() {
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n";
    let dialogue =
        format!("{hello}C: AUTH PLAIN AHNtaXRoAG9wZW4gc2VzYW1l\nS: 235 welcome\nC: NOOP\nS: 250 OK\n{QUIT}");
    at_a_terminal(&dialogue, "--tls off --allow-cleartext-auth", |session| {
        session.expect("ehlo> ").unwrap();
        session.send("NOOP").unwrap();
        session.send("\x15auth\r").unwrap();
        session.expect("user: ").unwrap();
        session.send("smith\r").unwrap();
        session.expect("password of smith: ").unwrap();
        session.send("open sesame\r").unwrap();
        let seen = session.expect("logged in by PLAIN").unwrap();
        let seen = String::from_utf8_lossy(seen.before()).into_owned();
        assert!(seen.contains("> AUTH PLAIN ***") && !seen.contains("sesame"), "{seen}");
        session.expect("ehlo> ").unwrap();
        // Back past 'auth': neither the user nor the password is in the history.
        session.send("\x1b[A").unwrap();
        session.expect("auth").unwrap();
        session.send("\x1b[A\x1b[A\x15NOOP\r").unwrap();
        let seen = session.expect("250 OK").unwrap();
        assert!(!String::from_utf8_lossy(seen.before()).contains("s\x08smith"));
        session.expect("ehlo> ").unwrap();
        session.send("quit\r").unwrap();
    });
}

#[test]
fn at_a_terminal_lines_typed_ahead_are_said_one_by_one() {
    let dialogue = format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 354 go on\nC: Blah\nC: .\nS: 250 OK\n{QUIT}");
    at_a_terminal(&dialogue, "", |session| {
        session.expect("ehlo> ").unwrap();
        session
            .send("MAIL FROM:<Smith@Alpha.ARPA>\rRCPT TO:<Jones@Beta.ARPA>\rdata\rBlah\r.\rquit\r")
            .unwrap();
        session.expect("> QUIT").unwrap();
    });
}

/// A server that takes PLAIN.
const PLAIN: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n";
/// The log-in of me, by hunter22.
const BY_HUNTER22: &str = "C: AUTH PLAIN AG1lAGh1bnRlcjIy\n";
const UNUSED: &str = "ehlo: what was typed ahead is discarded: it may be a secret\r\n";

#[test]
fn at_a_terminal_a_log_in_that_is_pasted_answers_the_questions_and_is_kept_nowhere() {
    let dialogue = format!("{PLAIN}{BY_HUNTER22}S: 235 welcome\nC: NOOP\nS: 250 OK\n{QUIT}");
    for term in ["xterm", "dumb"] {
        let folder = at_a_terminal_of(term, &dialogue, "--tls off --allow-cleartext-auth", |session| {
            seen(session, "ehlo> ");
            let pasted = "auth plain\rme\rhunter22\rNOOP\rsave kept.smtp\r";
            session.send(pasted).unwrap();
            // A terminal that is left as it is shows what is pasted itself, before it is asked for.
            let screen = seen(session, "logged in by PLAIN");
            assert!(term == "dumb" || !screen.contains("hunter22"), "{screen}");
            let screen = seen(session, "250 OK") + &seen(session, "ehlo> ") + &seen(session, "ehlo> ");
            assert!(!screen.contains("hunter22"), "{screen}");
            if term == "xterm" {
                // Back past 'save', 'NOOP' and 'auth' there is nothing; nor has Ctrl-Y anything to bring back.
                session.send("\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x19 x\x15").unwrap();
            }
            session.send("quit\r").unwrap();
            let screen = seen(session, "> QUIT");
            assert!(!screen.contains("hunter22"), "{screen}");
        });
        let kept = std::fs::read_to_string(folder.path().join("kept.smtp")).unwrap();
        assert!(kept.contains("C: AUTH PLAIN ***\n") && !kept.contains("hunter22"), "{kept}");
    }
}

#[test]
fn at_a_terminal_what_follows_a_log_in_that_failed_is_not_used() {
    let dialogue = format!("{PLAIN}{BY_HUNTER22}S: 535 no\n{QUIT}");
    at_a_terminal(&dialogue, "--tls off --allow-cleartext-auth", |session| {
        seen(session, "ehlo> ");
        session.send("auth\rme\rhunter22\rhunter23\r").unwrap();
        let screen = seen(session, UNUSED) + &seen(session, "ehlo> ");
        assert!(screen.contains("ehlo: the server refused AUTH: 535 no\r\n"), "{screen}");
        assert!(!screen.contains("hunter2"), "{screen}");
        // Given up.
        session.send("auth\rme\rhunter\x03hunter23\r").unwrap();
        let screen = seen(session, UNUSED) + &seen(session, "ehlo> ");
        assert!(screen.contains("ehlo: auth: no password, no log-in\r\n"), "{screen}");
        assert!(!screen.contains("hunter"), "{screen}");
        session.send("\x1b[A\x1b[A\x1b[A\x15quit\r").unwrap();
        let screen = seen(session, "> QUIT");
        assert!(!screen.contains("hunter"), "{screen}");
    });
}

#[test]
fn at_a_terminal_nobody_is_asked_for_a_password_that_cannot_be_used() {
    let clear = "ehlo: no log-in was tried: the connection is not encrypted; type tls first (or\r\n      \
                 start the console with --allow-cleartext-auth)\r\n";
    let other = "ehlo: the server offers none of the mechanisms asked for, only PLAIN\r\n";
    let unknown = "ehlo: the server offers only log-in mechanisms that cannot be used: GSSAPI\r\n";
    let gssapi = PLAIN.replace("PLAIN", "GSSAPI");
    for (hello, flag, line, why) in [
        (PLAIN, "", "auth plain", clear),
        (PLAIN, "--allow-cleartext-auth", "auth login", other),
        (&gssapi, "--allow-cleartext-auth", "auth", unknown),
    ] {
        at_a_terminal(&format!("{hello}{QUIT}"), &format!("--tls off {flag}"), |session| {
            seen(session, "ehlo> ");
            session.send(format!("{line}\rme\rhunter22\r")).unwrap();
            let screen = seen(session, UNUSED) + &seen(session, "ehlo> ");
            assert!(screen.contains(why), "{screen}");
            assert!(!screen.contains("user: ") && !screen.contains("hunter22"), "{screen}");
            session.send("quit\r").unwrap();
            seen(session, "> QUIT");
        });
    }
}

#[test]
fn at_a_terminal_a_signal_ends_it_at_the_prompt_and_the_terminal_is_as_it_was() {
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        at_a_terminal(&format!("{HELLO}C: NOOP\nS: 250 OK\n"), "", |session| {
            seen(session, "ehlo> ");
            session.send("NOOP\r").unwrap();
            seen(session, "ehlo> ");
            session.send("half a line").unwrap();
            seen(session, "half a line");
            let pid = session.get_process().pid();
            // By this file the terminal outlives the program; it becomes nobody's controlling terminal.
            let terminal =
                OpenOptions::new().read(true).custom_flags(O_NOCTTY).open(format!("/proc/{pid}/fd/0"));
            let terminal = terminal.unwrap();
            let takes_lines =
                || rustix::termios::tcgetattr(&terminal).unwrap().local_modes.contains(LocalModes::ICANON);
            assert!(!takes_lines());
            session.get_process_mut().kill(signal).unwrap();
            seen(session, "ehlo: interrupted by a signal\r\n");
            assert_eq!(session.get_process().wait().unwrap(), WaitStatus::Signaled(pid, signal, false));
            assert!(takes_lines());
        });
    }
}
