//! Who calls, what this machine calls itself, and whom its names stand for: for messages that do not say it.

use super::configuration::Configuration;
use super::host;
use super::peer;
use super::queue::settings::SendmailSettings;
use crate::mailer::aliases::Aliases;
use crate::net::error::plain;
use crate::report::text::printable;
use ehlo_smtp::path::Domain;
use std::io::ErrorKind;
use std::path::Path;

/// The user's name: what passwd(5) calls the number, or else what the environment says.
#[must_use]
pub fn user() -> String {
    let number = rustix::process::getuid().as_raw();
    if number == 0 {
        return String::from("root");
    }
    let named = peer::user(number);
    let is_name = |name: &String| {
        !name.is_empty() && !name.contains(|c: char| c.is_control() || c.is_whitespace() || c == '@')
    };
    let said = || ["LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok()).filter(is_name);
    named.filter(is_name).or_else(said).unwrap_or_else(|| format!("uid{number}"))
}

/// What this host is called in a message.
#[must_use]
pub fn host() -> String {
    let node = || rustix::system::uname().nodename().to_string_lossy().into_owned();
    let name = host::full_name().map_or_else(node, |name| name.as_str().to_owned());
    if Domain::parse(&name).is_ok() { name } else { String::from("localhost") }
}

/// The domain of names that have none: what the configuration says, /etc/mailname, or the host's own, if that is
/// whole.
#[must_use]
pub fn domain(settings: &SendmailSettings) -> Option<Domain> {
    let in_file = || {
        let text = std::fs::read_to_string("/etc/mailname").ok()?;
        text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
    };
    let of_host = || host::full_name().map(|name| name.as_str().to_owned());
    let set = settings.domain.clone();
    set.or_else(in_file).or_else(of_host).and_then(|name| Domain::parse(&name).ok())
}

/// The aliases of a file, or why they cannot be read. There need not be any.
#[must_use]
pub fn aliases(file: &Path) -> (Aliases, Option<String>) {
    match std::fs::read(file) {
        Ok(octets) => (Aliases::parse(&String::from_utf8_lossy(&octets)), None),
        Err(error) if error.kind() == ErrorKind::NotFound => (Aliases::default(), None),
        Err(error) => {
            let name = printable(&file.display().to_string());
            let why = format!("cannot read {name}: {}: names stand for themselves", plain(&error));
            (Aliases::default(), Some(why))
        }
    }
}

/// The configuration; where it is broken, none, and why.
pub fn configuration() -> (Configuration, Option<String>) {
    match Configuration::read() {
        Ok(configuration) => (configuration, None),
        Err(exit) => (Configuration::default(), Some(exit.report().text)),
    }
}
