//! The server, TLS and the log-in: what is decided before anybody is connected to, whatever is to be said there then.

use super::route::{self, Route};
use super::stop::{Result, Stop};
use super::{demands, extent, login, trust};
use crate::cli::SendArgs;
use crate::client::{Settings, Tls};
use crate::output::Output;
use crate::smtp::command::EhloName;

/// How to get a session.
#[derive(Debug)]
pub struct Connect {
    /// To which server, and how; without credentials before [`Connect::log_in`].
    pub settings: Settings,
    host: Option<String>,
    /// Where the secret would come from.
    secret: Option<String>,
    user: Option<String>,
}

impl Connect {
    /// Reads all flags that have to do with it, but for the secrets.
    pub fn resolve(args: &SendArgs, output: &Output) -> Result<Connect> {
        // The whole run: reading its input and its secrets is a part of it.
        let patience = route::patience(&args.server);
        let wanted = route::Wanted::from(args);
        let Route { server, host, way } = route::resolve(&wanted, output)?;
        let user = login::user(&args.login, server.user.as_deref())?;
        // A log-in or a pin is in vain where the server may be anybody.
        let demanded = user.is_some() || !args.tls.pin.is_empty() || extent::needs_tls(&args.stop);
        let tls = route::tls_mode(&wanted, &server, demanded);
        let tls = demands::tls(&args.delivery, args.tls.tls, tls)?;
        extent::check(&args.stop, tls, user.is_some())?;
        if args.login.allow_cleartext_auth && args.tls.tls.is_none() && tls == Tls::StartTls {
            return Err(Stop::usage(
                "--allow-cleartext-auth: TLS is demanded where one logs in; add --tls off or --tls opportunistic",
            ));
        }
        let tls_client = trust::client(&args.tls, tls, host.as_deref(), output)?;
        let tls_name = route::tls_name(&wanted, &server, host.clone(), tls)?;
        let settings = Settings {
            protocol: route::protocol(&server),
            port: server.port().unwrap_or_default(),
            endpoint: server.endpoint,
            way,
            tls,
            tls_client,
            tls_name,
            xclient: route::xclient(&wanted)?,
            ehlo_name: route::ehlo_name(args.protocol.ehlo_name.as_deref())?,
            login: None,
            tokens: None,
            pipelining: !args.protocol.no_pipelining,
            chunking: !args.protocol.no_chunking,
            force_8bit: args.protocol.force_8bit,
            until: extent::until(&args.stop),
            drop: extent::drop(&args.stop),
            patience,
        };
        let secret = user.as_deref().map(|user| login::origin(&args.login, user));
        Ok(Connect { settings, host, secret, user })
    }

    /// Reads the secret, unless nobody is to be connected to.
    pub fn ready(&mut self, args: &SendArgs, output: &Output) -> Result<()> {
        if let Some(user) = self.user.as_deref().filter(|_| !args.output.dry_run) {
            let server = login::For {
                host: self.host.as_deref(),
                port: self.settings.port,
                insecure: args.tls.insecure,
                hidden: &self.settings.way.hidden,
            };
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
