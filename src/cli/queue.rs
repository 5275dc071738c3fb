//! `ehlo queue`: what can be typed.
//!
//! All actions share their flags. Each flag says here for which of them it is; with another one it is an error
//! of usage, so that nothing is passed over in silence.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::values::{Words, one_of};
use crate::spool::Standing;

/// What it is for, in a line.
pub(super) const ABOUT: &str = "list the messages that wait, send them, and decide about them";

/// What a run that was started by this program itself is told. It is in no help.
pub(super) const BACKGROUND: &str = "background";

const EXAMPLES: &str = "\
examples:
  ehlo queue list --state unknown
  ehlo queue list --older 1h
  ehlo queue remove --older 3d --to '*@example.org'
  ehlo queue check --max-age 1h --max-unknown 0";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    QueueArgs::augment_args(command)
        .override_usage("ehlo queue ACTION [OPTIONS] [ID]...")
        .long_about(
            "list the messages that wait, send them, and decide about them\n\n\
             The queue is in ~/.local/state/ehlo/queue. Each command that puts a message there starts a run. \
             Something has to start the later ones: a timer or cron, as ehlo-queue(1) shows.",
        )
        .after_help(EXAMPLES)
}

/// Takes the arguments out of what clap found.
///
/// # Errors
/// A flag that is for another action.
pub(super) fn read(matches: &mut ArgMatches) -> Result<QueueArgs, clap::Error> {
    let is_typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let typed: Vec<_> = FLAGS.iter().filter(|(id, _)| is_typed(id)).collect();
    let args = QueueArgs::from_arg_matches_mut(matches)?;
    let conflict = |text: String| Err(clap::Error::raw(ErrorKind::ArgumentConflict, text));
    let is_for = |groups: Groups, action| groups.iter().any(|group| group.contains(&action));
    // What 'init' is given is no ID, but a URL in its place.
    let is_url = |id: &str| id == "ids" && args.action == QueueAction::Init;
    match typed.iter().find(|(id, groups)| !is_for(groups, args.action) && !is_url(id)) {
        // An account is a run's whole choice; elsewhere it is one of several that all have to fit.
        None if args.action == QueueAction::Run && args.account.is_some() && !args.ids.is_empty() => {
            conflict("--account cannot be used with an ID for 'run'\n".to_owned())
        }
        None if args.action == QueueAction::Init && args.ids.len() != 1 => {
            let text = "'init' needs the URL of a database, as in postgres://postgres@db.example.org/mail\n";
            Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, text.to_owned()))
        }
        None if args.all && !args.ids.is_empty() => conflict("--all cannot be used with an ID\n".to_owned()),
        None => Ok(args),
        Some((id, groups)) => {
            let meant = QueueAction::value_variants().iter().filter(|action| is_for(groups, **action));
            let names: Vec<_> = meant.map(|action| format!("'{}'", action.name())).collect();
            let flag = match *id {
                "ids" => "an ID".to_owned(),
                id => format!("--{}", id.replace('_', "-")),
            };
            conflict(format!("{flag} is not for '{}', only for {}\n", args.action.name(), names.join(", ")))
        }
    }
}

/// All arguments of `ehlo queue`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(about = ABOUT)]
pub struct QueueArgs {
    /// what to do
    #[arg(value_name = "ACTION", help_heading = "what")]
    pub action: QueueAction,
    /// a message, by its ID or the first letters of it; init: the URL of a database
    #[arg(value_name = "ID", help_heading = "what")]
    pub ids: Vec<String>,

