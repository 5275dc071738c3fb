//! `ehlo send`: what can be typed, but for what all sessions need (`session`). Nothing is opened, looked up
//! or decided here; `app` does that.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::attachments::{self, Attachments};
use super::delivery::{DELIVERY_FLAGS, DeliveryArgs};
use super::group::{Defined, Group};
use super::recipients::Recipients;
use super::session::{
    LOGIN_FLAGS, PROTOCOL_FLAGS, ROUTE_FLAGS, SERVER_FLAGS, SessionArgs, TLS_FLAGS, is_by_variable,
};
use super::signing::{SIGNING_FLAGS, SigningArgs};
use super::stop::StopArgs;
use super::values::When;

const EXAMPLES: &str = "\
examples:
  echo done | ehlo send -S mail.example.org -f me@example.org \\
      -s 'Backup' ops@example.org
  ehlo send -S submission://mail.example.org -u me -f me@example.org \\
      -t you@example.org -s 'Report' --body 'as promised' -a report.pdf
  ehlo send -S localhost:2525 -m message.eml --recipients-in-message --dry-run";

/// One line for each exit status of `ehlo send`: the number, two blanks, when. `--help` and ehlo-send(1)
/// print it.
pub const EXIT_STATUS: &str = "   0  every recipient has it; or a dry run, --stop-after or -E went as asked
  10  only some recipients have it: see the report, or --failed-to
  11  unknown: the message was sent, but no reply came; a retry may duplicate it
  64  usage
  65  the message or an address is not fit to send, or too large for the server
  66  an input file cannot be read, or changed while it was sent
  68  no such host
  69  refused for good: trying the same again does not help
  74  a local file or pipe failed
  75  not now: refused for the moment, or the connection failed; try again later
  76  the server broke the protocol
  77  trust or log-in was refused
  78  configuration";

/// What it is for, in a line.
pub(super) const ABOUT: &str = "send one message, and say what became of each recipient";

/// Adds its arguments and its help.
pub(super) fn define(command: Command) -> Command {
    define_groups(command, &Defined::all(GROUPS))
        // Again, for clap takes what the groups' own docs say for it.
        .about(ABOUT)
        .long_about(
            "send one message, and say what became of each recipient\n\n\
             The text is read from standard input unless a flag gives it; with attachments, only if \
             standard input is not a terminal. For each recipient, in the order given, a line on standard \
             output says what the server replied; the last line is for the message.",
        )
        .after_help(EXAMPLES)
        .after_long_help(format!("{EXAMPLES}\n\nexit status:\n{EXIT_STATUS}"))
}

/// Takes its arguments out of what clap found.
pub(super) fn read(matches: &mut ArgMatches) -> Result<SendArgs, clap::Error> {
    read_groups(matches, &Defined::all(GROUPS))
}

/// Defines the groups alone that these words name, and reads them.
pub(super) fn read_named(command: Command, words: &[OsString]) -> Result<SendArgs, clap::Error> {
    let defined = Defined::by(words, GROUPS);
    let mut command = define_groups(command, &defined).disable_help_flag(true);
    let matches = command.try_get_matches_from_mut(words);
    // To free the definitions one by one takes time, and the process ends soon.
    std::mem::forget(command);
    read_groups(&mut matches?, &defined)
}

static WHO: Group = Group { name: "who", flags: None, define: WhoArgs::augment_args };
static MESSAGE: Group = Group {
    name: "message",
    flags: Some(
        "--subject --body --body-file --html --attach --inline --attach-type --attach-name --attach-id \
         --header --in-reply-to --date --message-id --charset --skip-empty --test -s -a -H -E",
    ),
    define: MessageArgs::augment_args,
};
static AS_IS: Group = Group {
    name: "as it is",
    flags: Some("--message --recipients-in-message --add-missing-headers -m"),
    define: AsIsArgs::augment_args,
};
static STOP: Group = Group {
    name: "testing",
    flags: Some("--stop-after --drop-after --drop-reset"),
    define: StopArgs::augment_args,
};
static POLICY: Group =
    Group { name: "policy", flags: Some("--all-or-none --queue"), define: PolicyArgs::augment_args };
