//! From the text of config.toml to values of the right types.

use super::error::{ConfigError, ConfigFault};
use super::keys::{
    DKIM, Key, Kind, OAUTH, OF_ACCOUNT, OF_DKIM, OF_FILE, OF_LIMITS, OF_OAUTH, OF_QUEUE, OF_SECRET,
    OF_SENDMAIL,
};
use super::time;
use super::{Account, Config, Given, Value};
use crate::config::words::{quoted, words};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How names end that other programs give to a secret.
const SECRETS: [&str; 4] = ["password", "passwd", "token", "secret"];

/// The tables beside the accounts. The keys of each begin with its name and a dot.
const TABLES: [(&str, &[Key]); 2] = [("queue", OF_QUEUE), ("sendmail", OF_SENDMAIL)];

/// The most octets of an account's name.
const LONGEST_NAME: usize = 200;

/// The tables of an account.
const OF_TABLE: [(&str, &[Key]); 2] = [("limits", OF_LIMITS), (OAUTH, OF_OAUTH)];

/// Reads the text of a file.
///
/// # Errors
/// The first thing that is wrong with it, and its line.
pub fn read(text: &str, file: &Path) -> Result<Config, ConfigError> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
    let lines = Lines { ends, file };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        lines.wrong(at, ConfigFault::Toml(in_a_line(error.message())))
    })?;
    let mut config = Config { file: file.to_owned(), ..Config::default() };
    for (key, value) in table.get_ref() {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        if name == "account" {
            config.accounts = lines.accounts(value)?;
        } else if let Some((_, keys)) = TABLES.iter().find(|(table, _)| *table == name) {
            lines.inside(name, keys, value, &mut config.values)?;
        } else if OF_FILE.iter().all(|key| key.name != name) && value.get_ref().is_table() {
            return Err(lines.wrong(at, ConfigFault::UnknownTable(name.to_owned())));
        } else {
            let key = lines.known(OF_FILE, "", name, String::new, &["account", "queue", "sendmail"], at)?;
            config.values.insert(key.name, lines.given(key, value)?);
        }
    }
    config.accounts.sort_by_key(|account| account.line);
    Ok(config)
}

/// Where each line ends, for their numbers.
struct Lines<'a> {
    ends: Vec<usize>,
    file: &'a Path,
}

