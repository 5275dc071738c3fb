//! Accounts that are not used at present: a file for each, named after it. None is worth a sync: where one is lost
//! with the power, the account is tried once more.

use super::disk::{Disk, Folder};
use super::store::Files;
use crate::spool::error::SpoolError;
use crate::spool::line::unescape;
use crate::spool::pause::{Pause, decode, encode};
use rustix::io::Errno;
use std::fmt::Write;
use std::io;

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
    unescape(name).filter(|account| safe(account) == name)
}

/// Whether it cannot be read because it is no regular file.
fn is_no_file(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::LOOP | Errno::ISDIR | Errno::NXIO | Errno::SPIPE))
}

impl<D: Disk> Files<D> {
    pub(super) fn read_pause(&self, account: &str) -> Result<Option<Pause>, SpoolError> {
        let name = safe(account);
        match self.read_small(Folder::Accounts, &name) {
            Ok(octets) => Ok(octets.and_then(|octets| decode(&octets))),
            Err(_) if name.len() > LONGEST => Ok(None),
            // A link or a folder in its place says nothing of the account.
            Err(error) if is_no_file(&error) => Ok(None),
            Err(error) => Err(self.io("read", Folder::Accounts, &name)(error)),
        }
    }

    pub(super) fn read_pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError> {
        let mut accounts = Vec::new();
        self.list(Folder::Accounts, &mut |name, _| accounts.extend(account(name)))?;
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
        self.disk.make_folder(Folder::Accounts).map_err(self.io("make", Folder::Accounts, ""))?;
        let written = self.write_small(Folder::Accounts, &name, &encode(pause));
        written.map_err(self.io("write", Folder::Accounts, &name))
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
}
