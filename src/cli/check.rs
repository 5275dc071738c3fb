//! `ehlo check`: what can be typed.

use super::session::{ProtocolArgs, RouteArgs, ServerArgs, SessionArgs, TlsArgs};
use super::values::{When, allow, port};
use super::{duration, resolver};
use crate::dns::Trust;
use crate::route::guard::Allow;
use clap::{ArgAction, Args, Command};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// What it is for, in a line.
pub(super) const ABOUT: &str = "check a domain's mail set-up: MX, DANE, MTA-STS, SPF, DKIM, DMARC";

const EXAMPLES: &str = "\
examples:
  ehlo check example.org
  ehlo check --dkim-selector mail --from-ip 192.0.2.1 example.org
  ehlo check --from-ip 192.0.2.1 --message signed.eml example.org
  ehlo check --json example.org | jq -r '.findings[].title'";

const EXIT_STATUS: &str = "   0  nothing serious was found
   1  a serious finding: see the report
  64  usage
  65  the file of --message is not a mail message
  66  the message, or a file with certificates, cannot be read
  74  the report cannot be written
  75  no resolver can be asked, or a signal came";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    CheckArgs::augment_args(command)
        .override_usage("ehlo check [OPTIONS] DOMAIN")
        .long_about(
            "check a domain's mail set-up: MX, DANE, MTA-STS, SPF, DKIM, DMARC\n\n\
             The domain's records are looked up, its MTA-STS policy is fetched, and each of its mail servers is talked \
             with as by 'ehlo probe'; no mail is sent. Then come the findings, the serious ones first, each with what to \
             do. A look-up that fails is a serious finding, and never counts as if there were no record.\n\n\
             With --message the check also tells whether that message would pass SPF, DKIM and DMARC.",
        )
        .after_help(EXAMPLES)
        .after_long_help(format!("{EXAMPLES}\n\nexit status:\n{EXIT_STATUS}"))
}

/// All arguments of `ehlo check`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct CheckArgs {
    /// the domain: what stands behind the @ of its addresses
    #[arg(value_name = "DOMAIN", help_heading = "what")]
    pub domain: String,
    /// a selector of its DKIM keys; may be repeated [default: some usual ones, for information]
    #[arg(long = "dkim-selector", value_name = "NAME", help_heading = "what")]
    pub selectors: Vec<String>,
    /// an address from which it sends mail: its name, and what SPF says of it; may be repeated
    #[arg(long = "from-ip", value_name = "IP", help_heading = "what")]
    pub clients: Vec<IpAddr>,
    /// ask this blocklist about each --from-ip; may be repeated [default: none]
    #[arg(long = "dnsbl", value_name = "ZONE", requires = "clients", help_heading = "what")]
    pub blocklists: Vec<String>,
    /// whether this message would pass SPF, DKIM and DMARC; - is standard input
    #[arg(long, value_name = "FILE", help_heading = "what")]
    pub message: Option<PathBuf>,
    /// the message's reverse-path; '' is the null one [default: the address in From]
    #[arg(long, value_name = "ADDRESS", requires = "message", help_heading = "what")]
    pub from: Option<String>,

    /// connect to no mail server
    #[arg(long, help_heading = "how")]
    pub no_connect: bool,
    /// the port of the mail servers [default: 25]
    #[arg(short, long, value_name = "PORT", value_parser = port, help_heading = "how")]
    pub port: Option<u16>,
    /// connect by IPv4 only
    #[arg(short = '4', conflicts_with = "ipv6", help_heading = "how")]
    pub ipv4: bool,
    /// connect by IPv6 only
    #[arg(short = '6', help_heading = "how")]
    pub ipv6: bool,
    /// the name to say in EHLO [default: this host's full name, or its address]
    #[arg(long, value_name = "NAME", help_heading = "how")]
    pub ehlo_name: Option<String>,
    /// trust the certificates in this file (PEM) instead of the system's
    #[arg(long, value_name = "FILE", help_heading = "how")]
    pub ca_file: Option<PathBuf>,
    /// the DNS resolver to ask, with its port if that is not 53; may be repeated [default: EHLO_RESOLVER, or the
    /// system's]
    #[arg(long, value_name = "ADDRESS[:PORT]", value_parser = resolver::address, help_heading = "how")]
    pub resolver: Vec<SocketAddr>,
    /// whether the resolver is trusted to validate by DNSSEC: auto, yes, no [default: auto, which is yes for
    /// one on this host, or with 'options trust-ad' in resolv.conf]
    #[arg(long, value_name = "WHEN", hide_possible_values = true, help_heading = "how")]
    pub resolver_trust: Option<Trust>,
    /// connect to these addresses too, though they are not public: loopback, private, 192.0.2.0/24
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',', value_parser = allow, help_heading = "how")]
    pub mx_allow: Vec<Allow>,
    /// for tests: fetch MTA-STS policies from here
    #[arg(long, value_name = "HOST:PORT", hide = true)]
    pub mta_sts_connect: Option<String>,
    /// how long to try each address: 10, 10s, 1m, 500ms
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration::parse, help_heading = "how")]
    pub connect_timeout: Duration,
    /// how long to wait for each reply, and for each handshake
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration::parse, help_heading = "how")]
    pub timeout: Duration,
    /// how long the whole run may take
    #[arg(long, value_name = "TIME", default_value = "3m", value_parser = duration::parse, help_heading = "how")]
    pub deadline: Duration,

    /// print only the findings, and nothing if there are only notes
    #[arg(short, long, conflicts_with = "json", help_heading = "output")]
    pub quiet: bool,
    /// the dialogues on standard error; -vv with times, -vvv with octets in hex
    #[arg(short, long, action = ArgAction::Count, help_heading = "output")]
    pub verbose: u8,
    /// the report as one JSON object
    #[arg(long, help_heading = "output")]
    pub json: bool,
    /// use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "output")]
    pub color: When,
    /// print help: -h is short, --help says more
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

impl CheckArgs {
    /// What of it says where and how to connect, to the servers of this domain.
    #[must_use]
    pub fn session(&self, domain: &str) -> SessionArgs {
        SessionArgs {
            server: ServerArgs {
                server: Some(format!("mx:{domain}")),
                named_by: "DOMAIN",
                port: self.port,
                ipv4: self.ipv4,
                ipv6: self.ipv6,
                connect_timeout: Some(self.connect_timeout),
                timeout: Some(self.timeout),
                deadline: Some(self.deadline),
                ..ServerArgs::default()
            },
            tls: TlsArgs { ca_file: self.ca_file.clone(), ..TlsArgs::default() },
            protocol: ProtocolArgs { ehlo_name: self.ehlo_name.clone(), ..ProtocolArgs::default() },
            route: RouteArgs {
                resolver: self.resolver.clone(),
                resolver_trust: self.resolver_trust,
                mx_allow: self.mx_allow.clone(),
                mta_sts_connect: self.mta_sts_connect.clone(),
                ..RouteArgs::default()
            },
            ..SessionArgs::default()
        }
    }
}
