//! The hosts that take a domain's mail: their addresses, a talk with each, and its certificate by DANE.

use crate::client::Error;
use crate::net::ConnectError;
use crate::net::tls::{TlsInfo, Tlsa};
use crate::probe::Probe;
use crate::route::guard::Kind;
use crate::route::{self, Demand};
use std::net::IpAddr;

/// What came of talking with a host.
#[derive(Debug)]
pub struct Talk {
    /// Its name.
    pub host: String,
    /// What was found out.
    pub probe: Probe,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum HostFault<'a> {
    /// It has no address.
    NoAddress,
    /// No stranger can reach this address: what it is for; none if it is this host's own.
    Address(IpAddr, Option<Kind>),
    /// This address has no name that leads back to it.
    Unnamed(IpAddr),
    /// It could not be connected to, though others could.
    Unreached(&'a Error),
    /// The talk ended early.
    Ended(&'a Error),
    /// It is signed, and has no TLSA record.
    NoTlsa,
    /// It has TLSA records, and none can be used.
    Unusable,
    /// One TLSA record can be used, and no more: there is none for the next key.
    OneTlsa,
    /// This TLSA record cannot be used.
    UnusableOne(&'a Tlsa),
}

/// A TLSA record of a host, and whether its certificate fits it.
#[derive(Debug, Clone)]
pub struct Match {
    /// The record.
    pub record: Tlsa,
    /// Whether a certificate that was shown fits; none where nobody saw one.
    pub fits: Option<bool>,
}

impl Talk {
    /// Whether there was a connection.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        !matches!(self.probe.error, Some(Error::Connect(_))) || !self.probe.facts.peer.is_empty()
    }

    /// Whether nobody could be connected to because of the network, and not because a program was told to end.
    pub(super) fn is_unreached(&self) -> bool {
        !self.is_connected() && !matches!(self.probe.error, Some(Error::Connect(ConnectError::Interrupted)))
    }

    /// What TLS agreed on.
    #[must_use]
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.probe.facts.tls.as_ref()
    }
}

/// The TLSA records that decide about a host.
#[must_use]
pub fn matches(host: &route::Host, talk: Option<&Talk>) -> Vec<Match> {
    let Demand::Dane(dane) = &host.demand else { return Vec::new() };
    let chain = talk.and_then(Talk::tls).map(|tls| tls.chain.as_slice()).filter(|chain| !chain.is_empty());
    let fits = |record: &Tlsa| chain.map(|chain| record.fits(chain));
    dane.records.iter().map(|record| Match { fits: fits(record), record: record.clone() }).collect()
}
