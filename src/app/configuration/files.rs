//! The files of the configuration, read: the user's own and the machine's.

use super::super::early_exit::{EarlyExit, Result};
use crate::config::accounts::{self, Account, Config, Fetched};
use crate::report::exit::ExitStatus;
use crate::words;
use std::path::{Path, PathBuf};

/// All that is configured, the user's file first.
#[derive(Debug, Default)]
pub struct Configuration {
    /// The files that are there.
    pub files: Vec<Config>,
    /// The machine's file, where this user may not read it.
    pub passed_over: Option<PathBuf>,
}

impl Configuration {
    /// Reads the files that are there.
    pub fn read() -> Result<Configuration> {
        let user = rustix::process::geteuid().as_raw();
        let mut configuration = Configuration::default();
        for (place, path) in accounts::places(|name| std::env::var_os(name)) {
            match accounts::fetch(place, &path, user).map_err(|error| unusable(&error))? {
                Fetched::Missing => {}
                Fetched::NotOurs => configuration.passed_over = Some(path),
                Fetched::Text(text) => {
                    let config = accounts::read(&text, &path).map_err(|error| unusable(&error))?;
                    configuration.files.push(config);
                }
            }
        }
        Ok(configuration)
    }

    /// The accounts, each with its file; one of a name that stands in the user's file hides that of the
    /// machine's.
    pub fn accounts(&self) -> impl Iterator<Item = (&Config, &Account)> {
        self.files.iter().enumerate().flat_map(move |(number, config)| {
            let is_first = move |account: &&Account| {
                !self.files.iter().take(number).any(|config| config.account(&account.name).is_some())
            };
            config.accounts.iter().filter(is_first).map(move |account| (config, account))
        })
    }

    /// The account of this name.
    pub fn account(&self, name: &str) -> Option<(&Config, &Account)> {
        self.accounts().find(|(_, account)| account.name == name)
    }

    /// The account that is used where nothing else decides.
    pub fn default_account(&self) -> Option<(&Config, &Account)> {
        self.account(self.files.iter().find_map(|config| config.text("default"))?)
    }
}

/// A configuration that cannot be used, as it is told.
pub fn unusable(error: &accounts::ConfigError) -> EarlyExit {
    EarlyExit::of(ExitStatus::CONFIG, words::config::error(error))
}

/// Something in a line of a file is wrong.
pub fn wrong(file: &Path, line: usize, what: &str) -> EarlyExit {
    EarlyExit::of(ExitStatus::CONFIG, format!("{}, line {line}: {what}", file.display()))
}
