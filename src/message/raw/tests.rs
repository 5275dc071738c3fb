use super::*;

fn raw(message: &[u8]) -> Result<Raw, RawError> {
    Raw::new(Source::bytes(message.to_vec()), Options::default())
}

fn written(raw: &Raw) -> Vec<u8> {
    let mut out = Vec::new();
    raw.write_to(&mut out).unwrap();
    out
}

/// What arrives: every line end CRLF, and one at the end.
fn arrived(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, octet) in octets.iter().enumerate() {
        if *octet == b'\n' && (at == 0 || octets[at - 1] != b'\r') {
            out.push(b'\r');
        }
        out.push(*octet);
    }
    if out.last() != Some(&b'\n') {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[test]
fn blind_copies_and_what_stands_in_front_go_and_nothing_else() {
    for (message, expected) in [
        ("A: 1\n\ntext", "A: 1\n\ntext"),
        ("A: 1\r\n\r\ntext\r\n", "A: 1\r\n\r\ntext\r\n"),
        ("Bcc: a@b\nA: 1\n\ntext\n", "A: 1\n\ntext\n"),
        ("A: 1\nbCC : a@b,\n c@d\n\te@f\nB: 2\n\nBcc: text\n", "A: 1\nB: 2\n\nBcc: text\n"),
        ("A: 1\nResent-Bcc: x@y\nBcc: x\nB: 2\n\n", "A: 1\nB: 2\n\n"),
        ("A: 1\nBcc: x@y", "A: 1\n"),
        ("From me@x Sat\nBcc: a@b\nA: 1\n\nFrom you\n", "A: 1\n\nFrom you\n"),
        ("From me@x Sat\nFrom you@x Sun\nBcc: a@b\nA: 1\n\nb\n", "A: 1\n\nb\n"),
        ("\u{feff}Bcc: a@b\nA: 1\n\n\u{feff}b\n", "A: 1\n\n\u{feff}b\n"),
        ("\u{feff}From me@x Sat\n\u{feff}\u{feff}Bcc: a@b\nA: 1\n\nb\n", "A: 1\n\nb\n"),
        (">From me@x Sat\nBcc: a@b\nA: 1\n\nb\n", "A: 1\n\nb\n"),
        ("From me@x Sat\n>>From you\r\n>From she\nA: 1\nBcc: a@b\n\nb\n", "A: 1\n\nb\n"),
        (
            "\u{feff}\u{feff}>From me@x Sat\n\u{feff}From you\n\u{feff}A: 1\nBcc: a@b\n\n>From b\n",
            "A: 1\n\n>From b\n",
        ),
        (">From : me@x\nFrom : me@x\nBcc: a@b\n\nb\n", "From : me@x\n\nb\n"),
        ("\u{feff}no header", "no header"),
        (">From me@x Sat\nno header\n\nBcc: text\n", "no header\n\nBcc: text\n"),
        ("Bcc: a@b\n\nno header\n\nBcc: text\n", "\nno header\n\nBcc: text\n"),
        ("no header\nat all", "no header\nat all"),
        ("\nempty header", "\nempty header"),
    ] {
        let raw = raw(message.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(written(&raw)).unwrap(), expected, "{message:?}");
        assert_eq!(raw.facts().octets, arrived(expected.as_bytes()).len() as u64, "{message:?}");
        assert_eq!(written(&raw), written(&raw));
    }
}

#[test]
fn the_octets_counted_are_those_that_arrive() {
    let alphabet = [&b"\n"[..], b"\r\n", b"a", b"b: c\n", b"Bcc: x\n", b"\xc3\xbc", b" d\r\n", b"\n\n"];
    let mut state = 7_u64;
    let mut taken = 0;
    for _ in 0..5000 {
        let mut message = b"A: 1\n".to_vec();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            message.extend_from_slice(alphabet[(state >> 33) as usize % alphabet.len()]);
        }
        let Ok(raw) = raw(&message) else { continue };
        taken += 1;
        let out = written(&raw);
        assert_eq!(raw.facts().octets, arrived(&out).len() as u64, "{message:?}");
        assert_eq!(raw.facts().eight_bit, !out.is_ascii());
    }
    assert!(taken > 1000);
}

