//! Habits: flags of swaks, curl, mail, s-nail, mutt, msmtp, sendmail and their like, answered with ours.
//!
//! A row of habits.tsv is the flag, whose it is, and what it is here. In place of a program stands `-` where
//! the flag is ours but for a hyphen, and `*` where several programs have it. What it is here is a flag,
//! `secret` for a password, or a sentence behind a `=`. A setting of s-nail is the flag `-S name`. The rows
//! are sorted by octets, so that one is found without reading all: a start is to cost little.
//!
//! A long flag is looked up where the line is in error anyway. A word with one hyphen is looked up before the
//! line is read: `-tls` would be read as `-t ls`, and `-au X` as an attachment and one more recipient.

use std::cmp::Ordering;
use std::ffi::OsString;

use clap::Command;

use super::{passwords, slips};

const TABLE: &str = include_str!("habits.tsv");

/// What cannot be meant as it would be read.
pub(super) enum Objection {
    /// It takes a password, which nothing here does.
    Password,
    /// A flag of another program, or one of ours with one hyphen.
    Flag {
        /// As it was typed, without a value.
        typed: String,
        /// The row.
        habit: Habit,
        /// Whether it is not quite the flag of the row.
        slip: bool,
    },
}

/// A row of the table.
#[derive(Clone, Copy)]
pub(super) struct Habit {
    flag: &'static str,
    whose: &'static str,
    ours: &'static str,
}

fn habit(line: &'static str) -> Option<Habit> {
    let (flag, rest) = line.split_once('\t')?;
    let (whose, ours) = rest.split_once('\t')?;
    Some(Habit { flag, whose, ours })
}

fn rows() -> impl Iterator<Item = Habit> {
    TABLE.lines().filter_map(habit)
}

/// The row of this flag.
fn row(flag: &str) -> Option<Habit> {
    let (mut low, mut high) = (0, TABLE.len());
    while low < high {
        let start = TABLE.get(..low.midpoint(high))?.rfind('\n').map_or(0, |end| end + 1);
        let line = TABLE.get(start..)?.lines().next()?;
        let found = habit(line)?;
        match found.flag.cmp(flag) {
            Ordering::Equal => return Some(found),
            Ordering::Less => low = start + line.len() + 1,
            Ordering::Greater => high = start,
        }
    }
    None
}

/// What this flag is here, if it is another program's; with its hyphens, without a value.
pub(super) fn find(flag: &str) -> Option<Objection> {
    // swaks has a flag for every header field.
    let field = flag.strip_prefix("--h-").or_else(|| flag.strip_prefix("-h-"));
    let of_a_field = field.map(|_| Habit { flag: "--h-NAME", whose: "swaks", ours: "-H 'NAME: VALUE'" });
    let habit = row(flag).or(of_a_field)?;
    Some(Objection::of(habit, flag, false))
}

