//! What all threads of the daemon share.

use super::people::People;
use crate::net::bell::Bell;
use std::path::PathBuf;

/// What all threads share.
#[derive(Debug)]
pub struct Shared {
    /// Where the queue is.
    pub folder: PathBuf,
    /// Who is connected, and how much of the queue is whose.
    pub people: People,
    /// Wakes the runner.
    pub bell: Bell,
}
