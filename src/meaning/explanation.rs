//! An explanation, and what it is about. combine.rs makes those of replies, terms.rs those of terms, report
//! those of exit statuses.

use super::again::Again;
use super::table::Meaning;
use ehlo_smtp::status::EnhancedStatus;
use std::borrow::Cow;
use std::fmt;

/// What an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A reply: its code, its enhanced code, or both.
    Reply {
        /// The three digits, 100 to 599.
        code: Option<u16>,
        /// The enhanced code behind them.
        enhanced: Option<EnhancedStatus>,
    },
    /// A TLS alert, by number.
    Alert(u8),
    /// A SASL mechanism.
    Mechanism,
    /// An error within the exchange of a SASL mechanism.
    LoginError,
    /// An exit status of this program.
    ExitStatus(u8),
}

impl Subject {
    /// As JSON names it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Subject::Reply { code: Some(_), .. } => "reply",
            Subject::Reply { code: None, .. } => "enhanced status",
            Subject::Alert(_) => "tls alert",
            Subject::Mechanism => "sasl mechanism",
            Subject::LoginError => "sasl error",
            Subject::ExitStatus(_) => "exit status",
        }
    }
}

/// `550 5.1.1`, `TLS alert 40`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Reply { code: Some(code), enhanced: Some(enhanced) } => write!(f, "{code} {enhanced}"),
            Subject::Reply { code: Some(code), enhanced: None } => code.fmt(f),
            Subject::Reply { code: None, enhanced: Some(enhanced) } => enhanced.fmt(f),
            Subject::Reply { code: None, enhanced: None } => Ok(()),
            Subject::Alert(number) => write!(f, "TLS alert {number}"),
            Subject::Mechanism => f.write_str("SASL mechanism"),
            Subject::LoginError => f.write_str("SASL error"),
            Subject::ExitStatus(number) => write!(f, "exit status {number}"),
        }
    }
}

/// What a code means, who says so, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained.
    pub subject: Subject,
    /// Its name, in a few words.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub means: Cow<'static, str>,
    /// Who usually says so, and why.
    pub who: &'static str,
    /// What a sender can do.
    pub advice: Cow<'static, str>,
    /// Whether trying again helps.
    pub again: Again,
    /// The advice says that itself.
    pub says_again: bool,
    /// The reply code's own name, where it is the enhanced code that is explained.
    pub general: Option<&'static str>,
    /// Words of a provider or a program were recognized: name, who, advice and again are about those.
    pub known: bool,
    /// They are words of servers of all kinds.
    pub common: bool,
    /// Every code in it is registered.
    pub registered: bool,
    /// What is odd about it.
    pub note: Option<&'static str>,
}

impl Explanation {
    /// Explains something registered, with a row of a table.
    pub(super) fn new(subject: Subject, meaning: Meaning) -> Explanation {
        Explanation {
            subject,
            name: meaning.name,
            means: meaning.means,
            who: meaning.who,
            advice: Cow::Borrowed(meaning.advice),
            again: meaning.again,
            says_again: meaning.says_again,
            general: None,
            known: false,
            common: false,
            registered: true,
            note: None,
        }
    }

    /// All in one line, for a report: `550 5.1.1: no such mailbox there: check the address; do not try
    /// again`.
    #[must_use]
    pub fn line(&self) -> String {
        let order = self.again.order().filter(|_| !self.says_again);
        let order = order.map_or(String::new(), |order| format!("; {order}"));
        format!("{}: {}: {}{order}", self.subject, self.name, self.advice)
    }
}
