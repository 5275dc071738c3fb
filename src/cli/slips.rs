//! What was typed, looked at once more where the line is in error: which flag a word is, and which one was
//! meant. What is said of it is `exit`'s.

use std::ffi::OsString;

use clap::builder::ValueParser;
use clap::{Arg, Command};

use super::locale::in_locale;

/// The long flag that a word with one hyphen spells: `--subject` for `-subject`, which is read as `-s
/// ubject`.
pub(super) fn long_with_one_hyphen(command: &Command, words: &[OsString]) -> Option<String> {
    let spelt = |word: &OsString| {
        let name = word.to_str()?.strip_prefix('-')?.split('=').next()?;
        command.get_arguments().filter_map(Arg::get_long).find(|long| name.len() > 1 && *long == name)
    };
    flags(words).find_map(spelt).map(|long| format!("--{long}"))
}

/// Whether one of the words is `-pass` or `-password`.
pub(super) fn names_a_password(words: &[OsString]) -> bool {
    let is_one = |word: &str| {
        word.strip_prefix('-').is_some_and(|name| name.starts_with("pass") && !name.contains('-'))
    };
    flags(words).filter_map(|word| word.to_str()).any(is_one)
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
        let flag = command.get_arguments().find(|flag| flag.get_short() == Some(letter))?;
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
