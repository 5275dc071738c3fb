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
        0 => add(Weight::Serious, MessageFault::NoAuthor),
        1 => {}
        several => add(Weight::Serious, MessageFault::Authors(several)),
    }
    match &message.spf {
        Some(spf) if spf.verdict != spf::Verdict::Pass => add(Weight::Warning, MessageFault::Spf(spf)),
        None if message.client.is_none() => add(Weight::Note, MessageFault::NoClient),
        Some(_) | None => {}
    }
    if message.signatures.is_empty() {
        add(Weight::Warning, MessageFault::Unsigned);
    }
    for signature in message.signatures.iter().filter(|one| one.verdict != Verdict::Pass) {
        add(Weight::Warning, MessageFault::Signature(signature));
    }
    match &message.dmarc {
        // What was not looked up may be what proves it.
        Some(judgement) if !judgement.passes && !message.is_open() => match judgement.policy {
            Some(policy) => add(Weight::Serious, MessageFault::Fails(policy)),
            None => add(Weight::Warning, MessageFault::NoRecord),
        },
        _ => {}
    }
}
