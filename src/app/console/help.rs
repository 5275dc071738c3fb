//! What `help` prints.

use crate::report::width;

/// Our words, and what they do.
const OURS: [(&str, &str); 7] = [
    ("auth [MECHANISM]", "log in; the password is not shown"),
    ("tls", "STARTTLS, the handshake, and EHLO again"),
    ("data [FILE]", "send a message: the file, or what you type, up to a line with only a dot"),
    ("raw LINE", "send a line even if it is out of place; 'raw HELP' asks the server for help"),
    ("explain CODE", "what a reply code means"),
    ("save FILE", "write the dialogue so far to a new file"),
    ("quit", "leave (Ctrl-D does the same)"),
];

const BEFORE: &str = "these commands do more than send a line; capitals do not matter:";

const AFTER: [&str; 2] = [
    "any other line goes to the server as you type it: EHLO, MAIL, RCPT, RSET, NOOP, VRFY, EXPN",
    "TAB completes commands, codes, and parameters that the server offers; the arrow keys bring back earlier lines",
];

/// Where the second column begins.
const AT: usize = 20;

/// All of it, on a terminal that is so wide.
pub fn text(columns: usize) -> String {
    let columns = columns.min(width::USUAL);
    let mut out = lines(&width::folded(BEFORE, columns));
    for (word, text) in OURS {
        let text = width::under(&width::folded(text, columns.saturating_sub(AT)), AT);
        out += &format!("  {}{text}\n", width::padded(word, AT - 2));
    }
    AFTER.iter().for_each(|text| out += &lines(&width::folded(text, columns)));
    out
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::line;
    use super::*;

    #[test]
    fn all_that_is_ours_is_named_and_no_line_is_too_wide() {
        for columns in [40, 80, 200] {
            let text = text(columns);
            for word in line::OURS.iter().filter(|word| **word != "help") {
                assert!(text.contains(&format!("\n  {word} ")), "{word}");
            }
            assert!(text.lines().all(|line| width::of(line) <= columns.min(80)), "{text}");
        }
    }
}
