//! What a code means, in words: reply codes (RFC 5321, section 4.2), enhanced status codes (RFC 3463 and its
//! registry), TLS alerts (RFC 8446, section 6), SASL mechanisms and their errors; and what extensions are
//! for.
//!
//! What is known stands in text files, tables/*.tsv, which can be edited without knowing Rust; `table`
//! reads them. `codes`, `enhanced`, `phrases`, `terms` and `extensions` look up one thing each, and
//! `combine` puts together what they say of a reply. [`find`] finds codes in logs and bounces, [`gather`]
//! keeps what was found. How it looks is [`crate::report`]'s.

pub mod after;
mod again;
mod candidates;
mod codes;
mod combine;
mod enhanced;
mod explanation;
mod extensions;
pub mod find;
pub mod gather;
mod phrases;
mod table;
mod terms;
#[cfg(test)]
mod tests;

use after::After;
use ehlo_smtp::status::EnhancedStatus;

pub use again::Again;
pub use explanation::{Explanation, Subject};
pub use extensions::{extension, flags};

/// The reply codes that are known, in order: for completion.
#[cfg(any(test, feature = "console"))]
pub fn codes() -> impl Iterator<Item = u16> {
    codes::all()
}

/// The three digits that a text begins with, and what follows; none if it is no reply code (100 to 599).
#[must_use]
pub fn leading_code(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(3)?;
    let is_code = digits.bytes().all(|b| b.is_ascii_digit()) && matches!(digits.as_bytes()[0], b'1'..=b'5');
    let ends = rest.is_empty() || rest.starts_with([' ', '-', '\t']);
    (is_code && ends).then(|| Some((digits.parse().ok()?, rest.get(1..).unwrap_or_default())))?
}

/// Explains a whole reply line, such as `550-5.1.1 User unknown`; `None` if it does not begin with a code. If
/// `after` is not known, the line may say it: `(in reply to RCPT TO command)`.
#[must_use]
pub fn of_line(line: &str, after: Option<After>) -> Option<Explanation> {
    let (code, text) = leading_code(line)?;
    let status = EnhancedStatus::leading(text.trim_start().as_bytes());
    let after = after.or_else(|| After::told("", &line.to_lowercase()));
    Some(Explanation::of_codes(Some(code), status, line, after))
}

/// Explains an enhanced code that is alone, or in front of a text.
#[must_use]
pub fn of_status(text: &str, after: Option<After>) -> Option<Explanation> {
    Some(Explanation::of_codes(None, Some(EnhancedStatus::leading(text.as_bytes())?), text, after))
}
