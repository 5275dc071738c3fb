//! Runs cases side by side, and says which of them failed and how.

use crate::case::{Cache, Case};
use crate::check;
use crate::resolver::Resolver;
use crate::{certificates, servers};
use std::fs;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// So many at once: those that take long mostly wait.
const AT_ONCE: usize = 16;
/// No run takes longer: a resolver is waited for five seconds, twice, for each of two questions that depend on each other.
pub const LIMIT: Duration = Duration::from_secs(25);
/// What takes no longer is run in other ways as well.
const QUICK: Duration = Duration::from_secs(1);

/// The most memory that a run may have for its data, in KiB: what it takes at peace, four threads and TLS included, in a
/// build for debugging, and some room.
const MOST_MEMORY: u32 = 32 * 1024;

/// What a run came to.
pub struct Outcome {
    /// The exit status; `None` if it was killed, by us or by a signal.
    pub exit: Option<i32>,
    /// It ended by itself, and in time.
    pub in_time: bool,
    pub time: Duration,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// All that came of a case.
pub struct Came {
    /// By which the servers know it.
    pub tag: String,
    pub runs: Vec<Outcome>,
    /// How often what was asked for, as in [`Case::asked`].
    pub asked: Vec<usize>,
    /// The files of the cache.
    pub kept: Vec<String>,
}

/// Runs them all.
pub fn all(cases: &[Case]) {
    let wanted = std::env::var("HOSTILE").ok();
    let cases: Vec<(usize, &Case)> = cases
        .iter()
        .enumerate()
        .filter(|(_, case)| wanted.as_ref().is_none_or(|wanted| case.name.contains(wanted)))
        .collect();
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cases.len()) {
            scope.spawn(|| {
                while let Some((number, case)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let came = play(case, &format!("case-{number}"), None);
                    if wanted.is_some() {
                        tell(case, &came);
                    }
                    let is_quick = came.runs.iter().all(|outcome| outcome.time < QUICK);
                    faults.lock().unwrap().extend(check::check(case, &came));
                    // People see other words than scripts, and more of what others say.
                    for way in ["-v", "--dry-run"].into_iter().filter(|_| is_quick && case.kill.is_none()) {
                        let came = play(case, &format!("case-{number}{way}"), Some(way));
                        faults.lock().unwrap().extend(check::check_in_words(case, &came, way));
                    }
                }
            });
        }
    });
    let mut faults = faults.into_inner().unwrap();
    faults.extend(servers::all().faults());
    if !faults.is_empty() {
        let _ = writeln!(std::io::stderr(), "\n{}\n{} faults", faults.join("\n"), faults.len());
        // All is said: a failure without a backtrace.
        std::panic::resume_unwind(Box::new("see above"));
    }
}

fn tell(case: &Case, came: &Came) {
    let mut out = std::io::stdout().lock();
    for Outcome { exit, time, stdout, stderr, .. } in &came.runs {
        let [stdout, stderr] = [stdout, stderr].map(|octets| String::from_utf8_lossy(octets));
        let _ = writeln!(out, "{}: {exit:?} {time:?}\n{stdout}{stderr}", case.name);
    }
}

