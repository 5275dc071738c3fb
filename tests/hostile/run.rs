//! Runs cases side by side, and says which of them failed and how.

use crate::check::check;
use crate::server::Heard;
use crate::{Case, PASSWORD, certificates};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// So many at once: they mostly wait.
const AT_ONCE: usize = 32;
/// No run takes longer. A server is waited for four seconds, and where it stops reading twice that; a goodbye five:
/// this is a guard against runs that do not end, with room for a busy machine.
pub const LIMIT: Duration = Duration::from_secs(25);

/// The most memory that a run may have for its data, in KiB: what it takes at peace, TLS and all, in a build for
/// debugging, and some room. The system refuses it more, and then it dies. A flood is many times this.
const MOST_MEMORY: u32 = 24 * 1024;

/// What a run came to.
pub struct Outcome {
    /// The exit status; `None` if it had to be killed, or died of a signal.
    pub exit: Option<i32>,
    /// How long it took.
    pub time: Duration,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it said.
    pub stderr: Vec<u8>,
    /// What it wrote down.
    pub transcript: Vec<u8>,
    /// What the server heard.
    pub heard: Heard,
}

/// Runs them all.
pub fn all(cases: Vec<Case>) {
    let wanted = std::env::var("HOSTILE").ok();
    let mut cases: Vec<Case> = cases
        .into_iter()
        .filter(|case| wanted.as_ref().is_none_or(|wanted| case.name.contains(wanted)))
        .collect();
    // Some kinds are all work and others all waiting, and those of a kind stand together: they are mixed.
    cases.sort_by_cached_key(|case| {
        case.name.bytes().fold(0_u32, |sum, octet| sum.wrapping_mul(31).wrapping_add(octet.into()))
    });
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    for json in [true, false] {
                        if json || case.in_text {
                            let outcome = once(case, json);
                            if wanted.is_some() {
                                tell(case, &outcome);
                            }
                            let found = check(case, json, &outcome);
                            faults.lock().unwrap().extend(found);
                        }
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    if !faults.is_empty() {
        let _ = writeln!(std::io::stderr(), "\n{}\n{} faults", faults.join("\n"), faults.len());
        // All is said: a failure without a backtrace.
        std::panic::resume_unwind(Box::new("see above"));
    }
}

fn tell(case: &Case, outcome: &Outcome) {
    let _ = writeln!(std::io::stdout(), "{}: {:?}\n{}", case.name, outcome.time, outcome.heard.talk);
}

fn once(case: &Case, json: bool) -> Outcome {
    let folder = TempDir::new().unwrap();
    let server = case.script.clone().start();
    std::fs::write(folder.path().join("ca.pem"), certificates::authority().pem()).unwrap();
    let mut line = format!("{} {} {}", words_before(case), case.args, case.to);
    if case.message > 0 {
        let mut message = BufWriter::new(File::create(folder.path().join("message")).unwrap());
        message.write_all(b"From: Smith@Alpha.ARPA\r\n\r\n").unwrap();
        let rows = "x".repeat(996) + "\r\n";
        let block = rows.repeat(1 + case.message.min(65536) / rows.len());
        (0..1 + case.message / block.len()).for_each(|_| message.write_all(block.as_bytes()).unwrap());
        message.flush().unwrap();
        line.push_str(" -m message");
    } else if case.command == "send" {
        line.push_str(" --body Blah");
    }
    if json && case.command != "console" {
        line.push_str(" --json");
    }
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "ulimit -d \"$1\"; shift; exec \"$@\"", "sh", &MOST_MEMORY.to_string()])
        .arg(env!("CARGO_BIN_EXE_ehlo"))
        .args(line.replace("PORT", &server.port.to_string()).split_whitespace())
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("PASSWORD", PASSWORD)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let begun = Instant::now();
    let mut child = command.spawn().unwrap();
    let stdout = read_all(child.stdout.take().unwrap());
    let stderr = read_all(child.stderr.take().unwrap());
    // Both ends are closed when the program ends, and not before.
    let stdout = stdout.recv_timeout(LIMIT).ok();
    let stderr = stderr.recv_timeout(LIMIT.saturating_sub(begun.elapsed())).ok();
    let in_time = stdout.is_some() && stderr.is_some();
    if !in_time {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    let time = begun.elapsed();
    let port = format!(":{}", server.port);
    let heard = server.end();
    let without_port = |octets: Vec<u8>| match String::from_utf8(octets) {
        Ok(text) => text.replace(&port, ":PORT").into_bytes(),
        Err(error) => error.into_bytes(),
    };
    Outcome {
        exit: status.code().filter(|_| in_time),
        time,
        stdout: without_port(stdout.unwrap_or_default()),
        stderr: without_port(stderr.unwrap_or_default()),
        transcript: std::fs::read(folder.path().join("transcript")).unwrap_or_default(),
        heard,
    }
}

/// What all have in common: who writes to whom, how long it waits, and as long a transcript as there is.
fn words_before(case: &Case) -> String {
    match case.command {
        "send" => {
            let to = if case.args.contains("-t ") { "" } else { "-t Jones@Beta.ARPA" };
            let timeout = if case.args.contains("--timeout") { "" } else { "--timeout 4s" };
            let last = if case.args.contains("--final-timeout") { "" } else { "--final-timeout 4s" };
            let transcript = if case.without_transcript { "" } else { "-vvv --transcript transcript" };
            format!("send --ehlo-name alpha.arpa -f Smith@Alpha.ARPA {to} {timeout} {last} {transcript}")
        }
        other => format!("{other} --ehlo-name alpha.arpa --timeout 4s"),
    }
}

fn read_all(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut octets = Vec::new();
        let _ = pipe.read_to_end(&mut octets);
        let _ = sender.send(octets);
    });
    receiver
}
