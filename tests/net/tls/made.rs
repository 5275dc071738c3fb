//! What [`Acceptor`] does not make: authorities, and times that are over.

use super::*;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::Arc;

fn for_localhost() -> CertificateParams {
    CertificateParams::new(vec!["localhost".to_owned()]).unwrap()
}

fn of_authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// What a server with these certificates is told by a client that trusts those.
fn told(
    chain: &[&Certificate],
    key: &KeyPair,
    trusted: &str,
    backend: Backend,
    name: &str,
) -> Result<TlsInfo, TlsError> {
    let chain: Vec<CertificateDer<'static>> = chain.iter().map(|one| one.der().clone()).collect();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let (mut stream, peer) = with_peer(move |mut socket| {
        let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let _ = connection.complete_io(&mut socket);
        let _ = connection.complete_io(&mut socket);
    });
    let (_folder, path) = file(trusted);
    let result = stream.start_tls(&client(backend, &path, Verify::Demanded), name, soon());
    let info = stream.tls().cloned();
    stream.close();
    peer.join().unwrap();
    match result {
        Ok(()) => Ok(info.unwrap()),
        Err(Error::Tls(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn an_authority_vouches_for_others_and_a_missing_link_is_an_unknown_issuer() {
    let (root_key, middle_key, key) =
        (KeyPair::generate().unwrap(), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let root = of_authority("root").self_signed(&root_key).unwrap();
    let root_issuer = Issuer::new(of_authority("root"), root_key);
    let middle = of_authority("middle").signed_by(&middle_key, &root_issuer).unwrap();
    let middle_issuer = Issuer::new(of_authority("middle"), middle_key);
    let leaf = for_localhost().signed_by(&key, &middle_issuer).unwrap();
    let two = format!("{}{}", another(), root.pem());
    for &backend in BACKENDS {
        let info = told(&[&leaf, &middle], &key, &two, backend, "localhost").unwrap();
        assert!(info.verified);
        assert_eq!(info.chain.len(), if backend == Backend::Rustls { 2 } else { 1 });
        let error = told(&[&leaf], &key, &root.pem(), backend, "localhost").unwrap_err();
        assert!(matches!(error, TlsError::Certificate(Fault::UnknownIssuer, _)), "{backend}");
    }
    // The server's own certificate is enough; for OpenSSL only if it is self-signed.
    assert!(told(&[&leaf], &key, &leaf.pem(), Backend::Rustls, "localhost").unwrap().verified);
    let error = told(&[&leaf], &key, &leaf.pem(), Backend::Rustls, "other.example").unwrap_err();
    assert!(matches!(error, TlsError::Certificate(Fault::WrongName { .. }, _)), "{error:?}");
}

/// As `openssl req -x509` makes them.
#[test]
fn a_self_signed_authority_that_is_the_server_is_trusted_by_its_own_file_only() {
    let key = KeyPair::generate().unwrap();
    let mut params = for_localhost();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let own = params.self_signed(&key).unwrap();
    for &backend in BACKENDS {
        assert!(told(&[&own], &key, &own.pem(), backend, "localhost").unwrap().verified, "{backend}");
        let error = told(&[&own], &key, &own.pem(), backend, "127.0.0.1").unwrap_err();
        assert!(matches!(error, TlsError::Certificate(Fault::WrongName { .. }, _)), "{error:?}");
        let error = told(&[&own], &key, &another(), backend, "localhost").unwrap_err();
        assert!(matches!(error, TlsError::Certificate(Fault::SelfSigned, _)), "{backend}");
    }
}

#[test]
fn a_certificate_out_of_its_time_is_refused_though_its_file_is_given() {
    let key = KeyPair::generate().unwrap();
    for authority in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let mut params = for_localhost();
        params.is_ca = authority;
        (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        let past = params.self_signed(&key).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2901, 1, 1), date_time_ymd(2902, 1, 1));
        let future = params.self_signed(&key).unwrap();
        for &backend in BACKENDS {
            let error = told(&[&past], &key, &past.pem(), backend, "localhost").unwrap_err();
            assert!(matches!(error, TlsError::Certificate(Fault::Expired(_), _)), "{backend}: {error:?}");
            let error = told(&[&future], &key, &future.pem(), backend, "localhost").unwrap_err();
            assert!(matches!(error, TlsError::Certificate(Fault::NotYetValid(_), _)), "{backend}: {error:?}");
            if backend == Backend::Rustls {
                assert!(error.to_string().ends_with(" days"), "{error}");
            }
        }
    }
}

#[test]
fn a_certificate_in_the_middle_that_is_out_of_its_time_is_named() {
    let (root_key, middle_key, key) =
        (KeyPair::generate().unwrap(), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let root = of_authority("root").self_signed(&root_key).unwrap();
    let root_issuer = Issuer::new(of_authority("root"), root_key);
    let mut params = of_authority("middle");
    (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
    let middle = params.signed_by(&middle_key, &root_issuer).unwrap();
    let leaf = for_localhost().signed_by(&key, &Issuer::new(params, middle_key)).unwrap();
    let error = told(&[&leaf, &middle], &key, &root.pem(), Backend::Rustls, "localhost").unwrap_err();
    assert_eq!(
        error.to_string(),
        "certificate not trusted: a certificate in its chain is out of date: CN=middle, valid 2001-01-01 to \
         2002-01-01"
    );
}

#[test]
fn a_file_in_der_is_read_too() {
    let key = KeyPair::generate().unwrap();
    let own = for_localhost().self_signed(&key).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.der");
    std::fs::write(&path, own.der()).unwrap();
    for &backend in BACKENDS {
        client(backend, &path, Verify::Demanded).check().unwrap();
    }
}
