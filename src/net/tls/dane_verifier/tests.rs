//! What records vouch for, with chains made here.

use std::time::Duration;

use ::ring::digest::{SHA256, SHA512, digest};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData,
    date_time_ymd,
};

use super::*;

/// In the middle of 2025, for which the certificates are made.
const NOW: u64 = 1_750_000_000;

/// A certificate, its SubjectPublicKeyInfo, and what is needed to issue others.
struct Made {
    certificate: Certificate,
    spki: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

fn params(common_name: &str, names: &[&str], is_ca: bool) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2026, 1, 1);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params
}

fn made(params: CertificateParams, by: Option<&Made>) -> Made {
    let key = KeyPair::generate().unwrap();
    let certificate = match by {
        Some(by) => params.signed_by(&key, &by.issuer),
        None => params.self_signed(&key),
    };
    let spki = key.subject_public_key_info();
    Made { certificate: certificate.unwrap(), spki, issuer: Issuer::new(params, key) }
}

/// Root, intermediate, and the server's own.
fn chain(leaf: CertificateParams) -> [Made; 3] {
    let root = made(params("root", &[], true), None);
    let intermediate = made(params("intermediate", &[], true), Some(&root));
    let leaf = made(leaf, Some(&intermediate));
    [root, intermediate, leaf]
}

fn of_server() -> CertificateParams {
    params("server", &["mx.example.org"], false)
}

fn record(usage: u8, selector: u8, matching: u8, made: &Made) -> Tlsa {
    let selected = if selector == 0 { made.certificate.der().as_ref() } else { &made.spki };
    let data = match matching {
        1 => digest(&SHA256, selected).as_ref().to_vec(),
        2 => digest(&SHA512, selected).as_ref().to_vec(),
        _ => selected.to_vec(),
    };
    Tlsa { usage, selector, matching, data }
}

/// What comes of it if the server shows these, its own first.
fn checked_as(names: &[&str], records: &[Tlsa], shown: &[&Made]) -> Result<Tlsa, Fault> {
    let dane = Dane { records: records.to_vec(), names: names.iter().map(|&name| name.to_owned()).collect() };
    let shown: Vec<_> = shown.iter().map(|made| made.certificate.der().clone()).collect();
    let (leaf, intermediates) = shown.split_first().unwrap();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    let algorithms = ::rustls::crypto::ring::default_provider().signature_verification_algorithms;
    check(&dane, &Chain { leaf, intermediates, now }, &algorithms)
}

fn checked(records: &[Tlsa], shown: &[&Made]) -> Result<Tlsa, Fault> {
    checked_as(&["mx.example.org", "example.org"], records, shown)
}

/// All selectors and matching types that there are.
fn forms() -> impl Iterator<Item = (u8, u8)> {
    (0..=1).flat_map(|selector| (0..=2).map(move |matching| (selector, matching)))
}

#[test]
fn the_server_itself_needs_no_issuer_no_name_and_no_date() {
    let mut params = params("server", &["other.example"], false);
    params.not_after = date_time_ymd(2025, 2, 1);
    let [root, intermediate, leaf] = chain(params);
    for (selector, matching) in forms() {
        let right = record(3, selector, matching, &leaf);
        for shown in [&[&leaf][..], &[&leaf, &intermediate, &root]] {
            assert_eq!(checked(std::slice::from_ref(&right), shown), Ok(right.clone()), "{right}");
            assert_eq!(checked_as(&[], std::slice::from_ref(&right), shown), Ok(right.clone()));
        }
        // Usage 3 is about no other certificate of the chain.
        for other in [&intermediate, &root] {
            let wrong = record(3, selector, matching, other);
            assert_eq!(checked(&[wrong], &[&leaf, &intermediate, &root]), Err(Fault::NoTlsaMatch));
        }
    }
}

#[test]
fn what_is_not_usable_matches_nothing() {
    let [root, intermediate, leaf] = chain(of_server());
    for made in [&root, &intermediate, &leaf] {
        for usage in [0, 1, 2, 3, 4, 255] {
            for selector in 0..=2 {
                for matching in 0..=3 {
                    let record = record(usage, selector, matching, made);
                    if !record.is_usable() {
                        let told = checked(std::slice::from_ref(&record), &[&leaf, &intermediate, &root]);
                        assert_eq!(told, Err(Fault::NoTlsaMatch), "{record}");
                    }
                }
            }
        }
    }
    let right = record(3, 1, 1, &leaf);
    for length in [0, 31] {
        let cut = Tlsa { data: right.data[..length].to_vec(), ..right.clone() };
        assert_eq!(checked(std::slice::from_ref(&cut), &[&leaf]), Err(Fault::NoTlsaMatch));
        assert_eq!(checked(&[cut, right.clone()], &[&leaf]), Ok(right.clone()));
    }
}

