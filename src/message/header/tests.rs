use super::*;

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
    parse(message).sender(None).unwrap().map(|mailbox| mailbox.to_string())
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
        assert!(header.is_present() && header.mbox_line() == 0);
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
    assert_eq!(parse("From me@x Sat Nov 21 10:00:00 2026\nA: 1\n\n").mbox_line(), 35);
}

#[test]
fn a_stray_line_is_named() {
    for (message, at) in [("A: 1\nstray\nBcc: x@y\n\n", 2), ("A: 1\n f\nFrom x\n\n", 3), ("A: 1\n: 2\n", 2)] {
        match Header::parse(message.as_bytes()) {
            Err(HeaderError::NotAField { line }) => assert_eq!(line, at, "{message:?}"),
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
    assert_eq!(say(b"A: 1\nTo: a@b>\n\n"), "To in line 2: '>' may not stand there (at character 5)");
    assert_eq!(say(b"To: a\xfc@b\n\n"), "To in line 1 is not UTF-8");
    assert_eq!(
        say(b"To: a@b,\r\n c@\rd\n\n"),
        "To in line 1: a line end inside an address (at character 11)"
    );
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
    assert!(parse("Date: x\n\n").has("date") && !parse("Date: x\n\n").has("From"));
}

#[test]
fn the_section_is_bounded() {
    let fields = "X: 0123456789\n".repeat(LONGEST_SECTION / 14 + 1);
    assert!(matches!(Header::parse(fields.as_bytes()), Err(HeaderError::TooLong)));
    assert!(matches!(Header::read(&Source::bytes(fields.into_bytes())), Err(HeaderError::TooLong)));
    let endless = vec![b'x'; 3 * LONGEST_SECTION];
    assert!(matches!(Header::read(&Source::bytes(endless)), Err(HeaderError::TooLong)));
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
