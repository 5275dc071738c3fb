//! How long each thing may take (RFC 5321, section 4.5.3.2).

use crate::net::Deadline;
use crate::net::connect::PATIENCE;
use ehlo_smtp::expect::{Expect, Stage};
use std::time::Duration;

/// The user's limits, and the RFC's where there are none.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For each address to answer.
    pub connect: Duration,
    /// For each wait but the last; the RFC's minimum for each kind if it is not given.
    pub each: Option<Duration>,
    /// For the reply to the end of the message. Cutting it short makes duplicates.
    pub message: Duration,
    /// For the whole run.
    pub whole: Deadline,
}

/// One block of data (RFC 5321, section 4.5.3.2.5).
const BLOCK: Duration = Duration::from_secs(180);

impl Default for Patience {
    /// What the flags' defaults say: 10 minutes for the end of the message (RFC 5321, section 4.5.3.2.6), no
    /// end of the whole.
    fn default() -> Patience {
        let message = Expect::Message.patience();
        Patience { connect: PATIENCE, each: None, message, whole: Deadline::never() }
    }
}

impl Patience {
    /// Until when this reply must be there.
    #[must_use]
    pub fn for_reply(&self, expect: Option<Expect>) -> Deadline {
        let wait = match expect.map(|expect| (expect, expect.stage())) {
            Some((_, Stage::Message)) => self.message,
            // QUIT decides nothing: a short wait, whatever the user allows the others.
            Some((expect, Stage::Quit)) => self.each.unwrap_or(Duration::MAX).min(expect.patience()),
            Some((expect, _)) => self.each.unwrap_or_else(|| expect.patience()),
            None => self.each.unwrap_or(BLOCK),
        };
        self.bounded(wait)
    }

    /// Until when a block must be written.
    #[must_use]
    pub fn for_block(&self) -> Deadline {
        self.bounded(self.each.unwrap_or(BLOCK))
    }

    /// Until when the handshake must be over.
    #[must_use]
    pub fn for_handshake(&self) -> Deadline {
        self.bounded(self.each.unwrap_or_else(|| Expect::StartTls.patience()))
    }

    fn bounded(&self, wait: Duration) -> Deadline {
        Deadline::after(wait).min(self.whole)
    }
}
