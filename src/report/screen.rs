//! A screen: labels on the left, lines on the right, folded to the width of the terminal.

use crate::report::text::printable;
use crate::report::width;
use std::fmt::Write as _;

/// How it is to look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The columns that there are.
    pub width: usize,
    /// In colours.
    pub color: bool,
}

/// The width of the labels.
const LABEL: usize = 13;
/// No line has fewer columns, however narrow the screen is.
const NARROWEST: usize = 20;
/// With fewer than these beside what stands before it, a text stands below.
const ROOM: usize = 24;

/// The lines, under labels that are said once.
pub(in crate::report) struct Screen {
    pub(in crate::report) out: String,
    label: &'static str,
    width: usize,
}

impl Screen {
    /// An empty one, this wide.
    pub(in crate::report) fn new(width: usize) -> Screen {
        Screen { out: String::new(), label: "", width }
    }

    /// How many columns there are beside the labels.
    pub(in crate::report) fn room(&self) -> usize {
        self.width.saturating_sub(LABEL).max(NARROWEST)
    }

    /// What follows stands beside this label.
    pub(in crate::report) fn label(&mut self, label: &'static str) {
        self.label = label;
    }

    /// A text, on as many lines as it takes.
    pub(in crate::report) fn line(&mut self, text: &str) {
        self.beside("", 0, text);
    }

    /// A text that stands so many columns to the right.
    pub(in crate::report) fn indented(&mut self, columns: usize, text: &str) {
        self.beside("", columns, text);
    }

    /// A text beside a lead in a column of this width; below it where there is no room. Whatever a server put
    /// in them is made printable here.
    pub(in crate::report) fn beside(&mut self, lead: &str, columns: usize, text: &str) {
        let lead = printable(lead);
        let is_below = !lead.is_empty() && columns + ROOM > self.room();
        let columns = if is_below { 2 } else { columns };
        if is_below {
            fitted(lead.trim_end(), self.room()).iter().for_each(|line| self.write(line));
        }
        let mut before = width::padded(if is_below { "" } else { &lead }, columns);
        for line in fitted(&printable(text), self.room().saturating_sub(columns)) {
            self.write(&format!("{before}{line}"));
            before = " ".repeat(columns);
        }
    }

    pub(in crate::report) fn row(&mut self, label: &'static str, text: &str) {
        self.label(label);
        self.line(text);
    }

    fn write(&mut self, text: &str) {
        let line = format!("{:LABEL$}{text}", self.label);
        // Writing to a String does not fail.
        let _ = writeln!(self.out, "{}", line.trim_end());
        self.label = "";
    }
}

/// What stands for a blank at which a line must not end; printable texts have none.
const TIED: &str = "\u{1f}";

/// A text on lines of at most this many columns. A word that is wider is broken: a terminal would do it too.
/// The number of an RFC stays beside its name.
fn fitted(text: &str, columns: usize) -> Vec<String> {
    let lines = width::filled(&text.replace("RFC ", &format!("RFC{TIED}")), columns);
    lines.iter().map(|line| line.replace(TIED, " ")).collect()
}

/// A number of octets for people: `10.2 MB`.
pub(in crate::report) fn size(octets: u64) -> String {
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
    fn no_line_is_wider_than_the_screen() {
        let text = "これは長い名前 an-address-that-is-longer-than-the-room@mail.example.org and more";
        for columns in 33..100 {
            let mut screen = Screen::new(columns);
            screen.row("label", text);
            screen.beside("AUTH PLAIN", 12, text);
            screen.indented(2, text);
            for line in screen.out.lines() {
                assert!(width::of(line) <= columns, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn a_text_stands_under_its_column_or_below_its_lead() {
        let mut screen = Screen::new(51);
        screen.row("label", "one");
        screen.beside("STARTTLS", 10, "a text that takes more than one line");
        screen.beside("STARTTLS", 20, "a text that stands below");
        assert_eq!(
            screen.out,
            "label        one
             STARTTLS  a text that takes more than
                       one line
             STARTTLS
               a text that stands below
"
        );
    }

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
