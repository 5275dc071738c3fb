//! What is wrong with the hosts: their addresses, the talks with them, and DANE, and how badly.

use crate::check::facts::Facts;
use crate::check::finding::{Add, Demanded, What};
use crate::check::hosts::{HostFault, Talk};
use crate::check::mail::MailFault;
use crate::net::Fault;
use crate::probe::{Context, Weight, finding::What as Shown, judge as judge_talk};
use crate::route::{self, Demand, Plan};

/// A certificate with fewer days left is a serious matter.
const MIN_DAYS: u16 = 7;

pub(super) fn judge<'a>(facts: &'a Facts, plan: &'a Plan, add: Add<'a, '_>) {
    let talks = &facts.mail.talks;
    let is_untested = !talks.is_empty() && talks.iter().all(Talk::is_unreached);
    if is_untested && !facts.mail.is_cut_short {
        add(Weight::Warning, What::Mail(MailFault::Untested));
    }
    let has_others = plan.usable().next().is_some();
    for host in &plan.hosts {
        let name = host.mx.name.as_str();
        addresses(host, has_others, add);
        for (_, ip) in facts.mail.unnamed.iter().filter(|(of, _)| of == name) {
            add(Weight::Note, What::Host(name, HostFault::Unnamed(*ip)));
        }
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
        let demands_name = facts.mta_sts.is_enforced_at(name);
        let demanded = match host.demand {
            Demand::Dane(_) => Demanded::Proof,
            _ if demands_name => Demanded::Proof,
            Demand::Encryption => Demanded::Encryption,
            Demand::Nothing | Demand::MtaSts | Demand::Tested => Demanded::Nothing,
        };
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
                Shown::Certificate { fault: Fault::WrongName { .. }, .. } if demanded != Demanded::Proof => {
                    finding.weight.max(Weight::Warning)
                }
                // Senders look for the name in the MX record, and for no other.
                Shown::NameNotInCertificate(_) => continue,
                _ => finding.weight,
            };
            add(weight, What::Talk(name, Box::new(finding.what), demanded));
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
        // One of this host is as good as any other, and only cannot be tested from here.
        let weight = if kind.is_some() { Weight::Serious } else { Weight::Warning };
        add(weight, What::Host(name, HostFault::Address(*ip, *kind)));
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
