//! config.toml: accounts, each a server and how to get along with it (ehlo-config(5)).
//!
//! A file is found and checked in file.rs, and read here into tables of values that are of the right type,
//! each with its line. What a value means is decided by whoever reads the flag of the same name.

mod error;
mod file;
mod keys;
mod read;
mod time;

pub use error::{ConfigError, ConfigFault, FileFault, Problem};
pub use file::{Fetched, Place, fetch, is_machines, places, problem};
pub use keys::{Key, OF_ACCOUNT, OF_DKIM, OF_FILE, OF_LIMITS, OF_OAUTH, OF_QUEUE, OF_SENDMAIL};
pub use read::read;

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// Texts: a list, or one text.
    List(Vec<String>),
    /// True or false.
    Flag(bool),
    /// A number that is not negative: of things, of octets, of seconds.
    Number(u64),
    /// Several of them.
    Numbers(Vec<u64>),
}

impl Value {
    /// Its texts, as a flag of the same name would have them: `true`, `100`.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        match self {
            Value::Text(text) => vec![text.clone()],
            Value::List(texts) => texts.clone(),
            Value::Flag(flag) => vec![flag.to_string()],
            Value::Number(number) => vec![number.to_string()],
            Value::Numbers(numbers) => numbers.iter().map(u64::to_string).collect(),
        }
    }
}

/// A value, and the line that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The value.
    pub value: Value,
    /// Its line, from 1.
    pub line: usize,
}

/// An account: what its table holds, by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// The line in which its table begins.
    pub line: usize,
    /// What was given for it, by the names in [`OF_ACCOUNT`], and in its tables `limits`, `oauth` and `dkim` by those in
    /// [`OF_LIMITS`], [`OF_OAUTH`] and [`OF_DKIM`].
    pub values: BTreeMap<&'static str, Given>,
}

/// What one file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// The file.
    pub file: PathBuf,
    /// What stands in front of its tables, by the names in [`OF_FILE`], and in the tables `queue` and `sendmail`,
    /// by those in [`OF_QUEUE`] and [`OF_SENDMAIL`].
    pub values: BTreeMap<&'static str, Given>,
    /// Its accounts, in the order of the file.
    pub accounts: Vec<Account>,
}

impl Account {
    /// The line of a key; of the table, where that is not given.
    #[must_use]
    pub fn line_of(&self, key: &str) -> usize {
        self.values.get(key).map_or(self.line, |given| given.line)
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match &self.values.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a key is given.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Texts; none where the key is not given.
    #[must_use]
    pub fn list(&self, key: &str) -> &[String] {
        match self.values.get(key).map(|given| &given.value) {
            Some(Value::List(texts)) => texts,
            _ => &[],
        }
    }

    /// A number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<u64> {
        match self.values.get(key)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl Config {
    /// The account of this name.
    #[must_use]
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The value of a key in front of the tables.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Given> {
        self.values.get(key)
    }

    /// A text in front of the tables.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match &self.value(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}
