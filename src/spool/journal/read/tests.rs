use super::super::{encode, head};
use super::*;
use crate::spool::moment::Moment;

const ID: &str = "1NGT5M0QX4K7C";

fn id() -> Id {
    ID.parse().unwrap()
}

fn moment(seconds: i64) -> Moment {
    Moment { wall: 1_796_000_000 + seconds, boot: 4711, start: 0x3f2a_9c01 }
}

/// Every event, with and without what it may have.
fn events() -> Vec<Event> {
    let said = || "250 2.0.0 Ok: queued as 4F2 ~00000000".to_owned();
    let by = || "1000".to_owned();
    let server = || "mx.example.org[192.0.2.1]:25".to_owned();
    vec![
        Event::Attempt { number: 1, server: server(), tls: Some("TLSv1.3".to_owned()) },
        Event::Attempt { number: u32::MAX, server: " % \n".to_owned(), tls: None },
        Event::Attempt { number: 2, server: String::new(), tls: Some("-".to_owned()) },
        Event::Dot { number: 1, places: vec![0, 2, 3, 4, 9, 10] },
        Event::Accepted { number: 1, places: vec![0, 2, 3, 4], said: said() },
        Event::Refused { number: 1, places: vec![5], said: " j\u{fc}rgen  ".to_owned() },
        Event::Deferred { number: 1, places: vec![9], next: moment(300), said: String::new() },
        Event::Unknown { number: 1, places: vec![10], next: Some(moment(900)), said: said() },
        Event::Unknown { number: 1, places: Vec::new(), next: None, said: "-".to_owned() },
        Event::GivenUp { places: (0..1_000_000).collect(), said: said() },
        Event::Told { places: vec![5], notice: Some(Id::new(1, 2)), what: "failed".to_owned() },
        Event::Told { places: vec![5], notice: None, what: "delayed".to_owned() },
        Event::Held { by: "ehlo".to_owned(), why: "no domain".to_owned() },
        Event::Released { by: by() },
        Event::Retry { places: vec![MOST_PLACES - 1], by: by() },
        Event::Removed { places: vec![1], by: by(), tell: true },
        Event::Removed { places: vec![1], by: by(), tell: false },
        Event::HandedOn { to: "the database".to_owned() },
        Event::Confirmed { places: vec![1], by: by() },
    ]
}

fn record(event: Event) -> Record {
    Record { at: moment(1), event }
}

fn journal(records: &[Record]) -> Vec<u8> {
    records.iter().fold(head(&id()), |mut octets, record| {
        octets.extend(encode(record));
        octets
    })
}

/// A few short records.
fn few() -> Vec<Record> {
    let events = events();
    [0, 3, 4, 5, 6, 12, 15].map(|at| record(events[at].clone())).to_vec()
}

#[test]
fn the_lines_are_those_of_the_manual() {
    let line = |record| String::from_utf8(encode(&record)).unwrap();
    let sum = |text: &str| format!("{text}~{:08x}\n", crc32c(text.as_bytes()));
    assert_eq!(String::from_utf8(head(&id())).unwrap(), sum("ehlo-journal 1 1NGT5M0QX4K7C "));
    for (at, text) in [
        (0, "A 1796000001+4711@3f2a9c01 1 mx.example.org[192.0.2.1]:25 TLSv1.3 "),
        (1, "A 1796000001+4711@3f2a9c01 4294967295 %20%25%20%0A - "),
        (3, "D 1796000001+4711@3f2a9c01 1 0,2-4,9-10 "),
        (4, "S 1796000001+4711@3f2a9c01 1 0,2-4 250 2.0.0 Ok: queued as 4F2 ~00000000 "),
        (8, "U 1796000001+4711@3f2a9c01 1 - - - "),
        (9, "E 1796000001+4711@3f2a9c01 0-999999 250 2.0.0 Ok: queued as 4F2 ~00000000 "),
        (16, "X 1796000001+4711@3f2a9c01 1 1000 quiet "),
    ] {
        assert_eq!(line(record(events()[at].clone())), sum(text));
    }
}

#[test]
fn every_event_is_read_as_it_was_written() {
    let records: Vec<Record> = events().into_iter().map(record).collect();
    let octets = journal(&records);
    let end = octets.len() as u64;
    assert_eq!(decode(&octets, &id()), Ok(Journal { records: records.clone(), end }));
    let with_room = [octets, vec![0; 5000]].concat();
    assert_eq!(decode(&with_room, &id()), Ok(Journal { records, end }));
}

#[test]
fn what_somebody_said_is_one_line_and_not_too_long() {
    for (said, kept) in [
        ("550-no\r\n550 such user\0".to_owned(), "550-no  550 such user ".to_owned()),
        ("\u{fc}".repeat(600), "\u{fc}".repeat(500)),
        (format!("a{}", "\u{fc}".repeat(600)), format!("a{}", "\u{fc}".repeat(499))),
    ] {
        let octets = journal(&[record(Event::Held { by: "ehlo".to_owned(), why: said })]);
        let Event::Held { why, .. } = decode(&octets, &id()).unwrap().records[0].event.clone() else {
            panic!()
        };
        assert_eq!(why, kept);
    }
    let long = Event::Attempt { number: 1, server: "\n".repeat(999), tls: Some("x".repeat(999)) };
    assert!(encode(&record(long)).len() < 2000);
}

