//! Faults on our side: files, descriptors, signals, an environment with nothing in it. For each the exit status, and
//! one clear line; and never a word of success for what did not happen.
//!
//! They are made by a shell in front of the program (`ulimit`, `<&-`), which becomes it, so that its process is ours.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output, Stdio};
use std::thread;

const SEND: &str = "send -S 127.0.0.1:PORT --tls off --ehlo-name alpha.arpa -f a@x.example -t b@x.example";
const REPORT: &str = "250\tb@x.example\tOK\n250\tmessage\tOK\n";

/// A server that takes what comes until the program has gone: how many messages it had to the end.
fn taking(listener: TcpListener) -> usize {
    let mut messages = 0;
    let (mut stream, _) = listener.accept().unwrap();
    let _ = stream.write_all(b"220 x\r\n");
    let (mut heard, mut content, mut piece) = (Vec::new(), false, [0; 65536]);
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        heard.extend_from_slice(&piece[..count]);
        while let Some(end) = heard.windows(2).position(|two| two == b"\r\n") {
            let line: Vec<u8> = heard.drain(..end + 2).take(end).collect();
            let reply: &[u8] = match line.as_slice() {
                b"." if content => {
                    (content, messages) = (false, messages + 1);
                    b"250 OK\r\n"
                }
                _ if content => continue,
                b"DATA" => {
                    content = true;
                    b"354 go on\r\n"
                }
                b"QUIT" => b"221 bye\r\n",
                line if line.starts_with(b"RCPT TO:<no") => b"550 no\r\n",
                _ => b"250 OK\r\n",
            };
            let _ = stream.write_all(reply);
        }
    }
    messages
}

/// What came of a run, and how many messages the server had.
struct Ran {
    output: Output,
    messages: usize,
    folder: tempfile::TempDir,
}

impl Ran {
    #[track_caller]
    fn is(&self, status: i32, messages: usize, stdout: &str, stderr: &str) {
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let said = text(&self.output.stderr).replace(self.folder.path().to_str().unwrap(), "DIR");
        let was = (self.output.status.code(), self.messages, text(&self.output.stdout), said);
        assert_eq!(was, (Some(status), messages, stdout.to_owned(), stderr.to_owned()));
    }
}

/// The shell's line; `EHLO` is the program, `SEND` and `PORT` what they are above.
fn shell(line: &str) -> Ran {
    shell_with(line, &[])
}

fn shell_with(line: &str, environment: &[(&str, &str)]) -> Ran {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || taking(listener));
    let folder = tempfile::tempdir().unwrap();
    let line = line.replace("SEND", &format!("EHLO {SEND}"));
    let line =
        line.replace("EHLO ", concat!(env!("CARGO_BIN_EXE_ehlo"), " ")).replace("PORT", &port.to_string());
    let mut command = Command::new("sh");
    command.args(["-c", &line]).current_dir(folder.path()).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", folder.path());
    for (name, value) in environment {
        match *value {
            "" => command.env_remove(name),
            value => command.env(name, value),
        };
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    drop(std::net::TcpStream::connect(("127.0.0.1", port)));
    Ran { output, messages: server.join().unwrap(), folder }
}

#[test]
fn standard_input_that_cannot_be_read_is_66_and_nothing_is_sent() {
    shell("exec SEND </").is(66, 0, "", "ehlo: cannot read standard input: it is a directory, not a file\n");
    shell("exec SEND 0>/dev/null").is(66, 0, "", "ehlo: cannot read standard input: bad file descriptor\n");
    shell("exec SEND --body-file /proc/self/mem").is(
        66,
        0,
        "",
        "ehlo: cannot read /proc/self/mem: input/output error\n",
    );
    // Closed, it is as empty as /dev/null is.
    shell("exec SEND -m - <&-").is(65, 0, "", "ehlo: the message is empty\n");
    shell("exec SEND -E <&-").is(0, 0, "", "ehlo: the text is empty: nothing was sent (--skip-empty)\n");
}

