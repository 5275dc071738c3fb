//! What stands in for the world: a folder with the files that the pages speak of, and servers on loopback
//! ([`servers`](crate::servers)) in place of those that they name.

use crate::blocks::Block;
use crate::proxy;
use crate::servers::Servers;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Servers that the pages name.
const HOSTS: [&str; 8] = [
    "mail.example.org",
    "smtp.gmail.com",
    "smtp.office365.com",
    "email-smtp.eu-central-1.amazonaws.com",
    "smtp.sendgrid.net",
    "smtp.postmarkapp.com",
    "smtp.eu.mailgun.org",
    "/run/dovecot/lmtp",
];

/// Files that a block may ask for.
const FILES: [(&str, &str); 12] = [
    ("dkim.pem", include_str!("../dkim/keys/rsa2048.pem")),
    ("secret", "open sesame\n"),
    ("report.pdf", "%PDF-1.4\n"),
    ("data.csv", "a,b\n1,2\n"),
    ("page.html", "<p>Hello <img src=\"cid:logo.png\"></p>\n"),
    ("logo.png", "\u{89}PNG\r\n"),
    ("list", "# everybody\nyou@example.org\nboss@example.org\n"),
    ("ca.pem", ""),
    ("message.eml", "From: me@example.org\nTo: you@example.org\nBcc: boss@example.org\n\nHello\n"),
    (
        "tls.log",
        "{\"version\":1,\"time\":\"2026-11-01T12:00:00Z\",\"policy\":{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"example.org\"},\"result-type\":null}\n",
    ),
    ("bounce.eml", "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"),
    (
        "mail.log",
        "postfix/smtp[1]: status=bounced (host mx said: 550 5.1.1 User unknown (in reply to RCPT TO))\n",
    ),
];

/// A folder and servers for one block.
pub struct World {
    folder: TempDir,
    servers: Servers,
}

