//! `ehlo account`: what can be typed.

use std::path::PathBuf;

use clap::{ArgAction, Args, Command, Subcommand};

/// What it is for, in a line.
pub(super) const ABOUT: &str = "list, show, test and import the accounts of the configuration";

const EXAMPLES: &str = "\
examples:
  ehlo account list
  ehlo account show work
  ehlo account test work
  ehlo account import msmtprc --write";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    AccountArgs::augment_args(command)
        .long_about(
            "list, show, test and import the accounts of the configuration\n\n\
             Accounts are in ~/.config/ehlo/config.toml and /etc/ehlo/config.toml; ehlo-config(5) says what \
             they hold. 'ehlo send' uses the one that -A (--account) names, else the one that has the sender, \
             else the default; none where -S names a server.",
        )
        .subcommand_required(true)
        .subcommand_value_name("ACTION")
        .subcommand_help_heading("actions")
        .disable_help_subcommand(true)
        .after_help(EXAMPLES)
}

/// All arguments of `ehlo account`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct AccountArgs {
    /// What is done.
    #[command(subcommand)]
    pub action: AccountAction,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

/// What is done.
#[derive(Debug, Clone, Subcommand)]
pub enum AccountAction {
    /// list the accounts: name, server, address; the default is marked
    List,
    /// show what an account holds, and where each value comes from; never a secret
    Show {
        /// the account [default: the default account]
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// connect, log in, and ask whether mail from the account to itself is accepted; sends no mail
    Test {
        /// the account [default: the default account]
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// turn another program's configuration into TOML
    Import {
        /// whose it is: msmtprc, git, mutt, nullmailer, dma, ssmtp, esmtp
        #[arg(value_name = "FORMAT")]
        format: String,
        /// the file; - is standard input [default: where that program has it]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// write config.toml and the files of secrets; nothing is overwritten
        #[arg(long)]
        write: bool,
    },
}
