//! What is known of a host by the route that led to it, for the report.

use super::host::{Demand, Host};
use super::mta_sts::{self, Mode, Source};
use super::plan::Plan;
use crate::net::tls::Tlsa;

/// By which way a server was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// The domain of the recipients, in A-labels.
    pub domain: String,
    /// The host, as its MX record names it.
    pub mx: String,
    /// The MX records were validated.
    pub secure: bool,
    /// What was demanded of it.
    pub policy: Policy,
}

/// What decides about TLS with a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    /// Nothing.
    None,
    /// TLSA records.
    Dane {
        /// All of them, whether they can be used or not.
        records: Vec<Tlsa>,
    },
    /// A policy by MTA-STS.
    MtaSts {
        /// What it says.
        policy: mta_sts::Policy,
        /// Where it is from.
        source: Source,
        /// The id of the record that named it.
        id: String,
        /// It names the host.
        covers: bool,
    },
}

impl Routed {
    /// Of a host of a plan.
    #[must_use]
    pub fn of(plan: &Plan, host: &Host) -> Routed {
        let applied = plan.mta_sts.as_ref().and_then(|found| found.applied.as_ref());
        let policy = match (&host.demand, applied) {
            (Demand::Dane(_) | Demand::Encryption, _) => Policy::Dane { records: host.tlsa.clone() },
            (_, Some(applied)) if applied.policy.mode() != Mode::None => Policy::MtaSts {
                policy: applied.policy.clone(),
                source: applied.source,
                id: applied.id.clone(),
                covers: applied.policy.covers(&host.mx.name),
            },
            _ => Policy::None,
        };
        Routed { domain: plan.domain.clone(), mx: host.mx.name.clone(), secure: plan.secure, policy }
    }
}