#[test]
fn a_full_disk_is_said_and_does_not_undo_the_delivery() {
    let full = "no space left on device";
    shell("exec SEND --body x >/dev/full").is(0, 1, "", &format!("ehlo: cannot write the report: {full}\n"));
    shell("exec SEND --body x --json >/dev/full").is(
        0,
        1,
        "",
        &format!("ehlo: cannot write the report: {full}\n"),
    );
    shell("exec SEND no@x.example --body x --failed-to /dev/full").is(
        10,
        1,
        "250\tb@x.example\tOK\n550\tno@x.example\tno\n250\tmessage\tOK\n",
        &format!("ehlo: cannot write /dev/full: {full}\n"),
    );
    shell("exec SEND --body x -v 2>/dev/full").is(0, 1, REPORT, "");
    // An answer is all there is to a question.
    let lost = format!("ehlo: cannot write the replies: {full}\n");
    shell("exec EHLO console 127.0.0.1:PORT --tls off --send NOOP >/dev/full").is(74, 0, "", &lost);
    shell("echo NOOP | exec EHLO console 127.0.0.1:PORT --tls off >/dev/full").is(74, 0, "", &lost);
    shell("exec EHLO console 127.0.0.1:PORT --tls off --send NOOP >&-").is(0, 0, "", "");
    for flag in ["", "--json"] {
        shell(&format!(
            "exec EHLO verify 127.0.0.1:PORT --tls off --no-random b@x.example {flag} >/dev/full"
        ))
        .is(74, 0, "", &format!("ehlo: cannot write the report: {full}\n"));
    }
    // Before anything is sent it is an end.
    shell("exec SEND --body x --message-out /dev/full").is(
        74,
        0,
        "",
        &format!("ehlo: cannot write /dev/full: {full}\n"),
    );
    shell("exec SEND --body x --dry-run >/dev/full").is(
        74,
        0,
        "",
        &format!("ehlo: cannot write the plan: {full}\n"),
    );
    shell("exec SEND --body x --dry-run --message-out - >/dev/full").is(
        74,
        0,
        "",
        &format!("ehlo: cannot write standard output: {full}\n"),
    );
    shell("exec EHLO send --help >/dev/full").is(74, 0, "", &format!("ehlo: cannot write: {full}\n"));
    shell("exec EHLO explain 550 >/dev/full").is(74, 0, "", &format!("ehlo: cannot write: {full}\n"));
    shell("exec EHLO completions bash >/dev/full").is(74, 0, "", &format!("ehlo: cannot write: {full}\n"));
    shell("exec EHLO probe 127.0.0.1:PORT --tls off >/dev/full").is(
        74,
        0,
        "",
        &format!("ehlo: cannot write the report: {full}\n"),
    );
    shell("exec EHLO explain 550 --json >/dev/full").is(74, 0, "", &format!("ehlo: cannot write: {full}\n"));
}

#[test]
fn a_transcript_that_cannot_take_all_says_so_and_the_mail_goes_out() {
    shell("ulimit -f 0; exec SEND --body x --transcript talk").is(
        0,
        1,
        REPORT,
        "ehlo: the transcript talk is incomplete: file too large\n",
    );
    shell("exec SEND --body x --transcript no/talk").is(
        74,
        0,
        "",
        "ehlo: cannot make the transcript no/talk: no such file or directory\n",
    );
    shell("exec EHLO verify 127.0.0.1:PORT b@x.example --no-random --tls off --ehlo-name alpha.arpa --transcript /dev/full")
        .is(74, 0, "", "ehlo: cannot make the transcript /dev/full: file exists\n");
}

