//! Key records: whatever is published, it is read or refused, and what is read is published again as it was.

use ehlo::inside::dkim::{Key, Match, Record, matches, strings};

/// A key that signs nothing but tests.
pub const KEY: &str = include_str!("../../dkim/keys/ed25519.pem");
/// A longer record is not read.
const LONGEST: usize = 8192;

pub fn holds(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let cut: Vec<&str> = strings(&text).collect();
    assert!(cut.iter().all(|string| (1..=255).contains(&string.len())));
    assert_eq!(cut.concat(), text);

    let key = Key::read(KEY.as_bytes()).expect("a key");
    let found = matches(octets, &key);
    match Record::parse(octets) {
        Err(_) => assert!(matches!(found, Match::Revoked | Match::Unreadable(_)), "{found:?}"),
        Ok(record) => {
            assert!((256..=8192).contains(&record.key.bits()));
            let is_same = record.key == *key.public();
            assert!(is_same || matches!(found, Match::AnotherKey | Match::OtherKind(_)), "{found:?}");
            let written = record.to_string();
            if written.len() <= LONGEST {
                assert_eq!(Record::parse(written.as_bytes()), Ok(record), "{written:?}");
            }
        }
    }
    // A private key of any octets is one, or is refused.
    let _ = Key::read(octets);
}
