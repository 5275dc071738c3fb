//! The files of the configuration, read: the user's own and the machine's.

use super::super::early_exit::{EarlyExit, Result};
use crate::cli::ServerArgs;
use crate::config::accounts::{self, Account, Config, ConfigError, ConfigFault, Fetched};
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
        let configuration = Configuration::read_where(|_| true)?;
        configuration.check_default()?;
        Ok(configuration)
    }

    /// The same, where an account may be used; nothing is read where none may.
    pub fn read_for_an_account(server: &ServerArgs) -> Result<Option<Configuration>> {
        server.may_use_an_account().then(Configuration::read).transpose()
    }

    /// The same, but for files in which this key cannot be: to read them takes time.
    pub fn read_for(key: &str) -> Result<Configuration> {
        Configuration::read_where(|text| text.contains(key))
    }

    fn read_where(is_wanted: impl Fn(&str) -> bool) -> Result<Configuration> {
        let user = rustix::process::geteuid().as_raw();
        let mut configuration = Configuration::default();
        for (place, path) in accounts::places(|name| std::env::var_os(name)) {
            match accounts::fetch(place, &path, user).map_err(|error| unusable(&error))? {
                Fetched::Missing => {}
                Fetched::NotOurs => configuration.passed_over = Some(path),
                Fetched::Text(text) if !is_wanted(&text) => {}
                Fetched::Text(text) => {
                    let config = accounts::read(&text, &path).map_err(|error| unusable(&error))?;
                    configuration.files.push(config);
                }
            }
        }
        Ok(configuration)
    }

    /// The default may be an account of the other file.
    fn check_default(&self) -> Result<()> {
        let default = self.files.iter().find_map(|config| Some((config, config.text("default")?)));
        let Some((config, name)) = default.filter(|(_, name)| self.account(name).is_none()) else {
            return Ok(());
        };
        let line = config.value("default").map(|given| given.line);
        let fault = ConfigFault::NoDefault(name.to_owned());
        Err(unusable(&ConfigError { file: config.file.clone(), line, fault }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_may_be_an_account_of_the_other_file() {
        let found = |texts: [&str; 2]| {
            let read = |(text, file)| accounts::read(text, Path::new(file)).unwrap();
            let files = texts.into_iter().zip(["/own", "/etc"]).map(read).collect();
            let configuration = Configuration { files, passed_over: None };
            configuration.check_default().map_err(|exit| exit.report().text)?;
            Ok(configuration.default_account().map(|(config, _)| config.file.display().to_string()))
        };
        const ACCOUNT: &str = "[account.a]\nserver = 'x'\n";
        let default = &format!("default = 'a'\n{ACCOUNT}");
        assert_eq!(found(["default = 'a'", ACCOUNT]), Ok(Some("/etc".to_owned())));
        assert_eq!(found([ACCOUNT, default]), Ok(Some("/own".to_owned())));
        let none = |file| Err(format!("{file}, line 1: the default account 'b' does not exist"));
        assert_eq!(found(["default = 'b'", default]), none("/own"));
        assert_eq!(found([ACCOUNT, "default = 'b'"]), none("/etc"));
    }
}
