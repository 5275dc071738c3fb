//! What is wrong with a configuration, and where.

use super::keys::Kind;
use crate::config::text::NoText;
use std::path::PathBuf;
use std::{fmt, io};

/// Why a configuration cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, where it is one.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: ConfigFault,
}

/// What is wrong with it.
#[derive(Debug)]
pub enum ConfigFault {
    /// The file.
    File(FileFault),
    /// It is not TOML: what the parser says.
    Toml(String),
    /// A key or a table that is not known here.
    UnknownKey {
        /// The key.
        key: String,
        /// The table it stands in: empty in front of the tables.
        table: String,
        /// The keys that are known there.
        known: Vec<&'static str>,
    },
    /// A table in front that is not known: its name.
    UnknownTable(String),
    /// `password = …`: no secret stands in this file.
    Secret(String),
    /// A value of another type.
    Type {
        /// The key.
        key: &'static str,
        /// What it takes.
        wanted: Kind,
    },
    /// A table where a value is, or the other way round.
    NotATable(String),
    /// A name that an account cannot have.
    Name(String),
    /// An account without a server.
    NoServer(String),
    /// Two keys that say where the secret is.
    TwoSecrets {
        /// The first of them.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A table without a key that it needs.
    Lacks {
        /// The table.
        table: &'static str,
        /// The key, with the table's name in front.
        key: &'static str,
    },
    /// `default` names no account.
    NoDefault(String),
}

/// What is wrong with the file itself.
#[derive(Debug)]
pub enum FileFault {
    /// It cannot be opened or read.
    Io(io::Error),
    /// It is no file: a folder, a pipe, a device.
    NotAFile,
    /// It has more octets than a configuration has.
    TooLarge,
    /// It is no text.
    NotText(NoText),
    /// Something that may be done to it by others, or its owner.
    Problem(Problem),
}

/// Who may do what to a file, and should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Others can write it.
    WritableByOthers,
    /// Others can read it.
    ReadableByOthers,
    /// It belongs neither to the user nor to root.
    ForeignOwner,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::WritableByOthers => "others can write it",
            Problem::ReadableByOthers => "others can read it",
            Problem::ForeignOwner => "it belongs neither to you nor to root",
        })
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileFault::Io(error) => error.fmt(f),
            FileFault::NotAFile => f.write_str("it is not a file"),
            FileFault::TooLarge => f.write_str("it is larger than 1 MiB"),
            FileFault::NotText(why) => why.fmt(f),
            FileFault::Problem(problem) => problem.fmt(f),
        }
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigFault::File(fault) => fault.fmt(f),
            ConfigFault::Toml(message) => f.write_str(message),
            ConfigFault::UnknownKey { key, table, .. } if table.is_empty() => {
                write!(f, "unknown key '{}'", key.escape_debug())
            }
            ConfigFault::UnknownKey { key, table, .. } => {
                write!(f, "unknown key '{}' in [{}]", key.escape_debug(), table.escape_debug())
            }
            ConfigFault::UnknownTable(name) => write!(f, "unknown table [{}]", name.escape_debug()),
            ConfigFault::Secret(key) => {
                write!(f, "'{}': a secret does not belong in this file", key.escape_debug())
            }
            ConfigFault::Type { key, wanted } => write!(f, "'{key}' needs {wanted}"),
            ConfigFault::NotATable(key) => write!(f, "'{}' must be a table", key.escape_debug()),
            ConfigFault::Name(name) => write!(
                f,
                "'{}' is not a name for an account: use letters, digits, '_' and '@', and after the first also '-' and '.'",
                name.escape_debug()
            ),
            ConfigFault::NoServer(name) => write!(f, "account '{}' has no server", name.escape_debug()),
            ConfigFault::TwoSecrets { one, other } => write!(f, "'{one}' and '{other}' exclude each other"),
            ConfigFault::Lacks { table, key } => {
                let key = key.rsplit('.').next().unwrap_or(key);
                write!(f, "'{table}' needs '{key}'")
            }
            ConfigFault::NoDefault(name) => {
                write!(f, "the default account '{}' does not exist", name.escape_debug())
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Text => "a text in quotation marks",
            Kind::Texts => "a text, or a list of texts",
            Kind::Command => "a command: a list of its words, or a text",
            Kind::Flag => "true or false",
            Kind::Number => "a number from 1 up",
            Kind::Size => "a number of octets, or a text such as \"25M\"",
            Kind::Time => "a time such as \"30s\", \"5m\", \"1h20m\" or \"5d\"",
            Kind::Times => "a list of times such as [\"5m\", \"1h20m\"]",
        })
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file.display(), self.fault),
            None => write!(f, "{}: {}", self.file.display(), self.fault),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            ConfigFault::File(FileFault::Io(error)) => Some(error),
            ConfigFault::File(FileFault::NotText(error)) => Some(error),
            _ => None,
        }
    }
}