#[test]
fn input_that_cannot_be_kept_is_74_and_nothing_is_sent() {
    let much = "yes 'twelve octets' | head -c 2000000";
    shell(&format!("{much} | {{ ulimit -f 1; TMPDIR=. exec SEND; }}")).is(
        74,
        0,
        "",
        "ehlo: standard input: it cannot be kept in the temporary folder .: file too large\n",
    );
    shell(&format!("{much} | TMPDIR=/no/such/folder SEND")).is(
        74,
        0,
        "",
        "ehlo: standard input: it cannot be kept in the temporary folder /no/such/folder: no such file or directory\n",
    );
}

#[test]
fn nobody_who_reads_is_no_error() {
    shell("SEND --body x | true").is(0, 1, "", "");
    shell("(SEND --body x; echo $? >status) | head -c 0; cat status").is(0, 1, "0\n", "");
    shell("exec SEND --body x -v 2>&-").is(0, 1, REPORT, "");
    shell("exec SEND --body x >&-").is(0, 1, "", "");
    shell("exec SEND --body x <&- >&- 2>&-").is(0, 1, "", "");
    shell("exec SEND no@x.example --body x <&- >&- 2>&-").is(10, 1, "", "");
    shell("EHLO send --help | true").is(0, 0, "", "");
    shell("EHLO completions fish | true").is(0, 0, "", "");
}

#[test]
fn an_environment_with_nothing_in_it() {
    for line in [
        "unset HOME; exec SEND --body x",
        "exec env -i SEND --body x",
        "LANG=C LC_ALL=xx_XX.nothing exec SEND --body x",
        "TZ=Nowhere/Nothing exec SEND --body x",
        // A folder that is no more.
        "mkdir gone; cd gone; rmdir ../gone; exec SEND --body x",
    ] {
        shell(line).is(0, 1, REPORT, "");
    }
    // Nobody can be asked for a password: no terminal, and no netrc where there is no home.
    let nobody =
        "ehlo: no password for joe: use --password-file, --password-command, --password-env or netrc\n";
    for line in [
        "unset HOME; exec SEND --body x -u joe --allow-cleartext-auth",
        "HOME= exec SEND --body x -u joe --allow-cleartext-auth",
        "setsid -w EHLO send -S 127.0.0.1:PORT --tls off -f a@x.example -t b@x.example --body x -u joe --allow-cleartext-auth",
    ] {
        shell(line).is(64, 0, "", nobody);
    }
    shell("EHLO_FROM=$(printf 'a\\377') exec EHLO send -S 127.0.0.1:PORT -t b@x.example --body x").is(
        64,
        0,
        "",
        "ehlo: EHLO_FROM is not UTF-8\n",
    );
}

#[test]
fn arguments_of_any_length() {
    let recipients: String = (0..3000).map(|n| format!(" -t n{n}@x.example")).collect();
    let ran = shell(&format!("exec SEND --body x{recipients} -q"));
    ran.is(0, 1, "", "");
}

