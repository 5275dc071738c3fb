//! An answer of a resolver: the octets are a kind of record, three counts, and what stands behind the question.

use super::assert_printable;
use ehlo::inside::dns::{Data, Kind, Question, read};
use ehlo::inside::report::text::printable;

const KINDS: [Kind; 8] =
    [Kind::A, Kind::Aaaa, Kind::Cname, Kind::Mx, Kind::Ns, Kind::Ptr, Kind::Tlsa, Kind::Txt];
/// `example.org`, as a question has it.
const NAME: &[u8] = b"\x07example\x03org\x00";
const CODES: [u8; 8] = [1, 28, 5, 15, 2, 12, 52, 16];

pub fn holds(octets: &[u8]) {
    let asked = |kind| Question::new("example.org", kind);
    // As a whole datagram it may be anything.
    for kind in KINDS {
        read(&asked(kind), 0x1234, octets);
    }
    let Some((head, rest)) = octets.split_at_checked(4) else { return };
    let at = usize::from(head[0]) % KINDS.len();
    let counts = [0, head[1], 0, head[2], 0, head[3]];
    let datagram = [&[0x12, 0x34, 0x81, 0xa0, 0, 1], &counts[..], NAME, &[0, CODES[at], 0, 1], rest].concat();
    assert!(read(&asked(KINDS[at]), 0x1235, &datagram).is_none(), "an answer to another question");
    let Some(answer) = read(&asked(KINDS[at]), 0x1234, &datagram) else { return };
    assert!(answer.records.len() <= 200 && answer.aliases.len() <= 8);
    assert!(answer.secure);
    let named = |name: &str| {
        assert_printable(&printable(name));
        assert!(
            !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' '),
            "{name:?}"
        );
    };
    answer.aliases.iter().for_each(|name| named(name));
    for record in &answer.records {
        match (KINDS[at], record) {
            (Kind::A, Data::Address(ip)) => assert!(ip.is_ipv4()),
            (Kind::Aaaa, Data::Address(ip)) => assert!(ip.is_ipv6()),
            (Kind::Cname | Kind::Ns | Kind::Ptr, Data::Name(name)) => named(name),
            (Kind::Mx, Data::Mx { host, .. }) => named(host),
            (Kind::Tlsa, Data::Tlsa { .. }) | (Kind::Txt, Data::Txt(_)) => {}
            (kind, record) => panic!("{record:?} is no {kind:?}"),
        }
    }
}
