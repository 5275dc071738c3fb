//! What counts as a record, and what a record matches.

use rcgen::{CertificateParams, KeyPair};

use super::read::Shown;
use super::*;

fn record(usage: u8, selector: u8, matching: u8, data: &[u8]) -> Tlsa {
    Tlsa { usage, selector, matching, data: data.to_vec() }
}

/// A certificate and its SubjectPublicKeyInfo, in DER.
fn certificate() -> (Vec<u8>, Vec<u8>) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["mx.example.org".to_owned()]).unwrap();
    (params.self_signed(&key).unwrap().der().to_vec(), rcgen::PublicKeyData::subject_public_key_info(&key))
}

/// What a record with this selector and matching type holds.
fn data(selector: u8, matching: u8, (certificate, key): &(Vec<u8>, Vec<u8>)) -> Vec<u8> {
    use ::ring::digest::{SHA256, SHA512, digest};
    let selected = if selector == 0 { certificate } else { key };
    match matching {
        0 => selected.clone(),
        1 => digest(&SHA256, selected).as_ref().to_vec(),
        _ => digest(&SHA512, selected).as_ref().to_vec(),
    }
}

#[test]
fn only_authorities_and_servers_with_known_selectors_and_matching_types_are_usable() {
    let own = certificate();
    for usage in [0, 1, 2, 3, 4, 255] {
        for selector in 0..=2 {
            for matching in 0..=3 {
                let right = record(usage, selector, matching, &data(selector, matching, &own));
                let known = matches!(usage, 2 | 3) && selector <= 1 && matching <= 2;
                assert_eq!(right.is_usable(), known, "{right}");
                for wrong in
                    [&[][..], &[1], &[1; 31], &[1; 33], &[1; 63], &[1; 65], &own.0[..own.0.len() - 1]]
                {
                    assert!(!record(usage, selector, matching, wrong).is_usable(), "{right}");
                }
            }
        }
    }
    // The one in place of the other, and something behind it.
    assert!(!record(3, 0, 0, &own.1).is_usable() && !record(3, 1, 0, &own.0).is_usable());
    assert!(!record(3, 0, 0, &[&own.0[..], b"\0"].concat()).is_usable());
    // A hash in place of the other.
    assert!(!record(3, 1, 1, &[7; 64]).is_usable() && !record(3, 1, 2, &[7; 32]).is_usable());
}

#[test]
fn a_record_is_told_with_the_beginning_of_its_data() {
    assert_eq!(record(3, 1, 1, &[0xab; 32]).to_string(), "3 1 1 abababababababab…");
    assert_eq!(record(2, 0, 255, &[0, 1, 2, 3, 4, 5, 6, 0x7f]).to_string(), "2 0 255 000102030405067f");
    assert_eq!(record(255, 255, 0, &[]).to_string(), "255 255 0 ");
}

#[test]
fn a_record_matches_what_it_was_made_of_and_nothing_else() {
    let (own, other) = (certificate(), certificate());
    let shown = Shown::read(&own.0);
    for selector in 0..=1 {
        for matching in 0..=2 {
            let right = record(3, selector, matching, &data(selector, matching, &own));
            let wrong = record(3, selector, matching, &data(selector, matching, &other));
            assert!(shown.matches(&right) && !shown.matches(&wrong), "{right}");
            for dane in [vec![wrong.clone(), right.clone()], vec![right.clone(), wrong.clone()]] {
                let dane = Dane { records: dane, names: Vec::new() };
                assert_eq!(dane.end_entity(&shown), Some(&right));
            }
            for usage in [0, 1, 2, 4, 255] {
                let records = vec![Tlsa { usage, ..right.clone() }];
                let dane = Dane { records, names: Vec::new() };
                assert_eq!((dane.end_entity(&shown), dane.is_usable()), (None, usage == 2), "{usage}");
            }
        }
    }
    for (selector, matching) in [(2, 0), (0, 3), (2, 3), (255, 255)] {
        assert!(!shown.matches(&record(3, selector, matching, &own.0)));
    }
}

#[test]
fn no_octets_make_it_panic() {
    let own = certificate();
    let shown = Shown::read(&own.0);
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    for _ in 0..20_000 {
        let length = usize::from(next()) % 80;
        let (usage, selector, matching) = (next() % 5, next() % 4, next() % 4);
        let noise = record(usage, selector, matching, &(0..length).map(|_| next()).collect::<Vec<_>>());
        assert!(!shown.matches(&noise));
        assert!(noise.to_string().chars().count() <= 8 + 2 * PRINTED + 1);
        // Noise is a hash now and then, and never a certificate.
        assert!(!noise.is_usable() || matches!((matching, length), (1, 32) | (2, 64)), "{noise:?}");
    }
    for at in 0..own.0.len() {
        assert!(!record(3, 0, 0, &own.0[..at]).is_usable(), "cut at {at}");
        let mut spoilt = own.0.clone();
        spoilt[at] ^= 0x55;
        let _ = record(2, 0, 0, &spoilt).is_usable();
        assert!(!Shown::read(&spoilt).matches(&record(3, 0, 0, &own.0)), "spoilt at {at}");
    }
}
