//! Every row of every table is as the top of its file says. Whoever edits a table is told here which line and
//! which column is wrong, and why.

use super::super::after::After;
use super::super::again::Again;
use super::super::phrases;
use std::collections::HashSet;

/// A table, and what its columns hold.
struct Sheet {
    name: &'static str,
    text: &'static str,
    columns: &'static [(&'static str, Check)],
}

/// What is wrong with a cell.
type Check = fn(&str) -> Result<(), &'static str>;

/// A table by the name of its file.
macro_rules! sheet {
    ($name:literal: $($column:literal $check:expr),+) => {
        Sheet {
            name: $name,
            text: include_str!(concat!("../tables/", $name, ".tsv")),
            columns: &[$(($column, $check)),+],
        }
    };
}

const CODES: Sheet = sheet!("codes": "code" code, "after" commands, "again" again, "name" name, "means" text,
    "who" text, "advice" text);
const ENHANCED: Sheet = sheet!("enhanced": "code" status, "after" commands, "again" again, "name" name,
    "means" text, "who" text, "advice" text);
const ALERTS: Sheet = sheet!("alerts": "number" number, "again" again, "name" name, "means" text, "who" text,
    "advice" text);
const SASL: Sheet = sheet!("sasl": "kind" kind, "again" again, "name" name, "means" text, "who" text,
    "advice" text);
const HABITS: Sheet = sheet!("habits": "after" commands, "again" again_or_passing, "words" groups,
    "name" name, "who" text, "advice" text);
const TEXTS: Sheet = sheet!("texts": "after" commands, "again" again_or_passing, "words" groups,
    "name" name, "who" text, "advice" text);
const EXTENSIONS: Sheet =
    sheet!("extensions": "keyword" keyword, "purpose" text, "source" text, "flags" text);

fn hold(is_so: bool, else_told: &'static str) -> Result<(), &'static str> {
    if is_so { Ok(()) } else { Err(else_told) }
}

fn text(cell: &str) -> Result<(), &'static str> {
    hold(!cell.is_empty(), "is empty")?;
    hold(cell.len() <= 130, "is longer than 130 octets")?;
    hold(cell.trim() == cell && !cell.contains("  "), "has a blank at an end, or two in a row")?;
    hold(!cell.ends_with('.'), "ends in a full stop")?;
    hold(!cell.chars().any(ehlo_smtp::dialogue::is_unsafe), "has a character that is not printable")
}

fn name(cell: &str) -> Result<(), &'static str> {
    text(cell)?;
    hold(cell.len() <= 80, "is longer than 80 octets")
}

fn again(cell: &str) -> Result<(), &'static str> {
    // The others are what only this program can know.
    let known = Again::read(Again::without_mark(cell).0)
        .filter(|again| !matches!(again, Again::ThoseNamed | Again::Twice));
    hold(known.is_some(), "is none of: not needed, go on, later, no, after a change")
}

fn again_or_passing(cell: &str) -> Result<(), &'static str> {
    hold(
        ["later", "no", "after a change", "passing"].contains(&Again::without_mark(cell).0),
        "is none of: later, no, after a change, passing",
    )
}

fn kind(cell: &str) -> Result<(), &'static str> {
    hold(["mechanism", "error"].contains(&cell), "is neither mechanism nor error")
}

fn number(cell: &str) -> Result<(), &'static str> {
    hold(cell.parse().is_ok_and(|number: u8| number.to_string() == cell), "is no number from 0 to 255")
}

fn keyword(cell: &str) -> Result<(), &'static str> {
    text(cell)?;
    hold(cell == cell.to_uppercase() && !cell.contains(' '), "is not in capitals, or holds a blank")
}

/// `550`, `5xx`.
fn code(cell: &str) -> Result<(), &'static str> {
    let is_code = cell.len() == 3 && cell.parse().is_ok_and(|code: u16| (200..600).contains(&code));
    hold(is_code || matches!(cell, "0xx" | "1xx" | "2xx" | "3xx" | "4xx" | "5xx"), "is no reply code")
}

/// `5.1.1`, `x.1.1`, `x.1.x`, `x.x.x`.
fn status(cell: &str) -> Result<(), &'static str> {
    let is_number = |part: &str| part.parse().is_ok_and(|number: u16| number.to_string() == part);
    let is_status = match cell.split('.').collect::<Vec<_>>()[..] {
        ["x", "x", "x"] => true,
        ["x", subject, "x"] => is_number(subject),
        ["x" | "4" | "5", subject, detail] => is_number(subject) && is_number(detail),
        _ => false,
    };
    hold(is_status, "is no enhanced status code")
}

fn commands(cell: &str) -> Result<(), &'static str> {
    let is_known = |word: &str| all_commands().any(|after| After::is_among(after, word));
    hold(
        cell.split(' ').all(|word| is_known(word.trim_start_matches('-'))),
        "has a word that is no command",
    )?;
    hold(is_known(cell), "fits nothing")
}

