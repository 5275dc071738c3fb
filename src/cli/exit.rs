//! When there is nothing to run: help, the version, or an error of usage in one line.

use super::habits::{self, Objection};
use super::{looks_like_server, no_command, passwords, send, slips, typed};
use ehlo_smtp::dialogue::is_unsafe;
use ehlo_smtp::verb::Verb;
use std::ffi::OsString;
use std::io::{self, ErrorKind as IoErrorKind, IsTerminal, Write};

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The exit status of an error of usage.
pub const USAGE: u8 = 64;
/// The exit status when the text could not be written.
const IO: u8 = 74;

/// How the sink is told where to listen.
const LISTEN: &str = "the address to listen on is named by --listen";
const LISTEN_EXAMPLE: &str = "--listen 127.0.0.1:2525";

/// What to print, where, and the exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The exit status.
    pub status: u8,
    /// What to print, with its line ends.
    pub text: StyledStr,
    /// Help and the version are what was asked for, so they go to standard output; errors go to standard
    /// error.
    pub to_stdout: bool,
}

impl Exit {
    /// What was asked for.
    pub(super) fn answer(text: impl Into<StyledStr>) -> Self {
        Self { status: 0, text: text.into(), to_stdout: true }
    }

    /// The version.
    pub(super) fn version() -> Self {
        Self::answer(concat!("ehlo ", env!("CARGO_PKG_VERSION"), "\n"))
    }

    /// An error of usage, in one line.
    pub(super) fn usage(sentence: &str) -> Self {
        Self { status: USAGE, text: format!("ehlo: {}\n", visible(sentence)).into(), to_stdout: false }
    }

    /// What clap wants to say of these words behind the command, in ours.
    pub(super) fn from_clap(error: &clap::Error, command: &Command, words: &[OsString]) -> Self {
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Self::answer(error.render()),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Self { status: USAGE, text: error.render(), to_stdout: false }
            }
            _ => Self::usage(&sentence(error, command, words)),
        }
    }

    /// Prints the text and returns the exit status. A reader who has gone away is no error.
    #[must_use]
    pub fn print(&self) -> u8 {
        let done = if self.to_stdout {
            let out = io::stdout().lock();
            self.write(out.is_terminal(), out)
        } else {
            let err = io::stderr().lock();
            self.write(err.is_terminal(), err)
        };
        match done {
            Err(error) if error.kind() != IoErrorKind::BrokenPipe => {
                let text = error.to_string().to_lowercase();
                let text = text.split(" (os error").next().unwrap_or_default();
                let _ = writeln!(io::stderr().lock(), "ehlo: cannot write: {text}");
                IO
            }
            _ => self.status,
        }
    }

    fn write(&self, terminal: bool, mut to: impl Write) -> io::Result<()> {
        if terminal && !wants_plain_text() {
            write!(to, "{}", self.text.ansi())?;
        } else {
            write!(to, "{}", self.text)?;
        }
        to.flush()
    }
}

/// Headings are bold on a terminal, unless the terminal cannot or its user would rather not.
fn wants_plain_text() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
        || std::env::var_os("TERM").is_some_and(|v| v == "dumb")
}

/// The error in one line. Only words that cannot be a password are repeated: a flag's name, never what
/// follows it, unless the flag's own parser does so.
fn sentence(error: &clap::Error, definition: &Command, words: &[OsString]) -> String {
    if definition.has_subcommands() {
        return no_command::sentence(definition, words);
    }
    let typed = words.iter().take_while(|word| *word != "--").filter_map(|word| word.to_str());
    let names = typed.filter(|word| word.starts_with('-')).filter_map(|word| word.split('=').next());
    let takes_one = |name: &str| match habits::find(name) {
        Some(Objection::Password) => true,
        // `--passwordeval` takes a command.
        Some(Objection::Flag { .. }) => false,
        None => name.len() > 2 && passwords::is_taken_by(name) && !slips::is_near(definition, name),
    };
    if names.into_iter().any(takes_one) {
        return passwords::sentence(definition);
    }
    match slips::with_one_hyphen(definition, words) {
        Some((word, meant)) => format!("no option {word}: did you mean {meant}?"),
        None => plain_sentence(error, definition, words),
    }
}

