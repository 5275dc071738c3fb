//! Questions as this program asks them, and as nobody should.

use super::super::message::{Verdict, Wanted, judge, question};
use super::*;

/// The flags of a header, and its counts.
fn head(octets: &[u8]) -> (u16, [u16; 4]) {
    let number = |at: usize| u16::from_be_bytes([octets[at], octets[at + 1]]);
    (number(2), [number(4), number(6), number(8), number(10)])
}

fn asked(name: &str, kind: Kind, with_edns: bool) -> Vec<u8> {
    question(&Wanted::of(&Question::new(name, kind)).unwrap(), 0x1234, with_edns).unwrap()
}

fn secure(records: Vec<Data>) -> Answer {
    Answer { records, aliases: vec![], secure: true }
}

/// One record of each type.
fn everything(question: &Question) -> Answer {
    let name = "mail.test".to_owned();
    secure(vec![match question.kind {
        Kind::A => Data::Address([192, 0, 2, 1].into()),
        Kind::Aaaa => Data::Address("2001:db8::1".parse().unwrap()),
        Kind::Mx => Data::Mx { preference: 10, host: name },
        Kind::Tlsa => Data::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![7; 32] },
        Kind::Txt => Data::Txt(question.name.repeat(30).into_bytes()),
        Kind::Cname | Kind::Ns | Kind::Ptr => Data::Name(name),
    }])
}

fn udp(octets: &[u8]) -> Option<Vec<u8>> {
    respond(octets, Transport::Udp, &everything)
}

#[test]
fn each_type_is_read_as_it_was_said() {
    for kind in Kind::ALL {
        let query = asked("Alpha.example", kind, true);
        let said = respond(&query, Transport::Tcp, &everything).unwrap();
        // The name is repeated as it was asked for, and known in small letters.
        assert!(said.windows(5).any(|octets| octets == b"Alpha"));
        let wanted = everything(&Question::new("alpha.example", kind));
        assert_eq!(judge(&query, &said), Verdict::Answer(wanted), "{kind:?}");
    }
}

#[test]
fn a_name_without_such_records_exists() {
    let query = asked("alpha.example", Kind::Mx, true);
    let said = respond(&query, Transport::Udp, &|_| secure(vec![])).unwrap();
    assert_eq!(judge(&query, &said), Verdict::Answer(secure(vec![])));
    let said = respond(&query, Transport::Udp, &|_| Answer::default()).unwrap();
    assert_eq!(judge(&query, &said), Verdict::Answer(Answer::default()));
    // A type that is not known here, such as SOA.
    let mut query = asked("alpha.example", Kind::A, false);
    let end = query.len();
    query[end - 3] = 6;
    assert_eq!(head(&udp(&query).unwrap()).1, [1, 0, 0, 0]);
}

#[test]
fn it_claims_to_be_validated_to_whom_asks_for_that() {
    let mut query = asked("alpha.example", Kind::A, true);
    // QR, RD, RA and AD.
    assert_eq!(head(&udp(&query).unwrap()), (0x81a0, [1, 1, 0, 1]));
    query[3] &= !0x20;
    assert_eq!(head(&udp(&query).unwrap()), (0x8180, [1, 1, 0, 1]));
    // DO, in the OPT record at the end: class, TTL, length.
    let end = query.len();
    query[end - 4] |= 0x80;
    let said = udp(&query).unwrap();
    assert_eq!(head(&said), (0x81a0, [1, 1, 0, 1]));
    assert_eq!(said[said.len() - 4], 0x80);
    // CD is given back, and RD, which is not set.
    query[2] = 0;
    query[3] = 0x10;
    assert_eq!(head(&udp(&query).unwrap()).0, 0x80b0);
}

