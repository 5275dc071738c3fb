//! `ehlo probe`: what a server offers, and how well it is set up.

#![allow(clippy::disallowed_types)] // The time it is, for the days that certificates have left.

use super::route;
use super::stop::{Result, Stop};
use crate::cli::{ProbeArgs, TlsMode};
use crate::client::Observer;
use crate::net::error::plain;
use crate::net::tls::certificate::Moment;
use crate::net::tls::{self, Client, Trust, Verify};
use crate::net::{Deadline, Endpoint, LocalEnd, Server, TlsError, TlsHint, interrupt};
use crate::output::Output;
use crate::probe::{self, Context, Facts, Settings, When, judge};
use crate::report::exit::ExitStatus;
use crate::report::probe::{ProbeReport, error, findings, json, text};
use crate::report::text::printable;
use crate::report::transcript::{Detail, Transcript};
use crate::words;
use ehlo_smtp::session;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

/// Does it all.
pub fn run(args: &ProbeArgs) -> ExitStatus {
    let output = Output::new(false, args.json, args.color);
    let report = match settings(args) {
        Ok(settings) => probe(args, &settings),
        Err(stop) => ProbeReport {
            // What could not be read may hold a password.
            name: String::new(),
            protocol: session::Protocol::Smtp,
            facts: Facts::default(),
            findings: Vec::new(),
            error: Some(stop.report()),
            now: now(),
        },
    };
    let text = match (args.json, &report.facts.greeting) {
        (true, _) => json(&report) + "\n",
        (false, Some(_)) if args.quiet => findings(&report, output.color),
        (false, Some(_)) => text(&report, output.color),
        (false, None) => String::new(),
    };
    if let Err(error) = output.data(&text) {
        output.say(&format!("cannot write the report: {}", plain(&error)));
        return ExitStatus::IO;
    }
    if let Some(error) = &report.error {
        output.say(&error.line());
    }
    report.exit_status()
}

fn probe(args: &ProbeArgs, settings: &Settings) -> ProbeReport {
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let mut observers: Vec<Box<dyn Observer>> = Vec::new();
    if args.verbose > 0 {
        observers.push(Box::new(Transcript::new(io::stderr(), Detail::of(args.verbose))));
    }
    let done = probe::run(settings, &mut observers);
    let over_the_net = matches!(settings.endpoint, Endpoint::Tcp { .. });
    let context = Context {
        now: now(),
        public: over_the_net && settings.protocol == session::Protocol::Smtp && settings.when != When::Never,
        relay: settings.port == 25,
        submission: settings.protocol == session::Protocol::Smtp && matches!(settings.port, 465 | 587),
        min_days: args.min_days,
    };
    ProbeReport {
        name: name(settings),
        protocol: settings.protocol,
        findings: judge(&done.facts, context),
        error: error(&done),
        facts: done.facts,
        now: context.now,
    }
}

fn settings(args: &ProbeArgs) -> Result<Settings> {
    let Some(server) = &args.server else {
        return Err(Stop::usage("no server: name one, as in 'ehlo probe mail.example.org'"));
    };
    let server = route::server(server, args.port, "SERVER")?;
    let tls_name = match (&args.tls_name, server.host()) {
        (Some(name), _) if !tls::is_name(name) => {
            let name = printable(name);
            return Err(Stop::usage(format!("--tls-name '{name}': no certificate can be for such a name")));
        }
        (Some(name), _) => name.clone(),
        (None, host) => host.unwrap_or("localhost").to_owned(),
    };
    let tls = tls::Settings {
        trust: args.ca_file.clone().map_or(Trust::System, Trust::File),
        verify: Verify::Reported,
        ..tls::Settings::default()
    };
    Client::new(tls.clone()).check().map_err(|error| match error {
        TlsError::CaFile { .. } => {
            Stop::no_input(anyhow::Error::msg(words::net::tls(&error)), "--ca-file".to_owned())
        }
        error => Stop::usage(words::net::tls(&error)),
    })?;
    Ok(Settings {
        protocol: route::protocol(&server),
        port: server.port().unwrap_or_default(),
        local: LocalEnd { family: route::family(args.ipv4, args.ipv6), bind: None },
        when: when(args.tls, &server),
        endpoint: server.endpoint,
        tls,
        tls_name,
        ehlo_name: route::ehlo_name(args.ehlo_name.as_deref())?,
        connect: args.connect_timeout,
        each: args.timeout,
        whole: Deadline::after(args.deadline),
        say: words::client_error,
    })
}

/// STARTTLS is begun wherever it is offered, by LMTP as well; a Unix socket has no name that a certificate could bear.
fn when(mode: Option<TlsMode>, server: &Server) -> When {
    match (mode, server.tls_hint()) {
        (Some(TlsMode::Off), _) => When::Never,
        (Some(TlsMode::Implicit), _) | (None, TlsHint::Implicit) => When::FromTheStart,
        (None, _) if matches!(server.endpoint, Endpoint::Unix(_)) => When::Never,
        (Some(TlsMode::Opportunistic | TlsMode::Starttls), _) | (None, _) => When::IfOffered,
    }
}

/// The server with its port.
fn name(settings: &Settings) -> String {
    match &settings.endpoint {
        Endpoint::Tcp { host, .. } if host.contains(':') => format!("[{host}]:{}", settings.port),
        Endpoint::Tcp { host, .. } => format!("{host}:{}", settings.port),
        Endpoint::Unix(path) => path.display().to_string(),
        Endpoint::Program(_) => String::new(),
    }
}

fn now() -> Moment {
    Moment(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()))
}
