//! What an account gives is put in place of flags that were not typed. A secret goes to the account's own
//! server, for the account's own user, and nowhere else.

use super::super::early_exit::Result;
use super::check::check;
use super::choose::Chosen;
use super::files::wrong;
use super::secret;
use crate::cli::SessionArgs;
use crate::config::accounts::{Given, Value};
use crate::net::{Server, ServerError};
use crate::output::Output;
use crate::report::text::printable;
use crate::words;

/// The flags, filled in.
pub fn apply(chosen: &Chosen, args: &SessionArgs, output: &Output) -> Result<SessionArgs> {
    let account = &chosen.account;
    let mut session = args.clone();
    let own = servers(chosen)?;
    let is_own_server = !args.server.names_a_server() || own.iter().any(|own| is_same(args, own));
    let in_url = own.iter().find_map(|server| server.user.as_deref());
    if !args.server.names_a_server() {
        let mut servers = account.list("server").iter().cloned();
        session.server.server = servers.next();
        session.server.in_turn = servers.collect();
        session.server.named_by = "the account's server";
    }
    let is_own_user = match (&args.login.user, account.text("user").or(in_url)) {
        (Some(typed), Some(user)) => typed == user,
        _ => true,
    };
    let has_login = account.text("user").is_some() || in_url.is_some();
    if !is_own_server && has_login {
        let name = printable(&account.name);
        output.say(&format!(
            "account '{name}': its user and secret are not used, since another server is named"
        ));
    }
    for (key, given) in &account.values {
        fill(&mut session, chosen, key, given, is_own_server && is_own_user)?;
    }
    if is_own_server && is_own_user {
        secret::check(chosen, &session)?;
        secret::fill(chosen, &mut session)?;
    }
    Ok(session)
}

fn fill(session: &mut SessionArgs, chosen: &Chosen, key: &str, given: &Given, logs_in: bool) -> Result<()> {
    let files =
        ["ca-file", "client-cert", "client-key", "password-file", "proxy-password-file"].contains(&key);
    let text = |text: &String| match files {
        true => secret::path(&chosen.file, text).to_string_lossy().into_owned(),
        false => text.clone(),
    };
    let values: Vec<String> = match &given.value {
        Value::Text(one) => vec![text(one)],
        Value::List(many) => many.clone(),
        Value::Flag(flag) => vec![flag.to_string()],
        Value::Number(number) => vec![number.to_string()],
    };
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    check(key, &values)
        .and_then(|()| session.fill(key, &values, logs_in))
        .map_err(|why| wrong(&chosen.file, given.line, &format!("'{key}' {}", printable(&why))))
}

/// The account's own servers.
fn servers(chosen: &Chosen) -> Result<Vec<Server>> {
    let line = chosen.account.values.get("server").map_or(chosen.account.line, |given| given.line);
    let unfit = |error: ServerError| {
        let said = match &error {
            // No flag is meant here.
            ServerError::Password => format!("{error}: use password-file or password-command"),
            error => words::net::server(error),
        };
        wrong(&chosen.file, line, &format!("'server': {said}"))
    };
    chosen.account.list("server").iter().map(|name| name.parse().map_err(unfit)).collect()
}

/// Whether the server that was named is the account's own: the same host, and the same port.
fn is_same(args: &SessionArgs, own: &Server) -> bool {
    let named = args.server.server.as_deref().and_then(|name| name.parse::<Server>().ok());
    named.filter(|_| args.server.pipe.is_none()).is_some_and(|named| {
        let host = |server: &Server| server.host().map(str::to_ascii_lowercase);
        host(&named).is_some() && host(&named) == host(own) && args.server.port.or(named.port()) == own.port()
    })
}
