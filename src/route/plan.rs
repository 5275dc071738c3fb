//! The way to one domain: its hosts in turn, their addresses, and what is demanded of each.
//!
//! ```text
//!   ask: MX, TXT _mta-sts         one round trip
//!    v
//!   hosts in turn (mx.rs)
//!    v
//!   ask: A, AAAA, TLSA of each    another (host.rs), and one more where a host is an alias
//!    v
//!   for each: addresses past the guard, DANE, else MTA-STS: a Host, with a fault if it cannot be used
//!    v
//!   more of the hosts, where these have fewer addresses than are tried
//! ```
//!
//! Who connects, and in which order that ends, is left to delivery.

use super::fault::{HostFault, NoRoute};
use super::host::{Demand, Host, admit, look_up};
use super::mta_sts::{self, Applied, Mode, Source};
use super::mx::{self, Mx, MxHost, Odd};
use super::rules::Rules;
use crate::dns::{DnsError, Kind, Question};
use std::net::{IpAddr, SocketAddr};

/// How often more hosts are looked up where those before cannot be used: whoever names very many keeps nobody busy.
const ROUNDS: usize = 4;

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
    /// The resolver is not trusted to validate.
    Untrusted,
    /// It does not validate: not even the root is validated.
    NotValidating,
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
    let no_dane = no_dane(answer.secure, rules);
    let asks_tlsa = rules.dane && no_dane.is_none();
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
        let applied = policy.as_ref().and_then(|found| found.applied.as_ref());
        for host in &mut some {
            if let Some(applied) = applied {
                apply(applied, host);
            }
            if rules.policy_required {
                prove(host, answer.secure);
            }
            share(host, &mut left);
        }
        hosts.extend(some);
        rest = others;
    }
    // Whether it could be used, nobody has found out.
    hosts.extend(rest.first().map(|mx| Host { fault: Some(HostFault::TooMany), ..Host::new(mx.clone()) }));
    Ok(Plan { domain, secure: answer.secure, mta_sts: policy, hosts, odd, no_dane })
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
    if rules.validates.get() == Some(&true) {
        return None;
    }
    match rules.resolver.ask_one(Question::new(".", Kind::Ns), rules.until) {
        // One that has just begun may validate later: only that it does is remembered.
        Ok(answer) if !answer.secure => Some(NoDane::NotValidating),
        Ok(_) => {
            let _ = rules.validates.set(true);
            None
        }
        // Then the look-ups of this domain are what says so.
        Err(_) => None,
    }
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
    Ok(Plan { domain, secure: false, mta_sts: None, hosts: vec![host], odd: Vec::new(), no_dane: None })
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
        Mode::Enforce => {
            let kept = (applied.source == Source::Cached).then_some(applied.until);
            host.fault = Some(HostFault::NotInPolicy { kept });
        }
        Mode::Testing if host.demand == Demand::Nothing => host.demand = Demand::Tested,
        Mode::Testing => {}
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Resolver;
    use crate::net::tls::Dane;
    use crate::net::{Deadline, Family};
    use crate::route::guard::Allow;
    use crate::route::mta_sts::{Policy, Source};
    use std::sync::OnceLock;

    fn host(demand: Demand, addresses: u8) -> Host {
        let addresses = (0..addresses).map(|last| IpAddr::from([192, 0, 2, last])).collect();
        let mx = MxHost { preference: Some(10), name: "mx.beta.arpa".to_owned() };
        Host { demand, addresses, ..Host::new(mx) }
    }

    fn all() -> [Demand; 5] {
        [Demand::Nothing, Demand::Encryption, Demand::Dane(Dane::default()), Demand::MtaSts, Demand::Tested]
    }

    #[test]
    fn hosts_that_can_be_used_share_the_addresses_that_are_tried() {
        let mut left = 5;
        let mut shared = |mut host: Host| {
            share(&mut host, &mut left);
            (host.addresses.len(), host.fault.is_none())
        };
        let faulty = Host { fault: Some(HostFault::NotInPolicy { kept: None }), ..host(Demand::Nothing, 5) };
        assert_eq!(shared(host(Demand::Nothing, 2)), (2, true));
        assert_eq!(shared(faulty), (5, false));
        assert_eq!(shared(host(Demand::Nothing, 4)), (3, true));
        assert_eq!(shared(host(Demand::Nothing, 1)), (0, false));
    }

    #[test]
    fn a_host_is_proved_by_mta_sts_or_by_dane_behind_a_validated_mx() {
        let proved = |is_secure: bool| {
            all().map(|demand| {
                let mut host = host(demand, 1);
                prove(&mut host, is_secure);
                host.fault.is_none()
            })
        };
        assert_eq!(proved(false), [false, false, false, true, false]);
        assert_eq!(proved(true), [false, false, true, true, false]);
    }

    #[test]
    fn a_policy_demands_what_dane_does_not_decide() {
        let applied = |mode: &str, mx: &str| {
            let text = format!("version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 1\n");
            let policy = Policy::parse(text.as_bytes()).unwrap();
            Applied { policy, source: Source::Fetched, id: "1".to_owned(), until: 1 }
        };
        let [nothing, encryption, dane, mta_sts, tested] = all();
        for (mode, mx, before, after) in [
            ("enforce", "mx.beta.arpa", &nothing, Some(&mta_sts)),
            ("enforce", "mx.beta.arpa", &encryption, Some(&mta_sts)),
            ("enforce", "mx.beta.arpa", &dane, Some(&dane)),
            ("enforce", "other.arpa", &nothing, None),
            ("enforce", "other.arpa", &encryption, None),
            ("enforce", "other.arpa", &dane, Some(&dane)),
            ("testing", "other.arpa", &nothing, Some(&tested)),
            ("testing", "other.arpa", &encryption, Some(&encryption)),
            ("testing", "other.arpa", &dane, Some(&dane)),
            ("none", "other.arpa", &nothing, Some(&nothing)),
            ("none", "other.arpa", &encryption, Some(&encryption)),
        ] {
            let mut host = host(before.clone(), 1);
            apply(&applied(mode, mx), &mut host);
            let came = host.fault.is_none().then_some(&host.demand);
            assert_eq!(came, after, "{mode} {mx} {before:?}");
        }
    }

    #[test]
    fn a_domain_that_is_an_address_is_asked_about_nowhere() {
        let (resolver, allow) = (Resolver::of(Vec::new()), "127.0.0.0/8".parse::<Allow>().unwrap());
        let found = |domain: &str, policy_required: bool| {
            let rules = Rules {
                resolver: &resolver,
                port: 25,
                allow: &allow,
                family: Family::Any,
                dane: true,
                validates: &OnceLock::new(),
                mta_sts: None,
                policy_required,
                most_addresses: 5,
                until: Deadline::never(),
                now: 0,
            };
            let plan = plan(domain, &rules).ok()?;
            let host = plan.hosts.into_iter().next()?;
            Some((host.mx.name, host.fault.is_none()))
        };
        let at = |name: &str, is_usable| Some((name.to_owned(), is_usable));
        assert_eq!(found("[127.0.0.1]", false), at("127.0.0.1", true));
        assert_eq!(found("[127.0.0.1]", true), at("127.0.0.1", false));
        assert_eq!(found("[10.0.0.1]", false), at("10.0.0.1", false));
        assert_eq!(found("[IPv6:::ffff:127.0.0.1]", false), at("::ffff:127.0.0.1", true));
        for domain in ["[127.0.0.01]", "[::1]", "[IPv6:127.0.0.1]", "[tag:x]", "["] {
            assert_eq!(found(domain, false), None, "{domain}");
        }
    }
}
