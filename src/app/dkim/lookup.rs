//! Keys out of the DNS.

use crate::dkim::Answer;
use crate::dns::{DnsError, Resolver};
use crate::net::Deadline;
use std::net::SocketAddr;
use std::time::Duration;

/// Asks these resolvers; none: those of this machine.
pub fn resolver(addresses: &[SocketAddr]) -> Resolver {
    match addresses {
        [] => Resolver::of_system(),
        addresses => Resolver::of(addresses.to_vec()),
    }
}

/// The records of a key, and why there are none.
pub(super) fn ask(resolver: &Resolver, question: &str, patience: Duration) -> (Answer, Option<DnsError>) {
    match resolver.texts(question, Deadline::after(patience)) {
        Ok(texts) => (Answer::Records(texts), None),
        Err(error) if error.is_certain() => (Answer::None, Some(error)),
        Err(error) => (Answer::Failed, Some(error)),
    }
}
