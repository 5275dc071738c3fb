//! What is said of sessions in reports by TLSRPT, to the owners of domains; and of those reports, to whoever makes them.

use crate::client::Error;
use crate::dns::DnsError;
use crate::net::tls::Fault;
use crate::route::mta_sts::{FetchError, Remark};

/// Of a host that offers no STARTTLS.
pub const NOT_OFFERED: &str = "STARTTLS is not offered";
/// Of a host that the policy does not list.
pub const NOT_LISTED: &str = "the MTA-STS policy does not list the host";
/// Of TLSA records.
pub const NOT_USABLE: &str = "none of the TLSA records can be used";
/// Of a session of which no more is known.
pub const NOT_VERIFIED: &str = "the certificate was not verified";

/// What went wrong in TLS, or on the way to it, in a few words.
#[must_use]
pub fn failure(error: &Error) -> String {
    match error {
        Error::Network { error, .. } => error.to_string(),
        Error::Session { failure, .. } => failure.to_string(),
        error => error.to_string(),
    }
}

/// What is wrong with a certificate.
#[must_use]
pub fn certificate(fault: &Fault) -> String {
    format!("certificate not trusted: {fault}")
}

/// Why a look-up failed. Which resolver was asked is nobody else's business.
#[must_use]
pub fn look_up(error: &DnsError) -> String {
    match error {
        DnsError::Code(_, code) => format!("the resolver has no answer (code {code})"),
        DnsError::Malformed(_) => "what the resolver sent is not an answer".to_owned(),
        DnsError::Network(_, error) => format!("the resolver cannot be asked: {error}"),
        error => error.to_string(),
    }
}

/// What is wrong with a domain's policy, in a few words.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Fetch(FetchError::LookUp(error)) => format!("the host has no address: {}", look_up(error)),
        Remark::Fetch(error) => error.to_string(),
        Remark::Policy(error) => error.to_string(),
        Remark::Record(fault) => fault.to_string(),
        _ => String::new(),
    }
}

/// The part of a report's mail that is for people.
#[must_use]
pub fn letter(domain: &str, day: &str, organization: &str, sessions: (u64, u64)) -> String {
    let (successful, failed) = sessions;
    format!(
        "This is a report on TLS with the mail servers of {domain}, for {day} (UTC), by {organization}.\n\n\
         Sessions in which TLS went as the domain's policies demand: {successful}.\n\
         Sessions in which it did not, and faults of the policies: {failed}.\n\n\
         The attached JSON says more; RFC 8460 says what it means.\n"
    )
}