#[test]
fn what_is_too_large_is_cut_over_udp_only() {
    let name = format!("{}.example", ["a".repeat(60), "b".repeat(60)].join("."));
    for (with_edns, size) in [(false, 512), (true, 1232)] {
        let query = asked(&name, Kind::Txt, with_edns);
        let cut = udp(&query).unwrap();
        assert!(cut.len() <= size);
        assert_eq!(head(&cut), (0x83a0, [1, 0, 0, u16::from(with_edns)]));
        assert_eq!(judge(&query, &cut), Verdict::Cut);
        let whole = respond(&query, Transport::Tcp, &everything).unwrap();
        assert!(matches!(judge(&query, &whole), Verdict::Answer(_)), "{with_edns}");
    }
    // It says that it takes 512 octets, or none, which is as many; and the most, which is more than is sent.
    for (size, fits) in [(0, false), (512, false), (1232, true), (65535, true)] {
        let mut query = asked("alpha.example", Kind::Txt, true);
        let at = query.len() - 8;
        query[at..at + 2].copy_from_slice(&u16::to_be_bytes(size));
        let long = |_: &Question| secure(vec![Data::Txt(vec![b'x'; 900])]);
        assert_eq!(head(&respond(&query, Transport::Udp, &long).unwrap()).1[1] == 1, fits, "{size}");
    }
}

#[test]
fn a_record_that_cannot_be_said_is_left_out() {
    let query = asked("alpha.example", Kind::Mx, true);
    let long = format!("{}.example", "x".repeat(64));
    let said = respond(&query, Transport::Udp, &|_| {
        let mx = |host: &str| Data::Mx { preference: 1, host: host.to_owned() };
        secure(vec![mx(&long), mx("mx.example"), mx("a..b"), mx("")])
    });
    let Verdict::Answer(answer) = judge(&query, &said.unwrap()) else { panic!("no answer") };
    assert_eq!(answer.records, [Data::Mx { preference: 1, host: "mx.example".to_owned() }]);
}

#[test]
fn what_is_no_question_is_not_answered() {
    let query = asked("alpha.example", Kind::A, true);
    for length in 0..12 {
        assert_eq!(udp(&query[..length]), None, "{length}");
    }
    let answer = udp(&query).unwrap();
    assert_eq!(udp(&answer), None);
}

#[test]
fn a_broken_question_gets_formerr_and_another_request_notimp() {
    let query = asked("alpha.example", Kind::A, true);
    let code = |octets: &[u8]| {
        let said = udp(octets).unwrap();
        let (flags, counts) = head(&said);
        assert_eq!(&said[..2], &octets[..2]);
        assert_eq!(flags & 0x8000, 0x8000);
        (flags & 0xf, counts)
    };
    // Cut off anywhere.
    for length in 12..query.len() {
        assert_eq!(code(&query[..length]), (1, [0; 4]), "{length}");
    }
    // No question, and two.
    for count in [0, 2] {
        let mut query = query.clone();
        query[5] = count;
        assert_eq!(code(&query), (1, [0; 4]), "{count}");
    }
    // Two OPT records.
    let mut two = query.clone();
    two[11] = 2;
    two.extend_from_slice(&query[query.len() - 11..]);
    assert_eq!(code(&two), (1, [0; 4]));
    // A name that points to itself, and one that never ends.
    for name in [&[0xc0, 12][..], &[63; 200]] {
        assert_eq!(code(&[&query[..12], name, &[0, 1, 0, 1]].concat()), (1, [0; 4]));
    }
    // All other opcodes: NOTIFY, UPDATE, and those that nobody knows.
    for opcode in 1..16 {
        let mut query = query.clone();
        query[2] |= opcode << 3;
        assert_eq!(code(&query), (4, [0; 4]), "{opcode}");
    }
    // CHAOS.
    let mut query = asked("version.bind", Kind::Txt, false);
    let end = query.len();
    query[end - 1] = 3;
    assert_eq!(code(&query), (5, [1, 0, 0, 0]));
}

#[test]
fn a_later_version_of_edns_is_told_which_one_is_spoken() {
    let mut query = asked("alpha.example", Kind::A, true);
    let at = query.len() - 5;
    query[at] = 1;
    let said = udp(&query).unwrap();
    assert_eq!(head(&said).1, [1, 0, 0, 1]);
    // BADVERS is 16: its upper half is in the OPT record, before the version.
    assert_eq!(said[said.len() - 6..said.len() - 4], [1, 0]);
}

#[test]
fn whatever_comes_is_survived() {
    let query = asked("alpha.example", Kind::Txt, true);
    for at in 0..query.len() {
        for octet in 0..=255 {
            let mut query = query.clone();
            query[at] = octet;
            for transport in [Transport::Udp, Transport::Tcp] {
                if let Some(said) = respond(&query, transport, &everything) {
                    assert!(said.len() >= 12 && said[2] & 0x80 != 0);
                }
            }
        }
    }
}
