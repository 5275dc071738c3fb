//! Which recipients are refused or put off, and in which words: `--reject` and `--defer` of `ehlo sink`.
//!
//! Addresses are compared without case, the local part too: who types one means that mailbox.

use super::request::forward_path;
use crate::smtp::path::{ForwardPath, PathError};
use crate::smtp::reply::Reply;
use std::collections::HashMap;
use std::fmt;

/// What RCPT is answered for those who are not simply accepted.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    replies: HashMap<String, Reply>,
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleError {
    /// What it begins with is no address.
    Address(PathError),
    /// Behind the `=` stands no code of the right class.
    Code {
        /// The first digit that it must have.
        class: u16,
    },
    /// The text holds a control character.
    Text,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleError::Address(error) => write!(f, "not an address: {error}"),
            RuleError::Code { class } => {
                write!(f, "the address may be followed by '={class}yz', a code and a text")
            }
            RuleError::Text => f.write_str("the text of a reply cannot hold a control character"),
        }
    }
}

impl std::error::Error for RuleError {}

impl Rules {
    /// Refuses a recipient for good: `ADDRESS`, `ADDRESS=CODE` or `ADDRESS=CODE TEXT`. Otherwise it is
    /// `550 No such user here`. A later rule for the same recipient takes the place of an earlier one.
    ///
    /// # Errors
    /// [`RuleError`]: the address, the code (5yz) or the text is none.
    pub fn reject(&mut self, rule: &str) -> Result<(), RuleError> {
        self.add(rule, Reply::new(550, "No such user here"))
    }

    /// Puts a recipient off, as [`Rules::reject`] refuses one: `450 Mailbox unavailable, try again later`, or
    /// another 4yz. With 421 the session ends there.
    ///
    /// # Errors
    /// [`RuleError`]: the address, the code or the text is none.
    pub fn defer(&mut self, rule: &str) -> Result<(), RuleError> {
        self.add(rule, Reply::new(450, "Mailbox unavailable, try again later"))
    }

    fn add(&mut self, rule: &str, default: Reply) -> Result<(), RuleError> {
        // An address may hold a '=': the first one that leaves an address in front of it counts.
        let ends = rule.match_indices('=').map(|(at, _)| at);
        let split = ends.filter_map(|at| rule.split_at_checked(at));
        let (path, answer) = split
            .filter_map(|(address, rest)| Some((forward_path(address).ok()?, rest.strip_prefix('='))))
            .next()
            .map_or_else(|| forward_path(rule).map(|path| (path, None)).map_err(RuleError::Address), Ok)?;
        let reply = match answer {
            None => default,
            Some(answer) => read(answer, &default)?,
        };
        self.replies.insert(key(&path), reply);
        Ok(())
    }

    /// What RCPT is answered, if the recipient is not to be accepted.
    #[must_use]
    pub fn reply_to(&self, path: &ForwardPath) -> Option<&Reply> {
        if self.replies.is_empty() { None } else { self.replies.get(&key(path)) }
    }
}

/// `CODE` or `CODE TEXT`, of the default's class.
fn read(answer: &str, default: &Reply) -> Result<Reply, RuleError> {
    let class = default.code() / 100;
    let (code, text) = answer.split_once(' ').unwrap_or((answer, ""));
    let code = Some(code).filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit()));
    let code = code.and_then(|code| code.parse().ok()).filter(|code: &u16| code / 100 == class);
    let code = code.ok_or(RuleError::Code { class })?;
    if text.chars().any(char::is_control) {
        return Err(RuleError::Text);
    }
    let usual = default.text().next().unwrap_or_default();
    Ok(Reply::new(code, if text.is_empty() { &usual } else { text }))
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
    fn a_rule_names_an_address_a_code_and_a_text() {
        let mut rules = Rules::default();
        rules.reject("Green@Beta.ARPA").unwrap();
        rules.reject("Postmaster=554").unwrap();
        rules.reject("a=b@x.example=551 Try a=c@y.example").unwrap();
        rules.defer("Brown@Beta.ARPA").unwrap();
        rules.defer("slow@beta.arpa=452 Too many").unwrap();
        for (address, wanted) in [
            ("green@BETA.arpa", Some((550, "No such user here"))),
            ("postmaster", Some((554, "No such user here"))),
            ("A=b@X.example", Some((551, "Try a=c@y.example"))),
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
        rules.reject("Green@Beta.ARPA=553 Not that name").unwrap();
        assert_eq!(answer(&rules, "Green@Beta.ARPA"), Some((553, "Not that name".to_owned())));
    }

    #[test]
    fn what_is_no_rule_is_told_why() {
        let mut rules = Rules::default();
        assert!(matches!(rules.reject("Green"), Err(RuleError::Address(_))));
        assert!(matches!(rules.reject(""), Err(RuleError::Address(_))));
        for bad in
            ["g@b.example=", "g@b.example=450", "g@b.example=55", "g@b.example=5555", "g@b.example=+55"]
        {
            assert_eq!(rules.reject(bad), Err(RuleError::Code { class: 5 }), "{bad}");
        }
        assert_eq!(rules.defer("g@b.example=550"), Err(RuleError::Code { class: 4 }));
        assert_eq!(rules.reject("g@b.example=550 a\r\n250 b"), Err(RuleError::Text));
    }
}