#[test]
fn long_messages_are_counted_across_pieces() {
    for line in ["x\n", "xy\r\n", "0123456789\n"] {
        let message = format!("A: 1\nBcc: b@c\n\n{}", line.repeat(200_000));
        let raw = raw(message.as_bytes()).unwrap();
        assert_eq!(raw.facts().octets, arrived(&written(&raw)).len() as u64);
    }
}

#[test]
fn what_smtp_cannot_carry_is_refused_with_its_line() {
    let say = |message: &[u8]| raw(message).unwrap_err().to_string();
    assert_eq!(say(b""), "the message is empty");
    assert!(raw(b"\n").is_ok() && raw(b"\r\n \n").is_ok());
    for message in [&b"From me\n\n"[..], b"Bcc: a@b\n\n\xef\xbb\xbf\r\n", b"\xef\xbb\xbf\n"] {
        assert!(say(message).starts_with("nothing is left of the message"));
    }
    for message in [&b"Bcc: a@b\n"[..], b"\xef\xbb\xbf", b"From me@x\n>From you\n", b"From me\nBcc: a@b"] {
        assert!(say(message).starts_with("nothing is left of the message"));
    }
    assert!(say(b"\xef\xbb\xbfA: 1\nstray\n\na").starts_with("line 2, 'stray', is not a header field"));
    assert!(say(b"A: 1\nBcc: b@c\n\na\0").starts_with("line 4, 'a\\x00', holds a NUL"));
    assert!(say(b"A: 1\nBcc: b@c,\n d@e\n\na\rb\n").starts_with("line 5, 'a\\x0db', holds a CR"));
    assert!(say(b"A: 1\n\na\r").starts_with("line 3, 'a', holds a CR"));
    assert!(say(b"A: 1\nstray\n\na").starts_with("line 2, 'stray', is not a header field"));
}

#[test]
fn what_is_left_out_is_looked_at_too() {
    let say = |message: &[u8]| raw(message).unwrap_err().to_string();
    for (message, start) in [
        (&b"From me\rSubject: x\r\rtext\r"[..], "line 1, 'From me\\x0dSubject: x\\x0d\\x0dtext', holds a CR"),
        (b"From me\n>From y\0u\nA: 1\n\nb\n", "line 2, '>From y\\x00u', holds a NUL"),
        (b"A: 1\nBcc: a@b\rc@d\nB: 2\n\nb\n", "line 2, 'Bcc: a@b\\x0dc@d', holds a CR"),
        (b"A: 1\nBcc: a@b,\n c\0@d\nB: 2\n\nb\n", "line 3, 'c\\x00@d', holds a NUL"),
        (b"A: 1\nBcc: a@b\r", "line 2, 'Bcc: a@b', holds a CR"),
    ] {
        assert!(say(message).starts_with(start), "{}", say(message));
    }
    // A file with the line ends of an old Mac is one line, and no header section without an end.
    let old = [&b"From: a@b\r"[..], &b"text\r".repeat(1 << 18)].concat();
    assert!(say(&old).starts_with("line 1, 'From: a@b\\x0dtext\\x0d"), "{}", say(&old));
    assert!(say(&old).contains("holds a CR"));
    let endless = [&b"Subject: "[..], &[b'x'; 3 << 20]].concat();
    assert!(say(&endless).starts_with("the header section does not end within"));
    assert_eq!(raw(&vec![b'x'; 3 << 20]).unwrap().facts().octets, (3 << 20) + 2);
}

#[test]
fn a_bcc_that_could_come_to_be_in_a_header_section_is_refused() {
    let fields = "From: me@x\nTo: you@x\nBcc: a@b\nSubject: x\n\nbody\n";
    for front in [
        "hello\n",
        "\n",
        "\r\n",
        " \n",
        "\n\n>From me\n\n",
        " folded\n",
        "From me\n\n",
        "Bcc: c@d\n\n",
        "From : me@x\nBcc: c@d,\n e@f\n\n",
        "From me\nBcc: c@d\nFrom : me@x\n\n",
    ] {
        let message = format!("{front}{fields}");
        let number = front.matches('\n').count() + 3;
        for message in [message.clone(), message.replace('\n', "\r\n").replace("\r\r", "\r")] {
            let error = raw(message.as_bytes()).unwrap_err();
            let RawError::Blind(line) = error else { panic!("{message:?}: {error}") };
            assert_eq!(line, Line { number: number as u64, start: "Bcc: a@b".to_owned() }, "{message:?}");
        }
    }
    let far = format!("hello\n{}bcc : a@b\n", "a line of text\n".repeat(100_000));
    assert!(matches!(raw(far.as_bytes()), Err(RawError::Blind(Line { number: 100_002, .. }))));
}

