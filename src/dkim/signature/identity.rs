//! `i=`: for whom the domain signs (RFC 6376, sections 2.11 and 3.5), an address whose local part may be
//! missing, in the quoted-printable of DKIM.

use super::SignatureFault;
use crate::dkim::names;
use crate::dkim::tags;

/// The identity, and whether its domain is below `domain`.
pub(super) fn parse(value: &[u8], domain: &str) -> Result<(String, bool), SignatureFault> {
    let octets = unquoted(value).ok_or(SignatureFault::Identity)?;
    let text = String::from_utf8(octets).map_err(|_| SignatureFault::Identity)?;
    let (local, own) = text.rsplit_once('@').ok_or(SignatureFault::Identity)?;
    let own = names::domain(own.as_bytes()).map_err(|_| SignatureFault::Identity)?;
    if local.chars().any(char::is_control) {
        return Err(SignatureFault::Identity);
    }
    if !names::is_within(&own, domain) {
        return Err(SignatureFault::Elsewhere);
    }
    Ok((format!("{local}@{own}"), own != domain))
}

/// Undoes `dkim-quoted-printable` (section 2.11): `=` and two hexadecimal digits in capitals are an octet,
/// and blanks are nothing.
fn unquoted(value: &[u8]) -> Option<Vec<u8>> {
    let digit = |octet: u8| match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    };
    let mut octets = tags::squeezed(value).into_iter();
    let mut out = Vec::new();
    while let Some(octet) = octets.next() {
        out.push(match octet {
            b'=' => digit(octets.next()?)? << 4 | digit(octets.next()?)?,
            octet => octet,
        });
    }
    Some(out)
}
