//! The servers that a block talks to.
//!
//! The sink refuses `nobody@example.org` for good, and defers `later@example.org`. Whoever the block logs in as is its
//! user, with the password of the file `secret`. A block that logs in with a token has a server that takes any, and
//! one that wants delivery reports has a server that offers DSN.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What both scripted servers say from MAIL on.
const REST: &str = "C: MAIL FROM:<a>\nS: 250 OK\nC: RCPT TO:<b>\nS: 250 OK\nC: DATA\nS: 354 go\n\
    C: … 1 octets\nC: .\nS: 250 OK\nC: QUIT\nS: 221 bye\n";
const TOKEN: &str = "S: 220 mail\nC: EHLO a\nS: 250-mail\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nC: EHLO a\n\
    S: 250-mail\nS: 250 AUTH XOAUTH2\nC: AUTH XOAUTH2 ***\nS: 235 OK\n";
const DSN: &str = "S: 220 mail\nC: EHLO a\nS: 250-mail\nS: 250 DSN\n";

/// Ends with the test.
pub struct Server(Child, pub String);

impl Server {
    fn start(folder: &Path, args: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .arg("sink")
            .args(args)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Server(child, address.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One of each kind.
pub struct Servers {
    pub plain: Server,
    pub implicit: Server,
    pub lmtp: Server,
}

impl Servers {
    /// For a block with this text. Their certificates are in `plain.pem`, `implicit.pem` and, both, `ca.pem`.
    pub fn of(text: &str, user: &str, folder: &Path) -> Servers {
        let sink = |more: &[&str]| {
            let usual = ["--user", user, "--password-file", "secret"];
            let some =
                ["--reject", "nobody@example.org=550 5.1.1 No such user", "--defer", "later@example.org"];
            Server::start(folder, &[&usual, &some[..], more].concat())
        };
        let script = |head: &str| {
            std::fs::write(folder.join("server.smtp"), head.to_owned() + REST).unwrap();
            Server::start(folder, &["--script", "server.smtp", "--cert-out", "plain.pem"])
        };
        let plain = match text {
            text if text.contains("--oauth-token-command") => script(TOKEN),
            text if text.contains("--notify") => script(DSN),
            _ => sink(&["--cert-out", "plain.pem"]),
        };
        let implicit = sink(&["--tls", "implicit", "--cert-out", "implicit.pem"]);
        let lmtp = sink(&["--lmtp"]);
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        std::fs::write(folder.join("ca.pem"), read("plain.pem") + &read("implicit.pem")).unwrap();
        Servers { plain, implicit, lmtp }
    }
}
