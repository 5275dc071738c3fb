//! Where the mail of a domain goes: its MX records, and whether they are signed.

use super::asker::{Asker, Failed};
use super::client::names;
use super::hosts::Talk;
use super::rules::Rules;
use crate::dns::Kind;
use crate::net::Deadline;
use crate::route::{self, HostFault, NoRoute, Odd, Plan, guard};
use std::net::IpAddr;

/// What is known of it.
#[derive(Debug)]
pub struct Mail {
    /// The way to its hosts, or why there is none.
    pub plan: Result<Plan, NoRoute>,
    /// Look-ups that failed: of the records, of addresses, of TLSA records.
    pub failed: Vec<Failed>,
    /// Public addresses of the hosts that have no name which leads back to them: each host with its address.
    pub unnamed: Vec<(String, IpAddr)>,
    /// What came of talking with the hosts, in the order of the plan; none where nobody talked.
    pub talks: Vec<Talk>,
    /// The time for the whole run ended while the hosts were talked with.
    pub is_cut_short: bool,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum MailFault<'a> {
    /// There is no such domain.
    NoSuchDomain,
    /// It takes no mail, and says so (RFC 7505).
    Null,
    /// Its MX records name nothing that can be a host.
    NoHosts,
    /// It has no MX record: mail goes to the addresses of the domain itself.
    Implicit,
    /// There is one host only.
    Single,
    /// Something about a record.
    Odd(&'a Odd),
    /// The zone is not signed.
    Unsigned,
    /// Whether it is signed is not known: the resolver is not trusted.
    Untrusted,
    /// Whether it is signed is not known: the resolver does not validate.
    NotValidating,
    /// No host could be connected to, not one: nothing is known of them.
    Untested,
    /// The time for the whole run ended before all was asked and tried.
    Late,
}

impl Mail {
    /// Whether there is such a domain, as far as is known.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !matches!(self.plan, Err(NoRoute::NoSuchDomain(_)))
    }

    /// Whether it takes mail, as far as is known.
    #[must_use]
    pub fn takes_mail(&self) -> bool {
        self.is_there() && !matches!(self.plan, Err(NoRoute::NullMx(_)))
    }

    pub(super) fn talk(&mut self, talk: &mut dyn FnMut(&Plan) -> Vec<Talk>, until: Deadline) {
        if let Ok(plan) = &self.plan {
            self.talks = talk(plan);
            // What is usual between a host and itself does not count: an MX host is there for everybody.
            for talk in &mut self.talks {
                talk.probe.facts.own_host = false;
            }
            if until.is_over() {
                // A talk that the end of the time broke off says nothing of the host.
                let _ = self.talks.pop_if(|talk| talk.probe.error.is_some());
                let hosts = plan.hosts.iter().filter(|host| !host.addresses.is_empty());
                self.is_cut_short = self.talks.len() < hosts.count();
            }
        }
    }
}

pub(super) fn gather(domain: &str, rules: &Rules<'_>) -> Mail {
    let mut plan = route::plan(domain, &rules.route);
    let mut failed = Vec::new();
    let asker = rules.asker;
    match &mut plan {
        Err(NoRoute::LookUp { error, .. }) => {
            failed.push(asker.failed(
                domain,
                Kind::Mx,
                std::mem::replace(error, crate::dns::DnsError::NoRecord),
            ));
        }
        Err(_) => {}
        Ok(plan) => {
            for host in &mut plan.hosts {
                failed.extend(of_host(&host.mx.name, host.fault.as_mut(), rules.route.port, asker));
            }
            failed.extend(other_addresses(plan, asker));
        }
    }
    let unnamed = plan.as_ref().map_or(Vec::new(), |plan| unnamed(plan, asker));
    Mail { plan, failed, unnamed, talks: Vec::new(), is_cut_short: false }
}

/// Addresses that are not known of hosts that have others: the plan goes without them.
fn other_addresses(plan: &Plan, asker: Asker<'_>) -> Vec<Failed> {
    let hosts = plan.hosts.iter().filter(|host| !host.addresses.is_empty());
    let names = hosts.map(|host| &host.mx.name).filter(|name| name.parse::<IpAddr>().is_err());
    let questions: Vec<(String, Kind)> =
        names.flat_map(|name| [Kind::A, Kind::Aaaa].map(|kind| (name.clone(), kind))).collect();
    asker.ask_all(&questions).into_iter().filter_map(Result::err).collect()
}

/// Addresses without a name that leads back to them (RFC 1912, section 2.1). A zone of names that does not answer proves nothing.
fn unnamed(plan: &Plan, asker: Asker<'_>) -> Vec<(String, IpAddr)> {
    let mut found = Vec::new();
    for host in &plan.hosts {
        for ip in host.addresses.iter().filter(|ip| guard::kind(**ip) == guard::Kind::Public) {
            let mut failed = Vec::new();
            let has_name = names(*ip, asker, &mut failed).iter().any(|(_, leads_back)| *leads_back);
            if !has_name && failed.is_empty() {
                found.push((host.mx.name.clone(), *ip));
            }
        }
    }
    found
}

/// What failed of a host.
fn of_host(name: &str, fault: Option<&mut HostFault>, port: u16, asker: Asker<'_>) -> Option<Failed> {
    let taken = |error: &mut crate::dns::DnsError| std::mem::replace(error, crate::dns::DnsError::NoRecord);
    match fault? {
        HostFault::LookUp(error) => {
            let error = taken(error);
            // Which of the two it was, the plan does not say.
            let v6 = asker.ask(name, Kind::Aaaa).err();
            let v4 = || asker.ask(name, Kind::A).err();
            Some(v6.or_else(v4).unwrap_or_else(|| asker.failed(name, Kind::A, error)))
        }
        HostFault::Tlsa(error) => {
            let error = taken(error);
            Some(asker.failed(&format!("_{port}._tcp.{name}"), Kind::Tlsa, error))
        }
        _ => None,
    }
}
