//! Records as RFC 7489 and RFC 9989 have them, and walks up the tree.

use super::*;
use std::collections::HashMap;

#[test]
fn a_record_is_read_or_counts_for_nothing() {
    let read = |text: &str| Record::parse(text.as_bytes());
    let record = read("v=DMARC1; p=reject; sp=Quarantine; np=none; adkim=s; aspf=r; rua=mailto:a@B.org!10m, mailto:c@d.org; ruf=https://x.org; fo=1; psd=n; t=y;").unwrap();
    let mail = |address: &str, domain: &str| Destination::Mail {
        address: address.to_owned(),
        domain: domain.to_owned(),
    };
    assert_eq!(
        record,
        Record {
            policy: Policy::Reject,
            subdomains: Some(Policy::Quarantine),
            missing: Some(Policy::None),
            dkim: Alignment::Strict,
            spf: Alignment::Relaxed,
            reports: vec![mail("a@B.org", "b.org"), mail("c@d.org", "d.org")],
            failures: vec![Destination::Other("https://x.org".to_owned())],
            is_test: true,
            is_suffix: Some(false),
            remarks: vec![],
        }
    );
    let value = |name: &str, value: &str| Remark::Value(name.to_owned(), value.to_owned());
    for (text, policy, remarks) in [
        ("v=DMARC1;p=none", Policy::None, vec![]),
        ("v = DMARC1 ; p = none ;\t", Policy::None, vec![]),
        ("v=DMARC1; p=reject; pct=50", Policy::Reject, vec![Remark::Percent(50)]),
        (
            "v=DMARC1; p=reject; pct=500; adkim=x; sp=no; psd=z",
            Policy::Reject,
            vec![value("pct", "500"), value("adkim", "x"), value("sp", "no"), value("psd", "z")],
        ),
        ("v=DMARC1; p=reject; x=y", Policy::Reject, vec![Remark::Tag("x".to_owned())]),
        ("v=DMARC1; rua=mailto:a@b.org", Policy::None, vec![Remark::NoPolicy]),
        ("v=DMARC1; p=rejekt; rua=mailto:a@b.org", Policy::None, vec![value("p", "rejekt")]),
    ] {
        let record = read(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!((record.policy, record.remarks), (policy, remarks), "{text}");
    }
    for (text, fault) in [
        ("v=DMARC1", DmarcFault::Policy),
        ("v=DMARC1; p=x", DmarcFault::Policy),
        ("v=DMARC1; p=x; rua=x@y.org", DmarcFault::Policy),
        ("v=DMARC1; p=none; p=reject", DmarcFault::Tag("p=reject".to_owned())),
        ("v=DMARC1; p", DmarcFault::Tag("p".to_owned())),
        ("v=DMARC1;; p=none", DmarcFault::Tag(String::new())),
        ("v=DMARC1; p=none; a-b=c", DmarcFault::Tag("a-b=c".to_owned())),
        ("v=DMARC1; p=none\n", DmarcFault::Octets),
    ] {
        assert_eq!(read(text), Err(fault), "{text}");
    }
    for (text, is_one) in [
        ("v=DMARC1", true),
        ("v=DMARC1;p=none", true),
        ("v=DMARC1 ; p=none", true),
        ("v=dmarc1; p=none", false),
        ("v=DMARC10; p=none", false),
        (" v=DMARC1; p=none", false),
        ("p=none; v=DMARC1", false),
        ("", false),
    ] {
        assert_eq!(is_record(text.as_bytes()), is_one, "{text}");
    }
}

/// What is found from a domain, where these have records.
fn found(domain: &str, zone: &[(&str, &str)]) -> (Found, Vec<String>) {
    let mut known: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for (name, text) in zone {
        known.entry(format!("_dmarc.{name}")).or_default().push(text.as_bytes().to_vec());
    }
    let mut asked = Vec::new();
    let found = walk(domain, &mut |name| {
        asked.push(name.strip_prefix("_dmarc.").unwrap().to_owned());
        match known.get(name).cloned().unwrap_or_default() {
            texts if texts == [b"!"] => Err(Unknown),
            texts => Ok(texts),
        }
    });
    (found, asked)
}

#[test]
fn the_walk_goes_up_the_tree() {
    let (none, reject) = ("v=DMARC1; p=none", "v=DMARC1; p=reject; sp=quarantine; np=reject");
    let (suffix, own) = ("v=DMARC1; p=reject; psd=y", "v=DMARC1; p=reject; psd=n");
    for (domain, zone, organizational, at, policy) in [
        ("example.org", &[][..], "example.org", None, None),
        (
            "Example.ORG.",
            &[("example.org", reject)],
            "example.org",
            Some("example.org"),
            Some(Policy::Reject),
        ),
        (
            "a.b.example.org",
            &[("example.org", reject)],
            "example.org",
            Some("example.org"),
            Some(Policy::Quarantine),
        ),
        (
            "a.example.org",
            &[("a.example.org", none), ("example.org", reject)],
            "example.org",
            Some("a.example.org"),
            Some(Policy::None),
        ),
        // Between the domain and its organizational domain nothing counts.
        (
            "a.b.example.org",
            &[("b.example.org", none), ("example.org", reject)],
            "example.org",
            Some("example.org"),
            Some(Policy::Quarantine),
        ),
        (
            "a.b.example.org",
            &[("b.example.org", own), ("example.org", reject)],
            "b.example.org",
            Some("b.example.org"),
            Some(Policy::Reject),
        ),
        ("a.example.bank", &[("bank", suffix)], "example.bank", Some("bank"), Some(Policy::Reject)),
        (
            "a.example.bank",
            &[("example.bank", none), ("bank", suffix)],
            "example.bank",
            Some("example.bank"),
            Some(Policy::None),
        ),
        ("bank", &[("bank", suffix)], "bank", Some("bank"), Some(Policy::Reject)),
        ("example.org", &[("example.org", none), ("example.org", none)], "example.org", None, None),
        ("example.org", &[("example.org", "v=DMARC1")], "example.org", None, None),
        (
            "example.org",
            &[("example.org", "v=spf1"), ("example.org", none)],
            "example.org",
            Some("example.org"),
            Some(Policy::None),
        ),
    ] {
        let (found, _) = found(domain, zone);
        assert_eq!(found.organizational, organizational, "{domain} {zone:?}");
        assert_eq!(found.entry().map(|entry| entry.domain.as_str()), at, "{domain} {zone:?}");
        assert_eq!(found.policy(true), policy, "{domain} {zone:?}");
    }
    let (gone, _) = found("no.example.org", &[("example.org", reject)]);
    assert_eq!(gone.policy(false), Some(Policy::Reject));
    // Eight questions at most.
    let (_, asked) = found("a.b.c.d.e.f.g.h.i.example.org", &[]);
    assert_eq!(asked.len(), 8);
    assert_eq!(asked[1], "e.f.g.h.i.example.org");
    assert_eq!(asked[7], "org");
    // What is not known ends it.
    let (lost, asked) = found("a.example.org", &[("example.org", "!")]);
    assert_eq!((lost.unknown.as_deref(), asked.len()), (Some("_dmarc.example.org"), 2));
}

#[test]
fn a_domain_is_aligned_or_the_policy_applies() {
    let judged = |text: &str, spf: Option<&str>, dkim: &[&str]| {
        let (author, _) = found("mail.example.org", &[("example.org", text)]);
        let organizational = |domain: &str| match domain {
            domain if domain.to_lowercase().ends_with("example.org") => "example.org",
            _ => "example.net",
        };
        let spf = spf.map(|domain| Signed { domain, organizational: organizational(domain) });
        let dkim: Vec<Signed<'_>> =
            dkim.iter().map(|domain| Signed { domain, organizational: organizational(domain) }).collect();
        judge(&author, true, spf, &dkim)
    };
    let relaxed = "v=DMARC1; p=reject";
    let strict = "v=DMARC1; p=reject; adkim=s; aspf=s; t=y";
    assert!(!judged(relaxed, None, &[]).passes);
    assert!(!judged(relaxed, Some("example.net"), &["example.net"]).passes);
    assert_eq!(judged(relaxed, Some("Example.org"), &[]).by_spf.as_deref(), Some("Example.org"));
    assert_eq!(
        judged(relaxed, None, &["example.net", "b.example.org"]).by_dkim.as_deref(),
        Some("b.example.org")
    );
    assert!(!judged(strict, Some("example.org"), &["b.example.org"]).passes);
    assert!(judged(strict, None, &["Mail.example.org"]).passes);
    let fails = judged(strict, None, &[]);
    assert_eq!((fails.policy, fails.is_test), (Some(Policy::Reject), true));
}
