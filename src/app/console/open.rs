//! From the flags to a server, and who would log in there.

use super::super::stop::Result;
use super::super::{login, route, trust};
use crate::cli::ConsoleArgs;
use crate::client::{Settings, Tls, TokenSource};
use crate::output::Output;
use crate::sasl::Credentials;
use crate::smtp::expect::Stage;

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
    let route::Route { server, host, way } = route::resolve(&wanted, output)?;
    let user = login::user(&args.login, server.user.as_deref())?;
    let tls = route::tls_mode(&wanted, &server, user.is_some() || !args.tls.pin.is_empty());
    let tls_client = trust::client(&args.tls, tls, host.as_deref(), output)?;
    let tls_name = route::tls_name(&wanted, &server, host.clone(), tls)?;
    let (xclient, ehlo_name) =
        (route::xclient(&wanted)?, route::ehlo_name(args.protocol.ehlo_name.as_deref())?);
    let port = server.port().unwrap_or_default();
    let login = match &user {
        Some(user) => {
            let insecure = args.tls.insecure;
            let server = login::For { host: host.as_deref(), port, insecure, hidden: &way.hidden };
            Some(login::credentials(&args.login, user, &server, output)?)
        }
        None => None,
    };
    // In clear the log-in waits until TLS has begun by hand.
    let waits = tls == Tls::Off && server.host().is_some() && !args.login.allow_cleartext_auth;
    let (credentials, tokens) = login.clone().filter(|_| !waits).unzip();
    let settings = Settings {
        protocol: route::protocol(&server),
        port,
        endpoint: server.endpoint,
        way,
        tls,
        tls_client,
        tls_name,
        ehlo_name,
        xclient,
        login: credentials,
        tokens: tokens.flatten(),
        pipelining: false,
        chunking: false,
        force_8bit: true,
        until: Stage::Message,
        drop: None,
        patience: route::patience(&args.server),
    };
    Ok(Plan { settings, login, host })
}
