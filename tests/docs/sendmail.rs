//! man/ehlo-sendmail.8 has every option that `ehlo sendmail` knows, and no other.

use crate::blocks::page;
use ehlo::inside::cli::sendmail::{LONG, OPTIONS};
use std::collections::BTreeSet;

/// The words of a tag that are options, without what is joined to them.
fn options(tag: &str) -> Vec<String> {
    let text = tag.replace("\\fR", " ").replace("\\fP", " ").replace("\\-", "-").replace(['"', ','], " ");
    let words = text.split_whitespace().filter(|word| word.starts_with('-'));
    words.map(|word| if word.starts_with("--") { word } else { &word[..2] }.to_owned()).collect()
}

/// The tags behind `.TP` in the section of options.
fn tags() -> Vec<String> {
    let manual = page("man/ehlo-sendmail.8");
    let (_, section) = manual.split_once(".SH OPTIONS\n").unwrap();
    let (section, _) = section.split_once("\n.SH ").unwrap();
    let tags = section.split("\n.TP\n").skip(1).filter_map(|paragraph| paragraph.lines().next());
    tags.map(str::to_owned).collect()
}

#[test]
fn the_manual_has_every_option_and_no_other() {
    let documented: BTreeSet<String> = tags().iter().flat_map(|tag| options(tag)).collect();
    let letters = OPTIONS.iter().map(|(letter, ..)| format!("-{letter}"));
    let known: BTreeSet<String> = letters.chain(LONG.iter().map(|(name, _)| format!("--{name}"))).collect();
    assert_eq!(documented, known);
}

#[test]
fn options_that_mean_nothing_are_told_as_such() {
    let last: BTreeSet<String> = options(tags().last().unwrap()).into_iter().collect();
    let means_nothing =
        OPTIONS.iter().filter(|(.., says)| says.ends_with("means nothing") || says.ends_with("anyway"));
    assert_eq!(last, means_nothing.map(|(letter, ..)| format!("-{letter}")).collect());
}
