use super::*;
use ehlo_smtp::path::PathFault;

fn read(text: &str) -> Vec<(Option<String>, String)> {
    let list = parse_list(text, None).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    list.into_iter().map(|a| (a.name, a.path.to_string())).collect()
}

fn paths(text: &str) -> Vec<String> {
    read(text).into_iter().map(|(_, path)| path).collect()
}

#[test]
fn lists_are_read() {
    for (text, expected) in [
        ("", &[][..]),
        (" , ,\t,", &[]),
        ("a@b", &["a@b"]),
        ("a@b,c@d", &["a@b", "c@d"]),
        ("Name <a@b>, \"x, y\" <c@d>, group: e@f, g@h;, (comment) i@j", &["a@b", "c@d", "e@f", "g@h", "i@j"]),
        ("<a@b>,<c@d>,", &["a@b", "c@d"]),
        ("pete(his account)@silly.test", &["pete@silly.test"]),
        ("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", &["pete@silly.test"]),
        ("(a (nested (comment)) here) a@b (and ( there))", &["a@b"]),
        ("undisclosed recipients:;", &[]),
        ("(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", &[]),
        (
            "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
            &["c@a.test", "joe@where.test", "jdoe@one.test"],
        ),
        ("<@r1,@r2:dd@x.y>", &["dd@x.y"]),
        (
            "Mary Smith <@node.test:mary@example.net>, , jdoe@test . example",
            &["mary@example.net", "jdoe@test.example"],
        ),
        ("John Doe <jdoe@machine(comment).  example>", &["jdoe@machine.example"]),
        ("a\r\n @\r\n\tb", &["a@b"]),
        ("a@b,\n c@d", &["a@b", "c@d"]),
        ("\"quoted local\"@x.y", &["\"quoted local\"@x.y"]),
        ("\"a\".b@x.y", &["a.b@x.y"]),
        ("\"a@b\" <\"c,d\"@x.y>", &["\"c,d\"@x.y"]),
        ("me@[192.0.2.1], you@[IPv6:2001:db8::1]", &["me@[192.0.2.1]", "you@[IPv6:2001:db8::1]"]),
        ("jürgen@müller.example", &["jürgen@müller.example"]),
        ("PostMaster, <postmaster>", &["Postmaster", "Postmaster"]),
        ("postmaster@x.y", &["postmaster@x.y"]),
    ] {
        assert_eq!(paths(text), expected, "{text:?}");
    }
}

#[test]
fn display_names_are_read() {
    for (text, name) in [
        ("a@b", None),
        ("\"\" <a@b>", None),
        ("<a@b>", None),
        ("a@b (Name)", None),
        ("Joe Q. Public <a@b>", Some("Joe Q. Public")),
        ("  Two   words  <a@b>", Some("Two words")),
        ("One(comment)Two <a@b>", Some("One Two")),
        ("\"x, \\\"y\\\" \\\\\" <a@b>", Some("x, \"y\" \\")),
        ("\"folded\r\n name\" <a@b>", Some("folded name")),
        ("Jürgen Müller <a@b>", Some("Jürgen Müller")),
        ("=?utf-8?Q?J=C3=BCrgen?= <a@b>", Some("Jürgen")),
        ("=?ISO-8859-1?Q?J=FCrgen_?= =?utf-8?B?TcO8bGxlcg==?= <a@b>", Some("Jürgen Müller")),
        ("=?utf-8?Q?J=C3=BCrgen?= Smith <a@b>", Some("Jürgen Smith")),
        ("=?no-such?Q?J?= <a@b>", Some("=?no-such?Q?J?=")),
        ("=?utf-8?Q?=FF?= <a@b>", Some("=?utf-8?Q?=FF?=")),
        ("=?utf-8?Q?a=0D=0ABcc=3A_x?= <a@b>", Some("=?utf-8?Q?a=0D=0ABcc=3A_x?=")),
        ("\"=?utf-8?Q?a?=\" <a@b>", Some("=?utf-8?Q?a?=")),
    ] {
        assert_eq!(read(text), [(name.map(str::to_owned), "a@b".to_owned())], "{text:?}");
    }
}

