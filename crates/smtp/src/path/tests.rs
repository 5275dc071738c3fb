//! What is an address, a reverse-path and a forward-path, and how it is printed.

use super::*;

#[test]
fn what_is_an_address_is_taken_and_printed_as_it_must_stand() {
    for (given, printed) in [
        ("Smith@Alpha.ARPA", "Smith@Alpha.ARPA"),
        ("a.b+c@x_y.example", "a.b+c@x_y.example"),
        ("\"quoted local\"@x.y", "\"quoted local\"@x.y"),
        ("\"plain\"@x.y", "plain@x.y"),
        ("\"a\\\"b\\\\c\"@x.y", "\"a\\\"b\\\\c\"@x.y"),
        ("\"a@b\"@x.y", "\"a@b\"@x.y"),
        ("me@[192.0.2.1]", "me@[192.0.2.1]"),
        ("me@[IPv6:2001:db8::1]", "me@[IPv6:2001:db8::1]"),
        ("me@[x-tag:any.thing]", "me@[x-tag:any.thing]"),
        ("jürgen@müller.example", "jürgen@müller.example"),
        ("user.@docomo.example", "user.@docomo.example"),
        ("a..b@x.y", "a..b@x.y"),
        (".a@x.y", ".a@x.y"),
        ("\"user.\"@x.y", "\"user.\"@x.y"),
    ] {
        let mailbox = Mailbox::parse(given).unwrap();
        assert_eq!(mailbox.to_string(), printed);
        assert_eq!(Mailbox::parse(printed), Ok(mailbox));
    }
}

#[test]
fn what_is_none_is_refused_with_its_position() {
    use PathFault::*;
    for (given, position, fault) in [
        ("", 1, Empty),
        ("smith", 6, NoAt),
        ("@x.y", 1, EmptyLocalPart),
        (".@x.y", 1, EmptyLocalPart),
        ("...@x.y", 3, EmptyLocalPart),
        ("a b@x.y", 2, Unexpected(' ')),
        ("a@", 3, EmptyDomain),
        ("a@x..y", 5, EmptyDomain),
        ("a@x.", 4, EmptyDomain),
        ("a@-x.y", 3, Unexpected('-')),
        ("a@x.y>", 6, Unexpected('>')),
        ("a@x.y\r\nRSET", 6, Control),
        ("a\nb@x.y", 2, Control),
        ("a\0@x.y", 2, Control),
        ("\"a\rb\"@x.y", 3, Control),
        ("\"ab@x.y", 1, OpenQuote),
        ("\"\"@x.y", 2, EmptyLocalPart),
        ("\"a\"b@x.y", 4, Unexpected('b')),
        ("a@[1.2.3]", 3, Literal),
        ("a@[IPv6:1.2.3.4]", 3, Literal),
        ("a@[1.2.3.4", 3, Literal),
        ("a@[x:y>z]", 3, Literal),
        ("a@[x:\"y]", 3, Literal),
    ] {
        assert_eq!(Mailbox::parse(given), Err(PathError { position, fault }), "{given:?}");
    }
    let long = format!("{}@x.y", "a".repeat(LONGEST));
    assert_eq!(Mailbox::parse(&long), Err(PathError { position: 1, fault: TooLong }));
}

#[test]
fn a_domain_outside_ascii_has_a_form_inside_and_goes_out_in_it() {
    let mailbox = Mailbox::parse("juergen@Müller.example").unwrap();
    assert!(mailbox.is_ascii());
    assert_eq!(mailbox.to_string(), "juergen@Müller.example");
    assert_eq!(format!("{mailbox:#}"), "juergen@xn--mller-kva.example");
    assert!(mailbox.same_as(&Mailbox::parse("juergen@xn--mller-kva.example").unwrap()));
    let mailbox = Mailbox::parse("jürgen@müller.example").unwrap();
    assert!(!mailbox.is_ascii());
    assert_eq!(format!("{mailbox:#}"), "jürgen@müller.example", "SMTPUTF8 it is, then");
    assert_eq!(format!("{:#}", Mailbox::parse("a@x_y.example").unwrap()), "a@x_y.example");
}

#[test]
fn characters_that_become_others_do_not_get_into_a_domain() {
    // A full-width commercial at, a fraction slash and an account-of sign, an ideographic stop, a joiner.
    for bad in [
        "a@x\u{ff20}y.z",
        "a@x\u{2100}y.z",
        "a@x\u{3002}\u{3002}y",
        "a@\u{ff3b}1.2.3.4\u{ff3d}",
        "a@xn--\u{fc}.z",
    ] {
        let error = Mailbox::parse(bad).unwrap_err();
        assert_eq!(error.fault, PathFault::NoAsciiForm, "{bad:?}");
    }
    assert_eq!(Mailbox::parse("a@x\u{3002}y").unwrap().domain().ascii(), "x.y");
}

#[test]
fn domains_are_compared_without_case_and_local_parts_with_it() {
    let one = Mailbox::parse("Jones@Beta.ARPA").unwrap();
    assert!(one.same_as(&Mailbox::parse("Jones@beta.arpa").unwrap()));
    assert!(!one.same_as(&Mailbox::parse("jones@beta.arpa").unwrap()));
    let typed = Mailbox::parse("a..b@x.y").unwrap();
    assert!(typed.same_as(&Mailbox::parse("\"a..b\"@X.Y").unwrap()));
    let domain = || Domain::parse("x.y").unwrap();
    assert_eq!(Mailbox::unquoted("a..b", domain()), Ok(typed));
    assert_eq!(Mailbox::unquoted("a.b", domain()), Mailbox::new("a.b", domain()));
    for local in ["a b", "..", "a@b", "", "a\n"] {
        assert!(Mailbox::unquoted(local, domain()).is_err(), "{local:?}");
    }
}

#[test]
fn long_addresses_are_known() {
    assert!(!Mailbox::parse(&format!("{}@x.y", "a".repeat(64))).unwrap().is_long());
    assert!(Mailbox::parse(&format!("{}@x.y", "a".repeat(65))).unwrap().is_long());
}