/// What clap says of this kind, the first of several.
fn text_of(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    }
}

/// `me:hunter2`, and a URL with it.
fn may_hold_a_password(word: &str) -> bool {
    word.contains(':') && (word.contains('@') || !looks_like_server(word))
}

fn plain_sentence(error: &clap::Error, definition: &Command, words: &[OsString]) -> String {
    let command = definition.get_bin_name().unwrap_or("ehlo");
    let one = |kind| text_of(error, kind);
    let flag = one(ContextKind::InvalidArg).map(name);
    match (error.kind(), flag) {
        // Behind a letter that takes no value, '=' is read as one more.
        (ErrorKind::UnknownArgument, Some("-")) => {
            let flag = slips::in_surplus(definition, words);
            flag.map_or_else(|| "no option -=".to_owned(), |flag| format!("{flag} takes no value"))
        }
        (ErrorKind::UnknownArgument, Some(flag)) if flag.starts_with('-') => unknown(flag, definition, words),
        (ErrorKind::UnknownArgument, Some(word)) if typed::is_behind_a_user(word) => {
            passwords::sentence(definition)
        }
        (ErrorKind::UnknownArgument, Some(word))
            if word.parse::<u16>().is_ok() && slips::has(definition, "-p") =>
        {
            format!("unexpected argument '{word}': name the port with -p (--port)")
        }
        // What has a colon in it may hold a password.
        (ErrorKind::UnknownArgument, Some(word)) if may_hold_a_password(word) => {
            format!("one word too many: see '{command} --help'")
        }
        (ErrorKind::UnknownArgument, Some(word)) => {
            format!("unexpected argument '{word}': {}", in_place_of_a_word(word, definition))
        }
        (ErrorKind::InvalidValue, Some(flag)) => {
            let flag = bare(flag);
            let wanted = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(words)) if !words.is_empty() => Some(words.join(", ")),
                _ => None,
            };
            let typed = one(ContextKind::InvalidValue).filter(|word| !word.is_empty());
            match (wanted, typed) {
                (Some(wanted), Some(word)) => format!("{flag} must be one of {wanted}, not '{word}'"),
                (Some(wanted), None) => format!("{flag} must be one of {wanted}"),
                (None, Some(word)) => format!("{flag} needs a value, not '{word}'"),
                (None, None) if flag == "--to" => {
                    "--to needs a value: for sendmail's -t, use -m FILE --recipients-in-message".to_owned()
                }
                (None, None) => format!("{flag} needs a value"),
            }
        }
        (ErrorKind::ValueValidation, Some(flag)) => match std::error::Error::source(error) {
            Some(source) if flag == "--port" => {
                format!("{flag} {source}{}", in_place_of_a_port(error, definition))
            }
            Some(source) => format!("{} {source}", bare(flag)),
            None => format!("{} has an invalid value", bare(flag)),
        },
        (ErrorKind::TooManyValues, Some(flag)) => format!("{flag} takes no value"),
        (ErrorKind::MissingRequiredArgument, Some(word)) if word.starts_with('<') => match bare(word) {
            "SERVER" => format!("no server: name one, as in '{command} mail.example.org ops@example.org'"),
            "SHELL" => format!("no shell: name one, as in '{command} bash'"),
            other => format!("{other} is missing: see '{command} --help'"),
        },
        (ErrorKind::MissingRequiredArgument, Some(flag)) => format!("{flag} is required as well"),
        (ErrorKind::ArgumentConflict, Some(flag)) => match one(ContextKind::PriorArg).map(name) {
            Some(other) if other != flag => format!("{flag} cannot be used with {other}"),
            _ => format!("{flag} was given twice"),
        },
        (ErrorKind::InvalidUtf8, _) => {
            let is_unfit = |name: &&str| std::env::var_os(name).is_some_and(|value| value.to_str().is_none());
            let variable = ["EHLO_SERVER", "EHLO_FROM", "EHLO_USER"].into_iter().find(is_unfit);
            let named = variable.map(str::to_owned).or_else(|| slips::not_utf8(definition, words));
            format!("{} is not UTF-8", named.as_deref().unwrap_or("an argument"))
        }
        // Our own errors, and any that clap may learn to make.
        _ => {
            let text = error.render().to_string();
            let line = text.lines().next().unwrap_or_default();
            line.strip_prefix("error: ").unwrap_or(line).to_owned()
        }
    }
}

