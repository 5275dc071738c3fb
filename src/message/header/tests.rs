use super::*;
use ehlo_smtp::path::ReversePath;

fn parse(message: &str) -> Header {
    Header::parse(message.as_bytes()).unwrap_or_else(|error| panic!("{message:?}: {error}"))
}

fn names(message: &str) -> Vec<String> {
    parse(message).fields().map(|field| field.name.to_owned()).collect()
}

fn recipients(message: &str) -> Vec<String> {
    parse(message).recipients(None).unwrap().into_iter().map(|a| a.path.to_string()).collect()
}

fn sender(message: &str) -> Option<String> {
    match parse(message).sender(None).unwrap() {
        Sender::Path(path) => Some(path.to_string()),
        Sender::Missing | Sender::Mixed { .. } | Sender::Unnamed { .. } => None,
    }
}

#[test]
fn fields_are_found_with_either_line_end() {
    let unix = "From: a@b\nSubject : folded\n  twice\n\there\nX:\n\nTo: not@me\n";
    for message in [unix.to_owned(), unix.replace('\n', "\r\n")] {
        assert_eq!(names(&message), ["From", "Subject", "X"]);
        let header = parse(&message);
        let subject = header.first("SUBJECT").unwrap();
        assert_eq!(subject.line, 2);
        assert_eq!(String::from_utf8_lossy(subject.value).split_whitespace().count(), 3);
        let span = subject.span();
        let cut = &message[span.start as usize..span.end as usize];
        assert!(cut.starts_with("Subject :") && cut.trim_end().ends_with("here") && cut.ends_with('\n'));
        assert!(message[header.end() as usize..].trim_start().starts_with("To: not@me"));
        assert!(header.is_present() && header.front() == 0);
    }
}

#[test]
fn a_section_may_end_with_the_message_or_be_empty_or_missing() {
    assert_eq!(names("A: 1\nB: 2"), ["A", "B"]);
    assert_eq!(names("A: 1\n"), ["A"]);
    for (message, is_present, end) in [
        ("", false, 0),
        ("\ntext", true, 0),
        ("\r\ntext", true, 0),
        ("Hello there\nA: 1\n\n", false, 0),
        (" A: 1\n", false, 0),
        ("a word: x\n", false, 0),
        ("From me@x Sat Nov 21\ntext\n", false, 21),
        ("From me@x Sat Nov 21\n", false, 21),
        ("From me@x Sat Nov 21 10:00:00 2026\nA: 1\n\n", true, 40),
    ] {
        let header = parse(message);
        assert_eq!((header.is_present(), header.end()), (is_present, end), "{message:?}");
    }
    assert_eq!(parse("From me@x Sat Nov 21 10:00:00 2026\nA: 1\n\n").front(), 35);
}

#[test]
fn a_stray_line_is_named() {
    for (message, at, shown) in [
        ("A: 1\nstray\nBcc: x@y\n\n", 2, "stray"),
        ("A: 1\n f\nFrom x\n\n", 3, "From x"),
        ("A: 1\n>From x\n\n", 2, ">From x"),
        ("A: 1\n: 2\n", 2, ": 2"),
        (
            "A: 1\nesc \u{1b}[2J and so on, longer than what is shown of it\n",
            2,
            "esc \\x1b[2J and so on, longer than what ...",
        ),
    ] {
        match Header::parse(message.as_bytes()) {
            Err(HeaderError::NotAField { line, start }) => {
                assert_eq!((line, start.as_str()), (at, shown), "{message:?}");
            }
            other => panic!("{message:?}: {other:?}"),
        }
    }
}

#[test]
fn recipients_come_from_to_cc_and_bcc() {
    let message =
        "Received: by x\nTO: One <a@b>,\n g: c@d;\ncc: e@f\nBcc : g@h\nReply-To: no@no\nTo: i@j\n\n";
    assert_eq!(recipients(message), ["a@b", "c@d", "e@f", "g@h", "i@j"]);
    assert_eq!(recipients("Subject: x\n\nTo: a@b"), Vec::<String>::new());
    let domain = Domain::parse("x.y").unwrap();
    let list = parse("To: root\n\n").recipients(Some(&domain)).unwrap();
    assert_eq!(list[0].path.to_string(), "root@x.y");
}

