//! The way to one domain: its hosts in turn, their addresses, and what is demanded of each.
//!
//! ```text
//!   ask: MX, TXT _mta-sts         one round trip
//!    v
//!   hosts in turn (mx.rs)
//!    v
//!   ask: A, AAAA, TLSA of each    another, and one more where a host is an alias
//!    v
//!   for each: addresses past the guard, DANE (dane.rs), else MTA-STS: a Host, with a fault if it cannot be used
//! ```
//!
//! Who connects, and in which order that ends, is left to delivery.

use super::dane::{self, Records};
use super::fault::{HostFault, NoRoute};
use super::guard::{self, kind};
use super::mta_sts::{self, Applied, Mode};
use super::mx::{self, Mx, MxHost, Odd};
use super::rules::Rules;
use crate::dns::{Answer, Data, DnsError, Kind, Question};
use crate::net::tls::{Dane, Tlsa};
use crate::net::{Family, connect::is_own};
use std::net::{IpAddr, SocketAddr};

/// The way to a domain.
#[derive(Debug)]
pub struct Plan {
    /// The domain, in A-labels and small letters.
    pub domain: String,
    /// The MX records, or that there are none, are validated.
    pub secure: bool,
    /// What holds by MTA-STS, if that was looked at.
    pub mta_sts: Option<mta_sts::Found>,
    /// The hosts, the best first.
    pub hosts: Vec<Host>,
    /// What is odd about the records.
    pub odd: Vec<Odd>,
    /// Why DANE was not looked for, if it was wanted.
    pub no_dane: Option<NoDane>,
}

/// Why DANE does not count, where it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDane {
    /// The resolver is not believed that it validates.
    Untrusted,
    /// It does not validate: not even the root is validated.
    NotValidating,
}

/// A host.
#[derive(Debug)]
pub struct Host {
    /// Its name, and how good it is.
    pub mx: MxHost,
    /// Its addresses, as far as they may be connected to.
    pub addresses: Vec<IpAddr>,
    /// They are validated.
    pub secure: bool,
    /// Its TLSA records, as far as they are validated. Those that cannot be used are among them.
    pub tlsa: Vec<Tlsa>,
    /// What is demanded there.
    pub demand: Demand,
    /// Why it cannot be used, if so.
    pub fault: Option<HostFault>,
}

/// What is demanded of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Demand {
    /// Nothing: TLS if it is offered, whoever it is.
    #[default]
    Nothing,
    /// TLS, whoever it is: there are TLSA records, and none can be used (RFC 7672, section 2.2).
    Encryption,
    /// What these records say (RFC 7672).
    Dane(Dane),
    /// A certificate for its own name by an authority (RFC 8461, section 4.2).
    MtaSts,
    /// The same, but it goes out in any case: the policy is only tested (RFC 8461, section 5).
    Tested,
}

impl Plan {
    /// The hosts that can be used.
    pub fn usable(&self) -> impl Iterator<Item = &Host> {
        self.hosts.iter().filter(|host| host.fault.is_none())
    }

    /// Why there is no way, if none of the hosts can be used.
    #[must_use]
    pub fn no_route(self) -> Option<NoRoute> {
        if self.usable().next().is_some() {
            return None;
        }
        let faults = self.hosts.into_iter().filter_map(|host| Some((host.mx.name, host.fault?)));
        Some(NoRoute::Hosts { domain: self.domain, faults: faults.collect() })
    }
}

impl Host {
    /// One of which no more is known yet.
    fn new(mx: MxHost) -> Host {
        let (addresses, tlsa) = (Vec::new(), Vec::new());
        Host { mx, addresses, secure: false, tlsa, demand: Demand::Nothing, fault: None }
    }
}