#[test]
fn bare_names_get_the_default_domain_or_are_named() {
    let domain = Domain::parse("example.org").unwrap();
    for text in ["root", "<root>", "Charlie Root <root>", "(c) root (d)"] {
        let list = parse_list(text, Some(&domain)).unwrap();
        assert_eq!(list[0].path.to_string(), "root@example.org");
        let error = parse_list(text, None).unwrap_err();
        assert_eq!(error.fault, AddressFault::Bare("root".to_owned()), "{text:?}");
    }
    let error = parse_list("a@b, root", None).unwrap_err();
    assert_eq!(error.to_string(), "'root' has no '@' and no domain (at character 6)");
    let error = parse_list("=?utf-8?Q?a?=", Some(&domain)).unwrap_err();
    assert_eq!(error.fault, AddressFault::Encoded);
    assert_eq!(parse_one("postmaster", Some(&domain)).unwrap().path.to_string(), "postmaster@example.org");
}

/// Only one meaning is possible, whatever RFC 5322 says of the form.
#[test]
fn lists_are_read_as_people_write_them() {
    for (text, expected) in [
        ("a@b.example <a@b.example>", &[(Some("a@b.example"), "a@b.example")][..]),
        ("a@b <c@d>", &[(Some("a@b"), "c@d")]),
        ("'a@b' <c@d>", &[(Some("'a@b'"), "c@d")]),
        ("a@[192.0.2.1] <c@d>", &[(Some("a@[192.0.2.1]"), "c@d")]),
        ("[Team] Foo <f@x.example>", &[(Some("[Team] Foo"), "f@x.example")]),
        ("Foo [Team]<f@x>, b@c", &[(Some("Foo [Team]"), "f@x"), (None, "b@c")]),
        ("Foo\\Bar ]) <f@x>", &[(Some("Foo\\Bar ])"), "f@x")]),
        ("Foo) Bar <f@x>", &[(Some("Foo) Bar"), "f@x")]),
        ("O\\'Neil <o@x>", &[(Some("O\\'Neil"), "o@x")]),
        ("@Home <f@x>", &[(Some("@Home"), "f@x")]),
        ("No\u{a0}Break <f@x>", &[(Some("No Break"), "f@x")]),
        ("\u{a0}a@b\u{a0}, \u{202f}A\u{a0}<\u{a0}c@d\u{3000}>\u{a0}", &[(None, "a@b"), (Some("A"), "c@d")]),
        ("g\u{a0}:\u{a0}a@b\u{a0};", &[(None, "a@b")]),
        ("\u{feff}a@b", &[(None, "a@b")]),
        ("\u{200b}\u{feff}A <a@b>", &[(Some("A"), "a@b")]),
        ("«A» “B” <a@b>, C’s <c@d>", &[(Some("«A» “B”"), "a@b"), (Some("C’s"), "c@d")]),
        ("\"a@b Joe\" <c@d>, c@d Joe <C@D>", &[(Some("a@b Joe"), "c@d"), (Some("c@d Joe"), "C@D")]),
        ("Joe (a@b) <c@d>, Joe [a@b] <c@d>", &[(Some("Joe"), "c@d"), (Some("Joe [a@b]"), "c@d")]),
        (
            "Joe @ Work <c@d>, =?utf-8?Q?a=40b?= Joe <c@d>",
            &[(Some("Joe @ Work"), "c@d"), (Some("a@b Joe"), "c@d")],
        ),
        ("Gr\u{fffd}\u{fffd}e <f@x>", &[(Some("Gr\u{fffd}\u{fffd}e"), "f@x")]),
        ("[\"a, b\"] (c <d>) <f@x>", &[(Some("[a, b]"), "f@x")]),
        ("=?utf-8?Q?a,b;_c:d?= <f@x>", &[(Some("a,b; c:d"), "f@x")]),
        ("=?utf-8?Q?a@b_(c)?=  =?utf-8?Q?,d?=<f@x>", &[(Some("a@b (c),d"), "f@x")]),
        ("a@b; c@d;", &[(None, "a@b"), (None, "c@d")]),
        ("A <a@b>; \"B; C\" <c@d>", &[(Some("A"), "a@b"), (Some("B; C"), "c@d")]),
        ("g: a@b, c@d", &[(None, "a@b"), (None, "c@d")]),
        ("Re: Ticket: 7 <a@b>", &[(Some("Ticket: 7"), "a@b")]),
        ("x@y, g: A <a@b>,", &[(None, "x@y"), (Some("A"), "a@b")]),
        ("g: a@b; c@d", &[(None, "a@b"), (None, "c@d")]),
        ("g:; h: a@b", &[(None, "a@b")]),
        ("mailto:a@b", &[(None, "a@b")]),
        ("A <mailto:a@b>, <MAILTO:c@d>", &[(Some("A"), "a@b"), (None, "c@d")]),
        ("user.@docomo.example", &[(None, "user.@docomo.example")]),
        ("<a..b@x>, .a@x, A <...a...@x>", &[(None, "a..b@x"), (None, ".a@x"), (Some("A"), "...a...@x")]),
        ("\"user.\"@x", &[(None, "\"user.\"@x")]),
    ] {
        let list: Vec<(Option<&str>, &str)> = expected.to_vec();
        let found = read(text);
        let found: Vec<(Option<&str>, &str)> =
            found.iter().map(|(name, path)| (name.as_deref(), path.as_str())).collect();
        assert_eq!(found, list, "{text:?}");
        assert_eq!(
            parse_list(&format!("{text}, z@z"), None).unwrap().last().unwrap().path.to_string(),
            "z@z",
            "{text:?} and another"
        );
    }
}

