//! `ehlo demo`: what can be typed.

use clap::{ArgAction, Args, Command};

use super::values::{When, Words, one_of};

/// What it is for, in a line.
pub(super) const ABOUT: &str = "watch one message go to three recipients, one of whom is refused";

/// What can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demo {
    /// STD 10's example.
    Std10,
    /// Two domains, found by `-S mx:`.
    Mx,
}

const DEMOS: Words<Demo> = &[
    ("std10", "the example of STD 10: three recipients, one of whom is refused", Demo::Std10),
    ("mx", "two domains, whose servers are found in the DNS and proved by DANE and MTA-STS", Demo::Mx),
];

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    DemoArgs::augment_args(command).long_about(
        "watch one message go to three recipients, one of whom is refused\n\n\
         The example of STD 10, played by the real client against the built-in sink; or another one. Nothing \
         leaves this host.",
    )
}

/// All arguments of `ehlo demo`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT, next_help_heading = "output")]
pub struct DemoArgs {
    /// what is played
    #[arg(value_name = "DEMO", default_value = "std10", help_heading = "what", value_parser = one_of(DEMOS))]
    pub demo: Demo,
    /// when to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// print help
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}