/// `--port` of `--port <PORT>`.
fn name(argument: &str) -> &str {
    argument.split([' ', '=']).next().unwrap_or(argument)
}

/// `SHELL` of `<SHELL>`, `DEMO` of `[DEMO]`; a flag as it is.
fn bare(argument: &str) -> &str {
    argument.trim_matches(['<', '>', '[', ']'])
}

/// A flag that there is not.
fn unknown(flag: &str, definition: &Command, words: &[OsString]) -> String {
    let command = definition.get_bin_name().unwrap_or("ehlo");
    let habit = habits::find(flag);
    let meant = slips::long(definition, flag);
    // A value may begin with a hyphen, and be no flag of anybody's.
    let is_typed = || words.iter().any(|word| word == flag);
    if (habit.is_none() || !is_typed())
        && meant.is_none()
        && let Some(before) = slips::in_want(definition, words, flag)
    {
        return format!("no option {flag}: a value that begins with '-' is written {before}=VALUE");
    }
    if let Some(habit) = habit {
        return habit.sentence(definition);
    }
    if let Some(meant) = meant {
        return format!("no option {flag}: did you mean {meant}?");
    }
    if matches!(flag, "-S" | "--server") && slips::has_server_without_flag(definition) {
        return format!(
            "no option {flag}: name the server without a flag, as in '{command} mail.example.org'"
        );
    }
    match (definition.get_name(), flag) {
        ("verify", "-f" | "--from") => {
            return format!("no option {flag}: name the sender with --envelope-from");
        }
        ("sink", "-p" | "--port" | "-S" | "--server") => {
            return format!("no option {flag}: {LISTEN}, as in {LISTEN_EXAMPLE}");
        }
        ("account", "-A" | "--account") => {
            return format!("no option {flag}: name the account without a flag, as in '{command} test work'");
        }
        ("verify", "-t" | "--to") => return format!("no option {flag}: name the addresses without a flag"),
        _ => {}
    }
    let mut of_send = send::define(Command::new("send").disable_help_flag(true));
    of_send.build();
    if slips::has(&of_send, flag) {
        return format!("no option {flag} here, though 'ehlo send' has one: see '{command} --help'");
    }
    match slips::around(words, flag) {
        Some(word) => format!("no option {flag}, as in {word}: see '{command} --help'"),
        None => format!("no option {flag}: see '{command} --help'"),
    }
}

/// What may have been meant by a word that is one too many.
fn in_place_of_a_word(word: &str, definition: &Command) -> String {
    let command = definition.get_bin_name().unwrap_or("ehlo");
    match definition.get_name() {
        "sink" if word.parse::<u16>().is_ok() => format!("{LISTEN}, as in --listen 127.0.0.1:{word}"),
        "sink" if looks_like_server(word) => format!("{LISTEN}, as in {LISTEN_EXAMPLE}"),
        "console" if Verb::of(word).is_some() => format!("a line is sent by --send, as in --send '{word}'"),
        _ => format!("see '{command} --help'"),
    }
}

/// What may have been meant by a port that is none. It is not repeated: elsewhere `-p` is the password.
fn in_place_of_a_port(error: &clap::Error, definition: &Command) -> &'static str {
    match text_of(error, ContextKind::InvalidValue) {
        Some(typed) if looks_like_server(typed) && slips::has(definition, "-S") => {
            "; name the server with -S"
        }
        Some(typed) if looks_like_server(typed) => "; name the server without a flag",
        Some("smtp" | "submission" | "smtps" | "submissions") => {
            ": smtp is 25, submission is 587, smtps and submissions are 465"
        }
        Some(typed) if typed.bytes().all(|b| b.is_ascii_digit()) => "",
        Some(_) if slips::has(definition, "--user") => {
            "; a password is never an argument: use --password-file"
        }
        Some(_) => "; a password is never an argument: where there is a log-in, use --password-file",
        _ => "",
    }
}

/// The line as a terminal may show it: what was typed may hold escapes.
fn visible(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        if is_unsafe(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
