//! `ehlo probe`: what can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Command, FromArgMatches};

use super::duration;
use super::values::{TlsMode, When, port};
use super::{Invocation, Subcommand};

const EXAMPLES: &str = "\
examples:
  ehlo probe mail.example.org
  ehlo probe submission://mail.example.org
  ehlo probe -q --min-days 14 submission://mail.example.org
  ehlo probe --json smtps://mail.example.org | jq '.tls.chain[0].days_left'";

const EXIT_STATUS: &str = "   0  nothing serious was found
   1  a serious finding: see the report
  64  usage
  66  the file of --ca-file cannot be read
  68  no such host
  69  the server does not want to talk to us
  75  not now: no connection, no answer in time
  76  what speaks there is no mail server, or breaks the protocol
  77  trust was refused";

/// With fewer days left a certificate is a serious finding, unless the user says another number.
const DAYS_SERIOUS: u16 = 7;

const ABOUT: &str = "see what a server offers, and how well it is set up; sends no mail";

/// The row of this subcommand.
pub(super) const SUBCOMMAND: Subcommand = Subcommand {
    name: "probe",
    about: ABOUT,
    define,
    read: |matches| ProbeArgs::from_arg_matches_mut(matches).map(Box::new).map(Invocation::Probe),
    read_named: None,
};

fn define(command: Command) -> Command {
    ProbeArgs::augment_args(command)
        .override_usage("ehlo probe [OPTIONS] SERVER")
        .long_about(
            "see what a server offers, and how well it is set up; sends no mail\n\n\
             Each of the server's addresses is connected to, and the first that answers is asked: greeting, EHLO, \
             STARTTLS, EHLO inside TLS, and RSET with NOOP in one write. Two more connections follow where there is TLS: \
             one with TLS 1.2 alone, one with a NOOP in the same write as STARTTLS. All come one after the other. \
             Nothing is sent that could be mail, and nobody logs in. Then follow the findings, the serious ones first, \
             each with what to do.",
        )
        .after_help(EXAMPLES)
        .after_long_help(format!("{EXAMPLES}\n\nexit status:\n{EXIT_STATUS}"))
}

/// All arguments of `ehlo probe`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct ProbeArgs {
    /// host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    ///
    /// An IPv6 address stands in brackets. submissions:// is the same as smtps://. A Unix socket is lmtp:///path or
    /// smtp:///path.
    #[arg(value_name = "SERVER", help_heading = "where")]
    pub server: Option<String>,
    /// the port, if the server's name has none [default: the URL's, or 25]
    #[arg(short, long, value_name = "PORT", value_parser = port, help_heading = "where")]
    pub port: Option<u16>,
    /// connect by IPv4 only
    #[arg(short = '4', conflicts_with = "ipv6", help_heading = "where")]
    pub ipv4: bool,
    /// connect by IPv6 only
    #[arg(short = '6', help_heading = "where")]
    pub ipv6: bool,
    /// how long to try each address: 10, 10s, 1m, 500ms
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "10s", help_heading = "where")]
    pub connect_timeout: Duration,
    /// how long to wait for each reply, and for each handshake
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "15s", help_heading = "where")]
    pub timeout: Duration,
    /// how long the whole run may take
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "2m", help_heading = "where")]
    pub deadline: Duration,
    /// the name to greet the server with [default: this host's full name, or its address]
    #[arg(long, value_name = "NAME", help_heading = "where")]
    pub ehlo_name: Option<String>,

    /// when to encrypt: off, starttls, implicit [default: implicit on port 465, else starttls if it is offered]
    ///
    /// A Unix socket is asked in clear unless this says otherwise. What comes of it is told, and demanded in no case.
    #[arg(long, value_name = "MODE", hide_possible_values = true, help_heading = "tls")]
    pub tls: Option<TlsMode>,
    /// trust the certificates in this file (PEM), instead of the system's
    #[arg(long, value_name = "FILE", help_heading = "tls")]
    pub ca_file: Option<PathBuf>,
    /// the name that the certificate should bear [default: the server's]
    #[arg(long, value_name = "NAME", help_heading = "tls")]
    pub tls_name: Option<String>,
    /// with fewer days left than these, a certificate is a serious finding
    #[arg(long, value_name = "N", default_value_t = DAYS_SERIOUS, help_heading = "tls")]
    pub min_days: u16,

    /// print the findings alone, and nothing where there is none but notes
    #[arg(short, long, conflicts_with = "json", help_heading = "output")]
    pub quiet: bool,
    /// the dialogue on standard error; -vv with times, -vvv with octets in hex
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