static OUTPUT: Group = Group {
    name: "output",
    flags: Some(
        "--verbose --transcript --json --quiet --explain --failed-to --deferred-to --progress --color \
         --dry-run --message-out --help -v -q -h",
    ),
    define: OutputArgs::augment_args,
};

/// All flags, in the order of the help.
static GROUPS: &[&Group] = &[
    &SERVER_FLAGS,
    &WHO,
    &MESSAGE,
    &AS_IS,
    &TLS_FLAGS,
    &LOGIN_FLAGS,
    &PROTOCOL_FLAGS,
    &ROUTE_FLAGS,
    &DELIVERY_FLAGS,
    &SIGNING_FLAGS,
    &STOP,
    &POLICY,
    &OUTPUT,
];

/// What means nothing where the queue sends the message, later and by an account: how to connect, how far to go, what
/// to show of the dialogue. A server and a user can be the environment's; `app` looks at these.
static NOT_QUEUED: &[(&Group, &str)] = &[
    (
        &SERVER_FLAGS,
        "port ipv4 ipv6 bind proxy proxy_password_file proxy_password_env pipe connect_timeout timeout \
         final_timeout deadline",
    ),
    (&MESSAGE, "test"),
    (&TLS_FLAGS, "tls ca_file insecure tls_name pin client_cert client_key tls_min tls_backend"),
    (
        &LOGIN_FLAGS,
        "password_file password_command password_env oauth_token_command auth auth_identity \
         allow_cleartext_auth",
    ),
    (
        &PROTOCOL_FLAGS,
        "ehlo_name no_pipelining no_chunking force_8bit proxy_protocol proxy_source proxy_destination xclient",
    ),
    (
        &ROUTE_FLAGS,
        "resolver_trust policy require_policy mta_sts_cache mta_sts_connect mx_allow mx_hosts jobs \
         cleartext_if_tls_fails tlsrpt",
    ),
    (&STOP, "stop_after drop_after"),
    (&POLICY, "all_or_none"),
    (&OUTPUT, "verbose transcript explain failed_to deferred_to"),
];

fn define_groups(command: Command, defined: &Defined) -> Command {
    let mut command = defined.define(command);
    // What excludes flags of another group can be said only where that is defined.
    if defined.has(&AS_IS) && defined.has(&MESSAGE) {
        command = command.mut_arg("message", |message| {
            message
                .conflicts_with_all([
                    "subject",
                    "body",
                    "body_file",
                    "html",
                    "header",
                    "in_reply_to",
                    "date",
                    "message_id",
                    "charset",
                    "test",
                ])
                .conflicts_with_all(attachments::FLAGS)
        });
    }
    if defined.has(&POLICY) {
        let excluded = NOT_QUEUED.iter().filter(|(group, _)| defined.has(group));
        let excluded: Vec<&str> = excluded.flat_map(|(_, flags)| flags.split_whitespace()).collect();
        command = command.mut_arg("queue", |queue| queue.conflicts_with_all(excluded));
    }
    if defined.has(&DELIVERY_FLAGS) && defined.has(&TLS_FLAGS) {
        command = command.mut_arg("require_tls_onward", |onward| onward.conflicts_with("insecure"));
    }
    command
}

/// All arguments of `ehlo send`.
#[derive(Debug, Clone)]
pub struct SendArgs {
    /// Where and how to connect.
    pub session: SessionArgs,
    /// From whom, to whom.
    pub who: WhoArgs,
    /// A message to compose.
    pub message: MessageArgs,
    /// A message to take as it is.
    pub as_is: AsIsArgs,
    /// What is asked of the servers on the way.
    pub delivery: DeliveryArgs,
    /// Who signs it.
    pub signing: SigningArgs,
    /// How far to go.
    pub stop: StopArgs,
    /// Whether a part of the recipients will do.
    pub policy: PolicyArgs,
    /// What is printed and written.
    pub output: OutputArgs,
}

