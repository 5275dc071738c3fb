//! Where to, and by which way: a server, a proxy, a program; and how long things may take.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::cli::duration;
use crate::cli::group::Group;
use crate::cli::values::{bind, port};

/// The group of [`ServerArgs`].
pub(crate) static SERVER_FLAGS: Group =
    Group { name: "where", flags: None, define: ServerArgs::augment_args };

/// Where to.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "where")]
pub struct ServerArgs {
    /// an account of the configuration (see ehlo-config(5))
    #[arg(short = 'A', long, env = "EHLO_ACCOUNT", hide_env_values = true, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// The account is the environment's.
    #[arg(skip)]
    pub account_by_variable: bool,
    /// The account's other servers, in turn.
    #[arg(skip)]
    pub in_turn: Vec<String>,
    /// host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    ///
    /// An IPv6 address goes in brackets. submissions:// is the same as smtps://. A Unix socket is
    /// lmtp:///path or smtp:///path.
    #[arg(short = 'S', long, env = "EHLO_SERVER", hide_env_values = true, value_name = "SERVER")]
    #[arg(value_hint = ValueHint::Hostname)]
    pub server: Option<String>,
    /// How the server was named, for what is said of it.
    #[arg(skip = "--server")]
    pub named_by: &'static str,
    /// the port, if the server's name has none [default: the URL's, or 25]
    #[arg(short, long, value_name = "PORT", value_parser = port)]
    pub port: Option<u16>,
    /// connect by IPv4 only
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// connect by IPv6 only
    #[arg(short = '6')]
    pub ipv6: bool,
    /// connect from this address, and this port if one is given
    ///
    /// An IPv6 address with a port goes in brackets. Only addresses of the same family are connected to.
    #[arg(long, value_name = "ADDRESS", value_parser = bind, conflicts_with = "pipe")]
    pub bind: Option<SocketAddr>,
    /// connect through a proxy: socks5://host (1080) or http://host (8080)
    ///
    /// The proxy looks up the server's name. A user goes before the host, as in socks5://user@host:1080; a
    /// password never does. An HTTP proxy is asked by CONNECT.
    #[arg(long, value_name = "URL", conflicts_with = "pipe")]
    pub proxy: Option<String>,
    /// read the proxy's password from the first line of this file
    #[arg(long, value_name = "FILE", requires = "proxy", conflicts_with = "proxy_password_env")]
    pub proxy_password_file: Option<PathBuf>,
    /// read the proxy's password from this environment variable
    #[arg(long, value_name = "VARIABLE", requires = "proxy")]
    pub proxy_password_env: Option<String>,
    /// run a command, and talk to it over its standard input and output instead of connecting
    ///
    /// The command is split into words and run without a shell. --server is not needed then; if it is given,
    /// its name is the one that a certificate must be for.
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    #[arg(conflicts_with_all = ["ipv4", "ipv6", "port"])]
    pub pipe: Option<String>,
    /// how long to try each address, or the proxy: 30, 30s, 5m, 1h, 500ms [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub connect_timeout: Option<Duration>,
    /// how long to wait for each reply but the last [default: 2 to 5 minutes, as in RFC 5321]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub timeout: Option<Duration>,
    /// how long to wait for the reply to the message; too short a time causes duplicates [default: 10m]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub final_timeout: Option<Duration>,
    /// how long the whole run may take [default: no limit]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub deadline: Option<Duration>,
}

impl ServerArgs {
    /// Whether a server is named, by a flag or a variable; a program counts as one.
    #[must_use]
    pub fn names_a_server(&self) -> bool {
        self.pipe.is_some() || self.server.as_deref().is_some_and(|name| !name.is_empty())
    }

    /// Whether an account may be used: one is named, or no server is.
    #[must_use]
    pub fn may_use_an_account(&self) -> bool {
        self.account.is_some() || !self.names_a_server()
    }

    /// As where nothing but the account is named.
    #[must_use]
    pub fn of_account(name: Option<&str>) -> ServerArgs {
        ServerArgs {
            account: name.map(str::to_owned),
            account_by_variable: false,
            in_turn: Vec::new(),
            server: None,
            named_by: "--server",
            port: None,
            ipv4: false,
            ipv6: false,
            bind: None,
            proxy: None,
            proxy_password_file: None,
            proxy_password_env: None,
            pipe: None,
            connect_timeout: None,
            timeout: None,
            final_timeout: None,
            deadline: None,
        }
    }
}
