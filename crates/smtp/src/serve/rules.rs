//! Which recipients are refused or put off, and in which words.
//!
//! Addresses are compared without regard to case, in the local part too: whoever types one means that
//! mailbox.

use super::request::forward_path;
use crate::path::{ForwardPath, PathError};
use crate::reply::Reply;
use std::collections::HashMap;
use std::fmt;

/// The answers to RCPT for those who are not simply accepted.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    replies: HashMap<String, Reply>,
}

/// Why a rule cannot be added.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleError {
    /// It is for no address.
    Address(PathError),
    /// The code is not 4yz or 5yz.
    Code(u16),
    /// The text holds a control character.
    Text,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleError::Address(error) => write!(f, "not an address: {error}"),
            RuleError::Code(code) => write!(f, "{code} is not a refusal: use a code from 400 to 599"),
            RuleError::Text => f.write_str("the text of a reply cannot contain a control character"),
        }
    }
}

impl std::error::Error for RuleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RuleError::Address(error) => Some(error),
            RuleError::Code(_) | RuleError::Text => None,
        }
    }
}

impl Rules {
    /// Answers RCPT for this address with a 5yz, which refuses it for good, or a 4yz, which puts it off; a
    /// 421 ends the session there. A later rule for the same address takes the place of an earlier one.
    ///
    /// # Errors
    /// [`RuleError`]: the address, the code or the text does not fit.
    pub fn add(&mut self, address: &str, code: u16, text: Option<&str>) -> Result<(), RuleError> {
        let path = forward_path(address).map_err(RuleError::Address)?;
        let usual = match code {
            400..=499 => "Mailbox unavailable, try again later",
            500..=599 => "No such user here",
            _ => return Err(RuleError::Code(code)),
        };
        let text = text.unwrap_or(usual);
        if text.chars().any(char::is_control) {
            return Err(RuleError::Text);
        }
        self.replies.insert(key(&path), Reply::new(code, text));
        Ok(())
    }

    /// The answer to RCPT, if the recipient is not to be accepted.
    #[must_use]
    pub fn reply_to(&self, path: &ForwardPath) -> Option<&Reply> {
        if self.replies.is_empty() { None } else { self.replies.get(&key(path)) }
    }
}

fn key(path: &ForwardPath) -> String {
    path.to_string().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(rules: &Rules, address: &str) -> Option<(u16, String)> {
        let reply = rules.reply_to(&forward_path(address).unwrap())?;
        Some((reply.code(), reply.text().collect()))
    }

    #[test]
    fn a_rule_answers_its_address_in_any_case_and_nobody_else() {
        let mut rules = Rules::default();
        rules.add("Green@Beta.ARPA", 550, None).unwrap();
        rules.add("Postmaster", 554, Some("")).unwrap();
        rules.add("Brown@Beta.ARPA", 450, None).unwrap();
        rules.add("slow@beta.arpa", 452, Some("Too many")).unwrap();
        for (address, wanted) in [
            ("green@BETA.arpa", Some((550, "No such user here"))),
            ("postmaster", Some((554, ""))),
            ("Brown@Beta.ARPA", Some((450, "Mailbox unavailable, try again later"))),
            ("slow@beta.arpa", Some((452, "Too many"))),
            ("Jones@Beta.ARPA", None),
        ] {
            assert_eq!(
                answer(&rules, address),
                wanted.map(|(code, text)| (code, text.to_owned())),
                "{address}"
            );
        }
        rules.add("Green@Beta.ARPA", 553, Some("Not that name")).unwrap();
        assert_eq!(answer(&rules, "Green@Beta.ARPA"), Some((553, "Not that name".to_owned())));
    }

    #[test]
    fn what_is_no_rule_is_told_why() {
        let mut rules = Rules::default();
        assert!(matches!(rules.add("Green", 550, None), Err(RuleError::Address(_))));
        for code in [0, 250, 354, 600] {
            assert_eq!(rules.add("g@b.example", code, None), Err(RuleError::Code(code)));
        }
        assert_eq!(rules.add("g@b.example", 550, Some("a\r\n250 b")), Err(RuleError::Text));
        assert!(rules.reply_to(&forward_path("g@b.example").unwrap()).is_none());
    }
}
