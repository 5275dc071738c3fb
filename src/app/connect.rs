//! The server, TLS and the log-in: what is decided before anybody is connected to, whatever is to be said there then.

use super::route::{self, Route, Wanted};
use super::stop::{Result, Stop};
use super::{demands, extent, login, trust};
use crate::cli::SendArgs;
use crate::client::{Patience, Settings, Tls};
use crate::output::Output;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::expect::Stage;

/// How to get a session.
#[derive(Debug)]
pub struct Connect {
    /// To which server, and how; without credentials before [`Connect::ready`].
    pub settings: Settings,
    host: Option<String>,
    /// Where the secret would come from.
    secret: Option<String>,
    user: Option<String>,
}

/// What the flags say of the server, of TLS and of what is said there: with nobody who logs in, and a session that goes
/// all the way.
pub fn settings(
    wanted: &Wanted<'_>,
    route: Route,
    tls: Tls,
    patience: Patience,
    output: &Output,
) -> Result<Settings> {
    let Route { server, host, way } = route;
    let protocol = wanted.protocol;
    Ok(Settings {
        protocol: route::protocol(&server),
        port: server.port().unwrap_or_default(),
        way,
        tls,
        tls_client: trust::client(wanted.tls, tls, host.as_deref(), output)?,
        tls_name: route::tls_name(wanted, &server, host, tls)?,
        endpoint: server.endpoint,
        xclient: route::xclient(wanted)?,
        ehlo_name: route::ehlo_name(protocol.ehlo_name.as_deref())?,
        login: None,
        tokens: None,
        pipelining: !protocol.no_pipelining,
        chunking: !protocol.no_chunking,
        force_8bit: protocol.force_8bit,
        until: Stage::Message,
        drop: None,
        patience,
    })
}

impl Connect {
    /// Reads all flags that have to do with it, but for the secrets.
    pub fn resolve(args: &SendArgs, output: &Output) -> Result<Connect> {
        // The whole run: reading its input and its secrets is a part of it.
        let patience = route::patience(&args.server);
        let wanted = Wanted::from(args);
        let route = route::resolve(&wanted, output)?;
        let user = login::user(&args.login, &args.server, route.server.user.as_deref())?;
        // A log-in or a pin is in vain where the server may be anybody.
        let demanded = user.is_some() || !args.tls.pin.is_empty() || extent::needs_tls(&args.stop);
        let tls = route::tls_mode(&wanted, &route.server, demanded);
        let tls = demands::tls(&args.delivery, args.tls.tls, tls)?;
        extent::check(&args.stop, tls, user.is_some())?;
        if args.login.allow_cleartext_auth && args.tls.tls.is_none() && tls == Tls::StartTls {
            return Err(Stop::usage(
                "--allow-cleartext-auth: TLS is demanded where one logs in; add --tls off or --tls opportunistic",
            ));
        }
        let host = route.host.clone();
        let settings = Settings {
            until: extent::until(&args.stop),
            drop: extent::drop(&args.stop),
            ..settings(&wanted, route, tls, patience, output)?
        };
        let secret = user.as_deref().map(|user| login::origin(&args.login, user));
        Ok(Connect { settings, host, secret, user })
    }

    /// Reads the secret, unless nobody is to be connected to.
    pub fn ready(&mut self, args: &SendArgs, output: &Output) -> Result<()> {
        if let Some(user) = self.user.as_deref().filter(|_| !args.output.dry_run) {
            let server = login::For::new(&self.settings, self.host.as_deref(), args.tls.insecure);
            let (credentials, tokens) = login::credentials(&args.login, user, &server, output)?;
            self.settings.login = Some(credentials);
            self.settings.tokens = tokens;
        }
        Ok(())
    }

    /// All of it in words, row by row.
    pub fn describe(&self, row: &mut dyn FnMut(&str, &str)) {
        let settings = &self.settings;
        route::describe(settings, row);
        row("tls", &trust::describe(settings));
        match (&self.user, &self.secret) {
            (Some(user), Some(origin)) if user.is_empty() => row("log in", origin),
            (Some(user), Some(origin)) => row("log in", &format!("as {user}, {origin}")),
            _ => row("log in", "no"),
        }
        let name = settings.ehlo_name.as_ref().map_or("[this end's address]", EhloName::as_str);
        row("ehlo name", name);
    }
}
