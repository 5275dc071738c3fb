//! A sink that is every domain's (`--dns`), and what it says, for the tests of `mx:`.

use crate::harness::ehlo;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A text without digests of 16 digits, which change from run to run.
pub fn without_digest(text: &str) -> String {
    let digits = |word: &str| word.len() == 16 && word.bytes().all(|octet| octet.is_ascii_hexdigit());
    let ends = [' ', '\n', ',', '…'];
    let shown = |word: &str| {
        let bare = word.trim_end_matches(ends);
        if digits(bare) { word.replace(bare, "0000000000000000") } else { word.to_owned() }
    };
    text.split_inclusive(ends).map(shown).collect()
}

/// A sink that is every domain's, while it runs.
pub struct Here {
    pub child: Child,
    pub folder: TempDir,
    stderr: BufReader<std::process::ChildStderr>,
    /// All that it said before it was ready.
    pub said: String,
    pub smtp: SocketAddr,
}

impl Here {
    /// With these flags besides, in a folder of its own, where temporary files are too.
    pub fn start(flags: &str) -> Here {
        let run = ehlo(&format!("sink --name beta.arpa {flags}"));
        let folder = TempDir::new().unwrap();
        let mut command = run.command(None);
        command.env("TMPDIR", folder.path()).current_dir(folder.path());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut smtp = String::new();
        stdout.read_line(&mut smtp).unwrap();
        let mut said = String::new();
        for _ in 0..5 {
            stderr.read_line(&mut said).unwrap();
        }
        let smtp = smtp.trim().parse().unwrap_or_else(|_| panic!("no address: {smtp}, {said}"));
        Here { child, folder, stderr, said, smtp }
    }

    /// The line to be pasted.
    pub fn line(&self) -> &str {
        self.said.lines().find_map(|line| line.strip_prefix("  ")).unwrap()
    }

    /// The flags in it that say where servers are found, and who is trusted.
    pub fn flags(&self) -> &str {
        let (_, rest) = self.line().split_once("-S mx: ").unwrap();
        rest.split_once(" -f ").unwrap().0
    }

    /// What stands behind a flag in the line.
    pub fn value(&self, flag: &str) -> &str {
        let mut words = self.line().split(' ').skip_while(|word| *word != flag);
        words.nth(1).unwrap_or_else(|| panic!("no {flag}: {}", self.line())).trim_matches('\'')
    }

    pub fn dns(&self) -> SocketAddr {
        self.value("--resolver").parse().unwrap()
    }

    /// What was printed, without what changes from run to run.
    pub fn clean(&self, text: &str) -> String {
        let mut text = text.replace(&self.folder.path().display().to_string(), "DIR");
        for (port, name) in [
            (self.smtp.port().to_string(), "SMTP"),
            (self.dns().port().to_string(), "DNS"),
            (self.value("--mta-sts-connect").rsplit_once(':').unwrap().1.to_owned(), "HTTPS"),
        ] {
            for sign in [":", " ", "_"] {
                text = text.replace(&format!("{sign}{port}"), &format!("{sign}{name}"));
            }
        }
        let made = self.value("--mta-sts-cache").rsplit('/').nth(1).unwrap();
        text.replace(made, "ehlo-sink-MADE")
    }

    /// Runs the line in a shell, with this behind it: stdout, stderr and the status.
    pub fn send(&self, line: &str, more: &str) -> (String, String, Option<i32>) {
        let bin = Path::new(env!("CARGO_BIN_EXE_ehlo")).parent().unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{line} {more}")).env_clear().env("PATH", path);
        shell.env("HOME", self.folder.path()).env("TZ", "UTC").stdin(Stdio::null());
        let done = shell.output().unwrap();
        let [out, err] = [done.stdout, done.stderr].map(|text| self.clean(&String::from_utf8(text).unwrap()));
        (out, err, done.status.code())
    }

    /// Ends it; what it said since it was ready, and the files that are left.
    pub fn stop(mut self) -> (String, Vec<PathBuf>) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg("-TERM").arg(id).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        let left = std::fs::read_dir(self.folder.path()).unwrap();
        (rest, left.map(|entry| entry.unwrap().path()).collect())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
