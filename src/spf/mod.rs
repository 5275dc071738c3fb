//! SPF (RFC 7208): which hosts may send mail with a domain in the reverse-path.
//!
//! [`record`](mod@record) reads the text that a domain publishes, [`template`] the names with macros in it (section 7),
//! [`evaluate`](fn@evaluate) judges one client by it (section 4), and [`survey`](fn@survey) walks through all that a record
//! may lead to, whoever the client is. Nothing is looked up here: whoever wants a verdict brings a [`LookUp`], and the limits
//! of section 4.6.4 hold whatever it answers. What a verdict means for a message is for DMARC.

mod evaluate;
mod expand;
mod fault;
mod network;
mod record;
mod survey;
mod template;

pub use evaluate::{Evaluation, Question, Trouble, Verdict, evaluate};
pub use fault::{SpfFault, TermFault};
pub use record::{Directive, Mechanism, Qualifier, Record, is_record};
pub use survey::{ENOUGH, Remark, Survey, survey};

use std::net::IpAddr;

/// The most terms that ask the DNS (RFC 7208, section 4.6.4).
pub const MOST_LOOK_UPS: usize = 10;
/// The most answers without a record (section 4.6.4).
pub const MOST_VOIDS: usize = 2;
/// The most hosts of one `mx`, and the most names of one `ptr` (section 4.6.4).
pub const MOST_NAMES: usize = 10;

/// Nobody knows what the DNS has: whoever asked knows why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// What the DNS has. A name that does not exist, or has no such record, has none of them: that is no error.
pub trait LookUp {
    /// The TXT records of a name, each with its strings joined.
    ///
    /// # Errors
    /// [`Unknown`], as for the others.
    fn texts(&mut self, name: &str) -> Result<Vec<Vec<u8>>, Unknown>;

    /// The addresses of a name: IPv6 ones, or IPv4 ones.
    ///
    /// # Errors
    /// [`Unknown`].
    fn addresses(&mut self, name: &str, is_v6: bool) -> Result<Vec<IpAddr>, Unknown>;

    /// The hosts in the MX records of a name.
    ///
    /// # Errors
    /// [`Unknown`].
    fn exchangers(&mut self, name: &str) -> Result<Vec<String>, Unknown>;

    /// The names of an address (PTR).
    ///
    /// # Errors
    /// [`Unknown`].
    fn names(&mut self, ip: IpAddr) -> Result<Vec<String>, Unknown>;
}

/// The name at which the names of an address are: `1.2.0.192.in-addr.arpa` (RFC 1035, section 3.5; RFC 3596, section 2.5).
#[must_use]
pub fn reverse_name(ip: IpAddr) -> String {
    format!("{}.{}", reversed(ip), if ip.is_ipv4() { "in-addr.arpa" } else { "ip6.arpa" })
}

/// An address with its parts in reverse, as blocklists and reverse zones have it.
#[must_use]
pub fn reversed(ip: IpAddr) -> String {
    let mut parts: Vec<String> = dotted(ip).split('.').map(str::to_owned).collect();
    parts.reverse();
    parts.join(".")
}

/// An address in parts with dots between them: octets of IPv4, half octets of IPv6 (RFC 7208, section 7.3).
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let halves = ip.octets().into_iter().flat_map(|octet| [octet >> 4, octet & 15]);
            halves.map(|half| format!("{half:x}")).collect::<Vec<_>>().join(".")
        }
    }
}

#[cfg(test)]
mod tests;
