//! Where the password comes from: a file, a command, a variable, or the terminal; never an argument.

use super::stop::{Result, Stop};
use super::words::words;
use crate::cli::LoginArgs;
use crate::config::secret::Secret;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::sasl::{self, Credentials};
use std::path::Path;
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

/// The mechanisms asked for, in capitals.
pub fn mechanisms(args: &LoginArgs) -> Result<Vec<String>> {
    let names: Vec<String> = args.auth.iter().map(|name| name.trim().to_ascii_uppercase()).collect();
    if let Some(name) = names.iter().find(|name| !sasl::is_known(name)) {
        let known = sasl::KNOWN.join(", ");
        return Err(Stop::usage(format!("--auth: no mechanism '{name}' here; there are {known}")));
    }
    Ok(names)
}

/// The credentials of `user`; the password is read now.
pub fn credentials(args: &LoginArgs, user: &str, insecure: bool, output: &Output) -> Result<Credentials> {
    if user.contains(['\r', '\n', '\0']) {
        return Err(Stop::usage("--user: a line end or NUL in the name"));
    }
    let password = password(args, user, output)?;
    if password.reveal().is_empty() {
        return Err(Stop::usage(format!("the password of {user} is empty")));
    }
    if password.reveal().contains('\0') {
        return Err(Stop::usage(format!("the password of {user} holds a NUL")));
    }
    Ok(Credentials {
        user: user.to_owned(),
        password,
        mechanisms: mechanisms(args)?,
        allow_clear: args.allow_cleartext_auth,
        allow_unverified: insecure,
    })
}

/// Where it would come from, for `--dry-run`.
pub fn origin(args: &LoginArgs) -> String {
    match (&args.password_file, &args.password_command, &args.password_env) {
        (Some(file), _, _) => format!("password from the file {}", file.display()),
        (None, Some(_), _) => "password from --password-command".to_owned(),
        (None, None, Some(name)) => format!("password from the variable {name}"),
        (None, None, None) => "password asked for".to_owned(),
    }
}

fn password(args: &LoginArgs, user: &str, output: &Output) -> Result<Secret> {
    if let Some(file) = &args.password_file {
        return from_file(file, output);
    }
    if let Some(command) = &args.password_command {
        return from_command(command);
    }
    if let Some(name) = &args.password_env {
        return std::env::var(name).map(Secret::new).map_err(|_| {
            Stop::usage(format!("--password-env: there is no variable {name}, or it is not UTF-8"))
        });
    }
    if !output.can_ask() {
        return Err(Stop::usage(format!(
            "no password for {user}: use --password-file, --password-command or --password-env"
        )));
    }
    rpassword::prompt_password(format!("password of {user}: "))
        .map(Secret::new)
        .map_err(|error| Stop::io(error, "cannot ask for the password".to_owned()))
}

/// The first line of a file; a warning if others can read it.
pub fn from_file(file: &Path, output: &Output) -> Result<Secret> {
    let failed = |error| Stop::no_input(error, format!("cannot read the password file {}", file.display()));
    let text = Zeroizing::new(std::fs::read_to_string(file).map_err(failed)?);
    if readable_by_others(file) {
        output.warn(&format!("others can read the password file {}: chmod 600 it", file.display()));
    }
    Ok(first_line(&text))
}

#[cfg(unix)]
fn readable_by_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o077 != 0)
}

/// Runs it without a shell.
fn from_command(command: &str) -> Result<Secret> {
    let words =
        words(command).ok_or_else(|| Stop::usage("--password-command: a quotation mark is never closed"))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(Stop::usage("--password-command is empty"));
    };
    let run = Command::new(program).args(arguments).stdin(Stdio::inherit()).stderr(Stdio::inherit()).output();
    let done = run.map_err(|error| Stop::io(error, format!("cannot run the password command {program}")))?;
    let printed = Zeroizing::new(done.stdout);
    if !done.status.success() {
        let text = format!("the password command {program} failed ({})", done.status);
        return Err(Stop::of(ExitStatus::NO_PERMISSION, text));
    }
    let text = std::str::from_utf8(&printed)
        .map_err(|_| Stop::usage("--password-command: what it printed is not UTF-8"))?;
    Ok(first_line(text))
}

fn first_line(text: &str) -> Secret {
    Secret::new(text.lines().next().unwrap_or_default().to_owned())
}
