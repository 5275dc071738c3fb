//! Message identifiers (RFC 5322, section 3.6.4).
//!
//! They are kept without their angle brackets. A new one is random and at the sender's domain: it does not
//! tell the name of the host.

use std::borrow::Cow;
use std::fmt;

use super::comment;
use ehlo_smtp::path::{Mailbox, is_atext};

/// The longest identifier that is taken, in octets: it must fit a line of 998.
pub const LONGEST_ID: usize = 900;

/// The domain of an identifier when the sender has none that fits (RFC 2606, section 2).
const NOWHERE: &str = "ehlo.invalid";

/// Why a text is no message identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// There is nothing in it.
    Empty,
    /// Longer than [`LONGEST_ID`] octets.
    TooLong,
    /// A blank, a bracket, a control character or something outside ASCII.
    Unexpected(char),
    /// Not `left@right`.
    Form,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::Empty => f.write_str("it is empty"),
            IdError::TooLong => write!(f, "it is longer than {LONGEST_ID} octets"),
            IdError::Unexpected(c) if c.is_control() => {
                f.write_str("a control character is not allowed there")
            }
            IdError::Unexpected(c) => write!(f, "'{c}' is not allowed there"),
            IdError::Form => f.write_str("it is not of the form <left@right>"),
        }
    }
}

impl std::error::Error for IdError {}

/// Reads the identifier of a new message, with or without angle brackets: `left@right`, each without empty
/// parts. Comments beside it are passed over.
///
/// # Errors
/// [`IdError`].
pub fn parse(text: &str) -> Result<String, IdError> {
    let id = loose(&without_comments(text)?)?;
    let (left, right) = id.rsplit_once('@').ok_or(IdError::Form)?;
    let literal = right.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let right_is_good = match literal {
        Some(inner) => !inner.is_empty() && !inner.contains(['[', ']', '\\']),
        None => is_dot_atom(right),
    };
    if is_dot_atom(left) && right_is_good { Ok(id) } else { Err(IdError::Form) }
}

/// Reads identifiers of other people's messages, for In-Reply-To and References: one or more, each in angle
/// brackets or, if it is the only one, without. Comments between them are passed over. They need only be fit
/// for a header.
///
/// # Errors
/// [`IdError`].
pub fn parse_list(text: &str) -> Result<Vec<String>, IdError> {
    let text = without_comments(text)?;
    if !text.contains('<') {
        return Ok(vec![loose(&text)?]);
    }
    let mut ids = Vec::new();
    let mut rest: &str = &text;
    while let Some(start) = rest.find('<') {
        let (between, one) = rest.split_at(start);
        check_between(between, ids.is_empty(), false)?;
        let (one, behind) = one.split_at(one.find('>').ok_or(IdError::Form)? + 1);
        ids.push(loose(one)?);
        rest = behind;
    }
    check_between(rest, false, true)?;
    Ok(ids)
}

/// Checks what is between identifiers: commas, which some programs write, and phrases, which are obsolete
/// (section 4.5.4), are passed over.
fn check_between(text: &str, is_first: bool, is_last: bool) -> Result<(), IdError> {
    if text.chars().any(|c| (c.is_control() && c != '\t') || matches!(c, '@' | '>')) {
        return Err(IdError::Form);
    }
    let apart = [' ', '\t', ','];
    let is_apart = (is_first || text.starts_with(apart)) && (is_last || text.ends_with(apart));
    if text.is_empty() || is_apart { Ok(()) } else { Err(IdError::Form) }
}

/// Whether there are identifiers and blanks, and nothing else.
pub(super) fn has_nothing_between(text: &str) -> bool {
    let between = |piece: &str| piece.split('<').next().unwrap_or_default().trim().is_empty();
    !text.contains('<') || text.split('>').all(between)
}

/// The first piece that no list can hold, if there are several pieces.
pub(super) fn wrong_place(text: &str) -> Option<&str> {
    let text = text.trim();
    let wrong = text.split_inclusive('>').map(str::trim).find(|piece| parse_list(piece).is_err());
    wrong.filter(|place| *place != text)
}

/// The text with blanks, as many as octets, in place of its comments; one within an identifier is a part of
/// that.
///
/// # Errors
/// [`IdError::Unexpected`] for a control character in a comment, [`IdError::Form`] for one that does not end.
pub(super) fn without_comments(text: &str) -> Result<Cow<'_, str>, IdError> {
    if !text.contains('(') {
        return Ok(Cow::Borrowed(text));
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let mut in_id = false;
    while let Some(c) = rest.chars().next() {
        let is_apart = !in_id && (out.is_empty() || out.ends_with([' ', '\t', '>']));
        let length = match c {
            '(' if is_apart => comment::length(rest).ok_or(IdError::Form)?,
            _ => c.len_utf8(),
        };
        let (piece, behind) = rest.split_at(length);
        if c == '(' && is_apart {
            if let Some(control) = piece.chars().find(|c| c.is_control() && *c != '\t') {
                return Err(IdError::Unexpected(control));
            }
            out.extend(std::iter::repeat_n(' ', length));
        } else {
            out.push_str(piece);
            in_id = (in_id || c == '<') && c != '>';
        }
        rest = behind;
    }
    Ok(Cow::Owned(out))
}

/// An identifier without its brackets, if it is fit for a header.
fn loose(text: &str) -> Result<String, IdError> {
    let text = text.trim_matches([' ', '\t']);
    let id = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
    if id.is_empty() {
        return Err(IdError::Empty);
    }
    if id.len() > LONGEST_ID {
        return Err(IdError::TooLong);
    }
    match id.chars().find(|c| !c.is_ascii_graphic() || matches!(c, '<' | '>')) {
        Some(c) => Err(IdError::Unexpected(c)),
        None => Ok(id.to_owned()),
    }
}

