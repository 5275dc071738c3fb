//! An account that cannot be used at present: it waits, and its messages with it, untouched.

use super::moment::Moment;

/// Why an account is not used, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Since when it cannot be used.
    pub since: Moment,
    /// When it is tried again.
    pub until: Moment,
    /// What is wrong, in one line.
    pub why: String,
    /// How often it was tried in vain.
    pub failures: u32,
    /// The configuration, or the log-in, has to change first: to try again before would only annoy the server.
    pub is_refused: bool,
    /// What the configuration was like then: with another one, it is tried at once.
    pub configuration: u64,
}