#[test]
fn an_empty_group_is_nobody_however_it_is_written() {
    for text in [
        "undisclosed-recipients:;",
        "undisclosed-recipients:",
        "Undisclosed recipients: ;",
        "undisclosed-recipients:;@x.example",
        "undisclosed-recipients:;, ",
        "g:;h:",
        "g:;;",
        "\"undisclosed-recipients:;\"",
        "recipient list not shown: (nobody) ;",
        "unlisted-recipients:; (no To-header on input)",
        "undisclosed-recipients:\r\n ;",
    ] {
        let list = read_list(text, None).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert!(list.has_group && list.addresses.is_empty() && list.nobody.is_none(), "{text:?}");
    }
    for text in ["", ",", "a@b", "<undisclosed-recipients:;>", "<>"] {
        assert!(!read_list(text, None).unwrap().has_group, "{text:?}");
    }
}

#[test]
fn what_is_no_list_of_rfc_5322_is_known_as_that() {
    for text in [
        "a@b",
        "Name <a@b>, \"x, y\" <c@d>, group: e@f, g@h;, (comment) i@j",
        "Joe Q. Public <a@b>",
        "undisclosed-recipients:;",
        "\"[Team]\" <a@b>",
        "\"user.\"@x",
        "=?utf-8?Q?a?= <a@b>",
        "g: ;, Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
        "«A» <a@b>",
    ] {
        assert!(read_list(text, None).unwrap().is_regular, "{text:?}");
    }
    for text in [
        "a@b <a@b>",
        "[Team] <a@b>",
        "a@b; c@d",
        "g: a@b",
        "g:",
        "g: a@b; c@d",
        "user.@x",
        "Name <user.@x>",
        "<>",
        "<mailto:a@b>",
        "g:;@x",
        "\"g:;\"",
        "=?utf-8?Q?a,b?= <a@b>",
        "No\u{a0}Break <f@x>",
        "a@b\u{a0}",
        "\u{feff}a@b",
        "<@r1,@r2:dd@x.y>",
        "a@b,,c@d",
        "a@b,",
        ",a@b",
        "",
        "g: ,a@b;",
        "g: a@b,;",
        "a . b@x.y",
        "a @x.y",
        "a@ x.y",
        "a@x . y",
        "a@x. y",
        "a@(c)x.(d)y",
        "\"a\".b@x",
    ] {
        assert!(!read_list(text, None).unwrap().is_regular, "{text:?}");
    }
}

