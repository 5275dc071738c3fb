//! What was typed, looked at once more where the line is in error: which flag a word is, how it was read, and
//! which one was meant. What is said of it is `exit`'s.

use std::ffi::OsString;

use clap::builder::ValueParser;
use clap::{Arg, Command};

use super::locale::in_locale;

/// Whether one is the other but for a slip of the fingers: a letter wrong, left out, too many, or two in the
/// wrong order; two of these in a name that is long enough to be known all the same.
pub(super) fn is_slip(typed: &str, meant: &str) -> bool {
    let bare = |name: &str| name.trim_start_matches('-').len();
    let (typed_letters, letters) = (bare(typed), bare(meant));
    let bearable = if typed_letters.min(letters) < 6 { 1 } else { 2 };
    typed_letters.abs_diff(letters) <= bearable && strsim::osa_distance(typed, meant) <= bearable
}

/// The name that was meant: the nearest within a slip, or the only one that begins so.
pub(super) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let names: Vec<&str> = names.collect();
    let slips = names.iter().copied().filter(|name| is_slip(typed, name));
    slips.min_by_key(|name| strsim::osa_distance(typed, name)).or_else(|| {
        let mut begun = names.iter().copied().filter(|name| typed.len() > 2 && name.starts_with(typed));
        begun.next().filter(|_| begun.next().is_none())
    })
}

/// The long flag that was meant by another word with two hyphens.
pub(super) fn long(command: &Command, typed: &str) -> Option<String> {
    let name = typed.strip_prefix("--")?;
    nearest(name, longs(command)).map(|long| format!("--{long}"))
}

/// Whether it is a slip of one of the long flags, with one hyphen or two.
pub(super) fn is_near(command: &Command, typed: &str) -> bool {
    let name = typed.trim_start_matches('-');
    longs(command).any(|long| long == name || is_slip(name, long))
}

/// The first word with one hyphen that spells a long flag, but for a slip: the word, and the flag.
pub(super) fn with_one_hyphen(command: &Command, words: &[OsString]) -> Option<(String, String)> {
    flags(words).find_map(|word| {
        let name = word.to_str()?.strip_prefix('-')?.split('=').next()?;
        let exactly = longs(command).find(|long| name.len() > 1 && *long == name);
        let nearly = || longs(command).find(|long| name.len() > 3 && is_slip(name, long));
        let long = exactly.or_else(nearly)?;
        Some((format!("-{name}"), format!("--{long}")))
    })
}

/// How a word with one hyphen is read if the last letter that is a flag takes the rest for its value: `-t ls`
/// for `-tls`.
pub(super) fn reading(command: &Command, word: &str) -> Option<String> {
    let (flag, value) = option(command, word).filter(|_| !word.starts_with("--"))?;
    let value = value?;
    let letters = word.strip_suffix(value)?;
    flag.get_short().map(|_| format!("{letters} {value}"))
}

/// The word with several letters that holds this unknown one: `-qz` for `-z`. A longer one may be a letter
/// with a password behind it.
pub(super) fn around<'a>(words: &'a [OsString], unknown: &str) -> Option<&'a str> {
    let letter = unknown.strip_prefix('-').filter(|letter| letter.chars().count() == 1)?;
    let mut words = flags(words).filter_map(|word| word.to_str());
    words.find(|word| (3..5).contains(&word.len()) && !word.starts_with(unknown) && word.contains(letter))
}

/// Whether a subcommand has this flag, `--long` or `-s`, and means something by it.
pub(super) fn has(command: &Command, flag: &str) -> bool {
    let is_it = |arg: &&Arg| match flag.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => {
            let mut letters = flag.chars().skip(1);
            let letter = letters.next();
            letter.is_some() && letters.next().is_none() && flag.starts_with('-') && has_letter(arg, letter)
        }
    };
    command.get_arguments().find(is_it).is_some_and(|arg| !arg.is_hide_set())
}

fn has_letter(arg: &Arg, letter: Option<char>) -> bool {
    let aliases = arg.get_all_short_aliases().unwrap_or_default();
    arg.get_short() == letter || letter.is_some_and(|letter| aliases.contains(&letter))
}

