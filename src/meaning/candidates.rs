//! Who may be meant: the mailboxes that a 553 to VRFY or EXPN names (RFC 5321, section 3.5.1).
//!
//! ```text
//! 553-Ambiguous; Possibilities are
//! 553-Joe Smith <jsmith@foo.com>
//! 553 Melvin Smith <dweep@foo.com>
//! ```

use ehlo_smtp::dialogue::is_unsafe;
use ehlo_smtp::path::Mailbox;

/// How many are named at most.
const MOST: usize = 10;

/// The mailboxes in a text, each once, in their order: what stands between `<` and `>`, or a word with an
/// `@`.
pub(super) fn find(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let bracketed = line.split('<').skip(1).filter_map(|rest| rest.split('>').next());
        let words = line.split([' ', '\t', ',', ';', '(', ')', '<', '>']);
        for candidate in bracketed.chain(words) {
            let candidate = candidate.trim_end_matches('.');
            let is_fit = Mailbox::parse(candidate).is_ok() && !candidate.chars().any(is_unsafe);
            if is_fit && !found.iter().any(|one| one == candidate) {
                found.push(candidate.to_owned());
            }
        }
    }
    let left = found.len().saturating_sub(MOST);
    if left > 0 {
        found.truncate(MOST);
        found.push(format!("and {left} more"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mailboxes_are_found_once_each_and_in_order() {
        let text = "Ambiguous; Possibilities are\nJoe Smith <jsmith@foo.com>\nHarry Smith <hsmith@foo.com>\n\
                    Melvin Smith <dweep@foo.com>, jsmith@foo.com.";
        assert_eq!(find(text), ["jsmith@foo.com", "hsmith@foo.com", "dweep@foo.com"]);
        assert_eq!(find("a@b.example or c@d.example (\"e f\"@g.example)"), ["a@b.example", "c@d.example"]);
        assert_eq!(find("<\"e f\"@g.example>"), ["\"e f\"@g.example"]);
        for text in ["", "User ambiguous", "<>", "@", "a@", "<a@b\u{202e}.example>", "553 5.1.4 which one?"] {
            assert!(find(text).is_empty(), "{text}");
        }
        let many: Vec<String> = (0..13).map(|number| format!("u{number}@x.example")).collect();
        let found = find(&many.join("\n"));
        assert_eq!((found.len(), found.last().map(String::as_str)), (11, Some("and 3 more")));
    }
}