impl World {
    pub fn of(block: &Block) -> World {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        program(&folder.path().join("token"), "echo token");
        let servers = Servers::of(&block.text, &user(&block.text), folder.path());
        let accounts = folder.path().join(".config/ehlo");
        std::fs::create_dir_all(&accounts).unwrap();
        std::fs::write(accounts.join("config.toml"), configuration(&servers, folder.path())).unwrap();
        for (name, text) in [
            (".msmtprc", "account work\nhost mail.example.org\n"),
            (".muttrc", "set smtp_url = smtp://me@mail.example.org\n"),
            (".gitconfig", "[sendemail]\nsmtpServer = mail.example.org\n"),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        World { folder, servers }
    }

    /// Whether it is a shell script at all; nothing of it is run.
    pub fn parses(&self, script: &str) -> bool {
        Command::new("sh").args(["-n", "-c", script]).current_dir(&self.folder).status().unwrap().success()
    }

    /// Runs a script; which `ehlo_at` ended with what, and what was printed.
    pub fn shell(&self, script: &str) -> (Vec<(usize, i32)>, String) {
        let folder = self.folder.path();
        let bin = folder.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        // A sink in the background is ended by `kill`, which must reach it through this.
        let wait = "child=$!\ntrap 'kill $child' TERM\nwait $child\nstatus=$?\ntrap - TERM\n\
                    [ $status -gt 128 ] && { wait $child; status=$?; }";
        let run = "\"$EHLO_BINARY\" \"$@\"";
        let text = format!(
            "at=$1; shift\nif [ \"$1\" = sink ]; then\n{run} &\n{wait}\nelse\n{run}\nstatus=$?\nfi\n\
             echo \"$at $status\" >> \"$EHLO_ENDED\"\nexit $status"
        );
        program(&bin.join("ehlo_at"), &text);
        // For hosts without it.
        let absent = folder.join("absent");
        std::fs::create_dir_all(&absent).unwrap();
        program(&absent.join("jq"), "cat \"$2\" > /dev/null");
        let ended = folder.join("ended");
        std::fs::write(&ended, "").unwrap();
        let done = Command::new("sh")
            .args(["-c", &self.here(script)])
            .current_dir(folder)
            .env_clear()
            .env("PATH", format!("{}:{}:{}", bin.display(), std::env::var("PATH").unwrap(), absent.display()))
            .env("HOME", folder)
            .env("SSL_CERT_FILE", folder.join("ca.pem"))
            .env("EHLO_BINARY", env!("CARGO_BIN_EXE_ehlo"))
            .env("EHLO_ENDED", &ended)
            .env("CREDENTIALS_DIRECTORY", folder)
            .env("SMTP_PASSWORD", "open sesame")
            .env("POSTMARK_TOKEN", "open sesame")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = format!("{script}{}{}", shown(&done.stdout), shown(&done.stderr));
        let ended = std::fs::read_to_string(ended).unwrap();
        let pair = |line: &str| {
            line.split_once(' ').map(|(at, status)| (at.parse().unwrap(), status.parse().unwrap()))
        };
        (ended.lines().filter_map(pair).collect(), said)
    }

    /// That of the sink's certificate.
    fn fingerprint(&self) -> String {
        let probe = Command::new(env!("CARGO_BIN_EXE_ehlo"))
            .args(["probe", "--json", &self.servers.plain.1])
            .output();
        let found = shown(&probe.unwrap().stdout);
        found.split_once("\"sha256\":\"").unwrap().1[..64].to_owned()
    }

    /// The script with our servers in place of those that it names.
    fn here(&self, script: &str) -> String {
        let mut here = script.replace("--ca-file ca.pem", "--ca-file plain.pem");
        if let Some((_, pin)) = script.split_once("sha256:") {
            here = here.replace(&pin[..64], &self.fingerprint());
        }
        for host in HOSTS {
            while let Some(at) = here.find(host) {
                let scheme = here[..at].rsplit([' ', '\'', '"', '\n']).next().unwrap_or_default();
                let server = match scheme.split_once("://") {
                    Some(("smtps" | "submissions", _)) => &self.servers.implicit,
                    Some(("lmtp", _)) => &self.servers.lmtp,
                    _ => &self.servers.plain,
                };
                let port = here[at + host.len()..].strip_prefix(':').map_or(0, |rest| {
                    1 + rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len())
                });
                here.replace_range(at..at + host.len() + port, &server.1);
            }
        }
        if here.contains("proxy.example.org") {
            let proxy = proxy::start().to_string();
            here = here.replace("proxy.example.org:1080", &proxy).replace("proxy.example.org:8080", &proxy);
        }
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (smtp, dns) = (free(), free());
        here = here
            .replace("-p 2525", &format!("-p {}", smtp.port()))
            .replace("127.0.0.1:5300", &dns.to_string());
        here.replace("127.0.0.1:2525", &smtp.to_string()).replace("localhost:2525", &smtp.to_string())
    }
}

/// The accounts that the pages speak of.
fn configuration(servers: &Servers, folder: &Path) -> String {
    let (plain, authority) = (&servers.plain.1, folder.join("plain.pem"));
    let plain = format!("'submission://{plain}'");
    let account = |name: &str, server: &str, address: &str, password: &str| {
        format!(
            "[account.{name}]\nserver = {server}\nca-file = '{}'\nuser = 'me'\n{password}\n\
             address = '{address}'\n",
            authority.display()
        )
    };
    let command = "password-command = 'cat secret'";
    [
        "default = 'work'\nlog = '~/ehlo.log'\n".to_owned(),
        account("work", &plain, "me@example.org", command),
        account("gmail", &plain, "me@gmail.com", command),
        account("relays", &format!("[{plain}, {plain}]"), "me@example.org", command),
        account("service", &plain, "me@example.org", "password-credential = 'secret'"),
    ]
    .concat()
}

/// The user that the block logs in as.
fn user(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let named = words.windows(2).find(|pair| matches!(pair[0], "-u" | "--user")).map(|pair| pair[1]);
    let in_url = || text.split_once("submission://")?.1.split_once('@').map(|(user, _)| user);
    match named.or_else(in_url).unwrap_or("me") {
        "\"$POSTMARK_TOKEN\"" => "open sesame".to_owned(),
        user => user.to_owned(),
    }
}

fn program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn shown(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