#[test]
fn what_is_no_address_is_refused_with_its_position() {
    use AddressFault::*;
    for (text, position, fault) in [
        ("a b@x.y", 3, Unexpected('b')),
        ("a b", 3, Unexpected('b')),
        ("a@b c@d", 5, Unexpected('c')),
        ("<a@b> <c@d>", 7, Unexpected('<')),
        ("Some Name a@b>", 6, Unexpected('N')),
        ("Name <a@b>>", 11, Unexpected('>')),
        ("Joe <a@x.example", 5, OpenAngle),
        ("John Doe a@x.example", 6, Unexpected('D')),
        ("a@x.example b@x.example", 13, Unexpected('b')),
        ("Doe, John <a@x.example>", 1, Bare("Doe".to_owned())),
        ("[Team] a@x.example", 1, Unexpected('[')),
        ("[Team] Foo", 1, Unexpected('[')),
        ("Foo) a@x.example", 4, Unexpected(')')),
        ("<a@b> c", 7, Unexpected('c')),
        ("<[a]@b>", 2, Unexpected('[')),
        ("<Joe a@b>", 6, Unexpected('a')),
        ("a@b <", 5, OpenAngle),
        ("<>", 1, Nobody),
        ("Name < (c) >", 6, Nobody),
        ("a@b, <>, <>", 6, Nobody),
        ("<undisclosed-recipients:;>", 1, Nobody),
        ("<g:a@b;>", 3, Unexpected(':')),
        ("<mailto:>", 9, Unexpected('>')),
        ("<mailto:mailto:a@b>", 15, Unexpected(':')),
        ("g: <a@b> c@d;", 10, Unexpected('c')),
        ("g: a@b;>", 8, Unexpected('>')),
        ("g: a@b;@c", 8, Unexpected('@')),
        ("g:;@", 5, End),
        (".@x.y", 1, Unexpected('.')),
        ("..@x.y", 1, Unexpected('.')),
        ("user. @x.y", 7, Unexpected('@')),
        ("a. .b@x.y", 4, Unexpected('.')),
        ("\"a\".@x.y", 5, Unexpected('@')),
        ("user.", 6, End),
        ("a..b", 3, Unexpected('.')),
        ("a@", 3, End),
        ("broken@", 8, End),
        ("@x.y", 1, Unexpected('@')),
        ("a@@x.y", 3, Unexpected('@')),
        ("a@b@c", 4, Unexpected('@')),
        ("a@x..y", 5, Mailbox(PathFault::EmptyDomain)),
        ("a@ x . . y", 8, Mailbox(PathFault::EmptyDomain)),
        ("a@x.", 4, Mailbox(PathFault::EmptyDomain)),
        ("a@x!y", 4, Mailbox(PathFault::Unexpected('!'))),
        ("a@[1.2.3]", 3, Mailbox(PathFault::Literal)),
        ("a@[1.2.3.4", 3, OpenLiteral),
        ("a@[1.2.3.4]x", 12, Unexpected('x')),
        ("<a@b", 1, OpenAngle),
        ("<a@b, c@d>", 5, Unexpected(',')),
        ("<@r:>", 5, Unexpected('>')),
        ("<@r a@b>", 5, Unexpected('a')),
        ("g: h: a@b;;", 5, Unexpected(':')),
        (": a@b;", 1, Unexpected(':')),
        ("\"ab <a@b>", 1, OpenQuote),
        ("(ab a@b", 1, OpenComment),
        ("(a (b) a@b", 1, OpenComment),
        ("a@b\r\nBcc: c@d", 4, LineEnd),
        ("a@b\n", 4, LineEnd),
        ("a@b\rc", 4, LineEnd),
        ("\"a\r\nb\" <a@b>", 3, LineEnd),
        ("\"a\\\nb\" <a@b>", 4, LineEnd),
        ("(\n)a@b", 2, LineEnd),
        ("a\0@b", 2, Control),
        ("a@b\0", 4, Control),
        ("\"a\0\" <a@b>", 3, Control),
        ("(\u{7f}) a@b", 2, Control),
        ("a@b\u{85}", 4, Control),
        ("\"\"@x.y", 1, Mailbox(PathFault::EmptyLocalPart)),
        ("a\\b@x.y", 2, Unexpected('\\')),
        ("a\u{a0}b@x.y", 3, Unexpected('b')),
        ("b@x, \u{feff}a@x", 6, Mark('\u{feff}')),
        ("a@x\u{200b}", 4, Mark('\u{200b}')),
        ("<\u{2060}a@x>", 2, Mark('\u{2060}')),
        ("a\u{ad}b@x", 2, Mark('\u{ad}')),
        ("“a@x.example”", 1, Mark('“')),
        ("a@x.example”", 12, Mark('”')),
        ("Joe <‘a@x.example’>", 6, Mark('‘')),
        ("«a@x.example»", 1, Mark('«')),
        ("’root", 1, Mark('’')),
        ("=?utf-8?B?SsO2?=@x.example", 1, Encoded),
        ("Joe <=?utf-8?Q?a?=@x>", 6, Encoded),
        ("=?utf-8?Q?a.b?=@x", 1, Encoded),
        ("\"=?utf-8?Q?a?=\"@x", 1, Encoded),
        ("alice@x.example Bob <bob@y.example>", 1, Lost("alice@x.example".to_owned())),
        ("a@x b@y <c@z>", 1, Lost("a@x".to_owned())),
        ("c@z b@y <c@z>", 5, Lost("b@y".to_owned())),
        ("Joe a@x. <b@x>", 5, Lost("a@x".to_owned())),
        ("g: \"a b\"@x Joe <b@x>;", 4, Lost("\"a b\"@x".to_owned())),
        ("ö@x\u{a0}Bob <b@x>", 1, Lost("ö@x".to_owned())),
    ] {
        assert_eq!(parse_list(text, None), Err(AddressError { position, fault }), "{text:?}");
    }
}

