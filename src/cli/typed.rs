//! The words as they were typed, for errors that are found when the line has been read: how a word was read,
//! and what stood around it. Only where something is wrong are they looked at.

use std::ffi::OsString;

/// A text longer than this is not shown in a suggestion.
const LONG: usize = 60;

/// The words behind the subcommand, as far as they are UTF-8.
fn words() -> Vec<String> {
    std::env::args_os().skip(2).map(OsString::into_string).filter_map(Result::ok).collect()
}

/// The word behind the subcommand, if it is no flag.
#[must_use]
pub fn first() -> Option<String> {
    words().into_iter().next().filter(|word| !word.starts_with('-'))
}

/// `-fme was read as -f me`, if this value was typed in one word with its flag.
#[must_use]
pub fn glued(value: &str) -> Option<String> {
    words().iter().take_while(|word| *word != "--").find_map(|word| reading(word, value))
}

fn reading(word: &str, value: &str) -> Option<String> {
    let letters = word.strip_suffix(value).filter(|_| !value.is_empty())?;
    let are_letters = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic());
    letters.strip_prefix('-').filter(|text| are_letters(text))?;
    Some(format!("{word} was read as {letters} {value}"))
}

/// What to type where quotation marks were forgotten: `-s 'Backup done'`, if this word stands behind the
/// value of a flag for a text.
#[must_use]
pub fn unquoted(word: &str) -> Option<String> {
    quoted(&words(), word)
}

fn quoted(words: &[String], word: &str) -> Option<String> {
    let at = words.iter().position(|typed| typed == word)?;
    let flag = words.get(..at)?.iter().rposition(|typed| typed.starts_with('-'))?;
    let name = words
        .get(flag)
        .filter(|name| matches!(name.as_str(), "-s" | "--subject" | "--body" | "-H" | "--header"))?;
    let is_text = |typed: &&String| !typed.starts_with('-') && !typed.contains('@');
    let text: Vec<&str> = words.get(flag + 1..)?.iter().take_while(is_text).map(String::as_str).collect();
    // The word itself must belong to it, and the value stand before.
    if text.len() < 2 || flag + text.len() < at {
        return None;
    }
    let text = text.join(" ");
    let mark = if text.contains('\'') { '"' } else { '\'' };
    match text.chars().count() > LONG {
        true => Some(format!("{name} {mark}...{mark}")),
        false => Some(format!("{name} {mark}{text}{mark}")),
    }
}

/// The first word that a page or a word processor has given a dash in place of its hyphen, or quotation marks
/// that no shell knows.
#[must_use]
pub fn typeset() -> Option<String> {
    words().into_iter().take_while(|word| word != "--").find(|word| is_dash(word) || is_quoted(word))
}

/// Whether a word begins with a dash that is not a hyphen.
#[must_use]
pub fn is_dash(word: &str) -> bool {
    word.starts_with(['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'])
}

fn is_quoted(word: &str) -> bool {
    word.starts_with(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{201a}', '\u{ab}'])
}

/// Whether this word stands behind `-q`, which is another flag with swaks.
#[must_use]
pub fn is_behind_q(word: &str) -> bool {
    let words = words();
    let before = words.iter().position(|typed| typed == word).and_then(|at| at.checked_sub(1));
    before.and_then(|at| words.get(at)).is_some_and(|before| before == "-q")
}

/// Whether this word stands behind a user, where other programs have the password.
#[must_use]
pub fn is_behind_a_user(word: &str) -> bool {
    let words = words();
    let at = words.iter().position(|typed| typed == word).unwrap_or_default();
    let before = |by: usize| at.checked_sub(by).and_then(|at| words.get(at)).map_or("", String::as_str);
    matches!(before(2), "-u" | "--user")
        || before(1).starts_with("--user=")
        || (before(1).starts_with("-u") && before(1).len() > 2)
}

/// Whether this value of `-H` was typed with a word behind it that is no flag.
#[must_use]
pub fn is_header_before_a_word(value: &str) -> bool {
    is_before_a_word(&words(), value)
}

fn is_before_a_word(words: &[String], value: &str) -> bool {
    let is_it = |at: usize, word: &str| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
        (word == value && matches!(before, "-H" | "--header"))
            || ["-H", "--header="].iter().any(|flag| word.strip_prefix(flag) == Some(value))
    };
    let at = words.iter().enumerate().find_map(|(at, word)| is_it(at, word).then_some(at));
    at.and_then(|at| words.get(at + 1)).is_some_and(|next| !next.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_one_word_with_its_flag_is_told_apart() {
        assert_eq!(reading("-fme", "me").as_deref(), Some("-fme was read as -f me"));
        assert_eq!(reading("-qtyou", "you").as_deref(), Some("-qtyou was read as -qt you"));
        for (word, value) in [("me", "me"), ("-f=me", "me"), ("--from=me", "me"), ("-f", ""), ("-fme", "you")]
        {
            assert_eq!(reading(word, value), None, "{word}");
        }
    }

    #[test]
    fn a_field_without_its_value_is_told_by_the_word_behind_it() {
        let is_before =
            |line: &str| is_before_a_word(&line.split(' ').map(str::to_owned).collect::<Vec<_>>(), "X:");
        for line in ["-H X: a", "a@x.example --header X: b", "--header=X: a", "-HX: a"] {
            assert!(is_before(line), "{line}");
        }
        for line in ["-H X:", "-H X: -s a", "-H X: --", "-s X: a", "X: a", "-H XX: a"] {
            assert!(!is_before(line), "{line}");
        }
    }

    #[test]
    fn quotation_marks_that_were_forgotten_are_put_around_the_whole_text() {
        let quoted =
            |line: &str, word: &str| quoted(&line.split(' ').map(str::to_owned).collect::<Vec<_>>(), word);
        for (line, word, said) in [
            ("-S h -s Backup done ops@x.example", "done", "-s 'Backup done'"),
            ("-s Backup of db done ops@x.example", "of", "-s 'Backup of db done'"),
            ("--subject It's done ops@x.example -q", "done", "--subject \"It's done\""),
            ("-H X-Foo: bar ops@x.example", "bar", "-H 'X-Foo: bar'"),
            ("--body hello world -t a@x.example", "world", "--body 'hello world'"),
        ] {
            assert_eq!(quoted(line, word).as_deref(), Some(said), "{line}");
        }
        for (line, word) in [
            ("root -s Backup", "root"),
            ("-s Backup a@x.example done", "done"),
            ("-t root a", "a"),
            ("root", "root"),
        ] {
            assert_eq!(quoted(line, word), None, "{line}");
        }
    }
}
