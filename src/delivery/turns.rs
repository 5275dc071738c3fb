//! Which server is next, where the one before cannot be used: the same host at another of its addresses, the next host, or the
//! same one in clear where that is allowed.

use crate::client::error::Kind;
use crate::client::observer::Anew;
use crate::client::{Connection, Error, Target};
use std::net::SocketAddr;

/// A server, and those that can take its place, in turn.
#[derive(Debug)]
pub(super) struct Turns<'a> {
    target: &'a Target,
    others: &'a [Target],
    /// The same host at those of its addresses at which it was not met yet, once it was met in vain.
    elsewhere: Option<Target>,
    /// Where it was met last, and no session got ready.
    met: Option<SocketAddr>,
}

impl<'a> Turns<'a> {
    /// The first is next.
    pub(super) fn new(target: &'a Target, others: &'a [Target]) -> Turns<'a> {
        Turns { target, others, elsewhere: None, met: None }
    }

    /// The server that is next.
    pub(super) fn target(&self) -> &Target {
        self.elsewhere.as_ref().unwrap_or(self.target)
    }

    /// How many are behind it.
    pub(super) fn left(&self) -> usize {
        self.others.len()
    }

    /// Whether another one can take its place.
    pub(super) fn has_another(&self) -> bool {
        !self.others.is_empty()
    }

    /// It was met over this connection, if there was one, and no session got ready.
    pub(super) fn met_in_vain(&mut self, connection: Option<&Connection>) {
        self.met = connection.and_then(|connection| connection.stream().peer().parse().ok());
    }

    /// Why the next connection is made, as it is told.
    pub(super) fn told(&self, why: Anew) -> Anew {
        if why == Anew::NextServer && self.target().only_without_tls { Anew::InClear } else { why }
    }

    /// Whether another server may be turned to for this error, or because this one takes no more.
    pub(super) fn may_turn(&self, why: Option<&Error>) -> bool {
        // A host of a stranger's domain is as good as the next, or not: another one may have the right certificate.
        let is_routed = self.target.routed.is_some();
        let fits = |error: &Error| if is_routed { error.is_of_the_host() } else { error.is_of_the_server() };
        // After the deadline nothing could be done there any more.
        why.is_none_or(fits) && !self.target.patience.whole.is_over()
    }

    /// Turns to the next, if there is one, and the error is one that it could do something about.
    pub(super) fn turn(&mut self, why: Option<&Error>) -> bool {
        if !self.may_turn(why) {
            return false;
        }
        self.elsewhere = self.same_host_elsewhere();
        if self.elsewhere.is_some() {
            return true;
        }
        let tls_failed = why.is_some_and(|error| error.kind() == Kind::Tls);
        let fits = |other: &Target| tls_failed || !other.only_without_tls;
        let next = self.others.iter().position(fits);
        let Some((next, others)) = next.and_then(|at| self.others.get(at..)?.split_first()) else {
            return false;
        };
        (self.target, self.others) = (next, others);
        true
    }

    /// The same host without the address at which it was met in vain (RFC 5321, section 5.1: each address of a domain is to
    /// be tried), if it has others. Where none of them could be connected to, all were tried.
    fn same_host_elsewhere(&mut self) -> Option<Target> {
        let met = self.met.take()?;
        let mut target = self.target().clone();
        target.way.addresses.retain(|address| *address != met);
        (!target.way.addresses.is_empty()).then_some(target)
    }
}
