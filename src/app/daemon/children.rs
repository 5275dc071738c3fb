//! What the daemon starts: this same program, with an environment of the daemon's making.

use super::super::queue::machine::MAILQ;
use super::super::queue::place;
use crate::net::program::{Own, Streams};
use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// The variables that children keep. What the service manager told the daemon is not theirs.
const KEPT: [&str; 14] = [
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    // Where an account's password-credential is.
    "CREDENTIALS_DIRECTORY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

fn environment(folder: &Path) -> Vec<(&'static str, OsString)> {
    let kept = KEPT.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
    kept.chain([(place::FOLDER, folder.into())]).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Sends what is due; with `all_accounts`, also by accounts that are not used at present.
///
/// # Errors
/// It cannot be started.
pub fn run(folder: &Path, all_accounts: bool) -> io::Result<Own> {
    let how = if all_accounts { "--no-wait" } else { "--background" };
    Own::start("ehlo", &words(&["queue", "run", how]), &environment(folder), Streams::Background)
}

/// Does an errand, with the words of a command line, for a user, about their own messages or about all. It reads
/// and writes what that user gave.
///
/// # Errors
/// It cannot be started.
pub fn errand(
    folder: &Path,
    uid: u32,
    is_for_all: bool,
    typed: &[String],
    settings: &[(&str, &str)],
    descriptors: [OwnedFd; 3],
) -> io::Result<Own> {
    let mut environment = environment(folder);
    environment.retain(|(kept, _)| !settings.iter().any(|(name, _)| name == kept));
    let mut all: Vec<(&str, OsString)> = environment;
    all.extend(settings.iter().map(|(name, value)| (*name, OsString::from(value))));
    all.push((place::BY, uid.to_string().into()));
    if !is_for_all {
        all.push((place::OF, uid.to_string().into()));
    }
    let streams = Streams::Given(descriptors);
    if typed.first().is_some_and(|word| word == MAILQ) {
        return Own::start(MAILQ, &[], &all, streams);
    }
    let line: Vec<String> = words(&["queue"]).into_iter().chain(typed.iter().cloned()).collect();
    Own::start("ehlo", &line, &all, streams)
}
