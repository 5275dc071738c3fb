//! Which messages are meant: by account, state, address and age.

use crate::cli::QueueArgs;
use crate::report::queue::Seen;
use crate::spool::standing::is_unknown;
use crate::spool::{Entry, Standing};
use std::time::Duration;

/// What is true of those that are meant. Without anything, all are.
#[derive(Debug)]
pub struct Filter {
    account: Option<String>,
    state: Option<Standing>,
    to: Option<String>,
    from: Option<String>,
    older: Option<Duration>,
}

impl Filter {
    /// As it was typed.
    pub fn of(args: &QueueArgs) -> Filter {
        Filter {
            account: args.account.clone(),
            state: args.state,
            to: args.to.clone(),
            from: args.from.clone(),
            older: args.older,
        }
    }

    /// Whether it leaves nobody out.
    pub fn is_empty(&self) -> bool {
        let Filter { account, state, to, from, older } = self;
        account.is_none() && state.is_none() && to.is_none() && from.is_none() && older.is_none()
    }

    /// Whether this message is meant.
    pub fn fits(&self, seen: &Seen<'_>) -> bool {
        let submission = &seen.listed.entry.submission;
        let in_state = |state: &Standing| match state {
            // It may be held besides.
            Standing::Unknown => is_unknown(seen.listed),
            state => seen.standing() == *state,
        };
        self.account.as_deref().is_none_or(|name| seen.account == Some(name))
            && self.state.as_ref().is_none_or(in_state)
            && self.from.as_deref().is_none_or(|glob| fits(glob, &submission.sender))
            && self.older.is_none_or(|age| seen.age() > age)
            && (self.to.is_none()
                || seen.listed.state.waiting().iter().any(|place| self.is_meant(&seen.listed.entry, *place)))
    }

    /// Whether this recipient of a message is meant: what is done by `--to` is done to nobody else.
    pub fn is_meant(&self, entry: &Entry, place: usize) -> bool {
        let recipient = entry.submission.recipients.get(place);
        let fits_to = |glob| recipient.is_some_and(|recipient| fits(glob, &recipient.address));
        self.to.as_deref().is_none_or(fits_to)
    }
}

/// Whether a text fits a pattern, in which `*` stands for any characters and `?` for one; letters fit in either
/// case.
fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut in_text) = (0, 0);
    // Behind the last star, and up to where it reaches.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(in_text) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, in_text));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                in_text += 1;
            }
            _ => {
                let Some((behind, reached)) = star else { return false };
                star = Some((behind, reached + 1));
                (at, in_text) = (behind, reached + 1);
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|letter| *letter == '*'))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_characters_and_a_question_mark_for_one() {
        for (pattern, text, wanted) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("*@example.org", "Jo@Example.ORG", true),
            ("*@example.org", "jo@example.org.evil.example", false),
            ("j?@*", "jo@x", true),
            ("j?@*", "j@x", false),
            ("*a*b*c", "xaybzbc", true),
            ("*a*b*c", "xaybzb", false),
            ("**", "x", true),
            ("jo@x", "jo@x", true),
            ("\u{e9}*", "\u{c9}tienne", true),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_long_time() {
        let (pattern, text) = ("*a".repeat(50) + "b", "a".repeat(5000));
        assert!(!fits(&pattern, &text));
    }
}
