//! Answers as they come, and as they should not.

use super::*;

fn wanted(name: &str, kind: Kind) -> Option<Wanted> {
    Wanted::of(&Question::new(name, kind))
}

fn asked(name: &str) -> Vec<u8> {
    question(&wanted(name, Kind::Txt).unwrap(), 0x1234, true).unwrap()
}

/// The question alone, without what stands behind it.
fn bare(name: &str) -> Vec<u8> {
    question(&wanted(name, Kind::Txt).unwrap(), 0x1234, false).unwrap()
}

/// An answer with this code and these records, each behind a pointer to the name that was asked for, unless it has a name.
fn answer(code: u8, records: &[&[u8]]) -> Vec<u8> {
    let mut octets = bare("s._domainkey.example");
    octets[2] |= 0x80;
    octets[3] = 0x80 | code;
    octets[6..8].copy_from_slice(&u16::try_from(records.len()).unwrap().to_be_bytes());
    records.iter().for_each(|record| octets.extend_from_slice(record));
    octets
}

/// A TXT record of the name that was asked for.
fn txt(strings: &[&str]) -> Vec<u8> {
    record(
        &[0xc0, 0x0c],
        16,
        &strings
            .iter()
            .flat_map(|text| {
                let mut octets = vec![u8::try_from(text.len()).unwrap()];
                octets.extend_from_slice(text.as_bytes());
                octets
            })
            .collect::<Vec<u8>>(),
    )
}

fn record(owner: &[u8], kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_be_bytes();
    [owner, &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 60], &length, data].concat()
}

fn judged(octets: &[u8]) -> Verdict {
    judge(&asked("s._domainkey.example"), octets)
}

/// These texts of a name that is no alias, or is one of these.
fn texts_behind(aliases: &[&str], texts: &[&str]) -> Verdict {
    Verdict::Answer(Answer {
        records: texts.iter().map(|text| Data::Txt(text.as_bytes().to_vec())).collect(),
        aliases: aliases.iter().map(|&name| name.to_owned()).collect(),
        secure: false,
    })
}

fn texts_of(texts: &[&str]) -> Verdict {
    texts_behind(&[], texts)
}

