//! `ehlo sink`: what can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgAction, Args, Command, ValueHint};

use super::values::{Words, one_of};
use super::verdict::{self, Verdict};
use crate::sink::Tls;

const EXAMPLES: &str = "\
examples:
  ehlo sink --listen 127.0.0.1:2525 --mbox caught.mbox
  ehlo sink --once --reject green@beta.arpa=550 --defer brown@beta.arpa
  ehlo sink --cert-out sink.pem --user me --password-file secret --require-auth
  ehlo sink --dns 127.0.0.1:0 --maildir caught";

/// What it is for, in a line.
pub(super) const ABOUT: &str = "catch mail: a small server for demos, tests and checking scripts";

/// `--tls`: how it offers TLS.
const TLS: Words<Tls> = &[
    ("off", "no TLS", Tls::Off),
    ("starttls", "STARTTLS is offered", Tls::StartTls),
    ("implicit", "TLS from the first octet", Tls::Implicit),
];

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    SinkArgs::augment_args(command)
        .long_about(
            "catch mail: a small server for demos, tests and checking scripts\n\n\
             It accepts mail for everybody, passes none of it on, and prints the address that it listens on. \
             It is not made for the open internet.\n\n\
             With --dns it is the mail server of every domain, for a client that asks its DNS. Names are looked up, \
             and the server is proved by DANE or MTA-STS, as on the internet; on ports 25, 53 and 443 the client has \
             no port to name.",
        )
        .after_help(EXAMPLES)
}

/// All arguments of `ehlo sink`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct SinkArgs {
    /// the address to listen on; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0", value_parser = listen)]
    #[arg(help_heading = "where")]
    pub listen: SocketAddr,
    /// the host name to greet with
    #[arg(long, value_name = "HOSTNAME", help_heading = "where")]
    pub name: Option<String>,
    /// speak LMTP: one reply for each recipient after the message
    #[arg(long, help_heading = "where")]
    pub lmtp: bool,
    /// exit after one session
    #[arg(long, help_heading = "where")]
    pub once: bool,

    /// be the mail server of every domain: answer DNS on this address, with MX, DANE and MTA-STS; a line for 'ehlo send'
    /// is printed on standard error
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "every domain", value_parser = listen)]
    #[arg(conflicts_with = "lmtp")]
    pub dns: Option<SocketAddr>,
    /// the port of the policies of MTA-STS, at the address of --listen [default: any free port]
    #[arg(long, value_name = "PORT", help_heading = "every domain", requires = "dns")]
    #[arg(default_value = "0", hide_default_value = true)]
    pub mta_sts_port: u16,

    /// keep mail in this directory, one Maildir per recipient [default: in memory]
    #[arg(long, value_name = "DIR", help_heading = "mail", conflicts_with = "mbox")]
    #[arg(value_hint = ValueHint::DirPath)]
    pub maildir: Option<PathBuf>,
    /// keep mail in this file (mbox)
    #[arg(long, value_name = "FILE", help_heading = "mail")]
    pub mbox: Option<PathBuf>,

    /// refuse this recipient with this code and text; may be repeated
    #[arg(long, value_name = "ADDRESS=CODE[ TEXT]", help_heading = "replies", value_parser = verdict::reject)]
    pub reject: Vec<Verdict>,
    /// defer this recipient with 450, or with this code; may be repeated
    #[arg(long, value_name = "ADDRESS[=CODE[ TEXT]]", help_heading = "replies")]
    #[arg(value_parser = verdict::defer)]
    pub defer: Vec<Verdict>,
    /// refuse messages larger than this
    #[arg(long, value_name = "OCTETS", help_heading = "replies", value_parser = octets)]
    pub max_size: Option<u64>,
    /// play the server's part of a dialogue: a file of C: and S: lines, such as a transcript
    #[arg(long, value_name = "DIALOGUE", help_heading = "replies", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with_all = ["reject", "defer", "max_size", "user"])]
    pub script: Option<PathBuf>,

    /// how to offer TLS, with a certificate made at start
    #[arg(long, value_name = "MODE", default_value = "starttls", help_heading = "tls and log in")]
    #[arg(value_parser = one_of(TLS))]
    pub tls: Tls,
    /// write that certificate, or with --dns its authority's, to a file (PEM), for 'ehlo send --ca-file'
    #[arg(long, value_name = "FILE", help_heading = "tls and log in")]
    pub cert_out: Option<PathBuf>,
    /// offer AUTH to this user
    #[arg(long, value_name = "NAME", help_heading = "tls and log in", requires = "password_file")]
    pub user: Option<String>,
    /// read the user's password from the first line of this file
    #[arg(long, value_name = "FILE", help_heading = "tls and log in", requires = "user")]
    pub password_file: Option<PathBuf>,
    /// accept no mail before AUTH
    #[arg(long, help_heading = "tls and log in")]
    pub require_auth: bool,

    /// show the dialogue on standard error
    #[arg(short, long, action = ArgAction::Count, help_heading = "output")]
    pub verbose: u8,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

/// An address to listen on; port 0 means any that is free.
fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("needs ADDRESS:PORT such as 127.0.0.1:2525 or [::1]:0, not '{text}'"))
}

/// A number of octets.
fn octets(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("needs a number of octets, not '{text}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_has_a_port() {
        assert!(listen("127.0.0.1:0").is_ok());
        assert!(listen("[::1]:2525").is_ok());
        assert!(listen("127.0.0.1").is_err());
        assert!(listen("localhost:25").is_err());
    }
}
