//! The fingerprint that a server's certificate, or its key, is pinned to.
//!
//! A pin means one certificate or one key and no other: what it matches needs no issuer, name or date. What
//! is compared is SHA-256 over the certificate or over its SubjectPublicKeyInfo, both in DER, as RFC 7469
//! does for keys.

use std::fmt;
use std::str::FromStr;

use super::{Certificate, Sha256};

/// What the server's certificate, or its public key, must hash to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin(pub Sha256);

impl Pin {
    /// Whether it is the fingerprint of this certificate or of its key.
    #[must_use]
    pub fn matches(&self, certificate: &Certificate) -> bool {
        let key = certificate.contents.as_ref().map(|contents| contents.key.sha256);
        certificate.sha256 == self.0 || key == Some(self.0)
    }
}

/// The text does not have the form of a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinError;

impl fmt::Display for PinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "needs sha256: and the SHA-256 of a certificate or of its public key, in hex or base64; or what \
             openssl x509 -noout -fingerprint -sha256 prints",
        )
    }
}

impl std::error::Error for PinError {}

impl FromStr for Pin {
    type Err = PinError;

    /// `sha256:`, in capitals or not, then 64 hex digits, colons between the pairs or not, or base64. In
    /// place of `sha256:`, `sha256 Fingerprint=` as OpenSSL prints it, or `sha256//` as curl takes it.
    fn from_str(text: &str) -> Result<Pin, PinError> {
        let (name, rest) = text.split_at_checked("sha256".len()).ok_or(PinError)?;
        if !name.eq_ignore_ascii_case("sha256") {
            return Err(PinError);
        }
        let hash = [":", " Fingerprint=", "//"].iter().find_map(|mark| rest.strip_prefix(mark));
        let hash = hash.ok_or(PinError)?;
        let octets = from_hex(hash).or_else(|| encodify::base64::STANDARD.decode(hash.as_bytes()).ok());
        octets.and_then(|octets| octets.try_into().ok()).map(|octets| Pin(Sha256(octets))).ok_or(PinError)
    }
}

/// Pairs of hex digits, with colons between all of them or none.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pair = |digits: &[u8]| match digits {
        [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
        }
        _ => None,
    };
    if text.contains(':') {
        text.split(':').map(|digits| pair(digits.as_bytes())).collect()
    } else {
        text.as_bytes().chunks(2).map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_hex_with_or_without_colons_or_base64() {
        let octets: Vec<u8> = (0..32).map(|at| at * 7).collect();
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let colons = octets.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":");
        let base64 = encodify::base64::STANDARD.encode(&octets);
        for text in [
            format!("sha256:{hex}"),
            format!("SHA256:{}", hex.to_uppercase()),
            format!("sha256:{colons}"),
            format!("sha256:{base64}"),
            format!("sha256 Fingerprint={colons}"),
            format!("SHA256 Fingerprint={colons}"),
            format!("sha256//{base64}"),
        ] {
            let pin: Pin = text.parse().unwrap();
            assert_eq!(pin.0.0.as_slice(), octets, "{text}");
            assert_eq!(pin.0.to_string(), hex);
        }
        for wrong in [
            String::new(),
            "sha256".to_owned(),
            "sha256:".to_owned(),
            hex.clone(),
            format!("SHA1 Fingerprint={colons}"),
            format!("sha256 {colons}"),
            format!("sha256/{base64}"),
            "sha25ß".to_owned(),
            format!("sha1:{hex}"),
            format!("sha256:{}", &hex[2..]),
            format!("sha256:{hex}00"),
            format!("sha256:{}", &hex[1..]),
            format!("sha256:{}g", &hex[1..]),
            format!("sha256:+{}", &hex[1..]),
            format!("sha256:{colons}:"),
            format!("sha256:{}", &base64[4..]),
            format!("sha256:{hex} "),
            format!("sha256:{}ß", &hex[2..]),
        ] {
            assert_eq!(wrong.parse::<Pin>(), Err(PinError), "{wrong}");
        }
    }
}
