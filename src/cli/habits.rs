//! Habits: flags of swaks, curl, mail, msmtp, sendmail and their like, answered with ours.
//!
//! A row of habits.tsv is the flag, whose it is, and what it is here. In place of a program stands `-` where
//! the flag is ours but for a hyphen, and `*` where several programs have it. What it is here is a flag,
//! `secret` for a password, or a sentence behind a `=`.
//!
//! A long flag is looked up where the line is in error anyway. A word with one hyphen is looked up before the
//! line is read: `-tls` would be read as `-t ls`, and `-au X` as an attachment and one more recipient.

use std::ffi::OsString;

const TABLE: &str = include_str!("habits.tsv");

/// What another program's flag is here.
pub(super) enum Answer {
    /// It takes a password, which nothing here does.
    Secret,
    /// A sentence.
    Ours(String),
}

/// What this flag is here, if it is another program's; with its hyphens, without a value.
pub(super) fn find(flag: &str) -> Option<Answer> {
    let rows = TABLE.lines().filter_map(|line| line.split_once('\t'));
    let (whose, ours) = rows.into_iter().find(|(known, _)| *known == flag)?.1.split_once('\t')?;
    Some(match ours {
        "secret" => Answer::Secret,
        ours if whose == "-" => {
            Answer::Ours(format!("no option {flag}: did you mean {ours}, with two hyphens?"))
        }
        ours if whose == "*" => Answer::Ours(format!("no option {flag}: here it is {ours}")),
        ours => Answer::Ours(match ours.strip_prefix('=') {
            Some(sentence) => format!("no option {flag}: {whose}'s is {sentence}"),
            None => format!("no option {flag}: {whose}'s is {ours} here"),
        }),
    })
}

/// What a word with one hyphen and more than a letter is here, if it is a flag of another program.
pub(super) fn objection(words: &[OsString]) -> Option<Answer> {
    let glued = words.iter().take_while(|word| *word != "--").filter_map(|word| word.to_str());
    let mut glued = glued.filter(|word| matches!(word.as_bytes(), [b'-', b'a'..=b'z' | b'A'..=b'Z', _, ..]));
    glued.find_map(|word| find(word.split('=').next()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_row_has_three_cells_and_no_flag_of_ours_is_answered() {
        let command = crate::cli::command();
        let send = command.find_subcommand("send").unwrap().clone();
        let mut send = send.bin_name("ehlo send");
        send.build();
        let longs: HashSet<String> =
            send.get_arguments().filter_map(|flag| flag.get_long()).map(|long| format!("--{long}")).collect();
        assert!(longs.len() > 80, "{}", longs.len());
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [flag, whose, ours] = cells.as_slice() else { panic!("{line}") };
            assert!(flag.starts_with('-') && !whose.is_empty() && !ours.is_empty(), "{line}");
            assert!(!longs.contains(*flag), "{flag} is ours");
            if let Some(long) = ours.split(' ').find(|word| word.trim_matches(['(', ')']).starts_with("--")) {
                let long = long.trim_matches(['(', ')', ',']);
                let known = longs.contains(long) || long == "--version";
                assert!(known, "{line}: there is no {long}");
            }
        }
    }

    #[test]
    fn words_with_one_hyphen_are_looked_at_and_values_are_not() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in ["-tls", "x -au X", "-ap=secret", "-subject=hi", "-oi"] {
            assert!(objection(&words(line)).is_some(), "{line}");
        }
        for line in ["-q", "-vv", "-sReport", "--body x", "-- -tls", "--ca-file -", "-4", "-k"] {
            assert!(objection(&words(line)).is_none(), "{line}");
        }
    }
}
