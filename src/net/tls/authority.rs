//! An authority that is made at start, for a sink that is every domain's: it vouches for whatever name a client asks for by
//! SNI (RFC 6066, section 3), all with one key, so that one TLSA record fits them all.

use super::TlsError;
use super::acceptor::{Acceptor, LOOPBACK, backend, config};
use ::rustls::crypto::ring::sign::any_ecdsa_type;
use ::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use ::rustls::server::{ClientHello, ResolvesServerCert};
use ::rustls::sign::{CertifiedKey, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    PublicKeyData,
};
use ring::digest::{SHA256, digest};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The most certificates that are kept; then they are made anew.
const MOST: usize = 256;

/// Makes certificates when they are asked for.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The key of all certificates.
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    /// For a client that names nobody.
    nameless: Arc<CertifiedKey>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

/// What others need of such an authority.
#[derive(Debug, Clone)]
pub struct Vouched {
    /// Its own certificate, in PEM.
    pub authority_pem: String,
    /// The SHA-256 digest of the key (SubjectPublicKeyInfo) of all certificates: the data of a TLSA record `3 1 1`.
    pub key_digest: Vec<u8>,
}

/// A server's side of TLS whose certificate is for whatever name the client asks for; for `localhost`, `127.0.0.1`, `::1`
/// and `names` where it asks for none.
///
/// # Errors
/// [`TlsError::Backend`] without random numbers, or for a name that no certificate can hold.
pub fn for_everybody(names: &[String]) -> Result<(Acceptor, Vouched), TlsError> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "ehlo sink, authority");
    let key = || KeyPair::generate().map_err(|error| backend(&error));
    let issuer = CertifiedIssuer::self_signed(params, key()?).map_err(|error| backend(&error))?;
    let key = key()?;
    let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let signing = any_ecdsa_type(&der).map_err(|error| backend(&error))?;
    let mut all: Vec<String> = LOOPBACK.map(str::to_owned).to_vec();
    all.extend(names.iter().cloned());
    let leaf = leaf(all, &key, &issuer).map_err(|error| backend(&error))?;
    let vouched = Vouched {
        authority_pem: issuer.pem(),
        key_digest: digest(&SHA256, &key.subject_public_key_info()).as_ref().to_vec(),
    };
    let nameless = Arc::new(CertifiedKey::new(vec![leaf, issuer.der().clone()], Arc::clone(&signing)));
    let authority = Authority { issuer, key, signing, nameless, made: Mutex::default() };
    let config = config(|config| Ok(config.with_cert_resolver(Arc::new(authority))))?;
    Ok((Acceptor::of(config, &vouched.authority_pem), vouched))
}

fn leaf(
    names: Vec<String>,
    key: &KeyPair,
    issuer: &CertifiedIssuer<'static, KeyPair>,
) -> Result<CertificateDer<'static>, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "ehlo sink");
    params.use_authority_key_identifier_extension = true;
    Ok(params.signed_by(key, issuer)?.der().clone())
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let Some(name) = hello.server_name() else { return Some(Arc::clone(&self.nameless)) };
        let name = name.to_ascii_lowercase();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&name) {
            return Some(Arc::clone(known));
        }
        let leaf = leaf(vec![name.clone()], &self.key, &self.issuer).ok()?;
        let certified = CertifiedKey::new(vec![leaf, self.issuer.der().clone()], Arc::clone(&self.signing));
        let certified = Arc::new(certified);
        if made.len() >= MOST {
            made.clear();
        }
        made.insert(name, Arc::clone(&certified));
        Some(certified)
    }
}

/// No key is shown.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}
