//! What is said of the way to a domain: why there is none, what is odd about it, and the plan of it for a dry run.

use crate::delivery::outcome::Server;
use crate::net::tls::Dane;
use crate::net::tls::certificate::Moment;
use crate::route::guard::Kind;
use crate::route::mta_sts::{Mode, Source};
use crate::route::{Demand, Host, HostFault, NoDane, NoRoute, Odd, Plan, Policy, Routed};
use ehlo_smtp::extension::Extension;
use std::net::IpAddr;

/// So many hosts are named that cannot be used.
const SHOWN: usize = 5;

/// Why there is no way to a domain, and what can be done.
#[must_use]
pub fn no_route(error: &NoRoute) -> String {
    match error {
        NoRoute::NoSuchDomain(_) | NoRoute::NoHosts(_) => error.to_string(),
        NoRoute::NullMx(_) => format!("{error} (its MX record is '.')"),
        NoRoute::LookUp { error: why, .. } => format!("{error}: {why}"),
        NoRoute::Hosts { faults, .. } => match faults.as_slice() {
            [(host, fault)] => format!("{error}: {host}: {}", host_fault(fault)),
            faults => {
                let some = faults.iter().take(SHOWN);
                let mut each: Vec<String> =
                    some.map(|(host, fault)| format!("{host}: {}", host_fault(fault))).collect();
                if faults.len() > SHOWN {
                    each.push(format!("and {} more", faults.len() - SHOWN));
                }
                format!("{error}: {}", each.join("; "))
            }
        },
    }
}

/// What is said of a server, with its name, where the DNS led to it.
#[must_use]
pub fn at(host: Option<&Routed>, said: String) -> String {
    match host {
        Some(routed) => format!("{}: {said}", routed.mx),
        None => said,
    }
}

/// Why a host cannot be used, and what can be done.
fn host_fault(fault: &HostFault) -> String {
    match fault {
        HostFault::LookUp(why) | HostFault::Tlsa(why) => format!("{fault}: {why}"),
        HostFault::NotAdmitted(refused) => {
            let each: Vec<String> = refused.iter().take(3).map(|(ip, kind)| address(*ip, *kind)).collect();
            format!("{}{}", each.join(", "), way_out(refused))
        }
        HostFault::NotInPolicy { kept: Some(until) } => format!(
            "{fault}; that policy is kept until {}: remove the domain's file in the folder of --mta-sts-cache to drop it",
            Moment(*until)
        ),
        HostFault::NoPolicy => format!("{fault}, as --require-policy and --require-tls-onward demand"),
        _ => fault.to_string(),
    }
}

fn address(ip: IpAddr, kind: Option<Kind>) -> String {
    match kind {
        Some(kind) => format!("its address {ip} is {kind}"),
        None => format!("its address {ip} is this host's own: mail would come back"),
    }
}

/// The flag that admits the first of them.
fn way_out(refused: &[(IpAddr, Option<Kind>)]) -> String {
    match refused.first() {
        Some((_, Some(Kind::Private))) => "; --mx-allow private admits it".to_owned(),
        Some((_, Some(Kind::Loopback))) => "; --mx-allow loopback admits it".to_owned(),
        Some((ip, _)) => format!("; --mx-allow {ip} admits it"),
        None => String::new(),
    }
}

/// What is odd about a domain's records.
#[must_use]
pub fn odd(domain: &str, odd: &Odd) -> String {
    match odd {
        Odd::NullBeside => {
            format!("{domain}: '.' stands among its MX records, beside hosts; it is passed over")
        }
        Odd::NoHost(name) => format!("{domain}: its MX record '{name}' names no host; it is passed over"),
        Odd::Literal(name) => {
            format!("{domain}: its MX record {name} is an address, not a name; it is used all the same")
        }
        Odd::Alias(name) => format!("{domain}: its MX host {name} is an alias; it is used all the same"),
    }
}