/// All runs of a case, or the first one in another way.
fn play(case: &Case, tag: &str, way: Option<&'static str>) -> Came {
    let folder = TempDir::new().unwrap();
    let port = servers::all().port;
    fs::write(folder.path().join("ca.pem"), &certificates::all().authority).unwrap();
    if let Some(cache) = &case.cache {
        keep(cache, folder.path());
    }
    let mut zone = case.zone.clone();
    for line in &mut zone.lines {
        line.name = line.name.replace("PORT", &port.to_string());
    }
    let live = [Resolver::start(&zone, 0), Resolver::start(&zone, 1)];
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolvers = case.resolvers.iter().map(|word| match word.as_str() {
        "live" => live[0].address,
        "live2" => live[1].address,
        // All others are at 127.0.0.1.
        "dead" => ([127, 0, 0, 60], 53).into(),
        "silent" => silent.local_addr().unwrap(),
        _ => panic!("{}: there is no resolver '{word}'", case.place),
    });
    let resolvers: String = resolvers.map(|address| format!(" --resolver {address}")).collect();
    let web = case.web.clone().map(crate::web::Web::start);
    let mut line = format!(
        "-S {} -p {port}{resolvers} --ehlo-name alpha.test -f {tag}@alpha.test --body Blah \
         --final-timeout 4s --mta-sts-cache cache --ca-file ca.pem",
        case.via
    );
    if !case.args.contains("--timeout") {
        line += " --timeout 4s";
    }
    if case.allow != "nothing" {
        line += &format!(" --mx-allow {}", case.allow);
    }
    if let Some(web) = &web {
        line += &format!(" --mta-sts-connect 127.0.0.1:{}", web.port);
    }
    line += &case.args.replace("PORT", &port.to_string());
    line += &format!(" {}", way.unwrap_or("--json"));
    let count = if way.is_some() { 1 } else { case.runs.len() };
    let runs = (0..count).map(|_| once(case, tag, &line, folder.path())).collect();
    let asked = case.asked.iter().map(|(_, name, kind)| match name.as_str() {
        "web" => web.as_ref().map_or(0, crate::web::Running::asked),
        _ => {
            let name = name.replace("PORT", &port.to_string());
            let kind = crate::answer::kind(kind).unwrap();
            live.iter().map(|live| live.asked(&name, kind)).sum()
        }
    });
    let mut kept: Vec<String> = fs::read_dir(folder.path().join("cache"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    kept.sort_unstable();
    Came { tag: tag.to_owned(), runs, asked: asked.collect(), kept }
}

/// Puts what is kept of beta.test into the cache (route/mta_sts/entry.rs).
fn keep(cache: &Cache, folder: &Path) {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let Cache { age, id, policy, oddity } = cache;
    let mut text = format!("ehlo mta-sts 1\npolicy {} {id} {}\n{policy}end\n", now - age, policy.len());
    let place = folder.join("cache");
    let file = place.join("beta.test");
    fs::create_dir(&place).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&place, 0o700);
    match oddity.as_str() {
        "torn" => text.truncate(text.len() - 4),
        "of-another-version" => text = text.replace("mta-sts 1", "mta-sts 2"),
        "a-folder" => {
            fs::create_dir(&file).unwrap();
            return;
        }
        "a-link" => {
            fs::write(folder.join("elsewhere"), &text).unwrap();
            mode(&folder.join("elsewhere"), 0o600);
            symlink("../elsewhere", &file).unwrap();
            return;
        }
        "a-file-in-place-of-the-folder" => {
            fs::remove_dir(&place).unwrap();
            fs::write(&place, "x").unwrap();
            return;
        }
        "in-a-linked-folder" => {
            fs::rename(&place, folder.join("elsewhere")).unwrap();
            symlink("elsewhere", &place).unwrap();
        }
        "empty" => text.clear(),
        "huge" => text = "x".repeat(20 << 20),
        "" | "open" | "in-an-open-folder" => {}
        other => panic!("there is no oddity '{other}'"),
    }
    fs::write(&file, text).unwrap();
    mode(&file, if oddity == "open" { 0o644 } else { 0o600 });
    if oddity == "in-an-open-folder" {
        mode(&place, 0o777);
    }
}

fn once(case: &Case, tag: &str, line: &str, folder: &Path) -> Outcome {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "ulimit -d \"$1\"; shift; exec \"$@\"", "sh", &MOST_MEMORY.to_string()])
        .args([env!("CARGO_BIN_EXE_ehlo"), "send"])
        .args(line.split_whitespace())
        .args(case.recipients())
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let begun = Instant::now();
    let mut child = command.spawn().unwrap();
    let (stdout, stderr) = (read_all(child.stdout.take().unwrap()), read_all(child.stderr.take().unwrap()));
    if let Some(server) = &case.kill {
        while !servers::all().has_met(tag, server) && begun.elapsed() < LIMIT {
            thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
    }
    if let Some(after) = case.term {
        thread::sleep(Duration::from_millis(after));
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    }
    // Both ends are closed when the program ends, and not before.
    let stdout = stdout.recv_timeout(LIMIT).ok();
    let stderr = stderr.recv_timeout(LIMIT.saturating_sub(begun.elapsed())).ok();
    let in_time = stdout.is_some() && stderr.is_some();
    if !in_time {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    Outcome {
        exit: status.code(),
        in_time,
        time: begun.elapsed(),
        stdout: stdout.unwrap_or_default(),
        stderr: stderr.unwrap_or_default(),
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
