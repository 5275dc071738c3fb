//! Of MX records, and of the hosts that they name.

use super::said::Said;
use crate::check::{Demanded, HostFault, MailFault};
use crate::net::Fault;
use crate::net::tls::certificate::short;
use crate::probe::finding::What as Shown;
use crate::route::Odd;
use crate::route::guard::Kind;
use crate::words::client_error;

pub(super) fn of_domain(fault: &MailFault<'_>) -> Said {
    match fault {
        MailFault::NoSuchDomain => (
            "no_such_domain",
            "the domain does not exist in the DNS".to_owned(),
            "see whether it is spelt right, whether it is paid for, and whether the domain above points to its name \
             servers",
        ),
        MailFault::Null => (
            "mx_null",
            "the domain takes no mail: its MX record is '.' (RFC 7505)".to_owned(),
            "that is right for a domain without mailboxes; if it sends no mail either, publish v=spf1 -all and p=reject too",
        ),
        MailFault::NoHosts => (
            "mx_no_host",
            "none of the MX records names a host".to_owned(),
            "no mail arrives: name a host that has an address",
        ),
        MailFault::Implicit => (
            "mx_missing",
            "there is no MX record, so mail goes to the addresses of the domain itself".to_owned(),
            "publish an MX record that names the mail server, or '0 .' if the domain takes no mail (RFC 7505)",
        ),
        MailFault::Single => (
            "mx_single",
            "there is one MX host only".to_owned(),
            "mail waits at its senders while that host is down, for days if need be: a second host is useful only if \
             it is as well kept as the first",
        ),
        MailFault::Odd(odd) => of_record(odd),
        MailFault::Unsigned => (
            "dnssec_missing",
            "the domain is not signed by DNSSEC".to_owned(),
            "whoever can forge an answer can lead its mail elsewhere: sign the zone, and have the domain above publish \
             the DS record; DANE needs it",
        ),
        MailFault::Untrusted => (
            "dnssec_not_checked",
            "DNSSEC and DANE were not checked: the resolver is not trusted to validate".to_owned(),
            "ask one on this host that validates, or one that you trust with --resolver and --resolver-trust yes",
        ),
        MailFault::NotValidating => (
            "dnssec_not_checked",
            "DNSSEC and DANE were not checked: the resolver does not validate".to_owned(),
            "ask one that does, such as unbound on this host, with --resolver",
        ),
        MailFault::Late => (
            "not_tested",
            "not everything was tested: the time was over (--deadline)".to_owned(),
            "what is left out says nothing of the domain: give it more time, such as --deadline 10m",
        ),
        MailFault::Untested => (
            "hosts_not_tested",
            "the hosts could not be tested: none of them could be connected to from here".to_owned(),
            "many networks let nobody connect to port 25, so this says nothing of the hosts: run it from a host that \
             may send mail",
        ),
    }
}

fn of_record(odd: &Odd) -> Said {
    match odd {
        Odd::NullBeside => (
            "mx_null_beside",
            "'.' stands among the MX records, beside hosts".to_owned(),
            "some senders take it that the domain has no mail at all: remove it (RFC 7505, section 3)",
        ),
        Odd::NoHost(name) => (
            "mx_not_a_host",
            format!("the MX record '{}' names nothing that can be a host", short(name)),
            "remove it, or correct the name",
        ),
        Odd::Literal(name) => (
            "mx_literal",
            format!("the MX record {name} is an address, not a name"),
            "many senders look it up as a name and find nothing: give the host a name (RFC 5321, section 5.1)",
        ),
        Odd::Alias(name) => (
            "mx_alias",
            format!("the MX host {name} is an alias (CNAME)"),
            "some senders refuse that: name the host that it is an alias of (RFC 2181, section 10.3)",
        ),
    }
}

/// What to do where a policy, of DANE or MTA-STS, demands what the talk did not show.
pub(super) fn of_policy(shown: &Shown<'_>, demanded: Demanded) -> Option<&'static str> {
    match (shown, demanded) {
        (_, Demanded::Nothing) => None,
        (Shown::StartTlsMissing { .. } | Shown::StartTlsRefused(_) | Shown::StartTlsFails(_), _) => Some(
            "senders that look at its policy (DANE, MTA-STS) deliver nothing there: make STARTTLS work, or withdraw the \
             policy",
        ),
        // It has an advice of its own, which says the same.
        (Shown::Certificate { fault: Fault::NoTlsaMatch | Fault::NotChecked, .. }, _) => None,
        (Shown::Certificate { .. }, Demanded::Proof) => Some(
            "senders that look at its policy (DANE, MTA-STS) deliver nothing there: it needs a certificate for the name \
             in the MX record that holds, sent with its whole chain; with MTA-STS up to an authority that they know",
        ),
        _ => None,
    }
}

pub(super) fn of_host(host: &str, fault: &HostFault<'_>) -> Said {
    match fault {
        HostFault::NoAddress => (
            "mx_no_address",
            format!("{host} has no address"),
            "no mail arrives there: give the host an address, or remove its MX record",
        ),
        HostFault::Address(ip, Some(kind)) => (
            "mx_address",
            format!("{host} has the address {ip}, which is {kind}"),
            match kind {
                Kind::Private => {
                    "nobody outside can connect to it: publish the public address; if this is your own network, \
                     --mx-allow private tests it all the same"
                }
                Kind::Loopback => "senders would connect to themselves: remove it",
                Kind::Public | Kind::Reserved => "no host can have it: remove it",
            },
        ),
        HostFault::Address(ip, None) => (
            "mx_address_own",
            format!("{host} could not be tested: its address {ip} is this host's own"),
            "that says nothing of it: run the check from another host, or name the address with --mx-allow",
        ),
        HostFault::Unreached(error) => (
            "host_unreached",
            format!("{host} could not be connected to: {}", client_error(error)),
            "senders lose time with it: see whether the server runs, and whether a firewall lets port 25 through",
        ),
        HostFault::Ended(error) => (
            "host_ended",
            format!("the talk with {host} ended early: {}", client_error(error)),
            "see the server's log: it may refuse this client for its address or its name, and not others",
        ),
        HostFault::NoTlsa => (
            "dane_missing",
            format!("{host} is signed by DNSSEC, and has no TLSA record"),
            "with a TLSA record senders know its certificate, and nobody in between can take it away (RFC 7672)",
        ),
        HostFault::Unusable => (
            "dane_unusable",
            format!("{host} has TLSA records, and none of them can be used"),
            "for SMTP the usage must be 2 or 3, and the data as long as its hash (RFC 7672, section 3.1): publish \
             3 1 1 with the SHA-256 of the server's public key",
        ),
        HostFault::UnusableOne(record) => (
            "dane_unusable_record",
            format!("{host}: the TLSA record {record} cannot be used"),
            "for SMTP the usage must be 2 or 3, and the data as long as its hash (RFC 7672, section 3.1): remove it",
        ),
        HostFault::Unnamed(ip) => (
            "mx_unnamed_address",
            format!("{host}: its address {ip} has no name that leads back to it"),
            "that matters if it sends mail as well: receivers refuse it from such addresses. Let the network's owner \
             publish a PTR record with a name that has this address",
        ),
        HostFault::OneTlsa => (
            "dane_no_next_key",
            format!("{host} has one TLSA record that can be used"),
            "at the next change of keys mail stops, unless a record for the new key (or 2 1 1 for the authority) is \
             published some time before",
        ),
    }
}