/// Finds the way to a domain, which is in A-labels.
///
/// # Errors
/// [`NoRoute`]. Hosts that cannot be used are no error: they are in the plan, with their faults.
pub fn plan(domain: &str, rules: &Rules<'_>) -> Result<Plan, NoRoute> {
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
    let mut questions = vec![Question::new(domain.as_str(), Kind::Mx)];
    if rules.mta_sts.is_some() {
        questions.push(Question::new(format!("_mta-sts.{domain}"), Kind::Txt));
    }
    let mut came = rules.resolver.ask(&questions, rules.until).into_iter();
    let answer = match came.next().unwrap_or(Err(DnsError::NoResolver)) {
        Ok(answer) => answer,
        Err(DnsError::NoSuchName) => return Err(NoRoute::NoSuchDomain(domain)),
        Err(error) => return Err(NoRoute::LookUp { domain, error }),
    };
    let (mx, mut odd) = mx::hosts(&domain, &answer, &mut chance);
    let Mx::Hosts(found) = mx else { return Err(NoRoute::NullMx(domain)) };
    if found.is_empty() {
        return Err(NoRoute::NoHosts(domain));
    }
    let no_dane = no_dane(answer.secure, rules);
    let asks_tlsa = rules.dane && no_dane.is_none();
    let mut hosts = look_up(found, &domain, asks_tlsa, rules, &mut odd);
    let texts = came.next().map(|came| came.map(|answer| answer.texts().map(<[u8]>::to_vec).collect()));
    let needs_policy =
        hosts.iter().any(|host| host.fault.is_none() && !matches!(host.demand, Demand::Dane(_)));
    let found = match (rules.mta_sts, texts) {
        // Where DANE decides about all hosts, nobody needs it.
        (Some((cache, fetch)), Some(texts)) if needs_policy => {
            Some(mta_sts::discover(&domain, texts, cache, fetch, rules.now))
        }
        _ => None,
    };
    if let Some(applied) = found.as_ref().and_then(|found| found.applied.as_ref()) {
        hosts.iter_mut().for_each(|host| apply(applied, host));
    }
    if rules.policy_required {
        for host in hosts.iter_mut().filter(|host| host.fault.is_none()) {
            let is_proved = match host.demand {
                Demand::MtaSts => true,
                // Who can choose the hosts can choose their records.
                Demand::Dane(_) => answer.secure,
                Demand::Nothing | Demand::Encryption | Demand::Tested => false,
            };
            host.fault = (!is_proved).then_some(HostFault::NoPolicy);
        }
    }
    Ok(Plan { domain, secure: answer.secure, mta_sts: found, hosts, odd, no_dane })
}

/// Whether the resolver can be asked for what DANE needs. One that validates a domain's records does; of another one the
/// root tells it, which is signed (Postfix asks the same).
fn no_dane(is_secure: bool, rules: &Rules<'_>) -> Option<NoDane> {
    let trusted = |server: &SocketAddr| rules.resolver.is_trusted(*server);
    if !rules.dane || is_secure {
        return None;
    }
    if !rules.resolver.servers().iter().all(trusted) {
        return Some(NoDane::Untrusted);
    }
    let validates = || match rules.resolver.ask_one(Question::new(".", Kind::Ns), rules.until) {
        Ok(answer) => answer.secure,
        // Then the look-ups of this domain are what says so.
        Err(_) => true,
    };
    (!*rules.validates.get_or_init(validates)).then_some(NoDane::NotValidating)
}

/// What a policy by MTA-STS makes of a host (RFC 8461, section 5). DANE goes before it (section 2).
fn apply(applied: &Applied, host: &mut Host) {
    if host.fault.is_some() || matches!(host.demand, Demand::Dane(_)) {
        return;
    }
    let is_covered = applied.policy.covers(&host.mx.name);
    match applied.policy.mode() {
        Mode::None => {}
        Mode::Enforce if is_covered => host.demand = Demand::MtaSts,
        Mode::Enforce => host.fault = Some(HostFault::NotInPolicy),
        Mode::Testing if host.demand == Demand::Nothing => host.demand = Demand::Tested,
        Mode::Testing => {}
    }
}

