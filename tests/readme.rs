//! Every command in README.md that sends or asks something is run, against the built-in sink; and those that explain.

#![cfg(feature = "sink")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test fails by panicking.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The lines of all `sh` blocks with one of these in them.
fn commands(wanted: &[&str]) -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut within = false;
    let mut found = Vec::new();
    for line in readme.lines() {
        match line {
            "```sh" => within = true,
            "```" => within = false,
            line if within && wanted.iter().any(|wanted| line.contains(wanted)) => {
                found.push(line.to_owned())
            }
            _ => {}
        }
    }
    found
}

/// Ends with the test.
struct Sink(Child, String);

impl Sink {
    fn start(folder: &Path) -> Sink {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .args(["sink", "--user", "me", "--password-file", "secret", "--cert-out", "sink.pem"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Sink(child, address.trim().to_owned())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What it prints, with the sink in place of the world.
fn run(command: &str, sink: &Sink, folder: &Path) -> String {
    let here = command
        .replace("submission://mail.example.org", &format!("submission://{} --ca-file sink.pem", sink.1))
        .replace("-S mail.example.org", &format!("-S {}", sink.1))
        .replace("verify mail.example.org", &format!("verify {}", sink.1));
    assert!(here.contains(&sink.1), "{command}");
    let bin = Path::new(env!("CARGO_BIN_EXE_ehlo")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let done = Command::new("sh")
        .args(["-c", &here])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("EHLO_SERVER")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "{command}\n{said}");
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn every_command_of_the_readme_probes() {
    let commands = commands(&["ehlo probe"]);
    assert_eq!(commands.len(), 1);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "open sesame\n").unwrap();
    let sink = Sink::start(folder.path());
    for command in commands {
        let report = run(&command, &sink, folder.path());
        assert!(report.ends_with("\nfindings     none\n"), "{command}\n{report}");
    }
}

#[test]
fn every_command_of_the_readme_sends() {
    let commands = commands(&["ehlo send", "ehlo verify"]);
    assert_eq!(commands.len(), 6, "the five first commands, and verify");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("secret", "open sesame\n");
    write("report.pdf", "%PDF-1.4\n");
    write("message.eml", "From: me@example.org\nTo: you@example.org\nBcc: boss@example.org\n\nHello\n");
    let sink = Sink::start(folder.path());
    for command in commands {
        let report = run(&command, &sink, folder.path());
        assert!(report.lines().all(|line| line.starts_with("250\t")), "{command}\n{report}");
        let sends = command.contains("ehlo send");
        assert_eq!(report.ends_with("250\tmessage\tOK\n"), sends, "{command}\n{report}");
    }
}

#[test]
fn every_explanation_of_the_readme_is_given() {
    let commands = commands(&["ehlo explain"]);
    assert_eq!(commands.len(), 2);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bounce.eml"), "Status: 5.1.1\n").unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_ehlo")).parent().unwrap();
    for command in commands {
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let done =
            Command::new("sh").args(["-c", &command]).current_dir(folder.path()).env("PATH", path).output();
        let done = done.unwrap();
        assert_eq!(done.status.code(), Some(0), "{command}");
        assert!(String::from_utf8(done.stdout).unwrap().contains("no such mailbox there"), "{command}");
    }
}

#[cfg(feature = "console")]
#[test]
fn every_command_of_the_readme_talks() {
    let commands = commands(&["ehlo console"]);
    assert_eq!(commands.len(), 1);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "open sesame\n").unwrap();
    let sink = Sink::start(folder.path());
    for command in commands {
        let here = command.replace("mail.example.org", &format!("{} --ca-file sink.pem", sink.1));
        let here = here.replace("ehlo console", &format!("{} console", env!("CARGO_BIN_EXE_ehlo")));
        let done = Command::new("sh").args(["-c", &here]).current_dir(folder.path()).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{command}");
        assert_eq!(
            String::from_utf8(done.stdout).unwrap(),
            "252 Cannot VRFY user, but will accept message and attempt delivery\n250 OK\n"
        );
    }
}
