//! All that says where and how to connect, put together. What is said to the server is read here, the rest is
//! in way.rs, proxy.rs and trust.rs.

use super::super::configuration::{Chosen, InForce};
use super::super::early_exit::{EarlyExit, Result};
use super::super::{demands, host, login, stop_after};
use super::deviations::Deviations;
use super::mx::{self, Routes, Routing};
use super::trust;
use super::way::{self, patience};
use crate::cli::{ProtocolArgs, SessionArgs, StopArgs};
use crate::client::{Conversation, Target};
use crate::config::accounts::Account;
use crate::delivery::Asked;
use crate::net::TlsMode;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::session::Protocol;
use ehlo_smtp::xclient::Xclient;
use std::borrow::Cow;
use std::path::PathBuf;

/// A target, and where the secret for it comes from.
#[derive(Debug)]
pub struct Resolved<'a> {
    /// Where and how to connect; nobody logs in before [`Resolved::ready`].
    pub target: Target,
    /// The account's other servers, of which each can take the place of the one before.
    pub others: Vec<Target>,
    /// The ways to the recipients' domains, where those say who the servers are: the target is what all of them are like.
    pub routes: Option<Routes>,
    pub(super) args: Cow<'a, SessionArgs>,
    /// The account that it is from.
    pub(super) account: Option<Chosen>,
    /// The machine's configuration, if this user may not read it.
    pub passed_over: Option<PathBuf>,
    pub(super) user: Option<String>,
    pub(super) dry_run: bool,
}

/// Reads the flags: all that has to do with connecting, but for the secret of the log-in.
pub fn resolve<'a>(
    in_force: InForce<'a>,
    deviations: &Deviations<'_>,
    output: &Output,
) -> Result<Resolved<'a>> {
    let InForce { session: args, chosen: account, configuration } = in_force;
    let passed_over = configuration.and_then(|configuration| configuration.passed_over);
    let (mut target, user) = one(&args, deviations, output)?;
    let mut others = Vec::new();
    for name in &args.server.in_turn {
        let mut args = args.as_ref().clone();
        args.server.server = Some(name.clone());
        let (other, name) = one(&args, deviations, output)?;
        if name != user {
            return Err(EarlyExit::of(
                ExitStatus::CONFIG,
                "the servers of an account have one user: name it by 'user'",
            ));
        }
        others.push(other);
    }
    let most = account.as_ref().and_then(|chosen| chosen.account.number("limits.recipients"));
    let most = most.and_then(|most| usize::try_from(most).ok());
    others.iter_mut().chain([&mut target]).for_each(|target| target.most_recipients = most);
    let dry_run = deviations.dry_run;
    let routes = match args.server.server.as_deref().and_then(mx::named) {
        Some(rest) => Some(mx::routes(rest, &args, deviations.tls_onward, output)?),
        None => match args.route.stray() {
            Some(flag) => return Err(EarlyExit::usage(format!("{flag} needs -S mx:"))),
            None => None,
        },
    };
    Ok(Resolved { target, others, routes, args, account, passed_over, user, dry_run })
}

/// One server, and who logs in there.
fn one(args: &SessionArgs, deviations: &Deviations<'_>, output: &Output) -> Result<(Target, Option<String>)> {
    let SessionArgs { server, tls, login, protocol, route: _ } = args;
    let Deviations { dry_run: _, observes, tls_onward, stop, subject: _ } = *deviations;
    // The whole run: reading its input and its secrets is a part of it.
    let patience = patience(server);
    let route = way::route(server, protocol, login.password_env.as_deref(), deviations, output)?;
    let user = match observes {
        true => None,
        false if server.server.as_deref().and_then(mx::named).is_some() => None,
        false => login::user(login, server, route.server.user.as_deref())?,
    };
    let when = if observes {
        trust::when_observed(tls.tls, &route.server)
    } else {
        // A log-in or a pin is in vain where the server may be anybody.
        let demanded = user.is_some() || !tls.pin.is_empty() || stop_after::needs_tls(&stop);
        demands::tls(tls_onward, tls.tls, trust::when(tls.tls, &route.server, demanded))?
    };
    stop_after::check(&stop, when, user.is_some())?;
    if login.allow_cleartext_auth && tls.tls.is_none() && when == TlsMode::StartTls {
        return Err(EarlyExit::usage(
            "--allow-cleartext-auth: a log-in requires TLS by default; add --tls off or --tls opportunistic",
        ));
    }
    let target = Target {
        tls: trust::policy(tls, when, observes, &route.server, route.host.as_deref(), output)?,
        session: conversation(protocol, route.server.protocol, &stop)?,
        endpoint: route.server.endpoint,
        host: route.host,
        routed: None,
        only_without_tls: false,
        way: route.way,
        login: None,
        drop: stop_after::drop(&stop),
        patience,
        most_recipients: None,
    };
    Ok((target, user))
}