    /// all messages (hold, release, retry, remove); for run, those too whose time has not come
    #[arg(long, help_heading = "which messages")]
    pub all: bool,
    /// those of this account of the configuration
    #[arg(short = 'A', long, value_name = "ACCOUNT", help_heading = "which messages")]
    pub account: Option<String>,
    /// those in this state
    #[arg(long, value_name = "STATE", help_heading = "which messages", value_parser = one_of(STATES))]
    pub state: Option<Standing>,
    /// those that a recipient waits for whose address is like this, as in '*@example.org'
    #[arg(long, value_name = "GLOB", help_heading = "which messages")]
    pub to: Option<String>,
    /// those whose sender is like this; '' is the null reverse-path, which notices have
    #[arg(long, value_name = "GLOB", help_heading = "which messages")]
    pub from: Option<String>,
    /// those that have waited longer than this, as in 1h or 2d
    #[arg(long, value_name = "TIME", help_heading = "which messages", value_parser = age)]
    pub older: Option<Duration>,

    /// show: the whole message, as it was handed over
    #[arg(long, help_heading = "how", conflicts_with_all = ["headers", "log", "json"])]
    pub message: bool,
    /// show: its header fields
    #[arg(long, help_heading = "how", conflicts_with_all = ["log", "json"])]
    pub headers: bool,
    /// show: all that happened to it
    #[arg(long, help_heading = "how")]
    pub log: bool,
    /// run: do not wait until another run has ended
    #[arg(long, help_heading = "how")]
    pub no_wait: bool,
    /// run: started by this program itself, with nobody who reads what it says
    #[arg(long, hide = true)]
    pub background: bool,
    /// remove: tell the sender that it is not delivered
    #[arg(long, help_heading = "how")]
    pub notify: bool,
    /// remove: do not ask, though it is more than one
    #[arg(long, help_heading = "how")]
    pub yes: bool,

    /// check: how long a message may wait
    #[arg(long, value_name = "TIME", default_value = "4h", help_heading = "limits", value_parser = age)]
    pub max_age: Duration,
    /// check: of how many it may be unknown whether they arrived
    #[arg(long, value_name = "NUMBER", default_value = "0", help_heading = "limits", value_parser = number)]
    pub max_unknown: u64,
    /// check: how many may wait [default: any number]
    #[arg(long, value_name = "NUMBER", help_heading = "limits", value_parser = number)]
    pub max_waiting: Option<u64>,
    /// check: how many may have failed with nobody to tell
    #[arg(long, value_name = "NUMBER", default_value = "0", help_heading = "limits", value_parser = number)]
    pub max_failed: u64,

    /// your own queue alone
    #[arg(long, conflicts_with = "system", help_heading = "which queue")]
    pub own: bool,
    /// the queue of this machine alone
    #[arg(long, help_heading = "which queue")]
    pub system: bool,
    /// the queue in this database, as in postgres://ROLE@HOST/NAME; daemon: be a worker of it
    #[arg(long, value_name = "URL", conflicts_with_all = ["own", "system"], help_heading = "which queue")]
    pub database: Option<String>,
    /// the password for the database is the first line of this file
    #[arg(long, value_name = "FILE", help_heading = "which queue")]
    pub password_file: Option<PathBuf>,
    /// the password for the database is the first line that this command prints
    #[arg(long, value_name = "COMMAND", conflicts_with = "password_file", help_heading = "which queue")]
    pub password_command: Option<String>,
    /// trust only the certificates in this file to vouch for the database
    #[arg(long, value_name = "FILE", help_heading = "which queue")]
    pub ca_file: Option<PathBuf>,
    /// daemon: how many messages of the database are sent at once
    #[arg(long, value_name = "NUMBER", default_value = "10", help_heading = "how", value_parser = jobs)]
    pub jobs: usize,
    /// daemon: where its queue is [default: /var/spool/ehlo]
    #[arg(long, value_name = "FOLDER", help_heading = "which queue", value_parser = folder)]
    pub directory: Option<PathBuf>,
    /// daemon: where its sockets are, if the service manager gives it none [default: /run/ehlo]
    #[arg(long, value_name = "FOLDER", help_heading = "which queue", value_parser = folder)]
    pub sockets: Option<PathBuf>,

