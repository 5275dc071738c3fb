//! The hosts of a domain: their addresses, as far as they may be connected to, and what DANE demands there.
//!
//! Which hosts there are is in mx.rs, which addresses are admitted in [`guard`], which TLSA records count in dane.rs.

use super::dane::{self, Records};
use super::fault::HostFault;
use super::guard::{self, kind};
use super::mx::{MxHost, Odd};
use super::rules::Rules;
use crate::dns::{Answer, DnsError, Kind, Question};
use crate::net::tls::{Dane, Tlsa};
use crate::net::{Family, connect::is_own};
use std::net::{IpAddr, SocketAddr};

/// A host.
#[derive(Debug)]
pub struct Host {
    /// Its name, and how good it is.
    pub mx: MxHost,
    /// Its addresses, as far as they may be connected to.
    pub addresses: Vec<IpAddr>,
    /// Those that may not be connected to: each, with what it is for; none if it is our own.
    pub refused: Vec<(IpAddr, Option<guard::Kind>)>,
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
    /// Nothing: TLS if it is offered; the certificate is not checked.
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
    pub(super) fn new(mx: MxHost) -> Host {
        Host {
            mx,
            addresses: Vec::new(),
            refused: Vec::new(),
            secure: false,
            tlsa: Vec::new(),
            demand: Demand::Nothing,
            fault: None,
        }
    }
}

/// The addresses of the hosts, and what DANE demands of each.
pub(super) fn look_up(
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
            Ok(answer) if answer.records.is_empty() => {}
            Ok(answer) => {
                found.extend(answer.addresses());
                // All addresses are validated, or none counts as such.
                let secure = answer.secure && known.as_ref().is_none_or(|known| known.secure);
                known = Some(Answer { secure, ..known.unwrap_or(answer) });
            }
            Err(error) if error.is_certain() => {}
            Err(error) => failed = Some(error),
        }
    }
    let Some(known) = known else {
        let none = match rules.family {
            Family::Any => HostFault::NoAddress,
            family => HostFault::NoneOfFamily(family),
        };
        host.fault = Some(failed.map_or(none, HostFault::LookUp));
        return host;
    };
    admit(&mut host, found, rules);
    host.secure = known.secure;
    let (Some(tlsa), None) = (tlsa, &host.fault) else { return host };
    let (base, records) = dane::records(&host.mx.name, &known, tlsa, rules);
    match records {
        Records::None => {}
        Records::Unusable(records) => (host.tlsa, host.demand) = (records, Demand::Encryption),
        Records::Usable(records) => {
            let mut names = vec![base, domain.to_owned()];
            names.dedup();
            host.tlsa.clone_from(&records);
            host.demand = Demand::Dane(Dane { records, names });
        }
        Records::Failed(error) => host.fault = Some(HostFault::Tlsa(error)),
    }
    host
}

/// Takes those of the addresses that may be connected to, as many as would be tried.
pub(super) fn admit(host: &mut Host, found: Vec<IpAddr>, rules: &Rules<'_>) {
    for ip in found {
        // What is not public is admitted as what it is, or not.
        let is_ours =
            || kind(ip) == guard::Kind::Public && !rules.allow.names(ip) && is_own(&SocketAddr::new(ip, 0));
        match rules.allow.admits(ip) {
            Err(kind) => host.refused.push((ip, Some(kind))),
            Ok(()) if is_ours() => host.refused.push((ip, None)),
            Ok(()) if host.addresses.len() < rules.most_addresses && !host.addresses.contains(&ip) => {
                host.addresses.push(ip);
            }
            Ok(()) => {}
        }
    }
    if host.addresses.is_empty() {
        host.fault = Some(HostFault::NotAdmitted(host.refused.clone()));
    }
}