/// The first word that another program would read otherwise: one with one hyphen and more than a letter, or a
/// setting of s-nail's behind `-S`.
pub(super) fn objection(words: &[OsString]) -> Option<Objection> {
    for (at, word) in words.iter().enumerate() {
        match word.as_encoded_bytes() {
            b"--" => return None,
            [b'-', b'S', rest @ ..] => {
                let word =
                    if rest.is_empty() { words.get(at + 1)?.to_str() } else { word.to_str()?.get(2..) };
                if let Some(found) = word.and_then(setting) {
                    return Some(found);
                }
            }
            [b'-', b'a'..=b'z' | b'A'..=b'Z', _, ..] => {
                let name = word.to_str().and_then(|word| word.split('=').next());
                if let Some(found) = name.and_then(|name| find(name).or_else(|| near(name))) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

/// A setting of s-nail's, such as `mta=smtp://host`. Without a value it is a host, unless nobody would call
/// one so.
fn setting(value: &str) -> Option<Objection> {
    let (name, has_value) = value.split_once('=').map_or((value, false), |(name, _)| (name, true));
    let is_name =
        |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let is_host = !has_value && !matches!(name, "v15-compat" | "sendwait");
    if is_host || name.is_empty() || !is_name(name) {
        return None;
    }
    if passwords::is_taken_by(name) {
        return Some(Objection::Password);
    }
    let typed = format!("-S {name}");
    let any = Habit { flag: "-S", whose: "s-nail", ours: "=there are no settings, -S names the server" };
    Some(Objection::of(row(&typed).unwrap_or(any), &typed, false))
}

/// The flag that this word, with one hyphen, misses by a slip. What is a flag's own name behind its letter is
/// a value: `-ssubject`.
fn near(name: &str) -> Option<Objection> {
    let letters = name.strip_prefix('-')?;
    if letters.len() < 4 || !letters.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
        return None;
    }
    let of_the_same_letter = |row: &Habit| row.flag.as_bytes().get(..2) == name.as_bytes().get(..2);
    let fits = |row: &Habit| {
        row.flag.len() > 4 && slips::is_slip(name, row.flag) && row.flag.get(1..) != letters.get(1..)
    };
    match rows().filter(of_the_same_letter).find(fits) {
        Some(row) => Some(Objection::of(row, name, true)),
        None => passwords::is_taken_by(letters).then_some(Objection::Password),
    }
}

impl Objection {
    fn of(habit: Habit, typed: &str, slip: bool) -> Self {
        match habit.ours {
            "secret" => Self::Password,
            _ => Self::Flag { typed: typed.to_owned(), habit, slip },
        }
    }

    /// The line, for a subcommand that is built: what the word is, and what to write in its place.
    pub(super) fn sentence(&self, command: &Command) -> String {
        let Self::Flag { typed, habit: Habit { whose, ours, .. }, slip } = self else {
            return passwords::sentence(command);
        };
        let field = typed.trim_start_matches('-').strip_prefix("h-").unwrap_or("NAME");
        let ours = ours.replace("NAME: VALUE", &format!("{field}: VALUE"));
        let no_option = match *whose {
            "*" | "-" => format!("no option {typed}"),
            whose => format!("no option {typed} ({whose})"),
        };
        if let Some(sentence) = ours.strip_prefix('=') {
            return format!("{no_option}: {sentence}");
        }
        // What stands in quotation marks is a whole command.
        let in_front = ours.split('\'').next().unwrap_or_default();
        let mut flags = in_front.split(' ').map(|word| word.trim_matches(['(', ')', ',', ';']));
        let name = command.get_bin_name().unwrap_or("ehlo");
        match flags.find(|word| word.starts_with('-')) {
            Some("-S" | "--server") if slips::has_server_without_flag(command) => {
                format!("{no_option}: name the server without a flag, as in '{name} mail.example.org'")
            }
            Some(flag) if !slips::has(command, flag) => {
                format!("{no_option}: 'ehlo send' has {flag} for this, '{name}' has no equivalent")
            }
            _ if *whose == "-" || *slip => match slips::reading(command, typed) {
                Some(reading) => format!("{typed} was read as {reading}: did you mean {ours}?"),
                None => format!("no option {typed}: did you mean {ours}?"),
            },
            _ => format!("{no_option}: use {ours}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn send() -> Command {
        let mut send = crate::cli::command().find_subcommand("send").unwrap().clone().bin_name("ehlo send");
        send.build();
        send
    }

    #[test]
    fn each_row_has_three_cells_and_no_flag_of_ours_is_answered() {
        let send = send();
        let longs: HashSet<String> =
            send.get_arguments().filter_map(|flag| flag.get_long()).map(|long| format!("--{long}")).collect();
        assert!(longs.len() > 80, "{}", longs.len());
        let mut seen = HashSet::new();
        assert!(TABLE.is_ascii() && TABLE.lines().is_sorted());
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [flag, whose, ours] = cells.as_slice() else { panic!("{line}") };
            assert!(flag.starts_with('-') && !whose.is_empty() && !ours.is_empty(), "{line}");
            assert!(seen.insert(*flag), "{flag} has two rows");
            assert!(!longs.contains(*flag), "{flag} is ours");
            assert!(flag.len() > 2 || !slips::has(&send, flag), "{flag} is ours");
            for word in ours.trim_start_matches('=').split(' ') {
                let word = word.trim_matches(['(', ')', ',', ';', '\'']);
                let known =
                    slips::has(&send, word) || matches!(word, "-" | "--vrfy" | "--version" | "-vv" | "-vvv");
                assert!(known || !word.starts_with('-') || *word == *"-O", "{line}: there is no {word}");
            }
            let habit = row(flag).unwrap();
            let said = Objection::of(habit, flag, false).sentence(&send);
            assert!(said.len() < 180, "{said}");
        }
    }

    #[test]
    fn each_flag_of_ours_that_could_be_read_as_a_letter_with_a_value_has_a_row() {
        let send = send();
        let shown = send.get_arguments().filter(|flag| !flag.is_hide_set());
        let words = shown.filter_map(|flag| flag.get_long()).map(|long| format!("-{long}"));
        // With -h first it is help.
        let is_read = |word: &String| !word.starts_with("-h") && slips::reading(&send, word).is_some();
        let has_none = |word: &String| row(word).is_none();
        let missing: Vec<String> = words.filter(is_read).filter(has_none).collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn words_with_one_hyphen_are_looked_at_and_values_are_not() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in [
            "-tls",
            "x -au X",
            "-ap=secret",
            "-subject=hi",
            "-oi",
            "-subjcet=hi",
            "-auth-usr",
            "-attch x",
            "-Smta=smtp://h",
            "-S from=me@x.example",
            "-Sv15-compat",
            "-token x",
            "-h-X-Any y",
            "-S x=y",
        ] {
            assert!(objection(&words(line)).is_some(), "{line}");
        }
        for line in [
            "-q",
            "-vv",
            "-sReport",
            "--body x",
            "-- -tls",
            "--ca-file -",
            "-4",
            "-k",
            "-ssubject",
            "-fme@x",
            "-ttest@x.example",
            "-p2525",
            "-Smail.example.org",
            "-S mail",
            "-areport.pdf",
            "-sdone",
            "-S [::1]:25",
            "-S smtp://h/?a=b",
            "-tto",
        ] {
            assert!(objection(&words(line)).is_none(), "{line}");
        }
    }
}
