//! Where a secret comes from: a file, a command, a variable, netrc(5), the keyring, the terminal; never an
//! argument.
//!
//! No text in here repeats a value that was given where a name was wanted: it may be the secret itself.

use super::early_exit::{EarlyExit, Result};
use super::secret_file;
use crate::config::netrc;
use crate::config::secret::Secret;
use crate::config::text::{self, NoText};
use crate::config::words::{are_for_a_shell, words};
use crate::net::{self, Deadline, program};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::words;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The first line of a file, which is waited for until then if it is a pipe; a warning if others can read it.
pub fn from_file(file: &Path, until: Deadline, output: &Output) -> Result<Secret> {
    from_file_of(file, "the password file", until, output)
}

/// The same, of `what` file that is.
pub fn from_file_of(file: &Path, what: &str, until: Deadline, output: &Output) -> Result<Secret> {
    if file.as_os_str() == "-" {
        return Err(EarlyExit::usage("a password is not read from '-': for standard input name /dev/stdin"));
    }
    let failed = |error: net::Error| {
        if name_of(file).is_none() {
            let why = anyhow::anyhow!("no such file or directory; give the name of a file, not the password");
            return EarlyExit::no_input(why, format!("cannot read {what}"));
        }
        EarlyExit::unread(error, format!("cannot read {what} {}", file.display()))
    };
    let text = read(file, until).map_err(failed)?;
    warn_of_readers(file, &format!("{what} "), output);
    Ok(first_line(&text))
}

/// The name of a file, or of one in a folder that is there. A word that names nothing may be the secret
/// itself.
pub fn name_of(file: &Path) -> Option<String> {
    let first = file.components().next()?;
    Path::new(&first).symlink_metadata().ok().map(|_| file.display().to_string())
}

/// The most that a file with a secret may hold, in octets.
const LONGEST_FILE: usize = 1024 * 1024;

/// A whole file as text.
fn read(file: &Path, until: Deadline) -> std::result::Result<Zeroizing<String>, net::Error> {
    let octets = secret_file::read(file, LONGEST_FILE, until)?;
    let text = text::of(&octets)
        .map_err(|why| io::Error::new(io::ErrorKind::InvalidData, words::message::no_text(&why)))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// A variable of the environment, and the `flag` that names it.
pub fn from_environment(name: &str, flag: &str) -> Result<Secret> {
    // Filled from a file, as in P=$(cat FILE), it has the file's byte order mark.
    std::env::var(name)
        .map(|value| Secret::new(text::without_mark(&Zeroizing::new(value)).to_owned()))
        .map_err(|_| {
            EarlyExit::usage(format!(
                "{flag}: this variable is not set, or is not UTF-8 (its name is wanted, without '$')"
            ))
        })
}

/// What netrc has for this user and machine: `$NETRC`, else `~/.netrc`, which need not be there.
pub fn from_netrc(machine: &str, user: &str, output: &Output) -> Result<Option<Secret>> {
    let named = std::env::var_os("NETRC").filter(|name| !name.is_empty()).map(PathBuf::from);
    let Some(file) = named.clone().or_else(|| std::env::home_dir().map(|home| home.join(".netrc"))) else {
        return Ok(None);
    };
    let text = match read(&file, Deadline::never()) {
        Ok(text) => text,
        Err(net::Error::Io(error)) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(EarlyExit::unread(error, format!("cannot read {}", file.display()))),
    };
    match netrc::password(&text, machine, user) {
        Ok(Some(secret)) => {
            warn_of_readers(&file, "", output);
            Ok(Some(secret))
        }
        Ok(None) => Ok(None),
        Err(error) => {
            output.warn(&format!("{} {error}", file.display()));
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
            output.warn("the keyring is not available");
            None
        }
    }
}

/// By typing, at a terminal.
pub fn from_terminal(user: &str) -> Result<Secret> {
    rpassword::prompt_password(format!("password of {}: ", printable(user)))
        .map(Secret::new)
        .map_err(|error| EarlyExit::io(error, "cannot ask for the password".to_owned()))
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
    let words = command_words(command, flag)?;
    let program = words.first().map_or("", String::as_str);
    let done = program::printed(&words, hidden, until).map_err(|error| match error {
        net::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => EarlyExit::of(
            ExitStatus::NO_PERMISSION,
            format!("the {what} command {program} printed more than {} octets", program::MOST_PRINTED),
        ),
        net::Error::Io(error)
            if error.kind() == io::ErrorKind::NotFound
                && (!program.contains('/') || name_of(Path::new(program)).is_none()) =>
        {
            let why = anyhow::anyhow!("no such program; give a command, not the {what}");
            EarlyExit::io(why, format!("cannot run the {what} command"))
        }
        net::Error::Io(error) => EarlyExit::io(error, format!("cannot run the {what} command {program}")),
        error => EarlyExit::in_time(error, format!("the {what} command {program} did not end")),
    })?;
    if !done.status.success() {
        let text = format!("the {what} command {program} failed ({})", done.status);
        return Err(EarlyExit::of(ExitStatus::NO_PERMISSION, text));
    }
    let text = text::of(&done.octets).map_err(|error| {
        EarlyExit::usage(match error {
            NoText::Utf16 => format!("{flag}: what it printed is UTF-16, not UTF-8"),
            NoText::NotUtf8 => format!("{flag}: what it printed is not UTF-8"),
        })
    })?;
    Ok(first_line(text))
}

/// The words of a command that gives a secret: the program and its arguments. One that was written for a
/// shell would print something else than meant, which would be said to the server; its words may hold the
/// secret.
pub fn command_words(command: &str, flag: &str) -> Result<Vec<String>> {
    let words = words(command)
        .ok_or_else(|| EarlyExit::usage(format!("{flag}: a quotation mark is never closed")))?;
    if words.is_empty() {
        return Err(EarlyExit::usage(format!("{flag} is empty")));
    }
    if are_for_a_shell(command) {
        return Err(EarlyExit::usage(format!(
            "{flag}: it uses shell syntax, but runs without a shell: wrap it in sh -c '...'"
        )));
    }
    Ok(words)
}

/// Warns of a file of this kind that others can read.
pub fn warn_of_readers(file: &Path, what: &str, output: &Output) {
    if readable_by_others(file) {
        output.warn(&format!("others can read {what}{}: chmod 600 it", file.display()));
    }
}

/// Whether somebody besides the owner may read it.
#[cfg(unix)]
pub fn readable_by_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o077 != 0)
}

fn first_line(text: &str) -> Secret {
    Secret::new(text.lines().next().unwrap_or_default().to_owned())
}
