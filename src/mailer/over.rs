//! By what a message goes: over a line that is kept from one message to the next, or to the servers of each recipient's domain.

use super::header_of::{header_of, waives_tls};
use super::way::{Servers, Way};
use crate::client::Observer;
use crate::delivery::{Ledger, Line, MailObject, Outcome, Policies, Router, deliver_in_turn};

/// By what messages go.
pub enum Over<'a> {
    /// A line to the account's server.
    Line(Box<Line<'a>>),
    /// Finds the servers of domains.
    Domains(&'a dyn Router),
}

impl<'a> Over<'a> {
    /// As the account has it.
    pub fn new(way: &'a Way) -> Over<'a> {
        match &way.servers {
            Servers::Own(first, others) => {
                Over::Line(Box::new(Line::new(first, others, way.messages_per_connection)))
            }
            Servers::OfDomains(router) => Over::Domains(router.as_ref()),
        }
    }

    /// Delivers a message; `is_last` if nobody is behind it.
    pub fn deliver(
        &mut self,
        message: &MailObject<'_>,
        is_last: bool,
        ledger: &mut dyn Ledger,
        observer: &mut dyn Observer,
    ) -> Outcome {
        match self {
            Over::Line(line) => line.deliver(message, is_last, ledger, observer),
            Over::Domains(router) => {
                let waives = || header_of(message.content).as_ref().is_some_and(waives_tls);
                let policies = Policies::of(message.envelope, waives);
                deliver_in_turn(*router, message, policies, ledger, observer)
            }
        }
    }

    /// Ends what is kept.
    pub fn close(&mut self, observer: &mut dyn Observer) {
        match self {
            Over::Line(line) => line.close(observer),
            Over::Domains(_) => {}
        }
    }
}
