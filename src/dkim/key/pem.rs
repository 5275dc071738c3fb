//! The block of a text in PEM (RFC 7468) that is a private key, or says what is there instead.

use super::KeyFault;
use memchr::memmem;
use zeroize::Zeroizing;

/// The DER of the first private key.
pub(super) fn key(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let mut instead = None;
    let mut rest = text;
    while let Some((label, inside, behind)) = block(rest) {
        match label {
            b"PRIVATE KEY" | b"RSA PRIVATE KEY" | b"EC PRIVATE KEY" | b"DSA PRIVATE KEY" => {
                return decoded(inside);
            }
            b"ENCRYPTED PRIVATE KEY" => return Err(KeyFault::Encrypted),
            b"OPENSSH PRIVATE KEY" => return Err(KeyFault::OpenSsh),
            label if label.ends_with(b"PUBLIC KEY") => instead = instead.or(Some(KeyFault::Public)),
            label if label.ends_with(b"CERTIFICATE") => instead = instead.or(Some(KeyFault::Certificate)),
            _ => {}
        }
        rest = behind;
    }
    // A beginning without an end was cut off.
    let is_cut = memmem::find(rest, b"-----BEGIN ").is_some();
    Err(instead.unwrap_or(if is_cut { KeyFault::Malformed } else { KeyFault::NoKey }))
}

/// The label of the first block, what is in it, and what follows.
fn block(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (_, begins) = cut(text, b"-----BEGIN ")?;
    let (label, rest) = cut(begins, b"-----")?;
    let (inside, behind) = cut(rest, &[b"-----END ", label, b"-----"].concat())?;
    Some((label, inside, behind))
}

fn cut<'a>(text: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = memmem::find(text, at)?;
    Some((text.get(..place)?, text.get(place + at.len()..)?))
}

fn decoded(inside: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    // How OpenSSL encrypted keys before PKCS#8 (RFC 1421, section 4.6.1.1).
    if memmem::find(inside, b"Proc-Type: 4,ENCRYPTED").is_some() {
        return Err(KeyFault::Encrypted);
    }
    let text: Vec<u8> = inside.iter().copied().filter(|octet| !octet.is_ascii_whitespace()).collect();
    let text = Zeroizing::new(text);
    let der = encodify::base64::STANDARD.decode(text.as_slice()).map_err(|_| KeyFault::Malformed)?;
    Ok(Zeroizing::new(der))
}
