//! The client's own certificate and its key, from files in PEM (RFC 7468), as far as both backends read them
//! alike.
//!
//! The key is a secret: what is read here is overwritten when it is dropped.

#![cfg_attr(not(any(feature = "rustls", feature = "native-tls")), allow(dead_code))] // Nobody to read for.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{IdentityFault, TlsError};

/// A certificate that we show to servers that ask for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The file of the certificate and, behind it, of those that link it to its authority.
    pub certificate: PathBuf,
    /// The file of its key, if it is another one.
    pub key: Option<PathBuf>,
}

/// Both, in PEM. Nothing else of the files is in it.
pub(super) struct Pem {
    /// One block or more.
    pub(super) certificates: String,
    /// One block, not encrypted.
    pub(super) key: Zeroizing<String>,
    /// The words in its first line: `PRIVATE KEY` for PKCS#8.
    #[cfg_attr(not(feature = "native-tls"), allow(dead_code))]
    pub(super) key_label: String,
}

impl Identity {
    pub(super) fn read(&self) -> Result<Pem, TlsError> {
        let contents = read(&self.certificate)?;
        let certificates: String =
            blocks(&contents).filter(|(label, _)| *label == "CERTIFICATE").map(|(_, block)| block).collect();
        if certificates.is_empty() {
            return Err(unfit(&self.certificate, IdentityFault::NoCertificate));
        }
        let (path, contents) = match &self.key {
            Some(path) => (path, read(path)?),
            None => (&self.certificate, contents),
        };
        let none = if self.key.is_some() { IdentityFault::NoKey } else { IdentityFault::KeyMissing };
        let (label, block) = blocks(&contents)
            .find(|(label, _)| label.ends_with("PRIVATE KEY"))
            .ok_or_else(|| unfit(path, none))?;
        // The second is how OpenSSL wrote them before PKCS#8 (RFC 1421, section 4.6.1.1).
        if label.starts_with("ENCRYPTED") || block.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(unfit(path, IdentityFault::Encrypted));
        }
        let key_label = label.to_owned();
        Ok(Pem { certificates, key: Zeroizing::new(block.to_owned()), key_label })
    }

    /// The file that holds the key.
    #[must_use]
    pub fn key_file(&self) -> &Path {
        self.key.as_deref().unwrap_or(&self.certificate)
    }

    /// The error that names the file of the certificate.
    pub(super) fn unfit_certificate(&self) -> TlsError {
        unfit(&self.certificate, IdentityFault::MalformedCertificate)
    }

    /// The error that names the file of the key.
    pub(super) fn unfit_key(&self, fault: IdentityFault) -> TlsError {
        unfit(self.key_file(), fault)
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, TlsError> {
    let contents =
        std::fs::read(path).map_err(|error| unfit(path, IdentityFault::Unreadable(error.into())))?;
    let contents = Zeroizing::new(contents);
    // The text between the blocks is for people, in whatever charset.
    Ok(Zeroizing::new(String::from_utf8_lossy(&contents).into_owned()))
}

fn unfit(path: &Path, fault: IdentityFault) -> TlsError {
    TlsError::Identity { path: path.to_owned(), fault }
}

/// The blocks of a text, each with the words of its first line. A block without an end is passed over.
fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let begins = rest.get(rest.find("-----BEGIN ")?..)?;
            let label = begins.get("-----BEGIN ".len()..)?.split("-----").next()?;
            let end = format!("-----END {label}-----");
            let Some(at) = begins.find(&end) else {
                rest = begins.get(1..)?;
                continue;
            };
            let (block, behind) = begins.split_at_checked(at + end.len())?;
            let line_end = behind.len() - behind.trim_start_matches(['\r', '\n']).len();
            let (block, behind) = begins.split_at_checked(block.len() + line_end)?;
            rest = behind;
            return Some((label, block));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_wherever_they_stand() {
        let text = "Bag Attributes\n-----BEGIN A-----\nAAAA\n-----END A-----\nremark\n\
                    -----BEGIN B C-----\r\nBB\r\n-----END B C-----";
        let found: Vec<_> = blocks(text).collect();
        // Behind a byte order mark, too.
        assert!(blocks(&format!("\u{feff}{}", &text["Bag Attributes\n".len()..])).eq(blocks(text)));
        assert_eq!(found[0], ("A", "-----BEGIN A-----\nAAAA\n-----END A-----\n"));
        assert_eq!(found[1], ("B C", "-----BEGIN B C-----\r\nBB\r\n-----END B C-----"));
        assert_eq!(found.len(), 2);
        for end in 0..text.len() {
            assert!(blocks(&text[..end]).count() < 2, "cut at {end}");
        }
    }
}
