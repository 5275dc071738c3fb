//! Of the addresses from which mail is sent.

use super::said::Said;
use super::spf;
use crate::check::ClientFault;
use crate::net::tls::certificate::short;
use crate::spf::Verdict;

pub(super) fn told(fault: &ClientFault<'_>) -> Said {
    match fault {
        ClientFault::NoName(ip) => (
            "ptr_missing",
            format!("{ip} has no name (PTR)"),
            "many receivers refuse mail from such an address: whoever gave it to you can publish its name",
        ),
        ClientFault::Unconfirmed(ip, name) => (
            "ptr_unconfirmed",
            format!("{ip} is called {}, and that name does not have this address", short(name)),
            "many receivers refuse mail from it: publish the address at that name, or correct the PTR record",
        ),
        ClientFault::Spf(ip, found) => {
            let why = match (&found.trouble, &found.by) {
                (Some(trouble), _) => format!(": {}", spf::trouble(trouble)),
                (None, Some((domain, term))) => format!(": '{}' of {}", short(term), short(domain)),
                (None, None) => String::new(),
            };
            (
                "client_spf",
                format!("SPF says {} of mail from {ip}{why}", found.verdict.word()),
                match found.verdict {
                    Verdict::PermError => "correct the record: it counts for nothing as it is",
                    _ => "if mail is sent from there, add the address to the SPF record",
                },
            )
        }
        ClientFault::Listed(ip, zone, answer) => (
            "dnsbl_listed",
            format!("{ip} is on the blocklist {zone} ({answer})"),
            "receivers that ask it refuse mail from there: its web site says why, and how to be taken off",
        ),
        ClientFault::Odd(zone, answer) => (
            "dnsbl_odd",
            format!("{zone} answers {answer}, which is not a blocklist's answer"),
            "lists answer within 127.0.0.0/8: see whether the zone is spelt right, and whether it is still a list",
        ),
        ClientFault::NoList(zone) => (
            "dnsbl_no_list",
            format!("{zone} is no blocklist: it fails the test with 127.0.0.1 and 127.0.0.2 (RFC 5782)"),
            "what it says of an address means nothing: see whether it is spelt right, and whether it still exists",
        ),
        ClientFault::Refused(zone, answer) => (
            "dnsbl_refused",
            format!("the blocklist {zone} does not answer this resolver ({answer})"),
            "most lists answer no public resolvers: ask it by a resolver of your own, with --resolver",
        ),
    }
}
