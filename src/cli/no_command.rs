//! Where no command is named, or one that there is not: which one was meant.

use std::ffi::OsString;

use clap::Command;

use super::{habits, looks_like_server, passwords, slips};

/// Words that other programs, or people, have for what a command does here.
const BY_MEANING: [(&str, &str); 12] = [
    ("version", "for the version, use 'ehlo --version'"),
    ("usage man", "for help, use 'ehlo --help'"),
    (
        "test ping scan status diagnose doctor",
        "'ehlo probe SERVER' looks at a server, 'ehlo verify SERVER ADDRESS' asks about an address",
    ),
    ("dns domain mx spf dmarc dane", "'ehlo check DOMAIN' looks at a domain's mail set-up"),
    ("info inspect tls starttls", "'ehlo probe SERVER' looks at a server"),
    ("mail mailx sendmail deliver submit post message", "mail is sent by 'ehlo send'"),
    ("telnet connect shell talk open nc", "'ehlo console SERVER' is for typing commands"),
    ("serve server listen receive smtpd daemon", "'ehlo sink' is a test server"),
    ("vrfy expn rcpt address recipient", "'ehlo verify SERVER ADDRESS' asks about an address"),
    ("code error lookup decode what why", "'ehlo explain CODE' says what a code means"),
    ("example tour", "'ehlo demo' shows an example"),
    ("mailq flush spool", "'ehlo queue list' shows the messages that wait, 'ehlo queue run' sends them"),
];

/// What is said where these words begin with no command.
pub(super) fn sentence(root: &Command, words: &[OsString]) -> String {
    let first = words.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    if first.starts_with('-') { of_a_flag(root, words, &first) } else { of_a_word(root, &first) }
}

fn of_a_flag(root: &Command, words: &[OsString], first: &str) -> String {
    let flag = first.split('=').next().unwrap_or_default();
    if flag == "--" {
        return "no command before '--': see 'ehlo --help'".to_owned();
    }
    if flag == "-v" && words.len() == 1 {
        return "no option -v: for the version, use 'ehlo --version'".to_owned();
    }
    if passwords::is_taken_by(flag) && flag.len() > 2 {
        return passwords::sentence(root);
    }
    let mut send = root.find_subcommand("send").cloned().unwrap_or_default();
    send.build();
    // Of several letters the first; what follows may be a value.
    let short = if flag.starts_with("--") { flag } else { flag.get(..2).unwrap_or(flag) };
    let mut later = words.iter().filter_map(|word| word.to_str());
    if let Some(command) = later.find(|word| root.find_subcommand(word).is_some()) {
        return format!("the command comes first: ehlo {command} {short} ...");
    }
    if slips::has(&send, short) || habits::find(flag).is_some() {
        return format!("no command before {short}: did you forget send, as in 'ehlo send {short} ...'?");
    }
    match slips::long(root, flag) {
        Some(meant) => format!("no option {flag}: did you mean {meant}?"),
        None => format!("no option {short}: see 'ehlo --help'"),
    }
}

fn of_a_word(root: &Command, word: &str) -> String {
    let name = word.to_lowercase();
    let commands = root.get_subcommands().map(Command::get_name);
    if let Some(meant) = slips::nearest(&name, commands) {
        return format!("no command '{word}': did you mean {meant}?");
    }
    if let Some((_, says)) = BY_MEANING.iter().find(|(words, _)| words.split(' ').any(|word| word == name)) {
        return format!("no command '{word}': {says}");
    }
    // What has a colon in it may hold a password.
    if word.contains("://") || (word.contains('@') && word.contains(':')) {
        return "no command: name one before the server, as in 'ehlo probe SERVER'".to_owned();
    }
    if word.contains('@') {
        return format!("no command '{word}': did you forget send, as in 'ehlo send ... {word}'?");
    }
    if looks_like_server(word) {
        return format!("no command '{word}': name one before the server, as in 'ehlo probe {word}'");
    }
    format!("no command '{word}': see 'ehlo --help'")
}
