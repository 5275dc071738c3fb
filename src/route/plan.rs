//! The way to one domain: its hosts in turn, their addresses, and what is demanded of each.
//!
//! ```text
//!   ask: MX, TXT _mta-sts         one round trip
//!    v
//!   hosts in turn (mx.rs)
//!    v
//!   ask: A, AAAA, TLSA of each    another, one more where a host is an alias, and more where none of the best can be used
//!    v
//!   for each: addresses past the guard, DANE (dane.rs), else MTA-STS: a Host, with a fault if it cannot be used
//! ```
//!
//! Who connects, and in which order that ends, is left to delivery.

use super::dane::{self, Records};
use super::fault::{HostFault, NoRoute};
use super::guard::{self, Allow, kind};
use super::mta_sts::{self, Applied, Cache, Fetch, Mode};
use super::mx::{self, Mx, MxHost, Odd};
use crate::dns::{Answer, Data, DnsError, Kind, Question, Resolver};
use crate::net::tls::Dane;
use crate::net::{Deadline, Family, connect::is_own};
use std::net::{IpAddr, SocketAddr};

/// How often more hosts are looked up where those before cannot be used: whoever names very many keeps nobody busy.
const ROUNDS: usize = 4;

/// What is looked up, and what counts.
pub struct Rules<'a> {
    /// Who is asked.
    pub resolver: &'a Resolver,
    /// The port of SMTP: TLSA records are asked for at it.
    pub port: u16,
    /// Which addresses may be connected to.
    pub allow: &'a Allow,
    /// Of which kind.
    pub family: Family,
    /// DANE counts (RFC 7672).
    pub dane: bool,
    /// MTA-STS counts (RFC 8461), by policies that are kept here and fetched by that.
    pub mta_sts: Option<(&'a dyn Cache, &'a dyn Fetch)>,
    /// Only hosts that a policy proves to be those of the domain.
    pub policy_required: bool,
    /// The most addresses that are tried, and hosts that are looked up at once; never 0.
    pub most_addresses: usize,
    /// When it must be over.
    pub until: Deadline,
    /// What time it is, in seconds since 1970.
    pub now: u64,
}

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
    /// DANE was wanted, and the resolver is not believed that it validates.
    pub untrusted: bool,
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

