//! `ehlo check`: a domain's whole mail set-up.

use super::clock::now;
use super::configuration::InForce;
use super::dkim::read_message;
use super::early_exit::{EarlyExit, Result};
use super::people;
use super::target::mx::Routes;
use super::target::{self, Deviations};
use crate::check::{Asker, Facts, Rules, Talk, Wanted, gather};
use crate::cli::CheckArgs;
use crate::client::{Observer, Target};
use crate::dkim::Verifier;
use crate::dns::DnsError;
use crate::message::address::read_list;
use crate::net::error::plain;
use crate::net::tls::certificate::Moment;
use crate::net::{Deadline, interrupt};
use crate::output::Output;
use crate::probe;
use crate::report::check::{CheckReport, findings, json, text};
use crate::report::exit::ExitStatus;
use crate::report::probe::Look;
use crate::report::text::printable;
use crate::report::transcript::{Detail, Transcript};
use crate::route::{self, Plan};
use ehlo_smtp::path::{Domain, ReversePath};
use std::borrow::Cow;
use std::io;
use std::net::IpAddr;
use std::path::Path;

/// The most addresses of a domain's hosts that are looked at.
const MOST_ADDRESSES: usize = 40;

/// Checks the domain, and returns the exit status.
pub fn run(args: &CheckArgs) -> ExitStatus {
    let output = Output::new(false, args.json, args.color);
    let report = check(args, &output).unwrap_or_else(|exit| CheckReport {
        name: args.domain.clone(),
        facts: None,
        connects: false,
        error: Some(exit.report()),
    });
    let look = Look { width: output.width(), color: output.color };
    let text = match (args.json, args.quiet) {
        (true, _) => json(&report) + "\n",
        (false, true) => findings(&report, look),
        (false, false) => text(&report, look),
    };
    if let Err(error) = output.data(&text) {
        output.say(&format!("cannot write the report: {}", plain(&error)));
        return ExitStatus::IO;
    }
    if let Some(error) = &report.error {
        output.complain(error);
    }
    report.exit_status()
}

fn check(args: &CheckArgs, output: &Output) -> Result<CheckReport> {
    let domain = domain(&args.domain)?;
    let selectors = args.selectors.iter().map(|name| label(name)).collect::<Result<Vec<String>>>()?;
    let zones = args.blocklists.iter().map(|zone| self::domain(zone)).collect::<Result<Vec<String>>>()?;
    let clients: Vec<IpAddr> = args.clients.iter().map(IpAddr::to_canonical).collect();
    let session = args.session(&domain);
    let in_force = InForce { session: Cow::Borrowed(&session), chosen: None, configuration: None };
    let deviations = Deviations { observes: true, ..Deviations::default() };
    let resolved = target::resolve(in_force, &deviations, output)?;
    let like = &resolved.target;
    let Some(routes) = &resolved.routes else { return Err(EarlyExit::usage("name a domain")) };
    let message = args.message.as_deref().map(|file| message(file, args, output)).transpose()?;
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let facts = routes.by_rules(like, |by, fetch| {
        let rules = Rules {
            asker: Asker { resolver: by.resolver, until: by.until },
            // What MTA-STS says is a topic of its own, and no reason not to look at a host.
            route: route::Rules { mta_sts: None, most_addresses: MOST_ADDRESSES, ..by },
            fetch,
            selectors: &selectors,
            clients: &clients,
            blocklists: &zones,
            message,
            now: Moment(now()),
        };
        gather(&domain, rules, &mut |plan| {
            if args.no_connect { Vec::new() } else { talks(plan, routes, like, by.until, args.verbose) }
        })
    });
    // What was left out says nothing of the domain.
    if interrupt::caught().is_some() {
        return Err(EarlyExit::of(ExitStatus::TEMPORARY, "interrupted by a signal"));
    }
    if let Some(error) = no_resolver(&facts) {
        return Err(EarlyExit::of(ExitStatus::TEMPORARY, error.to_string()));
    }
    Ok(CheckReport { name: args.domain.clone(), facts: Some(facts), connects: !args.no_connect, error: None })
}

