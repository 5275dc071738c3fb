//! What is said to the server, and what is not.

use std::net::SocketAddr;

use clap::Args;

use crate::cli::group::Group;
use crate::cli::values::{PROXY_PROTOCOL, address_and_port, one_of};
use crate::net::proxy_protocol::Version;

/// The group of [`ProtocolArgs`].
pub(crate) static PROTOCOL_FLAGS: Group = Group {
    name: "protocol",
    flags: Some(
        "--ehlo-name --no-pipelining --no-chunking --force-8bit --proxy-protocol --proxy-source \
         --proxy-destination --xclient --mail-parameter --rcpt-parameter",
    ),
    define: ProtocolArgs::augment_args,
};

/// What is said to the server.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "protocol")]
pub struct ProtocolArgs {
    /// the name to say in EHLO [default: this host's full name, or its address]
    #[arg(long, value_name = "NAME")]
    pub ehlo_name: Option<String>,
    /// wait for each reply before sending the next command
    #[arg(long)]
    pub no_pipelining: bool,
    /// send the message by DATA, even if the server offers BDAT
    #[arg(long)]
    pub no_chunking: bool,
    /// send 8-bit content, and a header that is not UTF-8, whatever the server offers
    #[arg(long)]
    pub force_8bit: bool,
    /// send a PROXY protocol header first, for servers behind a load balancer
    #[arg(long, value_name = "VERSION", value_parser = one_of(PROXY_PROTOCOL))]
    pub proxy_protocol: Option<Version>,
    /// the source in that header [default: the address of this end]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address_and_port, requires = "proxy_protocol")]
    pub proxy_source: Option<SocketAddr>,
    /// the destination in that header [default: the address that was connected to]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address_and_port, requires = "proxy_protocol")]
    pub proxy_destination: Option<SocketAddr>,
    /// pose as another client by XCLIENT: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    ///
    /// For example, 'NAME=spike.example ADDR=192.0.2.1'. Postfix and Dovecot offer XCLIENT only to clients
    /// that they are set up to trust. Values are given as plain text, and are encoded where necessary.
    #[arg(long, value_name = "ATTRIBUTES")]
    pub xclient: Option<String>,
    /// add a parameter to MAIL FROM; may be repeated
    #[arg(long, value_name = "PARAMETER")]
    pub mail_parameter: Vec<String>,
    /// add a parameter to every RCPT TO; may be repeated
    #[arg(long, value_name = "PARAMETER")]
    pub rcpt_parameter: Vec<String>,
}
