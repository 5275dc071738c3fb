//! Which TLSA records count for a host (RFC 7672, section 2.2), and at which name they are.
//!
//! Only what is validated counts, from the address to the record. What the records say of a certificate is for
//! [`net::tls`](crate::net::tls).

use super::rules::Rules;
use crate::dns::{Answer, Data, DnsError, Kind, Question};
use crate::net::tls::Tlsa;

/// What there is of records.
#[derive(Debug)]
pub(super) enum Records {
    /// None that count.
    None,
    /// These, and none of them can be used: TLS is demanded, whoever it is.
    Unusable(Vec<Tlsa>),
    /// These, of which one can be used at least.
    Usable(Vec<Tlsa>),
    /// It is not known: the host is not to be used.
    Failed(DnsError),
}

/// The name at which a server's records are (RFC 6698, section 3).
pub(super) fn name(host: &str, port: u16) -> String {
    format!("_{port}._tcp.{host}")
}

/// The records that count for a host with these addresses, and the name that they are of (the TLSA base domain). `tlsa` is
/// what was said of the host's own name.
///
/// An answer is looked at only if the addresses are validated: a zone that is not signed may have a server that fails at
/// such questions, and that means nothing. A host that is an alias has its records at the end of the chain, if all of it is
/// validated, else at its own name, if the first step is (section 2.2.2).
pub(super) fn records(
    host: &str,
    addresses: &Answer,
    tlsa: Result<Answer, DnsError>,
    rules: &Rules<'_>,
) -> (String, Records) {
    let own = host.to_owned();
    match addresses.aliases.last() {
        None if addresses.secure => (own, judged(tlsa)),
        None => (own, Records::None),
        Some(end) if addresses.secure => {
            let end = end.to_ascii_lowercase();
            match judged(
                rules.resolver.ask_one(Question::new(name(&end, rules.port), Kind::Tlsa), rules.until),
            ) {
                Records::None => (own, judged(tlsa)),
                found => (end, found),
            }
        }
        Some(_) => match rules.resolver.ask_one(Question::new(host, Kind::Cname), rules.until) {
            Ok(answer) if answer.secure => (own, judged(tlsa)),
            Ok(_) => (own, Records::None),
            Err(error) if error.is_certain() => (own, Records::None),
            Err(error) => (own, Records::Failed(error)),
        },
    }
}

fn judged(answer: Result<Answer, DnsError>) -> Records {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.is_certain() => return Records::None,
        Err(error) => return Records::Failed(error),
    };
    let records = answer.records.into_iter().filter_map(|data| match data {
        Data::Tlsa { usage, selector, matching, data } => Some(Tlsa { usage, selector, matching, data }),
        _ => None,
    });
    let records: Vec<Tlsa> = records.collect();
    match (answer.secure, records.iter().any(Tlsa::is_usable)) {
        (false, _) => Records::None,
        (true, true) => Records::Usable(records),
        (true, false) if records.is_empty() => Records::None,
        (true, false) => Records::Unusable(records),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlsa(usage: u8, octets: usize) -> Data {
        Data::Tlsa { usage, selector: 1, matching: 1, data: vec![7; octets] }
    }

    #[test]
    fn what_is_validated_and_can_be_used_counts() {
        let word = |secure: bool, records: &[Data]| match judged(Ok(Answer {
            records: records.to_vec(),
            aliases: Vec::new(),
            secure,
        })) {
            Records::None => "none",
            Records::Unusable(_) => "unusable",
            Records::Usable(_) => "usable",
            Records::Failed(_) => "failed",
        };
        let other = Data::Name("records.arpa".to_owned());
        for (records, validated) in [
            (&[][..], "none"),
            (std::slice::from_ref(&other), "none"),
            (&[tlsa(3, 32)], "usable"),
            (&[tlsa(2, 32)], "usable"),
            (&[tlsa(0, 32)], "unusable"),
            (&[tlsa(1, 32)], "unusable"),
            (&[tlsa(4, 32)], "unusable"),
            (&[tlsa(3, 31)], "unusable"),
            (&[tlsa(3, 0)], "unusable"),
            (&[tlsa(1, 32), tlsa(3, 32)], "usable"),
            (&[other.clone(), tlsa(255, 32)], "unusable"),
        ] {
            assert_eq!(word(true, records), validated, "{records:?}");
            assert_eq!(word(false, records), "none", "{records:?}");
        }
    }

    #[test]
    fn only_a_certain_answer_says_that_there_are_none() {
        let is_none = |error: DnsError| matches!(judged(Err(error)), Records::None);
        let somebody = "127.0.0.1:53".parse().unwrap();
        for error in [DnsError::Name, DnsError::NoSuchName, DnsError::NoRecord] {
            assert!(is_none(error));
        }
        for error in [
            DnsError::Code(somebody, 2),
            DnsError::Malformed(somebody),
            DnsError::NoResolver,
            DnsError::NoRandom,
        ] {
            assert!(!is_none(error));
        }
    }
}
