use super::*;
use std::time::Duration;

fn moment(wall: i64) -> Moment {
    Moment { wall, boot: 4711, start: 0x3f2a_9c01 }
}

/// Nothing that need not be there.
fn small() -> Entry {
    let id = Id::new(1_796_000_000, 42);
    let to = |address: &str| Recipient { address: address.to_owned(), parameters: Vec::new() };
    Entry {
        id,
        created: moment(1_796_000_000),
        uid: 1000,
        pid: 4711,
        facts: Facts { octets: 9, ..Facts::default() },
        submission: Submission {
            tool: "sendmail".to_owned(),
            sender: "root".to_owned(),
            recipients: vec![to("a@example.org"), to("b@example.org")],
            id: Some(id),
            ..Submission::default()
        },
    }
}

/// Everything that can be there, and texts of every kind.
fn full() -> Entry {
    let parameter = |text: &str| Parameter::parse(text).unwrap();
    let to = |address: &str, parameters: &[&str]| Recipient {
        address: address.to_owned(),
        parameters: parameters.iter().map(|text| parameter(text)).collect(),
    };
    let mut entry = small();
    entry.facts = Facts { octets: u64::MAX, eight_bit: true, utf8_headers: true };
    entry.submission = Submission {
        tool: "a \u{85}\ttool %41".to_owned(),
        account: Some(String::new()),
        on_unknown: Some(OnUnknown::Hold),
        sender: String::new(),
        mail: vec![parameter("RET=HDRS"), parameter("ENVID=<a>b+3D"), parameter("SMTPUTF8")],
        demands: vec![Need::Extension(Extension::RequireTls), Need::Listed(Extension::Dsn)],
        recipients: vec![
            to("Postmaster", &[]),
            to("root", &["NOTIFY=NEVER"]),
            to("\"a> NOTIFY=DELAY <b\"@example.org", &["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;<x>"]),
            to("j\u{fc}rgen%host@b\u{fc}cher.example", &[]),
            to("x\nrcpt <evil@example.org>\n\nsum 00000000", &[]),
            to("", &[]),
        ],
        message_id: Some("<1@x>\r\n".to_owned()),
        held: Some("no domain".to_owned()),
        notice_of: Some(Id::new(1_795_000_000, 7)),
        id: Some(entry.id),
        remembered: true,
        permitted: true,
        signed: true,
        by: None,
    };
    entry
}

#[test]
fn the_lines_are_those_of_the_manual() {
    let head = "ehlo-queue 1\nid 1NGSJ8000001A\ncreated 1796000000+4711@3f2a9c01\nuid 1000\npid 4711\n\
        tool sendmail\nbody 7bit\nutf8 no\noctets 9\nsender <root>\nrcpt <a@example.org>\n\
        rcpt <b@example.org>\ncontent 00000000000000000008 crc32c 1a2b3c4d\n";
    let sum = crate::spool::crc::crc32c(head.as_bytes());
    let text = String::from_utf8(encode(&small(), 8, 0x1a2b_3c4d)).unwrap();
    assert_eq!(text, format!("{head}sum {sum:08x}\n\n"));
}

#[test]
fn what_is_written_is_read_whatever_content_follows() {
    for entry in [small(), full()] {
        let head = encode(&entry, u64::MAX, u32::MAX);
        assert_eq!(encode(&entry, 0, 0).len(), head.len(), "length and sum can be put in later");
        assert!(!head.iter().any(|octet| octet.is_ascii_control() && *octet != b'\n'));
        let layout = Layout { begins: head.len() as u64, length: u64::MAX, sum: u32::MAX };
        for content in ["", "\n", "sum 00000000\n\n", "Subject: x\n\nrcpt <evil@example.org>\n\n"] {
            let file = [&head, content.as_bytes()].concat();
            assert_eq!(decode(&file), Ok(Some((entry.clone(), layout))));
        }
    }
}

#[test]
fn a_cut_entry_wants_more() {
    for entry in [small(), full()] {
        let head = encode(&entry, 1, 2);
        for cut in 0..head.len() {
            assert_eq!(decode(&head[..cut]), Ok(None), "cut at {cut}");
        }
    }
}

