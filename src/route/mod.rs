//! The way to a domain that nobody configured: where its mail goes, and what protects it there.
//!
//! [`plan()`] asks the DNS which hosts take the mail of a domain (mx.rs), leaves out the addresses that nobody should be led
//! to (host.rs, [`guard`]), and finds out what the domain demands of those hosts: by DANE (dane.rs), else by MTA-STS ([`mta_sts`]).
//! A host that cannot be used stays in the plan, with its fault (fault.rs). Nobody is connected to here.

mod dane;
mod fault;
pub mod guard;
mod host;
pub mod mta_sts;
mod mx;
mod plan;
mod routed;
mod rules;

pub use fault::{HostFault, NoRoute};
pub use host::{Demand, Host};
#[cfg(test)]
pub use mx::MxHost;
pub use mx::Odd;
pub use plan::{NoDane, Plan, plan};
pub use routed::{Policy, Routed};
pub use rules::Rules;
