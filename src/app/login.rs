//! Who logs in, by what, and whether the flags go together. Where a secret comes from is in secrets.rs.

use super::early_exit::{EarlyExit, Result};
use super::{oauth, secrets};
use crate::cli::{LoginArgs, ServerArgs};
use crate::client::{Fetched, LoginPolicy, NoToken, Target, TokenSource};
use crate::config::secret::Secret;
use crate::net::tls::Verify;
use crate::net::{Deadline, interrupt};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::sasl::{self, Credentials, Means, Nonce};
use ehlo_smtp::auth::SecretOctets;
use std::time::Duration;

/// The server that the credentials are for.
struct For<'a> {
    /// Its name, if it has one.
    host: Option<&'a str>,
    /// Its port.
    port: u16,
    /// The user's word that it need not prove who it is.
    insecure: bool,
    /// The variables of the environment that hold secrets: a command does not get them.
    hidden: &'a [String],
    /// When the whole run must be over: a command that gives a secret is not waited for any longer.
    until: Deadline,
}

impl<'a> For<'a> {
    fn new(target: &'a Target) -> For<'a> {
        For {
            host: target.host.as_deref(),
            port: target.port(),
            insecure: target.tls.client.settings().verify == Verify::Skipped,
            hidden: &target.way.hidden,
            until: target.patience.whole,
        }
    }
}

/// The mechanisms asked for, in capitals.
fn mechanisms(args: &LoginArgs) -> Result<Vec<String>> {
    let names: Vec<String> = args.auth.iter().map(|name| name.trim().to_ascii_uppercase()).collect();
    if let Some(name) = names.iter().find(|name| !sasl::is_known(name)) {
        let known = sasl::KNOWN.join(", ");
        // What no mechanism is called by (RFC 4422, section 3.1) may be a user and a password.
        let is_name = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
        return Err(EarlyExit::usage(match name.len() <= 20 && name.bytes().all(is_name) {
            true => format!("--auth: unknown mechanism '{name}'; known are {known}"),
            false => format!("--auth: this is not a mechanism; known are {known}"),
        }));
    }
    Ok(names)
}

/// Who logs in; nobody, if no flag asks for it. Without a name only EXTERNAL can be used: the server knows by
/// other means who it is.
pub fn user(args: &LoginArgs, server: &ServerArgs, in_url: Option<&str>) -> Result<Option<String>> {
    let mechanisms = mechanisms(args)?;
    // A flag for a variable that is not set; the mail would go out without the log-in that was asked for.
    if args.user.as_deref() == Some("") && !args.user_by_variable {
        return Err(EarlyExit::usage("--user needs a value"));
    }
    let given = args.user.as_deref().filter(|user| !user.is_empty());
    let (flag, variable) = if args.user_by_variable { (None, given) } else { (given, None) };
    // Before any of them is named.
    let named = [(in_url, server.named_by), (given, args.user_named_by())];
    if let Some((_, named_by)) = named.iter().find(|(user, _)| user.is_some_and(may_hold_a_password)) {
        return Err(user_with_a_password(named_by));
    }
    if let (Some(flag), Some(in_url)) = (flag, in_url)
        && flag != in_url
    {
        return Err(EarlyExit::usage(format!(
            "-u (--user) names {}, but {} names {}: leave one of them out",
            printable(flag),
            server.named_by,
            printable(in_url)
        )));
    }
    if let Some(user) = flag.or(in_url).or(variable) {
        check_name(args.user_named_by(), user)?;
        check_means(args, &mechanisms)?;
        check_commands(args)?;
        return Ok(Some(user.to_owned()));
    }
    if !args.names_a_secret() && mechanisms.iter().any(|name| name == "EXTERNAL") {
        return Ok(Some(String::new()));
    }
    let given = [
        (args.password_file.is_some(), "--password-file"),
        (args.password_command.is_some(), "--password-command"),
        (args.password_env.is_some(), "--password-env"),
        (args.oauth_token_command.is_some(), "--oauth-token-command"),
        (args.auth_identity.is_some(), "--auth-identity"),
        (!mechanisms.is_empty(), "--auth"),
    ];
    match given.iter().find(|(is_given, _)| *is_given) {
        Some((_, flag)) => Err(EarlyExit::usage(format!("{flag} needs -u (--user)"))),
        None => Ok(None),
    }
}

/// `me:hunter2`, as curl takes it, and the same as a URL has it.
pub(super) fn may_hold_a_password(user: &str) -> bool {
    user.contains(':') || user.to_ascii_lowercase().contains("%3a")
}

/// What is said of such a user, who is not repeated.
pub(super) fn user_with_a_password(named_by: &str) -> EarlyExit {
    EarlyExit::usage(format!(
        "{named_by}: the user contains a colon, and what follows it may be a password; a password is never \
         an argument: use --password-file or --password-command",
    ))
}

/// An error of usage, if none of the mechanisms asked for can be used with what is there.
fn check_means(args: &LoginArgs, mechanisms: &[String]) -> Result<()> {
    let none = || Secret::new(String::new());
    let can = |means: &Means| mechanisms.is_empty() || mechanisms.iter().any(|name| sasl::takes(name, means));
    let names = mechanisms.join(",");
    let by_token = match (&args.oauth_token_command, &args.oauth) {
        (Some(_), _) => Some("--oauth-token-command"),
        (None, Some(_)) => Some("'oauth'"),
        (None, None) => None,
    };
    if let Some(by_token) = by_token {
        if !can(&Means::Token(none())) {
            return Err(EarlyExit::usage(format!("--auth {names} takes a password, not {by_token}")));
        }
    } else if !can(&Means::Password(none())) {
        return Err(EarlyExit::usage(format!("--auth {names} takes a token: use --oauth-token-command")));
    }
    Ok(())
}

/// An error of usage, if a command for a secret cannot be what was meant. It is found before anything is
/// done, and by `--dry-run` as well.
fn check_commands(args: &LoginArgs) -> Result<()> {
    let commands = [
        (&args.password_command, "--password-command"),
        (&args.oauth_token_command, "--oauth-token-command"),
    ];
    for (command, flag) in commands {
        command.as_ref().map(|command| secrets::command_words(command, flag)).transpose()?;
    }
    Ok(())
}

fn check_name(flag: &str, name: &str) -> Result<()> {
    // Such as would end a line, a message of PLAIN, or a field of XOAUTH2 and OAUTHBEARER.
    if name.chars().any(char::is_control) {
        return Err(EarlyExit::usage(format!("{flag}: a control character in the name")));
    }
    Ok(())
}

/// The log-in of `user` at this server; the secret is read now.
pub fn login(args: &LoginArgs, user: &str, target: &Target, output: &Output) -> Result<LoginPolicy> {
    let server = &For::new(target);
    let LoginArgs {
        oauth_token_command: token_command,
        oauth: configured,
        auth_identity,
        // These are read by `user`, `mechanisms`, `password` and `credentials`.
        user: _,
        user_by_variable: _,
        password_keyring: _,
        password_file: _,
        password_command: _,
        password_env: _,
        auth: _,
        allow_cleartext_auth: _,
    } = args;
    let mechanisms = mechanisms(args)?;
    if let Some(identity) = auth_identity {
        check_name("--auth-identity", identity)?;
    }
    let (mut means, mut tokens) = (None, None);
    if let Some(command) = token_command {
        means = Some(Means::Token(token(command, server.hidden, server.until)?));
        tokens = Some(by_command(command, server, output));
    } else if let Some(configured) = configured {
        let (token, source) = oauth::login(configured, target, output)?;
        (means, tokens) = (Some(Means::Token(token)), Some(source));
    }
    let means = if let Some(means) = means {
        means
    } else if is_by_external(args, user) {
        Means::Outside
    } else {
        Means::Password(password(args, user, server, output)?)
    };
    let credentials = credentials(args, user, means, mechanisms, server);
    Ok(LoginPolicy { credentials, tokens })
}

/// How long a command may take that is asked for another token while a session waits.
const WITHIN: Duration = Duration::from_secs(60);

/// Another token by the same command.
fn by_command(command: &str, server: &For<'_>, output: &Output) -> TokenSource {
    let (command, output, hidden) = (command.to_owned(), *output, server.hidden.to_vec());
    TokenSource::new(None, move |until, _| {
        match token(&command, &hidden, until.min(Deadline::after(WITHIN))) {
            Ok(token) => Ok(Fetched {
                token: SecretOctets::new(token.reveal().as_bytes().to_vec()),
                good: Deadline::never(),
            }),
            Err(exit) => {
                say_no_token(&output, until, &exit);
                Err(NoToken::Ever)
            }
        }
    })
}

/// Says why there is no other token, unless whoever asked knows.
pub(super) fn say_no_token(output: &Output, until: Deadline, exit: &EarlyExit) {
    if interrupt::caught().is_none() && !until.is_over() {
        output.warn(&format!("cannot get a new token: {}", exit.report().text));
    }
}

/// The same log-in at another server of the account. What netrc or the keyring holds is for one host: none, if
/// they hold nothing for that one.
pub fn elsewhere(
    args: &LoginArgs,
    policy: &LoginPolicy,
    target: &Target,
    output: &Output,
) -> Result<Option<LoginPolicy>> {
    // What there is to warn of was said at the first server.
    let output = &Output { quiet: true, ..*output };
    let host = target.host.clone().unwrap_or_else(|| "localhost".to_owned());
    let mut credentials = policy.credentials.clone();
    let user = &credentials.user;
    let is_kept = matches!(credentials.means, Means::Password(_)) && !args.names_a_password();
    if is_kept && credentials.server.0 != host && kept(args, &credentials.server.0, user, output)?.is_some() {
        let Some(password) = kept(args, &host, user, output)? else { return Ok(None) };
        credentials.means = Means::Password(password);
    }
    credentials.server = (host, target.port());
    Ok(Some(LoginPolicy { credentials, ..policy.clone() }))
}

/// What is kept for this host: in the keyring alone, where that is asked for.
fn kept(args: &LoginArgs, host: &str, user: &str, output: &Output) -> Result<Option<Secret>> {
    match args.password_keyring {
        true => Ok(by_keyring(host, user, output).ok()),
        false => kept_password(host, user, output),
    }
}

/// The credentials of somebody who typed them.
#[cfg(feature = "console")]
pub fn by_password(args: &LoginArgs, user: &str, password: Secret, target: &Target) -> Credentials {
    credentials(args, user, Means::Password(password), Vec::new(), &For::new(target))
}

fn credentials(
    args: &LoginArgs,
    user: &str,
    means: Means,
    mechanisms: Vec<String>,
    server: &For<'_>,
) -> Credentials {
    Credentials {
        user: user.to_owned(),
        identity: args.auth_identity.clone().filter(|identity| !identity.is_empty()),
        means,
        mechanisms,
        allow_clear: args.allow_cleartext_auth,
        allow_unverified: server.insecure,
        server: (server.host.unwrap_or("localhost").to_owned(), server.port),
        nonce: Nonce::Random,
    }
}

/// Whether EXTERNAL is all that can be used. Then there is no secret to look for.
fn is_by_external(args: &LoginArgs, user: &str) -> bool {
    let is_external = |name: &String| name.trim().eq_ignore_ascii_case("EXTERNAL");
    let is_asked = !args.auth.is_empty() && args.auth.iter().all(is_external);
    (user.is_empty() || is_asked) && !args.names_a_password()
}

/// Where the secret would come from, for `--dry-run`. A variable's name is not repeated, nor is that of a file
/// that is not there: it may be the password.
pub fn origin(args: &LoginArgs, user: &str) -> String {
    match args {
        LoginArgs { oauth_token_command: Some(_), .. } => "token from --oauth-token-command".to_owned(),
        LoginArgs { oauth: Some(oauth), .. } => format!("token from {}", oauth.keep.place()),
        LoginArgs { password_file: Some(file), .. } => {
            let name = secrets::name_of(file);
            name.map_or("password from a file that is not there".to_owned(), |name| {
                format!("password from the file {name}")
            })
        }
        LoginArgs { password_command: Some(_), .. } => "password from --password-command".to_owned(),
        LoginArgs { password_env: Some(_), .. } => "password from --password-env".to_owned(),
        LoginArgs { password_keyring: true, .. } => "password from the keyring".to_owned(),
        _ if is_by_external(args, user) => "by EXTERNAL".to_owned(),
        _ => "password from netrc or a prompt".to_owned(),
    }
}

/// The flags first, then what the user has set up once for all, then the user.
fn password(args: &LoginArgs, user: &str, server: &For<'_>, output: &Output) -> Result<Secret> {
    let password = given_password(args, user, server, output)?;
    if password.reveal().is_empty() {
        return Err(EarlyExit::usage(format!("the password of {user} is empty")));
    }
    if password.reveal().contains('\0') {
        return Err(EarlyExit::usage(format!("the password of {user} contains a NUL")));
    }
    Ok(password)
}

fn given_password(args: &LoginArgs, user: &str, server: &For<'_>, output: &Output) -> Result<Secret> {
    if let Some(file) = &args.password_file {
        return secrets::from_file(file, server.until, output);
    }
    if let Some(command) = &args.password_command {
        return secrets::from_command(command, "password", "--password-command", server.hidden, server.until);
    }
    if let Some(name) = &args.password_env {
        return secrets::from_environment(name, "--password-env");
    }
    if args.password_keyring {
        return by_keyring(server.host.unwrap_or("localhost"), user, output);
    }
    if let Some(host) = server.host
        && let Some(password) = kept_password(host, user, output)?
    {
        return Ok(password);
    }
    if !output.can_ask() {
        return Err(EarlyExit::usage(format!(
            "no password for {user}: use --password-file, --password-command, --password-env or netrc"
        )));
    }
    secrets::from_terminal(user)
}

/// The password in the keyring, and nowhere else.
fn by_keyring(host: &str, user: &str, output: &Output) -> Result<Secret> {
    #[cfg(feature = "keyring")]
    if let Some(password) = secrets::from_keyring(host, user, output) {
        return Ok(password);
    }
    let _ = output;
    let why =
        if cfg!(feature = "keyring") { "it holds none" } else { "this build has none (--features keyring)" };
    let text = format!("no password for {user} at {host} in the keyring: {why}");
    Err(EarlyExit::of(ExitStatus::CONFIG, text))
}

/// What was set up before: in netrc, else in the keyring.
fn kept_password(host: &str, user: &str, output: &Output) -> Result<Option<Secret>> {
    let password = secrets::from_netrc(host, user, output)?;
    #[cfg(feature = "keyring")]
    let password = password.or_else(|| secrets::from_keyring(host, user, output));
    Ok(password)
}

/// A bearer token: printable, and in one piece (RFC 6750, section 2.1).
fn token(command: &str, hidden: &[String], until: Deadline) -> Result<Secret> {
    let token = secrets::from_command(command, "token", "--oauth-token-command", hidden, until)?;
    let refuse = |text: &str| Err(EarlyExit::of(ExitStatus::NO_PERMISSION, text));
    match token.reveal() {
        "" => refuse("the token command printed nothing"),
        text if !text.bytes().all(|octet| octet.is_ascii_graphic()) => {
            refuse("the token command printed something that is not a token")
        }
        _ => Ok(token),
    }
}
