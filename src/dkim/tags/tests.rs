use super::*;

fn read(list: &str) -> Result<Vec<(String, String)>, TagFault> {
    let tags = Tags::parse(list.as_bytes())?;
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    for Tag { name, value, span } in &tags.0 {
        let there = list.as_bytes().get(span.clone()).unwrap();
        assert_eq!(trim(there), *value, "{name} of {list:?}");
        assert!(list[..span.start].ends_with('='));
    }
    Ok(tags.0.iter().map(|tag| (tag.name.to_owned(), text(tag.value))).collect())
}

#[test]
fn lists_are_read_as_the_grammar_has_them() {
    for (list, tags) in [
        ("a=1", &[("a", "1")][..]),
        ("a=1;", &[("a", "1")]),
        ("a=1; \r\n ", &[("a", "1")]),
        (" a = 1 ; b=2", &[("a", "1"), ("b", "2")]),
        ("\r\n\ta\r\n =\r\n 1 2\r\n\t3\r\n ;b=", &[("a", "1 2\r\n\t3"), ("b", "")]),
        // Only the first `=` ends the name.
        ("b=YQ==;a==", &[("b", "YQ=="), ("a", "=")]),
        ("A=1;a=2;a_1=3", &[("A", "1"), ("a", "2"), ("a_1", "3")]),
        ("a=m\u{fc}ller.example", &[("a", "m\u{fc}ller.example")]),
    ] {
        let wanted: Vec<_> =
            tags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(read(list), Ok(wanted), "{list:?}");
    }
}

#[test]
fn everything_else_is_refused() {
    let many: String = (0..65).map(|number| format!("a{number}=1;")).collect();
    for (list, fault) in [
        ("", TagFault::NoEquals),
        (" ", TagFault::NoEquals),
        (";", TagFault::NoEquals),
        ("a", TagFault::NoEquals),
        ("a=1;;b=2", TagFault::NoEquals),
        ("a=1;;", TagFault::NoEquals),
        (";a=1", TagFault::NoEquals),
        ("=1", TagFault::Name),
        ("1a=1", TagFault::Name),
        ("_a=1", TagFault::Name),
        ("a b=1", TagFault::Name),
        ("a-b=1", TagFault::Name),
        ("\u{fc}=1", TagFault::Name),
        ("a\n=1", TagFault::Name),
        ("a=1;a=1", TagFault::Twice("a".to_owned())),
        ("a=1;b=2; a =3", TagFault::Twice("a".to_owned())),
        ("a=\0", TagFault::Value("a".to_owned())),
        ("a=\x7f", TagFault::Value("a".to_owned())),
        ("a=1\n 2", TagFault::Value("a".to_owned())),
        ("a=1\r 2", TagFault::Value("a".to_owned())),
        ("a=1\r\n2", TagFault::Value("a".to_owned())),
        ("a=1\r\n;b=2", TagFault::Value("a".to_owned())),
        (&many, TagFault::TooMany),
    ] {
        assert_eq!(read(list), Err(fault), "{list:?}");
    }
    assert!(read(&many[..many.len() - 6]).is_ok());
}

#[test]
fn base64_may_be_folded_and_is_whole() {
    for (value, octets) in [
        ("YWI=", Some(&b"ab"[..])),
        ("Y W\r\n\tI =", Some(b"ab")),
        ("YWI", Some(b"ab")),
        ("YWJj", Some(b"abc")),
        ("", Some(b"")),
        ("Y", None),
        ("YWI=YWI=", None),
        ("YW?=", None),
        ("YWJjZ", None),
        ("Y=WI", None),
        ("YWJj=", None),
        ("YW=", None),
        ("=YWI", None),
    ] {
        assert_eq!(base64(value.as_bytes()).as_deref(), octets, "{value:?}");
    }
}

#[test]
fn numbers_are_digits() {
    let huge = "9".repeat(76);
    for (value, read) in [
        ("0", Some(0)),
        ("007", Some(7)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", Some(u64::MAX)),
        (&huge, Some(u64::MAX)),
        (&format!("{huge}9"), None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1 2", None),
        ("\u{661}", None),
    ] {
        assert_eq!(number(value.as_bytes()), read, "{value}");
    }
}
