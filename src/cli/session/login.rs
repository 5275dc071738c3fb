//! Who logs in, where the secret comes from, and by which mechanisms.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::cli::group::Group;

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
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    #[arg(conflicts_with = "password_env")]
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
