//! `--dns`: what the sink says of every domain, as if it were all of them: its MX host, addresses, DANE (RFC 7672) and
//! MTA-STS (RFC 8461). No socket is here.

use crate::dns::{Answer, Data, Kind, Question};
use std::net::IpAddr;

/// The longest name (RFC 1035, section 2.3.4), written with dots.
const LONGEST: usize = 253;

/// All that there is to know.
#[derive(Debug)]
pub(super) struct Zone {
    /// The address of every host.
    pub(super) address: IpAddr,
    /// The port of SMTP: TLSA records are for it.
    pub(super) port: u16,
    /// The SHA-256 digest of the key of every host.
    pub(super) key_digest: Vec<u8>,
    /// Domains that are not signed, in small letters: no answer about them is validated, and there is no DANE.
    pub(super) unsigned: Vec<String>,
}

impl Zone {
    /// The answer to a question, whose name is in small letters.
    pub(super) fn answer(&self, question: &Question) -> Answer {
        let name = question.name.as_str();
        let is_in = |domain: &String| {
            name.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let secure = !self.unsigned.iter().any(is_in);
        let mut records = self.records(question);
        records.retain(|data| secure || !matches!(data, Data::Tlsa { .. }));
        Answer { records, aliases: Vec::new(), secure }
    }

    /// Underscores belong to no host.
    fn records(&self, question: &Question) -> Vec<Data> {
        let name = question.name.as_str();
        let record = match question.kind {
            Kind::Tlsa => name
                .strip_prefix(&format!("_{}._tcp.", self.port))
                .filter(|host| is_host(host))
                .map(|_| Data::Tlsa { usage: 3, selector: 1, matching: 1, data: self.key_digest.clone() }),
            Kind::Txt => name
                .strip_prefix("_mta-sts.")
                .filter(|domain| is_host(domain))
                .map(|_| Data::Txt(format!("v=STSv1; id={};", self.id()).into_bytes())),
            Kind::Mx => is_host(name).then(|| Data::Mx { preference: 10, host: host(name) }),
            Kind::A => (is_host(name) && self.address.is_ipv4()).then_some(Data::Address(self.address)),
            Kind::Aaaa => (is_host(name) && self.address.is_ipv6()).then_some(Data::Address(self.address)),
            Kind::Cname | Kind::Ns | Kind::Ptr => None,
        };
        record.into_iter().collect()
    }

    /// The policy of the domain whose policies this host has, if it can be one (RFC 8461, section 3.2).
    pub(super) fn policy(&self, policy_host: &str) -> Option<String> {
        let name = policy_host.to_ascii_lowercase();
        let domain = name.strip_prefix("mta-sts.").filter(|domain| is_host(domain))?;
        Some(format!("version: STSv1\r\nmode: enforce\r\nmx: {}\r\nmax_age: 86400\r\n", host(domain)))
    }

    /// The id of all policies: another one whenever the sink is started, as the key is.
    fn id(&self) -> String {
        self.key_digest.iter().take(8).map(|octet| format!("{octet:02x}")).collect()
    }
}

/// The mail server of a domain; the domain itself, where no room is left for another label.
fn host(domain: &str) -> String {
    let host = format!("mx.{domain}");
    if host.len() <= LONGEST { host } else { domain.to_owned() }
}

/// Whether a host can be called so.
fn is_host(name: &str) -> bool {
    let is_label = |label: &str| {
        let fits = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(fits)
    };
    name.len() <= LONGEST && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(address: &str) -> Zone {
        let unsigned = vec!["gamma.example".to_owned()];
        Zone { address: address.parse().unwrap(), port: 2525, key_digest: (0..32).collect(), unsigned }
    }

    fn records(address: &str, name: &str, kind: Kind) -> Vec<Data> {
        zone(address).records(&Question::new(name, kind))
    }

    #[test]
    fn every_domain_is_here() {
        for domain in ["alpha.example", "xn--bcher-kva.example", "localhost", "a.b.c.d"] {
            let mx = Data::Mx { preference: 10, host: format!("mx.{domain}") };
            assert_eq!(records("127.0.0.1", domain, Kind::Mx), [mx]);
            let (v4, v6) = ("127.0.0.1", "::1");
            let here = |ip: &str| vec![Data::Address(ip.parse().unwrap())];
            assert_eq!(records(v4, domain, Kind::A), here(v4));
            assert_eq!(records(v4, domain, Kind::Aaaa), []);
            assert_eq!(records(v6, domain, Kind::A), []);
            assert_eq!(records(v6, domain, Kind::Aaaa), here(v6));
            for kind in [Kind::Txt, Kind::Tlsa, Kind::Cname, Kind::Ns, Kind::Ptr] {
                assert_eq!(records(v4, domain, kind), [], "{kind:?}");
            }
        }
    }

    #[test]
    fn dane_is_for_the_port_of_smtp_and_mta_sts_for_each_domain() {
        let tlsa = Data::Tlsa { usage: 3, selector: 1, matching: 1, data: (0..32).collect() };
        assert_eq!(records("::1", "_2525._tcp.mx.alpha.example", Kind::Tlsa), [tlsa]);
        let txt = Data::Txt(b"v=STSv1; id=0001020304050607;".to_vec());
        assert_eq!(records("::1", "_mta-sts.alpha.example", Kind::Txt), [txt]);
        for (name, kind) in [
            ("_25._tcp.mx.alpha.example", Kind::Tlsa),
            ("_2525._udp.mx.alpha.example", Kind::Tlsa),
            ("_2525._tcp.", Kind::Tlsa),
            ("_mta-sts.alpha.example", Kind::Tlsa),
            ("_mta-sts.alpha.example", Kind::Mx),
            ("_2525._tcp.mx.alpha.example", Kind::A),
            ("_smtp._tls.alpha.example", Kind::Txt),
            (".", Kind::Mx),
            ("", Kind::A),
            ("a\\.b.example", Kind::A),
        ] {
            assert_eq!(records("127.0.0.1", name, kind), [], "{name}");
        }
    }

    #[test]
    fn a_domain_that_is_not_signed_has_no_dane() {
        let answer = |name: &str, kind| zone("::1").answer(&Question::new(name, kind));
        for (name, kind, count, secure) in [
            ("gamma.example", Kind::Mx, 1, false),
            ("mx.gamma.example", Kind::Aaaa, 1, false),
            ("_2525._tcp.mx.gamma.example", Kind::Tlsa, 0, false),
            ("_mta-sts.gamma.example", Kind::Txt, 1, false),
            ("_2525._tcp.mx.notgamma.example", Kind::Tlsa, 1, true),
            ("notgamma.example", Kind::Mx, 1, true),
            ("example", Kind::Mx, 1, true),
        ] {
            let answer = answer(name, kind);
            assert_eq!((answer.records.len(), answer.secure), (count, secure), "{name}");
        }
    }

    #[test]
    fn the_longest_domain_is_a_host_of_its_own() {
        let label = "a".repeat(62);
        let longest = [&label[..], &label, &label, &label[..61]].join(".") + ".a";
        for (domain, wanted) in [
            (&longest[..252], longest[..252].to_owned()),
            (&longest[..250], format!("mx.{}", &longest[..250])),
        ] {
            let mx = Data::Mx { preference: 10, host: wanted };
            assert_eq!(records("127.0.0.1", domain, Kind::Mx), [mx]);
        }
    }

    #[test]
    fn a_policy_names_the_host_of_its_domain() {
        let zone = zone("127.0.0.1");
        assert_eq!(
            zone.policy("MTA-STS.Alpha.example").unwrap(),
            "version: STSv1\r\nmode: enforce\r\nmx: mx.alpha.example\r\nmax_age: 86400\r\n"
        );
        for host in ["alpha.example", "mta-sts.", "mta-sts", "mta-sts.a b", "mta-sts.a\r\nmx: b", ""] {
            assert_eq!(zone.policy(host), None, "{host:?}");
        }
    }
}
