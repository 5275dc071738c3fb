use super::*;
use crate::dkim::tags::TagFault;
use crate::dkim::tests::{ED25519, RSA, RSA_1024_RECORD, key};

/// What a record with this in place of `p=` and the rest says.
fn fault(record: &str) -> RecordFault {
    Record::parse(record.as_bytes()).unwrap_err()
}

#[test]
fn the_record_of_a_key_is_that_key() {
    for (text, start) in [(RSA, "v=DKIM1; k=rsa; p=MII"), (ED25519, "v=DKIM1; k=ed25519; p=")] {
        let key = key(text);
        let text = record(&key);
        assert!(text.starts_with(start) && text.is_ascii(), "{text}");
        let read = Record::parse(text.as_bytes()).unwrap();
        assert_eq!(read, Record::of(&key));
        assert_eq!(read.to_string(), text);
        assert_eq!(matches(text.as_bytes(), &key), Match::Same { is_test: false });
    }
}

#[test]
fn records_are_cut_into_strings() {
    let text = record(&key(RSA));
    let cut: Vec<&str> = strings(&text).collect();
    assert_eq!(cut.iter().map(|string| string.len()).collect::<Vec<_>>(), [255, text.len() - 255]);
    assert_eq!(cut.concat(), text);
    assert_eq!(strings("").count(), 0);
    let wide = "\u{e9}".repeat(200);
    assert!(strings(&wide).all(|string| string.len() <= 255));
    assert_eq!(strings(&wide).collect::<String>(), wide);
}

#[test]
fn records_are_read_as_they_are_published() {
    let data = encodify::base64::STANDARD.encode(key(ED25519).public().octets());
    let plain = Record::of(&key(ED25519));
    for (record, wanted) in [
        (format!("v=DKIM1; k=ed25519; p={data}"), plain.clone()),
        (format!("k=ed25519;p={data};"), plain.clone()),
        (format!("v=DKIM1; p = {} {} ; k=ed25519", &data[..9], &data[9..]), plain.clone()),
        // What is not known is passed over, and so is what was taken out of DKIM.
        (format!("v=DKIM1; k=ed25519; g=*; x_y=1; n=some=20notes; p={data}"), plain.clone()),
        (
            format!("v=DKIM1; k=ed25519; h=sha1:sha256; s=email; t=y:s; p={data}"),
            Record {
                hashes: Some(vec!["sha1".to_owned(), "sha256".to_owned()]),
                services: vec!["email".to_owned()],
                is_test: true,
                is_exact: true,
                ..plain.clone()
            },
        ),
        (format!("t= s ;k=ed25519; p={data}"), Record { is_exact: true, ..plain.clone() }),
    ] {
        let read = Record::parse(record.as_bytes()).unwrap_or_else(|fault| panic!("{record}: {fault}"));
        assert_eq!(read, wanted, "{record}");
        assert_eq!(Record::parse(read.to_string().as_bytes()), Ok(wanted), "{record}");
    }
    // RSA is what there is without `k=`, with and without a frame.
    let key = key(RSA);
    let bare = include_str!("../../../tests/dkim/keys/public-pkcs1.pem");
    let bare: String = bare.lines().filter(|line| !line.contains('-')).collect();
    assert_eq!(Record::parse(format!("p={bare}").as_bytes()), Ok(Record::of(&key)));
}

#[test]
fn other_records_give_no_key() {
    let rsa = encodify::base64::STANDARD.encode(key(RSA).public().octets());
    let weak = crate::dkim::der::value(
        crate::dkim::der::SEQUENCE,
        &[&crate::dkim::der::integer(&[0x7f; 128]), &crate::dkim::der::integer(&[1, 0, 1])],
    );
    let large = crate::dkim::der::value(
        crate::dkim::der::SEQUENCE,
        &[&crate::dkim::der::integer(&[0x7f; 1025]), &crate::dkim::der::integer(&[1, 0, 1])],
    );
    let base64 = |octets: &[u8]| encodify::base64::STANDARD.encode(octets);
    for (record, wanted) in [
        (String::new(), RecordFault::Tags(TagFault::NoEquals)),
        ("v=spf1 -all".to_owned(), RecordFault::Version),
        (format!("v=DKIM1; p={rsa}; p={rsa}"), RecordFault::Tags(TagFault::Twice("p".to_owned()))),
        (format!("v=DKIM2; p={rsa}"), RecordFault::Version),
        (format!("v=dkim1; p={rsa}"), RecordFault::Version),
        (format!("p={rsa}; v=DKIM1"), RecordFault::Version),
        ("v=DKIM1; k=rsa".to_owned(), RecordFault::NoKey),
        ("v=DKIM1; k=rsa; p=".to_owned(), RecordFault::Revoked),
        ("v=DKIM1; k=rsa; p= ;".to_owned(), RecordFault::Revoked),
        ("v=DKIM1; p=M?I".to_owned(), RecordFault::Base64),
        ("v=DKIM1; p=MIIB".to_owned(), RecordFault::Key),
        (format!("v=DKIM1; p={}", &rsa[..rsa.len() - 8]), RecordFault::Key),
        (format!("v=DKIM1; k=dsa; p={rsa}"), RecordFault::Kind("dsa".to_owned())),
        (format!("v=DKIM1; k=RSA; p={rsa}"), RecordFault::Kind("RSA".to_owned())),
        (format!("v=DKIM1; k=ed25519; p={rsa}"), RecordFault::Key),
        (format!("v=DKIM1; p={}", base64(&[7; 32])), RecordFault::Key),
        (format!("v=DKIM1; k=ed25519; p={}", base64(&[7; 31])), RecordFault::Key),
        (format!("v=DKIM1; p={}", base64(&weak)), RecordFault::TooWeak { bits: 1023 }),
        (format!("v=DKIM1; p={}", base64(&large)), RecordFault::TooLarge { bits: 8199 }),
        (format!("v=DKIM1; n={}", "n".repeat(LONGEST)), RecordFault::TooLong),
    ] {
        assert_eq!(fault(&record), wanted, "{record}");
    }
    assert_eq!(Record::parse(RSA_1024_RECORD.as_bytes()).unwrap().key.bits(), 1024);
}

#[test]
fn a_record_is_compared_with_a_key() {
    let rsa = key(RSA);
    let data = encodify::base64::STANDARD.encode(rsa.public().octets());
    for (record, wanted) in [
        (format!("p={data}"), Match::Same { is_test: false }),
        (format!("v=DKIM1; t=y; p={data}"), Match::Same { is_test: true }),
        (RSA_1024_RECORD.to_owned(), Match::AnotherKey),
        (record(&key(ED25519)), Match::OtherKind(Algorithm::Ed25519Sha256)),
        ("v=DKIM1; p=".to_owned(), Match::Revoked),
        (format!("h=sha1; p={data}"), Match::HashNotAllowed),
        (format!("s=tlsrpt; p={data}"), Match::NotForEmail),
        (format!("v=DKIM2; p={data}"), Match::Unreadable(RecordFault::Version)),
    ] {
        assert_eq!(matches(record.as_bytes(), &rsa), wanted, "{record}");
    }
}
