//! The flags of every subcommand that connects: where to, TLS, log in, protocol. Nothing is opened, looked up or
//! decided here; `app::target` makes a target of them.
//!
//! Each of the four is a [`Group`] that a subcommand puts into its list, where its help is to have it, and
//! [`SessionArgs::read`] reads them all. What of them means nothing to a subcommand it names to [`leave_out`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueHint};

use super::duration;
use super::group::{Defined, Group};
use super::values::{PROXY_PROTOCOL, TLS, TLS_BACKEND, TLS_MIN, address_and_port, bind, one_of, port};
use crate::net::TlsMode;
use crate::net::proxy_protocol::Version;
use crate::net::tls::{Backend, MinVersion};

/// The group of [`ServerArgs`].
pub(super) static SERVER_FLAGS: Group =
    Group { name: "where", flags: None, define: ServerArgs::augment_args };
/// The group of [`TlsArgs`].
pub(super) static TLS_FLAGS: Group = Group {
    name: "tls",
    flags: Some(
        "--tls --ca-file --insecure --tls-name --pin --client-cert --client-key --tls-min --tls-backend",
    ),
    define: TlsArgs::augment_args,
};
/// The group of [`LoginArgs`].
pub(super) static LOGIN_FLAGS: Group = Group {
    name: "log in",
    flags: Some(
        "--user --password-file --password-command --password-env --oauth-token-command --auth \
         --auth-identity --allow-cleartext-auth -u $EHLO_USER",
    ),
    define: LoginArgs::augment_args,
};
/// The group of [`ProtocolArgs`].
pub(super) static PROTOCOL_FLAGS: Group = Group {
    name: "protocol",
    flags: Some(
        "--ehlo-name --no-pipelining --no-chunking --force-8bit --proxy-protocol --proxy-source \
         --proxy-destination --xclient --mail-parameter --rcpt-parameter",
    ),
    define: ProtocolArgs::augment_args,
};

/// All that says where and how to connect.
#[derive(Debug, Clone)]
pub struct SessionArgs {
    /// Where to.
    pub server: ServerArgs,
    /// How the connection is encrypted.
    pub tls: TlsArgs,
    /// How to log in.
    pub login: LoginArgs,
    /// What is said to the server.
    pub protocol: ProtocolArgs,
}

impl SessionArgs {
    /// What was given of them; the server is [`SERVER_FLAGS`]' and always defined. `named_by` is what names it on the
    /// command line.
    pub(super) fn read(
        matches: &mut ArgMatches,
        defined: &Defined,
        named_by: &'static str,
    ) -> Result<Self, clap::Error> {
        // Asked before it is taken out of the matches.
        let named_by = if is_by_variable(matches, "server") { "EHLO_SERVER" } else { named_by };
        let user_by_variable = defined.has(&LOGIN_FLAGS) && is_by_variable(matches, "user");
        Ok(Self {
            server: ServerArgs { named_by, ..ServerArgs::from_arg_matches_mut(matches)? },
            tls: defined.read(&TLS_FLAGS, matches)?,
            login: LoginArgs { user_by_variable, ..defined.read(&LOGIN_FLAGS, matches)? },
            protocol: defined.read(&PROTOCOL_FLAGS, matches)?,
        })
    }
}

