//! Of SPF.

use super::said::Said;
use crate::check::SpfFault;
use crate::net::tls::certificate::short;
use crate::spf::{ENOUGH, MOST_LOOK_UPS, MOST_VOIDS, Remark, Trouble};

const BROKEN: &str = "the whole record counts for nothing then (permerror): correct it";

pub(super) fn told(fault: &SpfFault<'_>) -> Said {
    match fault {
        SpfFault::Missing => (
            "spf_missing",
            "there is no SPF record".to_owned(),
            "large receivers refuse mail without SPF or DKIM: publish who sends, such as v=spf1 mx -all; a domain that \
             sends nothing has v=spf1 -all",
        ),
        SpfFault::LookUps(count) => (
            "spf_look_ups",
            format!("the SPF record takes {} look-ups, which is more than {MOST_LOOK_UPS}", look_ups(*count)),
            "receivers give up at the limit, and the record counts for nothing (RFC 7208, section 4.6.4): remove what \
             is not needed, and write addresses as ip4: and ip6:",
        ),
        SpfFault::Voids(count) => (
            "spf_voids",
            format!("{count} names in the SPF record have no record, which is more than {MOST_VOIDS}"),
            "receivers give up at the limit, and the record counts for nothing (RFC 7208, section 4.6.4): remove them",
        ),
        SpfFault::PassesAll => (
            "spf_passes_all",
            "the SPF record lets everybody send (+all)".to_owned(),
            "spammers look for that: end the record with -all or ~all",
        ),
        SpfFault::Neutral => (
            "spf_neutral",
            "the SPF record says nothing of other senders (?all)".to_owned(),
            "it protects nothing: end the record with -all or ~all",
        ),
        SpfFault::NoAll => (
            "spf_no_all",
            "the SPF record says nothing of other senders: it has no 'all'".to_owned(),
            "it protects nothing: end the record with -all or ~all",
        ),
        SpfFault::Remark(remark) => of_remark(remark),
    }
}

fn of_remark(remark: &Remark) -> Said {
    match remark {
        Remark::Several(domain, count) => (
            "spf_several",
            format!("{domain} has {count} SPF records, not one"),
            "none of them counts then (permerror): merge them into one record",
        ),
        Remark::Misspelt(text) => (
            "spf_missing",
            format!("there is no SPF record, but one that is misspelt: '{}'", short(text)),
            "receivers do as if there were none: it has to begin with v=spf1 and a space, without quotation marks",
        ),
        Remark::Everybody(term) => (
            "spf_passes_all",
            format!("'{}' in the SPF record lets everybody send", short(term)),
            "spammers look for that: name the addresses that send",
        ),
        Remark::Wide(term) => (
            "spf_wide",
            format!("'{}' in the SPF record lets a large part of the internet send", short(term)),
            "it protects little: name the addresses that send",
        ),
        Remark::Malformed(domain, fault) => (
            "spf_malformed",
            format!("the SPF record of {domain} cannot be read: {}", short(&fault.to_string())),
            BROKEN,
        ),
        Remark::NoRecord(domain) => {
            ("spf_no_record", format!("the SPF record leads to {}, which has none", short(domain)), BROKEN)
        }
        Remark::Loop(domain) => {
            ("spf_loop", format!("the SPF record of {} leads back to itself", short(domain)), BROKEN)
        }
        // It is told as the look-up that failed.
        Remark::Unknown(name) => ("look_up_failed", format!("{} is not known", short(name)), ""),
        Remark::Ptr(domain) => (
            "spf_ptr",
            format!("the SPF record of {} uses ptr", short(domain)),
            "it is slow and unreliable, and some receivers pass it over (RFC 7208, section 5.5): use ip4:, ip6: or a",
        ),
        Remark::Void(term) => (
            "spf_void",
            format!("'{}' in the SPF record finds nothing in the DNS", short(term)),
            "more than two of them make the record count for nothing (RFC 7208, section 4.6.4): remove it",
        ),
        Remark::Hosts(name) => (
            "spf_mx_hosts",
            format!("{} has more than 10 MX hosts, which 'mx' in an SPF record cannot take", short(name)),
            "the record counts for nothing then (permerror): write the addresses as ip4: and ip6:",
        ),
        Remark::PassesAll(domain) => (
            "spf_passes_all",
            format!("the SPF record includes {}, which lets everybody send (+all)", short(domain)),
            "spammers look for that: do not include it",
        ),
        Remark::BehindAll(domain) => (
            "spf_behind_all",
            format!("in the SPF record of {} nobody reads what stands behind 'all'", short(domain)),
            "put 'all' at the end, and leave redirect= out beside it",
        ),
    }
}

/// How many terms ask the DNS: nobody counts on for ever.
#[must_use]
pub fn look_ups(count: usize) -> String {
    if count >= ENOUGH { format!("at least {count}") } else { count.to_string() }
}

/// Why SPF comes to no verdict.
#[must_use]
pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unknown(name) => format!("{} cannot be looked up", short(name)),
        Trouble::Several(domain, count) => format!("{} has {count} records, not one", short(domain)),
        Trouble::NoRecord(domain) => format!("it leads to {}, which has no record", short(domain)),
        Trouble::Record(domain, fault) => {
            format!("the record of {} cannot be read: {}", short(domain), short(&fault.to_string()))
        }
        Trouble::LookUps => format!("it takes more than {MOST_LOOK_UPS} look-ups"),
        Trouble::Voids => format!("more than {MOST_VOIDS} names have no record"),
        Trouble::Hosts(name) => format!("{} has more than 10 MX hosts", short(name)),
    }
}
