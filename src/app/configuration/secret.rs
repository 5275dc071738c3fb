//! Where the secret of an account is kept: a file that nobody else can read, or a credential that systemd hands
//! over.
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "the modes of files are looked at")]

use super::super::early_exit::{EarlyExit, Result};
use super::choose::Chosen;
use crate::cli::SessionArgs;
use crate::config::accounts::{Problem, problem};
use crate::report::exit::ExitStatus;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A path in a configuration: `~/` is the home of the user, and a name alone is one beside the file.
pub fn path(file: &Path, text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => file.parent().unwrap_or(Path::new(".")).join(text),
    }
}

/// Refuses a file with a secret, or a key, that others can read or write. One that is not there is told of by
/// whoever reads it.
pub(super) fn check(chosen: &Chosen, session: &SessionArgs) -> Result<()> {
    let user = rustix::process::geteuid().as_raw();
    let oauth = session.login.oauth.as_deref();
    for (key, used) in [
        ("password-file", session.login.password_file.as_deref()),
        ("oauth-client-secret-file", oauth.and_then(|oauth| oauth.secret_file.as_deref())),
        ("proxy-password-file", session.server.proxy_password_file.as_deref()),
        ("client-key", session.tls.client_key.as_deref()),
    ] {
        let own = chosen.account.text(key).map(|text| path(&chosen.file, text));
        let Some(file) = own.filter(|own| used == Some(own)) else { continue };
        let Ok(facts) = std::fs::metadata(&file) else { continue };
        if let Some(problem) = problem(facts.mode(), facts.uid(), user, true).filter(|_| facts.is_file()) {
            let way_out = match problem {
                Problem::ForeignOwner => "chown it to yourself".to_owned(),
                _ => format!("run chmod 600 {}", file.display()),
            };
            let text = format!("account '{}': {}: {problem}: {way_out}", chosen.account.name, file.display());
            return Err(EarlyExit::of(ExitStatus::CONFIG, text));
        }
    }
    Ok(())
}

/// `password-credential`: systemd puts it into a folder of the service's own (systemd.exec(5),
/// `LoadCredential=`).
pub(super) fn fill(chosen: &Chosen, session: &mut SessionArgs) -> Result<()> {
    let login = &mut session.login;
    const KEY: &str = "password-credential";
    let Some(name) = chosen.account.text(KEY).filter(|_| !login.names_a_secret()) else { return Ok(()) };
    login.password_file = Some(credential(name, |what| chosen.wrong(KEY, what))?);
    Ok(())
}

/// The file of the credential of this name. What is wrong is told by `wrong`, which puts the key in front.
pub fn credential(name: &str, wrong: impl Fn(&str) -> EarlyExit) -> Result<PathBuf> {
    if name.contains('/') || name.starts_with('.') {
        return Err(wrong(" needs the name of a credential"));
    }
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(|| {
        wrong(": no credentials here (CREDENTIALS_DIRECTORY is not set); a service gets them by LoadCredential=")
    })?;
    Ok(Path::new(&folder).join(name))
}