/// Whether its server stands without a flag.
pub(super) fn has_server_without_flag(command: &Command) -> bool {
    command.get_positionals().any(|arg| arg.get_id() == "server")
}

fn longs(command: &Command) -> impl Iterator<Item = &str> {
    command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(Arg::get_long)
}

/// The flag that an unknown one stands behind, if that waits for a value: `--attach` in `-a -dash.txt`.
pub(super) fn in_want(command: &Command, words: &[OsString], unknown: &str) -> Option<String> {
    let is_unknown = |word: &OsString| {
        word.to_str().is_some_and(|word| word == unknown || (unknown.len() == 2 && word.starts_with(unknown)))
    };
    let pair = words.windows(2).find(|pair| pair.last().is_some_and(is_unknown))?;
    match option(command, pair.first()?.to_str()?)? {
        (flag, None) if takes_value(flag) => shown(flag),
        _ => None,
    }
}

/// The letter that was given a value and takes none: `-v` of `-v=2`.
pub(super) fn in_surplus(command: &Command, words: &[OsString]) -> Option<String> {
    let letter = |word: &OsString| {
        let letters = word.to_str()?.split_once('=')?.0;
        let (flag, _) = option(command, letters)?;
        flag.get_short().filter(|_| !takes_value(flag))
    };
    flags(words).find_map(letter).map(|letter| format!("-{letter}"))
}

/// The flag of the first value that is not UTF-8 and has to be.
pub(super) fn not_utf8(command: &Command, words: &[OsString]) -> Option<String> {
    let odd = words.iter().enumerate().filter(|(_, word)| word.to_str().is_none());
    odd.filter_map(|(at, _)| of_value(command, words, at)).find(|flag| is_text(flag)).and_then(shown)
}

/// The words with those that are not UTF-8, and have to be, read in the charset of the locale; none if there
/// are none, or one is not in it. The names of files stay as they are.
pub(super) fn read_in_locale(command: &Command, words: &[OsString]) -> Option<Vec<OsString>> {
    let mut read = words.to_vec();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.to_str().is_none()) {
        if of_value(command, words, at).is_none_or(is_text) {
            *read.get_mut(at)? = in_locale(word)?.into();
        }
    }
    (read != words).then_some(read)
}

/// The flag whose value is this word, or in this word.
fn of_value<'a>(command: &'a Command, words: &[OsString], at: usize) -> Option<&'a Arg> {
    let lossy = words.get(at)?.to_string_lossy();
    let own = option(command, &lossy).filter(|(_, value)| value.is_some());
    let before =
        || option(command, words.get(at.checked_sub(1)?)?.to_str()?).filter(|(_, value)| value.is_none());
    let (flag, _) = own.or_else(before)?;
    takes_value(flag).then_some(flag)
}

fn is_text(flag: &Arg) -> bool {
    flag.get_value_parser().type_id() != ValueParser::path_buf().type_id()
}

/// The words that begin with one hyphen, as far as flags go.
fn flags(words: &[OsString]) -> impl Iterator<Item = &OsString> {
    let has_one = |word: &&OsString| matches!(word.as_encoded_bytes(), [b'-', second, ..] if *second != b'-');
    words.iter().take_while(|word| *word != "--").filter(has_one)
}

/// The flag that this word names, the last of several letters; and its value, if that is in the word.
fn option<'a, 'w>(command: &'a Command, word: &'w str) -> Option<(&'a Arg, Option<&'w str>)> {
    if let Some(rest) = word.strip_prefix("--") {
        let (name, value) = rest.split_once('=').map_or((rest, None), |(name, value)| (name, Some(value)));
        return Some((command.get_arguments().find(|flag| flag.get_long() == Some(name))?, value));
    }
    let mut letters = word.strip_prefix('-')?.chars();
    let mut found = None;
    while let Some(letter) = letters.next() {
        let flag = command.get_arguments().find(|flag| has_letter(flag, Some(letter)))?;
        if takes_value(flag) {
            return Some((flag, Some(letters.as_str()).filter(|value| !value.is_empty())));
        }
        found = Some((flag, None));
    }
    found
}

fn takes_value(flag: &Arg) -> bool {
    flag.get_action().takes_values()
}

fn shown(flag: &Arg) -> Option<String> {
    flag.get_long().map(|long| format!("--{long}"))
}