/// [`resolve`], and the secret too: for a subcommand that has nothing to show or to check before it connects.
#[cfg(feature = "console")]
pub fn ready(in_force: InForce<'_>, deviations: &Deviations<'_>, output: &Output) -> Result<Target> {
    let mut resolved = resolve(in_force, deviations, output)?;
    if resolved.routes.is_some() {
        return Err(EarlyExit::usage("mx: names the servers of domains: name the one that you mean"));
    }
    resolved.ready(output)?;
    Ok(resolved.target)
}

impl Resolved<'_> {
    /// The account that it is from, if it is from one.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref().map(|chosen| &chosen.account)
    }

    /// The same, and where it is from.
    pub fn chosen(&self) -> Option<&Chosen> {
        self.account.as_ref()
    }

    /// Finds the servers of the recipients' domains, where those say who the servers are.
    pub fn routing(&self) -> Option<Routing<'_>> {
        Some(Routing { routes: self.routes.as_ref()?, like: &self.target, tlsrpt: None })
    }

    /// Who is asked; `routing` as above.
    pub fn asked<'a>(&'a self, routing: Option<&'a Routing<'a>>) -> Asked<'a> {
        match routing {
            Some(routing) => Asked::Domains(routing),
            None => Asked::Server(&self.target, &self.others),
        }
    }

    /// Reads the secret, unless nobody is to be connected to.
    pub fn ready(&mut self, output: &Output) -> Result<()> {
        if let Some(user) = self.user.as_deref().filter(|_| !self.dry_run) {
            let policy = login::login(&self.args.login, user, &self.target, output)?;
            for mut other in std::mem::take(&mut self.others) {
                other.login = login::elsewhere(&self.args.login, &policy, &other, output)?;
                match &other.login {
                    Some(_) => self.others.push(other),
                    None => output.warn(&format!(
                        "no password for {} at {}, so that server is left out",
                        printable(user),
                        printable(other.host.as_deref().unwrap_or("the socket"))
                    )),
                }
            }
            self.target.login = Some(policy);
        }
        Ok(())
    }
}

/// What is said to the server.
fn conversation(args: &ProtocolArgs, protocol: Protocol, stop: &StopArgs) -> Result<Conversation> {
    let ProtocolArgs {
        ehlo_name,
        no_pipelining,
        no_chunking,
        force_8bit,
        // way.rs reads these.
        proxy_protocol: _,
        proxy_source: _,
        proxy_destination: _,
        xclient,
        // plan.rs reads these.
        mail_parameter: _,
        rcpt_parameter: _,
    } = args;
    let xclient = xclient.as_deref().map(Xclient::parse).transpose();
    let xclient = xclient.map_err(|error| EarlyExit::usage(format!("--xclient: {error}")))?;
    let ehlo_name = match ehlo_name {
        Some(text) => EhloName::parse(text)
            .map(Some)
            .map_err(|error| EarlyExit::usage(format!("--ehlo-name '{}': {error}", printable(text))))?,
        None => host::full_name(),
    };
    Ok(Conversation {
        protocol,
        ehlo_name,
        xclient,
        pipelining: !no_pipelining,
        chunking: !no_chunking,
        force_8bit: *force_8bit,
        until: stop_after::until(stop),
    })
}
