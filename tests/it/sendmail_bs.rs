//! `ehlo sendmail -bs`: programs hand over messages by SMTP on standard input and output.

use crate::harness::{Done, Ehlo, ehlo};
use crate::{HELLO, QUIT, TAKEN};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const QUEUE: &str = ".local/state/ehlo/queue/q";
const ACCOUNT: &str = "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:PORT'\ntls = 'off'\n\
                       ehlo-name = 'alpha.arpa'\naddress = 'Smith@Alpha.ARPA'\n";
const NO_ACCOUNT: &str = "ehlo: warning: there is no account that messages can be sent by: they wait for one in \
                          config.toml (see ehlo-config(5))\n";
/// An account that nobody answers for, a domain for names, and aliases.
const ALPHA: &str = "default = 'work'\n[account.work]\nserver = 'smtp://127.0.0.1:1'\n[sendmail]\n\
                     domain = 'alpha.arpa'\naliases = '~/aliases'\n";

/// The program, told this with CRLF at each line's end.
fn told(said: &str, line: &str) -> Ehlo {
    ehlo(&format!("sendmail -bs {line}")).stdin(said.replace('\n', "\r\n")).any_stdout()
}

/// What it answered: `HOST` for its name and `ID` for identifiers.
fn answers(done: &Done) -> String {
    said(done.stdout())
}

fn said(stdout: &str) -> String {
    let stdout = stdout.replace("\r\n", "\n");
    let host = stdout.strip_prefix("220 ").and_then(|rest| rest.split_once(' ')).unwrap().0.to_owned();
    let line = |line: &str| match line.split_once("queued as ") {
        Some((before, id)) => {
            assert!(id.len() == 13 && id.bytes().all(|octet| octet.is_ascii_alphanumeric()), "{line}");
            format!("{before}queued as ID\n")
        }
        None => format!("{}\n", line.replace(&host, "HOST")),
    };
    stdout.lines().map(line).collect()
}

/// The messages that wait, oldest first: envelope and content, without what changes from run to run.
fn waiting(done: &Done) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(done.path(QUEUE)) else { return Vec::new() };
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.ends_with(".msg")).collect();
    names.sort();
    let line = |line: &str| match line.split([' ', ':']).next() {
        Some(
            "id" | "created" | "uid" | "pid" | "sum" | "content" | "message-id" | "ehlo-queue" | "octets",
        ) => String::new(),
        Some(name @ ("Date" | "Message-ID")) => format!("{name}\n"),
        _ => format!("{line}\n"),
    };
    names.iter().map(|name| done.file(&format!("{QUEUE}/{name}")).lines().map(line).collect()).collect()
}

/// Whether anything is left in the queue; a runner may be at work in it.
fn is_waiting(done: &Done) -> bool {
    std::fs::read_dir(done.path(QUEUE)).is_ok_and(|mut folder| folder.next().is_some())
}

const OFFERS: &str = "250-HOST\n250-PIPELINING\n250-SIZE\n250-8BITMIME\n250-SMTPUTF8\n250-CHUNKING\n250-DSN\n\
                      250 ENHANCEDSTATUSCODES\n";
const GREETING: &str = "220 HOST Service ready\n";
const MAIL: &str = "250 2.1.0 OK\n";
const RCPT: &str = "250 2.1.5 OK\n";
const GO_ON: &str = "354 Start mail input; end with <CRLF>.<CRLF>\n";
const QUEUED: &str = "250 2.0.0 Ok: queued as ID\n";
const BYE: &str = "221 2.0.0 HOST Service closing transmission channel\n";

/// A message, as short as it can be.
const SHORT: &str = "MAIL FROM:<Smith@Alpha.ARPA>\nRCPT TO:<Jones@Beta.ARPA>\nDATA\nFrom: <Smith@Alpha.ARPA>\nDate: \
                     today\nMessage-ID: <1@alpha.arpa>\n\nBlah\n.\n";

#[test]
fn a_mail_library_hands_over_a_message_as_to_any_server() {
    let said = "EHLO [127.0.0.1]\nMAIL FROM:<Smith@Alpha.ARPA> BODY=8BITMIME\nRCPT TO:<Jones@Beta.ARPA>\n\
                RCPT TO:<Brown@Beta.ARPA>\nDATA\nFrom: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\n\
                Bcc: Brown@Beta.ARPA\nSubject: gr\u{fc}n\nMIME-Version: 1.0\nDate: today\nMessage-ID: <1@alpha.arpa>\n\
                \n..\n...\n\u{e9}\n.\nRSET\nQUIT\n";
    let done = told(said, "-i").stderr(NO_ACCOUNT).exit(0);
    assert_eq!(
        answers(&done),
        format!("{GREETING}{OFFERS}{MAIL}{RCPT}{RCPT}{GO_ON}{QUEUED}250 2.0.0 OK\n{BYE}")
    );
    assert_eq!(
        waiting(&done),
        ["tool sendmail\nbody 8bit\nutf8 yes\nsender <Smith@Alpha.ARPA>\nrcpt <Jones@Beta.ARPA>\n\
          rcpt <Brown@Beta.ARPA>\n\nFrom: Smith <Smith@Alpha.ARPA>\nTo: Jones@Beta.ARPA\nSubject: gr\u{fc}n\n\
          MIME-Version: 1.0\nDate\nMessage-ID\n\n.\n..\n\u{e9}\n"]
    );
}

