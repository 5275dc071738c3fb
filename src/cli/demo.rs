//! `ehlo demo`: what can be typed.

use clap::{ArgAction, Args, Command};

use super::values::When;

/// What it is for, in a line.
pub(super) const ABOUT: &str = "watch one message go to three recipients, one of whom is refused";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    DemoArgs::augment_args(command).long_about(
        "watch one message go to three recipients, one of whom is refused\n\n\
         The example of STD 10, played by the real client against the built-in sink. Nothing leaves this \
         host.",
    )
}

/// All arguments of `ehlo demo`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT, next_help_heading = "output")]
pub struct DemoArgs {
    /// when to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// print help
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}
