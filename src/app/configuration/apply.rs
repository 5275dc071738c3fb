//! What an account gives is put in place of flags that were not typed. A secret goes to the account's own
//! server, for the account's own user, and nowhere else.

use super::super::early_exit::Result;
use super::super::login::{may_hold_a_password, user_with_a_password};
use super::super::target::mx;
use super::check::check;
use super::choose::Chosen;
use super::files::wrong;
use super::oauth;
use super::secret;
use crate::cli::SessionArgs;
use crate::config::accounts::{Account, Given};
use crate::net::{Server, ServerError};
use crate::output::Output;
use crate::report::text::printable;
use crate::words;
use std::path::Path;
use std::sync::Arc;

/// The flags, filled in.
pub fn apply(chosen: &Chosen, args: &SessionArgs, output: &Output) -> Result<SessionArgs> {
    let account = &chosen.account;
    let mut session = args.clone();
    let own = servers(&chosen.file, account)?;
    check_domains(chosen)?;
    let named = args.server.server.as_deref().and_then(|name| name.parse::<Server>().ok());
    let is_own_server = match args.server.names_a_server() {
        true => own.iter().any(|own| is_same(args, named.as_ref(), own)),
        false => args.server.port.is_none_or(|port| own.iter().all(|own| own.port() == Some(port))),
    };
    let in_url = own.iter().find_map(|server| server.user.as_deref());
    if !args.server.names_a_server() {
        let mut servers = account.list("server").iter().cloned();
        session.server.server = servers.next();
        session.server.in_turn = servers.collect();
        session.server.named_by = "the account's server";
    }
    let login = &mut session.login;
    if login.user_by_variable && login.user.as_deref() == Some("") {
        (login.user, login.user_by_variable) = (None, false);
    }
    // As `login` has it: the flag, the URL, the environment.
    let flag = login.user.as_deref().filter(|_| !login.user_by_variable);
    let named_user = named.as_ref().and_then(|server| server.user.as_deref());
    let url = if args.server.names_a_server() { named_user } else { in_url };
    let asked = flag.or(url).or(login.user.as_deref());
    let own_user = account.text("user").or(in_url);
    let is_own_user = asked.zip(own_user).is_none_or(|(asked, own)| asked == own);
    if is_own_server && asked.is_none() {
        login.user = own_user.map(str::to_owned);
    }
    let has_login = own_user.is_some() || account.text("client-cert").is_some();
    if !is_own_server && has_login {
        let name = printable(&account.name);
        output.say(&format!(
            "account '{name}': its user and secret are not used, since another server is named"
        ));
    }
    let is_own_proxy = args.server.proxy.as_deref().is_none_or(|typed| account.text("proxy") == Some(typed));
    for (key, given) in &account.values {
        let counts = match *key {
            "proxy-password-file" => is_own_proxy,
            // It says who we are, as a user does.
            "client-cert" | "client-key" => is_own_server,
            _ => true,
        };
        if counts {
            fill(&mut session, chosen, key, given, is_own_server && is_own_user)?;
        }
    }
    let oauth = oauth::configured(chosen)?;
    if is_own_server && is_own_user && !args.login.names_a_secret() {
        session.login.oauth = oauth.map(Arc::new);
    }
    secret::check(chosen, &session)?;
    if is_own_server && is_own_user {
        secret::fill(chosen, &mut session)?;
    }
    Ok(session)
}

fn fill(session: &mut SessionArgs, chosen: &Chosen, key: &str, given: &Given, logs_in: bool) -> Result<()> {
    let files =
        ["ca-file", "client-cert", "client-key", "password-file", "proxy-password-file"].contains(&key);
    let text = |text: String| match files {
        true => secret::path(&chosen.file, &text).to_string_lossy().into_owned(),
        false => text,
    };
    let values: Vec<String> = given.value.texts().into_iter().map(text).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    check(key, &values)
        .and_then(|()| session.fill(key, &values, logs_in))
        .map_err(|why| chosen.wrong(key, &format!(" {}", printable(&why))))
}

/// What means nothing at the servers of other domains.
const NOT_AT_DOMAINS: [&str; 14] = [
    "user",
    "auth",
    "auth-identity",
    "password-file",
    "password-command",
    "password-credential",
    "password-keyring",
    "oauth-token-command",
    "client-cert",
    "proxy",
    "tls",
    "tls-name",
    "pin",
    "allow-cleartext-auth",
];

/// An account that sends to each recipient's own domain has no other server, and nobody logs in there.
fn check_domains(chosen: &Chosen) -> Result<()> {
    let names = chosen.account.list("server");
    let sends_to_domains = |name: &String| mx::named(name).is_some();
    if !names.iter().any(sends_to_domains) {
        return Ok(());
    }
    if names.len() > 1 {
        return Err(chosen.wrong("server", ": 'mx:' cannot stand beside other servers"));
    }
    let stray = NOT_AT_DOMAINS.iter().find(|key| chosen.account.values.contains_key(*key));
    match stray.copied().or_else(|| chosen.account.values.contains_key("oauth.provider").then_some("oauth")) {
        Some(key) => {
            Err(chosen.wrong(key, ": it means nothing with server = \"mx:\", the servers of other domains"))
        }
        None => Ok(()),
    }
}

/// The servers of an account.
///
/// # Errors
/// When one cannot be read, or may hold a password; it is not shown then.
pub fn servers(file: &Path, account: &Account) -> Result<Vec<Server>> {
    let unfit = |error: ServerError| {
        let said = match &error {
            // No flag is meant here.
            ServerError::Password => format!("{error}: use password-file or password-command"),
            error => words::net::server(error),
        };
        wrong(file, account.line_of("server"), &format!("'server': {said}"))
    };
    let read = |name: &String| {
        let server: Server = name.parse().map_err(unfit)?;
        match server.user.as_deref().is_some_and(may_hold_a_password) {
            true => Err(user_with_a_password("the account's server")),
            false => Ok(server),
        }
    };
    // What 'mx:' names is no server, but those of others.
    let names = account.list("server").iter().filter(|name| mx::named(name).is_none());
    names.map(read).collect()
}

/// Whether the server that was named is the account's own: the same host, and the same port.
fn is_same(args: &SessionArgs, named: Option<&Server>, own: &Server) -> bool {
    named.filter(|_| args.server.pipe.is_none()).is_some_and(|named| {
        let host = |server: &Server| server.host().map(str::to_ascii_lowercase);
        host(named).is_some() && host(named) == host(own) && args.server.port.or(named.port()) == own.port()
    })
}