#[test]
fn what_was_resent_goes_to_the_newest_block() {
    let message = "Received: by y\nResent-From: r@s\nResent-To: new@x\nResent-Bcc: blind@x\n\
                   Resent-From: old@s\nResent-To: old@x\nResent-Cc: older@x\nFrom: f@f\nTo: t@t\n\n";
    assert_eq!(recipients(message), ["new@x", "blind@x"]);
    assert_eq!(sender(message).as_deref(), Some("r@s"));
    let apart = "Resent-From: r@s\nResent-To: new@x\nReceived: by y\nResent-Cc: older@x\nTo: t@t\n\n";
    assert_eq!(recipients(apart), ["new@x"]);
}

#[test]
fn the_sender_is_sender_or_the_one_from() {
    assert_eq!(sender("From: A <a@b>\n\n").as_deref(), Some("a@b"));
    assert_eq!(sender("From: a@b, c@d\nSender: e@f\n\n").as_deref(), Some("e@f"));
    assert_eq!(sender("From: a@b, c@d\n\n"), None);
    assert_eq!(sender("To: a@b\n\n"), None);
    assert_eq!(sender("Resent-Sender: s@s\nResent-From: a@b, c@d\nFrom: x@x\n\n").as_deref(), Some("s@s"));
}

#[test]
fn wrong_addresses_are_named_with_their_field_and_line() {
    let say = |message: &[u8]| Header::parse(message).unwrap().recipients(None).unwrap_err().to_string();
    assert_eq!(say(b"A: 1\nTo: a@b>\n\n"), "To in line 2, 'a@b>': unexpected '>'");
    assert_eq!(say(b"To: a\xfc@b\n\n"), "To in line 1, 'a\\xfc@b': the address is not UTF-8");
    assert_eq!(say(b"To: a@b,\r\n c@\rd\n\n"), "To in line 1, 'c@ d': a line break inside an address");
    assert_eq!(
        say(b"To: ok@x.example,\n John Doe a@x.example, z@z\n\n"),
        "To in line 1, 'John Doe a@x.example': unexpected 'D'"
    );
    assert_eq!(say(b"Cc: a@b, root\n\n"), "Cc in line 1, 'root': 'root' has no '@' and no domain");
}

#[test]
fn octets_of_a_name_need_not_be_utf_8() {
    let message = b"From: Gr\xfc\xdfe <a@b>\nTo: J\xf6 <c@d>, \"\xff\" <e@f> (\xfe)\nBcc: \xfc: g@h\n\n";
    let header = Header::parse(message).unwrap();
    let paths: Vec<String> = header.recipients(None).unwrap().iter().map(|a| a.path.to_string()).collect();
    assert_eq!(paths, ["c@d", "e@f", "g@h"]);
    assert!(matches!(header.sender(None), Ok(Sender::Path(path)) if path.to_string() == "a@b"));
    for (value, shown) in [
        (&b"\xfc@b"[..], "\\xfc@b"),
        (b"<a@\xfc.example>", "<a@\\xfc.example>"),
        (b"\xff <\xc3@b>", "\\xff <\\xc3@b>"),
        (b"\xff <a@b>, c@d,\r\n \xf6@e", "\\xf6@e"),
    ] {
        let message = [&b"From: "[..], value, b"\r\n\r\n"].concat();
        let error = Header::parse(&message).unwrap().sender(None).unwrap_err().to_string();
        assert_eq!(error, format!("From in line 1, '{shown}': the address is not UTF-8"));
    }
}

