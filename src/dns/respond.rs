//! The other side of the DNS: a question out of octets, and the octets of its answer (RFC 1035, section 4.1; EDNS: RFC
//! 6891), as a resolver that has validated it would say it. For the sink, which knows the records.
//!
//! Octets in, octets out: sockets are whose they are. Whatever comes, this returns.

use super::message::{SIZE, text};
use super::record::{Answer, Data, Kind, Question};
use domain::base::iana::{Class, Opcode, OptRcode, Rcode};
use domain::base::message_builder::{PushError, StaticCompressor};
use domain::base::name::ToName;
use domain::base::opt::OptRecord;
use domain::base::{Header, Message, MessageBuilder, Name, Rtype, Ttl, UnknownRecordData};
use domain::rdata::{A, Aaaa, Cname, Mx, Ns, Ptr, Txt};
use std::net::IpAddr;
use std::str::FromStr;

/// What an answer over UDP may be without EDNS (RFC 1035, section 4.2.1).
const SMALL: u16 = 512;
/// Nobody keeps an answer: it is another one when the program is started again.
const TTL: Ttl = Ttl::ZERO;

/// How a question came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// In a datagram: an answer that is larger than the client takes is cut.
    Udp,
    /// Behind its length.
    Tcp,
}

/// What is said of a name: the records of the type that was asked for, none where there are none. Nothing is said of aliases.
pub type Records<'a> = &'a dyn Fn(&Question) -> Answer;

/// The answer to what came; none to what is no question, such as an answer.
///
/// Every name exists. What is [secure](Answer::secure) claims that (AD) to a client who asks for it (RFC 6840, section 5.8). A question
/// that breaks the rules gets FORMERR, another kind of request NOTIMP, a class that is not the Internet's REFUSED.
#[must_use]
pub fn respond(octets: &[u8], transport: Transport, records: Records<'_>) -> Option<Vec<u8>> {
    let asked = Message::from_octets(octets).ok()?;
    if asked.header().qr() {
        return None;
    }
    let refused = |rcode: Rcode| answer(&asked, None, &Answer::default(), rcode, None);
    if asked.header().opcode() != Opcode::QUERY {
        return refused(Rcode::NOTIMP);
    }
    let (Ok(question), Some(edns)) = (asked.sole_question(), edns(&asked)) else {
        return refused(Rcode::FORMERR);
    };
    let name: Name<Vec<u8>> = question.qname().to_name();
    let wanted = (&name, question.qtype());
    let rcode = match (&edns, question.qclass()) {
        // Its code does not fit into the header, and is said in the OPT record.
        (Some(edns), _) if edns.version() != 0 => {
            return answer(&asked, Some(wanted), &Answer::default(), Rcode::NOERROR, Some(OptRcode::BADVERS));
        }
        (_, Class::IN) => Rcode::NOERROR,
        _ => Rcode::REFUSED,
    };
    let with_edns = edns.is_some().then_some(OptRcode::NOERROR);
    let found = match kind(question.qtype()).filter(|_| rcode == Rcode::NOERROR) {
        Some(kind) => {
            let name = text(&name).to_ascii_lowercase();
            records(&Question { name, kind, unchecked: asked.header().cd() })
        }
        None => Answer::default(),
    };
    let said = answer(&asked, Some(wanted), &found, rcode, with_edns)?;
    let room = match transport {
        Transport::Udp => edns.map_or(SMALL, |edns| edns.udp_payload_size().clamp(SMALL, SIZE)),
        Transport::Tcp => u16::MAX,
    };
    if said.len() <= usize::from(room) {
        return Some(said);
    }
    let mut cut = answer(&asked, Some(wanted), &Answer { records: Vec::new(), ..found }, rcode, with_edns)?;
    Header::for_message_slice_mut(&mut cut).set_tc(true);
    Some(cut)
}

