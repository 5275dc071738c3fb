//! The hosts that take a domain's mail: their addresses, a talk with each, and its certificate by DANE.

use super::facts::Facts;
use super::finding::{Add, What};
use super::mail::MailFault;
use crate::client::Error;
use crate::net::tls::{TlsInfo, Tlsa};
use crate::net::{ConnectError, Fault};
use crate::probe::{Context, Probe, Weight, judge as judge_talk};
use crate::route::guard::Kind;
use crate::route::{self, Demand, Plan};
use std::net::IpAddr;

/// A certificate with fewer days left is a serious matter.
const MIN_DAYS: u16 = 7;

/// What came of talking with a host.
#[derive(Debug)]
pub struct Talk {
    /// Its name.
    pub host: String,
    /// What was found out.
    pub probe: Probe,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum HostFault<'a> {
    /// It has no address.
    NoAddress,
    /// No stranger can reach this address: what it is for; none if it is this host's own.
    Address(IpAddr, Option<Kind>),
    /// It could not be connected to, though others could.
    Unreached(&'a Error),
    /// The talk ended early.
    Ended(&'a Error),
    /// It is signed, and has no TLSA record.
    NoTlsa,
    /// It has TLSA records, and none can be used.
    Unusable,
    /// One TLSA record can be used, and no more: there is none for the next key.
    OneTlsa,
    /// This TLSA record cannot be used.
    UnusableOne(&'a Tlsa),
}

/// A TLSA record of a host, and whether its certificate fits it.
#[derive(Debug, Clone)]
pub struct Match {
    /// The record.
    pub record: Tlsa,
    /// Whether a certificate that was shown fits; none where nobody saw one.
    pub fits: Option<bool>,
}

impl Talk {
    /// Whether there was a connection.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        !matches!(self.probe.error, Some(Error::Connect(_))) || !self.probe.facts.peer.is_empty()
    }

    /// Whether nobody could be connected to because of the network, and not because a program was told to end.
    fn is_unreached(&self) -> bool {
        !self.is_connected() && !matches!(self.probe.error, Some(Error::Connect(ConnectError::Interrupted)))
    }

    /// What TLS agreed on.
    #[must_use]
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.probe.facts.tls.as_ref()
    }
}

/// The TLSA records that decide about a host.
#[must_use]
pub fn matches(host: &route::Host, talk: Option<&Talk>) -> Vec<Match> {
    let Demand::Dane(dane) = &host.demand else { return Vec::new() };
    let chain = talk.and_then(Talk::tls).map(|tls| tls.chain.as_slice()).filter(|chain| !chain.is_empty());
    let fits = |record: &Tlsa| chain.map(|chain| record.fits(chain));
    dane.records.iter().map(|record| Match { fits: fits(record), record: record.clone() }).collect()
}

pub(super) fn judge<'a>(facts: &'a Facts, plan: &'a Plan, add: Add<'a, '_>) {
    let talks = &facts.mail.talks;
    let is_untested = !talks.is_empty() && talks.iter().all(Talk::is_unreached);
    if is_untested {
        add(Weight::Warning, What::Mail(MailFault::Untested));
    }
    let has_others = plan.usable().next().is_some();
    for host in &plan.hosts {
        let name = host.mx.name.as_str();
        addresses(host, has_others, add);
        dane(host, plan, add);
        let Some(talk) = talks.iter().find(|talk| talk.host == name) else { continue };
        match &talk.probe.error {
            _ if is_untested => {}
            Some(error) if !talk.is_connected() => {
                add(Weight::Warning, What::Host(name, HostFault::Unreached(error)));
            }
            Some(error) => add(Weight::Warning, What::Host(name, HostFault::Ended(error))),
            None => {}
        }
        let is_verified = matches!(host.demand, Demand::Dane(_));
        let demands_name = facts.mta_sts.is_enforced_at(name);
        let context = Context {
            now: facts.now,
            public: true,
            relay: !demands_name,
            submission: false,
            min_days: MIN_DAYS,
            pinned: false,
        };
        for finding in judge_talk(&talk.probe, context) {
            let weight = match &finding.what {
                // Nobody looks at the name who does not know it by a policy (RFC 7672, section 1.3.4).
                crate::probe::finding::What::Certificate { fault: Fault::WrongName { .. }, .. }
                    if !is_verified && !demands_name =>
                {
                    finding.weight.max(Weight::Warning)
                }
                _ => finding.weight,
            };
            add(weight, What::Talk(name, Box::new(finding.what)));
        }
    }
}

fn addresses<'a>(host: &'a route::Host, has_others: bool, add: Add<'a, '_>) {
    let name = host.mx.name.as_str();
    if let Some(route::HostFault::NoAddress) = &host.fault {
        let weight = if has_others { Weight::Warning } else { Weight::Serious };
        add(weight, What::Host(name, HostFault::NoAddress));
    }
    for (ip, kind) in &host.refused {
        add(Weight::Serious, What::Host(name, HostFault::Address(*ip, *kind)));
    }
}

fn dane<'a>(host: &'a route::Host, plan: &Plan, add: Add<'a, '_>) {
    let name = host.mx.name.as_str();
    match &host.demand {
        Demand::Dane(dane) => {
            for record in dane.records.iter().filter(|record| !record.is_usable()) {
                add(Weight::Warning, What::Host(name, HostFault::UnusableOne(record)));
            }
            if dane.records.iter().filter(|record| record.is_usable()).count() == 1 {
                add(Weight::Note, What::Host(name, HostFault::OneTlsa));
            }
        }
        Demand::Encryption => add(Weight::Serious, What::Host(name, HostFault::Unusable)),
        Demand::Nothing if plan.secure && host.secure && host.fault.is_none() => {
            add(Weight::Note, What::Host(name, HostFault::NoTlsa));
        }
        Demand::Nothing | Demand::MtaSts | Demand::Tested => {}
    }
}
