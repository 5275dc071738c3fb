//! Keys out of the DNS.

use crate::dkim::Answer;
use crate::dns::{DnsError, Resolver};
use crate::net::Deadline;

/// The records of a key, and why there are none.
pub(super) fn ask(resolver: &Resolver, question: &str, until: Deadline) -> (Answer, Option<DnsError>) {
    match resolver.texts(question, until) {
        Ok(texts) => (Answer::Records(texts), None),
        Err(error) if error.is_certain() => (Answer::None, Some(error)),
        Err(error) => (Answer::Failed, Some(error)),
    }
}