#[test]
fn places_come_out_in_order_each_once() {
    let octets = journal(&[record(Event::Dot { number: 1, places: vec![3, 1, 2, 1, 7] })]);
    let dot = Event::Dot { number: 1, places: vec![1, 2, 3, 7] };
    assert_eq!(decode(&octets, &id()).unwrap().records, [record(dot)]);
}

/// Cut, with nothing or zeros behind: what is left are its first lines, all that are whole.
#[test]
fn a_cut_journal_holds_the_first_of_its_records() {
    let records = few();
    let octets = journal(&records);
    let mut ends: Vec<usize> = vec![head(&id()).len()];
    ends.extend(records.iter().scan(ends[0], |end, record| {
        *end += encode(record).len();
        Some(*end)
    }));
    for cut in 0..=octets.len() {
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let end = if whole == 0 { 0 } else { ends[whole - 1] };
        let awaited = Journal { records: records[..whole.saturating_sub(1)].to_vec(), end: end as u64 };
        for room in [0, 1, 511, 4096] {
            let left = [&octets[..cut], &vec![0; room]].concat();
            assert_eq!(decode(&left, &id()).as_ref(), Ok(&awaited), "cut at {cut}, {room} zeros");
        }
    }
}

/// Sectors that power took away, in the middle of what was written last: it was not written.
#[test]
fn a_sector_that_was_not_written_ends_the_journal() {
    let records: Vec<Record> = few().into_iter().cycle().take(40).collect();
    let octets = journal(&records);
    for sector in (512..octets.len()).step_by(512) {
        let mut torn = octets.clone();
        let to = (sector + 512).min(torn.len());
        torn[sector..to].fill(0);
        let left = decode(&torn, &id()).unwrap();
        assert!(left.end <= sector as u64 && records.starts_with(&left.records));
        assert!(left.end > sector as u64 - 200, "all lines before it are there");
    }
    // Lines that were to be written behind others, of whose sector the rest is not there.
    let first = journal(&records[..3]);
    let mut torn = octets;
    torn[first.len()..512].fill(0);
    assert_eq!(decode(&torn, &id()).unwrap().records, &records[..3]);
}

/// A turned bit is damage, or only the last line counts as not written. Then nobody is taken for served who was
/// not: it only takes away, and what it takes away is the last event.
#[test]
fn every_turned_bit_is_found_or_costs_the_last_line_only() {
    let records = few();
    for count in 0..=records.len() {
        let records = &records[..count];
        let octets = journal(records);
        for room in [0, 600] {
            let whole = [&octets[..], &vec![0; room]].concat();
            for at in 0..whole.len() * 8 {
                let mut turned = whole.clone();
                turned[at / 8] ^= 1 << (at % 8);
                match decode(&turned, &id()) {
                    Ok(left) if left.records == records => assert!(at / 8 >= octets.len(), "bit {at}"),
                    Ok(left) => {
                        assert_eq!(left.records, &records[..count - 1], "bit {at}");
                    }
                    Err(damage) => {
                        assert!(matches!(damage, Damage::Journal | Damage::ForeignJournal | Damage::Newer))
                    }
                }
            }
        }
    }
}

/// A line with its sum.
fn line(text: &str) -> Vec<u8> {
    format!("{text} ~{:08x}\n", crc32c(format!("{text} ").as_bytes())).into_bytes()
}

#[test]
fn a_line_of_a_later_version_is_passed_over() {
    let later = [head(&id()), line("Q 1 2 3"), line("Dx"), line("G 1+2@3 1000 because"), line("")].concat();
    let journal = decode(&later, &id()).unwrap();
    assert_eq!((journal.records.len(), journal.end), (1, later.len() as u64));
    let newer = [line("ehlo-journal 2 1NGT5M0QX4K7C"), b"whatever".to_vec()].concat();
    assert_eq!(decode(&newer, &id()), Err(Damage::Newer));
}

#[test]
fn a_line_that_cannot_be_meant_is_damage() {
    for text in [
        "D 1+2@3 1",
        "D 1+2 1 0",
        "D 1+2@3 -1 0",
        "D 1+2@3 1 1,0",
        "D 1+2@3 1 0-0,0",
        "D 1+2@3 1 4-2",
        "D 1+2@3 1 0-99999999999999999999",
        "D 1+2@3 1 0-16777216",
        "T 1+2@3 1 0 soon",
        "N 1+2@3 0 ID failed",
        "X 1+2@3 0 1000 perhaps",
        "G 1+2@3 %",
    ] {
        assert_eq!(decode(&[head(&id()), line(text)].concat(), &id()), Err(Damage::Journal), "{text}");
    }
}

#[test]
fn a_journal_of_another_message_or_none_is_told_apart() {
    assert_eq!(decode(&journal(&few()), &Id::new(1, 1)), Err(Damage::ForeignJournal));
    for foreign in [&b"hello\n"[..], b"x", b"\n", b"\0x", b"From: a@example.org\n\n"] {
        assert_eq!(decode(foreign, &id()), Err(Damage::ForeignJournal), "{foreign:?}");
    }
    for none in [&b""[..], &[0], &[0; 5000]] {
        assert_eq!(decode(none, &id()), Ok(Journal::default()));
    }
}
