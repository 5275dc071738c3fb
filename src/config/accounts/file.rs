//! Where config.toml is, and whether it can be relied on: a file of ours or of root's, which nobody else can
//! write.
#![allow(clippy::disallowed_types, reason = "this is where the configuration is read")]

use super::error::{ConfigError, ConfigFault, FileFault, Problem};
use crate::config::text;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The most that a configuration may hold, in octets.
const LONGEST: u64 = 1024 * 1024;

/// Whose configuration it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The user's own.
    User,
    /// The machine's.
    System,
}

/// What was found in a place.
#[derive(Debug)]
pub enum Fetched {
    /// A text.
    Text(String),
    /// Nothing is there.
    Missing,
    /// The machine's, which this user may not read.
    NotOurs,
}

/// The files that there may be, the user's first: `$XDG_CONFIG_HOME/ehlo/config.toml` or
/// `~/.config/ehlo/config.toml`, and `/etc/ehlo/config.toml`.
#[must_use]
pub fn places(variable: impl Fn(&str) -> Option<OsString>) -> Vec<(Place, PathBuf)> {
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
    let own = folder.map(|folder| (Place::User, folder.join("ehlo/config.toml")));
    own.into_iter().chain([(Place::System, PathBuf::from(MACHINES))]).collect()
}

/// The machine's file.
const MACHINES: &str = "/etc/ehlo/config.toml";

/// Whether this is the machine's file.
#[must_use]
pub fn is_machines(path: &Path) -> bool {
    path == Path::new(MACHINES)
}

/// Reads a file of the configuration. `user` is the number of who we are.
///
/// # Errors
/// When it is there and cannot be used.
pub fn fetch(place: Place, path: &Path, user: u32) -> Result<Fetched, ConfigError> {
    let wrong = |fault| ConfigError { file: path.to_owned(), line: None, fault: ConfigFault::File(fault) };
    // Not blocking: a pipe that nobody writes would be waited for.
    let opened = File::options().read(true).custom_flags(NONBLOCK).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if is_missing(&error) => return Ok(Fetched::Missing),
        Err(error) if place == Place::System && error.kind() == io::ErrorKind::PermissionDenied => {
            return Ok(Fetched::NotOurs);
        }
        Err(error) => return Err(wrong(FileFault::Io(error))),
    };
    let facts = file.metadata().map_err(|error| wrong(FileFault::Io(error)))?;
    if !facts.is_file() {
        return Err(wrong(FileFault::NotAFile));
    }
    if let Some(problem) = problem(facts.mode(), facts.uid(), user, false) {
        return Err(wrong(FileFault::Problem(problem)));
    }
    // One read, and one that finds the end.
    let mut octets = Vec::with_capacity(usize::try_from(facts.len().min(LONGEST)).unwrap_or_default() + 1);
    let done = file.by_ref().take(LONGEST + 1).read_to_end(&mut octets);
    done.map_err(|error| wrong(FileFault::Io(error)))?;
    if u64::try_from(octets.len()).is_ok_and(|length| length > LONGEST) {
        return Err(wrong(FileFault::TooLarge));
    }
    let text = text::of(&octets).map_err(|why| wrong(FileFault::NotText(why)))?;
    Ok(Fetched::Text(text.to_owned()))
}

/// `O_NONBLOCK`.
const NONBLOCK: i32 = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What is wrong with the mode or the owner of a file; a secret must not be readable either.
#[must_use]
pub fn problem(mode: u32, owner: u32, user: u32, is_secret: bool) -> Option<Problem> {
    if owner != 0 && owner != user {
        return Some(Problem::ForeignOwner);
    }
    if mode & 0o022 != 0 {
        return Some(Problem::WritableByOthers);
    }
    (is_secret && mode & 0o044 != 0).then_some(Problem::ReadableByOthers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_comes_first_and_a_relative_folder_does_not_count() {
        let found = |variables: &[(&str, &str)]| {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
            };
            places(variable).into_iter().map(|(_, path)| path.display().to_string()).collect::<Vec<_>>()
        };
        let etc = "/etc/ehlo/config.toml";
        let home = ("HOME", "/home/me");
        assert_eq!(found(&[home]), ["/home/me/.config/ehlo/config.toml", etc]);
        assert_eq!(found(&[home, ("XDG_CONFIG_HOME", "/x")]), ["/x/ehlo/config.toml", etc]);
        assert_eq!(found(&[home, ("XDG_CONFIG_HOME", "x")]), ["/home/me/.config/ehlo/config.toml", etc]);
        assert_eq!(found(&[("HOME", "me")]), [etc]);
        assert_eq!(found(&[]), [etc]);
    }

    #[test]
    fn a_file_is_ours_or_roots_and_nobody_else_writes_it() {
        for (mode, owner, is_secret, found) in [
            (0o644, 7, false, None),
            (0o640, 0, false, None),
            (0o664, 7, false, Some(Problem::WritableByOthers)),
            (0o602, 7, false, Some(Problem::WritableByOthers)),
            (0o600, 8, false, Some(Problem::ForeignOwner)),
            (0o600, 7, true, None),
            (0o400, 0, true, None),
            (0o640, 7, true, Some(Problem::ReadableByOthers)),
            (0o604, 7, true, Some(Problem::ReadableByOthers)),
        ] {
            assert_eq!(problem(mode, owner, 7, is_secret), found, "{mode:o} {owner}");
        }
    }
}