/// What a policy that is only tested would have refused, if it would (RFC 8461, section 5).
#[must_use]
pub fn against_tested_policy(server: &Server) -> Option<String> {
    let routed = server.routed.as_ref()?;
    let Policy::MtaSts { policy, covers, .. } = &routed.policy else { return None };
    if policy.mode() != Mode::Testing {
        return None;
    }
    let why = match (*covers, &server.tls) {
        (false, _) => "the policy does not name it".to_owned(),
        (true, None) => "there was no TLS".to_owned(),
        (true, Some(tls)) if tls.verified => return None,
        (true, Some(tls)) => tls.fault.as_ref().map_or("it is not verified".to_owned(), ToString::to_string),
    };
    Some(format!(
        "the MTA-STS policy of {}, which is only tested, does not allow {}: {why}",
        routed.domain, routed.mx
    ))
}

/// That a host was spoken to in clear, though it offers TLS.
#[must_use]
pub fn in_clear(server: &Server) -> Option<String> {
    let routed = server.routed.as_ref().filter(|_| server.tls.is_none())?;
    let offers_tls = server.extensions.iter().any(|line| line == Extension::StartTls.keyword());
    offers_tls.then(|| format!("{}: STARTTLS failed, and the connection was not encrypted", routed.mx))
}

/// The way to a domain, row by row.
pub fn plan(plan: &Plan, row: &mut dyn FnMut(&str, &str)) {
    let is_implicit = plan.hosts.iter().any(|host| host.mx.preference.is_none());
    let secure = if plan.secure { "validated" } else { "not validated" };
    let what = if is_implicit { "has no MX record: the domain itself is the host" } else { "MX" };
    row("domain", &format!("{}: {what} ({secure})", plan.domain));
    if let Some(found) = &plan.mta_sts {
        let said = match &found.applied {
            None => "no policy".to_owned(),
            Some(applied) => {
                let source = match applied.source {
                    Source::Cached => "kept",
                    Source::Fetched => "fetched",
                };
                format!("{}, id {}, {source}", mode(applied.policy.mode()), applied.id)
            }
        };
        row("mta-sts", &said);
        for remark in &found.remarks {
            row("", &super::mta_sts::remark(&plan.domain, remark, found.applied.as_ref()));
        }
    }
    if let Some(why) = plan.no_dane {
        row("dane", &format!("not looked for: {}", no_dane(why)));
    }
    for host in &plan.hosts {
        let preference = host.mx.preference.map_or(String::new(), |preference| format!("{preference} "));
        let addresses: Vec<String> = host.addresses.iter().map(ToString::to_string).collect();
        let secure = if host.secure { ", validated" } else { "" };
        let what = match &host.fault {
            Some(fault) => format!("passed over: {}", host_fault(fault)),
            None => format!("{}{secure}; {}", addresses.join(" "), demand(host)),
        };
        row("host", &format!("{preference}{}: {what}", host.mx.name));
    }
    for one in &plan.odd {
        row("", &odd(&plan.domain, one));
    }
}

/// Why DANE is not looked for.
#[must_use]
pub fn no_dane(why: NoDane) -> &'static str {
    match why {
        NoDane::Untrusted => "the resolver is not trusted to validate (--resolver-trust)",
        NoDane::NotValidating => {
            "the resolver does not validate: ask one on this host that does (--resolver)"
        }
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Enforce => "enforced",
        Mode::Testing => "tested",
        Mode::None => "a policy that demands nothing",
    }
}

fn demand(host: &Host) -> String {
    match &host.demand {
        Demand::Nothing => "TLS if it is offered; the certificate is not checked".to_owned(),
        Demand::Encryption => {
            "TLS; the certificate is not checked (none of its TLSA records can be used)".to_owned()
        }
        Demand::Dane(Dane { records, .. }) => {
            let records: Vec<String> =
                records.iter().filter(|record| record.is_usable()).map(ToString::to_string).collect();
            format!("TLS by DANE: {}", records.join(" or "))
        }
        Demand::MtaSts => format!("TLS by MTA-STS, with a certificate for {}", host.mx.name),
        Demand::Tested => "TLS if it is offered, and what MTA-STS would refuse is told".to_owned(),
    }
}
