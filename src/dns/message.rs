//! A question as octets, and an answer out of octets (RFC 1035, section 4; EDNS: RFC 6891).

use super::record::{Answer, Data, Kind, Question};
use domain::base::iana::{Class, Opcode, OptRcode};
use domain::base::name::{ParsedName, ToName};
use domain::base::record::ParsedRecord;
use domain::base::{Message, MessageBuilder, Name, Rtype, UnknownRecordData};
use domain::rdata::{A, Aaaa, Cname, Mx, Ns, Ptr, Txt};

/// The most aliases in a row.
const CHAIN: usize = 8;
/// The most records that are taken of one answer.
const MOST: usize = 200;

/// How large an answer over UDP may be: it fits into any packet that is not cut (RFC 9715).
pub(super) const SIZE: u16 = 1232;

/// A question whose name can be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    name: Name<Vec<u8>>,
    kind: Kind,
    unchecked: bool,
}

/// What came of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does not answer this question: whoever sent it, the answer may still come.
    Other,
    /// It was cut: the whole of it is to be had over TCP.
    Cut,
    /// The code of an error, but for 3.
    Code(u16),
    /// It breaks the rules, or comes from a server that does not know the answer (a referral).
    Malformed,
    /// There is no such name.
    NoSuchName,
    /// The name is there. [`Answer::secure`] is the bit as it came, whoever sent it.
    Answer(Answer),
}

impl Wanted {
    /// `None` if no name can be like this.
    pub(super) fn of(question: &Question) -> Option<Wanted> {
        let name = question.name.as_str();
        // `domain` would read a backslash as an escape.
        if name.contains('\\') || name.is_empty() || !name.bytes().all(|octet| octet.is_ascii_graphic()) {
            return None;
        }
        let name = name.parse().ok()?;
        Some(Wanted { name, kind: question.kind, unchecked: question.unchecked })
    }
}

/// A question. It asks for the AD bit, which says that the answer was validated (RFC 6840, section 5.7), and for no
/// signatures. Without EDNS for a resolver that does not know that.
pub(super) fn question(wanted: &Wanted, id: u16, with_edns: bool) -> Option<Vec<u8>> {
    let mut builder = MessageBuilder::new_vec();
    let header = builder.header_mut();
    header.set_id(id);
    header.set_rd(true);
    header.set_ad(true);
    header.set_cd(wanted.unchecked);
    let mut builder = builder.question();
    builder.push((&wanted.name, wanted.kind.code(), Class::IN)).ok()?;
    let mut builder = builder.additional();
    if with_edns {
        builder
            .opt(|opt| {
                opt.set_udp_payload_size(SIZE);
                Ok(())
            })
            .ok()?;
    }
    Some(builder.finish())
}

/// What this datagram says, were it the answer to a question with this id; nothing if it is none, or an error. For those who
/// have an answer and have asked nobody: tests and fuzz targets.
pub fn read(asked: &Question, id: u16, octets: &[u8]) -> Option<Answer> {
    match judge(&question(&Wanted::of(asked)?, id, true)?, octets) {
        Verdict::Answer(answer) => Some(answer),
        _ => None,
    }
}

/// Judges what came for this question.
pub(super) fn judge(question: &[u8], octets: &[u8]) -> Verdict {
    let (Ok(asked), Ok(said)) = (Message::from_octets(question), Message::from_octets(octets)) else {
        return Verdict::Other;
    };
    // With the upper bits, which are in the OPT record: without them BADVERS is no error (RFC 6891, section 6.1.3).
    let code = said.opt_rcode();
    // A resolver that cannot read a question may not repeat it.
    let is_bare = said.header().qr()
        && said.header().id() == asked.header().id()
        && said.header_counts().qdcount() == 0
        && code != OptRcode::NOERROR;
    if said.header().opcode() != Opcode::QUERY || !is_bare && !said.is_answer(&asked) {
        return Verdict::Other;
    }
    match code {
        _ if said.header().tc() => Verdict::Cut,
        OptRcode::NOERROR => records(&said)
            .filter(|answer| !answer.records.is_empty() || knows_of_none(&said, answer))
            .map_or(Verdict::Malformed, Verdict::Answer),
        OptRcode::NXDOMAIN => Verdict::NoSuchName,
        code => Verdict::Code(code.to_int()),
    }
}

