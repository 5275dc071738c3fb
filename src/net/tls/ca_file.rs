//! A file of trusted certificates, as far as both backends read it alike.

use std::path::Path;

use super::{CaFault, TlsError};
use crate::config::text::unmarked;

/// The contents of a file of certificates, without a byte order mark: PEM must not begin with one, and DER
/// does not.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let mut contents = std::fs::read(path).map_err(|error| unfit(path, CaFault::Unreadable(error.into())))?;
    let mark = contents.len() - unmarked(&contents).len();
    contents.drain(..mark);
    Ok(contents)
}

/// Whether these are DER (an ASN.1 SEQUENCE of some length) rather than PEM.
pub(super) fn is_der(contents: &[u8]) -> bool {
    contents.starts_with(&[0x30, 0x82]) || contents.starts_with(&[0x30, 0x81])
}

/// The error that names the file.
pub(super) fn unfit(path: &Path, fault: CaFault) -> TlsError {
    TlsError::CaFile { path: path.to_owned(), fault }
}
