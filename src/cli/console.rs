//! `ehlo console`: what can be typed.

use clap::{ArgAction, Args, Command, FromArgMatches};

use super::session::{LoginArgs, ProtocolArgs, ServerArgs, TlsArgs, is_by_variable};
use super::values::When;
use super::{Invocation, Subcommand};

const EXAMPLES: &str = "\
examples:
  ehlo console mail.example.org
  ehlo console submission://me@mail.example.org
  ehlo console localhost:2525 --send 'VRFY smith' --send NOOP
  ehlo console localhost:2525 --tls off <commands";

const ABOUT: &str = "talk to a server by hand: TLS, AUTH and DATA are done for you";

/// The row of this subcommand.
pub(super) const SUBCOMMAND: Subcommand = Subcommand {
    name: "console",
    about: ABOUT,
    define,
    read: |matches| {
        let [server_by_variable, user_by_variable] =
            ["server", "user"].map(|name| is_by_variable(matches, name));
        let mut args = ConsoleArgs::from_arg_matches_mut(matches)?;
        args.login.user_by_variable = user_by_variable;
        if server_by_variable {
            args.server.named_by = "EHLO_SERVER";
        }
        if let Some(place) = args.place.take() {
            args.server.server = Some(place);
            args.server.named_by = "SERVER";
        }
        Ok(Invocation::Console(Box::new(args)))
    },
    read_named: None,
};

/// What means nothing here: it is about a message.
const MEANINGLESS: [&str; 5] =
    ["no_pipelining", "no_chunking", "force_8bit", "mail_parameter", "rcpt_parameter"];

fn define(command: Command) -> Command {
    let command = ConsoleArgs::augment_args(command)
        .long_about(
            "talk to a server by hand: TLS, AUTH and DATA are done for you\n\n\
             It connects, says EHLO, begins TLS and logs in as ehlo send would; then any line that you type goes to \
             the server, and its reply is explained. 'help' says what is done for you. Without a terminal, commands \
             are read from standard input, one a line, and the dialogue is printed.",
        )
        .after_help(EXAMPLES);
    MEANINGLESS.into_iter().fold(command, |command, name| command.mut_arg(name, |arg| arg.hide(true)))
}

/// All arguments of `ehlo console`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct ConsoleArgs {
    /// the server, as with --server
    #[arg(value_name = "SERVER")]
    place: Option<String>,
    /// Where to.
    #[command(flatten)]
    pub server: ServerArgs,
    /// How the connection is encrypted.
    #[command(flatten)]
    pub tls: TlsArgs,
    /// How to log in.
    #[command(flatten)]
    pub login: LoginArgs,
    /// What is said to the server.
    #[command(flatten)]
    pub protocol: ProtocolArgs,
    /// What is said, and how it is shown.
    #[command(flatten)]
    pub output: ConsoleOutput,
}

/// `ehlo console`: what is said, and how it is shown.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(next_help_heading = "console")]
pub struct ConsoleOutput {
    /// say this line, print the reply, and leave; may be repeated
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub send: Vec<String>,
    /// the dialogue on standard error; -vv with times, -vvv with octets in hex
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
    /// use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// print help: -h is short, --help says more
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}
