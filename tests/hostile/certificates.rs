//! Certificates, good and bad, and servers that show them.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, SanType, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, SupportedProtocolVersion};
use std::sync::{Arc, OnceLock};

/// An authority that the client trusts, and what is made by it.
pub struct Authority {
    root: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A server's certificate, what stands between it and the authority, and its key.
pub struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

/// The authority of all these tests.
pub fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(Authority::new)
}

/// A server whose certificate is in order: for localhost, by the authority.
pub fn good() -> Arc<ServerConfig> {
    static GOOD: OnceLock<Arc<ServerConfig>> = OnceLock::new();
    Arc::clone(GOOD.get_or_init(|| authority().leaf(for_localhost()).served()))
}

/// For the right name, and the right time.
pub fn for_localhost() -> CertificateParams {
    for_names(&["localhost"])
}

/// For these names.
pub fn for_names(names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.subject_alt_names =
        names.iter().map(|name| SanType::DnsName((*name).try_into().unwrap())).collect();
    params.distinguished_name.push(DnType::CommonName, "server");
    params
}

fn for_authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// Over for years.
pub fn expired(mut params: CertificateParams) -> CertificateParams {
    (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
    params
}

/// Not yet, for years.
pub fn not_yet(mut params: CertificateParams) -> CertificateParams {
    (params.not_before, params.not_after) = (date_time_ymd(2901, 1, 1), date_time_ymd(2902, 1, 1));
    params
}

/// No name but in the subject.
pub fn common_name_only(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// For clients, and nobody else.
pub fn for_clients() -> CertificateParams {
    let mut params = for_localhost();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

/// With an extension that nobody knows and everybody must heed.
pub fn with_critical_extension() -> CertificateParams {
    let mut params = for_localhost();
    let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 55555, 1], vec![5, 0]);
    extension.set_criticality(true);
    params.custom_extensions.push(extension);
    params
}

impl Authority {
    /// Another authority of the same name, with another key.
    pub fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let root = for_authority("root").self_signed(&key).unwrap();
        Authority { root, issuer: Issuer::new(for_authority("root"), key) }
    }

    /// For `--ca-file`.
    pub fn pem(&self) -> String {
        self.root.pem()
    }

    /// A certificate made by it.
    pub fn leaf(&self, params: CertificateParams) -> Shown {
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        Shown { chain: vec![leaf.der().clone()], key }
    }

    /// A certificate with another between, which is shown if `shown`.
    pub fn leaf_by_another(&self, middle: CertificateParams, shown: bool) -> Shown {
        let (middle_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let between = middle.signed_by(&middle_key, &self.issuer).unwrap();
        let leaf = for_localhost().signed_by(&key, &Issuer::new(middle, middle_key)).unwrap();
        let mut chain = vec![leaf.der().clone()];
        chain.extend(shown.then(|| between.der().clone()));
        Shown { chain, key }
    }
}

/// One that stands between.
pub fn between() -> CertificateParams {
    for_authority("between")
}

/// One that stands between and must not.
pub fn no_authority() -> CertificateParams {
    let mut params = for_names(&["between.example"]);
    params.distinguished_name = for_authority("between").distinguished_name;
    params
}

/// By itself.
pub fn self_signed(params: CertificateParams) -> Shown {
    let key = KeyPair::generate().unwrap();
    let own = params.self_signed(&key).unwrap();
    Shown { chain: vec![own.der().clone()], key }
}

/// Shows a chain and signs with a key, whether they belong together or not.
#[derive(Debug)]
struct Whatever(Arc<CertifiedKey>);

impl ResolvesServerCert for Whatever {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

impl Shown {
    /// The same certificate, and somebody else's key.
    pub fn with_another_key(mut self) -> Shown {
        self.key = KeyPair::generate().unwrap();
        self
    }

    /// These octets in place of the certificate.
    pub fn with_octets(mut self, octets: Vec<u8>) -> Shown {
        self.chain = vec![octets.into()];
        self
    }

    /// The same, with itself so many times behind it.
    pub fn repeated(mut self, times: usize) -> Shown {
        let own = self.chain[0].clone();
        self.chain.extend(std::iter::repeat_n(own, times));
        self
    }

    /// A server that shows it.
    pub fn served(self) -> Arc<ServerConfig> {
        self.served_by(&[&rustls::version::TLS13, &rustls::version::TLS12])
    }

    /// A server that shows it, and speaks these versions.
    pub fn served_by(self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let key = ring::sign::any_supported_type(&key).unwrap();
        let certified = CertifiedKey::new(self.chain, key);
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Whatever(Arc::new(certified))));
        config.send_tls13_tickets = 0;
        Arc::new(config)
    }
}
