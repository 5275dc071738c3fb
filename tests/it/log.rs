//! The log of direct sends: `log` in config.toml, a line for each recipient in Postfix's words. A log that cannot be
//! written changes nothing about the mail.

use crate::harness::{Done, Ehlo};
use crate::*;
use std::io::Read;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

const CONFIG: &str = ".config/ehlo/config.toml";
const FIRST: &str = "ID: from=<Smith@Alpha.ARPA>, size=218, nrcpt=1, message-id=<1@alpha.arpa>\n";

/// With this configuration, for the user alone.
fn configured(run: Ehlo, config: &str) -> Ehlo {
    std::fs::create_dir_all(run.folder().join(".config/ehlo")).unwrap();
    let run = run.file(CONFIG, config);
    std::fs::set_permissions(run.folder().join(CONFIG), PermissionsExt::from_mode(0o600)).unwrap();
    run
}

/// Logged into `mail.log`, in the folder where the program runs.
fn logged(run: Ehlo) -> Ehlo {
    configured(run, "log = \"~/mail.log\"\n")
}

/// The lines of the log: without what is in front of them, which is checked, and `ID`, `PORT` and `TIMES` for what
/// changes from run to run.
#[track_caller]
fn log(done: &Done) -> String {
    let node = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let mut ids = Vec::new();
    let mut line = |line: &str| {
        let mut words = line.splitn(5, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (time, host, tag, id, rest) = (word(), word(), word(), word(), word());
        let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!((shape.as_str(), host), ("0000-00-00T00:00:00+00:00", node.as_str()), "{line}");
        let process = tag.strip_prefix("ehlo[").and_then(|tag| tag.strip_suffix("]:"));
        assert!(process.is_some_and(|number| number.parse::<u32>().is_ok()), "{line}");
        let id = id.strip_suffix(':').unwrap_or_default();
        assert!(id.len() == 10 && u64::from_str_radix(id, 16).is_ok(), "{line}");
        ids.push(id.to_owned());
        format!("ID: {}\n", without_port(&without_times(rest)))
    };
    let lines = done.file("mail.log").lines().map(&mut line).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    lines
}

/// `delay=0.41, delays=0/0/0.01/0.40` is `TIMES`.
#[track_caller]
fn without_times(line: &str) -> String {
    let Some((before, rest)) = line.split_once("delay=") else { return line.to_owned() };
    let (times, after) = rest.split_once(", dsn=").unwrap();
    let (delay, delays) = times.split_once(", delays=").unwrap();
    let numbers: Vec<f64> = delays.split('/').map(|number| number.parse().unwrap()).collect();
    assert!(delay.parse::<f64>().is_ok() && numbers.len() == 4 && numbers[..2] == [0.0, 0.0], "{line}");
    format!("{before}TIMES, dsn={after}")
}

fn without_port(line: &str) -> String {
    let Some((before, rest)) = line.split_once("relay=127.0.0.1[127.0.0.1]:") else { return line.to_owned() };
    format!(
        "{before}relay=127.0.0.1[127.0.0.1]:PORT{}",
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
    )
}

/// A recipient's line, from a server.
fn line(who: &str, verdict: &str) -> String {
    format!("ID: to=<{who}@Beta.ARPA>, relay=127.0.0.1[127.0.0.1]:PORT, TIMES, {verdict}\n")
}

fn jones(verdict: &str) -> String {
    format!("{FIRST}{}", line("Jones", verdict))
}

#[test]
fn a_line_for_the_message_and_one_for_each_recipient() {
    let taken = "C: DATA\nS: 354 go on\n! any-content\nS: 250 2.0.0 OK queued as 4ABC\n";
    let done = logged(to_two(""))
        .server(&format!("{HELLO}{MAIL}{RCPT}{GREEN}{taken}{QUIT}"))
        .stdout(
            "250\tJones@Beta.ARPA\tOK\n550\tGreen@Beta.ARPA\tNo such user here\n\
             250\tmessage\t2.0.0 OK queued as 4ABC\n",
        )
        .exit(10);
    let wanted = [
        "ID: from=<Smith@Alpha.ARPA>, size=237, nrcpt=2, message-id=<1@alpha.arpa>\n".to_owned(),
        line("Jones", "dsn=2.0.0, status=sent (250 2.0.0 OK queued as 4ABC)"),
        line(
            "Green",
            "dsn=5.0.0, status=bounced (host 127.0.0.1[127.0.0.1] said: 550 No such user here (in reply to RCPT TO \
             command))",
        ),
    ];
    assert_eq!(log(&done), wanted.concat());
    let mode = std::fs::metadata(done.path("mail.log")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn each_fate_has_its_word() {
    let said = |reply: &str, to: &str| {
        format!("(host 127.0.0.1[127.0.0.1] said: {reply} (in reply to {to} command))")
    };
    let end = "the server closed the connection before its reply to the end of the message";
    let rejects = "the server rejects the connection: 554 go away";
    for (dialogue, status, told, wanted) in [
        (
            format!("{HELLO}{MAIL}C: RCPT TO:<Jones@Beta.ARPA>\nS: 450 4.2.1 later\n{QUIT}"),
            75,
            "deferred: 450 4.2.1 later".to_owned(),
            format!("dsn=4.2.1, status=deferred {}", said("450 4.2.1 later", "RCPT TO")),
        ),
        (
            format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 550-5.7.1 no\nS: 550 5.7.1 really\n{QUIT}"),
            69,
            "refused: 550 5.7.1 no / 5.7.1 really".to_owned(),
            format!("dsn=5.7.1, status=bounced {}", said("550 5.7.1 no / 5.7.1 really", "MAIL FROM")),
        ),
        (
            format!("{HELLO}{MAIL}{RCPT}C: DATA\nS: 451 2.0.0 another class\n{QUIT}"),
            75,
            "deferred: 451 2.0.0 another class".to_owned(),
            format!("dsn=4.0.0, status=deferred {}", said("451 2.0.0 another class", "DATA")),
        ),
        (
            format!("{HELLO}{MAIL}{RCPT}{DATA}S: 554 5.6.0 no\n{QUIT}"),
            69,
            "refused: 554 5.6.0 no".to_owned(),
            format!("dsn=5.6.0, status=bounced {}", said("554 5.6.0 no", "end of DATA")),
        ),
        (
            format!("{HELLO}{MAIL}{RCPT}{DATA}! close"),
            11,
            format!("unknown: {end}"),
            format!("dsn=4.4.2, status=unknown ({end})"),
        ),
        (
            format!("S: 554 go away\n{QUIT}"),
            69,
            format!("untried: {rejects}"),
            format!("dsn=4.0.0, status=deferred ({rejects})"),
        ),
    ] {
        let run = logged(to_jones("-q")).server(&dialogue);
        let done = run.stderr(&format!("ehlo: Jones@Beta.ARPA: {told}\n")).exit(status);
        assert_eq!(log(&done), jones(&wanted));
    }
}

#[test]
fn a_server_that_is_not_there_is_no_relay() {
    let why = "cannot connect to the socket DIR/none: no such file or directory";
    let run = logged(to_jones("-q -S smtp://DIR/none"));
    let done = run.stderr(&format!("ehlo: Jones@Beta.ARPA: untried: {why}\n")).exit(75);
    let wanted = format!("ID: to=<Jones@Beta.ARPA>, relay=none, TIMES, dsn=4.0.0, status=deferred ({why})\n");
    let folder = done.path("none").parent().unwrap().display().to_string();
    assert_eq!(log(&done).replace(&folder, "DIR"), format!("{FIRST}{wanted}"));
}

#[test]
fn what_a_server_says_stays_on_its_line_and_cannot_move_a_cursor() {
    let done = logged(to_jones(""))
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 250 a\\x1b[2Jb\\x0dc\\xe2\\x80\\xae\n{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n250\tmessage\ta\\x1b[2Jb\\x0dc\\u{202e}\n")
        .exit(0);
    assert_eq!(log(&done), jones("dsn=2.0.0, status=sent (250 a\\x1b[2Jb\\x0dc\\u{202e})"));
}

#[test]
fn a_long_reply_is_cut() {
    let long = "x".repeat(2000);
    let done = logged(to_jones(""))
        .server(&format!("{HELLO}{MAIL}{RCPT}{DATA}S: 250 {long}\n{QUIT}"))
        .stdout(&format!("250\tJones@Beta.ARPA\tOK\n250\tmessage\t{long}\n"))
        .exit(0);
    assert_eq!(log(&done), jones(&format!("dsn=2.0.0, status=sent (250 {}...)", "x".repeat(896))));
}

#[test]
fn each_recipient_of_lmtp_has_a_reply_of_their_own() {
    let script = "S: 220 beta\nC: LHLO alpha.arpa\nS: 250 beta\nC: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n\
                  C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\nC: RCPT TO:<Green@Beta.ARPA>\nS: 250 OK\n\
                  C: DATA\nS: 354 go on\n! any-content\nS: 250 2.1.5 one\nS: 452 4.2.2 full\nC: QUIT\nS: 221 bye\n";
    let stderr = "ehlo: Green@Beta.ARPA: deferred: 452 4.2.2 full\n";
    let done = logged(to_two("-q")).unix_server("lmtp", script).stderr(stderr).exit(10);
    let socket = done.path("socket").display().to_string();
    let text = log(&done).replace(&socket, "SOCKET");
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "ID: to=<Jones@Beta.ARPA>, relay=SOCKET, TIMES, dsn=2.1.5, status=sent (250 2.1.5 one)",
            "ID: to=<Green@Beta.ARPA>, relay=SOCKET, TIMES, dsn=4.2.2, status=deferred (host SOCKET said: 452 4.2.2 \
             full (in reply to end of DATA command))",
        ]
    );
}

#[test]
fn a_log_that_is_there_grows_and_keeps_its_mode() {
    let run = logged(to_jones("")).file("mail.log", "before\n");
    std::fs::set_permissions(run.folder().join("mail.log"), PermissionsExt::from_mode(0o640)).unwrap();
    let done = run.server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    let text = done.file("mail.log");
    assert!(text.starts_with("before\n") && text.lines().count() == 3, "{text}");
    let mode = std::fs::metadata(done.path("mail.log")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn a_pipe_that_somebody_reads_is_a_log_too() {
    let run = logged(to_jones(""));
    let path = run.folder().join("mail.log");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let nonblock = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut pipe = std::fs::File::options().read(true).custom_flags(nonblock).open(&path).unwrap();
    run.server(&all_well()).stdout(JONES_HAS_IT).exit(0);
    let mut text = String::new();
    pipe.read_to_string(&mut text).unwrap();
    let ends = text.lines().map(|line| line.rsplit(", ").next().unwrap()).collect::<Vec<_>>();
    assert_eq!(ends, ["message-id=<1@alpha.arpa>", "status=sent (250 OK)"]);
}

#[test]
fn a_log_that_cannot_be_written_is_a_warning() {
    for (file, prepare, why) in [
        ("folder", "mkdir folder", "is a directory"),
        ("pipe", "mkfifo pipe", "no such device or address"),
        ("none/mail.log", "true", "no such file or directory"),
        ("mail.log", "ln -s /dev/full mail.log", "no space left on device"),
    ] {
        let run = configured(to_jones(""), &format!("log = '~/{file}'\n"));
        let prepared = std::process::Command::new("sh")
            .args(["-c", prepare])
            .current_dir(run.folder())
            .status()
            .unwrap();
        assert!(prepared.success());
        let stderr = format!("ehlo: warning: cannot write to the log, DIR/{file}: {why}\n");
        let run = run.server(&all_well()).stdout(JONES_HAS_IT);
        run.stderr(&stderr).exit(0);
    }
    let run = configured(to_jones("-q"), "log = '~/none/mail.log'\n");
    run.server(&all_well()).exit(0);
}

#[test]
fn a_configuration_that_is_wrong_stops_nobody_who_names_a_server() {
    for (config, fault) in [
        (
            "log = 'journald'\n",
            "line 1: 'log': 'journald': did you mean 'journal'? A file of that name is './journald'",
        ),
        ("\nlog = 5\n", "line 2: 'log' needs a text in quotation marks"),
        ("log = ''\n", "line 1: 'log' needs a text in quotation marks"),
        ("log = '/var/log/'\n", "line 1: 'log': '/var/log/' is a folder; name a file in it"),
    ] {
        let stderr = format!("ehlo: warning: DIR/{CONFIG}, {fault}; nothing is logged\n");
        let run = configured(to_jones(""), config).server(&all_well());
        run.stdout(JONES_HAS_IT).stderr(&stderr).exit(0);
        let account = format!("{config}[account.work]\nserver = 'localhost:1'\n");
        let stderr = format!("ehlo: DIR/{CONFIG}, {fault}\n");
        configured(to_jones("-A work"), &account).stderr(&stderr).exit(78);
    }
}

#[test]
fn the_log_is_the_same_with_an_account_and_beside_the_configuration() {
    let run = to_jones("-A work").served_by(crate::server::Server::tcp(&all_well()));
    let run = configured(run, "log = 'mail.log'\n[account.work]\nserver = '127.0.0.1'\n");
    let run = run.arg("-p").arg("PORT");
    let done = run.stdout(JONES_HAS_IT).exit(0);
    std::fs::rename(done.path(".config/ehlo/mail.log"), done.path("mail.log")).unwrap();
    assert_eq!(log(&done), jones("dsn=2.0.0, status=sent (250 OK)"));
}

#[test]
fn nothing_is_logged_where_nothing_is_to_be_sent() {
    let stopped = "ehlo: nothing was sent (--stop-after rcpt)\n";
    let done = logged(to_jones("--stop-after rcpt"))
        .server(&format!("{HELLO}{MAIL}{RCPT}C: RSET\nS: 250 OK\n{QUIT}"))
        .stdout("250\tJones@Beta.ARPA\tOK\n---\tmessage\tuntried: stopped after RCPT\n")
        .stderr(stopped)
        .exit(0);
    assert!(!done.path("mail.log").exists());
    let done = logged(to_jones("--dry-run")).unasked().any_stdout().exit(0);
    let shown = done.stdout().lines().last().unwrap_or_default();
    assert_eq!(shown, "log         DIR/mail.log");
    assert!(!done.path("mail.log").exists());
}

#[test]
fn a_secret_that_the_server_repeats_is_not_in_the_log() {
    let hello = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n";
    // NUL smith NUL open sesame.
    let auth =
        "C: AUTH PLAIN AHNtaXRoAG9wZW4gc2VzYW1l\nS: 535 5.7.8 'open sesame' is wrong\nC: QUIT\nS: 221 bye\n";
    let why = "the server refused AUTH: 535 5.7.8 '***********' is wrong";
    let done = logged(to_jones("-q -u smith --tls off --allow-cleartext-auth --password-file pw"))
        .file("pw", "open sesame\n")
        .server(&format!("{hello}{auth}"))
        .stderr(&format!("ehlo: Jones@Beta.ARPA: untried: {why}\n"))
        .exit(77);
    assert_eq!(log(&done), jones(&format!("dsn=4.0.0, status=deferred ({why})")));
}