/// Whether an answer without records is of somebody who knows that there are none: a resolver that asks others, or the
/// server of the zone, which knows nothing of what its aliases lead to (RFC 1035, section 4.1.1). Of anybody else it is a
/// referral.
fn knows_of_none(said: &Message<&[u8]>, answer: &Answer) -> bool {
    said.header().ra() || said.header().aa() && answer.aliases.is_empty()
}

/// The records of the name that was asked for, or of the one that it is an alias of. Nothing but the answer section
/// counts, and in it nothing that belongs to another name.
fn records(said: &Message<&[u8]>) -> Option<Answer> {
    let question = said.first_question()?;
    let mut name: Name<Vec<u8>> = question.qname().to_name();
    let kind = question.qtype();
    let mut aliases = Vec::new();
    if kind != Rtype::CNAME {
        while let Some(target) = alias(said, &name)? {
            if aliases.len() == CHAIN {
                return None;
            }
            aliases.push(text(&target));
            name = target;
        }
    }
    let mut found = Vec::new();
    for record in said.answer().ok()? {
        let record = record.ok()?;
        if record.rtype() == kind
            && record.class() == Class::IN
            && record.owner() == name
            && found.len() < MOST
        {
            found.push(data(&record)?);
        }
    }
    Some(Answer { records: found, aliases, secure: said.header().ad() })
}

/// What a name is an alias of, if it is one. `None` if the answer breaks the rules.
#[allow(clippy::option_option, reason = "broken, and no alias, are two things")]
fn alias(said: &Message<&[u8]>, name: &Name<Vec<u8>>) -> Option<Option<Name<Vec<u8>>>> {
    for record in said.answer().ok()?.limit_to_in::<Cname<_>>() {
        let record = record.ok()?;
        if record.owner() == name {
            return Some(Some(record.data().cname().to_name()));
        }
    }
    Some(None)
}

fn data(record: &ParsedRecord<'_, &[u8]>) -> Option<Data> {
    type Parsed<'a> = ParsedName<&'a [u8]>;
    let data = match record.rtype() {
        Rtype::A => Data::v4(record.to_record::<A>().ok()??.data().addr()),
        Rtype::AAAA => Data::v6(record.to_record::<Aaaa>().ok()??.data().addr()),
        Rtype::MX => {
            let record = record.to_record::<Mx<Parsed<'_>>>().ok()??;
            Data::Mx { preference: record.data().preference(), host: text(record.data().exchange()) }
        }
        Rtype::TLSA => {
            // The crate takes the type apart from a zone only.
            let record = record.to_record::<UnknownRecordData<&[u8]>>().ok()??;
            let &[usage, selector, matching, ref data @ ..] = *record.data().data() else { return None };
            Data::Tlsa { usage, selector, matching, data: data.to_vec() }
        }
        Rtype::TXT => {
            let record = record.to_record::<Txt<&[u8]>>().ok()??;
            Data::Txt(record.data().iter().flatten().copied().collect())
        }
        Rtype::CNAME => Data::Name(text(record.to_record::<Cname<Parsed<'_>>>().ok()??.data().cname())),
        Rtype::NS => Data::Name(text(record.to_record::<Ns<Parsed<'_>>>().ok()??.data().nsdname())),
        Rtype::PTR => Data::Name(text(record.to_record::<Ptr<Parsed<'_>>>().ok()??.data().ptrdname())),
        _ => return None,
    };
    Some(data)
}

/// A name as in a zone.
pub(super) fn text(name: &impl ToName) -> String {
    name.fmt_with_dot()
        .to_string()
        .strip_suffix('.')
        .filter(|name| !name.is_empty())
        .unwrap_or(".")
        .to_owned()
}

#[cfg(test)]
mod tests;
