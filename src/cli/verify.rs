//! `ehlo verify`: what can be typed.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueHint};

use super::group::{Defined, Group};
use super::send::OutputArgs;
use super::session::{
    LOGIN_FLAGS, PROTOCOL_FLAGS, ROUTE_FLAGS, SERVER_FLAGS, SessionArgs, TLS_FLAGS, leave_out,
};

/// What it is for, in a line.
pub(super) const ABOUT: &str = "ask a server whether it accepts addresses, without sending them anything";

const EXAMPLES: &str = "\
examples:
  ehlo verify mail.example.org you@example.org boss@example.org
  ehlo verify mail.example.org --vrfy you@example.org
  ehlo verify submission://mail.example.org -u me \\
      --recipients-from list --failed-to bad";

/// One line for each exit status of `ehlo verify` that means something of its own; the others are those of
/// send.
const EXIT_STATUS: &str = "   0  every address was accepted
  10  only some addresses were accepted
  69  no address was accepted, and trying again does not help
  75  no address was accepted now, or the connection failed; try again later
      all others are those of 'ehlo send'";

static ASKED: Group = Group { name: "what", flags: None, define: AskedArgs::augment_args };
static OUTPUT: Group = Group { name: "output", flags: None, define: OutputArgs::augment_args };

/// All flags, in the order of the help.
static GROUPS: &[&Group] =
    &[&SERVER_FLAGS, &ASKED, &TLS_FLAGS, &LOGIN_FLAGS, &PROTOCOL_FLAGS, &ROUTE_FLAGS, &OUTPUT];

/// What of the flags that are shared with `ehlo send` means nothing where no message is sent.
const WITHOUT: [&str; 7] =
    ["jobs", "tlsrpt", "final_timeout", "no_chunking", "force_8bit", "progress", "message_out"];

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    let command = Defined::all(GROUPS)
        .define(command)
        .about(ABOUT)
        .long_about(
            "ask a server whether it accepts addresses, without sending them anything\n\n\
             It asks by RCPT without DATA, for all addresses in one session; or by VRFY or EXPN. For each \
             address, in the order given, a line on standard output says what the server replied. A made-up \
             mailbox is asked about first: a server that accepts it accepts anything, and a warning says so.",
        )
        .after_help(EXAMPLES)
        .after_long_help(format!("{EXAMPLES}\n\nexit status:\n{EXIT_STATUS}"))
        .mut_arg("server", |server| {
            let server = server
                .short(None)
                .long(None::<&str>)
                .env(None::<&str>)
                .index(1)
                .required_unless_present("account");
            server.value_hint(ValueHint::Hostname)
        })
        .mut_arg("pipe", |pipe| {
            let help = pipe.get_help().cloned().unwrap_or_default();
            pipe.long_help(format!(
                "{help}\n\nThe command is split into words and run without a shell. SERVER is then the \
                 name that a certificate must be for."
            ))
        })
        .mut_arg("quiet", |arg| arg.help("print only the addresses that are not accepted, on standard error"))
        .mut_arg("deferred_to", |arg| {
            arg.help("write the addresses to ask about again to a file, for --recipients-from")
        })
        .mut_arg("failed_to", |arg| {
            arg.help("write the addresses that are not accepted to a file, for --recipients-from")
        });
    leave_out(command, &WITHOUT)
}

/// Takes its arguments out of what clap found.
pub(super) fn read(matches: &mut ArgMatches) -> Result<VerifyArgs, clap::Error> {
    let mut session = SessionArgs::read(matches, &Defined::all(GROUPS), "SERVER")?;
    let mut asked = AskedArgs::from_arg_matches_mut(matches)?;
    // Where an account has the server, the first word is an address, unless it can only be a server.
    let is_address = |word: &mut String| {
        (word.contains('@') && !word.contains("://"))
            || (asked.addresses.is_empty() && asked.recipients_from.is_empty())
    };
    if session.server.account.is_some()
        && let Some(address) = session.server.server.take_if(is_address)
    {
        asked.addresses.insert(0, address);
    }
    Ok(VerifyArgs { session, asked, output: OutputArgs::from_arg_matches_mut(matches)? })
}

/// All arguments of `ehlo verify`.
#[derive(Debug, Clone, Default)]
pub struct VerifyArgs {
    /// Where and how to connect.
    pub session: SessionArgs,
    /// What is asked.
    pub asked: AskedArgs,
    /// What is printed and written.
    pub output: OutputArgs,
}

/// `ehlo verify`: what is asked.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "what")]
pub struct AskedArgs {
    /// the addresses; with --vrfy and --expn, names too
    #[arg(index = 2, value_name = "ADDRESS", value_hint = ValueHint::EmailAddress)]
    pub addresses: Vec<String>,
    /// a file of addresses, one per line; a line that begins with # is a comment
    #[arg(long, value_name = "FILE")]
    pub recipients_from: Vec<PathBuf>,
    /// ask by VRFY; many servers answer 252, which says nothing
    #[arg(long, conflicts_with = "expn")]
    pub vrfy: bool,
    /// ask by EXPN for the members of a list
    #[arg(long)]
    pub expn: bool,
    /// the sender in the envelope [default: <>, the null reverse-path]
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["vrfy", "expn"])]
    pub envelope_from: Option<String>,
    /// the domain to add to bare names such as root
    #[arg(long, value_name = "NAME", conflicts_with_all = ["vrfy", "expn"])]
    pub domain: Option<String>,
    /// do not ask about a made-up mailbox first
    #[arg(long, conflicts_with = "random_mailbox")]
    pub no_random: bool,
    /// the name of the made-up mailbox [default: random]
    #[arg(long, value_name = "NAME")]
    pub random_mailbox: Option<String>,
}
