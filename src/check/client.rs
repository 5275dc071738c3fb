//! The addresses from which a domain's mail is sent: their names (RFC 1912, section 2.1), what SPF says of them, and
//! blocklists, of which only those are asked that the user names (RFC 5782).

use super::asker::{Asker, Failed, Looker};
use super::rules::Rules;
use crate::spf::{Evaluation, Question, evaluate, reversed};
use std::net::{IpAddr, Ipv4Addr};

/// The most names of an address that are looked up.
const MOST_NAMES: usize = 10;

/// The address that every list has, for tests; none has 127.0.0.1 (RFC 5782, section 5).
const TESTED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// What is known of an address.
#[derive(Debug)]
pub struct Client {
    /// The address.
    pub ip: IpAddr,
    /// Its names, and whether each leads back to it.
    pub names: Vec<(String, bool)>,
    /// What SPF says of mail from it, by anybody of the domain.
    pub spf: Evaluation,
    /// What blocklists say.
    pub lists: Vec<(String, Listed)>,
    /// Look-ups that failed.
    pub failed: Vec<Failed>,
}

/// What a blocklist says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It is not on it.
    No,
    /// It is, by this answer.
    Yes(IpAddr),
    /// The list does not answer this resolver (127.255.255.0/24).
    Refused(IpAddr),
    /// The answer is none of a list: it is outside 127.0.0.0/8.
    Odd(IpAddr),
    /// The zone is no list, or a dead one: it lacks the test entry, or has an address that no list has.
    NoList,
    /// Nobody knows.
    Failed,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum ClientFault<'a> {
    /// It has no name.
    NoName(IpAddr),
    /// No name of it leads back to it: the first.
    Unconfirmed(IpAddr, &'a str),
    /// SPF does not pass.
    Spf(IpAddr, &'a Evaluation),
    /// A list has it.
    Listed(IpAddr, &'a str, IpAddr),
    /// A list does not answer this resolver.
    Refused(&'a str, IpAddr),
    /// What a zone answers is none of a list.
    Odd(&'a str, IpAddr),
    /// This zone is no list.
    NoList(&'a str),
}

pub(super) fn gather(domain: &str, rules: &Rules<'_>) -> Vec<Client> {
    rules.clients.iter().map(|ip| one(domain, *ip, rules.blocklists, rules.asker)).collect()
}

fn one(domain: &str, ip: IpAddr, zones: &[String], asker: Asker<'_>) -> Client {
    let mut failed = Vec::new();
    let names = names(ip, asker, &mut failed);
    let helo = names.first().map_or("unknown", |(name, _)| name.as_str());
    let question = Question { ip, local: "postmaster", sender_domain: domain, helo };
    let mut looker = Looker::new(asker);
    let spf = evaluate(&question, domain, &mut looker);
    let lists = zones.iter().map(|zone| (zone.clone(), listed(ip, zone, asker, &mut failed))).collect();
    failed.extend(looker.into_failed());
    Client { ip, names, spf, lists, failed }
}

/// The names of an address, and whether each leads back to it.
pub(super) fn names(ip: IpAddr, asker: Asker<'_>, failed: &mut Vec<Failed>) -> Vec<(String, bool)> {
    let found = asker.names(ip).unwrap_or_else(|error| {
        failed.push(error);
        Vec::new()
    });
    let mut names = Vec::new();
    for name in found.into_iter().take(MOST_NAMES) {
        let leads_back = match asker.addresses(&name, ip.is_ipv6()) {
            Ok(addresses) => addresses.contains(&ip),
            Err(error) => {
                failed.push(error);
                false
            }
        };
        names.push((name, leads_back));
    }
    names
}

fn listed(ip: IpAddr, zone: &str, asker: Asker<'_>, failed: &mut Vec<Failed>) -> Listed {
    let found = asker.addresses(&format!("{}.{zone}", reversed(ip)), false).and_then(|answers| {
        Ok(match answers.first() {
            None if is_on(TESTED, ip, zone, asker)? => Listed::No,
            None => Listed::NoList,
            Some(answer) => match answer {
                IpAddr::V4(v4) if v4.octets()[..3] == [127, 255, 255] => Listed::Refused(*answer),
                IpAddr::V4(v4) if !v4.is_loopback() => Listed::Odd(*answer),
                IpAddr::V6(_) => Listed::Odd(*answer),
                IpAddr::V4(_) if is_on(Ipv4Addr::LOCALHOST, ip, zone, asker)? => Listed::NoList,
                IpAddr::V4(_) => Listed::Yes(*answer),
            },
        })
    });
    found.unwrap_or_else(|error| {
        failed.push(error);
        Listed::Failed
    })
}

/// Whether a list has this address; one of IPv6 addresses may have it in its own form.
fn is_on(test: Ipv4Addr, like: IpAddr, zone: &str, asker: Asker<'_>) -> Result<bool, Failed> {
    let both = [IpAddr::V4(test), IpAddr::V6(test.to_ipv6_mapped())];
    for form in both.into_iter().take(if like.is_ipv6() { 2 } else { 1 }) {
        if !asker.addresses(&format!("{}.{zone}", reversed(form)), false)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
