//! Tables of texts without pointers.
//!
//! A `&str` in a table is a pointer, and the dynamic linker writes each of them anew at every start of the program,
//! whether the table is looked at or not. So the compiler packs these: one text, and where each of its pieces ends.

/// Rows of a key and some texts: `COLUMNS` texts in each of `ROWS` rows, of `OCTETS` octets together.
pub(super) struct Table<Key: 'static, const COLUMNS: usize, const ROWS: usize, const OCTETS: usize> {
    keys: [Key; ROWS],
    texts: [u8; OCTETS],
    ends: [[u16; COLUMNS]; ROWS],
}

/// A row as it is written down, and as it is read again.
pub(super) type Row<Key, const COLUMNS: usize> = (Key, [&'static str; COLUMNS]);

/// The octets of all texts of some rows.
pub(super) const fn octets<Key, const COLUMNS: usize>(rows: &[Row<Key, COLUMNS>]) -> usize {
    let (mut octets, mut row) = (0, 0);
    while row < rows.len() {
        let mut column = 0;
        while column < COLUMNS {
            octets += rows[row].1[column].len();
            column += 1;
        }
        row += 1;
    }
    octets
}

impl<Key: Copy, const COLUMNS: usize, const ROWS: usize, const OCTETS: usize>
    Table<Key, COLUMNS, ROWS, OCTETS>
{
    /// Packs rows. It is for the compiler: what does not fit ends the build.
    #[allow(clippy::cast_possible_truncation)] // The assertion sees to it.
    pub(super) const fn new(rows: &[Row<Key, COLUMNS>]) -> Self {
        assert!(rows.len() == ROWS && octets(rows) == OCTETS && OCTETS <= u16::MAX as usize);
        let mut table = Table { keys: [rows[0].0; ROWS], texts: [0; OCTETS], ends: [[0; COLUMNS]; ROWS] };
        let (mut end, mut row) = (0, 0);
        while row < ROWS {
            table.keys[row] = rows[row].0;
            let mut column = 0;
            while column < COLUMNS {
                let (text, mut at) = (rows[row].1[column].as_bytes(), 0);
                while at < text.len() {
                    table.texts[end] = text[at];
                    (end, at) = (end + 1, at + 1);
                }
                table.ends[row][column] = end as u16;
                column += 1;
            }
            row += 1;
        }
        table
    }

    /// All rows, in their order.
    pub(super) fn rows(&'static self) -> impl Iterator<Item = Row<Key, COLUMNS>> {
        (0..ROWS).map(|at| self.row(at))
    }

    /// The first row with such a key; no other is unpacked.
    pub(super) fn find(&'static self, is_it: impl Fn(Key) -> bool) -> Option<Row<Key, COLUMNS>> {
        self.keys.iter().position(|key| is_it(*key)).map(|at| self.row(at))
    }

    /// One of the `ROWS` rows.
    fn row(&'static self, at: usize) -> Row<Key, COLUMNS> {
        let before = at.checked_sub(1).and_then(|before| self.ends[before].last());
        let mut start = before.map_or(0, |end| usize::from(*end));
        let texts = self.ends[at].map(|end| {
            let text = &self.texts[start..usize::from(end)];
            start = usize::from(end);
            // It was a `str` when it was packed.
            std::str::from_utf8(text).unwrap_or_default()
        });
        (self.keys[at], texts)
    }
}

/// A static table of a constant slice of rows: `table!(NAME: Key, columns = ROWS);`
macro_rules! table {
    ($name:ident: $key:ty, $columns:literal = $rows:ident) => {
        pub(super) static $name: $crate::meaning::table::Table<
            $key,
            $columns,
            { $rows.len() },
            { $crate::meaning::table::octets($rows) },
        > = $crate::meaning::table::Table::new($rows);
    };
}
pub(super) use table;

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[Row<u8, 2>] = &[(7, ["", "ä"]), (8, ["one", ""]), (9, ["two", "three"])];
    table!(TABLE: u8, 2 = WORDS);

    #[test]
    fn what_was_packed_is_read_again() {
        assert_eq!(octets(WORDS), 2 + 3 + 8);
        assert!(TABLE.rows().eq(WORDS.iter().copied()));
        assert_eq!(TABLE.find(|key| key > 7), Some(WORDS[1]));
        assert_eq!(TABLE.find(|key| key > 9), None);
    }
}
