//! Accounts that are not used at present: a file for each, named after it. None is worth a sync: where one is lost
//! with the power, the account is tried once more.

use super::disk::{Disk, DiskFile, Folder, fill};
use super::store::Files;
use crate::spool::error::SpoolError;
use crate::spool::pause::Pause;
use std::fmt::Write;
use std::io;

/// The first line.
const HEAD: &str = "ehlo-pause 1";
/// The longest file that is read.
const MOST: usize = 16 << 10;
/// The longest name of an account that is kept.
const LONGEST: usize = 240;

/// The name as that of a file: whatever is no letter, digit, `-` or `_` as `%` and two digits.
fn safe(account: &str) -> String {
    let mut name = String::new();
    for octet in account.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(octet)),
            _ => drop(write!(name, "%{octet:02x}")),
        }
    }
    name
}

/// The account that a file is named after.
fn account(name: &str) -> Option<String> {
    let mut parts = name.split('%');
    let mut octets = parts.next()?.as_bytes().to_vec();
    for part in parts {
        octets.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        octets.extend(part.get(2..)?.as_bytes());
    }
    String::from_utf8(octets).ok().filter(|account| safe(account) == name)
}

fn encode(pause: &Pause) -> String {
    let why = pause.why.replace(|c: char| c.is_control(), " ");
    let refused = if pause.is_refused { "yes" } else { "no" };
    format!(
        "{HEAD}\nsince {}\nuntil {}\nfailures {}\nrefused {refused}\nconfiguration {:016x}\nwhy {why}\n",
        pause.since, pause.until, pause.failures, pause.configuration
    )
}

/// What cannot be read is no pause.
fn decode(text: &str) -> Option<Pause> {
    let mut lines = text.strip_suffix('\n')?.lines();
    let head = lines.next();
    let mut value = |name| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
    let pause = Pause {
        since: value("since")?.parse().ok()?,
        until: value("until")?.parse().ok()?,
        failures: value("failures")?.parse().ok()?,
        is_refused: value("refused")? == "yes",
        configuration: u64::from_str_radix(value("configuration")?, 16).ok()?,
        why: value("why")?.to_owned(),
    };
    (head == Some(HEAD)).then_some(pause)
}

impl<D: Disk> Files<D> {
    pub(super) fn read_pause(&self, account: &str) -> Result<Option<Pause>, SpoolError> {
        let name = safe(account);
        let read = self.disk.open(Folder::Accounts, &name, false).and_then(|file| {
            let mut octets = vec![0; MOST];
            let count = fill(&file, &mut octets, 0)?;
            octets.truncate(count);
            Ok(octets)
        });
        match read {
            Ok(octets) => Ok(std::str::from_utf8(&octets).ok().and_then(decode)),
            Err(error) if error.kind() == io::ErrorKind::NotFound || name.len() > LONGEST => Ok(None),
            Err(error) => Err(self.io("read", Folder::Accounts, &name)(error)),
        }
    }

    pub(super) fn read_pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError> {
        let mut accounts = Vec::new();
        match self.disk.list(Folder::Accounts, &mut |name, _| accounts.extend(account(name))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listed => listed.map_err(self.io("list", Folder::Accounts, ""))?,
        }
        accounts.sort();
        let mut pauses = Vec::new();
        for account in accounts {
            pauses.extend(self.read_pause(&account)?.map(|pause| (account, pause)));
        }
        Ok(pauses)
    }

    pub(super) fn write_pause(&self, account: &str, pause: Option<&Pause>) -> Result<(), SpoolError> {
        let name = safe(account);
        let Some(pause) = pause else {
            return match self.disk.unlink(Folder::Accounts, &name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(self.io("remove", Folder::Accounts, &name)(error))
                }
                _ => Ok(()),
            };
        };
        if name.len() > LONGEST {
            return Err(self.io("make", Folder::Accounts, &name)(io::ErrorKind::InvalidFilename.into()));
        }
        let tmp = format!("{name}.{}", std::process::id());
        self.disk.make_folder(Folder::Accounts).map_err(self.io("make", Folder::Accounts, ""))?;
        let written = self
            .disk
            .make(Folder::Tmp, &tmp, 0o600)
            .and_then(|file| file.write_at(encode(pause).as_bytes(), 0))
            .and_then(|()| self.disk.rename(Folder::Tmp, &tmp, Folder::Accounts, &name));
        written.map_err(|error| {
            let _ = self.disk.unlink(Folder::Tmp, &tmp);
            self.io("write", Folder::Accounts, &name)(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_that_of_a_file_and_back() {
        for (given, file) in
            [("work", "work"), ("../x", "%2e%2e%2fx"), ("a b%", "a%20b%25"), ("\u{e9}", "%c3%a9"), ("", "")]
        {
            assert_eq!(safe(given), file);
            assert_eq!(account(file).as_deref(), Some(given));
        }
        for file in ["work.4711", "a%2", "%zz", "%FF", "%41"] {
            assert_eq!(account(file), None, "{file}");
        }
    }

    #[test]
    fn a_pause_is_read_back_and_half_of_one_is_none() {
        let why = "535 5.7.8 no\nmore".to_owned();
        let moment = |text: &str| text.parse().unwrap();
        let pause = Pause {
            since: moment("1796000000+4711@3f2a9c01"),
            until: moment("1796000300+5011@3f2a9c01"),
            why,
            failures: 3,
            is_refused: true,
            configuration: 0x1234_5678_9abc_def0,
        };
        let text = encode(&pause);
        assert_eq!(decode(&text), Some(Pause { why: "535 5.7.8 no more".to_owned(), ..pause }));
        for at in 0..text.len() {
            assert_eq!(decode(&text[..at]), None, "cut at {at}");
        }
    }
}
