//! A screen: labels on the left, lines on the right, and what makes texts fit for them.

use crate::report::text::printable;
use std::fmt::Write as _;

/// The width of the labels.
const LABEL: usize = 13;
/// How wide advice may be.
const FOLDED: usize = 84;

/// The lines, under labels that are said once.
#[derive(Default)]
pub(super) struct Screen {
    pub(super) out: String,
    label: &'static str,
}

impl Screen {
    /// What follows stands beside this label.
    pub(super) fn label(&mut self, label: &'static str) {
        self.label = label;
    }

    /// One line; whatever a server put in it is made printable here.
    pub(super) fn line(&mut self, text: &str) {
        // Writing to a String does not fail.
        let line = format!("{:LABEL$}{}", self.label, printable(text));
        let _ = writeln!(self.out, "{}", line.trim_end());
        self.label = "";
    }

    pub(super) fn row(&mut self, label: &'static str, text: &str) {
        self.label(label);
        self.line(text);
    }
}

/// A sentence on lines that a screen has room for.
pub(super) fn folded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < FOLDED => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The first of a text's characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A number of octets for people: `10.2 MB`.
pub(super) fn size(octets: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(unit, _)| octets >= *unit) {
        Some((unit, name)) => {
            let tenths = octets / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{octets} octets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_cut_and_not_rounded_up() {
        for (octets, words) in [
            (0, "0 octets"),
            (999, "999 octets"),
            (1_000, "1.0 kB"),
            (10_240_000, "10.2 MB"),
            (999_999, "999.9 kB"),
            (u64::MAX, "18446744073.7 GB"),
        ] {
            assert_eq!(size(octets), words);
        }
    }
}