#[test]
fn the_line_that_is_not_utf_8_is_named_and_bcc_is_not_looked_at() {
    let at = |message: &[u8]| Header::parse(message).unwrap().line_not_utf8();
    assert_eq!(at("Subject: \u{fc}\nX: \u{20ac}\n\n".as_bytes()), None);
    assert_eq!(at(b"A: 1\nBcc: \xff\nResent-Bcc: \xff\n\n\xff"), None);
    assert_eq!(at(b"A: 1\nX-Odd : \xff\n\n"), Some((2, "X-Odd: \\xff".to_owned())));
    assert_eq!(at(b"From x\n\xef\xbb\xbfA: 1\n b\n c\xe2\x82\n\n"), Some((4, "c\\xe2\\x82".to_owned())));
    assert_eq!(at(b"A: 1\r\n\xc3\r\n\r\n".get(..6).unwrap()), None);
}

#[test]
fn nobody_may_be_named_on_purpose() {
    let null = |message: &str| {
        let sender = parse(message).sender(Domain::parse("x.y").ok().as_ref());
        matches!(sender, Ok(Sender::Path(ReversePath::Null)))
    };
    for from in [
        "<>",
        " < > ",
        "Mail Delivery System <>",
        "\"MAILER-DAEMON\" <>",
        "(bounce) <> (so)",
        "<MAILER-DAEMON>",
        "mailer-daemon",
        "MAILER-DAEMON (Mail Delivery System)",
        "Mail Delivery Subsystem <Mailer-Daemon>",
        "[Mail] <>",
    ] {
        for name in ["From", "Sender", "Resent-From", "Resent-Sender"] {
            assert!(null(&format!("{name}: {from}\nTo: a@b\n\n")), "{name}: {from}");
        }
    }
    assert!(null("From: a@b\nSender: <>\n\n"));
    assert_eq!(sender("From: <MAILER-DAEMON@x.example>\n\n").as_deref(), Some("MAILER-DAEMON@x.example"));
    let error = parse("From: MAILER-DAEMON, a@b\n\n").sender(None).unwrap_err().to_string();
    assert!(error.starts_with("From in line 1, 'MAILER-DAEMON': "), "{error}");
    assert_eq!(recipients("To: <>\nCc: Nobody <>, a@b\nBcc: <undisclosed-recipients:;>\n\n"), ["a@b"]);
}

#[test]
fn a_sender_that_is_not_told_is_known_for_what_it_is() {
    let found = |message: &str| parse(message).sender(None).unwrap();
    let mixed = |field: &str| Sender::Mixed { field: field.to_owned() };
    let unnamed = |field: &str, count| Sender::Unnamed { field: field.to_owned(), count };
    for (message, sender) in [
        ("To: a@b\n\n", Sender::Missing),
        ("no header\n", Sender::Missing),
        ("From: a@b, c@d\n\n", unnamed("From", 2)),
        ("FROM: <>, c@d\n\n", mixed("FROM")),
        ("From: c@d, e@f, <>\n\n", mixed("From")),
        ("From: undisclosed:;\n\n", unnamed("From", 0)),
        ("Sender: \nFrom: \n\n", unnamed("From", 0)),
    ] {
        assert_eq!(found(message), sender, "{message:?}");
    }
    assert_eq!(sender("Sender: \nFrom: a@b\n\n").as_deref(), Some("a@b"));
}

#[test]
fn what_stands_in_front_is_none_of_it() {
    for (front, is_front) in [
        (">From a Sat\n", true),
        (">>>>From a Sat\r\n", true),
        ("From a Sat\n>From b Sat\nFrom c Sat\n", true),
        ("\u{feff}>From a Sat\n\u{feff}\u{feff}From b: Sat\n\u{feff}", true),
        (">From : a\n", true),
        ("From : a@b\n", false),
        (">From: a@b\n", false),
    ] {
        let header = parse(&format!("{front}Subject: x\nBcc: c@d\n\n"));
        assert_eq!(header.front(), if is_front { front.len() as u64 } else { 0 }, "{front:?}");
        assert_eq!(header.blind_spans().len(), 1, "{front:?}");
        assert!(header.has_visible_fields());
    }
    for message in
        ["", "\nBcc: a@b\n\n", "Bcc: a@b\nresent-bcc : c@d\n\n", ">From x\n\nA: 1\n", "x y\nA: 1\n"]
    {
        assert!(!parse(message).has_visible_fields(), "{message:?}");
    }
}

