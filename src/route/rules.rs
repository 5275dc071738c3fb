//! What is looked up for a route, and what counts.

use super::guard::Allow;
use super::mta_sts::{Cache, Fetch};
use crate::dns::Resolver;
use crate::net::{Deadline, Family};
use std::sync::OnceLock;

/// What is looked up, and what counts.
pub struct Rules<'a> {
    /// Who is asked.
    pub resolver: &'a Resolver,
    /// The port of SMTP: TLSA records are asked for at it.
    pub port: u16,
    /// Which addresses may be connected to.
    pub allow: &'a Allow,
    /// Of which kind.
    pub family: Family,
    /// DANE counts (RFC 7672).
    pub dane: bool,
    /// Whether the resolver validates, once that is known.
    pub validates: &'a OnceLock<bool>,
    /// MTA-STS counts (RFC 8461), by policies that are kept here and fetched by that.
    pub mta_sts: Option<(&'a dyn Cache, &'a dyn Fetch)>,
    /// Only hosts that a policy proves to be those of the domain.
    pub policy_required: bool,
    /// The most addresses that are tried, and hosts that are looked up at once; never 0.
    pub most_addresses: usize,
    /// When it must be over.
    pub until: Deadline,
    /// What time it is, in seconds since 1970.
    pub now: u64,
}
