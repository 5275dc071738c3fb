//! `ehlo dkim`: what can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::{duration, resolver};

/// What it is for, in a line.
pub(super) const ABOUT: &str = "print the DKIM record of a key, and verify the signatures of a message";

const EXAMPLES: &str = "\
examples:
  ehlo dkim record key.pem --selector mail --domain example.org
  ehlo dkim verify signed.eml";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    DkimArgs::augment_args(command)
        .override_usage("ehlo dkim ACTION [FILE] [OPTIONS]")
        .long_about(
            "print the DKIM record of a key, and verify the signatures of a message\n\n\
             'record' reads a private key (RSA or Ed25519, in PEM or DER) and prints the TXT record that others \
             verify its signatures with.\n\n\
             'verify' judges each DKIM signature of a message, and says why one did not pass. It looks the keys \
             up in the DNS. Whether the domain that signed has anything to do with the sender, it does not say.",
        )
        .after_help(EXAMPLES)
}

/// What was typed.
pub(super) fn read(matches: &mut ArgMatches) -> Result<DkimArgs, clap::Error> {
    let is_typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let timeout_is_typed = is_typed("timeout");
    Ok(DkimArgs { timeout_is_typed, ..DkimArgs::from_arg_matches_mut(matches)? })
}

/// All arguments of `ehlo dkim`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct DkimArgs {
    /// what to do
    #[arg(value_name = "ACTION", help_heading = "what")]
    pub action: DkimAction,
    /// for record, the private key; for verify, the message; - is standard input [default for verify: -]
    #[arg(value_name = "FILE", help_heading = "what")]
    pub file: Option<PathBuf>,
    /// record: the key's name in the domain, for a whole line of a zone
    #[arg(long, value_name = "NAME", help_heading = "what")]
    pub selector: Option<String>,
    /// record: the domain that signs
    #[arg(long, value_name = "DOMAIN", help_heading = "what")]
    pub domain: Option<String>,
    /// verify: take the records out of this file, and ask no DNS; may be repeated
    #[arg(long = "record", value_name = "FILE", help_heading = "how")]
    pub records: Vec<PathBuf>,
    /// verify: ask this resolver; may be repeated [default: EHLO_RESOLVER, or the system's]
    #[arg(
        long = "resolver",
        value_name = "ADDRESS[:PORT]",
        value_parser = resolver::address,
        help_heading = "how"
    )]
    pub resolvers: Vec<SocketAddr>,
    /// verify: how long to wait for each key
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration::parse, help_heading = "how")]
    pub timeout: Duration,
    /// verify: print JSON
    #[arg(long, help_heading = "output")]
    pub json: bool,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
    /// Whether `--timeout` was typed.
    #[arg(skip)]
    pub timeout_is_typed: bool,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DkimAction {
    /// print the record to publish for a private key
    Record,
    /// judge all signatures of a message
    Verify,
}