/// The addresses of the hosts, and what DANE demands of each.
fn look_up(
    mut found: Vec<MxHost>,
    domain: &str,
    asks_tlsa: bool,
    rules: &Rules<'_>,
    odd: &mut Vec<Odd>,
) -> Vec<Host> {
    // More would not be tried.
    found.truncate(rules.most_addresses.max(1));
    let kinds: Vec<Kind> = [(Family::V4, Kind::A), (Family::V6, Kind::Aaaa)]
        .into_iter()
        .filter(|(family, _)| rules.family == Family::Any || rules.family == *family)
        .map(|(_, kind)| kind)
        .collect();
    let mut questions = Vec::new();
    for host in found.iter().filter(|host| host.name.parse::<IpAddr>().is_err()) {
        questions.extend(kinds.iter().map(|kind| Question::new(host.name.as_str(), *kind)));
        if asks_tlsa {
            questions.push(Question::new(dane::name(&host.name, rules.port), Kind::Tlsa));
        }
    }
    let mut came = rules.resolver.ask(&questions, rules.until).into_iter();
    let mut left = rules.most_addresses;
    let mut hosts = Vec::new();
    for mx in found {
        if let Ok(ip) = mx.name.parse::<IpAddr>() {
            let mut host = Host::new(mx);
            admit(&mut host, vec![ip], &mut left, rules);
            hosts.push(host);
            continue;
        }
        let answers: Vec<Result<Answer, DnsError>> = came.by_ref().take(kinds.len()).collect();
        let tlsa = if asks_tlsa { came.next() } else { None };
        if answers.iter().flatten().any(|answer| !answer.aliases.is_empty()) {
            odd.push(Odd::Alias(mx.name.clone()));
        }
        hosts.push(host(mx, answers, tlsa, domain, &mut left, rules));
    }
    hosts
}

/// A host, as its answers have it.
fn host(
    mx: MxHost,
    answers: Vec<Result<Answer, DnsError>>,
    tlsa: Option<Result<Answer, DnsError>>,
    domain: &str,
    left: &mut usize,
    rules: &Rules<'_>,
) -> Host {
    let mut host = Host::new(mx);
    let mut found = Vec::new();
    let (mut failed, mut known): (_, Option<Answer>) = (None, None);
    for answer in answers {
        match answer {
            Ok(answer) => {
                found.extend(answer.records.iter().filter_map(|data| match data {
                    Data::Address(ip) => Some(*ip),
                    _ => None,
                }));
                // All addresses are validated, or none counts as such.
                known = match known {
                    Some(known) if answer.records.is_empty() => Some(known),
                    Some(Answer { records, secure, aliases }) if !records.is_empty() => {
                        Some(Answer { records, secure: secure && answer.secure, aliases })
                    }
                    _ => Some(answer),
                };
            }
            Err(error) if error.is_certain() => {}
            Err(error) => failed = Some(error),
        }
    }
    if found.is_empty() {
        host.fault = Some(failed.map_or(HostFault::NoAddress, HostFault::LookUp));
        return host;
    }
    admit(&mut host, found, left, rules);
    let Some(known) = known else { return host };
    host.secure = known.secure;
    let (Some(tlsa), None) = (tlsa, &host.fault) else { return host };
    let (base, records) = dane::records(&host.mx.name, &known, tlsa, rules);
    match records {
        Records::None => {}
        Records::Unusable(records) => (host.tlsa, host.demand) = (records, Demand::Encryption),
        Records::Usable(records) => {
            host.tlsa.clone_from(&records);
            let mut names = vec![base, domain.to_owned()];
            names.dedup();
            host.demand = Demand::Dane(Dane { records, names });
        }
        Records::Failed(error) => host.fault = Some(HostFault::Tlsa(error)),
    }
    host
}

/// Takes those of the addresses that may be connected to, as long as there is room.
fn admit(host: &mut Host, found: Vec<IpAddr>, left: &mut usize, rules: &Rules<'_>) {
    let mut refused = Vec::new();
    for ip in found {
        // What is not public is admitted as what it is, or not.
        let is_ours =
            || kind(ip) == guard::Kind::Public && !rules.allow.names(ip) && is_own(&SocketAddr::new(ip, 0));
        match rules.allow.admits(ip) {
            Err(kind) => refused.push((ip, Some(kind))),
            Ok(()) if is_ours() => refused.push((ip, None)),
            Ok(()) if *left > 0 && !host.addresses.contains(&ip) => {
                host.addresses.push(ip);
                *left -= 1;
            }
            Ok(()) => {}
        }
    }
    if host.addresses.is_empty() {
        host.fault = Some(match refused.is_empty() {
            true => HostFault::TooMany,
            false => HostFault::NotAdmitted(refused),
        });
    }
}

/// A number below this one, by chance. Where the system gives none, the order of the answer will do.
fn chance(below: usize) -> usize {
    let mut octets = [0; 4];
    match getrandom::fill(&mut octets) {
        Ok(()) => usize::try_from(u32::from_ne_bytes(octets)).unwrap_or_default() % below.max(1),
        Err(_) => below.saturating_sub(1),
    }
}
