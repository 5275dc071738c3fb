//! Which fields are signed (RFC 6376, sections 5.4 and 5.4.1; RFC 8058, section 4).
//!
//! Each is named once more than it is there. So nobody can add another one, which would be shown in place of
//! the signed one.

use super::Settings;
use crate::dkim::header::{Choice, Field};

/// What readers and programs act on. Sender is not among them: lists set it.
const ALWAYS: [&str; 14] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// What is changed, added or taken out on the way, or is a signature itself.
const NEVER: [&str; 5] = ["Return-Path", "Received", "Bcc", "Resent-Bcc", "DKIM-Signature"];

/// A signature with more names than this would be longer than verifiers read.
const MOST: usize = 1000;

/// Whether somebody can ask for the name.
pub(super) fn may_be_signed(name: &str) -> bool {
    let is_name = |octet: u8| matches!(octet, b'!'..=b'9' | b'<'..=b'~');
    !name.is_empty()
        && name.len() <= 76
        && name.bytes().all(is_name)
        && !NEVER.iter().any(|never| never.eq_ignore_ascii_case(name))
}

/// The names of `h=` for a header section, each as often as it goes there; `None` for too many.
pub(super) fn signed(fields: &[Field<'_>], choice: &Choice<'_>, settings: &Settings) -> Option<Vec<String>> {
    let of_lists = fields.iter().filter_map(|field| {
        let name = std::str::from_utf8(field.name).ok()?;
        let is_of_list = name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("list-"));
        Some(name).filter(|name| is_of_list && may_be_signed(name))
    });
    let extra = settings.extra.iter().map(String::as_str);
    let mut names: Vec<String> = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for name in ALWAYS.into_iter().chain(of_lists).chain(extra) {
        if known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            continue;
        }
        known.push(name);
        let count = match choice.count(name) {
            0 if settings.absent => 1,
            0 => continue,
            there => there + 1,
        };
        if names.len() + count > MOST {
            return None;
        }
        names.extend(std::iter::repeat_n(name.to_owned(), count));
    }
    Some(names)
}
