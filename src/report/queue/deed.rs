//! What was done to a message, or why it was not.

use crate::report::text::printable;
use crate::report::written::written;
use crate::spool::Id;
use serde::Serialize;

/// What came of it for one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Done {
    version: u8,
    kind: &'static str,
    id: String,
    /// What was to be done.
    action: &'static str,
    /// It is so now.
    done: bool,
    text: String,
}

impl Done {
    /// It is so now, as the text says.
    #[must_use]
    pub fn so(id: &Id, action: &'static str, text: impl Into<String>) -> Done {
        Done { version: 1, kind: "done", id: id.to_string(), action, done: true, text: text.into() }
    }

    /// It is not, as the text says. The message is named as it was typed, or by its identifier.
    #[must_use]
    pub fn not(id: impl Into<String>, action: &'static str, text: impl Into<String>) -> Done {
        Done { version: 1, kind: "done", id: id.into(), action, done: false, text: text.into() }
    }

    /// Whether it is so now.
    #[must_use]
    pub fn is_so(&self) -> bool {
        self.done
    }

    /// A line: the identifier, a TAB or a gap, what was done.
    #[must_use]
    pub fn line(&self, columns: bool) -> String {
        let gap = if columns { "  " } else { "\t" };
        format!("{}{gap}{}\n", printable(&self.id), printable(&self.text))
    }

    /// Why it was not done, for people.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.text
    }

    /// As JSON, on one line.
    #[must_use]
    pub fn json(&self) -> String {
        written(self) + "\n"
    }
}