/// A domain in A-labels and small letters.
fn domain(text: &str) -> Result<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    if name.parse::<IpAddr>().is_ok() {
        return Err(EarlyExit::usage(format!("'{}' is an address: name a domain", printable(text))));
    }
    let parsed = Domain::parse(name);
    match parsed {
        Ok(domain) if !domain.is_literal() && domain.ascii().split('.').any(|label| label.len() > 63) => {
            Err(EarlyExit::usage(format!("'{}': a part of it is longer than 63 octets", printable(text))))
        }
        Ok(domain) if !domain.is_literal() => Ok(domain.ascii().to_ascii_lowercase()),
        Ok(_) => Err(EarlyExit::usage(format!("'{}' is an address: name a domain", printable(text)))),
        Err(_) if text.contains('@') => Err(EarlyExit::usage(format!(
            "'{}' is an address: name the domain, what stands behind its @",
            printable(text)
        ))),
        Err(error) => Err(EarlyExit::usage(format!("'{}': {error}", printable(text)))),
    }
}

/// A selector, which may have dots in it.
fn label(name: &str) -> Result<String> {
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.');
    if (1..=120).contains(&name.len()) && name.bytes().all(fits) {
        return Ok(name.to_ascii_lowercase());
    }
    Err(EarlyExit::usage(format!(
        "--dkim-selector '{}': a selector has letters, digits, hyphens and dots",
        printable(name)
    )))
}

/// Why nothing at all was looked up, if so.
fn no_resolver(facts: &Facts) -> Option<&DnsError> {
    let is_lost =
        |error: &DnsError| matches!(error, DnsError::NoResolver | DnsError::NoRandom | DnsError::Network(..));
    let first = facts.mail.failed.first().filter(|_| facts.mail.plan.is_err())?;
    let is_all = facts.spf.failed.iter().chain(&facts.dmarc.failed).all(|failed| is_lost(&failed.error));
    let is_any = !facts.spf.failed.is_empty() && !facts.dmarc.failed.is_empty();
    (is_lost(&first.error) && is_all && is_any).then_some(&*first.error)
}

/// Talks with each host that can be connected to, as long as there is time.
fn talks(plan: &Plan, routes: &Routes, like: &Target, until: Deadline, verbose: u8) -> Vec<Talk> {
    let talk = |host: &route::Host| {
        let mut observers: Vec<Box<dyn Observer>> = Vec::new();
        if verbose > 0 {
            observers.push(Box::new(Transcript::new(io::stderr(), Detail::of(verbose))));
        }
        let target = routes.observed_host(plan, host, like);
        Talk { host: host.mx.name.clone(), probe: probe::run(&target, None, &mut observers) }
    };
    let hosts = plan.hosts.iter().filter(|host| !host.addresses.is_empty());
    hosts.take_while(|_| !until.is_over() && interrupt::caught().is_none()).map(talk).collect()
}

/// A message, and in whose name it is sent.
fn message(file: &Path, args: &CheckArgs, output: &Output) -> Result<Wanted> {
    let verifier = read_message(file, output)?;
    let (authors, first) = authors(&verifier);
    let given = args.from.as_deref().map(reverse_path).transpose()?;
    let is_assumed = given.is_none();
    let sender = match given {
        Some(ReversePath::Null) => None,
        Some(ReversePath::Mailbox(mailbox)) => {
            Some((mailbox.local().to_owned(), mailbox.domain().ascii().to_ascii_lowercase()))
        }
        None => first,
    };
    let is_domain = |name: &&String| Domain::parse(name).is_ok_and(|domain| !domain.is_literal());
    let helo = args.ehlo_name.as_ref().filter(is_domain).map(|name| name.to_ascii_lowercase());
    let from_fields = verifier.values("From").len();
    let client = args.clients.first().map(IpAddr::to_canonical);
    Ok(Wanted { verifier, authors, sender, is_assumed, client, helo, from_fields })
}

/// `--from`.
fn reverse_path(text: &str) -> Result<ReversePath> {
    people::reverse_path(text, None).map_err(|_| {
        EarlyExit::usage(format!("--from '{}': write one address, local-part@domain, or ''", printable(text)))
    })
}

/// The domains in From, each once, and the first address.
fn authors(verifier: &Verifier) -> (Vec<String>, Option<(String, String)>) {
    let (mut domains, mut first): (Vec<String>, _) = (Vec::new(), None);
    for value in verifier.values("From") {
        let text = String::from_utf8_lossy(&value).replace(['\r', '\n'], "");
        let Ok(list) = read_list(&text, None) else { continue };
        for mailbox in list.addresses.iter().filter_map(|address| address.mailbox()) {
            let domain = mailbox.domain().ascii().to_ascii_lowercase();
            first.get_or_insert_with(|| (mailbox.local().to_owned(), domain.clone()));
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
    }
    (domains, first)
}
