//! The help of every command: its examples are run, in a shell, against the built-in sink; and it fits the terminal.

#![cfg(all(feature = "sink", feature = "console"))]
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

#[allow(dead_code, clippy::disallowed_types, reason = "others use the rest; a resolver listens")]
#[path = "it/check_zone.rs"]
mod check_zone;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn ehlo(words: &[&str], columns: usize) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ehlo"));
    let done = command.args(words).env("COLUMNS", columns.to_string()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{words:?}");
    String::from_utf8(done.stdout).unwrap()
}

fn commands() -> Vec<String> {
    let names = ehlo::inside::cli::command();
    // sendmail reads its words itself: -h is another option there, and its help is one text.
    let all = names.get_subcommands().map(|command| command.get_name().to_owned());
    all.filter(|name| name != "sendmail").collect()
}

/// The examples of a command's help, each with the lines that it goes on in.
fn examples(command: &str) -> Vec<String> {
    let help = ehlo(&[command, "--help"], 80);
    let lines = help.lines().skip_while(|line| *line != "examples:").skip(1);
    let mut found: Vec<String> = Vec::new();
    for line in lines.take_while(|line| line.starts_with("  ")) {
        match found.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => *last = format!("{last}\n{line}"),
            None => found.push(line.to_owned()),
        }
    }
    found
}

/// Ends with the test.
struct Sink(Child, String);

impl Sink {
    fn start(command: &str, folder: &Path) -> Sink {
        let mut child = shell(&format!("exec {}", command.trim()), folder).spawn().unwrap();
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

/// A shell that finds the program, at home in this folder.
fn shell(command: &str, folder: &Path) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_ehlo")).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env("HOME", folder);
    shell.env("TMPDIR", folder);
    shell.env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()));
    shell.env_remove("EHLO_SERVER").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    shell
}

fn run(command: &str, folder: &Path) -> Output {
    let done = shell(command, folder).output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{command}\n{}", String::from_utf8_lossy(&done.stderr));
    done
}

/// What the domains of the examples have.
const ZONE: &str = "
    example.org MX 0 .
    example.org TXT v=spf1 ip4:192.0.2.1 -all
    mail._domainkey.example.org TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    _dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.org
    1.2.0.192.in-addr.arpa PTR mail.example.org
    mail.example.org A 192.0.2.1
    brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    _dmarc.football.example.com TXT v=DMARC1; p=reject
";

#[test]
fn every_example_goes_well() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, text) in [
        ("secret", "open sesame\n"),
        ("report.pdf", "%PDF-1.4\n"),
        ("message.eml", "From: me@example.org\nTo: you@example.org\n\nHello\n"),
        ("list", "you@example.org\n"),
        ("commands", "NOOP\n"),
        ("bounce.eml", "Status: 5.1.1\n"),
        ("key.pem", include_str!("dkim/keys/ed25519.pem")),
        ("signed.eml", include_str!("dkim/messages/rfc8463.eml")),
        ("records", include_str!("dkim/messages/rfc8463.records")),
        (
            "tls.log",
            "{\"version\":1,\"time\":\"2026-11-01T12:00:00Z\",\"policy\":{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"example.org\"},\"result-type\":null}\n",
        ),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    for of_a_shell in [".local/share/bash-completion/completions", ".config/fish/completions"] {
        std::fs::create_dir_all(folder.join(of_a_shell)).unwrap();
    }
    let account = "--user me --password-file secret";
    let starttls = Sink::start(&format!("ehlo sink {account} --cert-out starttls.pem"), folder);
    let implicit =
        Sink::start(&format!("ehlo sink {account} --cert-out implicit.pem --tls implicit"), folder);
    let accounts = folder.join(".config/ehlo");
    std::fs::create_dir_all(&accounts).unwrap();
    let toml = format!(
        "[account.work]\nserver = 'submission://{}'\nca-file = '{}'\nuser = 'me'\npassword-command = 'cat secret'\n\
         address = 'me@example.org'\n",
        starttls.1,
        folder.join("starttls.pem").display()
    );
    std::fs::write(accounts.join("config.toml"), toml).unwrap();
    std::fs::create_dir(folder.join("new")).unwrap();
    std::fs::write(folder.join("new/.msmtprc"), "account work\nhost mail.example.org\n").unwrap();
    let zone = check_zone::Zone::new(ZONE);
    let mut count = 0;
    for example in commands().iter().flat_map(|command| examples(command)) {
        count += 1;
        assert!(example.lines().all(|line| line.chars().count() <= 80), "{example}");
        if example.contains("ehlo sink") {
            let sink = Sink::start(&example.replace("127.0.0.1:2525", "127.0.0.1:0"), folder);
            assert!(sink.1.starts_with("127.0.0.1:"), "{example}: {}", sink.1);
            continue;
        }
        // The sinks in place of the world; what is asked for at a terminal is in a file; jq need not be there.
        let mut here = example.split(" | jq").next().unwrap().to_owned();
        if here.contains(" -u me") || here.contains("//me@") {
            here = here.replace("mail.example.org", "mail.example.org --password-file secret");
        }
        if here.contains(" import ") {
            here = format!("HOME=$PWD/new {here}");
        }
        if here.contains(" dkim verify ") {
            here.push_str(" --record records");
        }
        if here.contains("ehlo check ") {
            here = format!("EHLO_RESOLVER={} {here}", zone.address);
        }
        let pem = if here.contains("smtps://") { "implicit.pem" } else { "starttls.pem" };
        let sink = if here.contains("smtps://") { &implicit.1 } else { &starttls.1 };
        here = here.replace("mail.example.org", &format!("{sink} --ca-file {pem}"));
        run(&here.replace("localhost:2525", sink), folder);
    }
    assert_eq!(count, 40, "all examples were found");
    assert!(folder.join("bad").exists() && folder.join("caught.mbox").exists());
}

#[test]
fn help_fits_terminals_of_40_columns_and_more() {
    for command in commands() {
        for (columns, flag) in
            [40, 60, 80].into_iter().flat_map(|columns| [(columns, "-h"), (columns, "--help")])
        {
            let help = ehlo(&[&command, flag], columns);
            // A long word cannot be folded, and the usage is left to the terminal.
            let is_wide = |line: &&str| {
                line.chars().count() > columns && line.trim().contains(' ') && !line.starts_with("usage: ")
            };
            let wide: Vec<_> = help.lines().filter(is_wide).collect();
            assert_eq!(wide, [""; 0], "{command} {flag}, {columns} columns");
        }
    }
}
