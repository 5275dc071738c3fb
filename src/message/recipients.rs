//! A file of recipients, as `--recipients-from` reads it: one address a line, with NOTIFY or ORCPT of its own
//! behind it (RFC 3461, section 4) if need be.
//!
//! ```text
//! # who
//! jones@beta.arpa NOTIFY=NEVER
//! Brown <brown@beta.arpa>
//! ```

use super::address::{self, AddressError};
use super::excerpt;
use ehlo_smtp::dialogue::escape;
use ehlo_smtp::envelope::Recipient;
use ehlo_smtp::parameter::{NOTIFY, NOTIFY_VALUES, ORCPT, Parameter, ParameterError};
use ehlo_smtp::path::Domain;
use std::fmt;

/// Why a text is no list of recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientsError {
    /// A line that is not UTF-8.
    NotUtf8 {
        /// Which line, from 1.
        line: usize,
        /// How it begins, printable.
        place: String,
    },
    /// A line that holds no address.
    Address {
        /// Which line, from 1.
        line: usize,
        /// What is there, printable.
        place: String,
        /// What is wrong with it.
        error: AddressError,
    },
    /// A line with a word that looks like a parameter, and is not one.
    Parameter {
        /// Which line, from 1.
        line: usize,
        /// The word.
        word: String,
        /// What is wrong with it.
        error: ParameterError,
    },
    /// A line with a parameter that the sender decides on, not whoever keeps the list.
    Foreign {
        /// Which line, from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// A line with a NOTIFY that is wrong (RFC 3461, section 4.1).
    Notify {
        /// Which line, from 1.
        line: usize,
        /// The value that is not known; `None` where NEVER goes with another.
        unknown: Option<String>,
    },
    /// A comment with a bare CR in it, which was probably meant to end the line.
    BareCr {
        /// Which line, from 1.
        line: usize,
        /// How it begins, printable.
        place: String,
    },
    /// A line that would fit but for a comment at its end.
    Comment {
        /// Which line, from 1.
        line: usize,
    },
}

impl fmt::Display for RecipientsError {
    /// What follows the name of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecipientsError::NotUtf8 { line, place } => {
                write!(f, ", line {line}, '{place}': it is not UTF-8")
            }
            RecipientsError::Address { line, place, error } => {
                write!(f, ", line {line}, '{place}': {}", error.fault)
            }
            RecipientsError::BareCr { line, place } => {
                write!(f, ", line {line}, '{place}': a CR without an LF")
            }
            RecipientsError::Parameter { line, word, error } => {
                write!(f, ", line {line}: '{}': {error}", escape(word.as_bytes()))
            }
            RecipientsError::Foreign { line, word } => {
                let word = escape(word.as_bytes());
                write!(f, ", line {line}: '{word}': only NOTIFY and ORCPT may follow an address")
            }
            RecipientsError::Notify { line, unknown: Some(value) } => {
                let value = escape(value.as_bytes());
                write!(
                    f,
                    ", line {line}: NOTIFY must be one of never, success, failure, delay, not \
                           '{value}'"
                )
            }
            RecipientsError::Notify { line, unknown: None } => {
                write!(f, ", line {line}: NOTIFY: 'never' cannot be combined with another value")
            }
            RecipientsError::Comment { line } => {
                write!(f, ", line {line}: a comment needs a line of its own")
            }
        }
    }
}