fn read_groups(matches: &mut ArgMatches, defined: &Defined) -> Result<SendArgs, clap::Error> {
    let from_by_variable = is_by_variable(matches, "from");
    let session = SessionArgs::read(matches, defined, "--server")?;
    let resolver = session.route.resolver.clone();
    Ok(SendArgs {
        session,
        who: WhoArgs { from_by_variable, ..WhoArgs::from_arg_matches_mut(matches)? },
        message: defined.read(&MESSAGE, matches)?,
        as_is: defined.read(&AS_IS, matches)?,
        delivery: defined.read(&DELIVERY_FLAGS, matches)?,
        signing: SigningArgs { resolver, ..defined.read(&SIGNING_FLAGS, matches)? },
        stop: defined.read(&STOP, matches)?,
        policy: defined.read(&POLICY, matches)?,
        output: defined.read(&OUTPUT, matches)?,
    })
}

/// `ehlo send`: who.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "who")]
pub struct WhoArgs {
    /// the sender, in the message and in the envelope; also -r
    #[arg(short, long, short_alias = 'r', env = "EHLO_FROM", hide_env_values = true, value_name = "MAILBOX")]
    pub from: Option<String>,
    /// The sender is the environment's.
    #[arg(skip)]
    pub from_by_variable: bool,
    /// The sender is the account's.
    #[arg(skip)]
    pub from_by_account: bool,
    /// Everyone whom it is for.
    #[command(flatten)]
    pub recipients: Recipients,
    /// where replies should go
    #[arg(long, value_name = "MAILBOX")]
    pub reply_to: Option<String>,
    /// the sender in the envelope, if not --from; '' is the null reverse-path
    #[arg(long, value_name = "ADDRESS")]
    pub envelope_from: Option<String>,
    /// the domain to add to bare names such as root
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
}

impl WhoArgs {
    /// How the sender was named, for what is said of it.
    #[must_use]
    pub fn sender_named_by(&self) -> &'static str {
        match (self.from_by_account, self.from_by_variable) {
            (true, _) => "the account's address",
            (false, true) => "EHLO_FROM",
            (false, false) => "--from",
        }
    }
}

/// `ehlo send`: a message to compose.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "message")]
pub struct MessageArgs {
    /// the subject
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub subject: Option<String>,
    /// the text [default: standard input]
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, conflicts_with = "body_file")]
    pub body: Option<String>,
    /// a file with the text; - is standard input
    #[arg(long, value_name = "FILE")]
    pub body_file: Option<PathBuf>,
    /// a file with the text as HTML; a plain text given as well becomes its alternative
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Files that go with it.
    #[command(flatten)]
    pub attachments: Attachments,
    /// a header field, which replaces one of the same name; may be repeated
    #[arg(short = 'H', long, value_name = "NAME: VALUE", allow_hyphen_values = true)]
    pub header: Vec<String>,
    /// the Message-ID of the message being answered
    #[arg(long, value_name = "ID")]
    pub in_reply_to: Option<String>,
    /// the date [default: now]
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// the Message-ID [default: random, at the sender's domain]
    #[arg(long, value_name = "ID")]
    pub message_id: Option<String>,
    /// the charset of the text [default: UTF-8]
    #[arg(long, value_name = "NAME")]
    pub charset: Option<String>,
    /// send nothing if the text is empty
    #[arg(short = 'E', long)]
    pub skip_empty: bool,
    /// send a test message, whose text says who sent it, when and how
    ///
    /// No text is read. Without a recipient it goes to the account's own address.
    #[arg(long, conflicts_with_all = ["body", "body_file", "html", "charset"])]
    #[arg(conflicts_with_all = attachments::FLAGS)]
    pub test: bool,
}

