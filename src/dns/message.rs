//! A question as octets, and an answer out of octets (RFC 1035, section 4; EDNS: RFC 6891).

use domain::base::iana::{Class, Rcode};
use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::Txt;

/// How large an answer over UDP may be: it fits into any packet that is not cut (RFC 9715).
const SIZE: u16 = 1232;

/// A name, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted(Name<Vec<u8>>);

/// What came of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does not answer this question: whoever sent it, the answer may still come.
    Other,
    /// It was cut: the whole of it is to be had over TCP.
    Cut,
    /// The code of an error, but for 3.
    Code(u8),
    /// It breaks the rules.
    Malformed,
    /// There is no such name.
    NoSuchName,
    /// There are these; none, where the name has no such record.
    Texts(Vec<Vec<u8>>),
}

impl Wanted {
    /// Takes a name in A-labels; a dot at its end does not matter. `None` if no name can be like this.
    pub(super) fn parse(name: &str) -> Option<Wanted> {
        // `domain` would read a backslash as an escape.
        if name.contains('\\') || name.is_empty() || !name.bytes().all(|octet| octet.is_ascii_graphic()) {
            return None;
        }
        name.parse().ok().map(Wanted)
    }
}

/// A question for TXT records. It asks for the AD bit, which says that the answer was validated (RFC 6840, section 5.7),
/// and for no signatures. Without EDNS for a resolver that does not know that.
pub(super) fn question(wanted: &Wanted, id: u16, with_edns: bool) -> Option<Vec<u8>> {
    let mut builder = MessageBuilder::new_vec();
    let header = builder.header_mut();
    header.set_id(id);
    header.set_rd(true);
    header.set_ad(true);
    let mut builder = builder.question();
    builder.push((&wanted.0, Rtype::TXT, Class::IN)).ok()?;
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

/// Judges what came for this question.
pub(super) fn judge(question: &[u8], octets: &[u8]) -> Verdict {
    let (Ok(asked), Ok(said)) = (Message::from_octets(question), Message::from_octets(octets)) else {
        return Verdict::Other;
    };
    // A resolver that cannot read a question may not repeat it.
    let is_bare = said.header().qr()
        && said.header().id() == asked.header().id()
        && said.header_counts().qdcount() == 0
        && said.header().rcode() != Rcode::NOERROR;
    if !is_bare && !said.is_answer(&asked) {
        return Verdict::Other;
    }
    match said.header().rcode() {
        _ if said.header().tc() => Verdict::Cut,
        Rcode::NOERROR => texts(&said).map_or(Verdict::Malformed, Verdict::Texts),
        Rcode::NXDOMAIN => Verdict::NoSuchName,
        code => Verdict::Code(code.to_int()),
    }
}

/// The TXT records of the name that was asked for, or of the one that it is an alias of; the strings of each are joined.
/// Nothing but the answer section counts, and in it nothing that belongs to another name.
fn texts(said: &Message<&[u8]>) -> Option<Vec<Vec<u8>>> {
    let name = said.canonical_name()?;
    let mut found = Vec::new();
    for record in said.answer().ok()?.limit_to_in::<Txt<_>>() {
        let record = record.ok()?;
        if record.owner() == &name {
            found.push(record.data().iter().flatten().copied().collect());
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests;
