//! What is wrong with the message, and how badly.

use crate::check::finding::{Add, What, failed};
use crate::check::message::{MessageFacts, MessageFault};
use crate::dkim::Verdict;
use crate::probe::Weight;
use crate::spf;

pub(super) fn judge<'a>(message: &'a MessageFacts, add: Add<'a, '_>) {
    failed(&message.failed, add);
    let mut add = |weight, fault| add(weight, What::Message(fault));
    match message.authors.len() {
        _ if message.from_fields > 1 => add(Weight::Serious, MessageFault::Fields(message.from_fields)),
        0 => add(Weight::Serious, MessageFault::NoAuthor),
        1 => {}
        several => add(Weight::Serious, MessageFault::Authors(several)),
    }
    match &message.spf {
        Some(spf) if spf.verdict != spf::Verdict::Pass => add(Weight::Warning, MessageFault::Spf(spf)),
        Some(_) | None => {}
    }
    if message.signatures.is_empty() {
        add(Weight::Warning, MessageFault::Unsigned);
    }
    for signature in message.signatures.iter().filter(|one| one.verdict != Verdict::Pass) {
        add(Weight::Warning, MessageFault::Signature(signature));
    }
    let is_proved = message.dmarc.as_ref().is_none_or(|judgement| judgement.passes);
    match message.not_judged() {
        Some(why) if is_proved => add(Weight::Note, MessageFault::NotJudged(why)),
        Some(why) => add(Weight::Warning, MessageFault::Open(why)),
        None => {}
    }
    match &message.dmarc {
        // What is not known may be what proves it.
        Some(judgement) if !judgement.passes && !message.is_open() => match judgement.policy {
            Some(policy) => add(Weight::Serious, MessageFault::Fails(policy)),
            None => add(Weight::Warning, MessageFault::NoRecord),
        },
        _ => {}
    }
}
