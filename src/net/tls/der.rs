//! As much of a certificate as tells a self-signed one (RFC 5280, section 4.1): its issuer and its subject.
//!
//! Only for a better word about a certificate that was refused already; nothing is trusted because of what is read
//! here.

/// The tag of `[0] EXPLICIT`: the version, left out by version 1.
const VERSION: u8 = 0xa0;

/// Whether a certificate names itself as its issuer; `false` for what is no certificate.
pub(super) fn is_self_signed(certificate: &[u8]) -> bool {
    issuer_and_subject(certificate).is_some_and(|(issuer, subject)| issuer == subject)
}

/// ```text
/// Certificate ::= SEQUENCE { TBSCertificate ::= SEQUENCE {
///     version [0] OPTIONAL, serialNumber, signature, issuer, validity, subject, ...
/// ```
fn issuer_and_subject(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut fields, _) = element(certificate)?;
    let mut next = || {
        let (tag, contents, rest) = element(fields)?;
        fields = rest;
        Some((tag, contents))
    };
    if next()?.0 == VERSION {
        next()?; // the serial number, which the version stood before
    }
    next()?; // the signature's algorithm
    let issuer = next()?.1;
    next()?; // the validity
    Some((issuer, next()?.1))
}

/// The first element of `octets`: its tag, its contents, and what follows it. Lengths of up to 64 KiB.
fn element(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (length, rest) = match octets.get(1..)? {
        [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((*octets.first()?, contents, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_by_itself_is_told_from_one_by_another() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut authority = rcgen::CertificateParams::new(vec![]).unwrap();
        authority.distinguished_name.push(rcgen::DnType::CommonName, "an authority");
        let own = authority.self_signed(&key).unwrap();
        assert!(is_self_signed(own.der()));

        let issuer = rcgen::Issuer::new(authority, key);
        let leaf_key = rcgen::KeyPair::generate().unwrap();
        let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&leaf_key, &issuer).unwrap();
        assert!(!is_self_signed(leaf.der()));

        for end in 0..own.der().len() {
            assert!(!is_self_signed(&own.der()[..end]), "cut at {end}");
        }
    }
}
