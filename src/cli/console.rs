//! `ehlo console`: what can be typed.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::group::{Defined, Group};
use super::session::{LOGIN_FLAGS, PROTOCOL_FLAGS, SERVER_FLAGS, SessionArgs, TLS_FLAGS, leave_out};
use super::values::When;

const EXAMPLES: &str = "\
examples:
  ehlo console mail.example.org
  ehlo console submission://me@mail.example.org
  ehlo console localhost:2525 --send 'VRFY smith' --send NOOP
  ehlo console localhost:2525 --tls off <commands";

/// What it is for, in a line.
pub(super) const ABOUT: &str = "talk to a server by hand: TLS, AUTH and DATA are done for you";

static OUTPUT: Group = Group { name: "console", flags: None, define: ConsoleOutput::augment_args };

/// All flags, in the order of the help.
static GROUPS: &[&Group] = &[&SERVER_FLAGS, &TLS_FLAGS, &LOGIN_FLAGS, &PROTOCOL_FLAGS, &OUTPUT];

/// What of the flags that are shared with `ehlo send` is about a message, and means nothing here.
const WITHOUT: [&str; 5] = ["no_pipelining", "no_chunking", "force_8bit", "mail_parameter", "rcpt_parameter"];

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    let place =
        Arg::new("place").value_name("SERVER").help("the server, as with --server").help_heading("where");
    let command = Defined::all(GROUPS)
        .define(command.arg(place))
        .about(ABOUT)
        .long_about(
            "talk to a server by hand: TLS, AUTH and DATA are done for you\n\n\
             It connects, says EHLO, starts TLS and logs in as 'ehlo send' does. Then each line that you \
             type goes to the server, and its reply is explained. 'help' says what is done for you. Without a \
             terminal, commands are read from standard input, one per line, and the dialogue is printed.",
        )
        .after_help(EXAMPLES);
    leave_out(command, &WITHOUT)
}

/// Takes its arguments out of what clap found.
pub(super) fn read(matches: &mut ArgMatches) -> Result<ConsoleArgs, clap::Error> {
    let mut session = SessionArgs::read(matches, &Defined::all(GROUPS), "--server")?;
    if let Some(place) = matches.remove_one("place") {
        session.server.server = Some(place);
        session.server.named_by = "SERVER";
    }
    let output = ConsoleOutput::from_arg_matches_mut(matches)?;
    Ok(ConsoleArgs { session, output })
}

/// All arguments of `ehlo console`.
#[derive(Debug, Clone)]
pub struct ConsoleArgs {
    /// Where and how to connect.
    pub session: SessionArgs,
    /// What is said, and how it is shown.
    pub output: ConsoleOutput,
}

/// `ehlo console`: what is said, and how it is shown.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(next_help_heading = "console")]
pub struct ConsoleOutput {
    /// send this line, print the reply, and quit; may be repeated
    #[arg(long, value_name = "LINE", allow_hyphen_values = true)]
    pub send: Vec<String>,
    /// show the dialogue on standard error; -vv adds times, -vvv octets in hex
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
    /// when to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// print help: -h is short, --help says more
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}