/// `ehlo send`: a message to take as it is.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "as it is")]
pub struct AsIsArgs {
    /// a whole message, sent unchanged except for line ends and Bcc; - is standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "reply_to")]
    pub message: Option<PathBuf>,
    /// take the recipients from To, Cc and Bcc of the message
    #[arg(long)]
    pub recipients_in_message: bool,
    /// add From, Date and Message-ID where they are missing
    #[arg(long)]
    pub add_missing_headers: bool,
}

/// `ehlo send`: policy.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "policy")]
pub struct PolicyArgs {
    /// if one recipient is refused, send to nobody
    ///
    /// By default, the recipients who are accepted get the message, and the others are named.
    #[arg(long)]
    pub all_or_none: bool,
    /// hand the message to the queue, which sends it by an account, as often as it takes
    ///
    /// It ends when the message is on the disk (see ehlo-queue(1)). No connection is made, so nothing that has
    /// to do with one can be given: the account says all of it.
    #[arg(long)]
    pub queue: bool,
}

/// `ehlo send`: output.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "output")]
pub struct OutputArgs {
    /// show the dialogue on standard error; -vv adds times, -vvv octets in hex
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
    /// write the dialogue to a new file, without passwords
    #[arg(long, value_name = "FILE")]
    pub transcript: Option<PathBuf>,
    /// print the report as one JSON object
    #[arg(long)]
    pub json: bool,
    /// print only the recipients who did not get it, on standard error
    #[arg(short, long)]
    pub quiet: bool,
    /// explain each refusal, and say what to do
    #[arg(long)]
    pub explain: bool,
    /// write the recipients who did not get it to a file, for --recipients-from
    #[arg(long, value_name = "FILE")]
    pub failed_to: Option<PathBuf>,
    /// write only those that are worth another try to a file, for --recipients-from
    #[arg(long, value_name = "FILE")]
    pub deferred_to: Option<PathBuf>,
    /// when to show a progress bar, if sending takes long
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub progress: When,
    /// when to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// show what would be done, without connecting
    #[arg(long)]
    pub dry_run: bool,
    /// write the message to a file as it is sent; with --dry-run, - is standard output
    #[arg(long, value_name = "FILE")]
    pub message_out: Option<PathBuf>,
    /// print help: -h is short, --help says more
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_named_by_what_it_defines() {
        for group in GROUPS {
            let Some(names) = group.flags else { continue };
            let command = (group.define)(Command::new("group"));
            let mut defined = Vec::new();
            for flag in command.get_arguments() {
                // One without a name would be given by words that name nothing.
                assert!(!flag.is_positional(), "{flag}");
                let long = flag.get_long().into_iter().chain(flag.get_all_aliases().into_iter().flatten());
                defined.extend(long.map(|name| format!("--{name}")));
                let short =
                    flag.get_short().into_iter().chain(flag.get_all_short_aliases().into_iter().flatten());
                defined.extend(short.map(|name| format!("-{name}")));
                defined.extend(flag.get_env().map(|name| format!("${}", name.display())));
            }
            let mut names: Vec<_> = names.split(' ').collect();
            names.sort_unstable();
            defined.sort_unstable();
            assert_eq!(names, defined);
        }
    }

    #[test]
    fn only_the_groups_that_are_named_are_defined() {
        let defined = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let command = define_groups(Command::new("send"), &Defined::by(&words, GROUPS));
            command.get_arguments().filter_map(|flag| flag.get_help_heading()).fold(
                Vec::new(),
                |mut seen, heading| {
                    if !seen.contains(&heading.to_owned()) {
                        seen.push(heading.to_owned());
                    }
                    seen
                },
            )
        };
        assert_eq!(defined(&["-S", "a", "you@a"]), ["where", "who"]);
        assert_eq!(defined(&["-qm", "-", "--tls=off"]), ["where", "who", "as it is", "tls", "output"]);
        assert_eq!(
            defined(&["--insecure", "--require-tls-onward", "-s", "x"]),
            ["where", "who", "message", "tls", "delivery"]
        );
    }
}
