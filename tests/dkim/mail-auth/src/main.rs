//! What mail-auth says of messages, and what it signs, for tests/dkim/judges:
//!
//!     mail-auth-judge verify FOLDER      FOLDER/NAME.signed, FOLDER/records -> a line for each, a word for each signature
//!     mail-auth-judge sign FOLDER KEYS   FOLDER/NAME.eml -> FOLDER/NAME.signed, each with one way to sign
//!
//! It asks no DNS: the cache that mail-auth looks into first has an answer to everything.

use mail_auth::common::crypto::{Ed25519Key, RsaKey, Sha256, SigningKey};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::{Canonicalization, DkimSigner};
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{
    AuthenticatedMessage, DkimResult, DnsError, Error, MessageAuthenticator, Parameters, ResolverCache, Txt,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs};

/// Records by name, with the dot at its end.
struct Records(HashMap<Box<str>, Txt>);

impl Records {
    fn read(file: &Path) -> Records {
        let text = fs::read_to_string(file).unwrap();
        let record = |(name, text): (&str, &str)| {
            (format!("{name}.").into_boxed_str(), Txt::from(DomainKey::parse(text.as_bytes())))
        };
        Records(text.lines().filter_map(|line| line.split_once(' ')).map(record).collect())
    }
}

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(self.0.get(name).cloned().unwrap_or(Txt::Error(Error::Dns(DnsError::InvalidRecordType))))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// The files of the folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

async fn verify(folder: &Path) {
    let records = Records::read(&folder.join("records"));
    let judge = MessageAuthenticator::new(ResolverConfig::default(), ResolverOpts::default()).unwrap();
    for file in files(folder, "signed") {
        let octets = fs::read(&file).unwrap();
        let mut words = Vec::new();
        if let Some(message) = AuthenticatedMessage::parse(&octets) {
            let parameters = Parameters::new(&message).with_txt_cache(&records);
            for output in judge.verify_dkim(parameters).await {
                words.push(match output.result() {
                    DkimResult::Pass => "Pass".to_owned(),
                    other => format!("{other:?}").replace(' ', "_"),
                });
            }
        }
        println!("{} {}", file.file_stem().unwrap().to_string_lossy(), words.join(" "));
    }
}

fn field<T: SigningKey>(key: T, selector: &str, number: usize, message: &[u8]) -> mail_auth::Result<String> {
    let form = |bit: usize| {
        if number & bit == 0 { Canonicalization::Simple } else { Canonicalization::Relaxed }
    };
    let signer = DkimSigner::from_key(key).domain("example.org").selector(selector);
    let signer = signer.headers(["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe"]);
    let signer = signer.header_canonicalization(form(1)).body_canonicalization(form(2));
    let signer = if number & 8 == 0 { signer } else { signer.expiration(86_400) };
    signer.sign(message).map(|signature| signature.to_header())
}

fn sign(folder: &Path, keys: &Path) {
    let key = |name: &str| PrivatePkcs8KeyDer::from_pem_file(keys.join(name)).unwrap();
    for (number, file) in files(folder, "eml").iter().enumerate() {
        let message = fs::read(file).unwrap();
        let field = if number & 4 == 0 {
            let key = RsaKey::<Sha256>::from_key_der(PrivateKeyDer::Pkcs8(key("rsa2048.pem"))).unwrap();
            field(key, "rsa", number, &message)
        } else {
            let key =
                Ed25519Key::from_pkcs8_maybe_unchecked_der(key("ed25519.pem").secret_pkcs8_der()).unwrap();
            field(key, "ed", number, &message)
        };
        match field {
            Ok(field) => {
                fs::write(file.with_extension("signed"), [field.as_bytes(), &message].concat()).unwrap()
            }
            Err(error) => eprintln!("{}: {error}", file.display()),
        }
    }
}

fn main() {
    let words: Vec<String> = env::args().collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "verify", folder] => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(verify(folder.as_ref())),
        [_, "sign", folder, keys] => sign(folder.as_ref(), keys.as_ref()),
        _ => panic!("verify FOLDER, or sign FOLDER KEYS"),
    }
}
