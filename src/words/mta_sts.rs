//! What is said of MTA-STS: why a domain has no policy, or still has the one that is kept; and of addresses that are not
//! connected to.

use crate::config::folder::FolderError;
use crate::https::HttpsError;
use crate::net::Error as NetError;
use crate::route::guard::{Kind, NetworkFault};
use crate::route::mta_sts::{Applied, CacheError, FetchError, Remark};

/// What is to be known of a domain's policy. `applied` is the policy that holds all the same, if there is one.
#[must_use]
pub fn remark(domain: &str, remark: &Remark, applied: Option<&Applied>) -> String {
    let said = match remark {
        Remark::Gone => format!("the record of {domain} is gone"),
        Remark::LookUp(error) => format!("whether {domain} has a policy is not known: {error}"),
        Remark::Record(fault) => format!("{domain}: {fault}"),
        Remark::Fetch(error) => {
            format!("the policy of {domain} cannot be fetched: {error}{}", advice(error))
        }
        Remark::Policy(error) => format!("the policy of {domain} is not valid: {error}"),
        Remark::Paused(left) => format!(
            "the policy of {domain} could not be fetched a short time ago; it is tried again in {} seconds",
            left.as_secs()
        ),
        Remark::NotRead(error) => {
            return format!("MTA-STS: what is kept of {domain} cannot be read: {}", cache(error));
        }
        Remark::NotKept(error) => {
            return format!("MTA-STS: what {domain} says is not kept: {}", cache(error));
        }
    };
    let holds = match applied {
        Some(_) => "the policy that is kept holds",
        None => "mail goes out without a policy",
    };
    format!("MTA-STS: {said}; {holds}")
}

/// What can be done, where it is not for the domain's owner to do.
fn advice(error: &FetchError) -> &'static str {
    match error {
        FetchError::Guarded(_, Kind::Private) => " (--mx-allow private admits it)",
        FetchError::Guarded(_, Kind::Loopback) => " (--mx-allow loopback admits it)",
        FetchError::Https(HttpsError::Handshake(NetError::Tls(error))) if error.is_trust() => {
            " (its owner has to mend that)"
        }
        _ => "",
    }
}

/// Why nothing is kept, and what to do.
fn cache(error: &CacheError) -> String {
    let advice = match error {
        CacheError::Folder(FolderError::Problem(path, _)) => {
            format!(": run chmod go-rwx {0}, or remove it if it is not yours", path.display())
        }
        CacheError::Folder(FolderError::Kind(path)) | CacheError::Malformed(path) => {
            format!(": remove {}", path.display())
        }
        _ => String::new(),
    };
    format!("{error}{advice}")
}

/// Of an item that admits no address.
#[must_use]
pub fn network(fault: NetworkFault) -> String {
    let advice = match fault {
        NetworkFault::Address => ": write loopback, private, an address or a network".to_owned(),
        NetworkFault::Length => ": write 0 to 32 for IPv4, 0 to 128 for IPv6".to_owned(),
        NetworkFault::Host(network) => format!(": write {network}, or the address alone"),
    };
    format!("{fault}{advice}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::accounts::Problem;
    use crate::dns::DnsError;
    use crate::route::mta_sts::{Policy, PolicyError, RecordFault, Source};
    use std::path::PathBuf;
    use std::time::Duration;

    #[test]
    fn what_is_wrong_is_told_with_what_holds_all_the_same() {
        let policy = Policy::parse(b"version: STSv1\nmode: none\nmax_age: 1").unwrap();
        let applied = Applied { policy, source: Source::Cached, id: "a".to_owned(), until: 1 };
        let path = || PathBuf::from("/c/beta.arpa");
        let guarded = |kind| Remark::Fetch(FetchError::Guarded("10.0.0.1".parse().unwrap(), kind));
        for (given, holds, said) in [
            (Remark::Gone, true, "the record of beta.arpa is gone; the policy that is kept holds"),
            (
                Remark::LookUp(DnsError::NoResolver),
                false,
                "whether beta.arpa has a policy is not known: /etc/resolv.conf names no resolver; mail goes out without a policy",
            ),
            (
                Remark::Record(RecordFault::Several(2)),
                false,
                "beta.arpa: there are 2 records of MTA-STS, not one; mail goes out without a policy",
            ),
            (
                Remark::Fetch(FetchError::Status(404)),
                true,
                "the policy of beta.arpa cannot be fetched: the answer has the status 404; the policy that is kept holds",
            ),
            (
                guarded(Kind::Private),
                false,
                "the policy of beta.arpa cannot be fetched: the host's address is 10.0.0.1, which is of a private network \
                 (--mx-allow private admits it); mail goes out without a policy",
            ),
            (
                Remark::Policy(PolicyError::Line(1)),
                false,
                "the policy of beta.arpa is not valid: line 1 is not 'key: value'; mail goes out without a policy",
            ),
            (
                Remark::Paused(Duration::from_secs(7)),
                true,
                "the policy of beta.arpa could not be fetched a short time ago; it is tried again in 7 seconds; the \
                 policy that is kept holds",
            ),
            (
                Remark::NotRead(CacheError::Malformed(path())),
                false,
                "what is kept of beta.arpa cannot be read: /c/beta.arpa is no entry of this cache: remove /c/beta.arpa",
            ),
            (
                Remark::NotKept(CacheError::Folder(FolderError::Problem(path(), Problem::ReadableByOthers))),
                true,
                "what beta.arpa says is not kept: /c/beta.arpa: others can read it: run chmod go-rwx /c/beta.arpa, or \
                 remove it if it is not yours",
            ),
            (
                Remark::NotKept(CacheError::Name),
                true,
                "what beta.arpa says is not kept: no file is named after such a domain",
            ),
        ] {
            let told = remark("beta.arpa", &given, holds.then_some(&applied));
            assert_eq!(told, format!("MTA-STS: {said}"));
        }
    }

    #[test]
    fn an_item_that_admits_nothing_is_told_with_what_to_write() {
        for (item, said) in [
            (
                "home",
                "not an IP address, or a network such as 192.0.2.0/24: write loopback, private, an address or a network",
            ),
            (
                "10.0.0.0/99",
                "the length of its prefix is not one of this kind of address: write 0 to 32 for IPv4, 0 to 128 for IPv6",
            ),
            (
                "10.0.0.1/8",
                "an address within the network 10.0.0.0/8, and not the network: write 10.0.0.0/8, or the address alone",
            ),
        ] {
            assert_eq!(network(item.parse::<crate::route::guard::Allow>().unwrap_err()), said);
        }
    }
}