/// `a|b & c|d`.
fn groups(cell: &str) -> Result<(), &'static str> {
    hold(cell == cell.to_lowercase(), "is not in small letters")?;
    let mut words = cell.split(" & ").flat_map(|group| group.split('|'));
    hold(
        words.all(|word| !word.is_empty() && word.trim() == word),
        "has an empty word, or one with a blank at an end",
    )
}

/// All that a reply can have come after, and that nobody knows it.
fn all_commands() -> impl Iterator<Item = Option<After>> {
    After::ALL.into_iter().map(Some).chain([None])
}

impl Sheet {
    /// The rows, and the numbers of their lines.
    fn rows(&self) -> impl Iterator<Item = (usize, Vec<&str>)> {
        let lines = (1..).zip(self.text.lines()).filter(|(_, line)| !line.starts_with('#'));
        lines.map(|(number, line)| (number, line.split('\t').collect()))
    }

    fn fault(&self, line: usize, what: &str) -> String {
        format!("src/meaning/tables/{}.tsv, line {line}: {what}", self.name)
    }

    /// What is wrong with single rows.
    fn faults(&self) -> Vec<String> {
        let columns: Vec<&str> = self.columns.iter().map(|(column, _)| *column).collect();
        let mut faults = Vec::new();
        if !self.text.contains(&format!("\n#\n# {}\n", columns.join("\t"))) {
            faults.push(self.fault(1, "no comment names the columns, with a TAB between them"));
        }
        if self.text.contains('\r') || !self.text.ends_with('\n') {
            faults.push(self.fault(1, "a line does not end in a line feed alone"));
        }
        for (line, cells) in self.rows() {
            if cells.len() != columns.len() {
                faults.push(
                    self.fault(line, &format!("{} columns in place of {}", cells.len(), columns.len())),
                );
                continue;
            }
            for (cell, (column, check)) in cells.iter().zip(self.columns) {
                if let Err(why) = check(cell) {
                    faults.push(self.fault(line, &format!("column {column}: '{cell}' {why}")));
                }
            }
            let again = columns.iter().position(|column| *column == "again").map(|at| cells[at]);
            let says_so = cells.last().is_some_and(|advice| advice.contains("try again"));
            if again.is_some_and(|again| Again::without_mark(again).1 != says_so) {
                let what = "column again: a * stands where the advice says 'try again', and nowhere else";
                faults.push(self.fault(line, what));
            }
        }
        faults
    }

    /// Rows of one code that fit the same command, and rows that are not in the order of their keys.
    fn faults_of_codes<Key: Ord>(&self, key: impl Fn(&str) -> Key) -> Vec<String> {
        let mut faults = Vec::new();
        let rows: Vec<_> = self.rows().collect();
        for (place, (line, row)) in rows.iter().enumerate() {
            let before = &rows[..place];
            if before.last().is_some_and(|(_, last)| key(last[0]) > key(row[0])) {
                faults.push(self.fault(*line, &format!("column code: {} is not in order", row[0])));
            }
            for (other, _) in before.iter().filter(|(_, one)| {
                one[0] == row[0]
                    && all_commands().any(|a| After::is_among(a, one[1]) && After::is_among(a, row[1]))
            }) {
                let what =
                    format!("column after: '{}' has something of line {other}, which comes first", row[1]);
                faults.push(self.fault(*line, &what));
            }
        }
        // What holds in general: the code alone, or that of all classes.
        let has_general =
            |code: &str| rows.iter().any(|(_, row)| row[0] == code && After::is_among(None, row[1]));
        for (line, row) in &rows {
            let general =
                row[0].split_once('.').map_or_else(|| row[0].to_owned(), |(_, rest)| format!("x.{rest}"));
            if !has_general(&general) {
                faults.push(self.fault(*line, &format!("column after: no row of {general} fits unknown")));
            }
        }
        faults
    }

    /// Rows whose keys are not in order, or are there twice.
    fn faults_of_order<Key: Ord>(&self, key: impl Fn(&[&str]) -> Key) -> Vec<String> {
        let rows: Vec<_> = self.rows().collect();
        let pairs = rows.windows(2).filter(|pair| key(&pair[0].1) >= key(&pair[1].1));
        pairs.map(|pair| self.fault(pair[1].0, "is not in order, or is there twice")).collect()
    }
}

/// Codes in order, those for a whole class at the end.
fn by_code(code: &str) -> (bool, String) {
    (code.ends_with('x'), code.to_owned())
}