/// A turned bit is found, or more octets are wanted that make no difference: nobody else gets the message.
#[test]
fn every_turned_bit_is_found() {
    let whole =
        [encode(&full(), 1, 2), b"From: a@example.org\nSubject: x\n\nText\n\nText\n".to_vec()].concat();
    for at in 0..encode(&full(), 1, 2).len() * 8 {
        let mut turned = whole.clone();
        turned[at / 8] ^= 1 << (at % 8);
        assert!(!matches!(decode(&turned), Ok(Some(_))), "bit {at}");
    }
}

/// An entry of these lines, sealed.
fn sealed(lines: &str) -> Vec<u8> {
    let mut out = format!("{MAGIC}1\n{lines}");
    seal(&mut out);
    (out + "\n").into_bytes()
}

const LINES: &str = "id 1NGSJ8000001A\ncreated 1796000000+4711@3f2a9c01\nuid 1000\npid 4711\ntool sendmail\n\
    body 7bit\nutf8 no\noctets 9\nsender <root>\nrcpt <a@example.org>\nrcpt <b@example.org>\n\
    content 00000000000000000008 crc32c 1a2b3c4d\n";

#[test]
fn a_line_of_a_later_version_is_passed_over() {
    let more = LINES.replace("octets", "priority 3\nx-new <a> b=%\noctets");
    assert_eq!(decode(&sealed(&more)).unwrap().unwrap().0, small());
}

#[test]
fn what_is_missing_twice_or_unreadable_is_damage() {
    for name in ["id", "created", "uid", "pid", "tool", "body", "utf8", "octets", "sender", "content"] {
        let line = LINES.lines().find(|line| line.starts_with(name)).unwrap();
        let without = LINES.replace(&format!("{line}\n"), "");
        assert_eq!(decode(&sealed(&without)), Err(Damage::Envelope), "no {name}");
        let twice = LINES.replace(line, &format!("{line}\n{line}"));
        assert_eq!(decode(&sealed(&twice)), Err(Damage::Envelope), "{name} twice");
    }
    for (good, bad) in [
        ("rcpt <a@example.org>\nrcpt <b@example.org>\n", ""),
        ("rcpt <a@example.org>", "rcpt a@example.org"),
        ("rcpt <a@example.org>", "rcpt <a@example.org"),
        ("rcpt <a@example.org>", "rcpt <a@example.org>x"),
        ("rcpt <a@example.org>", "rcpt <a@example.org> "),
        ("rcpt <a@example.org>", "rcpt <a@example.org> A=b=c"),
        ("rcpt <a@example.org>", "rcpt <%0>"),
        ("sender <root>", "sender <root> SMTPUTF8"),
        ("body 7bit", "body 9bit"),
        ("uid 1000", "uid -1"),
        ("uid 1000", "uid 4294967296"),
        ("tool sendmail", "tool"),
        ("octets 9", "octets 9\ndemand NOTHING"),
        ("octets 9", "octets 9\non-unknown forget"),
        ("octets 9", "octets 9\nmail A B"),
    ] {
        assert_eq!(decode(&sealed(&LINES.replace(good, bad))), Err(Damage::Envelope), "{bad}");
    }
}

#[test]
fn another_file_and_a_newer_one_are_told_apart() {
    for foreign in
        ["x", "\n", "ehlo-queuf 1\n", "From: a\n\n", "ehlo-queue 0\n", "ehlo-queue x\n", "\0\0\0\0"]
    {
        assert_eq!(decode(foreign.as_bytes()), Err(Damage::Foreign), "{foreign:?}");
    }
    for newer in ["ehlo-queue 2\n", "ehlo-queue 17\nwhatever\n\n"] {
        assert_eq!(decode(newer.as_bytes()), Err(Damage::Newer), "{newer:?}");
    }
}

/// Twice the recipients take at most about twice as long; a second is far more than a linear reader needs.
#[test]
fn a_hundred_thousand_recipients_are_read_at_once() {
    let mut entry = small();
    let address = |at: usize| format!("{at}@example.org");
    entry.submission.recipients =
        (0..100_000).map(|at| Recipient { address: address(at), parameters: Vec::new() }).collect();
    let head = encode(&entry, 0, 0);
    let begun = Moment::now();
    assert_eq!(decode(&head).unwrap().unwrap().0, entry);
    assert!(Moment::now().since(&begun) < Duration::from_secs(10));
}
