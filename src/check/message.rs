//! Whether a message would pass: SPF for its reverse-path, DKIM for each of its signatures, and DMARC for the domain in its
//! From, which puts both together.

use super::asker::{Asker, Failed, Looker};
use crate::dkim::{Answer, Judgement, Verdict, Verifier};
use crate::dmarc::{self, Found, Policy, Signed};
use crate::dns::Kind;
use crate::spf::{self, Evaluation, Question, evaluate};
use std::net::IpAddr;

/// A message that is to be judged.
#[derive(Debug)]
pub struct Wanted {
    /// It has read the whole message.
    pub verifier: Verifier,
    /// The domains of the addresses in From, each once, in A-labels and small letters.
    pub authors: Vec<String>,
    /// The reverse-path: its local part and its domain; none if it is null.
    pub sender: Option<(String, String)>,
    /// The reverse-path is taken from From, since nobody named one.
    pub is_assumed: bool,
    /// The address from which it is sent.
    pub client: Option<IpAddr>,
    /// The name of that client in EHLO, if it is a domain, in small letters.
    pub helo: Option<String>,
    /// How many From fields there are.
    pub from_fields: usize,
}

/// What became of it.
#[derive(Debug)]
pub struct MessageFacts {
    /// The domains in From.
    pub authors: Vec<String>,
    /// The reverse-path; none if it is null.
    pub sender: Option<(String, String)>,
    /// The reverse-path is taken from From.
    pub is_assumed: bool,
    /// The address from which it is sent.
    pub client: Option<IpAddr>,
    /// How many From fields there are.
    pub from_fields: usize,
    /// For whom SPF is judged: the reverse-path; if that is null, the postmaster of the client (RFC 7208, section 2.4).
    pub spf_of: Option<(String, String)>,
    /// What SPF says; none where the address, or for whom it is judged, is missing.
    pub spf: Option<Evaluation>,
    /// What DKIM says of each signature.
    pub signatures: Vec<Judgement>,
    /// So many signatures were not looked at.
    pub left_out: usize,
    /// What the domain in From says; none if there is not exactly one.
    pub author: Option<Found>,
    /// What DMARC makes of it.
    pub dmarc: Option<dmarc::Judgement>,
    /// Look-ups that failed.
    pub failed: Vec<Failed>,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum MessageFault<'a> {
    /// From names no domain.
    NoAuthor,
    /// There are so many From fields.
    Fields(usize),
    /// From names so many domains.
    Authors(usize),
    /// SPF was not judged.
    NotJudged(NotJudged),
    /// DKIM does not prove it, and whether SPF does is not known.
    Open(NotJudged),
    /// SPF does not pass.
    Spf(&'a Evaluation),
    /// It has no signature.
    Unsigned,
    /// A signature does not pass.
    Signature(&'a Judgement),
    /// DMARC fails, and this is to be done then.
    Fails(Policy),
    /// The domain in From has no record: nothing is demanded.
    NoRecord,
}

/// Why SPF was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJudged {
    /// The address from which it is sent is not known.
    NoClient,
    /// There is no reverse-path: it is null, or From has no address; and the name of the client is not known.
    NoName,
}

impl MessageFacts {
    /// Whether something is not known that could change the verdict.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.failed.is_empty() || self.spf.is_none()
    }

    /// Why SPF was not judged, if so.
    #[must_use]
    pub fn not_judged(&self) -> Option<NotJudged> {
        match (&self.spf, self.client) {
            (Some(_), _) => None,
            (None, None) => Some(NotJudged::NoClient),
            (None, Some(_)) => Some(NotJudged::NoName),
        }
    }
}

pub(super) fn gather(wanted: Wanted, asker: Asker<'_>) -> MessageFacts {
    let Wanted { mut verifier, authors, sender, is_assumed, client, helo, from_fields } = wanted;
    let mut looker = Looker::new(asker);
    let mut failed = Vec::new();
    for question in verifier.questions() {
        let answer = match asker.texts(&question) {
            Ok(texts) if texts.is_empty() => Answer::None,
            Ok(texts) => Answer::Records(texts),
            Err(error) => {
                failed.push(error);
                Answer::Failed
            }
        };
        verifier.answer(&question, &answer);
    }
    let left_out = verifier.left_out();
    let signatures = verifier.finish();
    let of_client = || helo.as_ref().map(|name| ("postmaster".to_owned(), name.clone()));
    let spf_of = sender.clone().or_else(of_client);
    let spf = client.zip(spf_of.as_ref()).map(|(ip, (local, domain))| {
        let question =
            Question { ip, local, sender_domain: domain, helo: helo.as_deref().unwrap_or("unknown") };
        evaluate(&question, domain, &mut looker)
    });
    let author = match authors.as_slice() {
        [author] if from_fields == 1 => Some(looker.walk(author)),
        _ => None,
    };
    let judgement = author.as_ref().map(|author| {
        let organizational = |domain: &str| looker.walk(domain).organizational;
        let passed = spf.as_ref().filter(|spf| spf.verdict == spf::Verdict::Pass);
        let by_spf = passed.and(spf_of.as_ref()).map(|(_, domain)| (domain.clone(), organizational(domain)));
        let by_dkim: Vec<(String, String)> = signatures
            .iter()
            // A domain that is only testing proves nothing (RFC 6376, section 3.6.1).
            .filter(|one| one.verdict == Verdict::Pass && !one.is_test)
            .filter_map(|one| one.signature.as_ref())
            .map(|signature| (signature.domain.clone(), organizational(&signature.domain)))
            .collect();
        fn signed(both: &(String, String)) -> Signed<'_> {
            Signed { domain: &both.0, organizational: &both.1 }
        }
        let by_dkim: Vec<Signed<'_>> = by_dkim.iter().map(signed).collect();
        dmarc::judge(author, exists(&author.domain, asker), by_spf.as_ref().map(signed), &by_dkim)
    });
    failed.extend(looker.into_failed());
    MessageFacts {
        authors,
        sender,
        is_assumed,
        client,
        from_fields,
        spf_of,
        spf,
        signatures,
        left_out,
        author,
        dmarc: judgement,
        failed,
    }
}

/// Whether there is a domain: it has a host for its mail, or an address (RFC 9989, section 3.2.13).
fn exists(domain: &str, asker: Asker<'_>) -> bool {
    let questions = [Kind::Mx, Kind::A, Kind::Aaaa].map(|kind| (domain.to_owned(), kind));
    // What is not known counts as if it were there.
    asker
        .ask_all(&questions)
        .iter()
        .any(|came| came.as_ref().map_or(true, |answer| !answer.records.is_empty()))
}
