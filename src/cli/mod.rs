//! What can be typed: `ehlo send`, `ehlo verify`, `ehlo probe`, `ehlo check`, `ehlo console`, `ehlo explain`, `ehlo queue`,
//! `ehlo account`, `ehlo dkim`, `ehlo sink`, `ehlo demo`, `ehlo completions`, `ehlo sendmail`.
//!
//! This only reads the command line: it opens no file, asks no host name and decides nothing; `app` makes a
//! plan of what was typed. A flag's name and its help are here and nowhere else: completions/ and man/ are
//! made from them by tests/generated.
//!
//! The table of subcommands is here too; `ehlo sendmail`, which clap does not read, is beside it. Start-up counts: of the tree of commands only the one that was named
//! is built.

mod account;
mod attachments;
mod brief;
mod check;
mod completions;
#[cfg(feature = "console")]
mod console;
mod delivery;
#[cfg(feature = "sink")]
mod demo;
mod dkim;
mod duration;
mod exit;
mod explain;
mod group;
mod habits;
mod in_order;
mod locale;
mod no_command;
mod passwords;
mod probe;
mod queue;
mod recipients;
mod resolver;
mod send;
pub mod sendmail;
mod server;
mod session;
mod signing;
#[cfg(feature = "sink")]
mod sink;
mod slips;
mod stop;
#[cfg(test)]
mod tests;
mod tlsrpt;
pub mod typed;
mod values;
#[cfg(feature = "sink")]
mod verdict;
mod verify;

pub use self::account::{AccountAction, AccountArgs};
pub use self::check::CheckArgs;
pub use self::completions::{CompletionsArgs, Shell};
#[cfg(feature = "console")]
pub use self::console::ConsoleArgs;
pub use self::delivery::{DeliveryArgs, Return};
#[cfg(feature = "sink")]
pub use self::demo::{Demo, DemoArgs};
pub use self::dkim::{DkimAction, DkimArgs};
pub use self::explain::ExplainArgs;
pub use self::locale::in_locale;
pub use self::probe::ProbeArgs;
pub use self::queue::{QueueAction, QueueArgs, RunArgs};
pub use self::recipients::RecipientArg;
pub use self::resolver::by_variable as resolvers_by_variable;
pub use self::send::{EXIT_STATUS, OutputArgs, SendArgs, WhoArgs};
pub use self::sendmail::{Delivery, SendmailArgs, SendmailMode};
pub use self::server::looks_like_server;
pub use self::session::{LoginArgs, PolicyName, ProtocolArgs, ServerArgs, SessionArgs, TlsArgs};
pub use self::signing::SigningArgs;
#[cfg(feature = "sink")]
pub use self::sink::SinkArgs;
pub use self::stop::StopArgs;
pub use self::tlsrpt::{TlsrptAction, TlsrptArgs};
pub use self::values::When;
#[cfg(feature = "sink")]
pub use self::verdict::Verdict;
pub use self::verify::{AskedArgs, VerifyArgs};

pub use self::exit::Exit;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};
use std::ffi::OsString;

const TEMPLATE: &str = "{about-with-newline}\nusage: {usage}\n\n{all-args}{after-help}\n";

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Invocation {
    /// `ehlo send`.
    Send(Box<SendArgs>),
    /// `ehlo explain`.
    Explain(ExplainArgs),
    /// `ehlo account`.
    Account(AccountArgs),
    /// `ehlo dkim`.
    Dkim(Box<DkimArgs>),
    /// `ehlo tlsrpt`.
    Tlsrpt(Box<TlsrptArgs>),
    /// `ehlo queue`.
    Queue(Box<QueueArgs>),
    /// `ehlo sendmail`, or sendmail(8) by its own name.
    Sendmail(Box<SendmailArgs>),
    /// `ehlo verify`.
    Verify(Box<VerifyArgs>),
    /// `ehlo probe`.
    Probe(Box<ProbeArgs>),
    /// `ehlo check`.
    Check(Box<CheckArgs>),
    /// `ehlo console`.
    #[cfg(feature = "console")]
    Console(Box<ConsoleArgs>),
    /// `ehlo sink`.
    #[cfg(feature = "sink")]
    Sink(Box<SinkArgs>),
    /// `ehlo demo`.
    #[cfg(feature = "sink")]
    Demo(DemoArgs),
    /// `ehlo completions`.
    Completions(CompletionsArgs),
}

