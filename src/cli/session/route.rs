//! The flags of the way to a domain that nobody configured: `-S mx:`. Nothing is looked up here.

use super::super::group::Group;
use super::super::resolver;
use super::super::values::allow;
use crate::dns::Trust;
use crate::route::guard::Allow;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The group of [`RouteArgs`].
pub(crate) static ROUTE_FLAGS: Group = Group {
    name: "route",
    flags: Some(
        "--resolver --resolver-trust --policy --require-policy --mta-sts-cache --mta-sts-connect --mx-allow \
         --mx-hosts --jobs --cleartext-if-tls-fails --tlsrpt",
    ),
    define: RouteArgs::augment_args,
};

/// How the servers of a domain are found, and what is demanded of them.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "domains (-S mx:)")]
pub struct RouteArgs {
    /// the DNS resolver to ask, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the
    /// system's]
    #[arg(long, value_name = "ADDRESS[:PORT]", value_parser = resolver::address)]
    pub resolver: Vec<SocketAddr>,
    /// whether the resolver is trusted to validate by DNSSEC: auto, yes, no [default: auto, which is yes for
    /// one on this host, or with 'options trust-ad' in resolv.conf]
    #[arg(long, value_name = "WHEN", hide_possible_values = true)]
    pub resolver_trust: Option<Trust>,
    /// the policies that count: dane,mta-sts, one of them, or none [default: both]
    #[arg(long, value_name = "POLICIES", value_delimiter = ',', hide_possible_values = true)]
    pub policy: Vec<PolicyName>,
    /// send only to hosts that DANE or an enforced MTA-STS policy proves to be the domain's
    #[arg(long)]
    pub require_policy: bool,
    /// where no policy demands TLS and STARTTLS fails at a host, send to it in clear
    #[arg(long)]
    pub cleartext_if_tls_fails: bool,
    /// keep MTA-STS policies in this folder [default: ~/.cache/ehlo/mta-sts]
    #[arg(long, value_name = "FOLDER")]
    pub mta_sts_cache: Option<PathBuf>,
    /// for tests: fetch MTA-STS policies from here
    #[arg(long, value_name = "HOST:PORT", hide = true)]
    pub mta_sts_connect: Option<String>,
    /// connect to these addresses too, though they are not public: loopback, private, 192.0.2.0/24
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',', value_parser = allow)]
    pub mx_allow: Vec<Allow>,
    /// try at most so many addresses of a domain [default: 5]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=100))]
    pub mx_hosts: Option<u16>,
    /// send to so many domains at once [default: 4]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub jobs: Option<u16>,
    /// append to this file how TLS with each host went, for 'ehlo tlsrpt report'
    #[arg(long, value_name = "FILE")]
    pub tlsrpt: Option<PathBuf>,
}

/// What says what is demanded of a domain's hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyName {
    /// RFC 7672.
    Dane,
    /// RFC 8461.
    MtaSts,
    /// Neither.
    None,
}

impl ValueEnum for Trust {
    fn value_variants<'a>() -> &'a [Trust] {
        &[Trust::Auto, Trust::Yes, Trust::No]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Trust::Auto => "auto",
            Trust::Yes => "yes",
            Trust::No => "no",
        }))
    }
}

fn word<T: ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, false).map_err(|_| {
        let known = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
        format!("needs one of {}, not '{text}'", known.join(", "))
    })
}

/// Values that are wrong are told of even where they do not count.
fn or_all<T>(
    typed: &mut Vec<T>,
    values: &[&str],
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<(), String> {
    let values = values.iter().map(|value| parse(value)).collect::<Result<Vec<T>, String>>()?;
    if typed.is_empty() {
        *typed = values;
    }
    Ok(())
}

impl RouteArgs {
    /// Takes what an account gives for the flag of this name, unless that was typed; false if it is none of these.
    pub(super) fn fill(&mut self, key: &str, values: &[&str]) -> Result<bool, String> {
        let text = values.first().copied().unwrap_or_default();
        match key {
            "resolver" => or_all(&mut self.resolver, values, resolver::address)?,
            "resolver-trust" => {
                let trust = word::<Trust>(text)?;
                self.resolver_trust.get_or_insert(trust);
            }
            "policy" => or_all(&mut self.policy, values, word)?,
            "require-policy" => self.require_policy |= text == "true",
            "cleartext-if-tls-fails" => self.cleartext_if_tls_fails |= text == "true",
            "mx-allow" => or_all(&mut self.mx_allow, values, allow)?,
            "mx-hosts" => {
                let most = text.parse().ok().filter(|most| (1..=100).contains(most));
                self.mx_hosts.get_or_insert(most.ok_or("needs a number from 1 to 100")?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The first of the flags that mean nothing without `mx:`. A resolver may be asked for other things.
    #[must_use]
    pub fn stray(&self) -> Option<&'static str> {
        let RouteArgs {
            resolver: _,
            resolver_trust,
            policy,
            require_policy,
            mta_sts_cache,
            mta_sts_connect: _,
            mx_allow,
            mx_hosts,
            jobs,
            cleartext_if_tls_fails,
            tlsrpt,
        } = self;
        [
            (resolver_trust.is_some(), "--resolver-trust"),
            (!policy.is_empty(), "--policy"),
            (*require_policy, "--require-policy"),
            (mta_sts_cache.is_some(), "--mta-sts-cache"),
            (!mx_allow.is_empty(), "--mx-allow"),
            (mx_hosts.is_some(), "--mx-hosts"),
            (jobs.is_some(), "--jobs"),
            (*cleartext_if_tls_fails, "--cleartext-if-tls-fails"),
            (tlsrpt.is_some(), "--tlsrpt"),
        ]
        .into_iter()
        .find_map(|(is_given, flag)| is_given.then_some(flag))
    }
}
