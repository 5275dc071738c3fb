//! Findings on a screen: how many there are of each weight, and then each with what to do about it.

use super::screen::Screen;
use crate::probe::Weight;
use crate::words::finding::Told;

/// Prints them, the weightiest first as they are given; `none` is said where there are none.
pub(super) fn print(findings: &[(Weight, Told)], none: &str, color: bool, screen: &mut Screen) {
    if findings.is_empty() {
        screen.row("findings", none);
        return;
    }
    let count = |weight| findings.iter().filter(|(own, _)| *own == weight).count();
    let counted: Vec<String> = [Weight::Serious, Weight::Warning, Weight::Note]
        .into_iter()
        .map(|weight| (weight, count(weight)))
        .filter(|(_, count)| *count > 0)
        .map(|counted| match counted {
            (Weight::Serious, count) => format!("{count} serious"),
            (weight, 1) => format!("1 {}", weight.name()),
            (weight, count) => format!("{count} {}s", weight.name()),
        })
        .collect();
    screen.row("findings", &counted.join(", "));
    for (weight, told) in findings {
        let name = weight.name();
        screen.label(name);
        let from = screen.out.len();
        screen.line(&told.title);
        if color {
            let code = match weight {
                Weight::Serious => "\x1b[31m",
                Weight::Warning => "\x1b[33m",
                Weight::Note => "\x1b[2m",
            };
            screen.out.insert_str(from + name.len(), "\x1b[0m");
            screen.out.insert_str(from, code);
        }
        // A title can take more than one line, too.
        screen.indented(2, told.advice);
    }
}