/// Subject and detail, those that are not registered at the end; single classes before all.
fn by_status(status: &str) -> (bool, Vec<u16>, String) {
    let (class, rest) = status.split_once('.').unwrap();
    let parts = rest.split('.').map(|part| part.parse().unwrap_or(u16::MAX)).collect();
    (rest.ends_with('x'), parts, class.to_owned())
}

/// How many statuses the table of enhanced codes has that are registered.
pub(super) fn statuses() -> usize {
    ENHANCED.rows().filter(|(_, row)| row[0].starts_with('x') && !row[0].ends_with('x')).count()
}

#[test]
fn every_row_is_well_formed() {
    let mut faults: Vec<String> =
        [CODES, ENHANCED, ALERTS, SASL, HABITS, TEXTS, EXTENSIONS].iter().flat_map(Sheet::faults).collect();
    // The rest would stumble over them.
    if faults.is_empty() {
        faults.extend(CODES.faults_of_codes(by_code));
        faults.extend(ENHANCED.faults_of_codes(by_status));
        faults.extend(ALERTS.faults_of_order(|row| row[0].parse::<u8>().unwrap()));
        faults.extend(EXTENSIONS.faults_of_order(|row| row[0].to_owned()));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_first_digit_and_every_subject_has_a_row() {
    let firsts = |sheet: &Sheet| sheet.rows().map(|(_, row)| row[0].to_owned()).collect::<HashSet<_>>();
    let (codes, statuses) = (firsts(&CODES), firsts(&ENHANCED));
    assert!((0..6).all(|class| codes.contains(&format!("{class}xx"))));
    assert!((1..8).all(|subject| statuses.contains(&format!("x.{subject}.x"))) && statuses.contains("x.x.x"));
}

#[test]
fn terms_are_there_once_and_mechanisms_in_order() {
    let names: Vec<_> = SASL.rows().map(|(_, row)| row[2].to_lowercase()).collect();
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    let mechanisms = SASL.rows().filter(|(_, row)| row[0] == "mechanism").map(|(_, row)| row[2].to_owned());
    assert!(mechanisms.is_sorted());
    assert!(SASL.rows().is_sorted_by_key(|(_, row)| row[0] == "error"), "mechanisms first");
}

#[test]
fn no_words_are_hidden_by_a_row_before() {
    for phrase in phrases::all() {
        let text = phrase.groups().filter_map(|mut group| group.next()).collect::<Vec<_>>().join(" ");
        let found = phrases::find(&text, None).unwrap();
        assert_eq!(found.words, phrase.words, "{}: hidden by {}", phrase.name, found.name);
    }
}

/// Whoever makes a mistake is told where.
#[test]
fn a_fault_names_file_line_and_column() {
    let wrong = |text: &'static str| Sheet { text, ..CODES };
    let head = "# Codes.\n#\n# code\tafter\tagain\tname\tmeans\twho\tadvice\n";
    let row = "550\tunknown any\tno\tname\tmeans\twho\tadvice\n";
    let faults = |text: String| {
        let sheet = wrong(text.leak());
        let of_rows = sheet.faults();
        if of_rows.is_empty() { sheet.faults_of_codes(by_code) } else { of_rows }
    };
    let at = |what: &str| vec![format!("src/meaning/tables/codes.tsv, line {what}")];
    let text = |row: &str| faults(format!("{head}{row}"));
    assert_eq!(text(row), Vec::<String>::new());
    assert_eq!(faults(row.to_owned()), at("1: no comment names the columns, with a TAB between them"));
    assert_eq!(text(row.trim_end()), at("1: a line does not end in a line feed alone"));
    for (from, to, fault) in [
        ("\twho", "", "4: 6 columns in place of 7"),
        ("550", "650", "4: column code: '650' is no reply code"),
        ("any", "any RCTP", "4: column after: 'unknown any RCTP' has a word that is no command"),
        ("unknown any", "RCPT -RCPT", "4: column after: 'RCPT -RCPT' fits nothing"),
        (
            "no\t",
            "never\t",
            "4: column again: 'never' is none of: not needed, go on, later, no, after a change",
        ),
        ("means", "", "4: column means: '' is empty"),
        ("no\t", "no*\t", "4: column again: a * stands where the advice says 'try again', and nowhere else"),
        ("who", "who ", "4: column who: 'who ' has a blank at an end, or two in a row"),
        ("advice", "advice.", "4: column advice: 'advice.' ends in a full stop"),
        ("unknown any", "any", "4: column after: no row of 550 fits unknown"),
    ] {
        assert_eq!(text(&row.replacen(from, to, 1)), at(fault), "{to}");
    }
    let twice = text(&format!("{row}{}", row.replace("unknown any", "MAIL")));
    assert_eq!(twice, at("5: column after: 'MAIL' has something of line 4, which comes first"));
    let disordered = text(&format!("{row}{}", row.replace("550", "450")));
    assert_eq!(disordered, at("5: column code: 450 is not in order"));
}