impl Host {
    /// One of which nothing is known yet.
    fn new(mx: MxHost) -> Host {
        Host { mx, addresses: Vec::new(), secure: false, demand: Demand::Nothing, fault: None }
    }
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

/// Finds the way to a domain, which is in A-labels, or an address in brackets.
///
/// # Errors
/// [`NoRoute`]. Hosts that cannot be used are no error: they are in the plan, with their faults.
pub fn plan(domain: &str, rules: &Rules<'_>) -> Result<Plan, NoRoute> {
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
    if domain.starts_with('[') {
        return to_address(domain, rules);
    }
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
    let untrusted =
        rules.dane && !rules.resolver.servers().iter().all(|server| rules.resolver.is_trusted(*server));
    let asks_tlsa = rules.dane && !untrusted;
    let mut texts = came.next().map(|came| came.map(|answer| answer.texts().map(<[u8]>::to_vec).collect()));
    let mut policy: Option<mta_sts::Found> = None;
    let mut hosts: Vec<Host> = Vec::new();
    let mut left = rules.most_addresses;
    let mut rest = found.as_slice();
    for _ in 0..ROUNDS {
        if left == 0 || rest.is_empty() {
            break;
        }
        let (some, others) = rest.split_at(rest.len().min(rules.most_addresses));
        let mut some = look_up(some.to_vec(), &domain, asks_tlsa, rules, &mut odd);
        let needs_policy =
            some.iter().any(|host| host.fault.is_none() && !matches!(host.demand, Demand::Dane(_)));
        // Where DANE decides about all hosts, nobody needs it.
        if let (true, Some((cache, fetch))) = (needs_policy, rules.mta_sts)
            && let Some(texts) = texts.take()
        {
            policy = Some(mta_sts::discover(&domain, texts, cache, fetch, rules.now));
        }
        if let Some(applied) = policy.as_ref().and_then(|found| found.applied.as_ref()) {
            some.iter_mut().for_each(|host| apply(applied, host));
        }
        if rules.policy_required {
            some.iter_mut().for_each(|host| prove(host, answer.secure));
        }
        some.iter_mut().for_each(|host| share(host, &mut left));
        hosts.extend(some);
        rest = others;
    }
    // Whether it could be used, nobody has found out.
    hosts.extend(rest.first().map(|mx| Host { fault: Some(HostFault::TooMany), ..Host::new(mx.clone()) }));
    Ok(Plan { domain, secure: answer.secure, mta_sts: policy, hosts, odd, untrusted })
}

/// The way to a domain that is an address in brackets (RFC 5321, sections 4.1.3 and 5.1): the DNS has no part in it.
fn to_address(domain: String, rules: &Rules<'_>) -> Result<Plan, NoRoute> {
    let inside = domain.trim_matches(['[', ']']);
    let ip: Result<IpAddr, _> = match inside.strip_prefix("ipv6:") {
        Some(address) => address.parse().map(IpAddr::V6),
        None => inside.parse().map(IpAddr::V4),
    };
    let Ok(ip) = ip else { return Err(NoRoute::NoSuchDomain(domain)) };
    let mut host = Host::new(MxHost { preference: None, name: ip.to_string() });
    admit(&mut host, vec![ip], rules);
    if rules.policy_required {
        prove(&mut host, false);
    }
    Ok(Plan { domain, secure: false, mta_sts: None, hosts: vec![host], odd: Vec::new(), untrusted: false })
}

/// A host that nothing proves to be the domain's cannot be used where that is demanded. Whoever can choose the hosts can
/// choose their records, so DANE proves it only where the MX records are validated, too.
fn prove(host: &mut Host, is_secure: bool) {
    let is_proved = match host.demand {
        Demand::MtaSts => true,
        Demand::Dane(_) => is_secure,
        Demand::Nothing | Demand::Encryption | Demand::Tested => false,
    };
    if host.fault.is_none() && !is_proved {
        host.fault = Some(HostFault::NoPolicy);
    }
}

/// Takes as many addresses of a host as there is room for, if it can be used.
fn share(host: &mut Host, left: &mut usize) {
    if host.fault.is_some() {
        return;
    }
    host.addresses.truncate(*left);
    *left -= host.addresses.len();
    host.fault = host.addresses.is_empty().then_some(HostFault::TooMany);
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
    found: Vec<MxHost>,
    domain: &str,
    asks_tlsa: bool,
    rules: &Rules<'_>,
    odd: &mut Vec<Odd>,
) -> Vec<Host> {
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
    let mut hosts = Vec::new();
    for mx in found {
        if let Ok(ip) = mx.name.parse::<IpAddr>() {
            let mut host = Host::new(mx);
            admit(&mut host, vec![ip], rules);
            hosts.push(host);
            continue;
        }
        let answers: Vec<Result<Answer, DnsError>> = came.by_ref().take(kinds.len()).collect();
        let tlsa = if asks_tlsa { came.next() } else { None };
        if answers.iter().flatten().any(|answer| !answer.aliases.is_empty()) {
            odd.push(Odd::Alias(mx.name.clone()));
        }
        hosts.push(host(mx, answers, tlsa, domain, rules));
    }
    hosts
}

/// A host, as its answers have it.
fn host(
    mx: MxHost,
    answers: Vec<Result<Answer, DnsError>>,
    tlsa: Option<Result<Answer, DnsError>>,
    domain: &str,
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
    admit(&mut host, found, rules);
    let Some(known) = known else { return host };
    host.secure = known.secure;
    let (Some(tlsa), None) = (tlsa, &host.fault) else { return host };
    let (base, records) = dane::records(&host.mx.name, &known, tlsa, rules);
    match records {
        Records::None => {}
        Records::Unusable => host.demand = Demand::Encryption,
        Records::Usable(records) => {
            let mut names = vec![base, domain.to_owned()];
            names.dedup();
            host.demand = Demand::Dane(Dane { records, names });
        }
        Records::Failed(error) => host.fault = Some(HostFault::Tlsa(error)),
    }
    host
}

/// Takes those of the addresses that may be connected to, as many as would be tried.
fn admit(host: &mut Host, found: Vec<IpAddr>, rules: &Rules<'_>) {
    let mut refused = Vec::new();
    for ip in found {
        // What is not public is admitted as what it is, or not.
        let is_ours =
            || kind(ip) == guard::Kind::Public && !rules.allow.names(ip) && is_own(&SocketAddr::new(ip, 0));
        match rules.allow.admits(ip) {
            Err(kind) => refused.push((ip, Some(kind))),
            Ok(()) if is_ours() => refused.push((ip, None)),
            Ok(()) if host.addresses.len() < rules.most_addresses && !host.addresses.contains(&ip) => {
                host.addresses.push(ip);
            }
            Ok(()) => {}
        }
    }
    if host.addresses.is_empty() {
        host.fault = Some(HostFault::NotAdmitted(refused));
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