#[test]
fn an_authority_that_is_shown_vouches_for_the_server_whether_it_is_a_root_or_not() {
    let [root, intermediate, leaf] = chain(of_server());
    for (selector, matching) in forms() {
        for authority in [&root, &intermediate] {
            let right = record(2, selector, matching, authority);
            for shown in [&[&leaf, &intermediate, &root][..], &[&leaf, &root, &intermediate]] {
                assert_eq!(checked(std::slice::from_ref(&right), shown), Ok(right.clone()), "{right}");
            }
        }
        let right = record(2, selector, matching, &intermediate);
        assert_eq!(checked(std::slice::from_ref(&right), &[&leaf, &intermediate]), Ok(right));
        // The one in between is missing.
        let far = record(2, selector, matching, &root);
        assert_eq!(checked(&[far], &[&leaf, &root]), Err(Fault::NoTlsaMatch));
        // The server's own is no authority, unless it signed itself.
        let own = record(2, selector, matching, &leaf);
        assert_eq!(checked(&[own], &[&leaf, &intermediate, &root]), Err(Fault::NoTlsaMatch));
    }
}

#[test]
fn an_authority_that_is_not_shown_must_stand_in_the_record_in_full() {
    let [root, intermediate, leaf] = chain(of_server());
    for (selector, matching) in forms() {
        for (authority, shown) in [(&intermediate, &[&leaf][..]), (&root, &[&leaf, &intermediate])] {
            let record = record(2, selector, matching, authority);
            let expected = if matching == 0 { Ok(record.clone()) } else { Err(Fault::NoTlsaMatch) };
            assert_eq!(checked(&[record], shown), expected);
        }
        // One that has nothing to do with it, and one that has the issuer's name and no more.
        let namesake = made(params("intermediate", &[], true), None);
        for stranger in [made(params("stranger", &[], true), None), namesake] {
            let wrong = record(2, selector, matching, &stranger);
            for shown in [&[&leaf, &intermediate, &root][..], &[&leaf, &stranger], &[&leaf]] {
                assert_eq!(checked(std::slice::from_ref(&wrong), shown), Err(Fault::NoTlsaMatch), "{wrong}");
            }
        }
    }
}

#[test]
fn under_an_authority_one_of_the_names_must_fit() {
    let [root, intermediate, leaf] = chain(of_server());
    let shown = [&leaf, &intermediate, &root];
    for (selector, matching) in forms() {
        let right = record(2, selector, matching, &intermediate);
        for names in [
            &["mx.example.org"][..],
            &["MX.example.org."],
            &["other.example", "mx.example.org"],
            &["mx.example.org", "other.example"],
            &["no name", "mx.example.org"],
        ] {
            assert_eq!(checked_as(names, std::slice::from_ref(&right), &shown), Ok(right.clone()));
        }
        for names in [&["other.example", "example.org"][..], &["other.example"]] {
            assert_eq!(
                checked_as(names, std::slice::from_ref(&right), &shown),
                Err(Fault::WrongName {
                    expected: "other.example".to_owned(),
                    presented: vec!["mx.example.org".to_owned()],
                })
            );
        }
        for names in [&[][..], &["no name"]] {
            let told = checked_as(names, std::slice::from_ref(&right), &shown);
            assert_eq!(told, Err(Fault::Other(OtherFault::NoName)));
        }
    }
}

#[test]
fn under_an_authority_the_dates_count() {
    for (from, until) in [((2025, 1, 1), (2025, 2, 1)), ((2025, 12, 1), (2026, 1, 1))] {
        let mut params = of_server();
        params.not_before = date_time_ymd(from.0, from.1, from.2);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        let [root, intermediate, leaf] = chain(params);
        match checked(&[record(2, 1, 1, &root)], &[&leaf, &intermediate, &root]) {
            Err(Fault::Expired(Some(_))) => assert_eq!(from.1, 1),
            Err(Fault::NotYetValid(Some(_))) => assert_eq!(from.1, 12),
            other => panic!("{other:?}"),
        }
    }
    let root = made(params("root", &[], true), None);
    let mut between = params("intermediate", &[], true);
    between.not_after = date_time_ymd(2025, 2, 1);
    let intermediate = made(between, Some(&root));
    let leaf = made(of_server(), Some(&intermediate));
    let shown = [&leaf, &intermediate, &root];
    let fault = checked(&[record(2, 1, 1, &root)], &shown).unwrap_err();
    assert!(matches!(fault, Fault::Other(OtherFault::IntermediateOutOfDate { .. })), "{fault:?}");
    // The date of an anchor itself does not count (RFC 5280, section 6.1.1).
    let anchor = record(2, 1, 1, &intermediate);
    assert_eq!(checked(std::slice::from_ref(&anchor), &shown), Ok(anchor));
}

