//! Checks a server's certificate against TLSA records (RFC 7671, section 5; RFC 7672, section 3), for rustls.
//!
//! A record for the server itself is compared, and that is all. A record for an authority makes an anchor for
//! webpki, out of a certificate that the server showed or out of the record's own data: only a chain up to
//! that anchor counts, with dates and names. The system's authorities have no part in it.

use std::iter::once;

use ::rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use ::rustls::crypto::WebPkiSupportedAlgorithms;
use ::rustls::pki_types::{CertificateDer, Der, ServerName, TrustAnchor, UnixTime};
use ::rustls::server::ParsedCertificate;
use ::rustls::{Error, RootCertStore};
use x509_cert::der::{Decode, Header, Reader, SliceReader};

use super::dane::{DANE_TA, Shown};
use super::rustls_error::{fault_in_chain, fault_of, is_authority};
use super::{Dane, Fault, OtherFault, Tlsa};

/// So many certificates of a chain are looked at: chains on the internet have four at most.
const LONGEST: usize = 16;
/// So many anchors are tried. Only bare keys, which say nothing of whose they are, can be that many.
const TRIES: usize = 100;

/// What the server showed, and when.
pub(super) struct Chain<'a> {
    pub(super) leaf: &'a CertificateDer<'a>,
    pub(super) intermediates: &'a [CertificateDer<'a>],
    pub(super) now: UnixTime,
}

/// An authority that a record names, as webpki takes it.
struct Anchor<'a> {
    record: &'a Tlsa,
    roots: RootCertStore,
}

/// The record that vouches for the server's certificate.
///
/// # Errors
/// [`Fault::NoTlsaMatch`] if there is none; what is wrong beyond that if one names an authority that does
/// vouch for it.
pub(super) fn check(
    dane: &Dane,
    chain: &Chain<'_>,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<Tlsa, Fault> {
    let leaf = Shown::read(chain.leaf);
    if let Some(record) = dane.end_entity(&leaf) {
        return Ok(record.clone());
    }
    let authorities = dane.usable(DANE_TA);
    if authorities.is_empty() {
        return Err(Fault::NoTlsaMatch);
    }
    let others = chain.intermediates.iter().take(LONGEST - 1);
    let shown: Vec<Shown> = once(leaf).chain(others.map(|der| Shown::read(der))).collect();
    let parsed = ParsedCertificate::try_from(chain.leaf).map_err(|error| fault_of(&error))?;
    let mut found = Fault::NoTlsaMatch;
    for anchor in anchors(&authorities, chain, &shown).iter().take(TRIES) {
        match vouched(anchor, &parsed, chain, &shown, algorithms) {
            Ok(()) => match named(&dane.names, &parsed) {
                Ok(()) => return Ok(anchor.record.clone()),
                // No other anchor makes a name good.
                Err(fault) => return Err(fault),
            },
            // It vouches for others, or has no more than the issuer's name.
            Err(Fault::UnknownIssuer | Fault::Other(OtherFault::Signature)) => {}
            Err(fault) if found == Fault::NoTlsaMatch => found = fault,
            Err(_) => {}
        }
    }
    Err(found)
}

/// The anchors that can be made of the records, those out of the chain first, the leaf's side first.
fn anchors<'a>(records: &[&'a Tlsa], chain: &Chain<'_>, shown: &[Shown]) -> Vec<Anchor<'a>> {
    let mut anchors = Vec::new();
    // One that has issued none of these has no part in the chain.
    let has_issued = |anchor: &TrustAnchor<'_>| {
        shown.iter().any(|shown| inside(&shown.issuer) == Some(anchor.subject.as_ref()))
    };
    let mut add = |record, roots: RootCertStore| {
        if roots.roots.iter().any(has_issued) {
            anchors.push(Anchor { record, roots });
        }
    };
    // The server's own certificate is no authority, though it may have signed itself.
    for (shown, der) in shown.iter().skip(1).zip(chain.intermediates) {
        if let Some(&record) = records.iter().find(|record| shown.matches(record)) {
            add(record, anchor_of(der));
        }
    }
    // What a record holds in full need not be shown (RFC 7671, sections 5.2.2 and 5.2.3).
    for &record in records.iter().filter(|record| !shown.iter().any(|shown| shown.matches(record))) {
        match (record.matching, record.selector) {
            (0, 0) => add(record, anchor_of(&CertificateDer::from(record.data.as_slice()))),
            (0, 1) => add(record, anchors_of_key(&record.data, shown)),
            _ => {}
        }
    }
    anchors
}

fn anchor_of(der: &CertificateDer<'_>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(once(der.clone()));
    roots
}

/// A bare key has no name: it may be that of any issuer in the chain.
fn anchors_of_key(key: &[u8], shown: &[Shown]) -> RootCertStore {
    let Some(key) = inside(key) else { return RootCertStore::empty() };
    let issuers = shown.iter().filter_map(|shown| inside(&shown.issuer));
    let anchor = |subject: &[u8]| TrustAnchor {
        subject: Der::from(subject.to_vec()),
        subject_public_key_info: Der::from(key.to_vec()),
        name_constraints: None,
    };
    issuers.map(anchor).collect()
}

/// What is inside of a value in DER, as webpki keeps names and keys.
fn inside(der: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    reader.read_slice(header.length()).ok()
}

/// Whether there is a chain from the server's certificate up to the anchor, each in its time.
fn vouched(
    anchor: &Anchor<'_>,
    leaf: &ParsedCertificate<'_>,
    chain: &Chain<'_>,
    shown: &[Shown],
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<(), Fault> {
    let (between, now) = (chain.intermediates, chain.now);
    let between = between.get(..LONGEST - 1).unwrap_or(between);
    let is_own_issuer = shown.first().is_some_and(|leaf| leaf.self_issued);
    match verify_server_cert_signed_by_trust_anchor(leaf, &anchor.roots, between, now, algorithms.all) {
        Ok(()) => Ok(()),
        // A plain `openssl req -x509`: nobody else vouches for it.
        Err(Error::InvalidCertificate(error)) if is_own_issuer && is_authority(&error) => {
            Err(Fault::UnknownIssuer)
        }
        Err(error) => Err(fault_in_chain(&error, chain.leaf, between)),
    }
}

/// Whether the certificate is for one of the names; if not, what is wrong is told by the first.
fn named(names: &[String], leaf: &ParsedCertificate<'_>) -> Result<(), Fault> {
    let mut found = None;
    for name in names {
        let bare = name.strip_suffix('.').unwrap_or(name);
        let Ok(server_name) = ServerName::try_from(bare) else { continue };
        match verify_server_name(leaf, &server_name) {
            Ok(()) => return Ok(()),
            Err(error) => found = found.or_else(|| Some(fault_of(&error))),
        }
    }
    Err(found.unwrap_or(Fault::Other(OtherFault::NoName)))
}

#[cfg(test)]
mod tests;