impl std::error::Error for RecipientsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RecipientsError::Address { error, .. } => Some(error),
            RecipientsError::Parameter { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Reads it. A line that begins with `#` is a comment; a name without a domain gets `default_domain`. A byte
/// order mark in front, as editors of other systems write it, is no part of the first address.
///
/// # Errors
/// [`RecipientsError`] names the first line that does not fit.
pub fn parse(octets: &[u8], default_domain: Option<&Domain>) -> Result<Vec<Recipient>, RecipientsError> {
    let text = std::str::from_utf8(octets).map_err(|error| not_utf8(octets, error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut recipients = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let (text, line) = (line.trim(), index + 1);
        if text.starts_with('#') && text.contains('\r') {
            // The recipients behind it would be lost silently.
            return Err(RecipientsError::BareCr { line, place: excerpt::beginning(text.as_bytes()) });
        }
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let is_empty_group =
            |list: address::List| list.has_group && list.addresses.is_empty() && list.nobody.is_none();
        let recipient = match parse_line(text, line, default_domain) {
            Err(_) if address::read_list(text, default_domain).is_ok_and(is_empty_group) => continue,
            recipient => recipient,
        };
        recipients.push(recipient.map_err(|error| {
            let fits = |text: &str| parse_line(text, line, default_domain).is_ok();
            if before_comment(text).is_some_and(fits) { RecipientsError::Comment { line } } else { error }
        })?);
    }
    Ok(recipients)
}

fn not_utf8(octets: &[u8], at: usize) -> RecipientsError {
    let before = octets.get(..at).unwrap_or_default();
    let mut lines = octets.split(|octet| *octet == b'\n');
    let number = before.iter().filter(|octet| **octet == b'\n').count();
    let place = excerpt::beginning(lines.nth(number).unwrap_or_default());
    RecipientsError::NotUtf8 { line: number + 1, place }
}

fn parse_line(
    text: &str,
    line: usize,
    default_domain: Option<&Domain>,
) -> Result<Recipient, RecipientsError> {
    let (address, parameters) = split_parameters(text, line)?;
    let address = address::parse_one(address, default_domain).map_err(|error| {
        let place = error.place(address);
        RecipientsError::Address { line, place, error }
    })?;
    Ok(Recipient { path: address.path, parameters })
}

/// What is in front of a comment, which begins after a blank as in a shell.
fn before_comment(text: &str) -> Option<&str> {
    text.split_once(" #").or_else(|| text.split_once("\t#")).map(|(before, _)| before.trim_end())
}

/// Checks NOTIFY: NEVER alone, or some of the others, in capitals or not (RFC 3461, section 4.1).
fn check_notify(parameter: &Parameter, line: usize) -> Result<(), RecipientsError> {
    let Some(value) = parameter.value().filter(|_| parameter.is(NOTIFY)) else { return Ok(()) };
    let is_known = |value: &str| NOTIFY_VALUES.iter().any(|name| value.eq_ignore_ascii_case(name));
    if let Some(unknown) = value.split(',').find(|value| !is_known(value)) {
        return Err(RecipientsError::Notify { line, unknown: Some(unknown.to_owned()) });
    }
    let mut values = value.split(',');
    if values.clone().count() > 1 && values.any(|value| value.eq_ignore_ascii_case("NEVER")) {
        return Err(RecipientsError::Notify { line, unknown: None });
    }
    Ok(())
}

/// Words at the end of a line that are `KEYWORD=value` belong to RCPT.
fn split_parameters(text: &str, line: usize) -> Result<(&str, Vec<Parameter>), RecipientsError> {
    let mut address = text;
    let mut parameters = Vec::new();
    while let Some((rest, word)) = address.rsplit_once([' ', '\t']) {
        // Of the two, only ORCPT has an address as its value (RFC 3461, section 4.2).
        let is_orcpt = word.split_once('=').is_some_and(|(keyword, _)| keyword.eq_ignore_ascii_case(ORCPT));
        let is_parameter =
            word.contains('=') && !word.contains(['>', '"']) && (is_orcpt || !word.contains('@'));
        if !is_parameter {
            break;
        }
        let parameter = Parameter::parse(word).map_err(|error| RecipientsError::Parameter {
            line,
            word: word.to_owned(),
            error,
        })?;
        if !(parameter.is(NOTIFY) || parameter.is(ORCPT)) {
            return Err(RecipientsError::Foreign { line, word: word.to_owned() });
        }
        check_notify(&parameter, line)?;
        parameters.insert(0, parameter);
        address = rest.trim_end();
    }
    Ok((address, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_line_with_parameters() {
        let text = "# who\n\n jones@beta.arpa NOTIFY=NEVER orcpt=rfc822;j@k.l\r\n\"a b\"@c.d\n\
                    Brown <brown@beta.arpa>\n";
        let recipients = parse(text.as_bytes(), None).unwrap();
        let shown: Vec<String> =
            recipients.iter().map(|r| format!("{} {}", r.path, r.parameters.len())).collect();
        assert_eq!(shown, ["jones@beta.arpa 2", "\"a b\"@c.d 0", "brown@beta.arpa 0"]);
    }

    #[test]
    fn an_empty_group_is_nobody() {
        let text = "undisclosed-recipients:;\nundisclosed-recipients:\na@x.y\n";
        let recipients = parse(text.as_bytes(), None).unwrap();
        assert_eq!(recipients.iter().map(|r| r.path.to_string()).collect::<Vec<_>>(), ["a@x.y"]);
        assert!(parse(b"<>\n", None).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_an_address() {
        for text in ["\u{feff}a@x.y\n", "\u{feff}# who\na@x.y\n"] {
            let recipients = parse(text.as_bytes(), None).unwrap();
            assert_eq!(recipients.iter().map(|r| r.path.to_string()).collect::<Vec<_>>(), ["a@x.y"]);
        }
        assert!(parse("\u{feff}".as_bytes(), None).unwrap().is_empty());
    }

    #[test]
    fn a_number_sign_may_stand_in_an_address() {
        let recipients = parse(b"a#b@x.y\n\"a #b\"@x.y\n#c@x.y\n", None).unwrap();
        assert_eq!(
            recipients.iter().map(|r| r.path.to_string()).collect::<Vec<_>>(),
            ["a#b@x.y", "\"a #b\"@x.y"]
        );
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_line() {
        for (text, shown) in [
            (&b"ok@x.y\nbroken@\n"[..], ", line 2, 'broken@': the address is incomplete"),
            (b"ok@x.y A==\n", ", line 1: 'A==': not of the form"),
            (b"ok@x.y NOTIFY=NEVER SIZE=1\n", ", line 1: 'SIZE=1': only NOTIFY and ORCPT may"),
            (
                b"ok@x.y NOTIFY=BOGUS\n",
                ", line 1: NOTIFY must be one of never, success, failure, delay, not 'BOGUS'",
            ),
            (
                b"ok@x.y notify=success,,delay\n",
                ", line 1: NOTIFY must be one of never, success, failure, delay, not ''",
            ),
            (
                b"ok@x.y NOTIFY=success,never\n",
                ", line 1: NOTIFY: 'never' cannot be combined with another value",
            ),
            (b"a@x.y NOTIFY=success,Delay\nb@x.y # who=1\n", ", line 2: a comment needs a line of its own"),
            (b"ok@x.y NOTIFY=never\t#who\n", ", line 1: a comment needs a line of its own"),
            (b"broken@ # who\n", ", line 1, 'broken@ # who': unexpected '#'"),
            (b"# who\ra@x.y\rb@x.y\r", ", line 1, '# who\\x0da@x.y\\x0db@x.y': a CR without an LF"),
            (b"\xe9@x.y", ", line 1, '\\xe9@x.y': it is not UTF-8"),
            (b"a@x.y\r\nb@\xe9x.y\r\nc@x.y", ", line 2, 'b@\\xe9x.y': it is not UTF-8"),
            (b"\xff\xfea\0", ", line 1, '\\xff\\xfea\\x00': it is not UTF-8"),
        ] {
            let error = parse(text, None).unwrap_err().to_string();
            assert!(error.starts_with(shown), "{error}");
        }
    }
}
