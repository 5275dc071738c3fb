//! What a domain says by MTA-STS, and what is kept of it: the octets are a record, a policy, and an entry of the cache.

use super::assert_printable;
use ehlo::inside::report::text::printable;
use ehlo::inside::route::mta_sts::{Entry, Failed, Kept, LONGEST, Mode, Policy, id};

pub fn holds(octets: &[u8]) {
    record(octets);
    policy(octets);
    if let Some(entry) = Entry::decode(octets) {
        assert_eq!(entry.encode(), octets);
        if let Some(kept) = &entry.policy {
            assert!(entry.holding(kept.until()).is_none());
        }
    }
}

/// Of several records none counts, and others change nothing.
fn record(octets: &[u8]) {
    let (this, other) = (octets.to_vec(), b"v=spf1 -all".to_vec());
    let found = id(std::slice::from_ref(&this));
    assert_eq!(id(&[other.clone(), this.clone(), other]), found);
    match &found {
        Ok(Some(id)) => {
            assert!(octets.starts_with(b"v=STSv1;"));
            assert!((1..=32).contains(&id.len()) && id.bytes().all(|octet| octet.is_ascii_alphanumeric()));
        }
        Ok(None) => assert!(!octets.starts_with(b"v=STSv1;")),
        Err(fault) => assert_printable(&printable(&fault.to_string())),
    }
    if found != Ok(None) {
        assert!(id(&[this.clone(), this]).is_err());
    }
}

fn policy(octets: &[u8]) {
    let found = Policy::parse(octets);
    let policy = match &found {
        Ok(policy) => policy,
        Err(error) => return assert_printable(&printable(&error.to_string())),
    };
    assert!(policy.max_age().as_secs() <= LONGEST);
    assert!(policy.mode() == Mode::None || !policy.mx().is_empty());
    // Line ends do not matter, and neither does what nobody knows.
    let text = std::str::from_utf8(octets).unwrap();
    let lines = text.replace("\r\n", "\n");
    assert_eq!(&Policy::parse(lines.as_bytes()), &found);
    assert_eq!(&Policy::parse(lines.replace('\n', "\r\n").as_bytes()), &found);
    assert_eq!(&Policy::parse(format!("{lines}\nx: y\nmode: none\n").as_bytes()), &found);
    for pattern in policy.mx() {
        let pattern = pattern.to_string();
        assert!(pattern.is_ascii() && !pattern.bytes().any(|octet| octet.is_ascii_uppercase()), "{pattern}");
        let host = match pattern.strip_prefix("*.") {
            Some(domain) => format!("a.{domain}"),
            None => pattern,
        };
        // One label more makes some names too long to be any.
        if host.len() <= 253 {
            assert!(policy.covers(&host) && policy.covers(&host.to_ascii_uppercase()), "{host}");
            assert!(policy.covers(&format!("{host}.")), "{host}");
        }
    }
    assert!(!policy.covers("192.0.2.1") && !policy.covers("") && !policy.covers("*"));
    let kept = Kept::new("a1", 7, octets.to_vec()).unwrap();
    let entry = Entry { policy: Some(kept), failed: Some(Failed { id: "b2".to_owned(), at: 9 }) };
    let kept = entry.encode();
    assert_eq!(Entry::decode(&kept), Some(entry));
    assert_eq!(Entry::decode(&kept[..kept.len() - 1]), None);
}
