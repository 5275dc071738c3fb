//! Of a message that is to pass.

use super::said::Said;
use super::spf;
use crate::check::{MessageFacts, MessageFault, NotJudged};
use crate::dkim::{self, Judgement};
use crate::dmarc::Policy;
use crate::net::tls::certificate::short;
use crate::words::dkim::verdict;

const NAME_THE_ADDRESS: &str = "name the address of the sending server with --from-ip";
const NAME_THE_CLIENT: &str = "without a reverse-path SPF is judged by the sending server's EHLO name (RFC 7208, section 2.4): name it with --ehlo-name";

pub(super) fn told(fault: &MessageFault<'_>) -> Said {
    match fault {
        MessageFault::NoAuthor => (
            "message_no_author",
            "the message has no address in From".to_owned(),
            "receivers refuse it: every message has one From with an address (RFC 5322, section 3.6.2)",
        ),
        MessageFault::Authors(count) => (
            "message_authors",
            format!("From of the message names {count} domains"),
            "DMARC judges one, and many receivers refuse more: name one address",
        ),
        MessageFault::Fields(count) => (
            "message_from_fields",
            format!("the message has {count} From fields"),
            "receivers refuse it, or show one and judge the other: every message has one (RFC 5322, section 3.6)",
        ),
        MessageFault::NotJudged(NotJudged::NoClient) => (
            "message_spf_not_judged",
            "SPF of the message was not judged: it is not known from where it is sent".to_owned(),
            NAME_THE_ADDRESS,
        ),
        MessageFault::NotJudged(NotJudged::NoName) => (
            "message_spf_not_judged",
            "SPF of the message was not judged: it has no reverse-path".to_owned(),
            NAME_THE_CLIENT,
        ),
        MessageFault::Open(why) => (
            "message_not_known",
            "DKIM does not prove the message, and whether SPF does is not known".to_owned(),
            match why {
                NotJudged::NoClient => NAME_THE_ADDRESS,
                NotJudged::NoName => NAME_THE_CLIENT,
            },
        ),
        MessageFault::Spf(found) => (
            "message_spf",
            format!(
                "SPF says {} of the message{}",
                found.verdict.word(),
                found
                    .trouble
                    .as_ref()
                    .map_or(String::new(), |trouble| format!(": {}", spf::trouble(trouble)))
            ),
            "if it is sent from there, add the address to the SPF record of the reverse-path's domain",
        ),
        MessageFault::Unsigned => (
            "message_unsigned",
            "the message has no DKIM signature".to_owned(),
            "SPF does not survive a forwarder, and a signature does: sign what you send",
        ),
        MessageFault::Signature(judgement) => (
            "message_signature",
            format!("the DKIM signature {} does not pass: {}", signature(judgement), why(judgement)),
            "receivers take it for a message that is not signed: see 'ehlo dkim verify'",
        ),
        MessageFault::Fails(policy) => (
            "message_dmarc",
            match policy {
                Policy::None => "the message fails DMARC; nothing is done with it (p=none)".to_owned(),
                Policy::Quarantine => {
                    "the message fails DMARC: receivers take it for spam (quarantine)".to_owned()
                }
                Policy::Reject => "the message fails DMARC: receivers refuse it (reject)".to_owned(),
            },
            "SPF or DKIM has to pass for the domain in From, or one that is aligned with it",
        ),
        MessageFault::NoRecord => (
            "message_not_proved",
            "nothing proves that the message is from the domain in From, which has no DMARC record"
                .to_owned(),
            "sign it with that domain, or send it with a reverse-path in it",
        ),
    }
}

/// A signature by its domain and its selector.
fn signature(judgement: &Judgement) -> String {
    match &judgement.signature {
        Some(signature) => format!("of {} ({})", short(&signature.domain), short(&signature.selector)),
        None => format!("in line {}", judgement.line),
    }
}

fn why(judgement: &Judgement) -> String {
    verdict(&judgement.verdict, None).map_or_else(String::new, |why| short(&why))
}

/// What DKIM says of one signature, in a line.
fn of_signature(judgement: &Judgement) -> String {
    let why = match &judgement.verdict {
        dkim::Verdict::Pass if judgement.is_test => "; only a test (t=y)".to_owned(),
        dkim::Verdict::Pass => String::new(),
        _ => format!(": {}", why(judgement)),
    };
    format!("{} {}{why}", judgement.verdict.word(), signature(judgement))
}

/// What becomes of a message: a label and a line for each of SPF, each signature, and DMARC.
#[must_use]
pub fn judged(message: &MessageFacts) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    let sender = match &message.spf_of {
        Some((local, domain)) => short(&format!("{local}@{domain}")),
        None => "<>".to_owned(),
    };
    let assumed = match &message.sender {
        Some(_) if message.is_assumed => ", the address in From",
        Some(_) => "",
        None => ", the name in EHLO",
    };
    lines.push((
        "spf",
        match (&message.spf, message.client) {
            (Some(found), Some(ip)) => {
                let why = match (&found.trouble, &found.by) {
                    (Some(trouble), _) => format!(": {}", spf::trouble(trouble)),
                    (None, Some((domain, term))) => format!(", by '{}' of {}", short(term), short(domain)),
                    (None, None) => String::new(),
                };
                format!("{} for {sender}{assumed}, from {ip}{why}", found.verdict.word())
            }
            (None, Some(_)) => {
                "not judged: there is no reverse-path, and no name of the sending server (--ehlo-name)"
                    .to_owned()
            }
            (_, None) => "not judged: from where it is sent is not known (--from-ip)".to_owned(),
        },
    ));
    for judgement in &message.signatures {
        lines.push(("dkim", of_signature(judgement)));
    }
    if message.signatures.is_empty() {
        lines.push(("dkim", "none: the message has no signature".to_owned()));
    }
    lines.push(("dmarc", of_dmarc(message)));
    lines
}

fn of_dmarc(message: &MessageFacts) -> String {
    let (Some(author), Some(judgement)) = (&message.author, &message.dmarc) else {
        return "not judged: From does not name one domain".to_owned();
    };
    let domain = short(&author.domain);
    let by = match (&judgement.by_spf, &judgement.by_dkim) {
        (Some(spf), Some(dkim)) => format!("by SPF ({}) and DKIM ({})", short(spf), short(dkim)),
        (Some(spf), None) => format!("by SPF ({})", short(spf)),
        (None, Some(dkim)) => format!("by DKIM ({})", short(dkim)),
        (None, None) => "neither SPF nor DKIM passes for it, or a domain aligned with it".to_owned(),
    };
    if !judgement.passes && message.failed.is_empty() && message.is_open() {
        return format!("not known for {domain}: DKIM does not prove it, and SPF was not judged");
    }
    if !judgement.passes && message.is_open() {
        return format!("not known for {domain}: a look-up failed");
    }
    match (judgement.passes, judgement.policy) {
        (true, None) => format!("{domain} has no record; it would pass {by}"),
        (false, None) => format!("{domain} has no record; {by}"),
        (true, Some(_)) => format!("pass for {domain}, {by}"),
        (false, Some(policy)) => {
            let test = if judgement.is_test { ", as a test (t=y)" } else { "" };
            format!("fail for {domain}: {by}; policy {}{test}", policy.name())
        }
    }
}
