//! From the flags to a server, and who would log in there.

use super::super::stop::Result;
use super::super::{connect, login, route};
use crate::cli::ConsoleArgs;
use crate::client::{Settings, Tls, TokenSource};
use crate::net::Endpoint;
use crate::output::Output;
use crate::sasl::Credentials;

/// What is opened.
pub struct Plan {
    /// The server, and how to get along with it.
    pub settings: Settings,
    /// Who logs in by `auth`, if the flags say it.
    pub login: Option<(Credentials, Option<TokenSource>)>,
    /// The server's name and port, for credentials that are asked for later.
    pub host: Option<String>,
}

/// Reads the flags.
pub fn resolve(args: &ConsoleArgs, output: &Output) -> Result<Plan> {
    let wanted = route::Wanted {
        server: &args.server,
        tls: &args.tls,
        protocol: &args.protocol,
        password_env: args.login.password_env.as_deref(),
        subject: None,
        dry_run: false,
    };
    let route = route::resolve(&wanted, output)?;
    let host = route.host.clone();
    let user = login::user(&args.login, &args.server, route.server.user.as_deref())?;
    let tls = route::tls_mode(&wanted, &route.server, user.is_some() || !args.tls.pin.is_empty());
    let settings = connect::settings(&wanted, route, tls, route::patience(&args.server), output)?;
    let login = match &user {
        Some(user) => {
            let server = login::For::new(&settings, host.as_deref(), args.tls.insecure);
            Some(login::credentials(&args.login, user, &server, output)?)
        }
        None => None,
    };
    // In clear the log-in waits until TLS has begun by hand.
    let over_the_net = matches!(settings.endpoint, Endpoint::Tcp { .. });
    let waits = tls == Tls::Off && over_the_net && !args.login.allow_cleartext_auth;
    let (credentials, tokens) = login.clone().filter(|_| !waits).unzip();
    let settings = Settings {
        login: credentials,
        tokens: tokens.flatten(),
        // One line, one reply; and what is typed is sent as it is.
        pipelining: false,
        chunking: false,
        force_8bit: true,
        // Whoever was asked for a password has had time for it.
        patience: route::patience(&args.server),
        ..settings
    };
    Ok(Plan { settings, login, host })
}
