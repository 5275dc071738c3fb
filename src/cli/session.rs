//! The flags of every subcommand that connects: where to, TLS, log in, protocol. Nothing is opened, looked up
//! or decided here; `app::target` makes a target of them.
//!
//! Each of the five is a `Group` that a subcommand puts into its list, where its help is to have it, and
//! [`SessionArgs::read`] reads them all. What of them means nothing to a subcommand it names to
//! [`leave_out`].

mod fill;
mod login;
mod protocol;
mod route;
mod server;
mod tls;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, FromArgMatches};

use super::group::Defined;
pub(super) use login::LOGIN_FLAGS;
pub use login::LoginArgs;
pub(super) use protocol::PROTOCOL_FLAGS;
pub use protocol::ProtocolArgs;
pub(super) use route::ROUTE_FLAGS;
pub use route::{PolicyName, RouteArgs};
pub(super) use server::SERVER_FLAGS;
pub use server::ServerArgs;
pub(super) use tls::TLS_FLAGS;
pub use tls::TlsArgs;

/// All that says where and how to connect.
#[derive(Debug, Clone, Default)]
pub struct SessionArgs {
    /// Where to.
    pub server: ServerArgs,
    /// How the connection is encrypted.
    pub tls: TlsArgs,
    /// How to log in.
    pub login: LoginArgs,
    /// What is said to the server.
    pub protocol: ProtocolArgs,
    /// How the servers of a domain are found.
    pub route: RouteArgs,
}

impl SessionArgs {
    /// As where nothing but the account is named; without a name it is the default one.
    #[must_use]
    pub fn of_account(name: Option<&str>) -> SessionArgs {
        SessionArgs {
            server: ServerArgs::of_account(name),
            tls: TlsArgs::default(),
            login: LoginArgs::default(),
            protocol: ProtocolArgs::default(),
            route: RouteArgs::default(),
        }
    }

    /// What was given of them; the server is [`SERVER_FLAGS`]' and always defined. `named_by` is what names
    /// it on the command line.
    pub(super) fn read(
        matches: &mut ArgMatches,
        defined: &Defined,
        named_by: &'static str,
    ) -> Result<Self, clap::Error> {
        // Asked before it is taken out of the matches.
        let named_by = if is_by_variable(matches, "server") { "EHLO_SERVER" } else { named_by };
        let account_by_variable = is_by_variable(matches, "account");
        let user_by_variable = defined.has(&LOGIN_FLAGS) && is_by_variable(matches, "user");
        let mut server = ServerArgs::from_arg_matches_mut(matches)?;
        // As EHLO_SERVER and EHLO_USER: one without a value is none.
        server.account.take_if(|name| name.is_empty() && account_by_variable);
        Ok(Self {
            server: ServerArgs { named_by, account_by_variable, ..server },
            tls: defined.read(&TLS_FLAGS, matches)?,
            login: LoginArgs { user_by_variable, ..defined.read(&LOGIN_FLAGS, matches)? },
            protocol: defined.read(&PROTOCOL_FLAGS, matches)?,
            route: defined.read(&ROUTE_FLAGS, matches)?,
        })
    }
}

/// Hides the flags that mean nothing to a subcommand. A hidden flag that is given all the same is refused.
pub(super) fn leave_out(command: Command, flags: &[&'static str]) -> Command {
    flags.iter().fold(command, |command, id| command.mut_arg(*id, |arg| arg.hide(true)))
}

/// Whether the environment says it.
pub(super) fn is_by_variable(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::EnvVariable)
}