#[test]
fn a_question_is_what_the_rfc_says() {
    let octets = asked("A.example.");
    // The id, RD and AD, one question, one additional record: OPT, with a size of 1232.
    assert_eq!(octets[..12], [0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(octets[12..27], *b"\x01A\x07example\x00\x00\x10\x00\x01");
    assert_eq!(octets[27..], [0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(bare("A.example.")[10..12], [0, 0]);
    let label = "x".repeat(64);
    for name in ["", "a..b", "a b", "a\\.b", &label, &format!("{}x", "abcdefg.".repeat(32)), "bücher.example"]
    {
        assert_eq!(wanted(name, Kind::Mx), None, "{name}");
    }
}

#[test]
fn texts_are_joined_and_belong_to_the_name() {
    let other = record(b"\x05other\xc0\x19", 16, b"\x05wrong");
    let address = record(&[0xc0, 0x0c], 1, &[192, 0, 2, 1]);
    let found = judged(&answer(0, &[&other, &txt(&["v=DKIM1; ", "p=abc"]), &address, &txt(&["", "x"])]));
    assert_eq!(found, texts_of(&["v=DKIM1; p=abc", "x"]));
    assert_eq!(judged(&answer(0, &[])), texts_of(&[]));
    assert_eq!(judged(&answer(0, &[&other])), texts_of(&[]));
}

#[test]
fn an_alias_is_followed_and_a_circle_is_not() {
    // The pointer leads to `example`.
    let alias = record(&[0xc0, 0x0c], 5, b"\x04keys\xc0\x19");
    let target = record(b"\x04keys\xc0\x19", 16, b"\x04good");
    let keys = ["keys.example"];
    assert_eq!(judged(&answer(0, &[&alias, &target])), texts_behind(&keys, &["good"]));
    assert_eq!(judged(&answer(0, &[&target, &alias])), texts_behind(&keys, &["good"]));
    // The target is missing.
    assert_eq!(judged(&answer(0, &[&alias])), texts_behind(&keys, &[]));
    let to_root = record(&[0xc0, 0x0c], 5, &[0]);
    assert_eq!(judged(&answer(0, &[&to_root])), texts_behind(&["."], &[]));
    let back = record(b"\x04keys\xc0\x19", 5, &[0xc0, 0x0c]);
    assert_eq!(judged(&answer(0, &[&alias, &back])), Verdict::Malformed);
    // Eight in a row are followed, and nine are not.
    let chain = |length: u8| -> Vec<Vec<u8>> {
        let name = |at: u8| match at {
            0 => vec![0xc0, 0x0c],
            at => vec![1, b'a' + at, 0xc0, 0x19],
        };
        (0..length).map(|at| record(&name(at), 5, &name(at + 1))).collect()
    };
    for (length, is_followed) in [(8, true), (9, false)] {
        let chain = chain(length);
        let records: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
        let verdict = judged(&answer(0, &records));
        assert_eq!(matches!(&verdict, Verdict::Answer(answer) if answer.aliases.len() == 8), is_followed);
        assert_eq!(verdict == Verdict::Malformed, !is_followed);
    }
}

/// What is said of `s._domainkey.example` for a question of this type, with these records of it.
fn said(kind: Kind, records: &[&[u8]]) -> Verdict {
    let code = kind.code().to_int();
    let question = question(&wanted("s._domainkey.example", kind).unwrap(), 0x1234, true).unwrap();
    let mut octets = answer(
        0,
        &records
            .iter()
            .map(|data| record(&[0xc0, 0x0c], code, data))
            .collect::<Vec<_>>()
            .iter()
            .map(Vec::as_slice)
            .collect::<Vec<_>>(),
    );
    // The type of the question.
    octets[34..36].copy_from_slice(&code.to_be_bytes());
    judge(&question, &octets)
}

#[test]
fn each_type_is_read_as_it_is() {
    let tlsa = |data: &[u8]| Data::Tlsa { usage: 3, selector: 1, matching: 1, data: data.to_vec() };
    for (kind, octets, data) in [
        (Kind::A, &[192, 0, 2, 1][..], Data::Address("192.0.2.1".parse().unwrap())),
        (
            Kind::Aaaa,
            &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            Data::Address("2001:db8::1".parse().unwrap()),
        ),
        (Kind::Mx, b"\x00\x0a\x02Mx\xc0\x19", Data::Mx { preference: 10, host: "Mx.example".to_owned() }),
        (Kind::Mx, b"\x00\x00\x00", Data::Mx { preference: 0, host: ".".to_owned() }),
        (
            Kind::Mx,
            b"\x00\x00\x05a.\x1b\r\x00\x00",
            Data::Mx { preference: 0, host: "a\\.\\027\\013\\000".to_owned() },
        ),
        (Kind::Tlsa, b"\x03\x01\x01ab", tlsa(b"ab")),
        (Kind::Tlsa, b"\x03\x01\x01", tlsa(b"")),
        (Kind::Cname, b"\x01x\xc0\x19", Data::Name("x.example".to_owned())),
        (Kind::Ns, b"\x01x\xc0\x19", Data::Name("x.example".to_owned())),
        (Kind::Ptr, b"\x01x\xc0\x19", Data::Name("x.example".to_owned())),
        (Kind::Txt, b"\x01x\x00\x01y", Data::Txt(b"xy".to_vec())),
    ] {
        let answer = Answer { records: vec![data.clone(), data], ..Answer::default() };
        assert_eq!(said(kind, &[octets, octets]), Verdict::Answer(answer), "{kind:?} {octets:?}");
    }
    for (kind, octets) in [
        (Kind::A, &[192, 0, 2][..]),
        (Kind::A, &[192, 0, 2, 1, 0]),
        (Kind::Aaaa, &[0; 15]),
        (Kind::Mx, &[0]),
        (Kind::Mx, &[0, 10]),
        (Kind::Mx, b"\x00\x0a\x02M"),
        (Kind::Tlsa, &[3, 1]),
        (Kind::Cname, b""),
    ] {
        assert_eq!(said(kind, &[octets]), Verdict::Malformed, "{kind:?} {octets:?}");
    }
    let many = vec![&[192, 0, 2, 1][..]; 300];
    let Verdict::Answer(answer) = said(Kind::A, &many) else { panic!("no answer") };
    assert_eq!(answer.records.len(), MOST);
}

#[test]
fn the_word_that_it_was_validated_is_handed_on() {
    let mut octets = answer(0, &[&txt(&["x"])]);
    octets[3] |= 0x20;
    let Verdict::Answer(answer) = judged(&octets) else { panic!("no answer") };
    assert!(answer.secure);
    let wanted = Wanted::of(&Question { unchecked: true, ..Question::new("x.example", Kind::Mx) }).unwrap();
    // CD, beside AD.
    assert_eq!(question(&wanted, 1, false).unwrap()[..4], [0, 1, 1, 0x30]);
}

#[test]
fn codes_and_cuts_are_told_apart() {
    assert_eq!(judged(&answer(3, &[])), Verdict::NoSuchName);
    assert_eq!(judged(&answer(3, &[&txt(&["x"])])), Verdict::NoSuchName);
    for code in [1, 2, 4, 5] {
        assert_eq!(judged(&answer(code, &[])), Verdict::Code(code.into()));
    }
    let mut cut = answer(0, &[&txt(&["x"])]);
    cut[2] |= 0x02;
    assert_eq!(judged(&cut), Verdict::Cut);
    // One that cannot read the question repeats none.
    assert_eq!(judged(&[0x12, 0x34, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0]), Verdict::Code(1));
}

#[test]
fn what_does_not_answer_the_question_is_thrown_away() {
    let good = answer(0, &[&txt(&["x"])]);
    let with = |at: usize, octet: u8| {
        let mut octets = good.clone();
        octets[at] = octet;
        octets
    };
    for (what, octets) in [
        ("another id", with(0, 0x13)),
        ("no answer at all", with(2, 0x01)),
        ("another name", with(13, b't')),
        ("another type", with(35, 1)),
        ("no question", with(5, 0)),
        ("two questions", with(5, 2)),
        ("nothing", Vec::new()),
        ("eleven octets", good[..11].to_vec()),
        ("without a question, and no error", [&good[..5], &[0], &[0; 6][..]].concat()),
    ] {
        assert_eq!(judged(&octets), Verdict::Other, "{what}");
    }
    // The case of letters does not count (RFC 1035, section 2.3.3).
    assert_eq!(judged(&with(13, b'S')), texts_of(&["x"]));
}

#[test]
fn what_breaks_the_rules_is_malformed_and_nothing_worse() {
    let good = answer(0, &[&txt(&["x"]), &txt(&["y"])]);
    let question = bare("s._domainkey.example").len();
    for end in question..good.len() {
        assert_eq!(judged(&good[..end]), Verdict::Malformed, "{end}");
    }
    let mut counts = good.clone();
    counts[6..8].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(judged(&counts), Verdict::Malformed);
    // A pointer to itself, and one forwards.
    for pointer in [question, question + 40] {
        let octets = answer(0, &[&record(&[0xc0, u8::try_from(pointer).unwrap()], 16, b"\x01x")]);
        assert_eq!(judged(&octets), Verdict::Malformed, "{pointer}");
    }
    // A string that is longer than its record.
    assert_eq!(judged(&answer(0, &[&record(&[0xc0, 0x0c], 16, b"\x05x")])), Verdict::Malformed);
    // And any octet of it changed to any other: no panic.
    for at in 0..good.len() {
        for octet in 0..=255 {
            let mut octets = good.clone();
            octets[at] = octet;
            let _ = judged(&octets);
        }
    }
}

#[test]
fn the_upper_bits_of_a_code_count() {
    for (lower, upper, code) in [(0, 1, 16), (3, 1, 19), (2, 0, 2), (15, 255, 4095)] {
        let opt = [0, 0, 41, 4, 208, upper, 0, 0, 0, 0, 0];
        let mut octets = [answer(lower, &[]), opt.to_vec()].concat();
        octets[11] = 1;
        assert_eq!(judged(&octets), Verdict::Code(code), "{code}");
    }
}

#[test]
fn whoever_neither_asks_others_nor_is_in_charge_does_not_know_that_there_is_none() {
    let alias = record(&[0xc0, 0x0c], 5, b"\x04keys\xc0\x19");
    let said = |asks_others: bool, is_in_charge: bool, records: &[&[u8]]| {
        let mut octets = answer(0, records);
        octets[2] = 0x81 | if is_in_charge { 0x04 } else { 0 };
        octets[3] = if asks_others { 0x80 } else { 0 };
        judged(&octets)
    };
    for (asks_others, is_in_charge, knows, knows_behind_alias) in [
        (true, false, true, true),
        (true, true, true, true),
        (false, true, true, false),
        (false, false, false, false),
    ] {
        let none = said(asks_others, is_in_charge, &[]);
        assert_eq!(none != Verdict::Malformed, knows, "{asks_others} {is_in_charge}");
        let none = said(asks_others, is_in_charge, &[&alias]);
        assert_eq!(none != Verdict::Malformed, knows_behind_alias, "{asks_others} {is_in_charge}");
        assert_eq!(said(asks_others, is_in_charge, &[&txt(&["x"])]), texts_of(&["x"]));
    }
}