    /// print JSON
    #[arg(long, help_heading = "output")]
    pub json: bool,
    /// run: show the dialogue with the server on standard error; each account has one connection then
    #[arg(short, long, action = ArgAction::Count, help_heading = "output")]
    pub verbose: u8,
    /// print help
    #[arg(short, long, action = ArgAction::Help, help_heading = "output")]
    help: Option<bool>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QueueAction {
    /// one line for each message that waits
    List,
    /// a message, each of its recipients, and what the server said
    Show,
    /// send what is due, or what is named
    Run,
    /// keep messages from being sent until they are released
    Hold,
    /// send messages that are held
    Release,
    /// try again now what was deferred, or what is unknown
    Retry,
    /// take messages out of the queue, undelivered
    Remove,
    /// say that messages did arrive of which it is unknown
    Delivered,
    /// for monitoring: is anything over a limit?
    Check,
    /// for monitoring: numbers as OpenMetrics text
    Metrics,
    /// be the mailer of this machine: take messages through a socket, and send them; or a worker of a database
    Daemon,
    /// make a queue in a database of PostgreSQL, that many machines share
    Init,
}

impl QueueAction {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            QueueAction::List => "list",
            QueueAction::Show => "show",
            QueueAction::Run => "run",
            QueueAction::Hold => "hold",
            QueueAction::Release => "release",
            QueueAction::Retry => "retry",
            QueueAction::Remove => "remove",
            QueueAction::Delivered => "delivered",
            QueueAction::Check => "check",
            QueueAction::Metrics => "metrics",
            QueueAction::Daemon => "daemon",
            QueueAction::Init => "init",
        }
    }
}

/// `--state`: how it stands with a message.
const STATES: Words<Standing> = &[
    ("queued", "it is due", Standing::Queued),
    ("sending", "it is being sent now", Standing::Sending),
    ("deferred", "it waits for the next try", Standing::Deferred),
    ("unknown", "nobody knows whether it arrived", Standing::Unknown),
    ("held", "it waits until it is released", Standing::Held),
    ("no-domain", "it is held, for want of a domain for a name", Standing::NoDomain),
    ("account-down", "its account cannot be used at present", Standing::AccountDown),
    ("decided", "only the sender is still to be told", Standing::Decided),
];

/// Those that choose among messages.
const CHOOSE: &[QueueAction] = &[
    QueueAction::List,
    QueueAction::Show,
    QueueAction::Hold,
    QueueAction::Release,
    QueueAction::Retry,
    QueueAction::Remove,
    QueueAction::Delivered,
];

/// Those that look at a queue as a whole.
const MONITOR: &[QueueAction] = &[QueueAction::Check, QueueAction::Metrics];

/// All that take messages.
const ON_MESSAGES: Groups = &[CHOOSE, &[QueueAction::Run]];

/// All but what is a queue itself.
const ON_A_QUEUE: Groups = &[CHOOSE, &[QueueAction::Run], MONITOR];

/// All that may be about a database that has a queue.
const ON_A_DATABASE: Groups = &[CHOOSE, MONITOR, &[QueueAction::Daemon]];

/// The same, and what makes the queue in it.
const WITH_A_DATABASE: Groups = &[CHOOSE, MONITOR, &[QueueAction::Daemon, QueueAction::Init]];

/// Actions, in groups that others share.
type Groups = &'static [&'static [QueueAction]];

