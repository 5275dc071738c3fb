//! What comes to the sink's name server: the octets are a question, or nothing like one.

use super::assert_printable;
use ehlo::inside::dns::{Answer, Data, Kind, Question, Transport, respond};

/// What an answer over UDP has room for.
const MOST: usize = 1232;

pub fn holds(octets: &[u8]) {
    let is_question = octets.len() >= 12 && octets[2] & 0x80 == 0;
    for transport in [Transport::Udp, Transport::Tcp] {
        let said = respond(octets, transport, &records);
        assert_eq!(said.is_some(), is_question, "a question is answered, and nothing else");
        let Some(said) = said else { continue };
        assert!(said.len() >= 12 && said[..2] == octets[..2], "it is the answer to this one");
        assert!(transport == Transport::Tcp || said.len() <= MOST);
        // Two that answered each other would never end.
        assert_eq!(respond(&said, transport, &records), None);
    }
}

/// One record of each type, of any name.
fn records(question: &Question) -> Answer {
    assert_printable(&question.name);
    assert!(!question.name.is_empty() && !question.name.bytes().any(|octet| octet.is_ascii_uppercase()));
    let name = question.name.clone();
    let data = match question.kind {
        Kind::A => Data::Address([192, 0, 2, 1].into()),
        Kind::Aaaa => Data::Address([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into()),
        Kind::Mx => Data::Mx { preference: 10, host: name },
        Kind::Tlsa => Data::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![0; 32] },
        Kind::Txt => Data::Txt(name.repeat(20).into_bytes()),
        Kind::Cname | Kind::Ns | Kind::Ptr => Data::Name(name),
    };
    Answer { records: vec![data], aliases: Vec::new(), secure: true }
}
