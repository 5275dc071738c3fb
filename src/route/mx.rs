//! Which hosts take the mail of a domain (RFC 5321, section 5.1), out of what the DNS answers.

use crate::dns::{Answer, Data};
use std::net::Ipv4Addr;

/// A host, as an MX record names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MxHost {
    /// Its preference: the smallest is the best; none where the domain itself is meant.
    pub preference: Option<u16>,
    /// Its name in small letters, without a dot at its end.
    pub name: String,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mx {
    /// These hosts, the best first. Those that are equally good are in an order of chance.
    Hosts(Vec<MxHost>),
    /// The domain takes no mail (RFC 7505).
    Null,
}

/// What is odd about a domain's records. Mail goes there all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Odd {
    /// `.` is among the hosts, beside others (RFC 7505, section 3).
    NullBeside,
    /// This can be no host.
    NoHost(String),
    /// This is an address, and not the name of a host (RFC 5321, section 5.1).
    Literal(String),
    /// This host's name is an alias (RFC 2181, section 10.3).
    Alias(String),
}

/// The hosts of a domain: what its answer says, or the domain itself where there is no MX record. Only a proper answer
/// without records means that: whoever has no answer knows nothing. `chance` gives a number below the one that it is given.
pub fn hosts(domain: &str, answer: &Answer, chance: &mut dyn FnMut(usize) -> usize) -> (Mx, Vec<Odd>) {
    let mut odd = Vec::new();
    let mut found: Vec<(u16, &str)> = answer
        .records
        .iter()
        .filter_map(|data| match data {
            Data::Mx { preference, host } => Some((*preference, host.as_str())),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        // An alias is what it stands for, as if that had been asked for.
        let name = answer.aliases.last().map_or(domain, String::as_str);
        let host = MxHost { preference: None, name: normal(name) };
        return (Mx::Hosts(vec![host]), odd);
    }
    if found.iter().all(|(_, host)| *host == ".") {
        return (Mx::Null, odd);
    }
    let all = found.len();
    found.retain(|(_, host)| *host != ".");
    if found.len() < all {
        odd.push(Odd::NullBeside);
    }
    found.retain(|(_, host)| {
        let is_host = is_host(host);
        if !is_host {
            odd.push(Odd::NoHost((*host).to_owned()));
        } else if host.parse::<Ipv4Addr>().is_ok() {
            odd.push(Odd::Literal((*host).to_owned()));
        }
        is_host
    });
    // Shuffled, and then sorted by what may not be shuffled.
    for place in (1..found.len()).rev() {
        found.swap(place, chance(place + 1).min(place));
    }
    found.sort_by_key(|(preference, _)| *preference);
    let mut hosts: Vec<MxHost> = Vec::new();
    for (preference, name) in found {
        let name = normal(name);
        // A host that is named twice is as good as its better place.
        if !hosts.iter().any(|host| host.name == name) {
            hosts.push(MxHost { preference: Some(preference), name });
        }
    }
    (Mx::Hosts(hosts), odd)
}

fn normal(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Whether a name can be one of a host. Underscores happen.
fn is_host(name: &str) -> bool {
    let fits = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    name.len() <= 253 && name.split('.').all(|label| !label.is_empty() && label.bytes().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(records: &[(u16, &str)]) -> Answer {
        let data =
            |(preference, host): &(u16, &str)| Data::Mx { preference: *preference, host: (*host).to_owned() };
        Answer { records: records.iter().map(data).collect(), ..Answer::default() }
    }

    fn names(records: &[(u16, &str)]) -> (Vec<String>, Vec<Odd>) {
        match hosts("Example.ORG", &answer(records), &mut |below| below - 1) {
            (Mx::Hosts(hosts), odd) => (hosts.into_iter().map(|host| host.name).collect(), odd),
            (Mx::Null, odd) => (vec!["null".to_owned()], odd),
        }
    }

    #[test]
    fn the_best_comes_first_and_a_name_once() {
        let given = [(20, "c.example"), (10, "A.example"), (10, "b.example"), (30, "a.example")];
        assert_eq!(
            names(&given),
            (["a.example", "b.example", "c.example"].map(str::to_owned).to_vec(), vec![])
        );
        // Those that are equally good are shuffled.
        let (Mx::Hosts(hosts), _) = hosts("x", &answer(&given), &mut |below| below % 3) else {
            panic!("no hosts")
        };
        assert_eq!(
            hosts.iter().map(|host| host.name.as_str()).collect::<Vec<_>>(),
            ["b.example", "a.example", "c.example"]
        );
    }

    #[test]
    fn each_of_many_comes_first_now_and_then() {
        let given: Vec<(u16, String)> = (0..4).map(|at| (10, format!("{at}.example"))).collect();
        let given: Vec<(u16, &str)> = given.iter().map(|(at, name)| (*at, name.as_str())).collect();
        let mut first = std::collections::HashSet::new();
        for seed in 0..24_usize {
            let mut left = seed;
            let mut chance = |below: usize| {
                let next = left % below;
                left /= below;
                next
            };
            let (Mx::Hosts(hosts), _) = hosts("x", &answer(&given), &mut chance) else { panic!("no hosts") };
            first.insert(hosts.iter().map(|host| host.name.clone()).collect::<Vec<_>>());
        }
        assert_eq!(first.len(), 24);
    }

    #[test]
    fn without_a_record_it_is_the_domain_itself_and_with_a_dot_alone_nobody() {
        assert_eq!(names(&[]), (vec!["example.org".to_owned()], vec![]));
        assert_eq!(names(&[(0, ".")]), (vec!["null".to_owned()], vec![]));
        assert_eq!(names(&[(10, "."), (0, ".")]), (vec!["null".to_owned()], vec![]));
        assert_eq!(
            names(&[(0, "."), (10, "a.example")]),
            (vec!["a.example".to_owned()], vec![Odd::NullBeside])
        );
    }

    #[test]
    fn what_can_be_no_host_is_left_out_and_an_address_is_used() {
        let odd = |name: &str| Odd::NoHost(name.to_owned());
        let long = "a.".repeat(127) + "a";
        assert_eq!(
            names(&[(0, "a\\.b"), (1, "a\\027[.example"), (2, &long), (3, "_a.example"), (4, "192.0.2.1")]),
            (
                vec!["_a.example".to_owned(), "192.0.2.1".to_owned()],
                vec![odd("a\\.b"), odd("a\\027[.example"), odd(&long), Odd::Literal("192.0.2.1".to_owned())]
            )
        );
        // Then there is nobody, which is not the same as no record.
        assert_eq!(names(&[(0, "a\\.b")]), (vec![], vec![odd("a\\.b")]));
    }
}
