//! Texts by their width on a terminal: East Asian wide characters take two columns, combining ones none
//! (UAX #11). What moves the cursor is made printable before it comes here.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns that a screen has where nothing tells its width.
pub const USUAL: usize = 80;
/// The narrowest screen that is minded; one that is narrower wraps lines as it likes.
pub const NARROWEST: usize = 40;

/// Behind a character: it is drawn as an emoji.
const AS_EMOJI: char = '\u{fe0f}';
/// The columns of an emoji.
const EMOJI: usize = 2;

/// How many columns a text takes.
#[must_use]
pub fn of(text: &str) -> usize {
    text.width()
}

/// The text with blanks behind it, up to this many columns; one that is wider stays as it is.
#[must_use]
pub fn padded(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(of(text));
    format!("{text}{:blanks$}", "")
}

/// The beginning of a text, in at most this many columns; `…` at its end where something is left out.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    if of(text) <= columns {
        return text.to_owned();
    }
    let mut out = pieces(text, columns.saturating_sub(1)).into_iter().next().unwrap_or_default();
    // A character alone may be too wide.
    if of(&out) >= columns {
        out.clear();
    }
    out.push('…');
    out
}

/// The text on lines of at most this many columns, broken at blanks; a word that is wider has a line of its
/// own.
#[must_use]
pub fn folded(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if of(line) + 1 + of(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The same, but a word that is wider is broken where the room ends: no line is wider, as long as a character
/// fits.
#[must_use]
pub fn filled(text: &str, columns: usize) -> Vec<String> {
    folded(text, columns).iter().flat_map(|line| pieces(line, columns)).collect()
}

/// The text in pieces of at most this many columns, as long as a character fits.
fn pieces(text: &str, columns: usize) -> Vec<String> {
    let (mut pieces, mut start, mut taken) = (Vec::new(), 0, 0);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        // An emoji takes two columns where a selector behind it says so.
        let is_emoji = chars.next_if(|(_, next)| *next == AS_EMOJI).is_some();
        let width = if is_emoji { EMOJI } else { c.width().unwrap_or(1) };
        if taken + width > columns && at > start {
            pieces.push(text.get(start..at).unwrap_or_default().to_owned());
            (start, taken) = (at, 0);
        }
        taken += width;
    }
    pieces.push(text.get(start..).unwrap_or_default().to_owned());
    pieces
}

/// Lines, one under the other: each but the first has so many blanks before it.
#[must_use]
pub fn under(lines: &[String], indent: usize) -> String {
    lines.join(&format!("\n{:indent$}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns_and_combining_ones_none() {
        assert_eq!(of("これは@例え.jp"), 14);
        assert_eq!(of("Jo\u{308}rg"), 4);
        assert_eq!(padded("例え", 6), "例え  ");
        assert_eq!(padded("longer", 3), "longer");
    }

    #[test]
    fn what_is_cut_has_room_for_its_mark() {
        assert_eq!(cut("これは", 6), "これは");
        assert_eq!(cut("これは", 5), "これ…");
        assert_eq!(cut("これは", 4), "こ…");
        assert_eq!(cut("☺\u{fe0f}☺\u{fe0f}", 3), "☺\u{fe0f}…");
        assert_eq!(cut("plain", 4), "pla…");
        assert_eq!(cut("plain", 0), "…");
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(folded("one two three", 7), ["one two", "three"]);
        assert_eq!(folded("a-word-too-long b", 5), ["a-word-too-long", "b"]);
        assert_eq!(folded("例え 例え", 8), ["例え", "例え"]);
        assert_eq!(folded("例え 例え", 9), ["例え 例え"]);
    }
    #[test]
    fn a_word_that_is_too_wide_is_broken_where_it_has_to_be() {
        assert_eq!(filled("one a-word-too-long b", 5), ["one", "a-wor", "d-too", "-long", "b"]);
        assert_eq!(filled("例え例え", 3), ["例", "え", "例", "え"]);
        assert_eq!(filled("e\u{301}e\u{301}", 1), ["e\u{301}", "e\u{301}"]);
        assert_eq!(filled("☺\u{fe0f}☺\u{fe0f}☺", 4), ["☺\u{fe0f}☺\u{fe0f}", "☺"]);
        assert_eq!(filled("", 5), [""]);
        assert_eq!(under(&filled("one two", 3), 2), "one\n  two");
    }
}