/// Hides the flags that mean nothing to a subcommand; [`refuse`] is for those who give one all the same.
pub(super) fn leave_out(command: Command, flags: &[&'static str]) -> Command {
    flags.iter().fold(command, |command, id| command.mut_arg(*id, |arg| arg.hide(true)))
}

/// An error of usage, if one of the flags that [`leave_out`] hides was given to this subcommand.
pub(super) fn refuse(
    matches: &ArgMatches,
    flags: &[&'static str],
    subcommand: &str,
) -> Result<(), clap::Error> {
    let is_given = |id: &&&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    match flags.iter().find(is_given) {
        Some(id) => {
            let flag = id.replace('_', "-");
            let text = format!("no option --{flag} here: see 'ehlo {subcommand} --help'\n");
            Err(clap::Error::raw(ErrorKind::UnknownArgument, text))
        }
        None => Ok(()),
    }
}

/// Where to.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(next_help_heading = "where")]
pub struct ServerArgs {
    /// host, host:port, or a URL: smtp:// (25), submission:// (587), smtps:// (465), lmtp://
    ///
    /// An IPv6 address stands in brackets. submissions:// is the same as smtps://. A Unix socket is lmtp:///path or
    /// smtp:///path.
    #[arg(short = 'S', long, env = "EHLO_SERVER", hide_env_values = true, value_name = "SERVER")]
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
    /// the address of this end, perhaps with a port
    ///
    /// An IPv6 address with a port stands in brackets. Only addresses of the same family are connected to.
    #[arg(long, value_name = "ADDRESS", value_parser = bind, conflicts_with = "pipe")]
    pub bind: Option<SocketAddr>,
    /// connect through a proxy, which looks the name up: socks5://host (1080) or http://host (8080)
    ///
    /// A user stands before the host, as in socks5://user@host:1080; the password is never a part of it. An HTTP proxy
    /// is asked by CONNECT.
    #[arg(long, value_name = "URL", conflicts_with = "pipe")]
    pub proxy: Option<String>,
    /// a file whose first line is the proxy's password
    #[arg(long, value_name = "FILE", requires = "proxy", conflicts_with = "proxy_password_env")]
    pub proxy_password_file: Option<PathBuf>,
    /// the environment variable that holds the proxy's password
    #[arg(long, value_name = "NAME", requires = "proxy")]
    pub proxy_password_env: Option<String>,
    /// talk to a command over its standard input and output, in place of a connection
    ///
    /// It is split into words and run without a shell. --server is not needed then; its name, if it is given, is the
    /// one that a certificate must bear.
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    #[arg(conflicts_with_all = ["ipv4", "ipv6", "port"])]
    pub pipe: Option<String>,
    /// how long to try each address, or a proxy: 30, 30s, 5m, 1h, 500ms
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "30s")]
    pub connect_timeout: Duration,
    /// how long to wait for each reply but the last [default: 2 to 5 minutes, by RFC 5321]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub timeout: Option<Duration>,
    /// how long to wait for the reply to the whole message; cut short, it makes duplicates
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "10m")]
    pub final_timeout: Duration,
    /// how long the whole run may take [default: no limit]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub deadline: Option<Duration>,
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "tls")]
pub struct TlsArgs {
    /// when to encrypt [default: by port, and whether you log in]
    ///
    /// By default implicit on port 465; starttls on port 587 and wherever you log in or pin; off for Unix
    /// sockets, LMTP and --pipe; else opportunistic.
    #[arg(long, value_name = "MODE", value_parser = one_of(TLS))]
    pub tls: Option<TlsMode>,
    /// trust the certificates in this file (PEM), instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// do not check the server's certificate; a warning says so
    #[arg(long)]
    pub insecure: bool,
    /// the name that the certificate must bear [default: the server's]
    #[arg(long, value_name = "NAME")]
    pub tls_name: Option<String>,
    /// accept this certificate or public key and no other; may be repeated
    ///
    /// The SHA-256 of the server's certificate or of its public key (SubjectPublicKeyInfo), both in DER: 64 hex digits,
    /// with or without colons, or base64. It takes the place of issuer, name and dates. Where --tls is not given, TLS
    /// is then demanded.
    #[arg(long, value_name = "sha256:HASH")]
    pub pin: Vec<String>,
    /// a certificate to show to the server (PEM), for when it wants to know who you are
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,
    /// its private key (PEM), if that is in another file
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
    /// the oldest version of TLS that will do
    #[arg(long, value_name = "VERSION", value_parser = one_of(TLS_MIN))]
    pub tls_min: Option<MinVersion>,
    /// whose TLS to use
    #[arg(long, value_name = "BACKEND", value_parser = one_of(TLS_BACKEND))]
    pub tls_backend: Option<Backend>,
}

