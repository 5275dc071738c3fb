//! `ehlo account`: what can be typed.

use std::path::PathBuf;

use clap::{ArgAction, Args, Command, ValueEnum};

/// What it is for, in a line.
pub(super) const ABOUT: &str = "list, show, test, import, and sign in to the accounts of the configuration";

const EXAMPLES: &str = "\
examples:
  ehlo account list
  ehlo account show work
  ehlo account test work
  ehlo account import msmtprc --write";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    AccountArgs::augment_args(command)
        .override_usage("ehlo account ACTION [ACCOUNT | FORMAT [FILE]] [OPTIONS]")
        .long_about(
            "list, show, test, import, and sign in to the accounts of the configuration\n\n\
             Accounts are in ~/.config/ehlo/config.toml and /etc/ehlo/config.toml; ehlo-config(5) says what \
             they hold. 'ehlo send' uses the one that -A (--account) names, else the one that has the sender, \
             else the default; none where -S names a server.\n\n\
             An account with 'oauth' is signed in to once, by 'ehlo account login'; from then on its tokens are \
             renewed when mail is sent.",
        )
        .after_help(EXAMPLES)
}

/// All arguments of `ehlo account`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct AccountArgs {
    /// what to do
    #[arg(value_name = "ACTION", help_heading = "what")]
    pub action: AccountAction,
    /// the account [default: the default account]; for import, whose configuration it is: msmtprc, git, mutt,
    /// nullmailer, dma, ssmtp or esmtp
    #[arg(value_name = "ACCOUNT", help_heading = "what")]
    pub name: Option<String>,
    /// for import, the file; - is standard input [default: where that program has it]
    #[arg(value_name = "FILE", help_heading = "what")]
    pub file: Option<PathBuf>,
    /// for import, write config.toml and the files of secrets; nothing is overwritten
    #[arg(long, help_heading = "what")]
    pub write: bool,
    /// for login, show the address and start no browser
    #[arg(long, help_heading = "what")]
    pub no_browser: bool,
    /// for login and logout, trust these certificates (PEM)
    #[arg(long, value_name = "FILE", help_heading = "what")]
    pub ca_file: Option<PathBuf>,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccountAction {
    /// name, servers and address of each account
    List,
    /// what an account holds, and where each value comes from; never a secret
    Show,
    /// connect, log in, and ask whether mail from the account to itself is accepted; sends no mail
    Test,
    /// turn another program's configuration into TOML
    Import,
    /// sign in by OAuth, and keep the tokens
    Login,
    /// end the tokens, and forget them
    Logout,
}
