//! What an error shows of a place in a text that its reader cannot see: in one line, printable, and short.

use ehlo_smtp::dialogue::escape;

/// The most characters of a text that are shown.
const MOST: usize = 40;
/// What is shown in place of the rest.
const REST: &str = "...";
/// How many are shown in front of the place, at most.
const BEFORE: usize = 16;

/// How a line begins, without the blanks around it.
pub(super) fn beginning(line: &[u8]) -> String {
    // A character has four octets at most.
    let start = line.get(..4 * (MOST + 1)).unwrap_or(line);
    cut(&escape(start.trim_ascii()), start.len() < line.len())
}

/// The member of a list in which the character at `position` stands, counted from 1.
pub(super) fn around(text: &str, position: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = position.saturating_sub(1).min(characters.len());
    let (before, behind) = characters.split_at(at);
    let ends_member = |c: &char| matches!(c, ',' | ';');
    let start = before.iter().rposition(ends_member).map_or(0, |comma| comma + 1);
    let end = behind.iter().skip(1).position(ends_member).map_or(characters.len(), |comma| at + 1 + comma);
    let member = characters.get(start..end).unwrap_or_default();
    let skipped = (at - start).saturating_sub(BEFORE);
    let seen: String = member.iter().skip(skipped).collect();
    let is_fold = |c: char| matches!(c, '\r' | '\n' | '\t' | ' ');
    let words: Vec<&str> = seen.split(is_fold).filter(|word| !word.is_empty()).collect();
    let seen = escape(words.join(" ").as_bytes());
    let lead = if skipped > 0 { REST } else { "" };
    lead.to_owned() + &cut(&seen, false)
}

/// As much of it as can be shown. An escape stays whole.
fn cut(text: &str, goes_on: bool) -> String {
    if text.chars().count() <= MOST && !goes_on {
        return text.to_owned();
    }
    let (mut kept, mut room, mut rest) = (String::new(), MOST, text);
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\\' if rest.starts_with("\\x") => 4,
            '\\' => 2,
            c => c.len_utf8(),
        };
        let (one, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let width = one.chars().count();
        if width > room {
            break;
        }
        kept.push_str(one);
        (room, rest) = (room - width, behind);
    }
    kept + REST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_is_printable_and_short() {
        for (line, shown) in [
            (&b""[..], ""),
            (b"  not a field \r\n", "not a field"),
            (b"Gr\xf6\xc3\xbc\x1b[2J\n", "Gr\\xf6\u{fc}\\x1b[2J"),
            (&[b'x'; 40], "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            (&[b'x'; 41], "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."),
            (&[b'x'; 4000], "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."),
        ] {
            assert_eq!(beginning(line), shown);
        }
        for before in 30..=40 {
            let text = [&vec![b'x'; before][..], &[0x1b; 9]].concat();
            let shown = beginning(&text);
            let shown = shown.trim_end_matches('.');
            assert_eq!(shown.replace("\\x1b", ""), "x".repeat(before));
            assert!(shown.len() <= MOST);
        }
        let blank = [&[b' '; 4000][..], b"x"].concat();
        assert_eq!(beginning(&blank), "...");
    }

    #[test]
    fn the_member_around_a_place_is_shown() {
        for (text, position, shown) in [
            ("a@b", 1, "a@b"),
            ("a@b", 9, "a@b"),
            ("", 1, ""),
            ("one@x,\r\n two x@y\t, three@x", 13, "two x@y"),
            ("one@x, <two@y, three@x>, four@x", 14, "<two@y, three@x>"),
            ("one@x; Jones@", 14, "Jones@"),
        ] {
            assert_eq!(around(text, position), shown, "{text:?} at {position}");
        }
        let long = format!("{} here {}", "x".repeat(100), "y".repeat(100));
        for position in 1..=long.len() + 1 {
            let shown = around(&long, position);
            assert!(shown.chars().count() <= MOST + 2 * REST.len(), "{shown}");
        }
        assert!(around(&long, 102).starts_with("...xxxxxxxxxxxxxxx here yyyyy"));
    }
}
