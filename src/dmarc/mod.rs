//! DMARC (RFC 7489, and RFC 9989, which takes its place): what a domain wants to be done with mail that has its name in
//! From, and is not proved to be from it.
//!
//! [`record`](mod@record) reads what it publishes, [`walk`](fn@walk) finds whose record counts and what the organizational
//! domain is, by the tree of the DNS and not by a list of suffixes, and [`judge`](fn@judge) puts that together with the
//! verdicts of SPF and DKIM. Nothing is looked up here: whoever asks brings the texts of `_dmarc` at each domain.

mod judge;
mod record;
mod tags;
mod walk;

pub use judge::{Judgement, Signed, judge};
pub use record::{Alignment, Destination, DmarcFault, Policy, Record, Remark, is_record, meant};
pub use walk::{Entry, Flaw, Found, Unknown, walk};

#[cfg(test)]
mod tests;