#[test]
fn a_long_text_of_beginnings_is_read_at_once() {
    for part in ["=?[", "=?x?q?", "=?", "(=?", "[", "\"=?", "a ", "a:", "@", "a@[", "a. ", "<@a,"] {
        for lead in ["", "x ", "g: "] {
            let text = format!("{lead}{}", part.repeat(40_000));
            assert!(parse_list(&text, None).is_err(), "{part}");
            _ = parse_list(&format!("{text} <a@b>"), None);
            assert!(parse_list(&format!("a@b, {text}"), None).is_err(), "{part}");
        }
    }
    let name = "=?[".repeat(40_000);
    assert_eq!(read(&format!("{name} <a@b>")), [(Some(name), "a@b".to_owned())]);
    assert_eq!(paths(&"a@b,".repeat(40_000)).len(), 40_000);
}

#[test]
fn positions_are_counted_in_characters() {
    let error = parse_list("Jürgen <jürgen@x.y>>", None).unwrap_err();
    assert_eq!(error.to_string(), "unexpected '>' (at character 20)");
}

#[test]
fn one_is_one() {
    assert_eq!(parse_one("", None).unwrap_err().fault, AddressFault::Missing);
    assert_eq!(parse_one("g:;", None).unwrap_err().fault, AddressFault::Missing);
    assert_eq!(parse_one("a@b,c@d", None).unwrap_err().fault, AddressFault::TooMany);
    assert_eq!(parse_one(",a@b,", None).unwrap().path.to_string(), "a@b");
}

#[test]
fn printing_and_reading_are_inverses() {
    for text in [
        "a@b",
        "Name <a@b>",
        "\"x, y\" <a@b>",
        "\"q \\\" \\\\\" <\"l p\"@b>",
        "\"two  blanks\" <a@b>",
        "\"Joe Q. Public\" <a@[192.0.2.1]>",
        "Jürgen <ü@ü.example>",
        "\"[Team] a@b\" <user.@x.example>",
        "\"\u{feff}Joe\" <a@b>",
        "\"No\u{a0}Break\" <a@b>",
        "Postmaster",
    ] {
        let address = parse_one(text, None).unwrap();
        assert_eq!(address.to_string(), text);
        assert_eq!(parse_one(&address.to_string(), None), Ok(address));
    }
}

#[test]
fn no_input_makes_it_stumble() {
    let alphabet =
        ['a', '@', '.', '<', '>', '"', '\\', '(', ')', ',', ':', ';', ' ', '\r', '\n', '[', ']', 'ü'];
    let mut state = 1_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push(alphabet[(state >> 33) as usize % alphabet.len()]);
        }
        for address in parse_list(&text, None).unwrap_or_default() {
            assert!(!address.to_string().chars().any(char::is_control), "{text:?}");
            assert_eq!(parse_one(&address.to_string(), None).map(|a| a.path), Ok(address.path), "{text:?}");
        }
    }
}