#[test]
fn a_script_with_bare_names_and_line_feeds_is_understood() {
    let said = "HELO\nMAIL FROM:www-data\nRCPT TO:<root>\nDATA\nhello\n..\n.\nMAIL FROM:<>\nRCPT TO: <root>\nDATA\n.\n";
    let done = ehlo("sendmail -bs -f Green@Beta.ARPA")
        .stdin(said)
        .config(ALPHA)
        .file("aliases", "root: Jones@Beta.ARPA, smith\n")
        .any_stdout()
        .exit(0);
    assert_eq!(
        answers(&done),
        format!("{GREETING}250 HOST\n{MAIL}{RCPT}{GO_ON}{QUEUED}{MAIL}{RCPT}{GO_ON}{QUEUED}")
    );
    let mut messages = waiting(&done);
    // Those of one second are in no order.
    messages.sort_by_key(|message| message.contains("sender <>"));
    assert_eq!(
        messages[0],
        "tool sendmail\naccount work\nbody 7bit\nutf8 no\nsender <www-data@alpha.arpa>\nrcpt <Jones@Beta.ARPA>\n\
         rcpt <smith@alpha.arpa>\n\nDate\nFrom: <www-data@alpha.arpa>\nMessage-ID\n\nhello\n.\n"
    );
    assert!(messages[1].contains("\nsender <>\n"), "{}", messages[1]);
    assert_eq!(messages.len(), 2);
}

#[test]
fn what_is_asked_for_a_recipient_is_kept_for_everybody_whom_a_name_stands_for() {
    let said = format!(
        "EHLO x\nMAIL FROM:<Smith@Alpha.ARPA> SIZE=9 RET=HDRS ENVID=a\nRCPT TO:<root> NOTIFY=NEVER\n\
         RCPT TO:<Green@beta.arpa>\nRCPT TO:<Green@BETA.ARPA> NOTIFY=DELAY\n{}QUIT\n",
        SHORT.split_once("Beta.ARPA>\n").unwrap().1
    );
    let done =
        told(&said, "").config(ALPHA).file("aliases", "root: Jones@Beta.ARPA, Brown@Beta.ARPA\n").exit(0);
    let wanted = "\nmail RET=HDRS\nmail ENVID=a\nsender <Smith@Alpha.ARPA>\nrcpt <Jones@Beta.ARPA> NOTIFY=NEVER\n\
                  rcpt <Brown@Beta.ARPA> NOTIFY=NEVER\nrcpt <Green@beta.arpa>\n\nFrom:";
    assert!(waiting(&done)[0].contains(wanted), "{}", waiting(&done)[0]);
}

#[test]
fn a_hundred_messages_of_one_session_are_a_hundred() {
    let done = told(&SHORT.repeat(100), "").stderr(NO_ACCOUNT).exit(0);
    assert_eq!(answers(&done), format!("{GREETING}{}", format!("{MAIL}{RCPT}{GO_ON}{QUEUED}").repeat(100)));
    assert_eq!(waiting(&done).len(), 100);
}

#[test]
fn a_queue_that_cannot_be_used_is_told_for_each_message_and_the_session_goes_on() {
    let done = told(&format!("{SHORT}{SHORT}NOOP\n"), "").file(".local", "").stderr(NO_ACCOUNT).exit(0);
    let refused = "451 4.3.0 the message was not queued: DIR/.local/state/ehlo/queue cannot be a queue: it is not a \
                   folder: move it away, and a queue is made there\n";
    assert_eq!(
        answers(&done),
        format!("{GREETING}{}250 2.0.0 OK\n", format!("{MAIL}{RCPT}{GO_ON}{refused}").repeat(2))
    );
}

