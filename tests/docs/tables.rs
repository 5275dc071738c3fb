//! The flags that the pages name exist, and docs/migrating.md says of those of other programs what the program
//! itself answers.

use crate::blocks::page;
use std::collections::BTreeSet;

/// A row: the program, what it calls it, and what we do.
struct Row {
    program: String,
    theirs: String,
    ours: String,
}

fn rows() -> Vec<Row> {
    let (mut program, mut rows) = (String::new(), Vec::new());
    for line in page("docs/migrating.md").lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut program);
        }
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        if let [theirs, ours] = cells[..]
            && line.starts_with("| `")
        {
            rows.push(Row { program: program.clone(), theirs: theirs.into(), ours: ours.into() });
        }
    }
    rows
}

/// The long flags in a text.
fn flags(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|next: char| !next.is_ascii_alphanumeric() && next != '-');
    words.filter(|word| word.starts_with("--") && !word.ends_with('-'))
}

/// The long flags of all subcommands.
fn known() -> BTreeSet<String> {
    let mut ehlo = ehlo::inside::cli::command();
    ehlo.build();
    ehlo.get_subcommands()
        .flat_map(|command| command.get_arguments().filter_map(|arg| Some(format!("--{}", arg.get_long()?))))
        .chain(["--help".to_owned(), "--version".to_owned()])
        .collect()
}

/// Those of a text that no subcommand has.
fn unknown(text: &str) -> Vec<&str> {
    let known = known();
    flags(text).filter(|flag| !known.contains(*flag)).collect()
}

#[test]
fn every_flag_that_is_named_as_ours_exists() {
    let ours: String = rows().iter().map(|row| format!("{} ", row.ours)).collect();
    assert!(flags(&ours).count() > 100, "the tables were not found");
    assert_eq!(unknown(&ours), [""; 0]);
}

#[test]
fn every_flag_in_the_text_of_a_page_exists() {
    for name in ["README.md", "docs/recipes.md", "docs/exit-status.md", "docs/json.md"] {
        let text: String = page(name).split("```").step_by(2).collect();
        assert!(flags(&text).count() > 3, "{name}");
        assert_eq!(unknown(&text), [""; 0], "{name}");
    }
}

#[test]
fn what_the_program_answers_to_a_flag_of_another_is_what_the_page_says() {
    let habits = page("src/cli/habits.tsv");
    let rows = rows();
    let (mut compared, mut faults) = (0, Vec::new());
    for habit in habits.lines().filter(|line| !line.starts_with('#')) {
        let [theirs, program, ours] = habit.split('\t').collect::<Vec<_>>()[..] else { continue };
        let names_it = |row: &&Row| {
            row.program.split(' ').any(|name| program.split(", ").any(|one| one == name))
                && row.theirs.split('`').any(|word| word == theirs)
        };
        for row in rows.iter().filter(names_it) {
            compared += 1;
            // A flag that several programs have is answered for each of them.
            let mut flags =
                ours.split([' ', ',', '(', ')', '\'']).filter(|word| word.starts_with('-')).peekable();
            if flags.peek().is_some() && !flags.any(|flag| row.ours.contains(&format!("`{flag}"))) {
                faults.push(format!("{program}'s {theirs} is {ours:?}, and the page says {:?}", row.ours));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared > 60, "{compared} were compared");
}
