//! `ehlo verify`: what can be typed.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueHint};

use super::send::{OutputArgs, SendArgs};
use super::session::{LoginArgs, ProtocolArgs, ServerArgs, TlsArgs, is_by_variable};
use super::{
    AsIsArgs, DeliveryArgs, Invocation, MessageArgs, Parsed, PolicyArgs, StopArgs, Subcommand, WhoArgs,
};

const ABOUT: &str = "ask a server whether it accepts addresses, without sending them anything";

const EXAMPLES: &str = "\
examples:
  ehlo verify mail.example.org you@example.org boss@example.org
  ehlo verify mail.example.org --vrfy you@example.org
  ehlo verify submission://mail.example.org -u me --recipients-from list --failed-to bad";

/// One line for each exit status of `ehlo verify` that means something of its own; the others are those of send.
const EXIT_STATUS: &str = "   0  every address was accepted
  10  some were, some were not
  69  none was, and none will be
  75  none was, but later one may be; or the connection failed
      the others are those of 'ehlo send'";

/// What of the flags that are shared with `ehlo send` means nothing where no message is sent.
const WITHOUT: [&str; 5] = ["final_timeout", "no_chunking", "force_8bit", "progress", "message_out"];

/// The row of this subcommand.
pub(super) const SUBCOMMAND: Subcommand =
    Subcommand { name: "verify", about: ABOUT, define, read, read_named: None };

fn define(command: Command) -> Command {
    let command = VerifyArgs::augment_args(command)
        .long_about(
            "ask a server whether it accepts addresses, without sending them anything\n\n\
             By RCPT without DATA, for all in one session; or by VRFY or EXPN. For each address, in the order \
             given, a line on standard output says what the server replied. A mailbox that cannot exist is asked \
             about first: if that is accepted, the server accepts anything, and a warning says so.",
        )
        .after_help(EXAMPLES)
        .after_long_help(format!("{EXAMPLES}\n\nexit status:\n{EXIT_STATUS}"))
        .mut_arg("server", |server| {
            let server = server.short(None).long(None::<&str>).env(None::<&str>).index(1).required(true);
            server.value_hint(ValueHint::Hostname)
        })
        .mut_arg("pipe", |pipe| {
            let help = pipe.get_help().cloned().unwrap_or_default();
            pipe.long_help(format!(
                "{help}\n\nIt is split into words and run without a shell. SERVER is then the name that a certificate \
                 must bear."
            ))
        })
        .mut_arg("quiet", |arg| {
            arg.help("print nothing but, on standard error, the addresses that are not accepted")
        })
        .mut_arg("deferred_to", |arg| {
            arg.help("a file for the addresses to ask about again, fit for --recipients-from")
        })
        .mut_arg("failed_to", |arg| {
            arg.help("a file for the addresses that are not accepted, fit for --recipients-from")
        });
    WITHOUT.into_iter().fold(command, |command, name| command.mut_arg(name, |arg| arg.hide(true)))
}

fn read(matches: &mut ArgMatches) -> Parsed {
    for name in WITHOUT {
        if matches.value_source(name) == Some(ValueSource::CommandLine) {
            let flag = name.replace('_', "-");
            let text = format!("no option --{flag} here: see 'ehlo verify --help'\n");
            return Err(clap::Error::raw(ErrorKind::UnknownArgument, text));
        }
    }
    let user_by_variable = is_by_variable(matches, "user");
    let mut args = VerifyArgs::from_arg_matches_mut(matches)?;
    args.login.user_by_variable = user_by_variable;
    Ok(Invocation::Verify(Box::new(args)))
}

/// All arguments of `ehlo verify`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct VerifyArgs {
    /// Where.
    #[command(flatten)]
    pub server: ServerArgs,
    /// What is asked.
    #[command(flatten)]
    pub asked: AskedArgs,
    /// How the connection is encrypted.
    #[command(flatten)]
    pub tls: TlsArgs,
    /// How to log in.
    #[command(flatten)]
    pub login: LoginArgs,
    /// What is said to the server.
    #[command(flatten)]
    pub protocol: ProtocolArgs,
    /// What is printed and written.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `ehlo verify`: what is asked.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(next_help_heading = "what")]
pub struct AskedArgs {
    /// the addresses; with --vrfy and --expn names as well
    #[arg(index = 2, value_name = "ADDRESS", value_hint = ValueHint::EmailAddress)]
    pub addresses: Vec<String>,
    /// a file of addresses, one a line; # begins a comment line
    #[arg(long, value_name = "FILE")]
    pub recipients_from: Vec<PathBuf>,
    /// ask by VRFY, which many servers answer by 252: they do not say
    #[arg(long, conflicts_with = "expn")]
    pub vrfy: bool,
    /// ask by EXPN who is on a list
    #[arg(long)]
    pub expn: bool,
    /// the sender in the envelope [default: <>, the null reverse-path]
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["vrfy", "expn"])]
    pub envelope_from: Option<String>,
    /// the domain of addresses that are a bare name, such as root
    #[arg(long, value_name = "NAME", conflicts_with_all = ["vrfy", "expn"])]
    pub domain: Option<String>,
    /// do not ask about a mailbox that cannot exist
    #[arg(long, conflicts_with = "random_mailbox")]
    pub no_random: bool,
    /// the name of the mailbox that cannot exist [default: random]
    #[arg(long, value_name = "NAME")]
    pub random_mailbox: Option<String>,
}

impl VerifyArgs {
    /// The flags that are shared with `ehlo send`, as that has them; nothing of the others is given.
    #[must_use]
    pub fn as_send(&self) -> SendArgs {
        SendArgs {
            server: ServerArgs { named_by: "SERVER", ..self.server.clone() },
            who: WhoArgs::default(),
            message: MessageArgs::default(),
            as_is: AsIsArgs::default(),
            tls: self.tls.clone(),
            login: self.login.clone(),
            protocol: self.protocol.clone(),
            delivery: DeliveryArgs::default(),
            stop: StopArgs::default(),
            policy: PolicyArgs::default(),
            output: self.output.clone(),
        }
    }
}
