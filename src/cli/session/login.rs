//! Who logs in, where the secret comes from, and by which mechanisms.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueHint};

use crate::cli::group::Group;
use crate::oauth::Configured;

/// The group of [`LoginArgs`].
pub(crate) static LOGIN_FLAGS: Group = Group {
    name: "log in",
    flags: Some(
        "--user --password-file --password-command --password-env --oauth-token-command --auth \
         --auth-identity --allow-cleartext-auth -u $EHLO_USER",
    ),
    define: LoginArgs::augment_args,
};

/// How to log in. The password is never an argument.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "log in")]
pub struct LoginArgs {
    /// log in as this user; the password comes from the next four flags, netrc, or a prompt
    #[arg(short, long, env = "EHLO_USER", hide_env_values = true, value_name = "NAME")]
    pub user: Option<String>,
    /// The user is the environment's, and gives way to one in the URL.
    #[arg(skip)]
    pub user_by_variable: bool,
    /// The password is in the keyring, by the account.
    #[arg(skip)]
    pub password_keyring: bool,
    /// The account signs in by OAuth.
    #[arg(skip)]
    pub oauth: Option<Arc<Configured>>,
    /// read the password from the first line of this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["password_command", "password_env"])]
    pub password_file: Option<PathBuf>,
    /// read the password from the output of this command
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    #[arg(conflicts_with = "password_env")]
    pub password_command: Option<String>,
    /// read the password from this environment variable
    #[arg(long, value_name = "VARIABLE")]
    pub password_env: Option<String>,
    /// read an OAuth token from the output of this command, for OAUTHBEARER and XOAUTH2
    #[arg(
        long,
        value_name = "COMMAND",
        value_hint = ValueHint::CommandString,
        conflicts_with_all = ["password_file", "password_command", "password_env"],
    )]
    pub oauth_token_command: Option<String>,
    /// the mechanisms to choose from, separated by commas [default: all, the strongest first]
    #[arg(long, value_name = "MECHANISM", value_delimiter = ',')]
    pub auth: Vec<String>,
    /// act for this user while logged in as --user
    #[arg(long, value_name = "NAME")]
    pub auth_identity: Option<String>,
    /// log in even if the connection is not encrypted
    #[arg(long)]
    pub allow_cleartext_auth: bool,
}

impl LoginArgs {
    /// Whether a flag says where the password is.
    #[must_use]
    pub fn names_a_password(&self) -> bool {
        self.password_file.is_some() || self.password_command.is_some() || self.password_env.is_some()
    }

    /// Whether a flag says where the password or the token is.
    #[must_use]
    pub fn names_a_secret(&self) -> bool {
        self.names_a_password() || self.oauth_token_command.is_some()
    }

    /// How the user was named, for what is said of it.
    #[must_use]
    pub fn user_named_by(&self) -> &'static str {
        if self.user_by_variable { "EHLO_USER" } else { "--user" }
    }
}
