//! `ehlo tlsrpt`: what can be typed.

use super::resolver;
use clap::{ArgAction, Args, Command, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// What it is for, in a line.
pub(super) const ABOUT: &str = "report to domains how TLS with their mail servers went";

const EXAMPLES: &str = "\
examples:
  ehlo tlsrpt report tls.log --organization Alpha --contact tls@example.org";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    TlsrptArgs::augment_args(command)
        .override_usage("ehlo tlsrpt report FILE --organization NAME --contact URI [OPTIONS]")
        .long_about(
            "report to domains how TLS with their mail servers went\n\n\
             'report' reads the file that 'ehlo send -S mx: --tlsrpt FILE' has written, and makes reports of it as \
             RFC 8460 has them: one for each domain and each day (UTC) that is over. They are printed, each as one \
             line of JSON, or written into a folder, with a mail to the addresses that the domain names in the DNS.",
        )
        .after_help(EXAMPLES)
}

/// All arguments of `ehlo tlsrpt`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct TlsrptArgs {
    /// what to do
    #[arg(value_name = "ACTION", help_heading = "what")]
    pub action: TlsrptAction,
    /// the file that --tlsrpt has written; - is standard input
    #[arg(value_name = "FILE", help_heading = "what")]
    pub file: PathBuf,
    /// the name of the organization that reports
    #[arg(long, value_name = "NAME", help_heading = "what")]
    pub organization: String,
    /// how to reach somebody there: mailto:ADDRESS, or a web page
    #[arg(long, value_name = "URI", help_heading = "what")]
    pub contact: String,
    /// report on this day alone, even if it is not over [default: all days that are over]
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = "what")]
    pub day: Option<String>,
    /// write reports into files in this folder, and print their names
    #[arg(long, value_name = "FOLDER", help_heading = "output")]
    pub out: Option<PathBuf>,
    /// with --out, write mails from this address to whom the domains name
    #[arg(long, value_name = "ADDRESS", requires = "out", help_heading = "output")]
    pub from: Option<String>,
    /// with --from, ask this resolver of the DNS, with its port if that is not 53; may be repeated [default:
    /// EHLO_RESOLVER, or the system's]
    #[arg(
        long = "resolver",
        value_name = "ADDRESS",
        value_parser = resolver::address,
        requires = "from",
        help_heading = "output"
    )]
    pub resolvers: Vec<SocketAddr>,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TlsrptAction {
    /// make reports of sessions
    Report,
}
