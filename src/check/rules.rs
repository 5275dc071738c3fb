//! What a check asks for, and by what.

use super::asker::Asker;
use super::message::Wanted;
use crate::net::tls::certificate::Moment;
use crate::route;
use crate::route::mta_sts::Fetch;
use std::net::IpAddr;

/// What is asked, and by what.
pub struct Rules<'a> {
    /// Who is asked.
    pub asker: Asker<'a>,
    /// How the way to the domain's hosts is found.
    pub route: route::Rules<'a>,
    /// Who fetches its policy.
    pub fetch: &'a dyn Fetch,
    /// The selectors that the user names.
    pub selectors: &'a [String],
    /// The addresses from which mail is sent.
    pub clients: &'a [IpAddr],
    /// The blocklists that are asked about them.
    pub blocklists: &'a [String],
    /// A message that is to pass.
    pub message: Option<Wanted>,
    /// What time it is.
    pub now: Moment,
}
