//! `ehlo sink`: a small server that catches mail.
//!
//! The address that it listens on is its only data on stdout; the rest is talk.

#![allow(clippy::disallowed_types)] // The certificate is written to a file.

use super::early_exit::{EarlyExit, Result};
use super::every_domain::EveryDomain;
use super::{host, secrets};
use crate::cli::{SinkArgs, Verdict};
use crate::config::text;
use crate::net::{Deadline, interrupt};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::sink::{Account, Domains, Event, Observer, Settings, Sink, SinkError, Store, Tls};
use crate::words;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::dialogue;
use ehlo_smtp::path::Domain;
use ehlo_smtp::serve::Rules;
use std::sync::atomic::AtomicBool;

/// What it ends with when a client did not keep to the script.
const NOT_THE_SCRIPT: ExitStatus = ExitStatus(1);

/// Runs the sink, and returns the exit status.
pub fn run(args: &SinkArgs) -> ExitStatus {
    let output = Output::plain();
    serve(args, &output).unwrap_or_else(|exit| {
        let error = exit.report();
        output.say(&error.text);
        error.status
    })
}

fn serve(args: &SinkArgs, output: &Output) -> Result<ExitStatus> {
    let sink = Sink::bind(settings(args, output)?).map_err(|error| match error {
        SinkError::Listen { .. } | SinkError::Store { .. } => EarlyExit::io(
            error,
            "cannot start the \
            sink"
                .to_owned(),
        ),
        SinkError::Certificate(_) => EarlyExit::of(ExitStatus::CONFIG, error.to_string()),
    })?;
    if let Some(path) = &args.cert_out {
        let certificate = sink.certificate_pem().unwrap_or_default();
        std::fs::write(path, certificate).map_err(|error| {
            EarlyExit::io(error, format!("cannot write the certificate to {}", path.display()))
        })?;
    }
    let every_domain = EveryDomain::of(&sink, args.cert_out.as_deref())?;
    if let Some(here) = &every_domain {
        introduce(here, output);
    }
    let _ = interrupt::install();
    let address = format!("{}\n", sink.address());
    output.data(&address).map_err(|error| EarlyExit::io(error, "cannot print its address".to_owned()))?;
    sink.run(&AtomicBool::new(false));
    let mismatches = sink.mismatches();
    for mismatch in &mismatches {
        output.say(&mismatch.to_string());
    }
    Ok(if mismatches.is_empty() { ExitStatus::OK } else { NOT_THE_SCRIPT })
}

/// What there is to be said of a sink that is every domain's.
fn introduce(here: &EveryDomain, output: &Output) {
    output.tell(&format!(
        "This sink is the mail server of every domain, for those who ask its DNS at {}. In another terminal:",
        here.dns
    ));
    output.line(&format!("  {}", here.line()));
    output.tell(
        "Any addresses will do. --policy mta-sts checks the server by MTA-STS instead of DANE; -v shows the dialogue, \
         --dry-run the look-ups.",
    );
}

fn settings(args: &SinkArgs, output: &Output) -> Result<Settings> {
    let name = match &args.name {
        Some(text) => Domain::parse(text).map_err(|error| EarlyExit::usage(format!("--name: {error}")))?,
        None => {
            host::full_name().map_or_else(|| Domain::from_address(args.listen.ip()), EhloName::into_domain)
        }
    };
    let mut settings = Settings::new(name);
    settings.listen = args.listen;
    settings.lmtp = args.lmtp;
    settings.once = args.once;
    settings.max_size = args.max_size;
    settings.require_auth = args.require_auth;
    settings.rules = rules(args)?;
    settings.tls = args.tls;
    settings.domains = domains(args)?;
    if args.require_auth && args.user.is_none() {
        return Err(EarlyExit::usage("--require-auth needs --user"));
    }
    if args.cert_out.is_some() && settings.tls == Tls::Off {
        return Err(EarlyExit::usage("--cert-out: there is no certificate with --tls off"));
    }
    settings.store = match (&args.maildir, &args.mbox) {
        (Some(folder), _) => Store::Maildir(folder.clone()),
        (None, Some(file)) => Store::Mbox(file.clone()),
        (None, None) => Store::Memory,
    };
    if let (Some(user), Some(file)) = (&args.user, &args.password_file) {
        settings.account = Some(Account {
            user: user.clone(),
            password: secrets::from_file(file, Deadline::never(), output)?,
        });
    }
    if let Some(path) = &args.script {
        let cannot = |error: anyhow::Error| {
            EarlyExit::no_input(error, format!("cannot read the script {}", path.display()))
        };
        let octets = std::fs::read(path).map_err(|error| cannot(error.into()))?;
        let script = dialogue::parse(
            text::of(&octets).map_err(|why| cannot(anyhow::Error::msg(words::message::no_text(&why))))?,
        );
        settings.script =
            Some(script.map_err(|error| EarlyExit::data(format!("{}: {error}", path.display())))?);
    }
    if args.verbose > 0 {
        settings.observer = Box::new(Talk(*output));
    }
    Ok(settings)
}

fn domains(args: &SinkArgs) -> Result<Option<Domains>> {
    let Some(dns) = args.dns else { return Ok(None) };
    if args.tls != Tls::StartTls {
        return Err(EarlyExit::usage(
            "--dns: mail servers of domains speak TLS after STARTTLS; leave out --tls",
        ));
    }
    if args.listen.ip().is_unspecified() {
        return Err(EarlyExit::usage(format!(
            "--dns: {} is no address that a client can connect to; give one with --listen",
            args.listen.ip()
        )));
    }
    Ok(Some(Domains { dns, policy_port: args.mta_sts_port, unsigned: Vec::new() }))
}

fn rules(args: &SinkArgs) -> Result<Rules> {
    let mut rules = Rules::default();
    let rejected = args.reject.iter().map(|verdict| ("--reject", verdict));
    let deferred = args.defer.iter().map(|verdict| ("--defer", verdict));
    for (flag, Verdict { address, code, text }) in rejected.chain(deferred) {
        let added = rules.add(address, *code, text.as_deref());
        added.map_err(|error| EarlyExit::usage(format!("{flag} '{address}': {error}")))?;
    }
    Ok(rules)
}

/// The dialogue on stderr, for `-v`.
#[derive(Debug)]
pub struct Talk(pub Output);

impl Observer for Talk {
    fn notice(&self, _session: u64, event: Event<'_>) {
        self.0.talk(&event.to_string());
    }
}