/// Signals that never came, and files that are not there, must not be made out of files that cannot be opened.
#[test]
fn without_open_files_left_it_is_said_or_it_goes_well() {
    let mut refused = 0;
    for limit in 3..16 {
        for flags in ["--body x", "--body x -a /etc/passwd -a /etc/passwd"] {
            let ran = shell(&format!("ulimit -n {limit}; exec SEND {flags}"));
            let said = String::from_utf8_lossy(&ran.output.stderr).into_owned();
            match ran.output.status.code() {
                Some(0) => assert_eq!(ran.messages, 1, "{limit} {flags}"),
                // The loader's own libraries.
                Some(127) => assert!(said.contains("shared libraries"), "{said}"),
                Some(66 | 74 | 75) => {
                    refused += 1;
                    assert!(
                        said.starts_with("ehlo: ") && said.ends_with(": too many open files\n"),
                        "{limit} {flags}: {said}"
                    );
                    assert_eq!((ran.messages, said.lines().count()), (0, 1), "{limit} {flags}: {said}");
                }
                other => panic!("{limit} {flags}: {other:?} {said}"),
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn without_memory_nothing_is_called_sent_that_was_not() {
    for limit in [4000, 16_000, 20_000, 22_000, 24_000, 26_000, 32_000] {
        let ran = shell(&format!("ulimit -v {limit}; yes 'twelve octets' | head -c 1500000 | SEND"));
        let succeeded = ran.output.status.code() == Some(0);
        assert_eq!(
            (succeeded, ran.messages),
            (succeeded, usize::from(succeeded)),
            "{limit}: {:?}",
            ran.output
        );
    }
}

#[test]
fn a_signal_in_the_middle_of_the_content_is_75_and_says_so() {
    // The server reads nothing, so that most of the message is yet unwritten when the signal comes.
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    for (signals, twice) in [(&["TERM"][..], false), (&["TERM", "TERM"], true)] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("body"), "twelve octets\n".repeat(1_500_000)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .args(SEND.replace("PORT", &port.to_string()).split(' '))
            .args(["-a", "body", "--body", "x"])
            .current_dir(folder.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"220 x\r\n").unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"DATA\r\n") {
            let mut piece = [0; 512];
            let count = stream.read(&mut piece).unwrap();
            assert!(count > 0, "it has gone after {:?}", String::from_utf8_lossy(&heard));
            heard.extend_from_slice(&piece[..count]);
            stream
                .write_all(if heard.ends_with(b"DATA\r\n") { b"354 go on\r\n" } else { b"250 OK\r\n" })
                .unwrap();
        }
        let mut some = [0; 4096];
        stream.read_exact(&mut some).unwrap();
        for signal in signals {
            let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
            assert!(sent.unwrap().success());
            if twice {
                // The second one must find the first one caught.
                thread::sleep(std::time::Duration::from_millis(200));
            }
        }
        let done = child.wait_with_output().unwrap();
        let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
        if twice && done.status.signal() == Some(15) {
            // The second one kills, and nothing is said that could be wrong.
            assert_eq!(out, "");
            continue;
        }
        let why = "interrupted by a signal while the message was being sent";
        assert_eq!(done.status.code(), Some(75), "{err}");
        assert_eq!(out, format!("---\tb@x.example\tdeferred: {why}\n---\tmessage\tdeferred: {why}\n"));
        assert_eq!(err, format!("ehlo: {why}\n"));
    }
}

/// A clock that is set anew must neither end a wait nor stretch it: waits are counted by the one that cannot be set.
/// What looks at the other one is the date of a message, dates and names of files, and the dates in certificates.
#[test]
fn only_dates_look_at_the_clock_that_can_be_set() {
    let mut found: Vec<String> = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let clocks = ["SystemTime::now", "UtcDateTime::now", "OffsetDateTime::now", "UnixTime::now"];
            if code.lines().any(|line| {
                !line.trim_start().starts_with("//") && clocks.iter().any(|clock| line.contains(clock))
            }) {
                found.push(
                    path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src/"))
                        .unwrap()
                        .display()
                        .to_string(),
                );
            }
        }
    }
    found.sort();
    assert_eq!(found, WALL_CLOCKS, "waits belong on net::Deadline, which is an Instant");
}

/// When something was logged; when a token is over; how many days a certificate has left; the date of a message; how long a file has lain
/// still; what a sink keeps, or a file of notices; what the queue writes down, beside a clock that does not jump.
/// (rustls looks at a certificate's dates by itself.)
const WALL_CLOCKS: [&str; 9] = [
    "app/clock.rs",
    "app/log/stamp.rs",
    "app/probe.rs",
    "app/queue/notices.rs",
    "message/date.rs",
    "message/source/shared.rs",
    "sink/store/maildir.rs",
    "sink/store/mbox.rs",
    "spool/moment.rs",
];

#[test]
fn the_program_says_what_it_cannot_write_to_one_who_cannot_hear() {
    // An error, and nobody to tell it: the status is what is left.
    shell("exec SEND 2>/dev/full --body-file missing").is(66, 0, "", "");
    shell("exec EHLO --nonsense 2>&-").is(64, 0, "", "");
}