fn is_dot_atom(text: &str) -> bool {
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// A new identifier, at the sender's domain; its length depends on the domain only.
///
/// # Errors
/// The system has no random numbers.
pub fn random(sender: Option<&Mailbox>) -> Result<String, getrandom::Error> {
    let (left, right) = (getrandom::u64()?, getrandom::u64()?);
    Ok(format!("{left:016x}.{right:016x}@{}", domain(sender)))
}

/// The same for a part, with a name in front that is one word or several with dots between, or empty.
///
/// # Errors
/// The system has no random numbers.
pub(super) fn random_with_name(name: &str, sender: Option<&Mailbox>) -> Result<String, getrandom::Error> {
    let dot = if name.is_empty() { "" } else { "." };
    Ok(format!("{name}{dot}{:016x}{:016x}@{}", getrandom::u64()?, getrandom::u64()?, domain(sender)))
}

/// The domain at which a sender's identifiers are made.
fn domain(sender: Option<&Mailbox>) -> &str {
    let domain = sender.map(|mailbox| mailbox.domain().ascii());
    // A domain that is too long does not fit into an identifier.
    let fits = |domain: &&str| domain.len() < LONGEST_ID / 2 && parse(&format!("a@{domain}")).is_ok();
    domain.filter(fits).unwrap_or(NOWHERE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_blanks_are_stripped() {
        for text in ["<a.b@c.d>", "a.b@c.d", " <a.b@c.d>\t"] {
            assert_eq!(parse(text).as_deref(), Ok("a.b@c.d"));
        }
        assert_eq!(parse("a@[192.0.2.1]").as_deref(), Ok("a@[192.0.2.1]"));
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        let long = "a".repeat(LONGEST_ID) + "@b";
        for (text, error) in [
            ("", IdError::Empty),
            ("<>", IdError::Empty),
            ("a", IdError::Form),
            ("@b", IdError::Form),
            ("a@", IdError::Form),
            ("a..b@c", IdError::Form),
            ("a@b@c", IdError::Form),
            ("a@[]", IdError::Form),
            ("<a@b", IdError::Unexpected('<')),
            ("<<a@b>>", IdError::Unexpected('<')),
            ("a b@c", IdError::Unexpected(' ')),
            ("a@b>\r\nBcc: x@y", IdError::Unexpected('>')),
            ("a@b\r\nBcc:x@y", IdError::Unexpected('\r')),
            ("a@b\n", IdError::Unexpected('\n')),
            ("ü@b", IdError::Unexpected('ü')),
            ("a\0@b", IdError::Unexpected('\0')),
            (&long, IdError::TooLong),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn lists_are_read() {
        assert_eq!(parse_list("<a@b> <c@d>\t<e>").unwrap(), ["a@b", "c@d", "e"]);
        assert_eq!(parse_list("a@b").unwrap(), ["a@b"]);
        assert_eq!(parse_list("<a@b>x<c@d>"), Err(IdError::Form));
        assert_eq!(parse_list("<a@b>,<c@d> ,\t<e>,").unwrap(), ["a@b", "c@d", "e"]);
        assert_eq!(parse_list("Your message of Fri <a@b> and <c@d> too").unwrap(), ["a@b", "c@d"]);
        assert_eq!(parse_list("a@b <c@d>"), Err(IdError::Form));
        assert_eq!(wrong_place("<a@b> <c <e@f>"), Some("<c <e@f>"));
        assert_eq!(wrong_place("<c"), None);
        assert_eq!(parse_list("<a@b> <c"), Err(IdError::Form));
        assert_eq!(parse_list("<a@b>\r\n <c@d>\r\nX: y"), Err(IdError::Form));
        assert_eq!(parse_list("<a\r\nX:y@b>"), Err(IdError::Unexpected('\r')));
        assert_eq!(parse_list(""), Err(IdError::Empty));
    }

    #[test]
    fn comments_are_passed_over() {
        assert_eq!(parse("<a@b> (Jörg's (own))").as_deref(), Ok("a@b"));
        assert_eq!(parse("(x) a@b").as_deref(), Ok("a@b"));
        assert_eq!(parse_list("(a) <b@c>(d \\) e)<f@g> (h)").unwrap(), ["b@c", "f@g"]);
        assert_eq!(parse_list("<a(b)@c>").unwrap(), ["a(b)@c"]);
        assert_eq!(parse_list("a(b)@c").unwrap(), ["a(b)@c"]);
        assert_eq!(parse_list("<a@b> (c"), Err(IdError::Form));
        assert_eq!(parse_list("<a@b> (c\r\nX: y)"), Err(IdError::Unexpected('\r')));
        assert_eq!(parse("<a@b> (c\u{7})"), Err(IdError::Unexpected('\u{7}')));
        assert_eq!(parse_list("(only)"), Err(IdError::Empty));
    }

    #[test]
    fn a_new_one_is_at_the_senders_domain_and_never_the_same() {
        let at = |sender: &str| random(Some(&Mailbox::parse(sender).unwrap())).unwrap();
        assert!(at("me@x.example").ends_with("@x.example"));
        assert!(at("me@[192.0.2.1]").ends_with("@[192.0.2.1]"));
        assert!(at("me@müller.example").ends_with("@xn--mller-kva.example"));
        assert!(random(None).unwrap().ends_with("@ehlo.invalid"));
        assert_eq!(at("me@x").len(), at("me@x").len());
        assert_ne!(at("me@x"), at("me@x"));
    }
}
