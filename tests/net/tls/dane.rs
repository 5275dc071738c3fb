//! What TLSA records make of a handshake: who is accepted by which backend, and what is told of it.

use super::identified::{BOTH, Made, made, meet, pins_of, private, server};
use super::*;
use ehlo::inside::net::tls::{Certificate, Dane, Tlsa};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use std::sync::Arc;

/// A record of a certificate, by the SHA-256 of its key.
fn record(usage: u8, made: &Made) -> Tlsa {
    let read = Certificate::read(made.certificate.der());
    Tlsa { usage, selector: 1, matching: 1, data: read.contents.unwrap().key.sha256.0.to_vec() }
}

fn knows(backend: Backend, verify: Verify, records: &[Tlsa], names: &[&str]) -> Client {
    let names = names.iter().map(|&name| name.to_owned()).collect();
    let dane = Some(Dane { records: records.to_vec(), names });
    Client::new(Settings { backend, verify, dane, ..Settings::default() })
}

/// A certificate for this name, and that of the authority that issued it.
fn under_an_authority(name: &str) -> (Made, Made) {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "an authority");
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let of_leaf = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&of_leaf, &Issuer::from_params(&params, &key)).unwrap();
    (Made { certificate: leaf, key: of_leaf }, Made { certificate, key })
}

/// A server that shows this chain.
fn showing(chain: Vec<rustls::pki_types::CertificateDer<'static>>, leaf: &Made) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    config.unwrap().with_no_client_auth().with_single_cert(chain, private(&leaf.key)).unwrap()
}

fn fault_of(result: Result<TlsInfo, Error>) -> Fault {
    match result {
        Err(Error::Tls(error @ TlsError::Certificate(..))) => {
            assert!(error.is_trust());
            let TlsError::Certificate(fault, _) = error else { unreachable!() };
            fault
        }
        other => panic!("not a matter of trust: {other:?}"),
    }
}

#[test]
fn the_servers_own_record_accepts_it_whatever_its_name_and_date() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["other.example".to_owned()]).unwrap();
    params.not_after = date_time_ymd(2020, 1, 1);
    let old = Made { certificate: params.self_signed(&key).unwrap(), key };
    for &backend in BACKENDS {
        for version in BOTH {
            for verify in [Verify::Demanded, Verify::Reported, Verify::Skipped, Verify::Observed] {
                let records = [record(3, &made("localhost")), record(2, &made("localhost")), record(3, &old)];
                let client = knows(backend, verify, &records, &["mx.example.org"]);
                for name in ["mx.example.org", "192.0.2.1", "/run/smtp"] {
                    let info = meet(server(&old, version, None), &client, name).unwrap();
                    assert!(info.verified && info.fault.is_none(), "{backend}, {verify:?}");
                    assert_eq!(info.matched.as_ref(), Some(&records[2]));
                }
            }
        }
    }
}

#[test]
fn records_that_do_not_match_refuse_whatever_else_would_accept() {
    let (own, other) = (made("localhost"), made("localhost"));
    let (_folder, path) = file(&own.certificate.pem());
    for &backend in BACKENDS {
        for verify in [Verify::Demanded, Verify::Reported, Verify::Skipped] {
            let dane = Some(Dane { records: vec![record(3, &other)], names: vec!["localhost".to_owned()] });
            let trust = Trust::File(path.clone());
            let client = Client::new(Settings { backend, verify, trust, dane, ..Settings::default() });
            match meet(server(&own, BOTH[1], None), &client, "localhost") {
                Err(Error::Tls(TlsError::Certificate(Fault::NoTlsaMatch, Some(shown)))) => {
                    assert_eq!(*shown, Certificate::read(own.certificate.der()), "{backend}");
                }
                other => panic!("{backend}: {other:?}"),
            }
        }
        // Whoever only looks sees it.
        let client = knows(backend, Verify::Observed, &[record(3, &other)], &["localhost"]);
        let info = meet(server(&own, BOTH[1], None), &client, "localhost").unwrap();
        assert_eq!((info.verified, info.fault, info.matched), (false, Some(Fault::NoTlsaMatch), None));
    }
}

#[test]
fn an_authority_is_looked_for_in_what_the_server_shows() {
    let (leaf, authority) = under_an_authority("mx.example.org");
    let config = || {
        let chain = vec![leaf.certificate.der().clone(), authority.certificate.der().clone()];
        showing(chain, &leaf)
    };
    let right = record(2, &authority);
    for &backend in BACKENDS {
        let names = &["mx.example.org", "example.org"];
        let client = knows(backend, Verify::Demanded, std::slice::from_ref(&right), names);
        let met = meet(config(), &client, "192.0.2.1");
        let elsewhere = knows(backend, Verify::Demanded, std::slice::from_ref(&right), &["example.org"]);
        let wrong_name = meet(config(), &elsewhere, "mx.example.org");
        if backend == Backend::Native {
            let unchecked = Fault::Other(OtherFault::TlsaAuthority);
            assert_eq!((fault_of(met), fault_of(wrong_name)), (unchecked.clone(), unchecked));
            let client = knows(backend, Verify::Observed, std::slice::from_ref(&right), names);
            let info = meet(config(), &client, "mx.example.org").unwrap();
            assert_eq!(info.fault, Some(Fault::Other(OtherFault::TlsaAuthority)));
            // What it can check counts beside what it cannot.
            let both = [right.clone(), record(3, &leaf)];
            let info = meet(config(), &knows(backend, Verify::Demanded, &both, names), "localhost").unwrap();
            assert_eq!(info.matched.as_ref(), Some(&both[1]));
            continue;
        }
        let info = met.unwrap();
        assert!(info.verified && info.fault.is_none());
        assert_eq!(info.matched.as_ref(), Some(&right));
        assert_eq!(
            fault_of(wrong_name),
            Fault::WrongName {
                expected: "example.org".to_owned(),
                presented: vec!["mx.example.org".to_owned()],
            }
        );
        let stranger = knows(backend, Verify::Demanded, &[record(2, &made("mx.example.org"))], names);
        assert_eq!(fault_of(meet(config(), &stranger, "mx.example.org")), Fault::NoTlsaMatch);
        // The chain without its authority.
        let alone = showing(vec![leaf.certificate.der().clone()], &leaf);
        assert_eq!(fault_of(meet(alone, &client, "mx.example.org")), Fault::NoTlsaMatch);
    }
}