/// The OPT record, if there is one; `None` if the rest of the message breaks the rules, or there are two (RFC 6891, section
/// 6.1.1).
#[allow(clippy::option_option, reason = "broken, and no EDNS, are two things")]
fn edns<'a>(asked: &'a Message<&'a [u8]>) -> Option<Option<OptRecord<&'a [u8]>>> {
    let mut count = 0;
    for record in asked.additional().ok()? {
        count += usize::from(record.ok()?.rtype() == Rtype::OPT);
    }
    match count {
        0 => Some(None),
        1 => asked.opt().map(Some),
        _ => None,
    }
}

/// An answer with these records; `extended` is the code in its OPT record, if it has one.
fn answer(
    asked: &Message<&[u8]>,
    wanted: Option<(&Name<Vec<u8>>, Rtype)>,
    found: &Answer,
    rcode: Rcode,
    extended: Option<OptRcode>,
) -> Option<Vec<u8>> {
    let mut builder = MessageBuilder::from_target(StaticCompressor::new(Vec::new())).ok()?;
    let is_dnssec = asked.opt().is_some_and(|opt| opt.dnssec_ok());
    let (said, header) = (asked.header(), builder.header_mut());
    header.set_id(said.id());
    header.set_qr(true);
    header.set_opcode(said.opcode());
    header.set_rd(said.rd());
    header.set_ra(true);
    header.set_ad(found.secure && (said.ad() || is_dnssec));
    header.set_cd(said.cd());
    header.set_rcode(rcode);
    let mut builder = builder.question();
    if let Some((name, rtype)) = wanted {
        builder.push((name, rtype, asked.sole_question().ok()?.qclass())).ok()?;
    }
    let mut builder = builder.answer();
    if let Some((name, rtype)) = wanted {
        for data in &found.records {
            // What cannot be said is left out.
            let _ = push(&mut builder, name, rtype, data);
        }
    }
    let mut builder = builder.additional();
    if let Some(extended) = extended {
        let opt = builder.opt(|opt| {
            opt.set_udp_payload_size(SIZE);
            opt.set_rcode(extended);
            opt.set_dnssec_ok(is_dnssec);
            Ok(())
        });
        opt.ok()?;
    }
    Some(builder.finish().into_target())
}

type Answers = domain::base::message_builder::AnswerBuilder<StaticCompressor<Vec<u8>>>;

fn push(to: &mut Answers, owner: &Name<Vec<u8>>, rtype: Rtype, data: &Data) -> Result<(), PushError> {
    let named = |text: &str| Name::<Vec<u8>>::from_str(text).map_err(|_| PushError::ShortBuf);
    match data {
        Data::Address(IpAddr::V4(ip)) => to.push((owner, Class::IN, TTL, A::new(*ip))),
        Data::Address(IpAddr::V6(ip)) => to.push((owner, Class::IN, TTL, Aaaa::new(*ip))),
        Data::Name(name) => match rtype {
            Rtype::CNAME => to.push((owner, Class::IN, TTL, Cname::new(named(name)?))),
            Rtype::NS => to.push((owner, Class::IN, TTL, Ns::new(named(name)?))),
            _ => to.push((owner, Class::IN, TTL, Ptr::new(named(name)?))),
        },
        Data::Mx { preference, host } => to.push((owner, Class::IN, TTL, Mx::new(*preference, named(host)?))),
        Data::Tlsa { usage, selector, matching, data } => {
            let octets = [&[*usage, *selector, *matching], data.as_slice()].concat();
            let data = UnknownRecordData::from_octets(rtype, octets).map_err(|_| PushError::ShortBuf)?;
            to.push((owner, Class::IN, TTL, data))
        }
        Data::Txt(text) => {
            let data = Txt::<Vec<u8>>::build_from_slice(text).map_err(|_| PushError::ShortBuf)?;
            to.push((owner, Class::IN, TTL, data))
        }
    }
}

/// The types that are known here.
fn kind(rtype: Rtype) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.code() == rtype)
}

#[cfg(test)]
mod tests;
