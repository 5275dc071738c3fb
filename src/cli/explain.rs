//! `ehlo explain`: what can be typed.

use std::ffi::OsString;

use clap::{ArgAction, Args, Command};

use super::values::When;

const EXAMPLES: &str = "\
examples:
  ehlo explain 550 5.1.1 'User unknown'
  ehlo explain --after VRFY 553
  ehlo explain 421 4.7.28 handshake_failure SCRAM-SHA-256
  ehlo explain < bounce.eml";

/// What it is for, in a line.
pub(super) const ABOUT: &str = "what a code means, who says so, and what to do";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    ExplainArgs::augment_args(command)
        .long_about(
            "what a code means, who says so, and what to do\n\n\
             Reply codes (550), enhanced status codes (5.1.1), whole reply lines, TLS alerts \
             (handshake_failure, alert 40), SASL mechanisms (SCRAM-SHA-256), and what ehlo itself ends with \
             (75). Without a word, or with '-', a log or a bounce is read from standard input, and each code \
             in it is explained once. No connection is made.",
        )
        .after_help(EXAMPLES)
}

/// All arguments of `ehlo explain`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct ExplainArgs {
    /// a code, or a reply with its text; without one, or with '-', standard input is read
    #[arg(value_name = "CODE", help_heading = "what")]
    pub words: Vec<OsString>,
    /// the command that was answered, such as RCPT; 'greeting' is the first reply, 'message' the last
    #[arg(long, value_name = "COMMAND", help_heading = "what")]
    pub after: Option<String>,
    /// print one JSON object per explanation, each on one line
    #[arg(long, help_heading = "output")]
    pub json: bool,
    /// when to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "output")]
    pub color: When,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}
