//! Where a secret comes from: a file, a command, a variable, netrc(5), the keyring, the terminal; never an argument.
//!
//! No text in here repeats a value that was given where a name was wanted: it may be the secret itself.

use super::stop::{Result, Stop};
use crate::config::netrc;
use crate::config::secret::Secret;
use crate::config::words::words;
use crate::net::{self, Deadline, program};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The first line of a file; a warning if others can read it.
pub fn from_file(file: &Path, output: &Output) -> Result<Secret> {
    let failed = |error| Stop::no_input(error, format!("cannot read the password file {}", file.display()));
    let text = Zeroizing::new(std::fs::read_to_string(file).map_err(failed)?);
    warn_of_readers(file, "the password file ", output);
    Ok(first_line(&text))
}

/// A variable of the environment, and the `flag` that names it.
pub fn from_environment(name: &str, flag: &str) -> Result<Secret> {
    std::env::var(name)
        .map(Secret::new)
        .map_err(|_| Stop::usage(format!("{flag}: there is no variable of that name, or it is not UTF-8")))
}

/// What netrc has for this user and machine: `$NETRC`, else `~/.netrc`, which need not be there.
pub fn from_netrc(machine: &str, user: &str, output: &Output) -> Result<Option<Secret>> {
    let named = std::env::var_os("NETRC").filter(|name| !name.is_empty()).map(PathBuf::from);
    let Some(file) = named.clone().or_else(|| std::env::home_dir().map(|home| home.join(".netrc"))) else {
        return Ok(None);
    };
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Stop::no_input(error, format!("cannot read {}", file.display()))),
    };
    match netrc::password(&text, machine, user) {
        Ok(Some(secret)) => {
            warn_of_readers(&file, "", output);
            Ok(Some(secret))
        }
        Ok(None) => Ok(None),
        Err(netrc::BadNetrc { line }) => {
            output.warn(&format!("{} cannot be understood: line {line}", file.display()));
            Ok(None)
        }
    }
}

/// What the desktop keeps for this user: the entry of the service `ehlo/HOST`.
#[cfg(feature = "keyring")]
pub fn from_keyring(machine: &str, user: &str, output: &Output) -> Option<Secret> {
    let entry = keyring::v1::Entry::new(&format!("ehlo/{machine}"), user);
    match entry.and_then(|entry| entry.get_password()) {
        Ok(password) => Some(Secret::new(password)),
        Err(keyring::v1::Error::NoEntry) => None,
        Err(_) => {
            output.warn("the keyring cannot be asked");
            None
        }
    }
}

/// By typing, at a terminal.
pub fn from_terminal(user: &str) -> Result<Secret> {
    rpassword::prompt_password(format!("password of {user}: "))
        .map(Secret::new)
        .map_err(|error| Stop::io(error, "cannot ask for the password".to_owned()))
}

/// The first line that a command prints; `what` it is, and the `flag` that names it. Run without a shell,
/// without the `hidden` variables, and no longer than that.
pub fn from_command(
    command: &str,
    what: &str,
    flag: &str,
    hidden: &[String],
    until: Deadline,
) -> Result<Secret> {
    let words =
        words(command).ok_or_else(|| Stop::usage(format!("{flag}: a quotation mark is never closed")))?;
    let Some(program) = words.first() else {
        return Err(Stop::usage(format!("{flag} is empty")));
    };
    let done = program::printed(&words, hidden, until).map_err(|error| match error {
        net::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Stop::of(
            ExitStatus::NO_PERMISSION,
            format!("the {what} command {program} printed more than {} octets", program::MOST_PRINTED),
        ),
        net::Error::Io(error) => Stop::io(error, format!("cannot run the {what} command {program}")),
        error => Stop::io(error, format!("the {what} command {program} did not end")),
    })?;
    if !done.status.success() {
        let text = format!("the {what} command {program} failed ({})", done.status);
        return Err(Stop::of(ExitStatus::NO_PERMISSION, text));
    }
    let text = std::str::from_utf8(&done.octets)
        .map_err(|_| Stop::usage(format!("{flag}: what it printed is not UTF-8")))?;
    Ok(first_line(text))
}

fn warn_of_readers(file: &Path, what: &str, output: &Output) {
    if readable_by_others(file) {
        output.warn(&format!("others can read {what}{}: chmod 600 it", file.display()));
    }
}

/// May somebody besides the owner read it?
#[cfg(unix)]
pub fn readable_by_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o077 != 0)
}

fn first_line(text: &str) -> Secret {
    Secret::new(text.lines().next().unwrap_or_default().to_owned())
}
