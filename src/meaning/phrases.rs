//! Words that servers add to their codes, and what they mean by them: tables/habits.tsv has those of big
//! providers and common servers, tables/texts.tsv what servers of all kinds say. The first that fits counts.

use super::after::After;
use super::again::Again;
use super::table::Table;

const HABITS: Table<6> = Table::new(include_str!("tables/habits.tsv"));
const TEXTS: Table<6> = Table::new(include_str!("tables/texts.tsv"));

/// Words, and what they mean where they come from.
pub(super) struct Phrase {
    /// The commands after which they mean this, as [`After::is_among`] has it.
    commands: &'static str,
    /// Words in small letters: `a|b & c|d` is one of a and b, and one of c and d.
    pub(super) words: &'static str,
    /// What it is, in a few words.
    pub(super) name: &'static str,
    /// Who uses these words.
    pub(super) who: &'static str,
    /// What a sender can do.
    pub(super) advice: &'static str,
    /// Whether trying again helps, if the code is of class 5.
    pub(super) again: Again,
    /// Whether the advice says that itself.
    pub(super) says_again: bool,
    /// Whether the trouble passes by itself, though a code of class 5 says that it does not.
    pub(super) is_passing: bool,
    /// Whether servers of all kinds use these words, which say nothing new where the code has the same name.
    pub(super) is_common: bool,
}

/// All of them, in order; those that everybody uses last.
pub(super) fn all() -> impl Iterator<Item = Phrase> {
    let of_providers = HABITS.rows().filter_map(|row| Phrase::read(row, false));
    of_providers.chain(TEXTS.rows().filter_map(|row| Phrase::read(row, true)))
}

/// The first whose words are in a text of small letters that came after this, if that is known.
pub(super) fn find(text: &str, after: Option<After>) -> Option<Phrase> {
    let mut fitting = all().filter(|phrase| after.is_none() || After::is_among(after, phrase.commands));
    fitting.find(|phrase| phrase.groups().all(|mut group| group.any(|word| stands(text, word))))
}

impl Phrase {
    fn read(row: [&'static str; 6], is_common: bool) -> Option<Phrase> {
        let [commands, again, words, name, who, advice] = row;
        let (again, says_again) = Again::without_mark(again);
        let is_passing = again == "passing";
        let again = if is_passing { Again::Later } else { Again::read(again)? };
        Some(Phrase { commands, words, name, who, advice, again, says_again, is_passing, is_common })
    }

    /// The groups of words; one word of each must occur.
    pub(super) fn groups(&self) -> impl Iterator<Item = impl Iterator<Item = &'static str>> {
        self.words.split(" & ").map(|group| group.split('|'))
    }
}

/// Whether a text holds a word. Where it begins or ends in a digit, it must be the whole number: 4.7.1 is
/// neither in 4.7.10 nor in 14.7.1.9.
fn stands(text: &str, word: &str) -> bool {
    let is_digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    let (octets, ends) = (text.as_bytes(), word.as_bytes());
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = octets.split_at(at);
        let after = &after[word.len()..];
        let cut_before = is_digit(ends.first())
            && (is_digit(before.last())
                || (before.last() == Some(&b'.') && is_digit(before.iter().rev().nth(1))));
        let cut_after = is_digit(ends.last())
            && (is_digit(after.first()) || (after.first() == Some(&b'.') && is_digit(after.get(1))));
        !cut_before && !cut_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_numbers_are_whole() {
        for (text, word, is_there) in [
            ("451 4.7.1 later", "4.7.1", true),
            ("451 4.7.10 later", "4.7.1", false),
            ("450 from 14.7.1.9", "4.7.1", false),
            ("450 from 1.4.7.1", "4.7.1", false),
            ("see 4.7.1. Then", "4.7.1", true),
            ("(#4.7.1)", "4.7.1", true),
            ("you were greylisted", "greylist", true),
        ] {
            assert_eq!(stands(text, word), is_there, "{word} in {text}");
        }
    }
}
