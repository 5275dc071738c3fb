//! Inquiries: VRFY and EXPN, each with the one argument that it takes (RFC 5321, sections 3.5, 4.1.1.6 and
//! 4.1.1.7).
//!
//! ```abnf
//! vrfy   = "VRFY" SP String CRLF
//! String = Atom / Quoted-string
//! ```
//! A mailbox is taken as well (section 3.5.1 has VRFY say more of it), which no `String` is by the grammar.

use super::expect::{Expect, Stage};
use super::extension::Extension;
use super::path::{Mailbox, PathError};
use super::verb::Verb;
use std::fmt;

/// The longest argument, in octets: with the longest verb and SMTPUTF8 a command line has 512 (section
/// 4.5.3.1.4).
const LONGEST: usize = 480;

/// The two verbs that ask about addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InquiryVerb {
    /// Asks whether this is a mailbox, and whose (section 4.1.1.6).
    Vrfy,
    /// Asks whether this is a list, and who is on it (section 4.1.1.7).
    Expn,
}

impl InquiryVerb {
    /// The stage of a session that it belongs to.
    #[must_use]
    pub fn stage(self) -> Stage {
        self.expect(0).stage()
    }

    /// The reply to the inquiry at this place.
    #[must_use]
    pub fn expect(self, place: usize) -> Expect {
        match self {
            InquiryVerb::Vrfy => Expect::Vrfy(place),
            InquiryVerb::Expn => Expect::Expn(place),
        }
    }

    /// The extension that says that it is answered.
    #[must_use]
    pub fn extension(self) -> Extension {
        match self {
            InquiryVerb::Vrfy => Extension::Vrfy,
            InquiryVerb::Expn => Extension::Expn,
        }
    }
}

impl From<InquiryVerb> for Verb {
    fn from(verb: InquiryVerb) -> Verb {
        match verb {
            InquiryVerb::Vrfy => Verb::Vrfy,
            InquiryVerb::Expn => Verb::Expn,
        }
    }
}

/// What is asked about: an address, a name, or words in quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    text: String,
    mailbox: Option<Mailbox>,
}

/// Why a text is no argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgumentError {
    /// It looks like an address and is none.
    Address(PathError),
    /// It is neither one word nor words in quotation marks.
    Form,
    /// It is longer than a command line has room for.
    TooLong,
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArgumentError::Address(error) => error.fmt(f),
            ArgumentError::Form => {
                f.write_str("needs an address, a name, or words in double quotation marks")
            }
            ArgumentError::TooLong => write!(f, "longer than {LONGEST} octets"),
        }
    }
}

impl std::error::Error for ArgumentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ArgumentError::Address(error) => Some(error),
            ArgumentError::Form | ArgumentError::TooLong => None,
        }
    }
}

impl Argument {
    /// Reads an argument as a person types it.
    ///
    /// # Errors
    /// [`ArgumentError`].
    pub fn parse(text: &str) -> Result<Argument, ArgumentError> {
        if text.len() > LONGEST {
            return Err(ArgumentError::TooLong);
        }
        if is_atom(text) || is_quoted(text) {
            return Ok(Argument { text: text.to_owned(), mailbox: None });
        }
        if !text.contains('@') {
            return Err(ArgumentError::Form);
        }
        Mailbox::parse(text).map(Argument::from).map_err(ArgumentError::Address)
    }

    /// The argument as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The mailbox, if it is one.
    #[must_use]
    pub fn mailbox(&self) -> Option<&Mailbox> {
        self.mailbox.as_ref()
    }

    /// Whether it can be said without SMTPUTF8 (RFC 6531, section 3.7.4.2).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.mailbox.as_ref().map_or(self.text.is_ascii(), Mailbox::is_ascii)
    }
}

impl fmt::Display for Argument {
    /// As the command has it, with SMTPUTF8 where that is needed (RFC 6531, section 3.7.4.2).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.mailbox {
            Some(mailbox) => write!(f, "{mailbox:#}")?,
            None => f.write_str(&self.text)?,
        }
        if self.is_ascii() { Ok(()) } else { write!(f, " {}", Extension::Smtputf8.parameter()) }
    }
}

impl From<Mailbox> for Argument {
    fn from(mailbox: Mailbox) -> Argument {
        Argument { text: mailbox.to_string(), mailbox: Some(mailbox) }
    }
}

/// RFC 5321's Atom, with what RFC 6531 (section 3.3) adds to it, and dots.
fn is_atom(text: &str) -> bool {
    let is_atext = |c: char| match c {
        c if c.is_ascii() => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c),
        c => !c.is_control() && !c.is_whitespace(),
    };
    !text.is_empty() && text.chars().all(is_atext)
}

/// RFC 5321's Quoted-string: printable, with a backslash before a quotation mark or another backslash.
fn is_quoted(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let is_fit = match c {
            '"' => false,
            '\\' => chars.next().is_some_and(|c| c == ' ' || c.is_ascii_graphic()),
            c => !c.is_control(),
        };
        if !is_fit {
            return false;
        }
    }
    text.len() > 1
}

/// One question to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// VRFY or EXPN.
    pub verb: InquiryVerb,
    /// What is asked about.
    pub argument: Argument,
}

impl fmt::Display for Inquiry {
    /// The command, without its line end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Verb::from(self.verb), self.argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vrfy(text: &str) -> Result<String, ArgumentError> {
        Argument::parse(text).map(|argument| Inquiry { verb: InquiryVerb::Vrfy, argument }.to_string())
    }

    #[test]
    fn an_argument_is_an_address_a_name_or_quoted_words() {
        for (text, command) in [
            ("Smith", "VRFY Smith"),
            ("j.smith", "VRFY j.smith"),
            ("Smith@Alpha.ARPA", "VRFY Smith@Alpha.ARPA"),
            ("\"John Smith\"", "VRFY \"John Smith\""),
            ("\"a\\\"b\"", "VRFY \"a\\\"b\""),
            ("\"J. Smith\"@Alpha.ARPA", "VRFY \"J. Smith\"@Alpha.ARPA"),
            ("müller", "VRFY müller SMTPUTF8"),
            ("jones@bücher.example", "VRFY jones@xn--bcher-kva.example"),
        ] {
            assert_eq!(vrfy(text).as_deref(), Ok(command), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_one() {
        for text in [
            "",
            "John Smith",
            "a\r\nRSET",
            "\"a",
            "\"",
            "\"a\"b\"",
            "\"a\\\"",
            "a@",
            "@b",
            "<a@b>",
            "a\0",
            "\"\r\n\"",
        ] {
            assert!(vrfy(text).is_err(), "{text:?}");
        }
        assert_eq!(vrfy(&"a".repeat(LONGEST + 1)), Err(ArgumentError::TooLong));
        assert_eq!(vrfy("a b"), Err(ArgumentError::Form));
    }
}
