//! The commands that wait to be sent.

use std::fmt;
use std::ops::Deref;
use zeroize::Zeroizing;

/// What is queued to be sent.
#[derive(Debug)]
pub(super) enum Next {
    Ehlo,
    Helo,
    StartTls,
    Xclient,
    Auth(Option<Hidden>),
    Response(Hidden),
    CancelAuth,
    Mail,
    Rcpt(usize),
    Ask(usize),
    Data,
    Bdat,
    Content,
    LoneDot,
    /// The end of a transaction that goes no further.
    Stop,
    Rset,
    Quit,
    /// A line that a person typed: it may answer a challenge.
    Say(Hidden),
    SaidContent,
}

/// A text that may be a secret.
pub(super) struct Hidden(pub(super) Zeroizing<String>);

impl Deref for Hidden {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
