//! The user and the secret of an account go to its own server, and are used for its own user, and what a
//! variable without a value means.

use crate::account::{HELLO_PLAIN, LOGIN, PLAIN, served, smith};
use crate::harness::{Ehlo, ehlo};
use crate::*;

const NOT_USED: &str =
    "ehlo: account 'work': its user and secret are not used, since another server is named\n";

/// The account's user is in the URL of its server.
fn in_url() -> String {
    LOGIN.replace("smtp://", "smtp://smith@").replace("user = 'smith'\n", "")
}

fn logged_in() -> String {
    format!("{HELLO_PLAIN}{PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}")
}

fn not_logged_in() -> String {
    format!("{HELLO_PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}")
}

/// With a password that is kept beside the configuration.
fn with(toml: &str, line: &str, dialogue: &str) -> Ehlo {
    served(toml, line, dialogue).file_of_mode(".config/ehlo/pw", "open sesame\n", 0o600)
}

#[test]
fn the_secret_is_read_beside_the_configuration() {
    let dialogue = format!("{HELLO_PLAIN}{PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    smith("-A work", &dialogue).stdout(JONES_HAS_IT).exit(0);
    // The server of the account may be named too.
    smith("-A work -S 127.0.0.1:PORT", &dialogue).stdout(JONES_HAS_IT).exit(0);
    smith("-A work -S smtp://127.0.0.1 -p PORT", &dialogue).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_secret_does_not_go_to_another_server_or_for_another_user() {
    let dialogue = format!("{HELLO_PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let text = "ehlo: account 'work': its user and secret are not used, since another server is named\n";
    smith("-A work -S localhost:PORT", &dialogue).stdout(JONES_HAS_IT).stderr(text).exit(0);
    let text =
        "ehlo: no password for jones: use --password-file, --password-command, --password-env or netrc\n";
    smith("-A work -u jones", "").stderr(text).exit(64);
    smith("-A work", "").env("EHLO_USER", "jones").stderr(text).exit(64);
}

#[test]
fn a_secret_that_others_can_read_is_78() {
    for mode in [0o640, 0o604, 0o622] {
        let verb = if mode == 0o622 { "write" } else { "read" };
        let file = "DIR/.config/ehlo/pw";
        let said = format!("ehlo: account 'work': {file}: others can {verb} it: run chmod 600 {file}\n");
        let run = ehlo("account test").config(&format!("default = 'work'\n{}", LOGIN.replace("PORT", "25")));
        run.file_of_mode(".config/ehlo/pw", "open sesame\n", mode).stderr(&said).exit(78);
    }
}

#[test]
fn a_credential_of_systemd_is_read_from_its_folder() {
    let toml = LOGIN.replace("password-file = 'pw'", "password-credential = 'smtp'");
    let dialogue = format!("{HELLO_PLAIN}{PLAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let run = served(&toml, "-A work", &dialogue).env("CREDENTIALS_DIRECTORY", "DIR");
    run.file_of_mode("smtp", "open sesame\n", 0o400).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn another_port_of_the_same_host_is_another_server() {
    let toml = LOGIN.replace(":PORT", "");
    with(&toml, "-A work -p PORT", &not_logged_in()).stdout(JONES_HAS_IT).stderr(NOT_USED).exit(0);
}

#[test]
fn a_secret_is_not_used_for_a_user_in_the_url() {
    let said =
        "ehlo: no password for eve: use --password-file, --password-command, --password-env or netrc\n";
    for toml in [LOGIN.to_owned(), in_url()] {
        with(&toml, "-A work -S smtp://eve@127.0.0.1:PORT", "").stderr(said).exit(64);
        let own = "-A work -S smtp://smith@127.0.0.1:PORT";
        with(&toml, own, &logged_in()).stdout(JONES_HAS_IT).exit(0);
    }
}

#[test]
fn the_user_of_the_account_may_be_in_its_url() {
    with(&in_url(), "-A work", &logged_in()).stdout(JONES_HAS_IT).exit(0);
    with(&in_url(), "-A work -S 127.0.0.1:PORT", &logged_in()).stdout(JONES_HAS_IT).exit(0);
    // As without an account, the URL goes before the variable.
    let run = with(&in_url(), "-A work", &logged_in()).env("EHLO_USER", "eve");
    run.stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn a_variable_without_a_value_is_as_none() {
    smith("-A work", &logged_in()).env("EHLO_USER", "").stdout(JONES_HAS_IT).exit(0);
    let default = format!("default = 'work'\n{LOGIN}");
    with(&default, "", &logged_in()).env("EHLO_ACCOUNT", "").stdout(JONES_HAS_IT).exit(0);
    smith("", "").arg("--account=").stderr("ehlo: --account needs a value\n").exit(64);
}

#[test]
fn what_netrc_has_for_one_server_does_not_go_to_another() {
    let toml = LOGIN
        .replace("'smtp://127.0.0.1:PORT'", "['smtp://127.0.0.1:1', 'smtp://localhost:PORT']")
        .replace("password-file = 'pw'\n", "");
    let first = "machine 127.0.0.1 login smith password wrong\n";
    let said = "ehlo: warning: no password for smith at localhost, so that server is left out\n\
                ehlo: cannot connect to 127.0.0.1:1: connection refused\n";
    let run = served(&toml, "-A work", "").file_of_mode(".netrc", first, 0o600);
    run.any_stdout().stderr(said).exit(75);
    let both = format!("{first}machine localhost login smith password 'open sesame'\n").replace('\'', "\"");
    let run = served(&toml, "-A work", &logged_in()).file_of_mode(".netrc", both, 0o600);
    run.stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn the_password_of_a_proxy_is_for_the_accounts_own() {
    let toml = "[account.work]\nserver = 'x.example'\nproxy = 'socks5://u@127.0.0.1:1'\nproxy-password-file = 'pw'\n";
    let run = |line: &str| with(toml, &format!("-A work -f a@b.example --dry-run {line}"), "");
    run("").any_stdout().exit(0);
    run("--proxy socks5://u@127.0.0.1:1").any_stdout().exit(0);
    let said = "ehlo: no password for u at the proxy: use --proxy-password-file or --proxy-password-env\n";
    run("--proxy socks5://u@127.0.0.1:2").stderr(said).exit(64);
}

#[test]
fn an_account_has_one_source_of_its_secret() {
    let toml = LOGIN.replace("tls =", "password-keyring = false\noauth-token-command = 'token'\ntls =");
    let said = "ehlo: DIR/.config/ehlo/config.toml, line 6: 'password-file' and 'oauth-token-command' exclude each \
                other\n";
    with(&toml, "-A work", "").stderr(said).exit(78);
}

#[test]
fn a_list_shows_no_password_of_a_url() {
    let of = |url: &str| ehlo("account list").config(&format!("[account.a]\nserver = '{url}'\n"));
    let said = "ehlo: DIR/.config/ehlo/config.toml, line 2: 'server': a password does not belong in a URL, where \
                others can see it: use password-file or password-command\n";
    of("smtp://me:hunter2@x.example").stderr(said).exit(78);
    let said = "ehlo: the account's server: the user contains a colon, and what follows it may be a password; a \
                password is never an argument: use --password-file or --password-command\n";
    of("smtp://me%3Ahunter2@x.example").stderr(said).exit(64);
}
