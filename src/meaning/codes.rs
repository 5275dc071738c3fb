//! What a reply code means after a command (RFC 5321, sections 4.2 and 4.3.2; RFC 4954, section 6):
//! tables/codes.tsv, and what is said of a code that is not in it, or is no answer to that command.

use super::after::After;
use super::again::Again;
use super::table::{Codes, Meaning, Table};
use std::borrow::Cow;

const CODES: Codes = Table::new(include_str!("tables/codes.tsv"));

/// Codes that may mean many things: nearly every enhanced code says more than they do.
const WIDE: [u16; 6] = [421, 450, 451, 550, 552, 554];

/// All that are registered, in order.
#[cfg(any(test, feature = "console"))]
pub(super) fn all() -> impl Iterator<Item = u16> {
    // Each has one row for where nobody knows the command.
    let general = CODES.rows().filter(|[_, commands, ..]| After::is_among(None, commands));
    general.filter_map(|[code, ..]| code.parse().ok())
}

/// Whether there is such a code.
pub(super) fn is_registered(code: u16) -> bool {
    CODES.rows_of(&code.to_string()).next().is_some()
}

/// What a reply code means after a command.
pub(super) struct OfCode {
    pub(super) meaning: Meaning,
    pub(super) is_registered: bool,
    /// Whether it says more than that something was refused.
    pub(super) is_exact: bool,
}

impl OfCode {
    /// The meaning of a code that came after this.
    pub(super) fn find(code: u16, after: Option<After>) -> OfCode {
        if let Some(meaning) = CODES.meaning(&code.to_string(), after) {
            return OfCode { meaning, is_registered: true, is_exact: !WIDE.contains(&code) };
        }
        let (class, is_registered) = (first_digit(code), is_registered(code));
        let meaning = match (after, class) {
            (Some(after), 2 | 3) if is_registered => out_of_step(after),
            (Some(after), _) if is_registered => no_more_than(class, after),
            (Some(after), _) => of_digit(class, Some(after)).unwrap_or_else(|| out_of_step(after)),
            (None, _) => of_class(class),
        };
        OfCode { meaning, is_registered, is_exact: false }
    }
}

/// A code's class, its first digit.
pub(super) fn first_digit(code: u16) -> u8 {
    u8::try_from(code / 100).unwrap_or(5)
}

/// What a first digit says by itself (RFC 5321, section 4.2.1); there is a row for each, 0 to 5.
pub(super) fn of_class(class: u8) -> Meaning {
    of_digit(class, None).unwrap_or_default()
}

/// What a first digit says after a command, if it can be an answer to that.
fn of_digit(class: u8, after: Option<After>) -> Option<Meaning> {
    CODES.meaning(&format!("{}xx", class.min(5)), after)
}

/// A reply that belongs to another command: the two sides are out of step.
fn out_of_step(after: After) -> Meaning {
    Meaning {
        name: "out of step",
        means: Cow::Borrowed("this reply does not belong to that command"),
        who: "a server, or a box in between, that is out of step with its client",
        advice: "see the transcript (-v) for what came before",
        // After the message nobody knows what became of it.
        again: if after == After::Message { Again::Twice } else { Again::AfterChange },
        says_again: false,
    }
}

/// A refusal with a known code that does not fit this command: only its first digit says something.
fn no_more_than(class: u8, after: After) -> Meaning {
    let does = if class == 4 { "defers" } else { "refuses" };
    let means = format!("the server {does} {}; the rest of the code means nothing here", after.what());
    Meaning { means: Cow::Owned(means), who: "any server", ..of_class(class) }
}
