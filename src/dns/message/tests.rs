//! Answers as they come, and as they should not.

use super::*;

fn asked(name: &str) -> Vec<u8> {
    question(&Wanted::parse(name).unwrap(), 0x1234, true).unwrap()
}

/// The question alone, without what stands behind it.
fn bare(name: &str) -> Vec<u8> {
    question(&Wanted::parse(name).unwrap(), 0x1234, false).unwrap()
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

fn texts_of(texts: &[&str]) -> Verdict {
    Verdict::Texts(texts.iter().map(|text| text.as_bytes().to_vec()).collect())
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
        assert_eq!(Wanted::parse(name), None, "{name}");
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
    assert_eq!(judged(&answer(0, &[&alias, &target])), texts_of(&["good"]));
    assert_eq!(judged(&answer(0, &[&target, &alias])), texts_of(&["good"]));
    // The target is missing.
    assert_eq!(judged(&answer(0, &[&alias])), texts_of(&[]));
    let back = record(b"\x04keys\xc0\x19", 5, &[0xc0, 0x0c]);
    assert_eq!(judged(&answer(0, &[&alias, &back])), Verdict::Malformed);
}

#[test]
fn codes_and_cuts_are_told_apart() {
    assert_eq!(judged(&answer(3, &[])), Verdict::NoSuchName);
    assert_eq!(judged(&answer(3, &[&txt(&["x"])])), Verdict::NoSuchName);
    for code in [1, 2, 4, 5] {
        assert_eq!(judged(&answer(code, &[])), Verdict::Code(code));
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
