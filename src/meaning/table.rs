//! Tables in text files, tables/*.tsv: a row is a line of cells with a TAB between them; a line that begins
//! with `#` is a comment, and the first ones say what the columns are.
//!
//! A text holds no pointers, which each start of the program would pay for (docs/performance.md), and nothing
//! is read before it is asked for: a look-up searches the text for its rows, and takes those apart.
//! tests/tables.rs checks that every row is well formed; one that is not is passed over here.

use super::after::After;
use super::again::Again;
use memchr::memmem;
use std::borrow::Cow;

/// A table with this many columns.
#[derive(Clone, Copy)]
pub(super) struct Table<const COLUMNS: usize>(&'static str);

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// A table with a file's text.
    pub(super) const fn new(text: &'static str) -> Self {
        Table(text)
    }

    /// All rows, in their order.
    pub(super) fn rows(self) -> impl Iterator<Item = [&'static str; COLUMNS]> {
        lines(self.0).filter_map(cells)
    }

    /// The rows with this first cell, in their order. They stand one behind the other, and below the
    /// comments.
    pub(super) fn rows_of(self, key: &str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
        let begin = format!("{key}\t");
        let first = memmem::find(self.0.as_bytes(), format!("\n{begin}").as_bytes());
        let text = first.and_then(|at| self.0.get(at + 1..)).unwrap_or_default();
        lines(text).take_while(move |line| line.starts_with(&begin)).filter_map(cells)
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn cells<const COLUMNS: usize>(line: &str) -> Option<[&str; COLUMNS]> {
    let mut cells = line.split('\t');
    let mut row = [""; COLUMNS];
    for cell in &mut row {
        *cell = cells.next()?;
    }
    cells.next().is_none().then_some(row)
}

/// The columns `code` and `after`, and those of a [`Meaning`].
pub(super) type Codes = Table<7>;

impl Codes {
    /// The first row of a code that fits what the code came after.
    pub(super) fn meaning(self, code: &str, after: Option<After>) -> Option<Meaning> {
        let mut rows = self.rows_of(code).filter(|[_, commands, ..]| After::is_among(after, commands));
        rows.next().and_then(|[_, _, cells @ ..]| Meaning::read(cells))
    }
}

/// What there is to know about a code or a term.
#[derive(Debug, Clone, Default)]
pub(super) struct Meaning {
    /// In a few words.
    pub(super) name: &'static str,
    /// In a sentence.
    pub(super) means: Cow<'static, str>,
    /// Who usually says so, and why.
    pub(super) who: &'static str,
    /// What a sender can do.
    pub(super) advice: &'static str,
    /// Whether trying again helps.
    pub(super) again: Again,
    /// The advice says that itself.
    pub(super) says_again: bool,
}

impl Meaning {
    /// From the last five cells of a row.
    pub(super) fn read([again, name, means, who, advice]: [&'static str; 5]) -> Option<Meaning> {
        let (again, says_again) = Again::without_mark(again);
        let (again, means) = (Again::read(again)?, Cow::Borrowed(means));
        Some(Meaning { name, means, who, advice, again, says_again })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_rows_of_another_width_are_passed_over() {
        let table = Table::<2>::new("# one\ttwo\na\tb\n# more\na\tc\nd\ne\tf\tg\n\nh\ta\n");
        assert!(table.rows().eq([["a", "b"], ["a", "c"], ["h", "a"]]));
        assert!(table.rows_of("a").eq([["a", "b"], ["a", "c"]]));
        assert!(table.rows_of("h").eq([["h", "a"]]));
        assert!(["", "d", "e", "# one", "b", "x"].iter().all(|key| table.rows_of(key).next().is_none()));
    }

    #[test]
    fn the_first_row_counts_that_fits_the_command() {
        let table = Codes::new(
            "#\n550\tMAIL\tno\tone\tm\tw\ta\n550\tany\tlater\ttwo\tm\tw\ta\n\
             550\tunknown\tsoon\tthree\tm\tw\ta\n",
        );
        let name = |code: &str, after| table.meaning(code, after).map(|meaning| meaning.name);
        assert_eq!(name("550", Some(After::Mail)), Some("one"));
        assert_eq!(name("550", Some(After::Rcpt)), Some("two"));
        assert_eq!(name("550", None), None, "'soon' is no answer to the question");
        assert_eq!(name("551", Some(After::Mail)), None);
    }
}