#[test]
fn a_certificate_that_signed_itself_is_nobodys_authority_not_even_its_own() {
    for is_ca in [false, true] {
        let own = made(params("server", &["mx.example.org"], is_ca), None);
        for (selector, matching) in forms() {
            assert_eq!(checked(&[record(2, selector, matching, &own)], &[&own]), Err(Fault::NoTlsaMatch));
        }
    }
}

#[test]
fn an_end_entity_vouches_for_nobody() {
    let end = made(params("end", &[], false), None);
    let leaf = made(of_server(), Some(&end));
    let shown = made(params("another", &["mx.example.org"], false), Some(&leaf));
    let root = record(2, 0, 1, &end);
    assert!(checked(&[root], &[&shown, &leaf, &end]).is_err());
}

#[test]
fn one_right_record_is_enough_wherever_it_stands() {
    let [root, intermediate, leaf] = chain(of_server());
    let stranger = made(params("stranger", &["mx.example.org"], true), None);
    let shown = [&leaf, &intermediate, &root];
    for (right, wrong) in [
        (record(2, 1, 1, &root), record(3, 1, 1, &stranger)),
        (record(3, 1, 1, &leaf), record(2, 1, 1, &stranger)),
        (record(2, 0, 0, &root), record(2, 0, 0, &stranger)),
        (record(3, 0, 2, &leaf), record(3, 0, 2, &stranger)),
    ] {
        for records in [[right.clone(), wrong.clone()], [wrong.clone(), right.clone()]] {
            assert_eq!(checked(&records, &shown), Ok(right.clone()), "{right}, {wrong}");
        }
    }
    // Usage 3 comes first: what usage 2 would refuse does not count.
    let both = [record(2, 1, 1, &root), record(3, 1, 1, &leaf)];
    assert_eq!(checked_as(&["other.example"], &both, &shown), Ok(both[1].clone()));
}

#[test]
fn a_hundred_records_of_which_one_is_right() {
    let [root, intermediate, leaf] = chain(of_server());
    for (selector, matching) in forms() {
        for (usage, whom) in [(2, &intermediate), (2, &root), (3, &leaf)] {
            let right = record(usage, selector, matching, whom);
            // Keys differ, for each bare one is tried.
            let mut records: Vec<Tlsa> = (0..99)
                .map(|_| record(usage, selector, matching, &made(params("intermediate", &[], true), None)))
                .collect();
            for at in [0, 50, 99] {
                records.insert(at, right.clone());
                let shown: &[&Made] = match (usage, matching) {
                    (2, 0) if right == record(2, selector, 0, &intermediate) => &[&leaf],
                    _ => &[&leaf, &intermediate, &root],
                };
                assert_eq!(checked(&records, shown), Ok(right.clone()), "{right} at {at}");
                records.remove(at);
            }
            assert_eq!(checked(&records, &[&leaf, &intermediate, &root]), Err(Fault::NoTlsaMatch));
        }
    }
}

#[test]
fn a_chain_without_end_is_not_followed() {
    let mut all = vec![made(params("0", &[], true), None)];
    for depth in 1..40 {
        let next = made(params(&depth.to_string(), &[], true), all.last());
        all.push(next);
    }
    let leaf = made(of_server(), all.last());
    let shown: Vec<&Made> = std::iter::once(&leaf).chain(all.iter().rev()).collect();
    let near = record(2, 1, 1, shown[3]);
    assert_eq!(checked(std::slice::from_ref(&near), &shown), Ok(near));
    assert_eq!(checked(&[record(2, 1, 1, &all[0])], &shown), Err(Fault::NoTlsaMatch));
}

#[test]
fn no_octets_make_it_panic() {
    let [root, intermediate, leaf] = chain(of_server());
    let right = record(2, 0, 0, &intermediate);
    let key = record(2, 1, 0, &intermediate);
    for whole in [&right, &key] {
        for at in 0..whole.data.len() {
            let mut record = whole.clone();
            record.data[at] ^= 0x15;
            let _ = checked(&[record.clone()], &[&leaf]);
            record.data.truncate(at);
            assert_eq!(checked(&[record], &[&leaf, &intermediate, &root]), Err(Fault::NoTlsaMatch));
        }
    }
    let der = leaf.certificate.der();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    let algorithms = ::rustls::crypto::ring::default_provider().signature_verification_algorithms;
    let dane = Dane { records: vec![right, key], names: vec!["mx.example.org".to_owned()] };
    for at in 0..der.len() {
        let cut = CertificateDer::from(der[..at].to_vec());
        let chain = Chain { leaf: &cut, intermediates: std::slice::from_ref(&cut), now };
        assert!(check(&dane, &chain, &algorithms).is_err(), "cut at {at}");
    }
}