/// What was typed, or clap's complaint.
type Parsed = Result<Invocation, clap::Error>;

/// One row of the table of subcommands.
struct Subcommand {
    name: &'static str,
    about: &'static str,
    /// Adds its arguments and its help.
    define: fn(Command) -> Command,
    /// Takes its arguments out of what clap found.
    read: fn(&mut ArgMatches) -> Parsed,
    /// Does both with the arguments alone that are named, if that will do: to define the others takes time.
    read_named: Option<fn(Command, &[OsString]) -> Parsed>,
}

const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "send",
        about: send::ABOUT,
        define: send::define,
        read: |matches| Ok(Invocation::Send(Box::new(send::read(matches)?))),
        read_named: Some(|command, words| Ok(Invocation::Send(Box::new(send::read_named(command, words)?)))),
    },
    Subcommand {
        name: "explain",
        about: explain::ABOUT,
        define: explain::define,
        read: |matches| Ok(Invocation::Explain(ExplainArgs::from_arg_matches_mut(matches)?)),
        read_named: None,
    },
    Subcommand {
        name: "account",
        about: account::ABOUT,
        define: account::define,
        read: |matches| Ok(Invocation::Account(AccountArgs::from_arg_matches_mut(matches)?)),
        read_named: None,
    },
    Subcommand {
        name: "dkim",
        about: dkim::ABOUT,
        define: dkim::define,
        read: |matches| Ok(Invocation::Dkim(Box::new(dkim::read(matches)?))),
        read_named: None,
    },
    Subcommand {
        name: "tlsrpt",
        about: tlsrpt::ABOUT,
        define: tlsrpt::define,
        read: |matches| Ok(Invocation::Tlsrpt(Box::new(TlsrptArgs::from_arg_matches_mut(matches)?))),
        read_named: None,
    },
    Subcommand {
        name: "queue",
        about: queue::ABOUT,
        define: queue::define,
        read: |matches| Ok(Invocation::Queue(Box::new(queue::read(matches)?))),
        read_named: None,
    },
    Subcommand {
        name: "verify",
        about: verify::ABOUT,
        define: verify::define,
        read: |matches| Ok(Invocation::Verify(Box::new(verify::read(matches)?))),
        read_named: None,
    },
    Subcommand {
        name: "probe",
        about: probe::ABOUT,
        define: probe::define,
        read: |matches| Ok(Invocation::Probe(Box::new(probe::read(matches)?))),
        read_named: None,
    },
    Subcommand {
        name: "check",
        about: check::ABOUT,
        define: check::define,
        read: |matches| Ok(Invocation::Check(Box::new(CheckArgs::from_arg_matches_mut(matches)?))),
        read_named: None,
    },
    #[cfg(feature = "console")]
    Subcommand {
        name: "console",
        about: console::ABOUT,
        define: console::define,
        read: |matches| Ok(Invocation::Console(Box::new(console::read(matches)?))),
        read_named: None,
    },
    #[cfg(feature = "sink")]
    Subcommand {
        name: "sink",
        about: sink::ABOUT,
        define: sink::define,
        read: |matches| Ok(Invocation::Sink(Box::new(SinkArgs::from_arg_matches_mut(matches)?))),
        read_named: None,
    },
    #[cfg(feature = "sink")]
    Subcommand {
        name: "demo",
        about: demo::ABOUT,
        define: demo::define,
        read: |matches| Ok(Invocation::Demo(DemoArgs::from_arg_matches_mut(matches)?)),
        read_named: None,
    },
    Subcommand {
        name: "completions",
        about: completions::ABOUT,
        define: completions::define,
        read: |matches| Ok(Invocation::Completions(CompletionsArgs::from_arg_matches_mut(matches)?)),
        read_named: None,
    },
];

impl Subcommand {
    fn command(&self) -> Command {
        Command::new(self.name)
            .about(self.about)
            .disable_help_flag(true)
            .help_template(TEMPLATE)
            .defer(self.define)
    }

    fn parse(&self, args: &[OsString]) -> Result<Invocation, Exit> {
        if let Some(objection) = habits::objection(args) {
            let full_name = format!("ehlo {}", self.name);
            let mut command = self.command().bin_name(&full_name);
            command.build();
            return Err(Exit::usage(&objection.sentence(&command)));
        }
        if let Some(read_named) = self.read_named
            && let Ok(invocation) = read_named(Command::new(self.name).no_binary_name(true), args)
        {
            return Ok(invocation);
        }
        self.parse_whole(args)
    }