/// How to log in. The password is never an argument.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "log in")]
pub struct LoginArgs {
    /// log in as this user; without one of the next four the password is netrc's, or asked for
    #[arg(short, long, env = "EHLO_USER", hide_env_values = true, value_name = "NAME")]
    pub user: Option<String>,
    /// The user is the environment's, and gives way to one in the URL.
    #[arg(skip)]
    pub user_by_variable: bool,
    /// a file whose first line is the password
    #[arg(long, value_name = "FILE", conflicts_with_all = ["password_command", "password_env"])]
    pub password_file: Option<PathBuf>,
    /// a command that prints the password
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString, conflicts_with = "password_env")]
    pub password_command: Option<String>,
    /// the environment variable that holds the password
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
    /// a command that prints an OAuth token, for OAUTHBEARER and XOAUTH2
    #[arg(
        long,
        value_name = "COMMAND",
        value_hint = ValueHint::CommandString,
        conflicts_with_all = ["password_file", "password_command", "password_env"],
    )]
    pub oauth_token_command: Option<String>,
    /// the mechanisms that may be used, with commas [default: the best that the server offers]
    #[arg(long, value_name = "MECHANISM", value_delimiter = ',')]
    pub auth: Vec<String>,
    /// act for this user, logged in as --user
    #[arg(long, value_name = "NAME")]
    pub auth_identity: Option<String>,
    /// log in even if the connection is not encrypted
    #[arg(long)]
    pub allow_cleartext_auth: bool,
}

impl LoginArgs {
    /// How the user was named, for what is said of it.
    #[must_use]
    pub fn user_named_by(&self) -> &'static str {
        if self.user_by_variable { "EHLO_USER" } else { "--user" }
    }
}

/// What is said to the server.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "protocol")]
pub struct ProtocolArgs {
    /// the name to greet the server with [default: this host's full name, or its address]
    #[arg(long, value_name = "NAME")]
    pub ehlo_name: Option<String>,
    /// wait for each reply before the next command
    #[arg(long)]
    pub no_pipelining: bool,
    /// send the message by DATA, even where the server offers BDAT
    #[arg(long)]
    pub no_chunking: bool,
    /// send 8-bit content whatever the server offers, and a header that is not UTF-8
    #[arg(long)]
    pub force_8bit: bool,
    /// say first, by HAProxy's PROXY protocol, who connects: for servers behind a balancer
    #[arg(long, value_name = "VERSION", value_parser = one_of(PROXY_PROTOCOL))]
    pub proxy_protocol: Option<Version>,
    /// who is said to connect [default: the address of this end]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address_and_port, requires = "proxy_protocol")]
    pub proxy_source: Option<SocketAddr>,
    /// to whom [default: the address that was connected to]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address_and_port, requires = "proxy_protocol")]
    pub proxy_destination: Option<SocketAddr>,
    /// have the server take us for another client: NAME, ADDR, PORT, PROTO, HELO, LOGIN and more
    ///
    /// As in 'NAME=spike.example ADDR=192.0.2.1'. Postfix and Dovecot offer XCLIENT to clients that they are set up to
    /// believe. Values are as they are meant; they are encoded where that is needed.
    #[arg(long, value_name = "ATTRIBUTES")]
    pub xclient: Option<String>,
    /// one more parameter of MAIL FROM; may be repeated
    #[arg(long, value_name = "PARAMETER")]
    pub mail_parameter: Vec<String>,
    /// one more parameter of every RCPT TO; may be repeated
    #[arg(long, value_name = "PARAMETER")]
    pub rcpt_parameter: Vec<String>,
}

/// Whether the environment says it.
pub(super) fn is_by_variable(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::EnvVariable)
}
