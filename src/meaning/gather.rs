//! What was found in a text, each thing once, in the order of its first appearance; and in bounded memory,
//! however long the text is.

use super::{Explanation, Subject, find};
use ehlo_smtp::reply::characters;

/// The most explanations that are kept.
pub const MOST: usize = 200;
/// The most octets of a line that are shown.
const SHOWN: usize = 400;

/// Something that was found, and the line in which.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it means.
    pub explanation: Explanation,
    /// The line, as it came, without the blanks around it; cut if it is very long.
    pub line: String,
}

/// Takes line after line.
#[derive(Debug, Default)]
pub struct Gather {
    found: Vec<Found>,
    /// How many more there were than are kept.
    left_off: usize,
}

impl Gather {
    /// Looks at one line.
    pub fn line(&mut self, line: &[u8]) {
        for explanation in find::find(line) {
            if let Some(same) = self.found.iter_mut().find(|found| is_same(&found.explanation, &explanation))
            {
                // `dsn=5.1.1` and `550 5.1.1`: the one that says more.
                if says_more(&explanation, &same.explanation) {
                    *same = Found { explanation, line: shown(line) };
                }
            } else if self.found.len() < MOST {
                self.found.push(Found { explanation, line: shown(line) });
            } else {
                self.left_off += 1;
            }
        }
    }

    /// What was found, and how often something came that is not among it for lack of room.
    #[must_use]
    pub fn end(self) -> (Vec<Found>, usize) {
        (self.found, self.left_off)
    }
}

/// Whether both have the same codes, as far as they have any, and the same recognized words, if both have
/// some.
fn is_same(one: &Explanation, other: &Explanation) -> bool {
    let is_known_alike = !(one.known && other.known) || one.name == other.name;
    match (one.subject, other.subject) {
        (Subject::Reply { code: a, enhanced: Some(x) }, Subject::Reply { code: b, enhanced: Some(y) }) => {
            x == y && (a == b || a.is_none() || b.is_none()) && is_known_alike
        }
        (Subject::Reply { .. }, Subject::Reply { .. }) => one.subject == other.subject && is_known_alike,
        (a, b) => a == b && one.name == other.name,
    }
}

fn says_more(one: &Explanation, other: &Explanation) -> bool {
    let has_code =
        |explanation: &Explanation| matches!(explanation.subject, Subject::Reply { code: Some(_), .. });
    (one.known && !other.known && has_code(one) >= has_code(other))
        || (has_code(one) && !has_code(other) && one.known >= other.known)
}

fn shown(line: &[u8]) -> String {
    let line = line.trim_ascii();
    match line.get(..SHOWN) {
        // Cut between characters.
        Some(begin) if line.len() > SHOWN => format!(
            "{}…",
            characters(begin.utf8_chunks().next().map_or(begin, |chunk| {
                if chunk.valid().len() + 4 > begin.len() { chunk.valid().as_bytes() } else { begin }
            }))
        ),
        _ => characters(line).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(text: &str) -> Vec<(String, String)> {
        let mut gather = Gather::default();
        text.lines().for_each(|line| gather.line(line.as_bytes()));
        let (found, left_off) = gather.end();
        assert_eq!(left_off, 0);
        found.into_iter().map(|found| (found.explanation.subject.to_string(), found.line)).collect()
    }

    fn pair(subject: &str, line: &str) -> (String, String) {
        (subject.to_owned(), line.to_owned())
    }

    #[test]
    fn each_thing_once_in_the_order_of_its_appearance() {
        let text = "said: 550 5.1.1 no\nsaid: 421 4.3.2 wait\nsaid: 550 5.1.1 again\nStatus: 4.3.2\n\
                    alert number 40\nalert: 40";
        let found = gathered(text);
        assert_eq!(
            found,
            [
                pair("550 5.1.1", "said: 550 5.1.1 no"),
                pair("421 4.3.2", "said: 421 4.3.2 wait"),
                pair("TLS alert 40", "alert number 40")
            ]
        );
    }

    #[test]
    fn what_says_more_takes_the_place_of_what_says_less() {
        let found = gathered(
            "Status: 5.7.26\nsaid: 421 wait\nsaid: 550-5.7.26 no\nsaid: 550-5.7.26 gsmtp\nsaid: 550 5.7.26",
        );
        assert_eq!(found, [pair("550 5.7.26", "said: 550-5.7.26 gsmtp"), pair("421", "said: 421 wait")]);
        // Two reasons for one code are two things.
        let found = gathered("said: 554 5.7.1 Relay access denied\nsaid: 554 5.7.1 see spamhaus");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn memory_is_bounded_and_long_lines_are_cut_between_characters() {
        let mut gather = Gather::default();
        for code in 0..1000 {
            gather.line(format!("said: 550 5.7.{code} {}", "é".repeat(1000)).as_bytes());
        }
        let (found, left_off) = gather.end();
        assert_eq!((found.len(), left_off), (MOST, 1000 - MOST));
        assert!(found.iter().all(|found| found.line.len() < SHOWN + 8 && found.line.ends_with("é…")));
        assert!(shown(&[0xe9; 1000]).ends_with("é…"), "Latin-1");
    }
}
