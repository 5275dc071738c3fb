//! Where the log is: `log` in front of the tables of config.toml.

use super::super::configuration::{self, Configuration};
use super::super::early_exit::{EarlyExit, Result};
use crate::config::accounts::{Config, Given, Value};
use crate::output::Output;
use crate::report::text::printable;
use crate::words;
use std::fmt;
use std::path::PathBuf;

/// Where the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// systemd's journal.
    Journal,
    /// The system's log.
    Syslog,
    /// A file.
    File(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Journal => f.write_str("the journal"),
            Place::Syslog => f.write_str("syslog"),
            Place::File(path) => path.display().fmt(f),
        }
    }
}

/// The log that the configuration asks for; the user's file goes before the machine's. One that was not read
/// for an account is read here. What is wrong with that one stops nobody: its server is named elsewhere.
pub fn wanted(configuration: Option<&Configuration>, output: &Output) -> Result<Option<Place>> {
    let Some(configuration) = configuration else {
        let found = Configuration::read_for("log").and_then(|configuration| of(&configuration));
        return Ok(found.unwrap_or_else(|exit| {
            output.warn(&format!("{}; nothing is logged", exit.report().text));
            None
        }));
    };
    of(configuration)
}

/// The log of a machine's queue where the configuration names none: the journal, or else the system's log.
#[must_use]
pub fn usual() -> Option<Place> {
    let is_there = |path: &str| std::path::Path::new(path).exists();
    match () {
        () if is_there(super::journal::SOCKET) => Some(Place::Journal),
        () if is_there(super::syslog::SOCKET) => Some(Place::Syslog),
        () => None,
    }
}

fn of(configuration: &Configuration) -> Result<Option<Place>> {
    let given = |config| Some((config, Config::value(config, "log")?));
    configuration.files.iter().find_map(given).map(|(config, given)| place(config, given)).transpose()
}

fn place(config: &Config, given: &Given) -> Result<Place> {
    let Value::Text(text) = &given.value else { return Err(wrong(config, given, "needs a text")) };
    match text.as_str() {
        "journal" => return Ok(Place::Journal),
        "syslog" => return Ok(Place::Syslog),
        _ => {}
    }
    if text.contains(|c: char| c.is_control()) {
        return Err(wrong(config, given, "a path without control characters is needed"));
    }
    if text.ends_with('/') {
        return Err(wrong(config, given, &format!("'{}' is a folder; name a file in it", printable(text))));
    }
    if text.starts_with('~') && !text.starts_with("~/") {
        return Err(wrong(config, given, "the home of another user is not looked up; write its whole path"));
    }
    let is_path = text.contains(['.', '/']);
    let meant = words::config::nearest(&text.to_lowercase(), &["journal", "syslog"]);
    if let Some(meant) = meant.filter(|_| !is_path) {
        let what = format!("'{0}': did you mean '{meant}'? A file of that name is './{0}'", printable(text));
        return Err(wrong(config, given, &what));
    }
    Ok(Place::File(configuration::path(&config.file, text)))
}

fn wrong(config: &Config, given: &Given, what: &str) -> EarlyExit {
    configuration::wrong(&config.file, given.line, &format!("'log': {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::accounts;
    use std::path::Path;

    fn read(texts: &[&str]) -> std::result::Result<Option<Place>, String> {
        let file = |text: &&str| accounts::read(text, Path::new("/etc/ehlo/config.toml")).unwrap();
        let files = texts.iter().map(file).collect();
        of(&Configuration { files, passed_over: None }).map_err(|exit| exit.report().text)
    }

    #[test]
    fn a_word_or_a_file() {
        let file = |path: &str| Ok(Some(Place::File(PathBuf::from(path))));
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["", "log = 'journal'"]), Ok(Some(Place::Journal)));
        assert_eq!(read(&["log = 'syslog'", "log = 'journal'"]), Ok(Some(Place::Syslog)));
        assert_eq!(read(&["log = '/var/log/ehlo.log'"]), file("/var/log/ehlo.log"));
        assert_eq!(read(&["log = 'mail.log'"]), file("/etc/ehlo/mail.log"));
        assert_eq!(read(&["log = 'my.log'"]), file("/etc/ehlo/my.log"));
        assert_eq!(read(&["log = './journald'"]), file("/etc/ehlo/./journald"));
    }

    #[test]
    fn what_cannot_be_a_log_is_told_with_its_line() {
        for (value, what) in [
            ("'journald'", "'journald': did you mean 'journal'? A file of that name is './journald'"),
            ("'SYSLOG'", "'SYSLOG': did you mean 'syslog'? A file of that name is './SYSLOG'"),
            ("'/var/log/'", "'/var/log/' is a folder; name a file in it"),
            ("'~smith/log'", "the home of another user is not looked up; write its whole path"),
            ("\"a\\u0000b\"", "a path without control characters is needed"),
        ] {
            let error = read(&[&format!("\nlog = {value}\n")]).unwrap_err();
            assert_eq!(error, format!("/etc/ehlo/config.toml, line 2: 'log': {what}"));
        }
    }
}
