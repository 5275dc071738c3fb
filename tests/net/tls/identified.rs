//! Who is who beyond authorities and names: pins, certificates of clients, and what binds a log-in to a connection.

use super::*;
use ehlo::inside::net::IdentityFault;
use ehlo::inside::net::tls::{Certificate, Identity, Pin};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::sync::Arc;

pub(super) const BOTH: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS12, &rustls::version::TLS13];

/// A certificate with its key, in its own name.
pub(super) struct Made {
    pub(super) certificate: rcgen::Certificate,
    pub(super) key: KeyPair,
}

pub(super) fn made(name: &str) -> Made {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    Made { certificate, key }
}

pub(super) fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

/// A server with this certificate, which speaks this version, and knows clients by the other one.
pub(super) fn server(
    made: &Made,
    version: &'static SupportedProtocolVersion,
    clients: Option<&Made>,
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .unwrap();
    let config = match clients {
        Some(made) => {
            let mut roots = RootCertStore::empty();
            roots.add(made.certificate.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
        None => config.with_no_client_auth(),
    };
    config.with_single_cert(vec![made.certificate.der().clone()], private(&made.key)).unwrap()
}

/// What a client comes to know: of the handshake, and of the first line inside.
pub(super) fn meet(config: ServerConfig, client: &Client, name: &str) -> Result<TlsInfo, Error> {
    let (mut stream, peer) = with_peer(move |socket| {
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, socket);
        let _ = stream.write_all(b"220 beta\r\n");
        let _ = stream.read(&mut [0; 16]);
    });
    let mut told = stream.start_tls(client, name, soon());
    let info = stream.tls().cloned();
    if told.is_ok() {
        told = stream.read(&mut [0; 64], soon()).map(drop);
    }
    stream.close();
    peer.join().unwrap();
    told.map(|()| info.unwrap())
}

fn pinned(backend: Backend, pins: &[Pin], verify: Verify) -> Client {
    Client::new(Settings { backend, verify, pins: pins.to_vec(), ..Settings::default() })
}

pub(super) fn pins_of(made: &Made) -> [Pin; 2] {
    let read = Certificate::read(made.certificate.der());
    [Pin(read.sha256), Pin(read.contents.unwrap().key.sha256)]
}

#[test]
fn a_pin_of_certificate_or_key_accepts_it_whatever_its_issuer_and_name() {
    let (own, other) = (made("localhost"), made("localhost"));
    for &backend in BACKENDS {
        for version in BOTH {
            for pin in pins_of(&own) {
                for name in ["localhost", "other.example", "/run/smtp"] {
                    let client = pinned(backend, &[pins_of(&other)[0], pin], Verify::Demanded);
                    let info = meet(server(&own, version, None), &client, name).unwrap();
                    assert!(info.verified && info.fault.is_none(), "{backend}, {name}");
                }
            }
        }
    }
}

#[test]
fn a_pin_that_does_not_match_refuses_whatever_else_would_accept() {
    let (own, other) = (made("localhost"), made("localhost"));
    let (_folder, path) = file(&own.certificate.pem());
    for &backend in BACKENDS {
        for verify in [Verify::Demanded, Verify::Reported, Verify::Skipped] {
            let client = Client::new(Settings {
                backend,
                verify,
                trust: Trust::File(path.clone()),
                pins: pins_of(&other).to_vec(),
                ..Settings::default()
            });
            match meet(server(&own, BOTH[1], None), &client, "localhost") {
                Err(Error::Tls(TlsError::Certificate(Fault::NotPinned, Some(shown)))) => {
                    assert_eq!(*shown, Certificate::read(own.certificate.der()), "{backend}");
                }
                other => panic!("{backend}: {other:?}"),
            }
        }
    }
}

#[test]
fn whoever_only_looks_sees_that_a_pin_does_not_match() {
    let (own, other) = (made("localhost"), made("localhost"));
    for &backend in BACKENDS {
        for (pins, fault) in [(pins_of(&own), None), (pins_of(&other), Some(Fault::NotPinned))] {
            let client = pinned(backend, &pins, Verify::Observed);
            let info = meet(server(&own, BOTH[1], None), &client, "other.example").unwrap();
            assert_eq!((info.verified, &info.fault), (fault.is_none(), &fault), "{backend}");
        }
    }
}

/// Shows a certificate, and signs with another key.
#[derive(Debug)]
struct Impostor(Arc<CertifiedKey>);

impl ResolvesServerCert for Impostor {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

#[test]
fn a_pinned_certificate_without_its_key_proves_nothing() {
    let (own, other) = (made("localhost"), made("localhost"));
    for &backend in BACKENDS {
        for version in BOTH {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let key = provider.key_provider.load_private_key(private(&other.key)).unwrap();
            let shown = Arc::new(CertifiedKey::new(vec![own.certificate.der().clone()], key));
            let config = ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(&[version])
                .unwrap()
                .with_no_client_auth()
                .with_cert_resolver(Arc::new(Impostor(shown)));
            let client = pinned(backend, &pins_of(&own), Verify::Demanded);
            let error = meet(config, &client, "localhost").unwrap_err();
            assert!(matches!(error, Error::Tls(_)), "{backend}: {error:?}");
        }
    }
}

/// An authority's certificate, with that of a client that it vouches for.
fn client_and_authority() -> (Made, Made) {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "of clients");
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let client = CertificateParams::new(vec!["client.example".to_owned()]).unwrap().signed_by(&key, &issuer);
    let authority = Made { certificate, key: KeyPair::generate().unwrap() };
    (Made { certificate: client.unwrap(), key }, authority)
}

#[test]
fn a_server_that_asks_is_shown_a_certificate_and_without_one_says_no() {
    let own = made("localhost");
    let (ours, authority) = client_and_authority();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    let together = folder.path().join("both.pem");
    std::fs::write(&certificate, ours.certificate.pem()).unwrap();
    std::fs::write(&key, ours.key.serialize_pem()).unwrap();
    std::fs::write(&together, format!("{}{}", ours.key.serialize_pem(), ours.certificate.pem())).unwrap();
    for &backend in BACKENDS {
        for version in BOTH {
            for identity in [
                Identity { certificate: certificate.clone(), key: Some(key.clone()) },
                Identity { certificate: together.clone(), key: None },
            ] {
                let pins = pins_of(&own).to_vec();
                let client =
                    Client::new(Settings { backend, pins, identity: Some(identity), ..Settings::default() });
                client.check().unwrap();
                meet(server(&own, version, Some(&authority)), &client, "localhost").unwrap();
                // A server that does not ask is not told.
                meet(server(&own, version, None), &client, "localhost").unwrap();
            }
            let client = pinned(backend, &pins_of(&own), Verify::Demanded);
            match meet(server(&own, version, Some(&authority)), &client, "localhost").unwrap_err() {
                Error::Tls(error) => assert!(error.is_trust(), "{backend}: {error:?}"),
                error => panic!("{backend}: {error:?}"),
            }
        }
    }
}

#[test]
fn files_of_our_own_certificate_that_are_unfit_are_found_out_before_anything_is_sent() {
    let (ours, other) = (made("client.example"), made("client.example"));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let certificate = write("c.pem", &ours.certificate.pem());
    let block = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
               -----END RSA PRIVATE KEY-----\n";
    let missing = folder.path().join("missing");
    let no_such = IdentityFault::Unreadable(std::io::Error::from_raw_os_error(2).into());
    for &backend in BACKENDS {
        let fault = |certificate: &Path, key: Option<&Path>| {
            let identity = Identity { certificate: certificate.to_owned(), key: key.map(Path::to_owned) };
            let settings = Settings { backend, identity: Some(identity), ..Settings::default() };
            match Client::new(Settings { verify: Verify::Skipped, ..settings }).check() {
                Err(error @ TlsError::Identity { fault, .. }) => {
                    assert!(error.is_local() && !error.is_trust());
                    fault
                }
                other => panic!("{backend}: {other:?}"),
            }
        };
        let with_key = |name: &str, text: &str| fault(&certificate, Some(&write(name, text)));
        assert_eq!(fault(&missing, None), no_such);
        assert_eq!(fault(&certificate, Some(&missing)), no_such);
        assert_eq!(fault(&certificate, None), IdentityFault::KeyMissing);
        assert_eq!(fault(&write("empty", "nothing"), None), IdentityFault::NoCertificate);
        assert_eq!(with_key("no", "nothing"), IdentityFault::NoKey);
        assert_eq!(with_key("odd", &block("PRIVATE KEY")), IdentityFault::MalformedKey);
        assert_eq!(with_key("enc", &block("ENCRYPTED PRIVATE KEY")), IdentityFault::Encrypted);
        assert_eq!(with_key("old", old), IdentityFault::Encrypted);
        assert_eq!(with_key("other", &other.key.serialize_pem()), IdentityFault::Mismatch, "{backend}");
        let ed25519 = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let of_another_kind = with_key("ed25519", &ed25519.serialize_pem());
        assert_eq!(of_another_kind, IdentityFault::Mismatch, "{backend}");
        let broken = write("broken", &format!("{}{}", block("CERTIFICATE"), ours.key.serialize_pem()));
        assert_eq!(fault(&broken, None), IdentityFault::MalformedCertificate, "{backend}");
        let old_kind = with_key("sec1", &block("EC PRIVATE KEY"));
        let expected =
            if backend == Backend::Native { IdentityFault::NotPkcs8 } else { IdentityFault::MalformedKey };
        assert_eq!(old_kind, expected);
    }
}

#[test]
fn both_ends_know_what_binds_a_log_in_to_the_connection() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    let (mut stream, peer) = with_tls_peer(&acceptor, |stream, accepted| {
        accepted.unwrap();
        stream.tls().unwrap().exporter.clone()
    });
    stream.start_tls(&client(Backend::Rustls, &path, Verify::Demanded), "localhost", soon()).unwrap();
    let ours = stream.tls().unwrap();
    assert_eq!(ours.exporter.as_ref().unwrap().len(), 32);
    assert_eq!(ours.exporter, peer.join().unwrap());
    assert_eq!(ours.end_point, None);

    let own = made("localhost");
    let expected = Certificate::read(own.certificate.der()).sha256.0.to_vec();
    for &backend in BACKENDS {
        let client = pinned(backend, &pins_of(&own), Verify::Demanded);
        let info = meet(server(&own, BOTH[0], None), &client, "localhost").unwrap();
        assert_eq!((info.exporter, info.end_point), (None, Some(expected.clone())), "{backend}");
    }
}