impl Lines<'_> {
    fn line(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at) + 1
    }

    fn wrong(&self, at: usize, fault: ConfigFault) -> ConfigError {
        ConfigError { file: self.file.to_owned(), line: Some(self.line(at)), fault }
    }

    /// The key of this name behind `prefix`, in a table that may hold these `others` as well.
    fn known(
        &self,
        keys: &'static [Key],
        prefix: &str,
        name: &str,
        table: impl FnOnce() -> String,
        others: &[&'static str],
        at: usize,
    ) -> Result<&'static Key, ConfigError> {
        let found = keys.iter().find(|key| key.name.strip_prefix(prefix) == Some(name));
        found.ok_or_else(|| {
            let key = name.to_owned();
            let is_secret = name == "pass" || SECRETS.iter().any(|secret| name.ends_with(secret));
            self.wrong(
                at,
                match is_secret {
                    true => ConfigFault::Secret(key),
                    false => {
                        let names = keys.iter().filter_map(|key| key.name.strip_prefix(prefix));
                        let known = names.chain(others.iter().copied()).collect();
                        ConfigFault::UnknownKey { key, table: table(), known }
                    }
                },
            )
        })
    }

    fn table<'t, 'i>(
        &self,
        name: &str,
        value: &'t Spanned<DeValue<'i>>,
    ) -> Result<&'t DeTable<'i>, ConfigError> {
        let fault = || self.wrong(value.span().start, ConfigFault::NotATable(name.to_owned()));
        value.get_ref().as_table().ok_or_else(fault)
    }

    fn accounts(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Account>, ConfigError> {
        let table = self.table("account", value)?;
        table
            .iter()
            .map(|(name, value)| {
                let at = name.span().start;
                let name = name.get_ref().as_ref();
                if !is_name(name) {
                    return Err(self.wrong(at, ConfigFault::Name(name.to_owned())));
                }
                let values = self.account(name, self.table(&format!("account.{name}"), value)?)?;
                if !values.contains_key("server") {
                    return Err(self.wrong(at, ConfigFault::NoServer(name.to_owned())));
                }
                self.has_one_secret(&values)?;
                Ok(Account { name: name.to_owned(), line: self.line(at), values })
            })
            .collect()
    }

    /// Which of two would count is not for the reader of the file to guess.
    fn has_one_secret(&self, values: &BTreeMap<&'static str, Given>) -> Result<(), ConfigError> {
        // The keys of a table have its name in front.
        let given = |name: &str| {
            let is_one =
                |key: &str| key == name || key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
            values.iter().find(|(key, _)| is_one(key)).map(|(_, given)| given)
        };
        let is_given = |name: &&&str| match given(name).map(|given| &given.value) {
            Some(Value::Flag(is_set)) => *is_set,
            given => given.is_some(),
        };
        let mut named = OF_SECRET.iter().filter(is_given);
        let (Some(one), Some(other)) = (named.next(), named.next()) else { return Ok(()) };
        let line = given(other).map(|given| given.line);
        let fault = ConfigFault::TwoSecrets { one, other };
        Err(ConfigError { file: self.file.to_owned(), line, fault })
    }

    fn account(&self, name: &str, table: &DeTable<'_>) -> Result<BTreeMap<&'static str, Given>, ConfigError> {
        let mut values = BTreeMap::new();
        for (key, value) in table {
            let key_name = key.get_ref().as_ref();
            match OF_TABLE.iter().find(|(table, _)| *table == key_name) {
                // The provider alone, which is a table of one.
                Some((OAUTH, [provider, ..])) if !value.get_ref().is_table() => {
                    values.insert(provider.name, self.given(provider, value)?);
                }
                Some((table, keys)) => {
                    self.inside(&format!("account.{name}.{table}"), keys, value, &mut values)?;
                }
                None if key_name == DKIM => self.signing(name, value, &mut values)?,
                None => {
                    let inside = || format!("account.{name}");
                    let tables = OF_TABLE.map(|(table, _)| table);
                    let tables: Vec<&str> = tables.into_iter().chain([DKIM]).collect();
                    let key = self.known(OF_ACCOUNT, "", key_name, inside, &tables, key.span().start)?;
                    values.insert(key.name, self.given(key, value)?);
                }
            }
        }
        Ok(values)
    }

    /// The tables of `dkim`, one for each key, into lists.
    fn signing(
        &self,
        account: &str,
        value: &Spanned<DeValue<'_>>,
        values: &mut BTreeMap<&'static str, Given>,
    ) -> Result<(), ConfigError> {
        let line = self.line(value.span().start);
        let tables = match value.get_ref() {
            DeValue::Array(tables) => tables.iter().collect(),
            _ => vec![value],
        };
        let mut lists: Vec<Vec<String>> = vec![Vec::new(); OF_DKIM.len()];
        for table in tables {
            let mut of_table = BTreeMap::new();
            self.inside(&format!("account.{account}.{DKIM}"), OF_DKIM, table, &mut of_table)?;
            for (key, list) in OF_DKIM.iter().zip(&mut lists) {
                let text = match of_table.remove(key.name).map(|given| given.value) {
                    Some(Value::Text(text)) => text,
                    _ if key.name == "dkim.domain" => String::new(),
                    _ => {
                        let fault = ConfigFault::Lacks { table: DKIM, key: key.name };
                        return Err(self.wrong(table.span().start, fault));
                    }
                };
                list.push(text);
            }
        }
        values.extend(
            OF_DKIM.iter().zip(lists).map(|(key, list)| (key.name, Given { value: Value::List(list), line })),
        );
        Ok(())
    }

    /// The keys of a table, into `values`. The last step of its name stands in front of each.
    fn inside(
        &self,
        name: &str,
        keys: &'static [Key],
        value: &Spanned<DeValue<'_>>,
        values: &mut BTreeMap<&'static str, Given>,
    ) -> Result<(), ConfigError> {
        let prefix = format!("{}.", name.rsplit('.').next().unwrap_or(name));
        for (key, value) in self.table(name, value)? {
            let at = key.span().start;
            let key = self.known(keys, &prefix, key.get_ref(), || name.to_owned(), &[], at)?;
            values.insert(key.name, self.given(key, value)?);
        }
        Ok(())
    }

    fn given(&self, key: &'static Key, value: &Spanned<DeValue<'_>>) -> Result<Given, ConfigError> {
        let at = value.span().start;
        let fault = || self.wrong(at, ConfigFault::Type { key: key.name, wanted: key.kind });
        let value = typed(key.kind, value.get_ref()).ok_or_else(fault)?;
        Ok(Given { value, line: self.line(at) })
    }
}

/// The value as a key of this kind takes it.
fn typed(kind: Kind, value: &DeValue<'_>) -> Option<Value> {
    let text = || value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let texts = || {
        let items = value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
        items.collect::<Option<Vec<_>>>().filter(|texts| !texts.is_empty())
    };
    let number = || {
        let number = value.as_integer()?;
        u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| *number > 0)
    };
    match kind {
        Kind::Text => text().map(Value::Text),
        Kind::Texts => text().map(|text| vec![text]).or_else(texts).map(Value::List),
        Kind::Command => {
            let command = text().filter(|text| words(text).is_some_and(|words| !words.is_empty()));
            command.or_else(|| texts().map(|words| quoted(&words))).map(Value::Text)
        }
        Kind::Flag => value.as_bool().map(Value::Flag),
        Kind::Number => number().map(Value::Number),
        Kind::Size => number().or_else(|| size(value.as_str()?)).map(Value::Number),
        Kind::Time => time::seconds(value.as_str()?).map(Value::Number),
        Kind::Times => {
            let list = text().map(|text| vec![text]).or_else(texts)?;
            list.iter().map(|text| time::seconds(text)).collect::<Option<_>>().map(Value::Numbers)
        }
    }
}

/// `25M`, `500k`, `1G`, or digits alone: octets.
fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(|c: char| c.is_ascii_alphabetic()) {
        Some(digits) => (digits, text.chars().last()?.to_ascii_lowercase()),
        None => (text, ' '),
    };
    let factor: u64 = match unit {
        ' ' => 1,
        'k' => 1_000,
        'm' => 1_000_000,
        'g' => 1_000_000_000,
        _ => return None,
    };
    let number = digits.parse::<u64>().ok().filter(|number| *number > 0);
    number.and_then(|number| number.checked_mul(factor))
}

fn is_name(name: &str) -> bool {
    let is_fit = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    // A file may have its name: no dot in front, and not too long.
    (1..=LONGEST_NAME).contains(&name.len()) && !name.starts_with(['-', '.']) && name.chars().all(is_fit)
}

/// What a parser says, on one line.
fn in_a_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