#[test]
fn records_of_which_none_is_usable_are_as_none() {
    let own = made("localhost");
    let (_folder, path) = file(&own.certificate.pem());
    let (_folder, strangers) = file(&another());
    let right = record(3, &own);
    let short = right.data.get(..31).unwrap().to_vec();
    let useless = [
        Tlsa { usage: 0, ..right.clone() },
        Tlsa { usage: 1, ..right.clone() },
        Tlsa { usage: 255, ..right.clone() },
        Tlsa { selector: 2, ..right.clone() },
        Tlsa { matching: 3, ..right.clone() },
        Tlsa { data: short, ..right.clone() },
        Tlsa { data: Vec::new(), ..right },
    ];
    for &backend in BACKENDS {
        let with = |path: &Path| {
            let dane = Some(Dane { records: useless.to_vec(), names: vec!["other.example".to_owned()] });
            Client::new(Settings {
                backend,
                trust: Trust::File(path.to_owned()),
                dane,
                ..Settings::default()
            })
        };
        let info = meet(server(&own, BOTH[1], None), &with(&path), "localhost").unwrap();
        assert!(info.verified && info.matched.is_none(), "{backend}");
        let fault = fault_of(meet(server(&own, BOTH[1], None), &with(&strangers), "localhost"));
        assert_eq!(fault, Fault::SelfSigned, "{backend}");
    }
}

#[test]
fn a_pin_goes_before_records() {
    let (own, other) = (made("localhost"), made("localhost"));
    for &backend in BACKENDS {
        for (pinned, records, fault) in [(&own, &other, None), (&other, &own, Some(Fault::NotPinned))] {
            let pins = pins_of(pinned).to_vec();
            let dane = Some(Dane { records: vec![record(3, records)], names: Vec::new() });
            let client = Client::new(Settings { backend, pins, dane, ..Settings::default() });
            let met = meet(server(&own, BOTH[1], None), &client, "localhost");
            assert_eq!(met.err().map(|error| fault_of(Err(error))), fault, "{backend}");
        }
    }
}

#[test]
fn the_server_is_asked_for_the_first_name_of_the_records() {
    let own = made("mx.example.org");
    for &backend in BACKENDS {
        let client =
            knows(backend, Verify::Demanded, &[record(3, &own)], &["mx.example.org.", "example.org"]);
        let config = server(&own, BOTH[1], None);
        let (mut stream, peer) = with_peer(move |socket| {
            let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, socket);
            stream.write_all(b"220 beta\r\n").unwrap();
            stream.conn.server_name().map(str::to_owned)
        });
        stream.start_tls(&client, "192.0.2.1", soon()).unwrap();
        assert_eq!(peer.join().unwrap().as_deref(), Some("mx.example.org"), "{backend}");
    }
}

#[test]
fn no_session_goes_on_that_was_begun_under_other_records() {
    let (own, other) = (made("localhost"), made("localhost"));
    for &backend in BACKENDS {
        for version in BOTH {
            // One server, which would resume a session by its number or by a ticket.
            let mut config = server(&own, version, None);
            config.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
            let right = knows(backend, Verify::Demanded, &[record(3, &own)], &["localhost"]);
            let wrong = knows(backend, Verify::Demanded, &[record(3, &other)], &["localhost"]);
            for _ in 0..2 {
                let info = meet(config.clone(), &right, "localhost").unwrap();
                assert_eq!(info.matched, Some(record(3, &own)), "{backend}");
                let fault = fault_of(meet(config.clone(), &wrong, "localhost"));
                assert_eq!(fault, Fault::NoTlsaMatch, "{backend}");
            }
        }
    }
}

#[test]
fn the_server_hears_that_its_certificate_is_not_accepted() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let client = knows(Backend::Rustls, Verify::Demanded, &[record(3, &made("localhost"))], &["localhost"]);
    let (mut stream, peer) = with_tls_peer(&acceptor, |mut stream, accepted| {
        accepted.and_then(|()| stream.read(&mut [0; 16], soon()).map(drop))
    });
    stream.start_tls(&client, "localhost", soon()).unwrap_err();
    let error = peer.join().unwrap().unwrap_err();
    assert!(matches!(&error, Error::Tls(TlsError::Alert(Alert::CertificateUnknown))), "{error:?}");
}