    fn parse_with(&self, command: &mut Command, args: &[OsString]) -> Parsed {
        let mut matches = command.try_get_matches_from_mut(args)?;
        // What is hidden from its help means nothing to it, and must not be passed over in silence; but for what
        // this program, or its tests, say to it.
        let is_said = |arg: &&Arg| arg.get_id() == queue::BACKGROUND || arg.get_id() == "mta_sts_connect";
        let means_nothing = |arg: &&Arg| arg.is_hide_set() && !is_said(arg);
        let is_given =
            |arg: &&Arg| matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
        if let Some(arg) = command.get_arguments().filter(means_nothing).find(is_given) {
            let flag = arg.get_long().unwrap_or_default();
            let text = format!("no option --{flag} here: see 'ehlo {} --help'\n", self.name);
            return Err(clap::Error::raw(ErrorKind::UnknownArgument, text));
        }
        (self.read)(&mut matches)
    }

    /// With everything that there is defined.
    fn parse_whole(&self, args: &[OsString]) -> Result<Invocation, Exit> {
        let full_name = format!("ehlo {}", self.name);
        let mut command = self.command().bin_name(&full_name).no_binary_name(true);
        let mut parsed = self.parse_with(&mut command, args);
        if parsed.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidUtf8)
            && let Some(words) = slips::read_in_locale(&command, args)
        {
            parsed = self.parse_with(&mut command, &words);
        }
        let parsed = parsed.map_err(|error| {
            let brief = brief::help(self.name, &command, &error);
            brief.map_or_else(|| Exit::from_clap(&error, &command, args), Exit::answer)
        });
        // To free the definitions one by one takes time, and the process ends soon.
        std::mem::forget(command);
        parsed
    }
}

/// Reads the command line, the program's own name first.
///
/// # Errors
/// When there is nothing to run: help or the version was asked for, or it cannot be understood.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Invocation, Exit> {
    let mut args = args.into_iter();
    let name = args.next();
    let mut args: Vec<OsString> = args.collect();
    if let Some(mode) = name.as_ref().and_then(sendmail::mode_of_name) {
        return sendmail::read(mode, &args).map(|args| Invocation::Sendmail(Box::new(args)));
    }
    // Scripts ask for the version, and often: that needs no clap.
    if let [flag] = args.as_slice()
        && (flag == "--version" || flag == "-V")
    {
        return Err(Exit::version());
    }
    // `ehlo help send`, as with other programs.
    if args.first().is_some_and(|word| word == "help") {
        args.remove(0);
        args.push("--help".into());
    }
    if let Some((name, rest)) = args.split_first()
        && name == sendmail::NAME
    {
        let args = sendmail::read(SendmailMode::Deliver, rest)?;
        return Ok(Invocation::Sendmail(Box::new(args)));
    }
    if let Some((name, rest)) = args.split_first()
        && let Some(subcommand) = SUBCOMMANDS.iter().find(|subcommand| name == subcommand.name)
    {
        return subcommand.parse(rest);
    }
    let mut command = command().no_binary_name(true);
    match command.try_get_matches_from_mut(&args) {
        Err(error) => Err(Exit::from_clap(&error, &command, &args)),
        // Never happens: clap demands a subcommand.
        Ok(_) => Err(Exit::usage("no command: see 'ehlo --help'")),
    }
}

/// The whole tree: for help, for errors, and for those who make completions and manuals of it.
#[must_use]
pub fn command() -> Command {
    let flag = |name, short, action, help| {
        Arg::new(name).short(short).long(name).action(action).help(help).help_heading("options")
    };
    Command::new("ehlo")
        .bin_name("ehlo")
        .version(env!("CARGO_PKG_VERSION"))
        .about("send mail by SMTP, and say what became of each recipient")
        .after_help("'ehlo COMMAND --help' says more about a command")
        .help_template(TEMPLATE)
        .subcommand_help_heading("commands")
        .subcommand_value_name("COMMAND")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommands(SUBCOMMANDS.iter().map(Subcommand::command))
        .subcommand(sendmail::command())
        .arg(flag("help", 'h', ArgAction::Help, "print help"))
        .arg(flag("version", 'V', ArgAction::Version, "print the version"))
}
