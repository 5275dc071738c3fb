//! What was found in a text, each thing once, in the order of its first appearance; and in bounded memory, however long
//! the text is.

use super::{Explanation, Subject, find, readable};

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
            if let Some(same) = self.found.iter_mut().find(|found| is_same(&found.explanation, &explanation)) {
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

/// The same codes, as far as both have them, and the same words recognized, if both have such.
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
    let has_code = |explanation: &Explanation| matches!(explanation.subject, Subject::Reply { code: Some(_), .. });
    (one.known && !other.known && has_code(one) >= has_code(other))
        || (has_code(one) && !has_code(other) && one.known >= other.known)
}

fn shown(line: &[u8]) -> String {
    let line = line.trim_ascii();
    match line.get(..SHOWN) {
        // Cut between characters.
        Some(begin) if line.len() > SHOWN => format!("{}…", readable(begin.utf8_chunks().next().map_or(begin, |chunk| {
            if chunk.valid().len() + 4 > begin.len() { chunk.valid().as_bytes() } else { begin }
        }))),
        _ => readable(line).into_owned(),
    }
}
