//! When there is nothing to run: help, the version, or an error of usage in one line.

use super::habits::{self, Answer};
use super::slips;
use ehlo_smtp::dialogue::is_unsafe;
use std::ffi::OsString;
use std::io::{self, ErrorKind as IoErrorKind, IsTerminal, Write};

use clap::Command;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The exit status of an error of usage.
pub const USAGE: u8 = 64;
/// The exit status when the text could not be written.
const IO: u8 = 74;

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

    /// An error of usage, in one line.
    pub(super) fn usage(sentence: &str) -> Self {
        Self { status: USAGE, text: format!("ehlo: {}\n", visible(sentence)).into(), to_stdout: false }
    }

    /// A flag of another program.
    pub(super) fn from_habit(answer: &Answer) -> Self {
        Self::usage(match answer {
            Answer::Secret => NO_PASSWORD,
            Answer::Ours(sentence) => sentence,
        })
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

/// So many letters may be wrong, left out, too many or in the wrong order.
const SLIP: usize = 2;

const NO_PASSWORD: &str = "a password is not taken as an argument, where everybody on this host could read \
    it: use --password-file, --password-command, --password-env, or wait to be asked";

/// `--password`, however it is spelled, and what other programs call it; not `--password-fiel`, which is a
/// slip.
fn is_for_a_secret(flag: &str, suggested: Option<&str>) -> bool {
    let Some(word) = flag.strip_prefix("--") else { return false };
    if word.contains('-') {
        // `--auth-pass`, `--smtp-password`, `--proxy-secret`.
        return word.rsplit('-').next().is_some_and(|last| last.starts_with("pass") || last == "secret");
    }
    word.starts_with("pass") || suggested.is_some_and(|suggested| suggested.starts_with("--password-"))
}

/// The error in one line. Only words that cannot be a password are repeated: a flag's name, never what
/// follows it, unless the flag's own parser does so.
fn sentence(error: &clap::Error, definition: &Command, words: &[OsString]) -> String {
    if slips::names_a_password(words) {
        return NO_PASSWORD.to_owned();
    }
    let meant = slips::long_with_one_hyphen(definition, words);
    let meant = meant.map(|flag| format!("did you mean {flag}, with two hyphens?"));
    match (plain_sentence(error, definition, words), meant) {
        (said, None) => said,
        // A letter out of its middle is nothing that anybody knows of.
        (_, Some(meant)) if is_of_a_letter(error, definition, words) => meant,
        (said, Some(meant)) => format!("{said}; {meant}"),
    }
}

/// Whether the error is a letter that is no option.
fn is_of_a_letter(error: &clap::Error, definition: &Command, words: &[OsString]) -> bool {
    let flag = text_of(error, ContextKind::InvalidArg).map(name).unwrap_or_default();
    error.kind() == ErrorKind::UnknownArgument
        && flag.starts_with('-')
        && !flag.starts_with("--")
        && (flag != "-" || slips::in_surplus(definition, words).is_none())
}

/// What clap says of this kind, the first of several.
fn text_of(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    }
}

fn plain_sentence(error: &clap::Error, definition: &Command, words: &[OsString]) -> String {
    let command = definition.get_bin_name().unwrap_or("ehlo");
    let one = |kind| text_of(error, kind);
    let flag = one(ContextKind::InvalidArg).map(name);
    match (error.kind(), flag) {
        (ErrorKind::UnknownArgument, Some(flag))
            if habits::find(flag).is_none() && is_for_a_secret(flag, one(ContextKind::SuggestedArg)) =>
        {
            NO_PASSWORD.to_owned()
        }
        // Behind a letter that takes no value, '=' is read as one more.
        (ErrorKind::UnknownArgument, Some("-")) => {
            let flag = slips::in_surplus(definition, words);
            flag.map_or_else(|| "no option -=".to_owned(), |flag| format!("{flag} takes no value"))
        }
        (ErrorKind::UnknownArgument, Some(flag)) if flag.starts_with('-') => {
            let in_want = slips::in_want(definition, words, flag);
            if let (None, Some(before)) = (one(ContextKind::SuggestedArg), in_want) {
                return format!("no option {flag}: a value that begins with '-' is written {before}=VALUE");
            }
            match habits::find(flag) {
                Some(Answer::Secret) => return NO_PASSWORD.to_owned(),
                Some(Answer::Ours(sentence)) => return sentence,
                None => {}
            }
            format!("no option {flag}{}", hint(flag, one(ContextKind::SuggestedArg), command))
        }
        (ErrorKind::UnknownArgument, Some(word)) => {
            format!("'{word}' is one word too many: see '{command} --help'")
        }
        (ErrorKind::InvalidSubcommand, _) => {
            let word = one(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("no command '{word}'{}", hint(word, one(ContextKind::SuggestedSubcommand), "ehlo"))
        }
        (ErrorKind::InvalidValue, Some(flag)) => {
            let flag = bare(flag);
            let wanted = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(words)) if !words.is_empty() => Some(words.join(", ")),
                _ => None,
            };
            let typed = one(ContextKind::InvalidValue).filter(|word| !word.is_empty());
            match (wanted, typed) {
                (Some(wanted), Some(word)) => format!("{flag} wants one of {wanted}, not '{word}'"),
                (Some(wanted), None) => format!("{flag} wants one of {wanted}"),
                (None, Some(word)) => format!("{flag} wants one of a value, not '{word}'"),
                (None, None) => format!("{flag} wants a value"),
            }
        }
        (ErrorKind::ValueValidation, Some(flag)) => match std::error::Error::source(error) {
            Some(source) => format!("{} {source}", bare(flag)),
            None => format!("{} has a value that it cannot take", bare(flag)),
        },
        (ErrorKind::TooManyValues, Some(flag)) => format!("{flag} takes no value"),
        (ErrorKind::MissingRequiredArgument, Some(word)) if word.starts_with('<') => {
            format!("{} is missing: see '{command} --help'", bare(word))
        }
        (ErrorKind::MissingRequiredArgument, Some(flag)) => format!("{flag} is needed as well"),
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

/// `SHELL` of `<SHELL>`; a flag as it is.
fn bare(argument: &str) -> &str {
    argument.trim_matches(['<', '>'])
}

/// 'Did you mean' is for slips of the fingers: what is further away is another word.
fn hint(typed: &str, suggested: Option<&str>, command: &str) -> String {
    match suggested.filter(|word| strsim::damerau_levenshtein(typed, word) <= SLIP) {
        Some(word) => format!(": did you mean {word}?"),
        None => format!(": see '{command} --help'"),
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