#[test]
fn blind_copies_are_found_with_their_folded_lines() {
    let message = "To: a@b\nBCC: c@d,\n e@f\nX: y\nResent-Bcc : g@h\nbcc:\n\nBcc: body";
    let spans = parse(message).blind_spans();
    let cut: Vec<&str> = spans.iter().map(|s| &message[s.start as usize..s.end as usize]).collect();
    assert_eq!(cut, ["BCC: c@d,\n e@f\n", "Resent-Bcc : g@h\n", "bcc:\n"]);
}

#[test]
fn eight_bits_count_in_what_stays() {
    assert!(parse("Subject: ü\n\n").is_eight_bit());
    assert!(!parse("Subject: u\nBcc: ü@x\n\nü").is_eight_bit());
}

#[test]
fn the_message_id_is_given_as_written() {
    assert_eq!(parse("Message-Id:\n <a@b> \n\n").message_id().as_deref(), Some("<a@b>"));
    assert_eq!(parse("Message-Id: \n\n").message_id(), None);
    assert_eq!(parse("Message-Id:\r\n <a\r\n\t@b> \r\n\r\n").message_id().as_deref(), Some("<a\t@b>"));
    assert!(parse("Date: x\n\n").has("date") && !parse("Date: x\n\n").has("From"));
}

#[test]
fn the_section_is_bounded() {
    let fields = "X: 0123456789\n".repeat(LONGEST_SECTION / 14 + 1);
    assert!(matches!(Header::parse(fields.as_bytes()), Err(HeaderError::TooLong)));
    assert!(matches!(Header::read(&Source::bytes(fields.into_bytes())), Err(HeaderError::TooLong)));
    let endless = vec![b'x'; 3 * LONGEST_SECTION];
    assert!(!Header::read(&Source::bytes(endless.clone())).unwrap().is_present(), "a text in one line");
    for start in ["Subject: ", "A: 1\nSubject: ", "From ", ">From a:", "A: 1\n"] {
        let endless = [start.as_bytes(), &endless].concat();
        assert!(matches!(Header::read(&Source::bytes(endless)), Err(HeaderError::TooLong)), "{start}");
    }
    let long = "X: 0123456789\n".repeat(LONGEST_SECTION / 15);
    assert_eq!(
        Header::read(&Source::bytes((long.clone() + "\ntext").into())).unwrap().end(),
        long.len() as u64
    );
    let body = "no header\n".repeat(1 << 18);
    assert!(!Header::read(&Source::bytes(body.into())).unwrap().is_present());
}

#[test]
fn names_and_values_that_would_inject_are_refused() {
    assert_eq!(check_name("X-Y.z"), Ok(()));
    for (name, fault) in [
        ("", FieldFault::EmptyName),
        ("X\r\nY", FieldFault::Name('\r')),
        ("X Y", FieldFault::Name(' ')),
        ("X:", FieldFault::Name(':')),
        ("Ü", FieldFault::Name('Ü')),
        ("X\0", FieldFault::Name('\0')),
    ] {
        assert_eq!(check_name(name), Err(fault), "{name:?}");
    }
    assert_eq!(check_value("a\tb ü"), Ok(()));
    assert_eq!(check_value("a\r\n b"), Err(FieldFault::LineEnd));
    assert_eq!(check_value("a\nb"), Err(FieldFault::LineEnd));
    assert_eq!(check_value("a\0"), Err(FieldFault::Control));
    assert_eq!(check_value("a\u{1b}[0m"), Err(FieldFault::Control));
}
