use super::*;
use crate::dkim::tests::{ED25519, RSA, RSA_PKCS1};

fn pem(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dkim/keys/");
    std::fs::read([folder, name, ".pem"].concat()).unwrap()
}

/// The last block, which is the key where parameters stand in front.
fn der(pem: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(pem.to_vec()).unwrap();
    let block = text.trim_end().rsplit("-----BEGIN").next().unwrap();
    let base64: String = block.lines().filter(|line| !line.contains('-') && !line.contains(':')).collect();
    encodify::base64::STANDARD.decode(base64.as_bytes()).unwrap()
}

#[test]
fn keys_are_read_in_both_forms_and_codes() {
    for (text, algorithm, bits) in [
        (RSA, Algorithm::RsaSha256, 2048),
        (RSA_PKCS1, Algorithm::RsaSha256, 2048),
        (ED25519, Algorithm::Ed25519Sha256, 256),
    ] {
        let crlf = [b"\xef\xbb\xbfremark: \xff\n", text.replace('\n', "\r\n").as_bytes()].concat();
        let two = [RSA_PKCS1.as_bytes(), ED25519.as_bytes()].concat();
        for octets in [text.as_bytes(), &crlf, &der(text.as_bytes())] {
            let key = Key::read(octets).unwrap();
            assert_eq!((key.algorithm(), key.public().bits()), (algorithm, bits));
            assert_eq!(format!("{key:?}"), format!("Key({algorithm}, {bits} bits)"));
            let signature = key.sign(b"text").unwrap();
            assert!(key.public().has_signed(b"text", &signature));
            assert!(!key.public().has_signed(b"test", &signature));
        }
        // The first counts.
        assert_eq!(Key::read(&two).unwrap().algorithm(), Algorithm::RsaSha256);
    }
    assert_eq!(
        Key::read(RSA.as_bytes()).unwrap().public(),
        Key::read(RSA_PKCS1.as_bytes()).unwrap().public()
    );
}

#[test]
fn what_is_no_key_for_it_is_named() {
    for (name, fault) in [
        ("rsa1024", KeyFault::TooShort { bits: 1024 }),
        ("rsa5120", KeyFault::TooLong { bits: 5120 }),
        ("encrypted", KeyFault::Encrypted),
        ("public", KeyFault::Public),
        ("public-pkcs1", KeyFault::Public),
        ("certificate", KeyFault::Certificate),
        ("ec", KeyFault::Other(OtherKind::Ec)),
        ("ec-pkcs8", KeyFault::Other(OtherKind::Ec)),
        ("ed448", KeyFault::Other(OtherKind::Ed448)),
        ("x25519", KeyFault::Other(OtherKind::Exchange)),
        ("rsa-pss", KeyFault::Other(OtherKind::RsaPss)),
        ("dsa", KeyFault::Other(OtherKind::Dsa)),
    ] {
        let text = pem(name);
        assert_eq!(Key::read(&text).unwrap_err(), fault, "{name}");
        assert_eq!(Key::read(&der(&text)).unwrap_err(), fault, "{name} in DER");
    }
    assert_eq!(Key::read(&pem("encrypted-old")).unwrap_err(), KeyFault::Encrypted);
    assert_eq!(Key::read(&pem("openssh")).unwrap_err(), KeyFault::OpenSsh);
    assert!(matches!(Key::read(&pem("rsa2048-exponent3")).unwrap_err(), KeyFault::Unfit { .. }));
    // Behind a certificate there may be a key.
    let both = [pem("certificate"), ED25519.as_bytes().to_vec()].concat();
    assert!(Key::read(&both).is_ok());
}

#[test]
fn garbage_is_no_key() {
    let cut = &RSA.as_bytes()[..800];
    let spoilt = RSA.replace("MII", "MI?");
    let other = spoilt.replace("MI?", "AAI");
    for (octets, fault) in [
        (&b""[..], KeyFault::NoKey),
        (b"hello", KeyFault::NoKey),
        (b"-----BEGIN X-----\n-----END X-----\n", KeyFault::NoKey),
        (cut, KeyFault::Malformed),
        (spoilt.as_bytes(), KeyFault::Malformed),
        (other.as_bytes(), KeyFault::Malformed),
        (b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", KeyFault::Malformed),
        (b"0", KeyFault::Malformed),
        (b"0\0", KeyFault::Malformed),
        (b"0\x03\x02\x01\x00", KeyFault::Malformed),
        (b"0\x02\x30\x00", KeyFault::Malformed),
    ] {
        assert_eq!(Key::read(octets).unwrap_err(), fault, "{}", String::from_utf8_lossy(octets));
    }
}

/// However a key is cut or spoilt, it is read or refused.
#[test]
fn spoilt_keys_are_read_or_refused() {
    for text in [RSA, RSA_PKCS1, ED25519] {
        let whole = der(text.as_bytes());
        for at in 0..whole.len() {
            assert!(Key::read(&whole[..at]).is_err(), "cut at {at}");
            if at < 64 || at % 16 == 0 {
                let mut other = whole.clone();
                other[at] ^= 0x41;
                let _ = Key::read(&other);
            }
        }
    }
}

#[test]
fn the_public_half_is_what_openssl_writes() {
    let key = Key::read(RSA.as_bytes()).unwrap();
    assert_eq!(key.public().octets(), der(&pem("public")));
    assert_eq!(PublicKey::rsa(&der(&pem("public-pkcs1"))).as_ref(), Some(key.public()));
}
