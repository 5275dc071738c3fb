//! Flags that take a password with other programs. None does here: what stands behind one is never repeated.

use clap::Command;

use super::slips;

/// What a part of such a flag's name is, if it does not begin with `pass` or end with it.
const PARTS: [&str; 11] = [
    "pw",
    "pwd",
    "userpwd",
    "secret",
    "token",
    "bearer",
    "apikey",
    "cred",
    "creds",
    "credential",
    "credentials",
];

/// Whether a flag of this name takes a password: `--password`, `--smtp-pass`, `--api-token`, and
/// `--pasword` too.
pub(super) fn is_taken_by(flag: &str) -> bool {
    let name = flag.trim_start_matches('-').to_ascii_lowercase();
    let is_one = |part: &str| {
        part.starts_with("pass")
            || part.ends_with("pass")
            || part.contains("passw")
            || PARTS.contains(&part)
            || slips::is_slip(part, "password")
    };
    name.split(['-', '_']).any(is_one)
}

/// What is said of it: where a password comes from with this subcommand.
pub(super) fn sentence(command: &Command) -> String {
    let why = "a password is not taken as an argument, where everybody on this host could read it";
    let takes_one = slips::has(command, "--password-file") || command.has_subcommands();
    if takes_one {
        return format!(
            "{why}: use --password-file, --password-command, --password-env, or wait to be asked"
        );
    }
    let name = command.get_bin_name().unwrap_or("ehlo");
    format!("{why}: '{name}' does not log in; other commands have --password-file")
}

#[cfg(test)]
mod tests {
    use super::is_taken_by;

    #[test]
    fn a_flag_for_a_password_is_known_by_its_name() {
        for flag in [
            "--password",
            "--passwd",
            "--pass",
            "--pw",
            "-pass",
            "-password",
            "--auth-password",
            "--smtp-pass",
            "--smtp_password",
            "--token",
            "--api-token",
            "--secret",
            "--pasword",
            "--Password",
            "--userpwd",
            "--passphrase",
            "--smtppass",
            "--passwrod",
        ] {
            assert!(is_taken_by(flag), "{flag}");
        }
        for flag in ["--port", "--subject", "--to", "--paper", "-a", "--path", "--proxy"] {
            assert!(!is_taken_by(flag), "{flag}");
        }
    }
}
