//! MTA-STS (RFC 8461): what a domain says, over HTTPS, of the hosts that take its mail, so that nobody in between can lead
//! mail elsewhere or have it sent in clear.
//!
//! A [record] in the DNS names the policy, a [policy] lists the hosts, [fetch] gets it, [cache] keeps it, and [`discover()`]
//! decides which one holds. What is done to a host by it, and that DANE goes before it (section 2), is for the route.

mod cache;
mod discover;
mod entry;
mod fetch;
mod name;
mod policy;
mod record;

pub use cache::{Cache, CacheError, FileCache, NoCache};
pub use discover::{Applied, Found, Remark, Source, discover};
pub use entry::{Entry, Failed, Kept};
pub use fetch::{Fetch, FetchError, Fetcher, LookUp};
pub use policy::{LONGEST, Mode, Pattern, Policy, PolicyError};
pub use record::{RecordFault, id};