#[test]
fn what_the_queue_never_takes_is_refused_for_good() {
    let config = format!("{ALPHA}[queue]\nmax-size = '100'\nmax-recipients = 1\n");
    let said = format!(
        "MAIL FROM:<> SIZE=101\nMAIL FROM:<>\nRSET\n{}RCPT TO:<x>\nDATA\n{}\n.\n",
        &SHORT[..55],
        "x".repeat(99)
    );
    let done = told(&said, "").config(&config).exit(0);
    let too_large = "552 5.3.4 Message too large: 100 octets at most\n";
    assert_eq!(
        answers(&done),
        format!(
            "{GREETING}{too_large}{MAIL}250 2.0.0 OK\n{MAIL}{RCPT}452 4.5.3 Too many recipients\n{GO_ON}{too_large}"
        )
    );
    assert!(waiting(&done).is_empty());
}

#[test]
fn a_message_that_breaks_off_is_not_queued() {
    let done = told(&format!("{SHORT}{}", SHORT.strip_suffix(".\n").unwrap()), "").stderr(NO_ACCOUNT).exit(0);
    assert_eq!(answers(&done), format!("{GREETING}{MAIL}{RCPT}{GO_ON}{QUEUED}{MAIL}{RCPT}{GO_ON}"));
    assert_eq!(waiting(&done).len(), 1);
}

/// In a folder of its own.
fn started(folder: &std::path::Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ehlo"));
    command.args(["sendmail", "-bs"]).env_clear().env("HOME", folder).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_signal_within_a_message_ends_the_session_and_nothing_of_it_is_queued() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = started(folder.path());
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdin.write_all(SHORT.strip_suffix(".\n").unwrap().replace('\n', "\r\n").as_bytes()).unwrap();
        let mut heard = String::new();
        while !heard.ends_with(&GO_ON.replace('\n', "\r\n")) {
            let mut octet = [0];
            assert_eq!(stdout.read(&mut octet).unwrap(), 1, "{heard}");
            heard.push(char::from(octet[0]));
        }
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        stdout.read_to_string(&mut heard).unwrap();
        assert_eq!(
            said(&heard),
            format!(
                "{GREETING}{MAIL}{RCPT}{GO_ON}421 4.3.2 HOST Service is being stopped, closing transmission channel\n"
            )
        );
        assert_eq!(child.wait().unwrap().code(), Some(75), "{signal}");
        let queue = std::fs::read_dir(folder.path().join(QUEUE));
        assert_eq!(queue.map_or(0, Iterator::count), 0, "{signal}");
        drop(stdin);
    }
}

#[test]
fn a_message_is_sent_while_the_session_goes_on() {
    let sink = ehlo("sink --listen 127.0.0.1:0 --maildir mail").listen();
    let done = told(&SHORT.repeat(3), "").beside(&sink).config(ACCOUNT).exit(0);
    let until = Instant::now() + Duration::from_secs(15);
    while is_waiting(&done) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!is_waiting(&done));
    let done = sink.stop("");
    assert_eq!(std::fs::read_dir(done.path("mail/Jones@Beta.ARPA/new")).unwrap().count(), 3);
}

#[test]
fn without_a_queue_the_reply_says_what_became_of_it() {
    let to_jones = crate::RCPT;
    let all = format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n{to_jones}{TAKEN}{QUIT}");
    let none = format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 550 no\n{QUIT}");
    let later = format!("{HELLO}C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 450 busy\n{QUIT}");
    for (dialogue, reply, stderr) in [
        (all, "250 2.0.0 Ok: sent", ""),
        (
            none,
            "554 5.6.0 the message was not sent to all: refused for good",
            "ehlo: Jones@Beta.ARPA: refused: 550 no\n",
        ),
        (
            later,
            "451 4.3.0 the message was not sent to all: not now, try again later",
            "ehlo: Jones@Beta.ARPA: deferred: 450 busy\n",
        ),
    ] {
        let done = told(SHORT, "--no-queue")
            .served_by(crate::server::Server::tcp(&dialogue))
            .config(ACCOUNT)
            .stderr(stderr)
            .exit(0);
        assert_eq!(answers(&done), format!("{GREETING}{MAIL}{RCPT}{GO_ON}{reply}\n"));
        assert!(waiting(&done).is_empty());
    }
}

#[test]
fn without_a_queue_what_is_asked_for_a_recipient_goes_with_them() {
    let dialogue = format!(
        "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 DSN\n\
         C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n\
         C: RCPT TO:<Brown@Beta.ARPA> NOTIFY=NEVER\nS: 250 OK\n{}{TAKEN}{QUIT}",
        crate::RCPT
    );
    let said = SHORT.replace("RCPT TO", "RCPT TO:<Brown@Beta.ARPA> NOTIFY=NEVER\nRCPT TO");
    let done =
        told(&said, "--no-queue").served_by(crate::server::Server::tcp(&dialogue)).config(ACCOUNT).exit(0);
    assert_eq!(answers(&done), format!("{GREETING}{MAIL}{RCPT}{RCPT}{GO_ON}250 2.0.0 Ok: sent\n"));
}
