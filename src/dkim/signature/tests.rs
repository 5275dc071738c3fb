use super::*;
use crate::dkim::names::NameFault;
use crate::dkim::tags::TagFault;

/// A signature with all that it needs, as tags.
const WHOLE: [(&str, &str); 7] = [
    ("v", "1"),
    ("a", "rsa-sha256"),
    ("d", "Example.org"),
    ("s", "S1"),
    ("h", "From : To:\r\n\tsubject"),
    ("bh", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ("b", "YWJj\r\n ZGVm"),
];

/// The same with one tag changed, added, or (by `None`) left out.
fn with(name: &str, value: Option<&str>) -> String {
    let mut list: String = WHOLE
        .iter()
        .filter(|(known, _)| *known != name)
        .map(|(known, value)| format!(" {known}={value};"))
        .collect();
    if let Some(value) = value {
        list += &format!(" {name}={value}");
    }
    list
}

fn read(list: &str) -> Result<Signature, SignatureFault> {
    Signature::parse(list.as_bytes()).1
}

#[test]
fn a_signature_is_read() {
    let list = with("v", Some("1"));
    let signature = read(&list).unwrap();
    let blank = signature.blank.clone();
    assert_eq!(&list[blank], "YWJj\r\n ZGVm");
    assert_eq!(signature.question(), "s1._domainkey.example.org");
    assert_eq!(
        signature,
        Signature {
            algorithm: Algorithm::RsaSha256,
            header: Form::Simple,
            body: Form::Simple,
            domain: "example.org".to_owned(),
            selector: "s1".to_owned(),
            identity: "@example.org".to_owned(),
            is_below: false,
            names: ["from", "to", "subject"].map(str::to_owned).to_vec(),
            body_hash: *b"\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24\
                          \x27\xae\x41\xe4\x64\x9b\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55",
            signature: b"abcdef".to_vec(),
            length: None,
            signed: None,
            expires: None,
            blank: signature.blank.clone(),
        }
    );
}

#[test]
fn tags_say_what_they_say() {
    let c = |value| read(&with("c", Some(value))).map(|signature| (signature.header, signature.body));
    for (value, forms) in [
        ("relaxed", (Form::Relaxed, Form::Simple)),
        ("simple", (Form::Simple, Form::Simple)),
        ("relaxed/relaxed", (Form::Relaxed, Form::Relaxed)),
        ("simple/relaxed", (Form::Simple, Form::Relaxed)),
        ("relaxed/simple", (Form::Relaxed, Form::Simple)),
    ] {
        assert_eq!(c(value), Ok(forms));
    }
    let i = |value| read(&with("i", Some(value))).map(|signature| (signature.identity, signature.is_below));
    for (value, identity, is_below) in [
        ("@example.org", "@example.org", false),
        ("joe@EXAMPLE.ORG", "joe@example.org", false),
        ("j=40oe=2B1@mail.example.org", "j@oe+1@mail.example.org", true),
        ("\"a b\"@example.org", "\"ab\"@example.org", false),
    ] {
        assert_eq!(i(value), Ok((identity.to_owned(), is_below)), "{value}");
    }
    let number = |name: &str, value: &str| read(&with(name, Some(value))).unwrap();
    assert_eq!(number("l", "0").length, Some(0));
    assert_eq!(number("l", &"9".repeat(76)).length, Some(u64::MAX));
    assert_eq!(number("t", "1").signed, Some(1));
    assert_eq!(number("x", "1").expires, Some(1));
    assert!(read(&with("q", Some("x : dns/txt"))).is_ok());
    assert!(read(&with("z", Some("From:a@b|To:c=20d"))).is_ok());
    assert_eq!(number("d", "m\u{fc}ller.example").domain, "xn--mller-kva.example");
}

#[test]
fn others_are_refused_for_a_reason() {
    let long = ["a".repeat(63).as_str(); 3].join(".");
    for (name, value, fault) in [
        ("v", None, SignatureFault::Missing("v")),
        ("a", None, SignatureFault::Missing("a")),
        ("d", None, SignatureFault::Missing("d")),
        ("s", None, SignatureFault::Missing("s")),
        ("h", None, SignatureFault::Missing("h")),
        ("bh", None, SignatureFault::Missing("bh")),
        ("b", None, SignatureFault::Missing("b")),
        ("v", Some("2"), SignatureFault::Version),
        ("v", Some("1 1"), SignatureFault::Version),
        ("v", Some(""), SignatureFault::Version),
        ("a", Some("rsa-sha1"), SignatureFault::Sha1),
        ("a", Some("RSA-SHA256"), SignatureFault::Algorithm("RSA-SHA256".to_owned())),
        ("a", Some(""), SignatureFault::Algorithm(String::new())),
        ("c", Some("relaxed/none"), SignatureFault::Canonicalization),
        ("c", Some("relaxed/relaxed/relaxed"), SignatureFault::Canonicalization),
        ("c", Some("Relaxed"), SignatureFault::Canonicalization),
        ("c", Some(""), SignatureFault::Canonicalization),
        ("d", Some("localhost"), SignatureFault::Domain(NameFault::OneLabel)),
        ("d", Some("a b.org"), SignatureFault::Domain(NameFault::NotAName)),
        ("d", Some(""), SignatureFault::Domain(NameFault::EmptyLabel)),
        ("s", Some(""), SignatureFault::Selector(NameFault::EmptyLabel)),
        ("s", Some("a@b"), SignatureFault::Selector(NameFault::NotAName)),
        ("s", Some(&format!("{long}.{}", "a".repeat(50))), SignatureFault::Selector(NameFault::TooLong)),
        ("i", Some("example.org"), SignatureFault::Identity),
        ("i", Some("a=4@example.org"), SignatureFault::Identity),
        ("i", Some("a=0D=0A@example.org"), SignatureFault::Identity),
        ("i", Some("a=FF@example.org"), SignatureFault::Identity),
        ("i", Some("@example.com"), SignatureFault::Elsewhere),
        ("i", Some("@xexample.org"), SignatureFault::Elsewhere),
        ("i", Some("@org.org"), SignatureFault::Elsewhere),
        ("h", Some(""), SignatureFault::Names),
        ("h", Some("From::To"), SignatureFault::Names),
        ("h", Some("From:a b"), SignatureFault::Names),
        ("h", Some("To:Subject"), SignatureFault::FromNotSigned),
        ("bh", Some("YWJj"), SignatureFault::BodyHash),
        ("bh", Some("?"), SignatureFault::BodyHash),
        ("b", Some(""), SignatureFault::Base64),
        ("b", Some("YWJj="), SignatureFault::Base64),
        ("b", Some("YW-j"), SignatureFault::Base64),
        ("l", Some("-1"), SignatureFault::Length),
        ("l", Some(""), SignatureFault::Length),
        ("t", Some("now"), SignatureFault::Time),
        ("x", Some("1.5"), SignatureFault::Expiry),
        ("x", Some("5; t=5"), SignatureFault::Expiry),
        ("q", Some("dns"), SignatureFault::Query),
        ("z", Some("\u{7f}"), SignatureFault::Tags(TagFault::Value("z".to_owned()))),
        ("z", Some("1; z=2"), SignatureFault::Tags(TagFault::Twice("z".to_owned()))),
        ("z", Some(&"z".repeat(LONGEST)), SignatureFault::TooLong),
    ] {
        assert_eq!(read(&with(name, value)), Err(fault), "{name}={value:?}");
    }
}

#[test]
fn what_cannot_be_used_still_has_a_name() {
    let (claims, _) = Signature::parse(with("a", Some("rsa-sha1")).as_bytes());
    assert_eq!(claims.domain.as_deref(), Some("example.org"));
    assert_eq!(claims.selector.as_deref(), Some("s1"));
    assert_eq!(claims.algorithm.as_deref(), Some("rsa-sha1"));
    assert_eq!(Signature::parse(b"a=1; a=1").0, Claims::default());
}