/// For which actions a flag is, by its id. `--json` is for all but `metrics`, which is a form of its own.
const FLAGS: &[(&str, Groups)] = &[
    ("ids", ON_MESSAGES),
    (
        "all",
        &[&[
            QueueAction::Run,
            QueueAction::Hold,
            QueueAction::Release,
            QueueAction::Retry,
            QueueAction::Remove,
        ]],
    ),
    ("account", ON_MESSAGES),
    ("state", &[CHOOSE]),
    ("to", &[CHOOSE]),
    ("from", &[CHOOSE]),
    ("older", &[CHOOSE]),
    ("message", &[&[QueueAction::Show]]),
    ("headers", &[&[QueueAction::Show]]),
    ("log", &[&[QueueAction::Show]]),
    ("no_wait", &[&[QueueAction::Run]]),
    (BACKGROUND, &[&[QueueAction::Run]]),
    ("notify", &[&[QueueAction::Remove]]),
    ("yes", &[&[QueueAction::Remove]]),
    ("max_age", &[&[QueueAction::Check]]),
    ("max_unknown", &[&[QueueAction::Check]]),
    ("max_waiting", &[&[QueueAction::Check]]),
    ("max_failed", &[&[QueueAction::Check]]),
    ("json", &[CHOOSE, &[QueueAction::Run, QueueAction::Check]]),
    ("verbose", &[&[QueueAction::Run]]),
    ("own", ON_A_QUEUE),
    ("system", ON_A_QUEUE),
    ("database", ON_A_DATABASE),
    ("password_file", WITH_A_DATABASE),
    ("password_command", WITH_A_DATABASE),
    ("ca_file", WITH_A_DATABASE),
    ("jobs", &[&[QueueAction::Daemon]]),
    ("directory", &[&[QueueAction::Daemon]]),
    ("sockets", &[&[QueueAction::Daemon]]),
];

/// What `ehlo queue run` is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunArgs {
    /// These messages only, by their IDs or the first letters of them; whether they are due or not.
    pub ids: Vec<String>,
    /// Those of this account only.
    pub account: Option<String>,
    /// Those too that are not due.
    pub all: bool,
    /// Leave at once where another run is at work.
    pub no_wait: bool,
    /// Nobody reads what it says.
    pub background: bool,
    /// The dialogue on stderr: how much of it.
    pub verbose: u8,
}

impl QueueArgs {
    /// What concerns a run.
    #[must_use]
    pub fn run(&self) -> RunArgs {
        RunArgs {
            ids: self.ids.clone(),
            account: self.account.clone(),
            all: self.all,
            no_wait: self.no_wait,
            background: self.background,
            verbose: self.verbose,
        }
    }
}

/// How long something waits: as other times, and days.
fn age(text: &str) -> Result<Duration, String> {
    const A_DAY: u64 = 24 * 60 * 60;
    let refusal = || format!("needs a time such as 30m, 1h or 2d, not '{text}'");
    let seconds = match text.strip_suffix('d') {
        Some(days) => days.parse::<u64>().ok().and_then(|days| days.checked_mul(A_DAY)),
        None => super::duration::parse(text).ok().map(|time| time.as_secs()),
    };
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    seconds.filter(|seconds| is_number && *seconds > 0).map(Duration::from_secs).ok_or_else(refusal)
}

/// A folder that does not depend on where one stands.
fn folder(text: &str) -> Result<PathBuf, String> {
    Some(PathBuf::from(text))
        .filter(|folder| folder.is_absolute())
        .ok_or_else(|| format!("needs a path that begins with '/', not '{text}'"))
}

/// How many are sent at once.
fn jobs(text: &str) -> Result<usize, String> {
    let refusal = || format!("needs a number from 1 to 1000, not '{text}'");
    text.parse().ok().filter(|jobs| (1..=1000).contains(jobs)).ok_or_else(refusal)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("needs a number, not '{text}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_may_be_in_days() {
        for (text, seconds) in [("90", 90), ("30m", 1800), ("1h", 3600), ("2d", 172_800)] {
            assert_eq!(age(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "d", "0d", "+1d", "-1d", "1w", "1d2h", "18446744073709551615d", "500ms"] {
            assert_eq!(age(text), Err(format!("needs a time such as 30m, 1h or 2d, not '{text}'")));
        }
    }

    #[test]
    fn each_state_goes_by_its_own_name() {
        assert_eq!(STATES.len(), Standing::ALL.len());
        for (name, _, standing) in STATES {
            assert_eq!(*name, standing.name());
        }
    }

    #[test]
    fn each_flag_says_for_which_actions_it_is() {
        let command = define(Command::new("queue").disable_help_flag(true));
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            assert!(["action", "help"].contains(&id) || FLAGS.iter().any(|(flag, _)| *flag == id), "{id}");
        }
    }
}
