//! The certificates that rustls trusts: the system's, or those of a file.
//!
//! On Linux the system's are one bundle of PEM, whose place differs, or whatever SSL_CERT_FILE and
//! SSL_CERT_DIR name (OpenSSL's variables): read with rustls' own reader in half a millisecond. The BSDs and
//! macOS have such a bundle, too; where the system's own verifier is to decide (macOS, Windows),
//! `rustls-platform-verifier` would take the place of `WebPkiServerVerifier` in
//! [`Loaded::load`](super::rustls::Loaded::load), under `cfg(not(target_os = "linux"))`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ::rustls::RootCertStore;
use ::rustls::pki_types::CertificateDer;
use ::rustls::pki_types::pem::PemObject;

use super::ca_file::{self, is_der, unfit};
use super::{CaFault, TlsError};

/// Where distributions keep their bundle: Debian, Ubuntu, Arch, Gentoo; Fedora, RHEL; openSUSE; Alpine,
/// macOS, the BSDs.
const BUNDLES: [&str; 7] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/openssl/certs/ca-certificates.crt",
];

/// The system's certificates; those it holds that cannot be read are passed over.
///
/// `file` and `folders` are the values of SSL_CERT_FILE and SSL_CERT_DIR; if either is given, only they
/// count.
pub(super) fn system(file: Option<OsString>, folders: Option<OsString>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    let given = file.is_some() || folders.is_some();
    if let Some(file) = file {
        add(&mut roots, &ca_file::read(Path::new(&file))?);
    }
    for folder in folders.iter().flat_map(std::env::split_paths) {
        for path in files_in(&folder) {
            add(&mut roots, &ca_file::read(&path).unwrap_or_default());
        }
    }
    // The first that is there: if it cannot be read, that is what there is to say.
    if !given && let Some(path) = BUNDLES.iter().map(Path::new).find(|path| path.exists()) {
        add(&mut roots, &ca_file::read(path)?);
    }
    if roots.is_empty() { Err(TlsError::NoRoots) } else { Ok(roots) }
}

/// The certificates in a file that the user named: one that cannot be read is an error.
pub(super) fn file(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let contents = ca_file::read(path)?;
    if is_der(&contents) {
        return Ok(vec![CertificateDer::from(contents)]);
    }
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&contents).collect();
    match certificates {
        Ok(certificates) if certificates.is_empty() => Err(unfit(path, CaFault::Empty)),
        Ok(certificates) => Ok(certificates),
        Err(_) => Err(unfit(path, CaFault::Malformed)),
    }
}

fn add(roots: &mut RootCertStore, pem: &[u8]) {
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem).filter_map(Result::ok));
}

/// The files in a folder; none if it cannot be read.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_openssl_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let pem = certificate.cert.pem();
        let path = folder.path().join("one.pem");
        std::fs::write(&path, format!("a remark\n{pem}{pem}")).unwrap();
        std::fs::write(folder.path().join("README"), "nothing").unwrap();

        assert_eq!(system(Some(path.clone().into()), None).unwrap().len(), 2);
        assert_eq!(system(None, Some(folder.path().into())).unwrap().len(), 2);
        assert_eq!(file(&path).unwrap().len(), 2);

        let marked = folder.path().join("marked.pem");
        std::fs::write(&marked, format!("\u{feff}{pem}{pem}")).unwrap();
        assert_eq!(file(&marked).unwrap().len(), 2);
        assert_eq!(system(Some(marked.into()), None).unwrap().len(), 2);
        assert_eq!(system(None, Some(folder.path().into())).unwrap().len(), 4);

        let missing = folder.path().join("missing");
        assert!(matches!(system(Some(missing.clone().into()), None), Err(TlsError::CaFile { .. })));
        assert_eq!(system(None, Some(missing.into())).unwrap_err(), TlsError::NoRoots);
    }
}