#[test]
fn a_header_section_is_utf_8_or_goes_by_an_option_alone() {
    let facts = |message: &[u8], any_header| {
        let raw = Raw::new(Source::bytes(message.to_vec()), Options { any_header });
        raw.map(|raw| (raw.facts().eight_bit, raw.facts().utf8_headers)).map_err(|error| error.to_string())
    };
    for (message, line) in [
        (&b"Subject: Gr\xf6\xdfe\n\nx\n"[..], "line 1, 'Subject: Gr\\xf6\\xdfe', is not UTF-8"),
        (b"A: \xc3\xbc\nX-Y: \xc3\n\nx\n", "line 2, 'X-Y: \\xc3', is not UTF-8"),
        (b"From x\xfc\nA: 1\n b\n c\xff\n\n", "line 4, 'c\\xff', is not UTF-8"),
        (b"A: \xed\xa0\x80\n\n", "line 1, 'A: \\xed\\xa0\\x80', is not UTF-8"),
    ] {
        assert!(facts(message, false).unwrap_err().starts_with(line), "{:?}", facts(message, false));
        assert_eq!(facts(message, true), Ok((true, false)));
    }
    for (message, wanted) in [
        (&b"Subject: \xc3\xbc\n\n\xff\n"[..], (true, true)),
        (b"Subject: u\n\n\xff\n", (true, false)),
        (b"From \xff\nSubject: u\nBcc: \xff\n\nx\n", (false, false)),
        (b"\xff\nSubject: u\n\nx\n", (true, false)),
    ] {
        assert_eq!(facts(message, false), Ok(wanted));
        assert_eq!(facts(message, true), Ok(wanted));
    }
    let forced = Raw::new(Source::bytes(b"A: \xff\n\n".to_vec()), Options { any_header: true }).unwrap();
    assert!(!forced.below("From: <\u{fc}@x>\r\n".into()).facts().utf8_headers);
    let plain = raw(b"A: 1\n\n").unwrap().below("From: <\u{fc}@x>\r\n".into()).facts();
    assert!(plain.utf8_headers && plain.eight_bit);
}

#[test]
fn eight_bit_is_told_of_body_and_header() {
    let facts = |message: &str| {
        let facts = raw(message.as_bytes()).unwrap().facts();
        (facts.eight_bit, facts.utf8_headers)
    };
    assert_eq!(facts("A: 1\n\nu"), (false, false));
    assert_eq!(facts("A: 1\n\nü"), (true, false));
    assert_eq!(facts("A: ü\n\nu"), (true, true));
    assert_eq!(facts("A: 1\nBcc: ü@x\n\nu"), (false, false));
}

#[test]
fn long_lines_are_noted() {
    let long = |length: usize| {
        let raw = raw(format!("A: 1\n\nshort\n{}\r\n", "x".repeat(length)).as_bytes()).unwrap();
        raw.long_line().map(|(length, line)| (length, line.to_string()))
    };
    assert_eq!(long(998), None);
    assert_eq!(long(999), Some((999, format!("line 4, '{}...',", "x".repeat(40)))));
}

#[test]
fn fields_are_put_on_top() {
    for (message, expected) in [
        ("A: 1\n\ntext\n", "Date: now\r\nA: 1\n\ntext\n"),
        ("\ntext\n", "Date: now\r\n\ntext\n"),
        ("text\n", "Date: now\r\n\r\ntext\n"),
        ("From me@x Sat\ntext\n", "Date: now\r\n\r\ntext\n"),
    ] {
        let raw = raw(message.as_bytes()).unwrap().below(b"Date: now\r\n".to_vec());
        assert_eq!(raw.added(), b"Date: now");
        assert_eq!(String::from_utf8(written(&raw)).unwrap(), expected);
        assert_eq!(raw.facts().octets, arrived(expected.as_bytes()).len() as u64);
    }
    let id = |message: &str| {
        let raw = raw(message.as_bytes()).unwrap().below(b"Message-ID: <1@x>\r\n".to_vec());
        raw.message_id().unwrap()
    };
    assert_eq!((id("text\n"), id("Message-ID: <2@x>\n\n")), ("<1@x>".to_owned(), "<2@x>".to_owned()));
}
