//! Certificates of the servers, and what TLSA records say of them.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData, SanType,
    date_time_ymd,
};
use ring::digest::{SHA256, SHA512, digest};
use rustls::ServerConfig;
use rustls::crypto::ring as provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A certificate, and the key that it is about, in DER.
struct Known {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// All certificates, made once.
pub struct All {
    /// The authority that the program trusts, in PEM.
    pub authority: String,
    known: HashMap<&'static str, Known>,
    configs: HashMap<&'static str, Arc<ServerConfig>>,
}

/// The certificates: by what name they are known here, which name they bear, who vouches for them, and whether they
/// have expired. `root` is the authority, `stranger` another one, which is not trusted.
const LEAVES: [(&str, &str, &str, bool); 15] = [
    ("tls", "tls.test", "root", false),
    ("onward", "onward.test", "root", false),
    ("wild", "*.test", "root", false),
    ("name", "other.test", "root", false),
    ("old", "old.test", "root", true),
    ("strange", "strange.test", "stranger", false),
    ("chain", "chain.test", "middle", false),
    ("self", "self.test", "", false),
    ("self-old", "other.test", "", true),
    ("beta", "beta.test", "root", false),
    ("web", "mta-sts.beta.test", "root", false),
    ("web-idn", "mta-sts.xn--bcher-kva.test", "root", false),
    ("web-name", "beta.test", "root", false),
    ("web-old", "mta-sts.beta.test", "root", true),
    ("web-strange", "mta-sts.beta.test", "stranger", false),
];

/// All of them.
pub fn all() -> &'static All {
    static ALL: OnceLock<All> = OnceLock::new();
    ALL.get_or_init(make)
}

impl All {
    /// What a server needs that shows the certificate of this name.
    pub fn config(&self, name: &str) -> Arc<ServerConfig> {
        Arc::clone(self.configs.get(name).unwrap_or_else(|| panic!("there is no certificate '{name}'")))
    }
}

/// The certificate association data of a TLSA record (RFC 6698, section 2.1.4) about a certificate, by its name here;
/// `nobody` is of no certificate at all. `~31` behind the name cuts it to 31 octets; `#` is before octets in hexadecimal
/// digits, and `-` is none at all.
pub fn association(what: &str, selector: u8, matching: u8) -> Vec<u8> {
    if let Some(digits) = what.strip_prefix('#') {
        return crate::answer::from_hex(digits);
    }
    if what == "-" {
        return Vec::new();
    }
    let (name, length) =
        what.split_once('~').map_or((what, None), |(name, length)| (name, length.parse().ok()));
    let selected = match (name, selector) {
        (name, _) if name.starts_with("nobody") => name.as_bytes(),
        (name, 1) => &all().known.get(name).unwrap_or_else(|| panic!("nobody is called '{name}'")).key,
        (name, _) => {
            &all().known.get(name).unwrap_or_else(|| panic!("nobody is called '{name}'")).certificate
        }
    };
    let mut data = match matching {
        0 => selected.to_vec(),
        2 => digest(&SHA512, selected).as_ref().to_vec(),
        _ => digest(&SHA256, selected).as_ref().to_vec(),
    };
    data.truncate(length.unwrap_or(usize::MAX));
    data
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn leaf(name: &str, is_over: bool) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.subject_alt_names = vec![SanType::DnsName(name.try_into().unwrap())];
    params.distinguished_name.push(DnType::CommonName, name);
    if is_over {
        (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
    }
    params
}

fn make() -> All {
    let mut known = HashMap::new();
    let mut note = |name, certificate: &Certificate, key: &KeyPair| {
        let certificate = certificate.der().to_vec();
        known.insert(name, Known { certificate, key: key.subject_public_key_info() });
    };
    let [root_key, stranger_key, middle_key] = [(); 3].map(|()| KeyPair::generate().unwrap());
    let root = authority("root").self_signed(&root_key).unwrap();
    let stranger = authority("stranger").self_signed(&stranger_key).unwrap();
    note("root", &root, &root_key);
    note("stranger", &stranger, &stranger_key);
    let root_issuer = Issuer::new(authority("root"), root_key);
    let stranger_issuer = Issuer::new(authority("stranger"), stranger_key);
    let middle = authority("middle").signed_by(&middle_key, &root_issuer).unwrap();
    note("middle", &middle, &middle_key);
    let middle_issuer = Issuer::new(authority("middle"), middle_key);
    let mut configs = HashMap::new();
    for (place, bears, by, is_over) in LEAVES {
        let (params, key) = (leaf(bears, is_over), KeyPair::generate().unwrap());
        let (made, above) = match by {
            "root" => (params.signed_by(&key, &root_issuer), Some(&root)),
            "stranger" => (params.signed_by(&key, &stranger_issuer), Some(&stranger)),
            // The root is not shown.
            "middle" => (params.signed_by(&key, &middle_issuer), Some(&middle)),
            _ => (params.self_signed(&key), None),
        };
        let made = made.unwrap();
        note(place, &made, &key);
        let chain = [&made].into_iter().chain(above).map(|one| one.der().clone()).collect();
        configs.insert(place, served(chain, &key));
    }
    All { authority: root.pem(), known, configs }
}

fn served(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(provider::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    Arc::new(config.unwrap())
}