#[test]
fn a_refused_certificate_is_described_where_the_backend_tells_it() {
    let own = made("mail.example.org");
    let (_folder, path) = file(&another());
    for &backend in BACKENDS {
        let client = client(backend, &path, Verify::Demanded);
        match meet(server(&own, BOTH[1], None), &client, "mail.example.org") {
            Err(Error::Tls(TlsError::Certificate(Fault::SelfSigned, shown))) => {
                let expected = Certificate::read(own.certificate.der());
                let expected = (backend == Backend::Rustls).then(|| Box::new(expected));
                assert_eq!(shown, expected, "{backend}");
            }
            other => panic!("{backend}: {other:?}"),
        }
    }
}

/// A record with a ServerHello of TLS 1.0 (RFC 2246, section 7.4.1.3).
fn old_hello() -> Vec<u8> {
    let mut hello = vec![0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    hello
}

#[test]
fn a_server_too_old_is_told_by_the_version() {
    let (_folder, path) = file(&another());
    // Its own answer; or the alert protocol_version.
    for answer in [old_hello(), vec![21, 3, 1, 0, 2, 2, 70]] {
        for &backend in BACKENDS {
            let answer = answer.clone();
            let (mut stream, _) = with_peer(move |mut peer| {
                let _ = peer.read(&mut [0; 4096]);
                peer.write_all(&answer).unwrap();
                let _ = peer.read(&mut [0; 4096]);
            });
            let error =
                stream.start_tls(&client(backend, &path, Verify::Demanded), "localhost", soon()).unwrap_err();
            match error {
                Error::Tls(TlsError::NotAgreed { backend: spoke, .. }) => assert_eq!(spoke, backend),
                other => panic!("{backend}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_handshake_that_hangs_in_the_middle_times_out() {
    let (_folder, path) = file(&another());
    // The head of a ServerHello, and nothing more.
    for &backend in BACKENDS {
        for cut in [1, 5, 20] {
            let (mut stream, _) = with_peer(move |mut peer| {
                let _ = peer.read(&mut [0; 4096]);
                peer.write_all(&old_hello()[..cut]).unwrap();
                while peer.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {}
            });
            let client = client(backend, &path, Verify::Demanded);
            client.check().unwrap();
            let error = stream.start_tls(&client, "localhost", Deadline::after(ms(150))).unwrap_err();
            assert!(matches!(error, Error::Timeout), "{backend}: {error}");
        }
    }
}

#[test]
fn a_leaf_without_octets_to_read_is_refused_and_not_a_panic() {
    let own = made("localhost");
    let cut = own.certificate.der().len() / 2;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = provider.key_provider.load_private_key(private(&own.key)).unwrap();
    for &backend in BACKENDS {
        let half = CertificateDer::from(own.certificate.der()[..cut].to_vec());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&BOTH)
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Impostor(Arc::new(CertifiedKey::new(
                vec![half],
                Arc::clone(&key),
            )))));
        let (_folder, path) = file(&another());
        let error = meet(config, &client(backend, &path, Verify::Demanded), "localhost").unwrap_err();
        assert!(matches!(error, Error::Tls(_)), "{backend}: {error:?}");
    }
}
