//! `ehlo probe`: what a server offers, and how well it is set up.

#![allow(clippy::disallowed_types)] // The time it is, for the days that certificates have left.

use super::configuration;
use super::early_exit::{EarlyExit, Result};
use super::target::mx::Routes;
use super::target::{self, Deviations};
use crate::cli::ProbeArgs;
use crate::client::{Error, Observer, Target};
use crate::net::error::plain;
use crate::net::tls::certificate::Moment;
use crate::net::{Endpoint, TlsMode, host_and_port, interrupt};
use crate::output::Output;
use crate::probe::{self, Context, Probe, RelayQuestion};
use crate::report::exit::{self, ExitStatus};
use crate::report::probe::{Look, ProbeReport, findings, json, text};
use crate::report::transcript::{Detail, Transcript};
use crate::route::NoRoute;
use crate::words;
use ehlo_smtp::session::Protocol;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

/// Probes the server, and returns the exit status.
pub fn run(args: &ProbeArgs) -> ExitStatus {
    let output = Output::new(false, args.report.json, args.report.color);
    let report = match target(args, &output) {
        Ok(target) => probe(args, &target),
        Err(exit) => ProbeReport {
            // What could not be read may hold a password.
            name: String::new(),
            protocol: Protocol::Smtp,
            probe: Probe::default(),
            context: Context::default(),
            prevented: Some(exit.report()),
        },
    };
    let look = Look { width: output.width(), color: output.color };
    let text = match (args.report.json, &report.probe.facts.greeting) {
        (true, _) => json(&report) + "\n",
        (false, Some(_)) if args.report.quiet => findings(&report, look),
        (false, Some(_)) => text(&report, look),
        (false, None) => String::new(),
    };
    if let Err(error) = output.data(&text) {
        output.say(&format!("cannot write the report: {}", plain(&error)));
        return ExitStatus::IO;
    }
    if let Some(error) = report.error() {
        output.complain(&error);
    }
    report.exit_status()
}

fn probe(args: &ProbeArgs, target: &Target) -> ProbeReport {
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let mut observers: Vec<Box<dyn Observer>> = Vec::new();
    if args.report.verbose > 0 {
        observers.push(Box::new(Transcript::new(io::stderr(), Detail::of(args.report.verbose))));
    }
    let question = args.report.try_relay.as_ref();
    let question = question.map(|both| RelayQuestion { from: both.from.clone(), to: both.to.clone() });
    let probe = probe::run(target, question.as_ref(), &mut observers);
    let (protocol, port) = (target.session.protocol, target.port());
    let over_the_net = matches!(target.endpoint, Endpoint::Tcp { .. });
    let context = Context {
        now: now(),
        public: over_the_net && protocol == Protocol::Smtp && target.tls.when != TlsMode::Off,
        relay: port == 25,
        submission: protocol == Protocol::Smtp && matches!(port, 465 | 587),
        min_days: args.report.min_days,
        pinned: !args.session.tls.pin.is_empty(),
    };
    ProbeReport { name: name(target), protocol, probe, context, prevented: None }
}

/// The server, which is only looked at.
fn target(args: &ProbeArgs, output: &Output) -> Result<Target> {
    let where_to = &args.session.server;
    let in_force = configuration::in_force(&args.session, &[], output)?;
    if in_force.session.server.server.as_deref().is_none_or(str::is_empty) {
        return Err(EarlyExit::usage("no server: name one, as in 'ehlo probe mail.example.org'"));
    }
    if where_to.bind.is_some_and(|own| own.port() != 0) {
        return Err(EarlyExit::usage(
            "--bind: a probe connects more than once, so give the address without a port",
        ));
    }
    let deviations = Deviations { observes: true, ..Deviations::default() };
    let resolved = target::resolve(in_force, &deviations, output)?;
    let target = match &resolved.routes {
        None => resolved.target,
        Some(routes) => host(routes, &resolved.target, output)?,
    };
    if args.report.try_relay.is_some() && target.session.protocol == Protocol::Lmtp {
        return Err(EarlyExit::usage(
            "--try-relay: an LMTP server does not relay, so name one that speaks SMTP",
        ));
    }
    Ok(target)
}

/// The best host of the domain that `mx:` names.
fn host(routes: &Routes, like: &Target, output: &Output) -> Result<Target> {
    let Some(domain) = &routes.domain else {
        return Err(EarlyExit::usage("name the domain, as in 'ehlo probe mx:example.org'"));
    };
    let no_route = |why: NoRoute| {
        let error = Error::NoRoute(Box::new(why));
        EarlyExit::of(exit::of_error(&error), words::client_error(&error))
    };
    let target = routes.observed(domain, like).map_err(no_route)?;
    if !output.json {
        output.say(&format!("{} takes the mail of {domain}", name(&target)));
    }
    Ok(target)
}

/// The server with its port.
fn name(target: &Target) -> String {
    match &target.endpoint {
        Endpoint::Tcp { host, .. } => host_and_port(host, target.port()),
        Endpoint::Unix(path) => path.display().to_string(),
        Endpoint::Program(_) => String::new(),
    }
}

fn now() -> Moment {
    Moment(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()))
}
